"""Invitations: who asked whom through which channel, who came, and chains of them. The truths are those of the people."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from fanops_utils.data.sample.draws import iso
from fanops_utils.data.sample.formats.files import RawFile, plain_csv, raw_file
from fanops_utils.data.sample.worlds.members.club import member_ids

if TYPE_CHECKING:
    from fanops_utils.data.sample.setting import Setting

WRITES = ("community/invitations.csv",)
REWARD = 200  # points to who invited


def referral_files(setting: Setting) -> list[RawFile]:
    """Return the list of invitations, by time."""
    sent = setting.people.invitations.sort_values(["sent", "inviter"], kind="stable", ignore_index=True)
    orders = setting.sales.orders
    first = orders[orders["person"] >= 0].groupby("person")["created"].min()
    came, ordered = sent["accepted"].notna(), sent["invited"].map(first)
    table = pd.DataFrame({
        "Invitation ID": [f"I{number:06d}" for number in range(1, len(sent) + 1)],
        "Inviter": member_ids(sent["inviter"]), "Invited": member_ids(sent["invited"]), "Country": sent["market"],
        "Channel": sent["channel"], "Invited at": iso(sent["sent"]), "Joined at": cells(sent["accepted"]),
        "First order at": cells(ordered), "Reward": np.where(came, str(REWARD), ""),
    })  # fmt: skip
    return [raw_file("community/invitations.csv", "invitations", table, plain_csv)]


def cells(times: pd.Series) -> np.ndarray:
    """Return UTC *times* as text, unknown ones empty."""
    found, known = np.full(len(times), "", dtype=object), times.notna().to_numpy()
    found[known] = iso(pd.DatetimeIndex(times[known]))
    return found
