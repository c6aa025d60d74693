"""Who published about a campaign: the users' share, with what was left out, or that nobody listened."""

from __future__ import annotations

import pandas as pd
from campaign_briefs import brief
from saying import sane, values

from fanops_utils import metrics
from fanops_utils.sections.campaigns import voices
from fanops_utils.text import Count, Percent, speak


def output(*, users: int, unknown: int = 0, elsewhere: int = 0) -> pd.DataFrame:
    rows = [("x", "mention", "UGC", True)] * users + [("instagram", "own", "OGC", True)] * 18
    rows += [("x", "mention", None, True)] * unknown + [("tiktok", "own", "OGC", False)] * elsewhere
    return pd.DataFrame(rows, columns=["platform", "kind", "origin", "listed"])


def test_the_users_share_is_told_with_what_was_left_out() -> None:
    heard = metrics.voices(output(users=42, unknown=1, elsewhere=3))
    finding = sane(voices.spoke(heard, brief()))
    assert (finding.code, finding.n, values(finding.title)["share"]) == ("known", 61, Percent(0.7))
    assert values(finding.text)["users"] == Count(42)
    whole = sane(voices.spoke(metrics.voices(output(users=42)), brief()))
    assert len(finding.text.parts) == len(whole.text.parts) + 2, "the unknown, and the platform left out"  # type: ignore[attr-defined]
    assert [speak(name) for name in voices.rows(heard)["label"].iloc[:2]] == ["Users: 42 posts", "The brand: 18 posts"]


def test_where_nobody_listened_nothing_is_said() -> None:
    section = voices.spoke(metrics.voices(output(users=0)), brief())
    assert sane(section).status == "no_data"
    assert len(section.parts) == 1, "no chart without data"
