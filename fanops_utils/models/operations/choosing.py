"""Partners before and after they are chosen: which agreements run, which end, and the register's score as a choice."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta

import pandas as pd

from fanops_utils.models.operations.duties import REVIEW_DAYS, partner_states
from fanops_utils.workspace.operations.partners import Area, Partner, Partners
from fanops_utils.workspace.registers.choice import Candidate, Choice, Criterion

AHEAD = timedelta(days=90)
NOTICE = timedelta(days=30)
BEST = 5.0  # of a score
ERROR = 0.5  # half a point: what two reviewers may differ by; assumed


def gate_table(register: Partners, *, market: str | None, on: date) -> pd.DataFrame:
    """Return `partner_states` with dated, runs and breach.

    dated: its agreement has a first day; runs: it runs on *on*; breach: it runs though a gate failed or is open.
    """
    table = partner_states(register, market=market, on=on)
    running = {one.id for one in register.partners if _runs(one, on)}
    runs = table["id"].isin(running)
    unfit = table["state"].eq("out") | table["open"].map(len).gt(0)
    dated = table["id"].isin({one.id for one in register.partners if one.start})
    return table.assign(dated=dated, runs=runs, breach=runs & unfit)


def _runs(one: Partner, on: date) -> bool:
    return one.start is not None and one.start <= on and (one.end is None or on <= one.end)


def as_choice(
    register: Partners, *, market: str | None, on: date, question: str, names: Mapping[Area, str]
) -> Choice | None:
    """Return the scores of `partners.yml` as a choice among the partners in *market*: gates, areas 0 to 5, their weights.

    Ended partners and those without any score are left out; each score may be off by half a point (assumed). None with
    fewer than two areas that count, or nobody to weigh.
    """
    table = partner_states(register, market=market, on=on)
    here = set(table.loc[table["state"] != "ended", "id"])
    weights = [one for one in register.weights if one.weight > 0]
    gates = {gate.id: gate.name for gate in register.gates}
    candidates = tuple(
        Candidate(
            id=one.id, name=one.name, fails=one.failed,
            unknown=() if one.failed else tuple(gate for gate in gates if gate not in one.passed),
            measures={area: value for area, value in one.scores.items() if area in {row.area for row in weights}},
            error={area: ERROR for area in one.scores if area in {row.area for row in weights}},
        )
        for one in register.partners if one.id in here and one.scores
    )  # fmt: skip
    if len(weights) < 2 or not candidates:
        return None
    criteria = tuple(
        Criterion(id=one.area, name=names[one.area], weight=one.weight, worst=0.0, best=BEST) for one in weights
    )
    return Choice(
        id="partners", about="partners", question=question, gates=gates, criteria=criteria, candidates=candidates
    )


def dates_ahead(register: Partners, *, market: str | None, on: date) -> pd.DataFrame:
    """Return what is due with the partners in *market*, soonest first: id, name, kind, day, overdue.

    kind: review (of a running partner, a quarter after the last; today where there was none), notice (30 days before the
    end) and end, within 90 days after *on*.
    """
    rows = []
    for one in register.partners:
        if market and one.markets and market not in one.markets:
            continue
        if not _runs(one, on):
            continue
        due = one.reviewed + timedelta(days=REVIEW_DAYS) if one.reviewed else on
        if due <= min(on + AHEAD, one.end or date.max):  # what has ended is reviewed no more
            rows.append((one.id, one.name, "review", due, due < on or one.reviewed is None))
        if one.end and one.end <= on + AHEAD:
            told = one.end - NOTICE
            rows += [(one.id, one.name, "notice", told, told < on), (one.id, one.name, "end", one.end, False)]
    table = pd.DataFrame(rows, columns=["id", "name", "kind", "day", "overdue"], dtype=object)
    return table.sort_values(["day", "name", "kind"], kind="stable", ignore_index=True)
