"""What is known from outside: duties of the market's law, sizes of the platforms, moments ahead; all sourced and dated."""

from __future__ import annotations

from datetime import date

import pandas as pd

from fanops_utils import charts
from fanops_utils.playbook import Finding, Section
from fanops_utils.sections import words
from fanops_utils.text import Day, Listed, Message, Number, Sentences, Unit, Written, say, say_n, term

REQUIRED: dict[str, tuple[str, ...]] = {
    "advertising": ("advertising and influencers",),
    "age": ("minors",),
    "data": ("data protection", "data transfer", "breach clock"),
}
DUTIES: dict[str, Message] = {
    "advertising": term("labelling of advertising", "duty of a market"),
    "age": term("age limits", "duty of a market"),
    "data": term("personal data", "duty of a market"),
}
STANDINGS: dict[str, Message] = {
    "primary": term("primary", "standing of a source"),
    "second-hand": term("second-hand", "standing of a source"),
}
OLD_DAYS = 182
AHEAD_DAYS = 90


def missing_duties(laws: pd.DataFrame, market: str) -> tuple[str, ...]:
    """Return which of the duties that must be registered for *market* have no row (*laws*: `outside.regulations`)."""
    topics = set(laws.loc[laws["market"] == market, "topic"])
    return tuple(code for code, names in REQUIRED.items() if not topics & set(names))


def law(laws: pd.DataFrame, *, market: str, on: date | None) -> Section:
    """Return whether the duties of *market* are registered: a missing row fails, an old one is to be read again."""
    mine = laws[laws["market"] == market]
    missing = missing_duties(laws, market)
    age = (pd.Timestamp(on) - pd.to_datetime(mine["accessed"]).min()).days if on and len(mine) else 0
    code = "missing" if missing else "old" if age > OLD_DAYS else "registered"
    named = Listed.of(DUTIES[one] for one in missing)
    title = (
        say("Not cleared for new activity: no registered duty on {duties}", duties=named)
        if missing
        else say("The registered duties are more than six months old: read them again")
        if code == "old"
        else say_n("{n} duty of this market is registered", "{n} duties of this market are registered", n=len(mine))
    )
    finding = Finding(
        id="law",
        label=term("Duties registered", "label of a finding"),
        code=code,
        title=title,
        weight="row",
        severity="info" if code == "registered" else "watch",
        verdict=say("{sentence}.", sentence=title),
        text=Sentences.of(
            say("A missing row means that nobody has found the duty, not that there is none.") if missing else None,
            say(
                "From public sources, read on the day in the table; no legal advice. Ask counsel of the market before acting."
            ),
        ),
        estimate=float(len(mine)),
        unit=Unit("count", term("duties", "unit")),
        n=len(mine),
        method=say(
            "Needed of each market: labelling of advertising, age limits, personal data. A row is old after 182 days."
        ),
    )
    columns = {
        "what": term("Law", "column"),
        "says": term("Duty", "column"),
        "since": term("Since", "column"),
        "read": term("Read on", "column"),
        "stands": term("Standing", "column"),
    }
    shown = pd.DataFrame(
        {
            "what": [Written(str(one), "en") for one in mine["law_en"]],
            "says": [Written(str(one), "en") for one in mine["duty"]],
            "since": [Written(str(one)) if pd.notna(one) else None for one in mine["in_force_since"]],
            "read": [Written(str(one)) for one in mine["accessed"]],
            "stands": [STANDINGS[str(one)] for one in mine["standing"]],
        }
    )
    return Section.of(
        finding,
        charts.table(shown, columns=columns, caption=say("Duties of this market, as their sources tell them"))
        if len(mine)
        else None,
    )


