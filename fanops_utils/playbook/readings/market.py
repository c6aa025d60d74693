"""What a market analysis says: growth, formats, hours, share of voice and tone."""

from __future__ import annotations

from datetime import date, timedelta

import pandas as pd

from fanops_utils.metrics import p_text
from fanops_utils.models import HourEffect
from fanops_utils.playbook.findings import RANK, Finding, Severity
from fanops_utils.playbook.plays import Play
from fanops_utils.playbook.wording import FORMATS, PER, PLATFORMS, clock, count, percent, plural, signed, span

REVIEW_AFTER = timedelta(days=28)
RECENT = pd.Timedelta(weeks=4)


def growth(frame: pd.DataFrame, *, market: str, platform: str) -> Finding:
    """Return how fast the followers of *market* grow, alone and against the others (a `metrics.growth_by` frame)."""
    mine = frame[frame["market"] == market]
    if mine.empty:
        return Finding.nothing("growth", "no daily follower counts of this market")
    row = mine.iloc[0]
    if pd.isna(row["ci_lower"]):
        return Finding.nothing("growth", f"{int(row['n'])} days of follower counts are too few for an interval")
    shrinks, grows = row["ci_upper"] < 0, row["ci_lower"] > 0
    word = "shrinks" if shrinks else "grows" if grows else "does not clearly grow"
    severity: Severity = "alert" if shrinks else "good" if grows else "watch"
    interval = span(row["ci_lower"], row["ci_upper"], form="signed")
    text = f"Followers changed by {signed(row['estimate'])} per 28 days ({interval}). {_among(frame, row)}"
    return Finding(
        id="growth",
        title=f"The {PLATFORMS.get(platform, platform)} audience {word}: {signed(row['estimate'])} in 28 days",
        text=text.strip(),
        severity=severity,
        estimate=row["estimate"],
        ci_lower=row["ci_lower"],
        ci_upper=row["ci_upper"],
        unit="fraction per 28 days",
        n=int(row["n"]),
        method="Mean daily change of the log follower count times 28, Newey-West interval. The count is net: gains and "
        "losses within a day are not seen.",
    )


def platform_name(frame: pd.DataFrame) -> str:
    """Return the name of the one platform in *frame* (column platform), as people write it."""
    if frame.empty:
        return "unknown platform"
    key = str(frame["platform"].iloc[0])
    return PLATFORMS.get(key, key)


def _among(frame: pd.DataFrame, row: pd.Series) -> str:
    others = frame[frame["market"] != row["market"]].dropna(subset=["estimate"])
    if others.empty:
        return ""
    faster = int((others["ci_lower"] > row["ci_upper"]).sum())
    slower = int((others["ci_upper"] < row["ci_lower"]).sum())
    same = len(others) - faster - slower
    rest = f"; {same} cannot be told apart from it" if same else ""
    return f"Of the {len(others)} other markets, {faster} grow clearly faster and {slower} clearly slower{rest}."


def ranked(frame: pd.DataFrame) -> pd.DataFrame:
    """Return a `metrics.by_group` frame over post_type by shrunk rate, formats with fewer than ten posts last.

    Adds the column format: the post_type in words.
    """
    named = frame.assign(format=[FORMATS.get(str(kind), str(kind)) for kind in frame["post_type"]])
    return named.sort_values(["hidden", "shrunk"], ascending=[True, False], ignore_index=True)


def formats(frame: pd.DataFrame, *, denominator: str) -> Finding:
    """Return which format earns most per *denominator* (a `metrics.by_group` frame over post_type)."""
    listed = ranked(frame)
    shown = listed[~listed["hidden"].astype(bool)].dropna(subset=["estimate"])
    per = PER.get(denominator, denominator)
    if shown.empty:
        return Finding.nothing("formats", f"no format has ten posts with interactions and {denominator}")
    best, second = shown.iloc[0], shown.iloc[1] if len(shown) > 1 else None
    clear = second is not None and bool((best["ci_lower"] > shown["ci_upper"].iloc[1:]).all())
    if second is None:
        title = f"{best['format'].capitalize()} earn {percent(best['estimate'])} interactions per {per}"
        text = f"{_earns(best)}. No other format has ten posts to compare with."
    elif clear:
        times = best["estimate"] / second["estimate"]
        title = f"{best['format'].capitalize()} earn {times:.1f} times the interactions per {per} of {second['format']}"
        text = f"{_earns(best)}; {_earns(second)}. The intervals do not overlap."
    else:
        title = f"No format is clearly best; {best['format']} lead with {percent(best['estimate'])} per {per}"
        text = f"{_earns(best)}; {_earns(second)}. The intervals overlap: this is no ranking."
    return Finding(
        id="formats",
        title=title,
        text=f"{text[:1].upper()}{text[1:]} {_thin(frame)}".strip(),
        severity="good" if clear else "info",
        estimate=best["estimate"],
        ci_lower=best["ci_lower"],
        ci_upper=best["ci_upper"],
        unit=f"interactions per {denominator}",
        n=int(best["n"]),
        method=f"Interactions divided by {denominator}, pooled over the posts of a format, delta-method interval; ordered by "
        "rates shrunk towards their common mean. Posts chose their format: they are no random sample of posts.",
    )


