"""What the campaigns say together: who leads and how sure that is, how many worked, what came of decisions."""

from __future__ import annotations

from datetime import date
from typing import Any

import pandas as pd
import pytest
from campaign_briefs import brief
from saying import sane, values

from fanops_utils.models import campaign_standings
from fanops_utils.sections.campaigns import league
from fanops_utils.sections.campaigns.league.learnt import ledger
from fanops_utils.sections.campaigns.league.tally import listed
from fanops_utils.text import Count, Day, Range, Signed, Written, speak
from fanops_utils.workspace.registers.decision import Decision

COLUMNS = ["rank", "name", "start", "verdict", "estimate", "shrunk", "ci_lower", "ci_upper", "pulled", "p_best"]


def standings(*rows: tuple[Any, ...]) -> pd.DataFrame:
    """Return a table of standings: name, verdict, estimate, shrunk and p_best of each; a row without estimate is unranked."""
    full = []
    for place, (name, verdict, estimate, shrunk, p_best) in enumerate(rows, start=1):
        rank, start = place if estimate == estimate else None, date(2026, 4, 13)
        full.append((rank, name, start, verdict, estimate, shrunk, shrunk - 0.05, shrunk + 0.05, 0.1, p_best))
    table = pd.DataFrame(full, columns=COLUMNS)
    return table.assign(rank=table["rank"].astype("Int64"))


NOT = float("nan")
SURE = standings(("Two", "worked", 0.31, 0.3, 0.97), ("Three", "worked", 0.1, 0.1, 0.02), ("One", "hurt", -0.1, -0.09, 0.01),
                 ("New", "no_data", NOT, NOT, NOT))  # fmt: skip


def test_a_campaign_leads_where_the_draws_say_so() -> None:
    finding = sane(league.ranking(SURE, level=0.9))
    assert (finding.code, finding.severity, finding.estimate, finding.n) == ("leads", "good", 0.3, 3)
    assert values(finding.title)["campaign"] == Written("Two")
    unsure = sane(league.ranking(SURE.assign(p_best=0.5), level=0.9))
    assert (unsure.code, unsure.severity) == ("not_apart", "info")


def test_below_three_nothing_is_drawn_together() -> None:
    few = standings(
        ("Two", "worked", 0.3, NOT, NOT), ("One", "hurt", -0.1, NOT, NOT), ("New", "running", NOT, NOT, NOT)
    )
    finding = sane(league.ranking(few, level=0.9))
    assert (finding.code, finding.severity, finding.estimate) == ("few", "watch", None)
    assert (values(finding.title)["n"], values(finding.title)["least"]) == (Count(2), Count(3))
    assert league.ranking(few.tail(1), level=0.9).finding.status == "no_data"


def test_campaigns_are_counted_by_their_verdict() -> None:
    finding = sane(league.tally(SURE, level=0.9))
    assert (finding.code, finding.estimate, finding.n) == ("finished", 2, 3)
    running = standings(("New", "running", NOT, NOT, NOT))
    assert sane(league.tally(running, level=0.9)).code == "none_finished"
    for found in (campaign_standings({}, {"one": brief()}, level=0.9), campaign_standings({}, {}, level=0.9)):
        assert sane(league.tally(found, level=0.9)).status == "no_data"


def test_the_league_is_shown_with_places_and_intervals() -> None:
    table = listed(SURE)
    assert table["rank"].iloc[:3].tolist() == [1, 2, 3] and pd.isna(table["rank"].iloc[3])
    assert table["start"].iloc[0] == Day("2026-04-13", "month")
    assert table["interval"].iloc[0] == Range.of(0.25, 0.35, form=Signed)
    assert (table["interval"].iloc[3], speak(table["verdict"].iloc[3])) == (None, "no data")


def test_the_verdict_is_that_of_the_ranking_and_the_tally() -> None:
    said, severity = league.verdict(league.ranking(SURE, level=0.9), league.tally(SURE, level=0.9))
    assert severity == "good" and len(said.parts) == 2  # type: ignore[attr-defined]
    none = campaign_standings({}, {}, level=0.9)
    assert league.verdict(league.ranking(none, level=0.9), league.tally(none, level=0.9))[1] == "info"


@pytest.mark.parametrize(("size", "status"), [(3, "PASS"), (2, "REVIEW")])
def test_campaigns_are_compared_only_where_there_are_enough(size: int, status: str) -> None:
    agreed = brief()
    frozen = agreed.model_copy(update={"frozen": agreed.brief_hash()})
    (check,) = league.checks(SURE.head(size), {"one": frozen})
    assert (check.code, check.status) == ("campaigns", status)


def test_loose_briefs_and_several_metrics_are_reviewed() -> None:
    campaigns = {"one": brief(), "two": brief(id="two", metric="views")}
    assert [check.code for check in league.checks(SURE, campaigns)] == ["campaigns", "frozen_briefs", "metrics"]


LATE = Decision(
    kind="stop", action="No fee", owner="lead", date=date(2026, 1, 1), review=date(2026, 2, 1), campaign="two"
)
DONE = Decision(kind="keep", action="Repeat", owner="lead", date=date(2026, 1, 1), outcome="It held")
ON = date(2026, 3, 1)


def test_overdue_decisions_come_back_as_plays() -> None:
    section = league.learnt((LATE, DONE), {"two": brief(name="Two")}, on=ON)
    finding = sane(section)
    assert (finding.code, finding.severity, finding.estimate, finding.n) == ("overdue", "watch", 1, 2)
    assert values(finding.text.parts[-1])["day"] == Day("2026-02-01")  # type: ignore[attr-defined]
    (play,) = league.plays((LATE, DONE), owner="x", on=ON)
    assert (play.owner, play.review, values(play.action)["decision"]) == ("lead", date(2026, 3, 8), Written("No fee"))
    before = sane(league.learnt((LATE, DONE), {"two": brief()}, on=date(2026, 1, 31)))
    assert (before.code, before.severity) == ("in_time", "info")
    assert league.plays((LATE, DONE), owner="x", on=date(2026, 1, 31)) == ()
    assert league.holds_until((LATE, DONE), on=date(2026, 1, 15)) == date(2026, 2, 1)


def test_without_a_decision_the_first_is_asked_for() -> None:
    assert league.learnt((), {}, on=ON).finding.status == "no_data"
    (play,) = league.plays((), owner="x", on=ON)
    assert (play.owner, play.review, play.because) == ("x", date(2026, 3, 15), "learnt")
    assert league.plays((), owner="x", on=None) == ()
    assert sane(league.learnt((LATE,), {"two": brief()}, on=None)).code == "in_time", "without a day nothing is overdue"


def test_the_ledger_shows_what_came_of_decisions() -> None:
    table = ledger((LATE, DONE), {"two": brief(name="Two")}, on=ON)
    assert table["campaign"].tolist() == [Written("Two"), None]
    assert [speak(cell) for cell in table["decision"]] == ["Stop: No fee", "Keep: Repeat"]
    assert [speak(cell) for cell in table["state"]] == ["overdue, review 2026-02-01", "reviewed"]
    assert table["outcome"].tolist() == [None, Written("It held")]


def test_the_newest_campaign_s_owner_answers() -> None:
    later = brief(id="two", owner="Other", live={"start": "2026-06-13", "end": "2026-06-20"})
    assert league.owner({"one": brief(), "two": later}) == "Other"
    assert league.owner({}) == "owner of the workspace"
