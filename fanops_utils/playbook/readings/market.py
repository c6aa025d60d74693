"""What a market analysis says: growth, formats, hours, share of voice and tone."""

from __future__ import annotations

from datetime import date, timedelta

import pandas as pd

from fanops_utils.models import HourEffect
from fanops_utils.playbook.findings import Finding, Severity
from fanops_utils.playbook.plays import Play
from fanops_utils.playbook.wording import clock, count, percent, signed, span

REVIEW_AFTER = timedelta(days=28)
FORMAT_WORDS = {
    "image": "images", "video": "videos", "short_video": "short videos", "carousel": "carousels", "story": "stories",
    "text": "text posts", "link": "links", "live": "live streams", "note": "notes",
}  # fmt: skip


def growth(frame: pd.DataFrame, *, market: str, platform: str) -> Finding:
    """Return how fast the market's followers grow (columns market, estimate, ci_lower, ci_upper, n), against the others."""
    mine = frame[frame["market"] == market]
    if mine.empty:
        return Finding.nothing("growth", "no daily follower counts of this market")
    row = mine.iloc[0]
    others = frame[(frame["market"] != market)].dropna(subset=["estimate"])
    faster = int((others["ci_lower"] > row["ci_upper"]).sum())
    slower = int((others["ci_upper"] < row["ci_lower"]).sum())
    shrinking, growing = row["ci_upper"] < 0, row["ci_lower"] > 0
    severity: Severity = "alert" if shrinking else "watch" if not growing else "good"
    word = "shrinks" if shrinking else "grows" if growing else "does not clearly grow"
    place = (
        f" Of {len(others)} other markets, {faster} grow clearly faster and {slower} clearly slower; the rest cannot be told apart."
        if len(others) else ""
    )  # fmt: skip
    return Finding(
        "growth", f"The {platform} audience {word}: {signed(row['estimate'])} followers in 28 days",
        f"Followers changed by {signed(row['estimate'])} per 28 days ({span(row['ci_lower'], row['ci_upper'], form='signed')})."
        + place, severity, row["estimate"], row["ci_lower"], row["ci_upper"], "fraction per 28 days", int(row["n"]),
        "Mean daily log change of the follower count times 28, Newey-West interval. The count is net: gains and losses "
        "within a day are not seen.",
    )  # fmt: skip


def formats(frame: pd.DataFrame, *, denominator: str) -> Finding:
    """Return which format earns most interactions per *denominator* (a `metrics.by_group` frame over post_type)."""
    shown = frame[~frame["hidden"]].dropna(subset=["estimate"]) if len(frame) else frame
    if shown.empty:
        return Finding.nothing("formats", f"no format has ten posts with interactions and {denominator}")
    ranked = shown.sort_values("shrunk", ascending=False)
    best = ranked.iloc[0]
    rate = (
        f"{percent(best['estimate'])} of {denominator} ({span(best['ci_lower'], best['ci_upper'])}, n={int(best['n'])})"
    )
    method = (
        f"Interactions divided by {denominator}, pooled over the posts of a format, delta-method interval; the order uses "
        "rates shrunk towards the common mean. Posts that chose a format are not a random sample of posts."
    )
    thin = int((frame["hidden"]).sum())
    note = (
        f" {thin} format{'s' if thin > 1 else ''} with fewer than ten posts {'are' if thin > 1 else 'is'} not ranked."
        if thin
        else ""
    )
    facts = (
        best["estimate"],
        best["ci_lower"],
        best["ci_upper"],
        f"interactions per {denominator}",
        int(best["n"]),
        method,
    )
    if len(ranked) == 1:
        return Finding(
            "formats",
            f"{_named(best)} earn {rate.split(' (')[0]}",
            f"Only one format has ten posts: {rate}.{note}",
            "info",
            *facts,
        )
    second = ranked.iloc[1]
    clear = best["ci_lower"] > second["ci_upper"]
    versus = (
        f"{_named(second).lower()} earn {percent(second['estimate'])} ({span(second['ci_lower'], second['ci_upper'])})"
    )
    if clear:
        title = f"{_named(best)} earn {best['estimate'] / second['estimate']:.1f} times the interactions per {denominator} of the next format"
        return Finding(
            "formats",
            title,
            f"{_named(best)} earn {rate}; {versus}. The intervals do not overlap.{note}",
            "good",
            *facts,
        )
    title = f"No format is clearly best; {_named(best).lower()} lead with {percent(best['estimate'])} of {denominator}"
    return Finding(
        "formats",
        title,
        f"{_named(best)} earn {rate}; {versus}. The intervals overlap: this is no ranking.{note}",
        "info",
        *facts,
    )


