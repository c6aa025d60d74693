"""What is a customer worth in the year to come, and how far did such a forecast miss before?"""

from __future__ import annotations

from datetime import date

from fanops_utils import charts
from fanops_utils.charts.words import Words
from fanops_utils.models import LifetimeValue, NoStableFit, TooFewBuyers
from fanops_utils.playbook import Finding, Section
from fanops_utils.text import Count, Money, Number, People, Percent, Sayable, Sentences, Signed, Span, Unit, say, term

FAR = 0.2  # a miss of the holdout that asks for caution


def value(
    found: LifetimeValue | TooFewBuyers | NoStableFit, *, currency: str, as_of: date | None, margin: float | None = None
) -> Section:
    """Return what customers are expected to buy in the year to come (*found*: `models.lifetime_value`).

    *margin*: what is left of a sale after goods and delivery; None: not given. The value stays revenue, as it is told.
    """
    if not isinstance(found, LifetimeValue) or as_of is None:
        return Section.of(Finding.nothing("value", _why_not(found)))
    each = Money(found.value, currency)
    interval = Span.of(*found.value_range, form=lambda amount: Money(amount, currency))
    close = found.missed is not None and abs(found.missed) <= FAR
    finding = Finding(
        id="value",
        weight="chapter",
        label=term("Expected revenue of a customer in the next year", "label of a finding"),
        code="forecast" if found.missed is None or abs(found.missed) <= FAR else "misses",
        title=say("Today's customers are expected to bring {value} of revenue each in the next year", value=each) if close
        else say("Today's customers are expected to bring {value} of revenue each in the next year, a rough size only", value=each),
        verdict=say("Today's customers are expected to bring {value} of revenue each in the next year ({interval}).", value=each,
                    interval=interval)
        if close
        else say("Today's customers are expected to bring {value} of revenue each in the next year ({interval}): a rough size "
                 "only.",
                 value=each, interval=interval),
        text=Sentences.of(
            say("The {n} customers who ever ordered, those who are gone among them, are expected to order {orders} times each in "
                "the next 52 weeks and to bring {value} ({interval}); a new customer is another matter.",
                n=People(found.buying.customers), orders=Number(found.orders), value=each, interval=interval),
            say("The most valuable tenth holds {share} of that.", share=Percent(found.top_share)),
            _left(found, currency, margin),
            _missed(found),
        ),
        severity="info" if close else "watch",
        estimate=found.value, ci_lower=found.value_range[0], ci_upper=found.value_range[1],
        unit=Unit("money", term("per customer", "unit"), currency), n=People(found.buying.customers),
        method=say(
            "BG/NBD for orders, gamma-gamma for their value, by maximum likelihood on orders to {day}; interval of the fit alone. "
            "Refunds are taken off; costs are not. The models know no season and no growth. Orders: r {r}, alpha {alpha}, a {a}, "
            "b {b}; value: p {p}, q {q}, gamma {gamma}.", day=as_of, **_fitted(found)),
    )  # fmt: skip
    return Section.of(finding, _chart(found, finding), _concentrated(found, currency))


def _fitted(found: LifetimeValue) -> dict[str, Sayable]:
    """Return the parameters of both models, named as in their sources."""
    r, alpha, a, b = found.buying.parameters
    p, q, gamma = found.spending.p, found.spending.q, found.spending.gamma
    each = {"r": r, "alpha": alpha, "a": a, "b": b, "p": p, "q": q, "gamma": gamma}
    return {name: Number(float(value), 4 if name in "rab" else 3) for name, value in each.items()}


def _left(found: LifetimeValue, currency: str, margin: float | None) -> Sayable:
    if margin is None:
        return say("That is revenue, not profit: goods and delivery are not taken off (parameter margin).")
    return say("That is revenue; after goods and delivery {left} of it is left, at {margin} of a sale as the margin was given.",
               left=Money(margin * found.value, currency), margin=Percent(margin, 0))  # fmt: skip


def _missed(found: LifetimeValue) -> Sayable:
    if found.missed is None:
        return say("There is not enough history to check such a forecast: read it as a rough size.")
    if abs(found.missed) > FAR:
        return say("Made half a year ago, the forecast would have missed: the orders that came were {missed} against it. Read it "
                   "as a rough size.", missed=Signed(found.missed))  # fmt: skip
    return say("Made half a year ago, the forecast would have come close: the orders that came were {missed} against it.",
               missed=Signed(found.missed))  # fmt: skip


def _chart(found: LifetimeValue, finding: Finding) -> charts.Chart:
    kinds = [term("forecast", "line in a chart"), term("ordered", "line in a chart")]
    rows = found.deciles.melt(id_vars="decile", value_vars=["expected", "actual"], var_name="kind", value_name="orders")
    rows["kind"] = rows["kind"].map(dict(zip(["expected", "actual"], kinds, strict=True)))
    return charts.lines(
        rows, x="decile", y="orders", series="kind", form=Number, dates=False,
        words=Words(
            title=say("The forecast against what was ordered then"),
            subtitle=say("Orders per customer in the weeks held back, by tenth of the forecast, lowest first"),
            axis=term("orders per customer", "axis"), x_axis=term("tenth of the customers", "axis"), alt=finding.text,
            caption=say("The model was fitted without the weeks held back, at most 26"),
        ),
    )  # fmt: skip


def _concentrated(found: LifetimeValue, currency: str) -> charts.Table:
    ranked = found.customers.sort_values("value", ascending=False, ignore_index=True)
    tenth = ranked.index * 10 // len(ranked)
    rows = (
        ranked.assign(tenth=tenth + 1)
        .groupby("tenth")
        .agg(n=("value", "size"), orders=("orders", "mean"), value=("value", "mean"))
    )
    rows["share"] = rows["value"] * rows["n"] / ranked["value"].sum()
    return charts.table(
        rows.reset_index(),
        columns={
            "tenth": term("Tenth, most valuable first", "column"), "n": term("Customers", "column"),
            "orders": term("Orders in a year", "column"), "value": term("Revenue a year, {currency}", "column", currency=currency),
            "share": term("Share of all revenue", "column"),
        },
        formats={"tenth": Count, "share": Percent}, people="n",
        caption=say("Expected in the next 52 weeks"),
    )  # fmt: skip


def _why_not(found: object) -> Sayable:
    if isinstance(found, TooFewBuyers):
        return say("a forecast needs {least} customers and {again} who bought again; there are {customers} and {repeaters} "
                   "(export: orders)",
                   least=found.least, again=found.least_repeaters, customers=found.customers,
                   repeaters=found.repeaters)  # fmt: skip
    if isinstance(found, NoStableFit):
        return say(
            "the orders do not settle how customers differ (parameter {name}), so no forecast is made", name=found.name
        )
    return say("no orders of this market (export: orders)")
