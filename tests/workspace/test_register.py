from __future__ import annotations

import re
from pathlib import Path

import pytest
import yaml
from conftest import ROOT
from hypothesis import given
from hypothesis import strategies as st

from fanops_utils.errors import WorkspaceError
from fanops_utils.text import Written, speak
from fanops_utils.text.sentences.message import Worded
from fanops_utils.workspace import (
    Brand,
    Campaign,
    Experiment,
    Workspace,
    init_workspace,
    open_workspace,
    read_register,
    text_yaml,
)
from fanops_utils.workspace.frozen import fingerprint
from fanops_utils.workspace.registers.campaign import WRITTEN_LATER
from fanops_utils.workspace.text_yaml import read_yaml

CAMPAIGN = """id: launch
name: Launch
objective: Be known
owner: Ana
platform: instagram
metric: engagements
treated: [US]
controls: [DE]
live: {start: 2026-04-13, end: 2026-05-10}
baseline: {start: 2026-02-16, end: 2026-04-12}
"""


def write(folder: Path, text: str) -> Path:
    path = folder / "register.yml"
    path.write_text(text, encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("old", "new", "line", "words"),
    [
        ("metric:", "metrik:", 6, "unknown key 'metrik'. Did you mean 'metric'?"),
        ("instagram", "instgram", 5, "'instgram' is not a valid choice. Did you mean 'instagram'?"),
        ("2026-05-10", "10/05/2026", 9, "'10/05/2026' is not a date. Write it as 2026-11-22"),
        ("end: 2026-05-10", "end: 2026-04-01", 9, "end 2026-04-01 lies before start 2026-04-13"),
        ("controls: [DE]", "controls: [US]", 1, "US is both treated and a control"),
        ("end: 2026-04-12", "end: 2026-04-13", 1, "on or after the start"),
        ("owner: Ana", "owner:", 4, "owner"),
        ("treated: [US]", "treated: []", 7, "treated"),
    ],
)
def test_a_wrong_register_names_file_line_value_and_choice(
    tmp_path: Path, old: str, new: str, line: int, words: str
) -> None:
    path = write(tmp_path, CAMPAIGN.replace(old, new))
    with pytest.raises(WorkspaceError) as caught:
        read_register(path, Campaign)
    assert f"register.yml, line {line}:" in str(caught.value)
    assert words in str(caught.value)


def test_a_missing_key_and_a_double_key_are_refused(tmp_path: Path) -> None:
    with pytest.raises(WorkspaceError, match="the key 'owner' is missing"):
        read_register(write(tmp_path, CAMPAIGN.replace("owner: Ana\n", "")), Campaign)
    with pytest.raises(WorkspaceError, match="line 3: the key stands twice: 'name'"):
        read_register(write(tmp_path, CAMPAIGN.replace("objective", "name")), Campaign)


def test_all_problems_are_told_at_once(tmp_path: Path) -> None:
    path = write(tmp_path, CAMPAIGN.replace("metric:", "metrik:").replace("2026-05-10", "soon"))
    with pytest.raises(WorkspaceError, match=r"(?s)also line \d+"):
        read_register(path, Campaign)


@pytest.mark.parametrize("word", ["NO", "no", "yes", "007", "1e5", "null_", "2026-01-01", "0x10", "1_000"])
def test_text_stays_text(tmp_path: Path, word: str) -> None:
    assert read_yaml(write(tmp_path, f"value: {word}\n")).data == {"value": word}


@given(
    st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Cs")), min_size=1).filter(lambda s: "'" not in s)
)
def test_quoted_text_survives(tmp_path_factory: pytest.TempPathFactory, word: str) -> None:
    path = write(tmp_path_factory.mktemp("yaml"), f"value: '{word}'\n")
    assert read_yaml(path).data == {"value": word}