def _named(row: pd.Series) -> str:
    kind = str(row["post_type"])
    return FORMAT_WORDS.get(kind, kind).capitalize()


def hours(found: HourEffect) -> Finding:
    """Return when posts do best once the format is taken out, and whether a plain table would mislead."""
    if not found.enough or found.best_hour is None or found.gain is None:
        return Finding.nothing("hours", f"{found.n} posts have hour, format, reach and interactions; 60 are needed")
    best, gain = found.best_hour, found.gain
    method = (
        "Negative-binomial regression of interactions with the log of reach as offset, on format, weekday, trend and a daily "
        f"wave; Wald test of the wave p = {found.p_value:.2g}. Hours are local. Association, not proof: the posts were not timed at random."
    )
    naive = f" A plain table of averages would say {found.naive_hour:02d}:00." if found.naive_hour is not None else ""
    if not found.evident:
        text = f"The hour of publication explains nothing that chance does not (p = {found.p_value:.2g}, {found.n} posts).{naive}"
        return Finding(
            "hours", "The hour of publication makes no clear difference", text, "info", n=found.n, method=method
        )
    distance = abs((found.naive_hour or 0) + 0.5 - best.estimate) % 24
    misled = found.naive_hour is not None and min(distance, 24 - distance) > 2.5
    warn = f"{naive} That is the hour of the strongest formats, not the strongest hour." if misled else naive
    text = (
        f"At equal format, posts published around {clock(best.estimate)} (95% CI {clock(best.ci_lower)} to {clock(best.ci_upper)}) earn "
        f"{signed(gain.estimate)} interactions per reach against the average hour ({span(gain.ci_lower, gain.ci_upper, form='signed')}, {found.n} posts).{warn}"
    )
    if not found.supported:
        text += " Hardly any post was published near that hour: test it before trusting it."
    return Finding("hours", f"Posts do best around {clock(best.estimate)}, once the format is taken out", text, "good",
                   gain.estimate, gain.ci_lower, gain.ci_upper, "fraction above the average hour", found.n, method)  # fmt: skip


def voice(frame: pd.DataFrame, *, brand: str) -> Finding:
    """Return the brand's share of voice (a `metrics.share_of_voice` frame)."""
    ours = frame[frame["is_ours"]] if len(frame) else frame
    if ours.empty:
        return Finding.nothing("voice", "no mentions of the brand or its rivals")
    row, rank = ours.iloc[0], int((frame["estimate"] > ours["estimate"].iloc[0]).sum()) + 1
    lead = frame[~frame["is_ours"]].sort_values("estimate", ascending=False)
    rival = f" {lead.iloc[0]['brand']} holds {percent(lead.iloc[0]['estimate'])}." if len(lead) else ""
    text = f"{brand} has {percent(row['estimate'])} of {count(row['n'])} mentions ({span(row['ci_lower'], row['ci_upper'])}), rank {rank} of {len(frame)}.{rival}"
    return Finding("voice", f"{brand} holds {percent(row['estimate'])} of the conversation", text, "info", row["estimate"], row["ci_lower"],
                   row["ci_upper"], "share of mentions", int(row["n"]),
                   "Mentions of us divided by mentions of us and the named rivals, Wilson interval; copies of one post count each.")  # fmt: skip


