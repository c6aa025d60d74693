"""Is a partner to be booked again? What a fee brought in one campaign, and whether the agreed days were kept."""

from __future__ import annotations

import pandas as pd

from fanops_utils.metrics.columns import need
from fanops_utils.models.partners.scorecard import punctuality
from fanops_utils.models.partners.value import paid_deliveries, partner_value

FEWEST_DUE, OFTEN_LATE = 2, 0.5
COLUMNS = ["partner", "deliveries", "due", "late", "rating", "estimate", "ci_lower", "ci_upper", "rebook", "why"]


def rebooking(deliveries: pd.DataFrame) -> pd.DataFrame:
    """Return for each partner of a campaign whether to book again (yes, no, open), and why; best first.

    Columns of *deliveries*: partner, campaign, fee, currency, engagements, due_at, published_at, rating. Returned:
    partner, deliveries, due (with an agreed day), late (of these), rating (mean, 1-5), estimate, ci_lower, ci_upper (per
    fee against the average partner, `partner_value`), rebook, why: more or less per fee, alike, few (paid deliveries),
    no_fee, late (more per fee, but half of the agreed days missed).
    """
    need(deliveries, "partner", "campaign", "fee", "currency", "engagements", "due_at", "published_at", "rating")
    if deliveries.empty:
        return pd.DataFrame(columns=COLUMNS)
    rating = deliveries.assign(rating=deliveries["rating"].astype("Float64").astype(float))
    each = rating.groupby("partner", observed=True).agg(deliveries=("fee", "size"), rating=("rating", "mean"))
    kept = punctuality(deliveries).set_index("partner").rename(columns={"n": "due"})
    paid, _ = paid_deliveries(deliveries)
    value = partner_value(paid).set_index("partner")[["estimate", "ci_lower", "ci_upper", "mark"]]
    table = each.join(kept).join(value).reset_index().astype({"partner": str})
    table[["due", "late"]] = table[["due", "late"]].fillna(0).astype("int64")
    answers = [_answer(row, paid=row["partner"] in set(paid["partner"])) for row in table.to_dict("records")]
    told = table.assign(rebook=[one for one, _ in answers], why=[why for _, why in answers])
    return told.sort_values("estimate", ascending=False, ignore_index=True)[COLUMNS]


def _answer(row: dict[str, object], *, paid: bool) -> tuple[str, str]:
    if not paid:
        return "open", "no_fee"
    mark, due, late = row["mark"], int(str(row["due"])), int(str(row["late"]))
    if mark == "below":
        return "no", "less"
    if mark == "above":
        often = due >= FEWEST_DUE and late > OFTEN_LATE * due
        return ("open", "late") if often else ("yes", "more")
    return "open", "few" if mark == "few" or not isinstance(mark, str) else "alike"
