"""Worlds beside each other: another truth changes the files of its world alone, and null twins can be asked for."""

from __future__ import annotations

import os
import shutil
from dataclasses import fields, replace
from fnmatch import fnmatchcase
from pathlib import Path

import pytest
from sample_worlds import files_of, setting

from fanops_utils.data.sample import write_sample
from fanops_utils.data.sample.people.buying import ShopTruth
from fanops_utils.data.sample.people.population import PeopleTruth
from fanops_utils.data.sample.trials.truths import Outcome, TrialTruth
from fanops_utils.data.sample.truths import Truths
from fanops_utils.data.sample.worlds.channels.daily import DailyTruth
from fanops_utils.data.sample.worlds.channels.followers import FollowersTruth
from fanops_utils.data.sample.worlds.channels.live import LiveTruth
from fanops_utils.data.sample.worlds.channels.posts import ContentTruth, PostTruth
from fanops_utils.data.sample.worlds.channels.web import WebTruth
from fanops_utils.data.sample.worlds.commerce.budget import BudgetTruth
from fanops_utils.data.sample.worlds.commerce.loyalty import LoyaltyTruth
from fanops_utils.data.sample.worlds.commerce.programme import ProgrammeTruth
from fanops_utils.data.sample.worlds.commerce.promotion import PromotionTruth
from fanops_utils.data.sample.worlds.commerce.subscriptions import SubscriptionTruth
from fanops_utils.data.sample.worlds.commerce.survey import SurveyTruth
from fanops_utils.data.sample.worlds.members.advocates import AdvocateTruth
from fanops_utils.data.sample.worlds.members.club import ClubTruth
from fanops_utils.data.sample.worlds.members.satisfaction import SatisfactionTruth
from fanops_utils.data.sample.worlds.members.talk import TalkTruth
from fanops_utils.data.sample.worlds.outside.crisis import CrisisTruth
from fanops_utils.data.sample.worlds.outside.listening import ListeningTruth
from fanops_utils.data.sample.worlds.outside.rivals import RivalsTruth
from fanops_utils.data.sample.worlds.outside.voices import VoiceTruth
from fanops_utils.data.sample.worlds.registry import SHOWS_IN, WORLDS
from fanops_utils.workspace import Workspace

SEED, SCALE = 5, 0.05
OTHER = {
    "club": ClubTruth(like=0.3), "advocates": AdvocateTruth(active=0.2),
    "talk": TalkTruth(replies=0.3), "loyalty": LoyaltyTruth(use_days=60.0),
    "subscriptions": SubscriptionTruth(takers=0.2), "satisfaction": SatisfactionTruth(critics=0.3),
    "rivals": RivalsTruth(noise=0.002),
    "content": ContentTruth(half_life=12.0), "crisis": CrisisTruth(answered=0.3), "budget": BudgetTruth(year=1e5),
    "followers": FollowersTruth(other=("DE", (0.5, 0.1, 0.1, 0.1, 0.1, 0.1))), "live": LiveTruth(buys=0.03),
    "programme": ProgrammeTruth(per_month=1), "promotion": PromotionTruth(deliveries=3), "web": WebTruth(engaged_share=0.5),
    "survey": SurveyTruth(answer_share=0.3), "trials": {"push_copy": TrialTruth({"opened": Outcome(0.3), "muted": Outcome(0.02)})},
    "voices": VoiceTruth(user_shares=()), "listening": ListeningTruth(negative_share=0.1), "posts": PostTruth(reel_reach=3.0),
    "daily": DailyTruth(noise_sd=0.1),
}  # fmt: skip
QUICK = (
    "club",
    "talk",
    "subscriptions",
    "rivals",
    "crisis",
    "followers",
    "trials",
    "posts",
)  # one of each kind of draw
SHOWN_IN = {**{name: world.writes for name, world in WORLDS.items()}, **SHOWS_IN}
OF_NOBODY = ("budget/*", "listening/*", "live/*", "sources/*", "content/*")  # no person of ours stands in them


@pytest.fixture(scope="module")
def plain() -> dict[str, bytes]:
    return {path: file.content for path, file in files_of(setting(SEED, SCALE)).items()}


def changed(plain: dict[str, bytes], truths: Truths) -> set[str]:
    again = {path: file.content for path, file in files_of(setting(SEED, SCALE, truths)).items()}
    return {path for path in plain.keys() | again.keys() if plain.get(path) != again.get(path)}


def test_every_world_with_a_truth_is_varied() -> None:
    assert {*OTHER, "people", "shop", "markets"} == {one.name for one in fields(Truths)}
    assert set(SHOWN_IN) == {*OTHER, "referral"}


def test_the_same_truth_gives_the_same_bytes(plain: dict[str, bytes]) -> None:
    assert changed(plain, Truths()) == set()


@pytest.mark.parametrize("name", OTHER if os.environ.get("FANOPS_SLOW") else QUICK)
def test_another_truth_changes_the_files_of_its_world_alone(plain: dict[str, bytes], name: str) -> None:
    moved = changed(plain, replace(Truths(), **{name: OTHER[name]}))
    assert moved
    assert [path for path in moved if not any(fnmatchcase(path, one) for one in SHOWN_IN[name])] == []


@pytest.mark.parametrize("truths", [Truths(people=PeopleTruth(comes_back=0.0)), Truths(shop=ShopTruth(r=0.5))])
def test_people_and_buying_move_nothing_that_no_person_stands_in(plain: dict[str, bytes], truths: Truths) -> None:
    moved = changed(plain, truths)
    assert moved
    assert [path for path in moved if any(fnmatchcase(path, one) for one in OF_NOBODY)] == []


def test_only_the_files_that_change_are_written(tmp_path: Path) -> None:
    registers = Path(__file__).parents[4] / "data" / "sample"
    shutil.copytree(registers, tmp_path / "sample", ignore=shutil.ignore_patterns("raw", "warehouse", "truth.json"))
    workspace = Workspace(tmp_path / "sample")
    before = {path: path.stat().st_ino for path in write_sample(workspace, seed=SEED, scale=SCALE).files}
    summary = write_sample(workspace, seed=SEED, scale=SCALE, truths=Truths(budget=OTHER["budget"]))
    after = {path: path.stat().st_ino for path in summary.files}
    assert before.keys() == after.keys()
    assert [path.name for path in before if before[path] != after[path]] == ["lines.csv"]
    assert '"year": 100000.0' in summary.truth.read_text(encoding="utf-8")
