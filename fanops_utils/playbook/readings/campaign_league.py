"""What the campaigns say together: which did most once luck is drawn out, what was decided, what was learnt."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, timedelta

import numpy as np
import pandas as pd

from fanops_utils.metrics.intervals import NOTHING
from fanops_utils.models import CampaignEffect, league_table
from fanops_utils.models.campaign.league import spread_of
from fanops_utils.playbook.checks import Check
from fanops_utils.playbook.findings import Finding, Severity
from fanops_utils.playbook.plays import Play
from fanops_utils.playbook.wording import plural, signed, span
from fanops_utils.workspace import Campaign
from fanops_utils.workspace.decision import Decision

METHOD = "Log effects drawn to their weighted mean by empirical Bayes (Paule-Mandel), as far as each one's noise asks."
COLUMNS = ["campaign", "name", "market", "start", "verdict", "estimate", "spread", "n"]
FEWEST = 3


def standings(
    found: Mapping[str, CampaignEffect | None], campaigns: Mapping[str, Campaign], *, level: float
) -> pd.DataFrame:
    """Return every campaign with its effect, ranked by `league_table`, as fractions of what would have come anyway.

    Only finished campaigns with placebo windows and a verdict of their own are drawn together; the others stay, last,
    without a rank. Effects on a rate are points, no ratio, and are not ranked either. A campaign's noise is that of
    its own interval: few placebo windows make it wider, and the league must not forget that.
    """
    rows = []
    for name, brief in campaigns.items():
        one = found.get(name)
        told = one is not None and one.placebo_time is not None and not one.running and one.verdict != "cannot tell"
        ranked = told and one is not None and one.scale != "difference"
        log = one.log_effect if one is not None and ranked else NOTHING
        spread = spread_of(log.ci_lower, log.ci_upper, level=one.level) if one is not None else np.nan
        word = "still running" if one is not None and one.running else one.verdict if one is not None else "no data"
        rows.append((name, brief.name, ", ".join(brief.treated), brief.live.start, word, log.estimate, spread,
                     one.n_live_days if one is not None else 0))  # fmt: skip
    table = league_table(pd.DataFrame(rows, columns=COLUMNS).astype({"estimate": float, "spread": float}), level=level)
    for name in ("estimate", "shrunk", "ci_lower", "ci_upper"):
        table[name] = np.expm1(table[name].astype(float))
    return table


def listed(table: pd.DataFrame) -> pd.DataFrame:
    """Return the table of `standings` as it is shown: place, campaign, start, verdict, measured, shrunk, interval, pulled."""
    known = table["shrunk"].notna()
    interval = [
        f"{signed(row['ci_lower'])} to {signed(row['ci_upper'])}" if shown else ""
        for row, shown in zip(table.to_dict("records"), known, strict=True)
    ]
    return pd.DataFrame({
        "place": table["rank"].astype("string").fillna(""), "campaign": table["name"],
        "start": table["start"].map("{:%b %Y}".format), "verdict": table["verdict"],
        "estimate": table["estimate"], "shrunk": table["shrunk"], "interval": interval,
        "pulled": table["pulled"],
    })  # fmt: skip


def ledger(decisions: Iterable[Decision], campaigns: Mapping[str, Campaign], *, on: date | None = None) -> pd.DataFrame:
    """Return decisions as the league shows them: campaign (its name), decision, owner, state with its day, outcome."""
    today, rows = on or date.today(), []
    for one in decisions:
        state = one.state(today)
        day = f", review {one.review}" if one.review is not None and state != "reviewed" else ""
        name = campaigns[one.campaign].name if one.campaign else ""
        rows.append((name, f"{one.kind.capitalize()}: {one.action}", one.owner, f"{state}{day}", one.outcome or ""))
    return pd.DataFrame(rows, columns=["campaign", "decision", "owner", "state", "outcome"])


def ranking(table: pd.DataFrame, *, level: float) -> Finding:
    """Return which campaign leads once luck is drawn out, and how sure that is."""
    known = table[table["rank"].notna()]
    if known.empty:
        return Finding.nothing("ranking", "no finished campaign has a verdict of its own")
    rows = known.to_dict("records")
    if len(rows) < FEWEST:
        text = " ".join(f"{row['name']}: {signed(row['estimate'])} as measured." for row in rows)
        title = f"{plural(len(rows), 'campaign has', 'campaigns have')} a verdict; {FEWEST} are needed to draw luck out"
        return Finding(
            "ranking", title, f"{text} As measured, the best of a few is best by luck too.", "watch", n=len(rows)
        )
    best = rows[0]
    text = " ".join(
        f"{row['rank']}. {row['name']}: {signed(row['shrunk'])} ({signed(row['estimate'])} as measured)."
        for row in rows
    )
    interval = span(best["ci_lower"], best["ci_upper"], form="signed", level=level)
    text += f" {best['name']} is the largest in {best['p_best']:.0%} of draws ({interval})."
    sure = best["p_best"] >= level
    title = (
        f"{best['name']} did most: {signed(best['shrunk'])}" if sure else "Which campaign did most cannot be told apart"
    )
    return Finding("ranking", title, text, "good" if sure and best["ci_lower"] > 0 else "info", best["shrunk"], best["ci_lower"],
                   best["ci_upper"], "fraction of the counterfactual, shrunk", len(rows), METHOD)  # fmt: skip


def tally(table: pd.DataFrame) -> Finding:
    """Return how many campaigns worked, had no clear effect, hurt, or cannot be told."""
    if table.empty:
        return Finding.nothing("tally", "no campaign is registered")
    counts = table["verdict"].value_counts()
    text = "; ".join(f"{word}: {number}" for word, number in counts.items()) + "."
    finished = int(counts.drop(["still running", "no data"], errors="ignore").sum())
    worked = int(counts.get("worked", 0))
    title = (
        f"{worked} of {plural(finished, 'finished campaign', 'finished campaigns')} worked"
        if finished
        else "No campaign is finished"
    )
    status = Finding.nothing("tally", "no campaign has data") if set(counts.index) == {"no data"} else None
    return status or Finding("tally", title, text, "info", float(worked), unit="campaigns", n=finished,
                             method="Each campaign by its own report's rule; the next one is not promised by it.")  # fmt: skip


def learnt(decisions: Iterable[Decision], *, on: date | None = None) -> Finding:
    """Return what came of past decisions: reviewed with an outcome, open, or overdue."""
    listed, today = list(decisions), on or date.today()
    if not listed:
        return Finding.nothing("learnt", "no decision is written down in the registers")
    states = [one.state(today) for one in listed]
    late = [one for one, state in zip(listed, states, strict=True) if state == "overdue"]
    outcomes = " ".join(f"{one.action}: {one.outcome}." for one in listed if one.outcome)
    waiting = " ".join(f"Overdue since {one.review}: {one.action} ({one.owner})." for one in late)
    severity: Severity = "watch" if late else "info"
    title = f"{states.count('reviewed')} of {plural(len(listed), 'decision', 'decisions')} came back with an outcome"
    return Finding("learnt", title, f"{outcomes} {waiting}".strip() or "None is due for review yet.", severity,
                   float(states.count("reviewed")), unit="decisions reviewed", n=len(listed))  # fmt: skip


def checks(table: pd.DataFrame, campaigns: Mapping[str, Campaign]) -> list[Check]:
    """Return whether campaigns can be compared at all: enough of them, briefs frozen, one metric."""
    known = int(table["rank"].notna().sum())
    status = "PASS" if known >= FEWEST else "REVIEW"
    action = "" if known >= FEWEST else "Read the ranking as a list"
    made = [Check("Campaigns", status, f"{plural(known, 'campaign', 'campaigns')} with a verdict", action)]  # type: ignore[arg-type]
    loose = [one.name for one in campaigns.values() if one.frozen_state() != "frozen"]
    if loose:
        made.append(
            Check(
                "Frozen briefs",
                "REVIEW",
                f"not frozen, or changed since: {', '.join(loose)}",
                "Their goals may have moved",
            )
        )
    metrics = sorted({f"{one.metric} on {one.platform}" for one in campaigns.values()})
    if len(metrics) > 1:
        made.append(
            Check(
                "Metrics",
                "REVIEW",
                f"compared across {', '.join(metrics)}",
                "An effect on one is not worth one on another",
            )
        )
    return made


def plays(decisions: Iterable[Decision], *, owner: str, on: date | None = None) -> tuple[Play, ...]:
    """Return one play per decision overdue for review; without any decision, to write the first one down."""
    listed, today = list(decisions), on or date.today()
    if not listed:
        action = "Write down what the last campaign's report led to: keep, change, stop or test next"
        return (
            Play(
                action,
                "Decisions with an outcome",
                "a first line in the ledger",
                owner,
                today + timedelta(days=14),
                "learnt",
            ),
        )
    late = [one for one in listed if one.state(today) == "overdue"]
    return tuple(
        Play(f"Review '{one.action}' and write its outcome down", one.metric or "Decision reviewed", one.expected or "an outcome",
             one.owner, today + timedelta(days=7), "learnt")
        for one in late
    )  # fmt: skip


def verdict(ranked: Finding, tallied: Finding) -> tuple[str, Severity]:
    """Return the report's one sentence."""
    if tallied.status == "no_data":
        return "There is no data: no campaign can be compared yet.", "info"
    return f"{tallied.title}. {ranked.title}.", ranked.severity


def owner(campaigns: Mapping[str, Campaign]) -> str:
    """Return who owns the newest campaign; the workspace's owner where there is none."""
    newest = max(campaigns.values(), key=lambda one: one.live.start, default=None)
    return newest.owner if newest is not None else "Owner of the workspace"
