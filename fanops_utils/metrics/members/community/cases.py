"""Cases: what waits for an answer, what broke a rule, what people suggest, who dealt with it."""

from __future__ import annotations

from datetime import date, datetime

import numpy as np
import pandas as pd

from fanops_utils.metrics.intervals import wilson, wilson_frame

ASKED = ("question", "complaint", "suggestion")
FEWEST = 10
AGAIN = pd.Timedelta(hours=24)


def waits(cases: pd.DataFrame, *, now: datetime) -> pd.DataFrame:
    """Return per question, complaint and suggestion: kind, handled_by, minutes, answered.

    Columns of *cases*: kind, opened_at, first_response_at, handled_by. minutes run to the first answer, or to *now*
    (UTC) where there is none yet: such a case is not answered, it still waits.
    """
    asked = cases[cases["kind"].isin(ASKED)]
    answered = asked["first_response_at"].notna() & (asked["first_response_at"] <= pd.Timestamp(now))
    until = asked["first_response_at"].where(answered, pd.Timestamp(now))
    minutes = (until - asked["opened_at"]).dt.total_seconds() / 60
    frame = pd.DataFrame(
        {"kind": asked["kind"], "handled_by": asked["handled_by"], "minutes": minutes, "answered": answered}
    )
    return frame[frame["minutes"] >= 0].astype({"minutes": float, "answered": bool}).reset_index(drop=True)


def by_bot(cases: pd.DataFrame) -> pd.DataFrame:
    """Return for questions first answered by a bot and by people: who, measure, count, estimate, ci_lower, ci_upper, n.

    Measures: handed_over (of those the bot took: passed on to a colleague), again (asked again within 24 hours of
    closing). Columns of *cases*: kind, handled_by, escalated_at, closed_at, asked_again_at, first_response_at, rating.
    """
    questions = cases[(cases["kind"] == "question") & cases["first_response_at"].notna()]
    bot = (questions["handled_by"] == "bot") | questions["escalated_at"].notna()
    again = (questions["asked_again_at"] - questions["closed_at"]) <= AGAIN
    rows = []
    for who, mine in (("bot", bot), ("people", ~bot)):
        for measure, hit in (("handed_over", questions["escalated_at"].notna()), ("again", again)):
            if measure == "handed_over" and who == "people":
                continue
            share = wilson(int((hit & mine).sum()), int(mine.sum()))
            rows.append(
                {
                    "who": who,
                    "measure": measure,
                    "count": int((hit & mine).sum()),
                    "estimate": share.estimate,
                    "ci_lower": share.ci_lower,
                    "ci_upper": share.ci_upper,
                    "n": share.n,
                    "rating": float(questions.loc[mine, "rating"].mean()),
                }
            )
    return pd.DataFrame(rows)


def violations(cases: pd.DataFrame, *, messages: int) -> pd.DataFrame:
    """Return per rule broken and in all (rule "all"): rule, violations, per_thousand, ci_lower, ci_upper, people,
    repeat_share.

    Rates are per 1,000 of *messages* with an exact Poisson interval; repeat_share is the part of them by members with
    more than one, NaN below ten violations. Columns of *cases*: kind, topic, member_key.
    """
    from scipy import stats

    broke = cases[cases["kind"] == "violation"]
    rows = []
    for rule, part in [("all", broke), *broke.groupby(broke["topic"].fillna("other"))]:
        count = len(part)
        low = stats.chi2.ppf(0.025, 2 * count) / 2 if count else 0.0
        high = stats.chi2.ppf(0.975, 2 * count + 2) / 2
        each = part["member_key"].value_counts()
        scale = 1000 / messages if messages else np.nan
        rows.append(
            {
                "rule": rule,
                "violations": count,
                "per_thousand": count * scale,
                "ci_lower": low * scale,
                "ci_upper": high * scale,
                "people": len(each),
                "repeat_share": float(each[each > 1].sum() / count) if count >= FEWEST else np.nan,
            }
        )
    table = pd.DataFrame(rows)
    return table.sort_values(
        ["rule", "violations"], key=lambda c: c != "all" if c.name == "rule" else -c, kind="stable", ignore_index=True
    )


def decided(cases: pd.DataFrame) -> pd.DataFrame:
    """Return per moderator: number (1, 2, … by pseudonym), answers, decisions, reversed, estimate, ci_lower, ci_upper, n.

    The share is that of decisions on violations taken back later, with its Wilson interval. In the order of pseudonyms:
    no ranking of people.
    """
    own = cases[cases["handled_by"].isin(["moderator", "team"]) & cases["handled_by_key"].notna()]
    broke = own["kind"] == "violation"
    each = own.assign(answers=~broke, decisions=broke, reversed=broke & own["reversed_at"].notna())
    table = (
        each.groupby("handled_by_key")[["answers", "decisions", "reversed"]]
        .sum()
        .astype("int64")
        .reset_index(drop=True)
    )
    table.insert(0, "number", np.arange(1, len(table) + 1))
    return table.join(wilson_frame(table["reversed"], table["decisions"]))


def voices(cases: pd.DataFrame) -> pd.DataFrame:
    """Return per kind (complaint, suggestion) and topic: n, share, ci_lower, ci_upper, answered, adopted, most first.

    share is that of the topic in its kind; answered and adopted count cases with a first answer, and suggestions
    closed as adopted.
    """
    said = cases[cases["kind"].isin(["complaint", "suggestion"])].copy()
    said["topic"] = said["topic"].fillna("other")
    said["answered"], said["adopted"] = said["first_response_at"].notna(), said["outcome"] == "adopted"
    table = said.groupby(["kind", "topic"]).agg(
        n=("kind", "size"), answered=("answered", "sum"), adopted=("adopted", "sum")
    )
    table = table.astype("int64").reset_index()
    of = table.groupby("kind")["n"].transform("sum") if len(table) else table["n"]
    bounds = wilson_frame(table["n"], of).rename(columns={"estimate": "share"}).drop(columns="n")
    return table.join(bounds).sort_values(["kind", "n"], ascending=[True, False], ignore_index=True)


def questions_by_week(cases: pd.DataFrame, *, end: date) -> pd.DataFrame:
    """Return the questions of every whole week, counted back from *end*: topic, week_start, n, zeros included.

    Columns of *cases*: kind, topic, date_day.
    """
    asked = cases[(cases["kind"] == "question") & cases["topic"].notna()]
    if asked.empty:
        return pd.DataFrame(columns=["topic", "week_start", "n"])
    back = (pd.Timestamp(end) - pd.to_datetime(asked["date_day"])).dt.days // 7
    weeks = int(((pd.Timestamp(end) - pd.to_datetime(asked["date_day"]).min()).days + 1) // 7)
    counts = asked[back < weeks].groupby([asked["topic"], back]).size()
    every = pd.MultiIndex.from_product([sorted(asked["topic"].unique()), range(weeks)], names=["topic", "back"])
    table = counts.reindex(every, fill_value=0).rename("n").reset_index()
    start = pd.Timestamp(end) - pd.to_timedelta(7 * table["back"] + 6, unit="D")
    return table.assign(week_start=start)[["topic", "week_start", "n"]].sort_values(
        ["topic", "week_start"], ignore_index=True
    )
