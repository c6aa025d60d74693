from __future__ import annotations

from datetime import date

import numpy as np
import pandas as pd
import pytest

from fanops_utils.errors import DataError
from fanops_utils.metrics import Interval, claim_band, code_orders, link_visits, side_by_side, survey_share, wilson
from fanops_utils.workspace.register import Period

MAY = Period(start=date(2026, 5, 1), end=date(2026, 5, 31))


def orders(**columns: list) -> pd.DataFrame:
    facts = {
        "created_timestamp": pd.to_datetime(["2026-04-30", "2026-05-01", "2026-05-10", "2026-05-31", "2026-05-31"], utc=True),
        "discount_code": ["SPRING", "spring", None, "ONE10", "SPRING"],
        "currency": ["BRL"] * 5, "subtotal": [10.0, 20.0, 30.0, 40.0, 50.0], "country": ["BR", "BR", "US", "BR", "BR"],
        "cancelled_at": pd.to_datetime([None, None, None, None, "2026-06-01"], utc=True),
    }  # fmt: skip
    return pd.DataFrame(facts | columns)


def test_orders_under_a_code_by_hand() -> None:
    row = code_orders(orders(), ["Spring", "ONE10"], period=MAY).iloc[0]
    assert (row["orders"], row["under_code"], row["revenue"], row["currency"]) == (3, 2, 60.0, "BRL")
    assert (row["share"], row["ci_lower"]) == (pytest.approx(2 / 3), pytest.approx(wilson(2, 3).ci_lower))
    per = code_orders(orders(), ["SPRING"], period=MAY, per="country").set_index("country")
    assert per["under_code"].to_dict() == {"BR": 1, "US": 0}
    with pytest.raises(DataError, match="BRL, USD cannot be added up"):
        code_orders(orders(currency=["BRL", "BRL", "USD", "BRL", "BRL"]), ["SPRING"], period=MAY)


def test_visits_through_links_leave_unknown_columns_unknown() -> None:
    web = pd.DataFrame({
        "date_day": pd.to_datetime(["2026-05-02", "2026-05-03", "2026-05-03", "2026-06-03"]),
        "campaign": ["Launch", "launch", "other", "launch"], "source": ["ig", "ig", "ig", "ig"],
        "medium": ["bio", "bio", "bio", "bio"], "sessions": [5, 6, 7, 8], "key_events": [1, None, 1, 1],
    })  # fmt: skip
    row = link_visits(web, ["launch"], period=MAY).iloc[0]
    assert (row["sessions"], row["key_events"]) == (11, 1)
    assert np.isnan(row["total_revenue"])


def test_answers_are_weighted_and_weights_widen() -> None:
    answers = pd.DataFrame(
        {
            "question": ["heard"] * 4,
            "choice": ["instagram", "friend", "instagram", None],
            "weight": [3.0, 1.0, 1.0, 9.0],
        }
    )
    found = survey_share(answers, ["instagram"], question="heard")
    assert (found.estimate, found.n) == (pytest.approx(0.8), 3)
    plain = survey_share(answers.drop(columns="weight"), ["instagram"], question="heard")
    assert plain.estimate == pytest.approx(2 / 3)
    many = pd.concat([answers] * 50)
    weighted = survey_share(many, ["instagram"], question="heard")
    even = survey_share(many.assign(weight=1.0), ["instagram"], question="heard")
    assert weighted.ci_upper - weighted.ci_lower > 0.9 * (even.ci_upper - even.ci_lower)
    assert survey_share(answers, ["instagram"], question="why").n == 0


def test_claims_stand_side_by_side_and_are_never_added() -> None:
    table = side_by_side(200, code=90, link=120, survey=Interval(0.5, 0.4, 0.6, 80),
                         counterfactual=Interval(10.0, -20.0, 40.0, 13)).set_index("rule")  # fmt: skip
    assert table["share"].to_dict() == {"code": 0.45, "link": 0.6, "survey": 0.5, "counterfactual": 0.05}
    assert table.loc["counterfactual", "ci_lower"] == pytest.approx(-0.1)
    assert (table["share"] <= 1).all()
    assert table["share"].sum() > 1, "the rules see the same sales"
    assert not any(name in table.index for name in ("total", "sum", "all"))
    assert claim_band(table.reset_index()) == (0.45, 0.6)
    with pytest.raises(DataError, match="more than there is"):
        side_by_side(100, code=101)
    with pytest.raises(DataError, match="total above zero"):
        side_by_side(0, code=0)
    assert claim_band(side_by_side(10)) == pytest.approx((np.nan, np.nan), nan_ok=True)
