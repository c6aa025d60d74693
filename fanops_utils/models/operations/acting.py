"""What is done for members of each stage and tier: how many that are now, what they are worth, and the test behind it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import pandas as pd

from fanops_utils.metrics.columns import need
from fanops_utils.workspace.registers.decision import Decision
from fanops_utils.workspace.registers.experiment import Experiment
from fanops_utils.workspace.registers.segments import Action

COLUMNS = [
    "segment", "now", "do", "channel", "metric", "role", "members", "spend", "spend_share", "test", "kind", "verdict",
    "tested_in", "decision",
]  # fmt: skip
FEWEST = 10  # people behind an amount
TOP = ("loyal", "high-value")
UNTESTED = ("untested", "no_result", "invalid", "run_on", "no_holdout", "too_few", "not_over", "unwatched")
AGAINST = ("do_not_ship", "drives_away")
FOR = ("ship", "brings_back")


def segment_sizes(by_stage: pd.DataFrame, by_tier: pd.DataFrame) -> pd.DataFrame:
    """Return segment, members, spend, spend_share of the stages and of the two upper tiers (each: `metrics.value_by`).

    Spend of fewer than ten buyers is left out: each could be told. Without any member there are no sizes: a segment of which
    nothing is known is not an empty one.
    """
    top = by_tier[by_tier["tier"].astype(str).isin(TOP)].rename(columns={"tier": "segment"})
    both = [frame.astype({"segment": str}) for frame in (by_stage.rename(columns={"stage": "segment"}), top)]
    table = pd.concat(both, ignore_index=True)
    table = table if by_stage["members"].sum() else table[:0]
    amounts = table[["spend", "spend_share"]].mask(table["buyers"] < FEWEST)
    return table[["segment", "members"]].join(amounts)


def action_table(
    actions: Iterable[Action], sizes: pd.DataFrame, *, experiments: Mapping[str, Experiment], verdicts: Mapping[str, str],
    offers: Mapping[str, str], decisions: Iterable[Decision] = (),
) -> pd.DataFrame:  # fmt: skip
    """Return a row per action: what the register says, and segment's members, spend and spend_share of *sizes* (NaN: not known).

    *verdicts*: of experiments that have data, by id; *offers*: verdicts of `won_back` by offer. test: what measures it, kind
    experiment or offer; verdict: theirs, untested (nothing named) or no_result (named, but nothing to read); tested_in: the
    market of the experiment, None for all; decision: the last one taken on the same test, None without one.
    """
    need(sizes, "segment", "members", "spend", "spend_share")
    known = sizes.astype({"segment": str}).set_index("segment")
    ledger = tuple(decisions)
    rows = []
    for one in actions:
        size = known.loc[one.segment] if one.segment in known.index else pd.Series(dtype=float)
        test, kind, verdict = _behind(one, verdicts, offers)
        register = experiments.get(one.tested_by) if one.tested_by else None
        rows.append((
            one.segment, one.now, one.do, one.channel, one.metric, one.role, size.get("members"), size.get("spend"),
            size.get("spend_share"), register.title if register else test, kind, verdict,
            register.market if register else None, last_decision(ledger, one.tested_by),
        ))  # fmt: skip
    return pd.DataFrame(rows, columns=COLUMNS, dtype=object).astype(
        dict.fromkeys(["members", "spend", "spend_share"], float)
    )


def _behind(one: Action, verdicts: Mapping[str, str], offers: Mapping[str, str]) -> tuple[str | None, str | None, str]:
    if one.tested_by:
        return one.tested_by, "experiment", verdicts.get(one.tested_by, "no_result")
    if one.offer:
        return one.offer, "offer", offers.get(one.offer, "no_result")
    return None, None, "untested"


def last_decision(decisions: Iterable[Decision], test: str | None) -> Decision | None:
    """Return the last decision that the experiment *test* measures or that came from its read-out; None without one."""
    if not test:
        return None
    own = [
        one for one in decisions if one.tested_by == test or (one.play or "").startswith(f"experiment_readout.{test}.")
    ]
    return max(own, key=lambda one: one.date, default=None)


def ladder(*, members: int, core: int, candidates: int, roles: Mapping[str, int]) -> pd.DataFrame:
    """Return the steps from member to ambassador: step, people, asked (10% of the *core* for KOC, NaN else).

    *candidates* draw clearly more replies than others; *roles* counts the members of each role. KOC and ambassadors are
    NaN where no member has either role: not known is not none.
    """
    named = any(roles.get(name) for name in ("koc", "ambassador"))
    upper = [float(roles.get(name, 0)) if named else float("nan") for name in ("koc", "ambassador")]
    people = [members, core, candidates, *upper]
    asked = [float("nan")] * 3 + [0.1 * core, float("nan")]
    return pd.DataFrame(
        {"step": ["member", "core", "candidate", "koc", "ambassador"], "people": people, "asked": asked}
    )
