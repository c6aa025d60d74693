"""Which tiers are there, and what does each carry?"""

from __future__ import annotations

from datetime import date

import pandas as pd

from fanops_utils import charts
from fanops_utils.charts.words import Words
from fanops_utils.data.privacy.small_cells import hidden_parts
from fanops_utils.models import TierThresholds
from fanops_utils.playbook import Finding, Section
from fanops_utils.sections import words
from fanops_utils.text import Message, Money, Number, People, Percent, Sayable, Sentences, Unit, say, say_n, term

SMALL = 10
TOP = ("loyal", "high-value")
TIERS: dict[str, Message] = {
    "high-value": term("Recent and high-value", "tier"),
    "loyal": term("Loyal", "tier"),
    "active": term("Active by days", "tier"),
    "ordinary": term("Ordinary", "tier"),
}


def tiers(table: pd.DataFrame, *, rules: TierThresholds, as_of: date | None, currency: str = "") -> Section:
    """Return what the tiers of *rules* are and carry (*table*: `models.segment_shares` over tier)."""
    finding = _finding(table)
    total = int(table["members"].sum())
    if as_of is None or not total:
        return Section.of(finding)
    known = table if rules.spend is not None else table[table["tier"] != "high-value"]
    shown = known.assign(tier=known["tier"].astype(str).map(TIERS))
    # The answer tells of the two upper tiers together: each is hidden beside the other, then beside all.
    hidden = hidden_parts(known["members"], whole=known["tier"].isin(TOP))
    hidden |= hidden_parts(known["members"].mask(hidden, 1)) if hidden.sum() == 1 else False
    large = shown[~hidden & (shown["members"] >= SMALL)]
    return Section.of(
        finding,
        _sizes(large, finding, rules=described(rules, currency=currency), total=total, as_of=as_of),
        _table(shown, hidden),
    )


def _finding(table: pd.DataFrame) -> Finding:
    total = int(table["members"].sum())
    if not total:
        return Finding.nothing("tiers", say("no members of this market (export: fans)"))
    top = table[table["tier"].isin(TOP)]
    members, carried = int(top["members"].sum()), float(top["activity_share"].sum(min_count=1))
    if pd.isna(carried):
        return Finding.nothing("tiers", say("no member was seen in the last 28 days"))
    code, (title, verdict, text) = _told(members, total, Percent(carried))
    return Finding(
        id="tiers",
        weight="chapter",
        label=term("Loyal, or recent and high-value members", "label of a finding"),
        code=code,
        title=title,
        verdict=verdict,
        text=text,
        estimate=None if code == "few" else members / total,
        unit=Unit("share", term("of members", "unit")),
        n=People(total),
        method=say("Ordered rules on days seen, tenure and spend; the thresholds are those of segments.yml."),
    )


def _told(members: int, total: int, carried: Percent) -> tuple[str, tuple[Message, Message, Message]]:
    """Return the code of the answer with its title, its sentence for the verdict and its reading."""
    if not members:
        none = say("No member is loyal, or recent and high-value.")
        return "none", (say("No member is loyal, or recent and high-value"), none, none)
    if members < SMALL:
        return "few", (
            say("Fewer than ten members account for {carried} of the days on which members were seen, last 28 days",
                carried=carried),
            say("Fewer than ten members account for {carried} of the days on which members were seen, last 28 days.",
                carried=carried),
            say("Fewer than ten members are loyal, or recent and high-value; they account for {carried} of the "
                "days on which members were seen in the last 28.", carried=carried),
        )  # fmt: skip
    share = Percent(members / total)
    return "some", (
        say("{share} of all who ever joined account for {carried} of the days on which members were seen, last 28 days",
            share=share, carried=carried),
        say("{share} of all who ever joined account for {carried} of the days on which members were seen, last 28 days.",
            share=share, carried=carried),
        say("{members} of {total} members ({share}) are loyal, or recent and high-value; they account for {carried} of the "
            "days on which members were seen in the last 28.", members=members, total=total, share=share, carried=carried),
    )  # fmt: skip


def described(rules: TierThresholds, *, currency: str = "") -> Sayable:
    """Return the rules of the tiers in words, what was spent in *currency*."""
    high = None
    if rules.spend is not None:
        high = say(
            "Recent and high-value: spent {spend} or more in all and seen within {days}.",
            spend=Money(rules.spend, currency) if currency else Number(rules.spend),
            days=words.days(rules.gap),
        )
    loyal = say(
        "Loyal: seen on {active} days of 28, and {tenure} days a member.",
        active=rules.loyal_days,
        tenure=rules.loyal_tenure,
    )
    return Sentences.of(high, loyal, say("Active by days: seen on {active} days of 28.", active=rules.active_days))


def _sizes(large: pd.DataFrame, finding: Finding, *, rules: Sayable, total: int, as_of: date) -> charts.Chart:
    members = say_n("{n} member.", "{n} members.", n=total) if total >= SMALL else None
    return charts.intervals(
        large[["tier", "estimate", "ci_lower", "ci_upper", "n"]],
        label="tier",
        words=Words(
            title=say("Members by tier"),
            subtitle=say("Share of all members on {day}, 95% intervals; tiers of ten members or more", day=as_of),
            axis=term("share of members", "axis"),
            alt=finding.text,
            caption=Sentences.of(members, rules),
        ),
    )


def _table(shown: pd.DataFrame, hidden: pd.Series) -> charts.Table:
    columns = {
        "tier": term("Tier", "column"),
        "members": term("Members", "column"),
        "estimate": term("Share of members", "column"),
        "activity_share": term("Share of days seen", "column"),
    }
    if "spend_share" in shown:
        columns["spend_share"] = term("Share of spend", "column")
    shares = dict.fromkeys(["estimate", "activity_share", "spend_share"], Percent)
    caption = say("What each tier carries: days of the last 28 on which its members were seen; spend: ever")
    return charts.table(shown, columns=columns, formats=shares, people="members", hidden=hidden, caption=caption)