def scale(sizes: pd.DataFrame, *, market: str) -> Section:
    """Return how large the platforms are in *market* as sources say (*sizes*: `outside.platform_sizes`)."""
    mine = sizes[sizes["region"] == market].sort_values(["measure", "figure"], ascending=[True, False])
    if mine.empty:
        return Section.of(Finding.nothing("scale", say("no sourced size of a platform in this market")))
    kinds = mine["measure"].nunique()
    finding = Finding(
        id="scale",
        label=term("Sourced sizes of platforms", "label of a finding"),
        code="sourced",
        weight="row",
        title=say_n(
            "{n} sourced size of a platform in this market",
            "{n} sourced sizes of platforms in this market",
            n=len(mine),
        ),
        text=Sentences.of(
            say_n(
                "They count {n} kind of thing.",
                "They count {n} different things: never add or rank them across.",
                n=kinds,
            ),
            say("Growth is shown where its source tells it; none is carried on from here."),
        ),
        estimate=float(len(mine)),
        unit=Unit("count", term("figures", "unit")),
        n=len(mine),
        method=say("Figures as printed by the source; identities and accounts are no persons."),
    )
    columns = {
        "name": term("Platform", "column"),
        "figure": term("Size", "column"),
        "unit": term("Unit", "column"),
        "what": term("What is counted", "column"),
        "as_of": term("As of", "column"),
        "grows": term("Growth", "column"),
        "from": term("Source", "column"),
        "stands": term("Standing", "column"),
    }
    shown = pd.DataFrame(
        {
            "name": [words.platform(str(one)) for one in mine["platform"]],
            "figure": mine["figure"].to_numpy(float),
            "unit": [Written(str(one), "en") for one in mine["unit"]],
            "what": [Written(str(one), "en") for one in mine["measure"]],
            "as_of": [Written(str(one)) for one in mine["as_of"]],
            "grows": [Written(str(one), "en") if pd.notna(one) else None for one in mine["growth"]],
            "from": [Written(str(one), "en") for one in mine["source"]],
            "stands": [STANDINGS[str(one)] for one in mine["standing"]],
        }
    )
    return Section.of(
        finding,
        charts.table(
            shown, columns=columns, formats={"figure": Number}, caption=say("Sizes of platforms, by what is counted")
        ),
    )


def ahead(moments: pd.DataFrame, *, market: str, on: date | None) -> Section:
    """Return the commercial moments of *market* in the next 90 days (*moments*: `outside.commercial_moments`)."""
    day = pd.Timestamp(on) if on else pd.NaT
    mine = moments[
        (moments["market"] == market)
        & (moments["day"] >= day)
        & (moments["day"] <= day + pd.Timedelta(days=AHEAD_DAYS))
    ]
    if mine.empty:
        return Section.of(Finding.nothing("ahead", say("no sourced moment of this market in the next 90 days")))
    first = mine.iloc[0]
    finding = Finding(
        id="ahead",
        label=term("Moments ahead", "label of a finding"),
        code="ahead",
        weight="row",
        title=say(
            "Next moment: {moment} on {day}", moment=words.told_in(first.to_dict(), "moment"), day=Day.of(first["day"])
        ),
        text=say("Only moments with a source are listed: that one is missing says nothing."),
        estimate=float(len(mine)),
        unit=Unit("count", term("moments", "unit")),
        n=len(mine),
        method=say("Dates by rule; begin of planning is our proposal."),
    )
    columns = {
        "what": term("Moment", "column"),
        "when": term("Day", "column"),
        "begin": term("Plan from", "column"),
        "stands": term("Standing", "column"),
    }
    lead = pd.to_timedelta(pd.to_numeric(mine["days_before"]).fillna(0), unit="D")
    shown = pd.DataFrame(
        {
            "what": [words.told_in(one, "moment") for one in mine.to_dict("records")],
            "when": [Day.of(one, form="iso") for one in mine["day"]],
            "begin": [Day.of(one, form="iso") for one in mine["day"] - lead],
            "stands": [STANDINGS[str(one)] for one in mine["standing"]],
        }
    )
    return Section.of(finding, charts.table(shown, columns=columns, caption=say("The next 90 days")))