def tone(weeks: pd.DataFrame) -> Finding:
    """Return whether negative mentions jumped in a week of the period (a `metrics.weekly_negative` frame)."""
    whole = weeks[weeks["complete"]] if len(weeks) else weeks
    if whole.empty:
        return Finding.nothing("tone", "no complete week of labelled mentions")
    share = whole["negatives"].sum() / max(whole["mentions"].sum(), 1)
    method = "Weekly negatives against the twelve weeks before (square-root scale, t prediction, at least ten negatives): about one false alarm a year."
    alarms = whole[whole["alarm"]]
    if alarms.empty:
        text = f"{percent(share)} of {count(whole['mentions'].sum())} mentions were negative; no week stands out from the twelve before it."
        return Finding("tone", "The tone is steady: no week of unusual criticism", text, "good", share, unit="share of mentions",
                       n=int(whole["mentions"].sum()), method=method)  # fmt: skip
    worst = alarms.loc[alarms["ratio"].idxmax()]
    recent = worst["week_start"] >= whole["week_start"].max() - pd.Timedelta(weeks=4)
    text = (
        f"In the week of {worst['week_start'].date()} there were {int(worst['negatives'])} negative mentions, {worst['ratio']:.1f} times the "
        f"{worst['expected']:.1f} expected; {percent(worst['estimate'])} of that week's mentions were negative "
        f"({span(worst['ci_lower'], worst['ci_upper'])}). {len(alarms)} of {len(whole)} weeks stand out."
    )
    title = f"Criticism jumped {worst['ratio']:.1f}-fold in the week of {worst['week_start'].date()}"
    return Finding("tone", title, text, "alert" if recent else "watch", worst["ratio"], unit="times the expected",
                   n=int(worst["mentions"]), method=method)  # fmt: skip


def plays(findings: tuple[Finding, ...], *, owner: str, on: date | None) -> tuple[Play, ...]:
    """Return what to do about *findings*, reviewed 28 days after *on*."""
    review = (on or date.today()) + REVIEW_AFTER
    made = []
    for one in findings:
        if one.status == "no_data":
            continue
        if one.id == "hours" and one.estimate is not None:
            made.append(Play("Test the hour: assign posts of one format at random to this hour or the usual one for four weeks",
                             "Interactions per reach", f"up to {signed(one.estimate)} if the association is a cause", owner, review, one.title))  # fmt: skip
        elif one.id == "formats" and one.severity == "good":
            made.append(Play("Shift one weekly post to the leading format and keep the rest as comparison", "Interactions per reach",
                             "unknown until compared at equal topic", owner, review, one.title))  # fmt: skip
        elif one.id == "growth" and one.severity in ("alert", "watch"):
            made.append(Play("Find what new followers came for: list the ten posts with most follows", "Net followers per 28 days",
                             "back above zero", owner, review, one.title))  # fmt: skip
        elif one.id == "tone" and one.severity in ("alert", "watch"):
            made.append(Play("Read that week's negative mentions and write down cause, answer and time to first answer", "Negative mentions per week",
                             "back inside the usual range", owner, review, one.title))  # fmt: skip
    return tuple(made)


def verdict(findings: tuple[Finding, ...], *, market: str) -> tuple[str, Severity]:
    """Return the report's one sentence and its severity: growth first, then what is most urgent or most useful."""
    said = {one.id: one for one in findings if one.status == "ok"}
    if not said:
        return f"There is no data for {market} in this period.", "info"
    first = said.get("growth")
    rest = [said[name] for name in ("tone", "formats", "hours", "voice") if name in said and said[name] is not first]
    urgent = sorted(rest, key=lambda one: {"alert": 0, "watch": 1, "good": 2, "info": 3}[one.severity])
    chosen = [one for one in ([first] if first else []) + urgent][:2]
    severity = min(
        (one.severity for one in said.values()), key=lambda level: ["alert", "watch", "good", "info"].index(level)
    )
    return ". ".join(_whole(one) for one in chosen) + ".", severity


def _whole(one: Finding) -> str:
    if one.id == "growth" and one.ci_lower is not None and one.ci_upper is not None:
        return f"{one.title} ({span(one.ci_lower, one.ci_upper, form='signed')})"
    return one.title