@pytest.mark.parametrize("text", ["a: [1", "a: b: c", "\t- x", "- just\n- a list\n", "", "plain words"])
def test_what_is_no_register_is_refused_without_traceback(tmp_path: Path, text: str) -> None:
    with pytest.raises(WorkspaceError, match=r"register\.yml"):
        read_register(write(tmp_path, text), Brand)


def test_unknown_time_zone_and_market_name_the_nearest(tmp_path: Path, brand_workspace: Workspace) -> None:
    text = (brand_workspace.path / "brand.yml").read_text(encoding="utf-8")
    with pytest.raises(
        WorkspaceError, match=r"line 4: time_zone: 'Europe/Berln' is not a time zone. Did you mean 'Europe/Berlin'"
    ):
        read_register(write(tmp_path, text.replace("Europe/Berlin", "Europe/Berln")), Brand)
    with pytest.raises(WorkspaceError, match=r"names the unknown market 'UX'. Did you mean 'US'"):
        read_register(write(tmp_path, text.replace("handle: demo_channel, market: US", "handle: c, market: UX")), Brand)
    with pytest.raises(WorkspaceError, match=r"unknown market: 'UX'"):
        brand_workspace.market("UX")


def test_experiment_rules(tmp_path: Path) -> None:
    text = (Path(__file__).parents[2] / "data/sample/experiments/push_copy.yml").read_text(encoding="utf-8")
    assert read_register(write(tmp_path, text), Experiment).allocation == {"long": 0.5, "short": 0.5}
    for old, new, words in (
        ("short: 0.5", "short: 0.4", "add up to 0.9"),
        ("control: long", "control: lonk", "Did you mean 'long'"),
        ("role: decision", "role: exploratory", "no metric has the role 'decision'"),
        ("alpha: 0.05", "alpha: 5", "alpha"),
    ):
        with pytest.raises(WorkspaceError, match=words):
            read_register(write(tmp_path, text.replace(old, new)), Experiment)


NAMED = "name:\n  en: Launch\n  zh-Hans: 上新\n"


def test_a_text_may_be_given_per_language_and_is_its_first_one_for_all_code(tmp_path: Path) -> None:
    usual = read_register(write(tmp_path, CAMPAIGN), Campaign)
    phase = "phases:\n  - {name: %s, kind: live, start: 2026-04-13, end: 2026-05-10, goal: x}\ntargets:\n"
    phase += "  - {metric: reach, low: 0.1, denominator: all, window: main}\n"
    plain = read_register(write(tmp_path, CAMPAIGN + phase % "main"), Campaign)
    worded = read_register(write(tmp_path, CAMPAIGN.replace("name: Launch\n", NAMED)), Campaign)
    assert worded == usual and worded.name == "Launch"
    assert (speak(Written(worded.name), "en"), speak(Written(worded.name), "zh-Hans")) == ("Launch", "上新")
    assert worded.model_dump(mode="json") == usual.model_dump(mode="json")
    assert fingerprint(worded) == fingerprint(usual), "what is frozen stays frozen when a translation is added"
    named = read_register(write(tmp_path, CAMPAIGN + phase % "{en: main, zh-Hans: 主要阶段}"), Campaign)
    assert named == plain, "a phase is found by its first text"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("name: {english: Launch}", "'english' is no language code; write en, zh-Hans, pt-BR"),
        ("name: {en: }", "the text in en is missing"),
        ("name: {}", "a text is wanted, or one per language"),
        ("name: [Launch]", "a text is wanted, or one per language"),
    ],
)
def test_a_text_that_is_none_is_refused(tmp_path: Path, text: str, words: str) -> None:
    with pytest.raises(WorkspaceError, match=re.escape(words)):
        read_register(write(tmp_path, CAMPAIGN.replace("name: Launch", text)), Campaign)


