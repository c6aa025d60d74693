from __future__ import annotations

from datetime import date

import pandas as pd
from campaign_briefs import brief

from fanops_utils.models import event_covariates

MOTHERS_DAY = {"date": "2026-05-10", "market": "BR", "note": "Mother's Day"}


def test_the_same_note_in_two_registers_is_one_column() -> None:
    last_year = brief(id="old", events=[{"date": "2025-05-11", "market": "BR", "note": "Mother's Day"}])
    own = brief(events=[MOTHERS_DAY, {"date": "2026-04-21", "note": "Outage"}])
    found = event_covariates(own, [last_year, own], since=date(2025, 1, 1))
    assert found is not None
    assert sorted(found) == ["Mother's Day", "Outage"]
    assert found.index[[0, -1]].tolist() == [pd.Timestamp("2025-01-01"), pd.Timestamp("2026-05-10")]
    marked = found.index[found["Mother's Day"] == 1].strftime("%Y-%m-%d").tolist()
    assert marked == ["2025-05-11", "2026-05-10"]
    assert found.to_numpy().sum() == 3


def test_events_of_other_markets_and_of_days_outside_are_left_out() -> None:
    events = [{"date": "2026-04-20", "market": "US", "note": "Patriots' Day"}, {"date": "2026-06-12", "note": "Later"}]
    assert event_covariates(brief(events=events), [], since=date(2025, 1, 1)) is None
    assert event_covariates(brief(events=[MOTHERS_DAY]), [], since=None) is None
    assert event_covariates(brief(events=[MOTHERS_DAY]), [], since=date(2026, 6, 1)) is None
    assert event_covariates(brief(), [], since=date(2025, 1, 1)) is None


def test_series_of_one_s_own_stand_beside_the_events() -> None:
    heat = pd.DataFrame({"heat": [1.0, 2.0]}, index=pd.to_datetime(["2026-05-09", "2026-05-10"]))
    found = event_covariates(brief(events=[MOTHERS_DAY]), [], since=date(2026, 5, 9), own=heat)
    assert found is not None and sorted(found) == ["Mother's Day", "heat"]
    alone = event_covariates(brief(), [], since=date(2026, 5, 8), own=heat)
    assert alone is not None and alone["heat"].isna().tolist() == [True, False, False]
