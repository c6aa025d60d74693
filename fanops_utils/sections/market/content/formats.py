"""Which format of posts earns most attention? Rates by format, in order, and which of them can be told apart."""

from __future__ import annotations

from typing import Any

import pandas as pd

from fanops_utils.metrics import EngagementRate
from fanops_utils.metrics.multiple import side_of_all
from fanops_utils.playbook import Finding, Section
from fanops_utils.sections import words
from fanops_utils.sections.market.content import format_charts
from fanops_utils.text import Listed, Message, Number, Percent, Period, Sentences, Span, Unit, say, say_n, term


def formats(table: pd.DataFrame, overall: EngagementRate, *, platform: str, period: Period) -> Section:
    """Return which format earns most attention.

    *table* is `metrics.by_group` over post_type, *overall* `metrics.engagement_rate` of the same posts by the same
    denominator.
    """
    ordered = _ordered(table)
    finding = _finding(ordered, denominator=overall.denominator)
    return Section.of(
        finding,
        format_charts.chart(ordered, overall, finding, platform=platform, period=period),
        format_charts.by_format(ordered, denominator=overall.denominator),
        format_charts.averages(overall),
    )


def _ordered(table: pd.DataFrame) -> pd.DataFrame:
    """Return *table* by shrunk rate, formats with fewer than ten posts last, with their names in `label`."""
    names = [words.posts_of(str(kind), first=True) for kind in table["post_type"]]
    named = table.assign(label=pd.Series(names, index=table.index, dtype=object))
    return named.sort_values(["hidden", "shrunk"], ascending=[True, False], ignore_index=True)


def _finding(ordered: pd.DataFrame, *, denominator: str) -> Finding:
    shown = ordered[~ordered["hidden"].astype(bool)].dropna(subset=["estimate"])
    if shown.empty:
        per = words.column(denominator)
        return Finding.nothing("formats", say("no format has ten posts with interactions and {per}", per=per))
    best, second = shown.iloc[0], shown.iloc[1] if len(shown) > 1 else None
    apart = side_of_all(best, shown.iloc[1:]) > 0
    code = "alone" if second is None else "clear" if apart else "unclear"
    title, verdict, text = _told(code, best, second, denominator)
    return Finding(
        id="formats",
        about=words.posts_of(str(best["post_type"])),
        weight="chapter",
        label=term("Rate of the leading format", "label of a finding"),
        code=code,
        title=title,
        verdict=verdict,
        text=Sentences.of(*text, _thin(ordered)),
        severity="good" if code == "clear" else "info",
        estimate=best["estimate"],
        ci_lower=best["ci_lower"],
        ci_upper=best["ci_upper"],
        unit=Unit("share", words.rate(denominator)),
        n=int(best["n"]),
        method=say(
            "Interactions divided by {per}, pooled over the posts of a format, delta-method interval; ordered by rates "
            "shrunk towards their common mean. Posts chose their format: they are no random sample of posts.",
            per=words.column(denominator),
        ),
    )


def _told(
    code: str, best: pd.Series, second: pd.Series | None, denominator: str
) -> tuple[Message, Message, tuple[Message, ...]]:
    """Return the title, the sentence for the verdict, and the sentences of the reading."""
    told: dict[str, Any] = {"rate": words.rate(denominator), **_earned(best, "best")}
    if second is None:
        alone = say("{best} earn {best_value} {rate} ({best_interval}, {best_posts}).", **told)
        return (
            say("{best} earn {best_value} {rate}", **told),
            alone,
            (alone, say("No other format has ten posts to compare with.")),
        )
    told |= _earned(second, "second")
    both = say(
        "{best} earn {best_value} {rate} ({best_interval}, {best_posts}), {second} {second_value} ({second_interval}, "
        "{second_posts}).",
        **told,
    )
    if code == "clear":
        told["times"] = Number(best["estimate"] / second["estimate"], digits=1)
        return (
            say("{best} earn {times} times as much as {second}, in {rate}", **told),
            say("{best} earn {times} times as much as {second}, in {rate}.", **told),
            (both, say("All other formats earn clearly less.")),
        )
    return (
        say("No format is clearly best; {leading} lead with {best_value}", **told),
        say("No format is clearly best; {leading} lead with {best_value} ({best_interval}).", **told),
        (both, say("The difference may be chance: this is no ranking.")),
    )


def _earned(row: pd.Series, name: str) -> dict[str, Any]:
    kind = str(row["post_type"])
    named = {"best": words.posts_of(kind, first=True), "leading": words.posts_of(kind)}
    return {
        **(named if name == "best" else {"second": words.posts_of(kind)}),
        f"{name}_value": Percent(row["estimate"]),
        f"{name}_interval": Span.of(row["ci_lower"], row["ci_upper"]),
        f"{name}_posts": say_n("{n} post", "{n} posts", n=int(row["n"])),
    }


def _thin(ordered: pd.DataFrame) -> Message | None:
    thin = ordered.loc[ordered["hidden"].astype(bool), "post_type"]
    if thin.empty:
        return None
    kinds = Listed.of(words.posts_of(str(kind)) for kind in thin)
    return say("Not ranked, with fewer than ten posts: {formats}.", formats=kinds)
