"""Who is worth the fee? Interactions per fee, partner by partner, and what a tier costs."""

from __future__ import annotations

from collections.abc import Collection

import pandas as pd

from fanops_utils import charts
from fanops_utils.charts.words import Words
from fanops_utils.metrics.multiple import side_of_all
from fanops_utils.playbook import Finding, Section
from fanops_utils.sections.cells import cells
from fanops_utils.sections.partners.rebooked import held_back, rebooked
from fanops_utils.sections.partners.words import named, size
from fanops_utils.text import Listed, Message, Money, People, Sentences, Signed, Span, Unit, is_few, say, say_n, term
from fanops_utils.workspace.operations.partners import Partner

LEVEL = 0.9  # of `models.partner_value`
FEWEST_DRAWN = 10  # paid deliveries, as in the chart
FEWEST_NAMED, MOST_NAMED = 5, 3  # deliveries of whom a title names; partners in it


def value(
    table: pd.DataFrame,
    *,
    left_out: int,
    questioned: Collection[str] = (),
    again: pd.DataFrame | None = None,
    known: Collection[Partner] | None = None,
) -> Section:
    """Return who brings more and who less than the average partner per fee (*table*: `models.partner_value`).

    *questioned*: partners whose numbers show a sign of having been bought; they are never called good. *again*: whom to
    book again (`models.rebooking`). *known*: partners.yml, which holds back who failed a gate or was not looked at; None: not
    asked.
    """
    finding = _finding(table, left_out, set(questioned))
    shown = table.assign(label=cells(named(one) for one in table["partner"]))
    chart = charts.intervals(
        shown[["label", "estimate", "ci_lower", "ci_upper", "n"]],
        label="label",
        form=Signed,
        reference=0,
        reference_label=term("average partner", "line in a chart"),
        words=Words(
            title=say("Interactions per fee, partner by partner"),
            subtitle=say("Against the average partner, with luck taken out, 90% intervals"),
            axis=term("against the average partner", "axis"),
            alt=finding.text,
            caption=say("n = paid deliveries; fewer than ten paid deliveries are not drawn"),
        ),
    )
    caption = say("Book again? By what a fee brought in this period, luck taken out; the decision is yours")
    held = held_back(table["partner"], known)
    booked = rebooked(again, caption=caption, questioned=questioned, held=held, least=FEWEST_NAMED)
    return Section.of(finding, chart if len(table) else None, booked if len(table) else None)


def tiers(table: pd.DataFrame, *, currency: str) -> Section:
    """Return what views, interactions and orders cost by tier of creator (*table*: `models.tier_costs`)."""
    if table.empty:
        return Section.of(Finding.nothing("tiers", say("no delivery with a fee")))
    known = table.dropna(subset=["cpe"])
    first = known.iloc[0] if len(known) else table.iloc[0]
    told = {"tier": size(first["tier"]), "cost": Money(first["cpe"], currency)}
    costs = known.rename(columns={"cpe": "estimate", "cpe_lower": "ci_lower", "cpe_upper": "ci_upper"})
    apart = len(known) > 1 and side_of_all(costs.iloc[0].to_dict(), costs.iloc[1:]) < 0
    title = (
        say("An interaction is cheapest with {tier} creators: {cost}", **told)
        if apart
        else say("No tier of creators is clearly cheapest; {tier} ones ask {cost} an interaction", **told)
    )
    finding = Finding(
        id="tiers",
        label=term("Cost of an interaction", "label of a finding"),
        code="apart" if apart else "alike",
        title=title,
        text=say(
            "An order costs all fees of the partners with a code, divided by the shop's orders under it: who bought without "
            "typing one is not in them."
        ),
        estimate=first["cpe"],
        ci_lower=first["cpe_lower"],
        ci_upper=first["cpe_upper"],
        unit=Unit("money", term("per interaction", "unit"), currency=currency),
        n=int(table["n"].sum()),
        method=say(
            "Fees divided by what was counted, each for the deliveries that count it, orders by the shop under the code; "
            "95% bounds of an interaction by the spread between partners (ratio, t on the log), of an order with counts "
            "as Poisson."
        ),
    )
    columns = {
        "name": term("Tier", "column"),
        "partners": term("Partners", "column"),
        "n": term("Deliveries", "column"),
        "cpm": term("A thousand views", "column"),
        "cpe": term("An interaction", "column"),
        "cpe_lower": term("95% from", "column"),
        "cpe_upper": term("to", "column"),
        "cpa": term("An order under the code", "column"),
        "orders": term("Orders", "column"),
    }

    def money(amount: float) -> Money:
        return Money(amount, currency)

    if table["orders"].isna().all():  # no shop, or nobody has a code: no column to read
        del columns["orders"]
    sold = [None if pd.isna(one) else round(one) for one in table["orders"]]
    shown = table.assign(
        name=cells(size(one) for one in table["tier"]),
        cpa=table["cpa"].mask(table["orders"].round().map(is_few).astype(bool)),
        orders=cells(None if one is None else People(one) for one in sold),
    )
    forms = dict.fromkeys(("cpm", "cpe", "cpe_lower", "cpe_upper", "cpa"), money)
    return Section.of(finding, charts.table(shown, columns=columns, formats=forms, caption=say("What a tier costs")))


