"""What a report concludes."""

from __future__ import annotations

from datetime import date

import pytest

from fanops_utils.playbook import Finding, Play, Result, TrustPanel
from fanops_utils.text import say

FINDING = Finding(id="growth", title=say("It grows."), text=say("It grows."), label=say("Growth"))


@pytest.mark.parametrize(
    ("given", "reviews", "until"),
    [
        (None, (), None),
        (date(2026, 11, 30), (), date(2026, 11, 30)),
        (None, (date(2026, 12, 7), None, date(2026, 12, 3)), date(2026, 12, 3)),
        (date(2026, 12, 1), (date(2026, 12, 7),), date(2026, 12, 1)),
        (date(2026, 12, 9), (date(2026, 12, 7),), date(2026, 12, 7)),
    ],
)
def test_a_report_holds_no_longer_than_the_first_review_it_asks_for(
    given: date | None, reviews: tuple[date | None, ...], until: date | None
) -> None:
    plays = tuple(
        Play(
            action=say("Do it."),
            metric=say("Growth"),
            expected=say("More"),
            owner="analyst",
            review=day,
            because="growth",
        )
        for day in reviews
    )
    result = Result.conclude(
        (say("It grows."), "info"), answers=[FINDING], plays=plays, trust=TrustPanel(()), facts=(), holds_until=given
    )
    assert result.holds_until == until


def test_a_review_agreed_in_the_past_does_not_end_a_report() -> None:
    said = {"action": say("Do it."), "metric": say("Growth"), "expected": say("More"), "owner": "analyst"}
    play = Play(**said, review=date(2026, 10, 26), because="growth", until=date(2026, 12, 28))  # type: ignore[arg-type]
    result = Result.conclude(
        (say("It grows."), "info"), answers=[FINDING], plays=(play,), trust=TrustPanel(()), facts=()
    )
    assert result.holds_until == date(2026, 12, 28)