def _earns(row: pd.Series) -> str:
    interval = span(row["ci_lower"], row["ci_upper"])
    return f"{row['format']} earn {percent(row['estimate'])} ({interval}, {plural(int(row['n']), 'post', 'posts')})"


def _thin(frame: pd.DataFrame) -> str:
    thin = ranked(frame[frame["hidden"].astype(bool)])
    if thin.empty:
        return ""
    return f"Not ranked, with fewer than ten posts: {', '.join(thin['format'])}."


def hours(found: HourEffect) -> Finding:
    """Return when posts do best once the format is taken out, and whether a plain table would mislead."""
    if not found.enough or found.best_hour is None or found.gain is None:
        why = (
            f"{plural(found.n, 'post has', 'posts have')} a local hour, a format, reach and interactions; 60 are needed"
        )
        return Finding.nothing("hours", why)
    method = (
        "Negative-binomial regression of interactions with the log of reach as offset on format, weekday, trend and a "
        f"daily wave; Wald test of the wave {p_text(found.p_value)}. Association, not proof: posts were not timed at random."
    )
    plain = f" A plain table of averages would say {found.naive_hour:02d}:00." if found.naive_hour is not None else ""
    if not found.evident:
        chance = f"The hour explains nothing that chance does not ({p_text(found.p_value)}, {found.n} posts).{plain}"
        title = "The hour of publication makes no clear difference"
        return Finding("hours", title, chance, "info", n=found.n, method=method)
    best, gain = found.best_hour, found.gain
    text = (
        f"At equal format, posts published around {clock(best.estimate)} (95% CI {clock(best.ci_lower)} to "
        f"{clock(best.ci_upper)}) earn {signed(gain.estimate)} interactions per reach against the average hour "
        f"({span(gain.ci_lower, gain.ci_upper, form='signed')}, {found.n} posts).{plain}"
    )
    if _misleads(found):
        text += " That is the hour of the strongest format, not the strongest hour."
    if not found.supported:
        text += " Hardly any post was published near that hour: test it before trusting it."
    return Finding(
        id="hours",
        title=f"Posts do best around {clock(best.estimate)}, once the format is taken out",
        text=text,
        severity="good",
        estimate=gain.estimate,
        ci_lower=gain.ci_lower,
        ci_upper=gain.ci_upper,
        unit="fraction above the average hour",
        n=found.n,
        method=method,
    )


def _misleads(found: HourEffect) -> bool:
    if found.naive_hour is None or found.best_hour is None:
        return False
    apart = abs(found.naive_hour + 0.5 - found.best_hour.estimate) % 24
    return min(apart, 24 - apart) > 2.5


def voice(frame: pd.DataFrame, *, brand: str) -> Finding:
    """Return the brand's share of voice (a `metrics.share_of_voice` frame)."""
    ours = frame[frame["is_ours"].astype(bool)]
    if ours.empty:
        return Finding.nothing("voice", "no mentions of the brand or its rivals")
    row = ours.iloc[0]
    rank = int((frame["estimate"] > row["estimate"]).sum()) + 1
    rivals = frame[~frame["is_ours"].astype(bool)].sort_values("estimate", ascending=False)
    lead = (
        f" The largest rival, {rivals.iloc[0]['brand']}, holds {percent(rivals.iloc[0]['estimate'])}."
        if len(rivals)
        else ""
    )
    text = (
        f"{brand} has {percent(row['estimate'])} of {count(row['n'])} mentions "
        f"({span(row['ci_lower'], row['ci_upper'])}), rank {rank} of {len(frame)}.{lead}"
    )
    return Finding(
        id="voice",
        title=f"{brand} holds {percent(row['estimate'])} of the conversation",
        text=text,
        estimate=row["estimate"],
        ci_lower=row["ci_lower"],
        ci_upper=row["ci_upper"],
        unit="share of mentions",
        n=int(row["n"]),
        method="Mentions of us divided by mentions of us and of the named rivals, Wilson interval; copies of a post count each.",
    )


