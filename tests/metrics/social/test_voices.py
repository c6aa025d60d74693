from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from fanops_utils.metrics import Voices, voices, wilson

COLUMNS = ["platform", "kind", "origin", "listed"]


def output(*, users: int, own: int, unknown: int = 0, elsewhere: int = 0) -> pd.DataFrame:
    rows = [("x", "mention", "UGC", True)] * users + [("instagram", "own", "OGC", True)] * own
    rows += [("x", "mention", None, True)] * unknown + [("tiktok", "mention", "UGC", False)] * elsewhere
    return pd.DataFrame(rows, columns=COLUMNS)


def test_shares_are_counted_by_hand() -> None:
    frame = pd.concat([output(users=12, own=18), pd.DataFrame([("x", "mention", "PGC", True)] * 4, columns=COLUMNS),
                       pd.DataFrame([("instagram", "delivery", "KOL", True)] * 6, columns=COLUMNS)])  # fmt: skip
    found = voices(frame)
    table = found.table.set_index("origin")
    assert table["posts"].to_dict() == {"UGC": 12, "OGC": 18, "KOL": 6, "PGC": 4}
    assert table["estimate"].sum() == pytest.approx(1.0)
    same = wilson(12, 40)
    assert (found.users.estimate, found.users.ci_lower, found.users.ci_upper, found.users.n) == (
        0.3, same.ci_lower, same.ci_upper, 40,
    )  # fmt: skip
    assert (found.unknown, found.left_out, found.platforms) == (0, (), ("instagram", "x"))


def test_a_platform_without_own_posts_is_left_out_whole() -> None:
    found = voices(output(users=12, own=18, elsewhere=30))
    assert found.users.estimate == 0.4, "30 posts of users there would have flattered the share"
    assert found.left_out == ("tiktok",)


def test_mentions_by_nobody_known_widen_the_interval_on_both_sides() -> None:
    sure, unsure = voices(output(users=12, own=28)).users, voices(output(users=12, own=28, unknown=20)).users
    assert unsure.estimate == sure.estimate == 0.3
    assert unsure.ci_lower == wilson(12, 60).ci_lower < sure.ci_lower
    assert unsure.ci_upper == wilson(32, 60).ci_upper > sure.ci_upper
    assert np.isnan(voices(output(users=0, own=0, unknown=5)).users.estimate)


@pytest.mark.parametrize("frame", [output(users=0, own=9), output(users=0, own=9, elsewhere=4), output(users=0, own=0)])
def test_where_nobody_listened_nothing_is_measured(frame: pd.DataFrame) -> None:
    found: Voices = voices(frame)
    assert np.isnan(found.users.estimate)
    assert found.table.empty, "no tagged mention: that is not a share of zero"


def test_the_interval_holds_the_planted_share() -> None:
    rng, inside = np.random.default_rng(11), []
    for _ in range(500):
        users = int(rng.binomial(60, 0.35))
        found = voices(output(users=users, own=60 - users)).users
        inside.append(found.ci_lower <= 0.35 <= found.ci_upper)
    assert np.mean(inside) >= 0.93
