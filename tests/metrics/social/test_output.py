from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from fanops_utils.metrics import (
    Interval,
    against_stage,
    calendar_kept,
    live_compared,
    live_sessions,
    origins,
    user_share,
    wilson,
)


def _streams(rng: np.random.Generator, *, draws: float = 1.0, buys: float = 1.0) -> pd.DataFrame:
    guest = np.arange(40) % 3 == 0
    viewers = rng.poisson(2_000 * np.where(guest, draws, 1.0) * rng.lognormal(0, 0.2, 40))
    orders = rng.binomial(viewers, 0.012 * np.where(guest, buys, 1.0))
    return pd.DataFrame({"title": np.where(guest, "guest", "usual"), "viewers": viewers, "peak_viewers": viewers // 3,
                         "average_watch_seconds": 400.0, "messages": viewers // 8, "orders": orders})  # fmt: skip


def test_streams_are_compared_with_their_usual_kind_at_the_promised_rate() -> None:
    rng = np.random.default_rng(0)
    null = pd.concat([live_compared(_streams(rng)) for _ in range(150)])
    inside = (null["ci_lower"] <= 0) & (null["ci_upper"] >= 0)
    assert inside.groupby(null["measure"]).mean().between(0.9, 0.99).all()
    planted = pd.concat([live_compared(_streams(rng, draws=1.8)) for _ in range(100)])
    seen = planted[planted["measure"] == "viewers"]
    assert ((seen["ci_lower"] <= 0.8) & (seen["ci_upper"] >= 0.8)).mean() >= 0.9 and (seen["ci_lower"] > 0).all()


def test_sessions_are_summed_up_by_title() -> None:
    table = live_sessions(_streams(np.random.default_rng(1))).set_index("kind")
    assert table.index[0] == "usual" and table["n"].to_dict() == {"usual": 26, "guest": 14}
    assert table.loc["usual", "peak"] == pytest.approx(1 / 3, abs=0.01) and table.loc["usual", "watch_seconds"] == 400
    assert live_sessions(_streams(np.random.default_rng(1)).head(0)).empty
    assert live_compared(_streams(np.random.default_rng(1)).head(0)).empty


def test_a_post_without_a_maker_is_the_brands_own() -> None:
    table = origins(pd.DataFrame({"origin": ["UGC", None, "KOL", None]})).set_index("origin")
    assert table["hits"].to_dict() == {"OGC": 2, "PGC": 0, "UGC": 1, "KOL": 1}
    assert user_share(origins(pd.DataFrame({"origin": ["UGC", None]}))).estimate == 0.5


@pytest.mark.parametrize(
    ("hits", "n", "stage", "told"),
    [(0, 400, "running", "below"), (200, 400, "running", "inside"), (40, 400, "start", "inside"), (200, 400, "start", "above"),
     (3, 10, "running", "unclear")],
)  # fmt: skip
def test_the_band_of_the_stage_is_held_against_the_interval(hits: int, n: int, stage: str, told: str) -> None:
    assert against_stage(wilson(hits, n), stage) == told
    assert against_stage(Interval(np.nan, np.nan, np.nan, 0), stage) == "no_data"


def test_the_calendar_counts_planned_posts_only() -> None:
    day = pd.Timestamp("2026-03-02")
    posts = pd.DataFrame({
        "planned_for": [day, day, day, pd.NaT], "created_local": [day + pd.Timedelta(hours=h) for h in (9, 33, 100, 9)],
        "created_timestamp": pd.to_datetime(["2026-03-02T09Z"] * 4, utc=True),
        "signed_off_at": pd.to_datetime(["2026-03-01T09Z", "2026-03-05T09Z", None, None], utc=True),
    })  # fmt: skip
    kept = calendar_kept(posts).set_index("what")
    assert kept["hits"].to_dict() == {"on_the_day": 1, "within_a_day": 2, "signed_off": 1} and set(kept["n"]) == {3}
