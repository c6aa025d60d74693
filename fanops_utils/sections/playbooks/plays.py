"""What to do about the gaps a playbook found: each answers one finding."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import date, timedelta

from fanops_utils.playbook import Finding, Play, Section
from fanops_utils.playbook.findings import RANK
from fanops_utils.text import Message, Sayable, say

REVIEW_AFTER = timedelta(days=14)
CHECKLISTS = (
    "member_onboarding", "community_rules", "escalation", "partner_brief", "partner_contract", "partner_onboarding", "partner_exit",
    "handover", "training", "cross_cultural", "performance_review", "after_action", "crisis_evidence", "activity_plan",
    "online_offline", "koc_programme", "publishing_checklist", "drill_checklist", "department_plan", "spending", "content_idea",
    "rewards", "data_breach",
)  # fmt: skip
NAMED = say("Name somebody for each step of the checklist"), say("Steps nobody is named for"), say("down to none")
ACTIONS: dict[tuple[str, str], tuple[Message, Message, Message]] = {
    ("steps", "late"): (say("Finish the late steps, or move the dates of the launch"), say("Steps late"), say("down to none")),
    ("steps", "held"): (say("Pass the gate, or say who decides to go on without it"), say("Steps that wait"), say("down to none")),
    ("obligations", "open"): (say("Do what is asked, or write down when it was done"), say("Obligations open"),
        say("down to none")),
    ("duties", "orphans"): (say("Fill the roles that answer for these duties"), say("Duties nobody answers for"),
        say("down to none")),
    ("capacity", "over"): (say("Give hours or take duties from the overloaded roles"),
        say("Roles with more work than hours"), say("down to none")),
    ("cover", "gaps"): (say("Name a person or a stand-in for each gap"), say("Gaps in cover"), say("down to none")),
    ("meetings", "few"): (say("Hold the meetings that fell out, or strike them from the calendar"), say("Meetings held"),
        say("three in four or more")),
    ("drills", "few"): (say("Hold the missed drills"), say("Drills held"), say("three in four or more")),
    ("risks", "ringing"): (say("Take the measure against the risk that is past its trigger"), say("Its metric"),
        say("back inside the trigger")),
    ("risks", "ownerless"): (say("Name an owner for each risk"), say("Risks without an owner"), say("down to none")),
    ("clock", "gaps"): (say("Name somebody for each step of the crisis"), say("Steps nobody is named for"), say("down to none")),
    ("statements", "unsigned"): (say("Name as many persons as the sign-off asks for"), say("Statements that can be signed"),
        say("all")),
    ("slots", "blocked"): (say("Get the blocked slots signed off, or move them"), say("Slots blocked"), say("down to none")),
    ("kept", "missed"): (say("Plan fewer slots, or find out why they fell out"), say("Slots kept"), say("nine in ten")),
    ("actions", "against"): (say("Stop or change the action that its test speaks against"),
        say("Actions a test speaks against"), say("down to none")),
    ("actions", "untested"): (say("Test the action that reaches most members, some held out by lot"),
        say("Actions without a test result"), say("one fewer")),
    ("ladder", "below"): (say("Talk to the candidates about becoming KOCs"), say("KOCs"), say("a tenth of the core members")),
    ("replies", "none"): (say("Write a reply for the topics that have none"), say("Topics without a reply"), say("down to none")),
    ("conflicts", "more"): (say("Close the gap in the rules behind the conflicts that grew"), say("Complaints and violations"),
        say("back to the month before")),
    ("rota", "open"): (say("Find hours for the open shifts"), say("Open shifts"), say("down to none")),
    ("gates", "breach"): (say("Check the open gates; end the agreements where one failed"), say("Agreements past an open gate"),
        say("down to none")),
    ("due", "overdue"): (say("Hold the overdue reviews; decide on the agreements whose notice day has passed"),
        say("Dates overdue"), say("down to none")),
    ("due", "soon"): (say("Do what is due with partners in the coming two weeks"), say("Dates overdue"), say("down to none")),
    ("decided", "overdue"): (say("Look again at the overdue decisions, and write down how each ended"),
        say("Decisions overdue for a review"), say("down to none")),
    ("rubric", "apart"): (say("Read three pieces together and agree on what each mark means"),
        say("Principles the reviewers do not agree on"), say("down to none")),
    ("input_output", "dearer"): (say("Find out why one piece costs more, before money is moved"), say("Cost of one"),
        say("back to the month before")),
    ("stakeholders", "gaps"): (say("Name who tells each group in a crisis"), say("Groups nobody tells"), say("down to none")),
    **{(name, "gaps"): NAMED for name in CHECKLISTS},
}  # fmt: skip


def plays(
    answers: Iterable[Section], *, owner: str, on: date, due: Mapping[str, date] | None = None
) -> tuple[Play, ...]:
    """Return what to do about *answers*, the gravest first, to be looked at again two weeks after *on*.

    What is *due* sooner (day by id of the finding) is looked at on that day, or today where that is past.
    """
    found = []
    for answer in sorted(answers, key=lambda one: RANK[one.finding.severity]):
        told: tuple[Sayable, Sayable, Sayable] | None = ACTIONS.get((answer.finding.id, answer.finding.code))
        if told and answer.finding.ok:
            sooner = (due or {}).get(answer.finding.id, on + REVIEW_AFTER)
            found.append(Play(action=_named(answer.finding) or told[0], metric=told[1], expected=told[2], owner=owner,
                              review=max(on, min(sooner, on + REVIEW_AFTER)), because=answer.finding.id))  # fmt: skip
    return tuple(found)


ABOUT: dict[tuple[str, str], Callable[[Sayable], Message]] = {
    ("steps", "late"): lambda names: say("Finish, or give a new day: {steps}", steps=names),
    ("steps", "held"): lambda names: say("Pass the gate, or say who decides to go on without it: {steps}", steps=names),
    ("obligations", "open"): lambda names: say("Do, or write down when it was done: {obligations}", obligations=names),
    ("capacity", "over"): lambda names: say("Give hours to, or take duties from, {roles}", roles=names),
    ("cover", "gaps"): lambda names: say("Find cover: {gaps}", gaps=names),
    ("meetings", "few"): lambda names: say("Hold again, or strike from the calendar: {meetings}", meetings=names),
    ("drills", "few"): lambda names: say("Hold the next drills: {drills}", drills=names),
    ("risks", "ringing"): lambda names: say("Take the measure against {risks}: past its trigger", risks=names),
    ("risks", "ownerless"): lambda names: say("Name an owner for {risks}", risks=names),
    ("statements", "unsigned"): lambda names: say("Name as many persons as the sign-off asks for: {texts}", texts=names),
    ("slots", "blocked"): lambda names: say("Get signed off, or move: {slots}", slots=names),
    ("actions", "untested"): lambda name: say("Test what is done for {segment}, some held out by lot", segment=name),
    ("actions", "against"): lambda names: say("Stop or change what is done for {segments}: its test speaks against it",
        segments=names),
    ("replies", "none"): lambda names: say("Write a reply for {topics}", topics=names),
    ("conflicts", "more"): lambda names: say("Close the gap in the rules behind {kinds}", kinds=names),
    ("rota", "open"): lambda names: say("Find hours for the open shifts, the busiest first: {shifts}", shifts=names),
    ("gates", "breach"): lambda names: say("Check the gate, or end the agreement: {partners}", partners=names),
    ("due", "overdue"): lambda names: say("Do what is due with partners: {dates}", dates=names),
    ("due", "soon"): lambda names: say("Do what is due with partners: {dates}", dates=names),
}  # fmt: skip


def _named(finding: Finding) -> Message | None:
    """Return the action by the name of what it is about, where the finding tells it."""
    called = ABOUT.get((finding.id, finding.code))
    return called(finding.about) if called and finding.about else None
