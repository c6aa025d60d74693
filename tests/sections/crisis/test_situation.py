"""The two forms of the report, and who does what by when on its first screen."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pandas as pd
import pytest
from saying import sane

from fanops_utils.models import Episode
from fanops_utils.playbook import Finding, Section
from fanops_utils.sections import crisis
from fanops_utils.sections.crisis.situation import duties
from fanops_utils.text import Message, say
from fanops_utils.workspace.registers.crisis import Approver, Clock, Crisis, Entry, Fact, Incident, Keywords

START = datetime(2026, 3, 11, 9, 0)
TODAY = START.date()
EPISODE = Episode(START.date(), START.date(), 1, START.date(), 40, 60, 50.0, 8, START.date(), None)
CLOCKS = (
    Clock(id="facts", what="check the facts", minutes=240, owner="lead"),
    Clock(id="respond", what="answer", minutes=30, owner="duty"),
    Clock(id="regulator", what="tell the regulator", minutes=1200, starts="grave", levels=(1,)),
)
REGISTER = Crisis(clocks=CLOCKS, keywords=(Keywords(topics=("recall",)),))
TOPICS = {
    "topic": pd.DataFrame({"topic": ["taste"], "negatives": [9], "usual": [1.0], "excess": [8.0], "share": [1.0]})
}


def status(code: str = "crisis_1", severity: str = "alert") -> Finding:
    return Finding(id="status", title=say("Level {level}", level=1), text=say("Level {level}", level=1), code=code,
                   severity=severity)  # type: ignore[arg-type]  # fmt: skip


def incident(**minutes: int) -> Incident:
    log = tuple(Entry(clock=name, at=START + timedelta(minutes=after)) for name, after in minutes.items())
    return Incident(id="a", market="US", start=START, level=1, log=log)


@pytest.mark.parametrize(("code", "severity", "asked", "form"), [
    ("crisis_1", "alert", "auto", "emergency"), ("crisis_2", "alert", "auto", "emergency"),
    ("crisis_3", "watch", "auto", "regular"),
    ("crisis_1", "watch", "auto", "regular"), ("quiet", "good", "auto", "regular"), ("dated", "watch", "auto", "regular"),
    ("quiet", "good", "emergency", "emergency"), ("crisis_1", "alert", "regular", "regular"),
])  # fmt: skip
def test_the_form_of_the_report(code: str, severity: str, asked: str, form: str) -> None:
    assert crisis.form_of(status(code, severity), asked) == form


def told(register: Crisis, known: Incident | None, on: date = TODAY) -> list[tuple[str, str]]:
    return [(row["code"], f"{row['until']:%d %H:%M}") for row in duties(register, EPISODE, known, market="US", on=on)]


def test_who_does_what_by_when_in_order_of_time() -> None:
    assert told(REGISTER, incident()) == [("due", "11 09:30"), ("due", "11 13:00")]
    assert told(REGISTER, incident(respond=30, facts=241)) == [("met", "11 09:30"), ("late", "11 13:00")]
    assert [code for code, _ in told(REGISTER, incident(), on=date(2026, 3, 12))] == ["missed", "missed"]
    grave = incident().model_copy(update={"topic": "recall"})
    assert told(REGISTER, grave)[-1] == ("due", "12 05:00"), "a grave topic starts the regulator's clock"
    minor = incident().model_copy(update={"level": 2, "topic": "recall"})
    assert len(told(REGISTER, minor)) == 2, "at level 1 alone"
    assert told(REGISTER, None)[0] == ("due", "11 09:30"), (
        "without an incident from the hour at which the alarm was in the data"
    )


def test_the_emergency_form_says_it_in_the_verdict_and_lists_what_is_known() -> None:
    facts = (Fact(what="a", state="unknown"), Fact(what="b", state="known"))
    register = REGISTER.model_copy(update={
        "incidents": (incident().model_copy(update={"facts": facts}),), "approvers": (Approver(who="Head", levels=(1,)),),
        "never": ("argue",),
    })  # fmt: skip
    here = {"market": "US", "on": START.date()}
    answer = crisis.situation("emergency", status(), EPISODE, TOPICS, register, **here)  # type: ignore[arg-type]
    assert sane(answer).code == "emergency" and len(answer.parts) == 3
    title, severity = crisis.verdict((Section.of(status()), answer), market="US")
    assert severity == "alert" and "answer" in str(title) and "09:30" in str(title)
    quiet = crisis.situation("regular", status(), EPISODE, TOPICS, register, **here)  # type: ignore[arg-type]
    assert sane(quiet).code == "regular" and len(quiet.parts) == 2
    assert sane(crisis.situation("regular", status("quiet", "good"), None, {}, register, **here)).code == "none"  # type: ignore[arg-type]
    unknown = Finding.nothing("status", say("nothing"))
    assert sane(crisis.situation("regular", unknown, None, {}, register, **here)).status == "no_data"  # type: ignore[arg-type]


def test_who_approves_is_said_also_where_nobody_is_written_down() -> None:
    def said(*approvers: Approver) -> set[str]:
        register = REGISTER.model_copy(update={"approvers": approvers})
        answer = crisis.situation("emergency", status(), EPISODE, TOPICS, register, market="US", on=START.date())
        first = answer.finding.text.parts[0]  # type: ignore[attr-defined]
        assert isinstance(first, Message)
        return set(dict(first.values))

    assert said() == set() and said(Approver(who="Head", levels=(2,))) == set()
    assert said(Approver(who="Head")) == {"who"} and said(Approver(who="Head", stand_in="Lawyer")) == {"who", "other"}


def test_the_play_asks_for_what_nobody_wrote_down_as_done() -> None:
    def asked(**minutes: int) -> str:
        known = incident(**minutes)
        register = REGISTER.model_copy(update={"incidents": (known,)})
        alarm = status()
        shown = crisis.situation("emergency", alarm, EPISODE, TOPICS, register, market="US", on=TODAY)
        (play,) = crisis.plays((Section.of(alarm), shown), owner="lead", on=TODAY)
        return str(play.action)

    assert "check the facts" in asked(respond=20) and "answer," not in asked(respond=20)
    assert "check the facts" not in asked(respond=20, facts=200)


@pytest.mark.parametrize(("minutes", "on", "code"), [
    ({"respond": 20, "facts": 200}, TODAY, "met"), ({"respond": 20, "facts": 300}, TODAY, "late"),
    ({"respond": 20}, TODAY, "due"), ({"respond": 20}, date(2026, 3, 12), "late"),
])  # fmt: skip
def test_clocks_are_met_only_when_all_of_it_was_done(minutes: dict[str, int], on: date, code: str) -> None:
    register = REGISTER.model_copy(update={"incidents": (incident(**minutes),)})
    found = sane(crisis.clocks(register, EPISODE, market="US", on=on))
    assert found.code == code
    assert found.severity == {"met": "good", "late": "alert", "due": "watch"}[code]
