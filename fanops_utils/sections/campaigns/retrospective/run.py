"""How was it run? Agreed days of partners, planned days of posts, and sign-offs, as far as the files hold them."""

from __future__ import annotations

from typing import Any

import pandas as pd

from fanops_utils import charts
from fanops_utils.metrics.intervals import wilson_frame
from fanops_utils.playbook import Finding, Section
from fanops_utils.sections.cells import cells
from fanops_utils.text import Listed, Message, Percent, Range, Sentences, Unit, say, say_n, term

HALF = 0.5
KEPT: dict[str, Message] = {
    "deliveries": term("Partners' deliveries by the agreed day, a day's grace", "row of a table"),
    "on_the_day": term("Posts on the day planned", "row of a table"),
    "signed_off": term("Posts signed off before publication", "row of a table"),
}


def run(late: pd.DataFrame, calendar: pd.DataFrame) -> Section:
    """Return what was kept of the days agreed and of the sign-offs.

    *late*: `models.punctuality` of the campaign's deliveries; *calendar*: `metrics.calendar_kept` of its posts.
    """
    table = _kept(late, calendar)
    if table.empty:
        why = say(
            "no delivery names its agreed day, no post its planned one: map due_at of partners and planned_for of content_tags"
        )
        return Section.of(Finding.nothing("run", why))
    rows: dict[str, dict[str, Any]] = {str(row["what"]): row for row in table.to_dict("records")}
    dated = [rows[name] for name in ("deliveries", "on_the_day") if name in rows]
    slipped = [row for row in dated if row["estimate"] < HALF]
    unsigned = _unsigned(rows)
    weakest = min(dated, key=lambda row: row["estimate"])
    finding = Finding(
        id="run",
        code="slipped" if slipped else "unsigned" if unsigned else "kept",
        label=term("Agreed days kept", "label of a finding"),
        title=say("Agreed days: {rows}", rows=Listed.of(_told(row) for row in dated)),
        text=Sentences.of(
            _signed(rows),
            _unknown(rows),
        ),
        severity="watch" if slipped or unsigned else "info",
        weight="row",
        estimate=weakest["estimate"],
        ci_lower=weakest["ci_lower"],
        ci_upper=weakest["ci_upper"],
        unit=Unit("share", term("of agreed days kept", "unit")),
        n=int(weakest["n"]),
        method=say(
            "Deliveries against due_at, posts of the treated markets in the campaign's days against planned_for; Wilson intervals."
        ),
    )
    return Section.of(finding, _listed(table))


def _kept(late: pd.DataFrame, calendar: pd.DataFrame) -> pd.DataFrame:
    """Return what, hits, n with Wilson's interval: of deliveries and posts, those without any left out."""
    due, missed = int(late["n"].sum()), int(late["late"].sum())
    counts = calendar[calendar["what"].isin(list(KEPT))][["what", "hits", "n"]]
    table = pd.concat([pd.DataFrame([("deliveries", due - missed, due)], columns=counts.columns), counts])
    table = table[table["n"] > 0].reset_index(drop=True)
    bounds = wilson_frame(table["hits"], table["n"])
    return table.assign(**{name: bounds[name].to_numpy() for name in ("estimate", "ci_lower", "ci_upper")})


def _told(row: dict[str, Any]) -> Message:
    told = {"hits": int(row["hits"]), "n": int(row["n"])}
    if row["what"] == "deliveries":
        return say("{hits} of {n} deliveries of partners", **told)
    return say("{hits} of {n} posts", **told)


def _unsigned(rows: dict[str, dict[str, Any]]) -> int:
    return int(rows["signed_off"]["n"] - rows["signed_off"]["hits"]) if "signed_off" in rows else 0


def _signed(rows: dict[str, dict[str, Any]]) -> Message | None:
    if "signed_off" not in rows:
        return None
    if unsigned := _unsigned(rows):
        return say_n("{n} post went out without a reviewer's sign-off.", "{n} posts went out without a reviewer's sign-off.",
                     n=unsigned)  # fmt: skip
    return say("Every planned post was signed off before it went out.")


def _unknown(rows: dict[str, dict[str, Any]]) -> Message | None:
    if "deliveries" not in rows:
        return say("No delivery of a partner names the day agreed.")
    return None if "on_the_day" in rows else say("No post names the day it was planned for.")


def _listed(table: pd.DataFrame) -> charts.Table:
    shown = table.assign(
        label=cells(KEPT[str(what)] for what in table["what"]),
        range=cells(Range.of(low, high) for low, high in zip(table["ci_lower"], table["ci_upper"], strict=True)),
    )
    columns = {
        "label": term("What was agreed", "column"),
        "hits": term("Kept", "column"),
        "n": term("Of", "column"),
        "estimate": term("Share", "column"),
        "range": term("95% interval", "column"),
    }
    caption = say("How it was run, as far as the files tell")
    return charts.table(shown, columns=columns, formats={"estimate": Percent}, caption=caption)