def _finding(table: pd.DataFrame, left_out: int, questioned: set[str]) -> Finding:
    if table.empty:
        return Finding.nothing("value", say("fewer than two partners with two paid deliveries each"))
    good = [one for one in table.loc[table["mark"] == "above", "partner"] if one not in questioned]
    doubted = [one for one in table.loc[table["mark"] == "above", "partner"] if one in questioned]
    poor = list(table.loc[table["mark"] == "below", "partner"][::-1])
    code = "told_apart" if good or poor else "alike"
    title = _title(table, good, poor)
    best_known, worst_known = _first(table, good), _first(table, poor)
    text = Sentences.of(
        _row(table, best_known) if best_known else None,
        _row(table, worst_known) if worst_known else None,
        _seldom(table, good, poor),
        _doubted(doubted),
        _left(left_out),
    )
    best = table[table["partner"] == (best_known or (good or list(table["partner"]))[0])].iloc[0]
    return Finding(
        id="value",
        weight="chapter",
        label=term("Interactions per fee of the leading partner", "label of a finding"),
        code=code,
        title=title,
        verdict=say("{sentence}.", sentence=title),
        text=text or say("No partner stands out."),
        severity="watch" if poor else "info",
        estimate=best["estimate"],
        ci_lower=best["ci_lower"],
        ci_upper=best["ci_upper"],
        unit=Unit("change", term("against the average partner", "unit")),
        n=int(table["n"].sum()),
        method=say(
            "Log of interactions per fee and delivery, scatter pooled within partners; partners shrunk to their mean, the spread "
            "between them integrated over; 90% intervals. A large account earns more per fee than a small one: see the price "
            "for reach."
        ),
    )


def _title(table: pd.DataFrame, good: list[str], poor: list[str]) -> Message:
    """Return who brings clearly more and who less than the average, by name; who delivered seldom is named in no title."""
    more, less = _who(table, good), _who(table, poor)
    if more.items and less.items:
        return say("More per fee than the average of {partners} partners: {good}; less: {poor}", good=more, poor=less,
                   partners=len(table))  # fmt: skip
    if more.items:
        return say("More per fee than the average of {partners} partners: {good}", good=more, partners=len(table))
    if less.items:
        return say("Less per fee than the average of {partners} partners: {poor}", poor=less, partners=len(table))
    if good or poor:
        return say("Who stands out of {partners} partners delivered too seldom to be named", partners=len(table))
    return say("What partners bring per fee cannot be told apart ({partners} partners)", partners=len(table))


def _who(table: pd.DataFrame, names: list[str]) -> Listed:
    """Return those of *names* with deliveries enough, as many as a title has room for, and how many more there are."""
    enough = set(table.loc[table["n"] >= FEWEST_NAMED, "partner"])
    known = [one for one in names if one in enough]
    rest = len(known) - MOST_NAMED
    more = [say_n("{n} more partner", "{n} more partners", n=rest)] if rest > 0 else []
    return Listed.of([*(named(one) for one in known[:MOST_NAMED]), *more])


def _seldom(table: pd.DataFrame, good: list[str], poor: list[str]) -> Message | None:
    """Return how many stand out on deliveries too few to be named."""
    few = set(table.loc[table["n"] < FEWEST_NAMED, "partner"])
    above, below = (sum(one in few for one in names) for names in (good, poor))
    if not above + below:
        return None
    return say("On fewer than {least} deliveries each, too few to judge by: {above} above the average, {below} below.",
               least=FEWEST_NAMED, above=above, below=below)  # fmt: skip


def _often(table: pd.DataFrame) -> set[str]:
    return set(table.loc[table["n"] >= FEWEST_DRAWN, "partner"])


def _first(table: pd.DataFrame, names: list[str]) -> str | None:
    """Return the first of *names* that the chart draws, too: who delivered less often is told in no sentence."""
    return next((one for one in names if one in _often(table)), None)


def _row(table: pd.DataFrame, name: str) -> Message:
    row = table[table["partner"] == name].iloc[0]
    return say(
        "{partner}: {change} interactions per fee against the average partner ({interval}), over {deliveries}.",
        partner=named(name),
        change=Signed(row["estimate"]),
        interval=Span.of(row["ci_lower"], row["ci_upper"], form=Signed, level=LEVEL),
        deliveries=say_n("{n} delivery", "{n} deliveries", n=int(row["n"])),
    )


def _doubted(names: list[str]) -> Message | None:
    if not names:
        return None
    return say(
        "Not counted as good, because their numbers are in question: {partners}.",
        partners=Listed.of(named(one) for one in names),
    )


def _left(number: int) -> Message | None:
    if not number:
        return None
    return say_n(
        "{n} delivery without a fee in the main currency is left out.",
        "{n} deliveries without a fee in the main currency are left out.",
        n=number,
    )
