from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from fanops_utils.errors import WorkspaceError
from fanops_utils.workspace import Campaign, Workspace, open_workspace, read_register
from fanops_utils.workspace.frozen import fingerprint

ROOT = Path(__file__).parents[3]
PLAIN = """id: launch
name: Launch
objective: Be known
owner: Lead
platform: instagram
metric: engagements
treated: [US]
controls: [DE]
live: {start: 2026-04-13, end: 2026-05-10}
baseline: {start: 2026-02-16, end: 2026-04-05}
budget: [{item: films, amount: 10}]
"""
FULL = """phases:
  - {name: teaser, kind: pre-heat, start: 2026-04-06, end: 2026-04-12, goal: Be awaited}
  - {name: afterglow, kind: follow-up, start: 2026-05-11, end: 2026-05-24, goal: Keep half}
targets: [{metric: site traffic, low: 0.2, high: 0.3, denominator: counterfactual, window: teaser}]
offers: [{code: SPRING10}]
partners: [{name: One, code: ONE10}, {name: Two}, {name: Three, code: SPRING10}]
"""


def brief(folder: Path, text: str) -> Campaign:
    path = folder / "launch.yml"
    path.write_text(text, encoding="utf-8")
    return read_register(path, Campaign)


def test_a_register_without_any_of_the_optional_keys_stays_valid(tmp_path: Path) -> None:
    found = brief(tmp_path, PLAIN)
    assert (found.frozen_state(), found.codes, found.whole) == ("unfrozen", (), found.live)


def test_windows_codes_and_the_whole_span_come_from_the_phases(tmp_path: Path) -> None:
    found = brief(tmp_path, PLAIN + FULL)
    assert found.codes == ("SPRING10", "ONE10")
    assert (found.whole.start, found.whole.end) == (date(2026, 4, 6), date(2026, 5, 24))
    assert found.window("teaser").days == 7
    assert found.window("live") == found.live


def test_a_change_of_the_brief_shows_and_what_is_written_later_does_not(tmp_path: Path) -> None:
    agreed = brief(tmp_path, PLAIN + FULL).brief_hash()
    frozen = f"{PLAIN}{FULL}frozen: {agreed}\n"
    later = "payments: [{date: 2026-04-20, item: films, amount: 4}]\nevents: [{date: 2026-04-21, note: a holiday}]\n"
    assert brief(tmp_path, frozen).frozen_state() == "frozen"
    assert brief(tmp_path, frozen + later).frozen_state() == "frozen"
    moved = frozen.replace("start: 2026-02-16", "start: 2026-03-02")
    assert brief(tmp_path, moved).frozen_state() == "changed", "another baseline is another promise"
    assert brief(tmp_path, frozen.replace("low: 0.2,", "low: 0.1,")).frozen_state() == "changed"


def test_the_fingerprint_is_sixteen_digits_and_knows_the_order_of_lists(tmp_path: Path) -> None:
    one = brief(tmp_path, PLAIN.replace("[DE]", "[DE, FR]"))
    other = brief(tmp_path, PLAIN.replace("[DE]", "[FR, DE]"))
    assert len(fingerprint(one)) == 16
    assert fingerprint(one) != fingerprint(other)
    assert fingerprint(one, without=["controls"]) == fingerprint(other, without=["controls"])


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("window: teaser", "window: teasr", "Did you mean 'teaser'"),
        ("name: afterglow", "name: teaser", "two phases are called 'teaser'"),
        ("low: 0.2, high: 0.3", "low: 0.4, high: 0.3", "below its start"),
        ("start: 2026-04-06, end: 2026-04-12", "start: 2026-04-01, end: 2026-04-12", "inside the phase 'teaser'"),
        ("budget: [{item: films", "payments: [{date: 2026-04-20, item: film, amount: 1}]\nbudget: [{item: films",
         "Did you mean 'films'"),
        ("kind: pre-heat", "kind: preheat", "Did you mean 'pre-heat'"),
    ],
)  # fmt: skip
def test_what_does_not_fit_together_is_refused_with_the_nearest_choice(
    tmp_path: Path, old: str, new: str, said: str
) -> None:
    with pytest.raises(WorkspaceError, match=said):
        brief(tmp_path, (PLAIN + FULL).replace(old, new))


def test_decisions_are_gathered_and_know_their_state(brand_workspace: Workspace) -> None:
    folder = brand_workspace.path / "campaigns"
    folder.mkdir()
    kept: dict[str, Any] = {"kind": "keep", "owner": "Lead", "date": "2026-06-08", "review": "2026-07-01"}
    line = "{" + ", ".join(f"{key}: {value}" for key, value in kept.items()) + ", action: Again, outcome: done}"
    (folder / "launch.yml").write_text(f"{PLAIN}decisions: [{line}]\n", encoding="utf-8")
    ledger = brand_workspace.path / "decisions.yml"
    text = "decisions: [{kind: stop, owner: Lead, date: 2026-05-01, review: 2026-08-01, action: No fees}]\n"
    ledger.write_text(text, encoding="utf-8")
    found = brand_workspace.decisions
    assert [(one.kind, one.campaign) for one in found] == [("stop", None), ("keep", "launch")]
    states = [one.state(date(2026, 8, 2)) for one in found]
    assert (states, found[0].state(date(2026, 8, 1))) == (["overdue", "reviewed"], "open"), (
        "due on its day, not overdue"
    )
    ledger.write_text(text.replace("kind: stop", "kind: stop, campaign: lunch"), encoding="utf-8")
    with pytest.raises(WorkspaceError, match="Did you mean 'launch'"):
        Workspace(brand_workspace.path).validate()


def test_the_sample_s_briefs_are_frozen_but_for_the_running_one() -> None:
    found = open_workspace("sample", root=ROOT).campaigns
    states = {name: one.frozen_state() for name, one in found.items()}
    assert states.pop("winter_warmup_fr") == "unfrozen"
    assert states == dict.fromkeys(
        ("summer_giveaway_mx", "matcha_launch_jp", "spring_blend_br", "autumn_push_de"), "frozen"
    )


def test_money_is_summed_by_line_and_category(tmp_path: Path) -> None:
    more = "{item: films, category: content, amount: 10}, {item: cuts, category: content, amount: 5}, {item: taxi, amount: 1}"
    text = PLAIN.replace("{item: films, amount: 10}", more)
    found = brief(tmp_path, text + "payments: [{date: 2026-04-20, item: films, amount: 12}]\n")
    assert (found.planned, found.paid) == (16, 12)
    assert found.categories() == {"content": 15, "taxi": 1}
