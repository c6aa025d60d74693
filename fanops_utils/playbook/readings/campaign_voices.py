"""What a campaign says of its voices: how much of what was published about it came from users, and who the others were."""

from __future__ import annotations

import numpy as np
import pandas as pd

from fanops_utils.metrics import Voices
from fanops_utils.playbook.findings import Finding
from fanops_utils.playbook.wording import PLATFORMS, percent, plural
from fanops_utils.workspace import Campaign

UNHEARD = "no mention of the live days carries the campaign as tag, so what users published is unknown"


def voices(found: Voices, campaign: Campaign) -> Finding:
    """Return the share of users in what was published about *campaign* in its live days, and what was left out."""
    if not np.isfinite(found.users.estimate):
        return Finding.nothing("voices", UNHEARD)
    one, posts = found.users, found.table.set_index("origin")["posts"]
    others = ", ".join(f"{who} {posts[name]}" for name, who in zip(found.table["origin"], found.table["who"], strict=True)
                       if name != "UGC")  # fmt: skip
    said = [f"Of {plural(one.n, 'post', 'posts')} on {_listed(found.platforms)} in the live days users published "
            f"{posts['UGC']} ({percent(one.ci_lower)} to {percent(one.ci_upper)}); {others}."]  # fmt: skip
    if found.unknown:
        said.append(
            f"{plural(found.unknown, 'mention names', 'mentions name')} no kind of author; the interval allows for either."
        )
    if found.left_out:
        said.append(
            f"{_listed(found.left_out)}: left out with all posts, for the brand's own of those days are in no file."
        )
    said.append(
        "The brand's posts on other subjects are counted too, so the users' share is, if anything, understated."
    )
    return Finding(
        "voices", f"Users made {percent(one.estimate)} of what was published about it", " ".join(said), "info", one.estimate,
        one.ci_lower, one.ci_upper, "share of posts", one.n,
        f"Own posts of {', '.join(campaign.treated)}, deliveries of partners, mentions of others tagged with the campaign; "
        "95%, Wilson.",
    )  # fmt: skip


def voice_rows(found: Voices) -> pd.DataFrame:
    """Return who made how many posts as rows to be drawn: label, estimate, ci_lower, ci_upper; may be empty."""
    labels = [
        f"{who}: {plural(posts, 'post', 'posts')}"
        for who, posts in zip(found.table["who"], found.table["posts"], strict=True)
    ]
    return found.table.assign(label=labels)[["label", "estimate", "ci_lower", "ci_upper"]]


def _listed(platforms: tuple[str, ...]) -> str:
    names = [PLATFORMS.get(one, one.capitalize()) for one in platforms]
    return " and ".join([", ".join(names[:-1]), names[-1]] if len(names) > 1 else names)