def tone(weeks: pd.DataFrame) -> Finding:
    """Return whether negative mentions jumped in a week of the period (a `metrics.weekly_negative` frame)."""
    whole = weeks[weeks["complete"].astype(bool)]
    if whole.empty:
        return Finding.nothing("tone", "no complete week of labelled mentions")
    mentions, judged = int(whole["mentions"].sum()), whole["p_value"].notna()
    if not mentions or not judged.any():
        return Finding.nothing("tone", "too few weeks of labelled mentions to tell an unusual one")
    alarms = whole[whole["alarm"].astype(bool)]
    method = (
        "Negatives of each week against the twelve weeks before (square-root scale, t prediction, at least ten negatives): "
        "about one false alarm a year."
    )
    if alarms.empty:
        share = whole["negatives"].sum() / max(mentions, 1)
        text = f"{percent(share)} of {count(mentions)} mentions were negative; no week stands out from the twelve before it."
        title = "The tone is steady: no week of unusual criticism"
        return Finding("tone", title, text, "good", share, unit="share of mentions", n=mentions, method=method)
    worst = alarms.iloc[int(alarms["negatives"].astype(float).argmax())]
    week = worst["week_start"].date()
    recent = worst["week_start"] >= whole["week_start"].max() - RECENT
    interval = span(worst["ci_lower"], worst["ci_upper"])
    text = (
        f"In the week of {week} there were {int(worst['negatives'])} negative mentions where {worst['expected']:.1f} were to "
        f"be expected; {percent(worst['estimate'])} of that week's mentions were negative ({interval}). "
        f"{plural(len(alarms), 'week', 'weeks')} of {len(whole)} {'stands' if len(alarms) == 1 else 'stand'} out."
    )
    known = pd.notna(worst["ratio"])
    jump = f"jumped {worst['ratio']:.1f}-fold" if known else "appeared out of nothing"
    return Finding(
        id="tone",
        title=f"Criticism {jump} in the week of {week}",
        text=text,
        severity="alert" if recent else "watch",
        estimate=worst["ratio"] if known else None,
        unit="times the expected",
        n=int(worst["mentions"]),
        method=method,
    )


def plays(findings: tuple[Finding, ...], *, owner: str, on: date | None = None) -> tuple[Play, ...]:
    """Return what to do about *findings*, reviewed 28 days after *on*, by default today."""
    review = (on or date.today()) + REVIEW_AFTER
    wanted = {one.id: one for one in findings if one.status == "ok"}
    made: list[Play] = []

    def add(cause: str, action: str, metric: str, expected: str) -> None:
        made.append(Play(action, metric, expected, owner, review, cause))

    if "tone" in wanted and wanted["tone"].severity in ("alert", "watch"):
        action = "Read that week's negative mentions; write down cause, answer and time to the first answer"
        add("tone", action, "Negative mentions per week", "back inside the usual range")
    if "growth" in wanted and wanted["growth"].severity in ("alert", "watch"):
        action = "Find what new followers came for: list the ten posts with most follows"
        add("growth", action, "Net followers per 28 days", "clearly above zero")
    if "hours" in wanted and (gain := wanted["hours"].estimate) is not None:
        action = "Test the hour: for four weeks, assign posts of one format at random to this hour or the usual one"
        add("hours", action, "Interactions per reach", f"up to {signed(gain)}, if the hour is the cause")
    if "formats" in wanted and wanted["formats"].severity == "good":
        action = "Move one weekly post to the leading format and keep the rest as comparison"
        add("formats", action, "Interactions per reach", "not known before it is compared at equal topic")
    return tuple(made)


def verdict(findings: tuple[Finding, ...], *, market: str) -> tuple[str, Severity]:
    """Return the report's one sentence and its severity: growth first, then what is most urgent or most useful."""
    said = {one.id: one for one in findings if one.status == "ok"}
    if not said:
        return f"There is no data for {market} in this period.", "info"
    useful = [said[name] for name in ("tone", "formats", "hours", "voice") if name in said]
    steady = [one for one in useful if one.id == "tone" and one.severity == "good"]
    ordered = sorted((one for one in useful if one not in steady), key=lambda one: RANK[one.severity]) + steady
    chosen = [*([said["growth"]] if "growth" in said else []), *ordered][:2]
    severity = min((one.severity for one in said.values()), key=lambda level: RANK[level])
    return " ".join(f"{_with_interval(one)}." for one in chosen), severity


def _with_interval(one: Finding) -> str:
    if one.id == "growth" and one.ci_lower is not None and one.ci_upper is not None:
        return f"{one.title} ({span(one.ci_lower, one.ci_upper, form='signed')})"
    return one.title