@pytest.mark.parametrize("language", ["en", "zh-Hans"])
def test_the_sample_says_its_texts_in_every_language_of_its_reports(language: str) -> None:
    brand = open_workspace("sample", root=ROOT)
    assert language in brand.brand.languages
    texts = [market.name for market in brand.brand.markets]
    texts += [text for campaign in brand.campaigns.values() for text in (campaign.name, campaign.objective)]
    texts += [
        text
        for one in brand.experiments.values()
        for text in (one.title, one.hypothesis, *(m.label for m in one.metrics))
    ]
    texts += [decision.action for decision in brand.decisions]
    assert all(language in dict(text.texts) for text in texts if isinstance(text, Worded))
    assert all(isinstance(text, Worded) for text in texts)
    for campaign in brand.campaigns.values():
        assert campaign.frozen in (None, fingerprint(campaign, without=WRITTEN_LATER))


@pytest.mark.parametrize(
    ("languages", "words"),
    [
        ("[en, fr]", "'fr' is no language that reports can be written in"),
        ("[en, en]", "a language stands twice"),
        ("[]", "languages"),
    ],
)
def test_reports_are_written_in_languages_there_are(tmp_path: Path, languages: str, words: str) -> None:
    text = (ROOT / "data" / "sample" / "brand.yml").read_text(encoding="utf-8")
    with pytest.raises(WorkspaceError, match=words):
        read_register(write(tmp_path, text.replace("[en, zh-Hans]", languages)), Brand)


def test_init_writes_a_workspace_that_validates(tmp_path: Path) -> None:
    written = init_workspace(tmp_path / "tea")
    assert {path.name for path in written} >= {"brand.yml", "example.yml"}
    assert all("#" in path.read_text(encoding="utf-8") for path in written)
    workspace = open_workspace(tmp_path / "tea")
    workspace.validate()
    assert workspace.markets == ("US",)
    with pytest.raises(WorkspaceError, match="exists already"):
        init_workspace(tmp_path / "tea")
    with pytest.raises(WorkspaceError, match="not a workspace name"):
        init_workspace(tmp_path / "My Brand")


def test_an_unknown_workspace_names_the_nearest(tmp_path: Path) -> None:
    init_workspace(tmp_path / "data" / "tea")
    with pytest.raises(WorkspaceError, match=r"Did you mean 'tea'"):
        open_workspace("tee", root=tmp_path)


def test_a_campaign_in_an_unknown_market_is_refused(brand_workspace: Workspace) -> None:
    folder = brand_workspace.path / "campaigns"
    folder.mkdir()
    (folder / "launch.yml").write_text(CAMPAIGN.replace("[DE]", "[DD]"), encoding="utf-8")
    with pytest.raises(WorkspaceError, match=r"launch\.yml: unknown market: 'DD'. Did you mean 'DE'"):
        brand_workspace.validate()


@pytest.mark.parametrize("path", sorted((ROOT / "data" / "sample").rglob("*.yml")), ids=lambda path: path.stem)
def test_registers_read_the_same_without_libyaml(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    usual = text_yaml.read_yaml(path)
    monkeypatch.setattr(text_yaml, "LOADER", yaml.BaseLoader)
    assert text_yaml.read_yaml(path) == usual


def test_a_list_that_was_emptied_is_empty_and_nothing_else_is(tmp_path: Path) -> None:
    assert read_register(write(tmp_path, CAMPAIGN + "issues:\n"), Campaign).issues == ()
    with pytest.raises(WorkspaceError, match="line 11: currency"):
        read_register(write(tmp_path, CAMPAIGN + "currency:\n"), Campaign)
    with pytest.raises(WorkspaceError, match="line 7: treated"):
        read_register(write(tmp_path, CAMPAIGN.replace("[US]", "")), Campaign)


def test_topics_of_an_unknown_market_are_refused(brand_workspace: Workspace) -> None:
    path = brand_workspace.path / "topics.yml"
    path.write_text("topics:\n  - {id: tea, words: [tea], markets: [UX]}\n", encoding="utf-8")
    with pytest.raises(WorkspaceError, match=r"topics\.yml: unknown market: 'UX'\. Did you mean 'US'"):
        open_workspace(brand_workspace.path).validate()
