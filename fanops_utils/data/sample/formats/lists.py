"""Plain lists whose columns a mapping names: members and their events, mentions, units of experiments."""

from __future__ import annotations

import numpy as np
import pandas as pd

from fanops_utils.data.sample.community import community
from fanops_utils.data.sample.draws import iso
from fanops_utils.data.sample.formats.files import RawFile, plain_csv, raw_file
from fanops_utils.data.sample.listening import mentions
from fanops_utils.data.sample.trials.units import trial_units
from fanops_utils.data.sample.truth import TRIALS
from fanops_utils.data.sample.voices import voices
from fanops_utils.workspace import Workspace


def community_files(workspace: Workspace, *, seed: int, scale: float) -> list[RawFile]:
    """Return the member list and the activity log of the community."""
    members, events = community(workspace, seed=seed, scale=scale)
    value = events["value"].map("{:.2f}".format).where(events["value"].notna(), "")
    listed = pd.DataFrame(
        {
            "Member ID": members["member"],
            "Joined": iso(members["joined"]),
            "Country": members["market"],
            "Came through": members["came"],
        }
    )
    log = pd.DataFrame(
        {
            "Member ID": events["member"],
            "Time": iso(events["time"]),
            "Event": events["event"],
            "Country": events["market"],
            "Value": value,
        }
    )
    return [
        raw_file("community/members.csv", "community_members", listed, plain_csv),
        raw_file("community/events.csv", "community_events", log, plain_csv),
    ]


def listening_files(workspace: Workspace, *, seed: int, scale: float) -> list[RawFile]:
    """Return the listening tool's list of mentions."""
    found = voices(workspace, mentions(workspace, seed=seed, scale=scale), seed=seed, scale=scale)
    table = pd.DataFrame(
        {
            "Mention ID": [f"m{number:07d}" for number in np.arange(1, len(found) + 1)],
            "Time": iso(found["time"]),
            "Network": found["network"],
            "Country": found["market"],
            "Brand": found["brand"],
            "Sentiment": found["sentiment"],
            "Topic": found["topic"],
            "Tag": found["tag"],
            "Author type": found["author"],
        }
    )
    return [raw_file("listening/mentions.csv", "mentions", table, plain_csv)]


def trial_files(workspace: Workspace, *, seed: int, scale: float) -> list[RawFile]:
    """Return one file per experiment, an outcome per column."""
    files = []
    for name in TRIALS:
        units = trial_units(workspace, name, seed=seed, scale=scale)
        units = units.assign(assigned=iso(units["assigned"]))
        names = {
            "fan": "Fan ID",
            "question": "Question ID",
            "post": "Post ID",
            "group": "Group",
            "assigned": "Assigned",
            "market": "Country",
            "cluster": "group_number",
        }
        files.append(raw_file(f"experiments/{name}.csv", "experiment_units", units.rename(columns=names), plain_csv))
    return files
