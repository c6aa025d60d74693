"""A duty that nobody registered fails the market; shares are told with what they are of, and what is missing by name."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import numpy as np
import pandas as pd
import pytest
from conftest import ROOT
from saying import sane, values

from fanops_utils import models
from fanops_utils.charts import Table
from fanops_utils.data import outside
from fanops_utils.playbook import Finding, Section, TrustPanel
from fanops_utils.sections import market
from fanops_utils.sections.market.outside import sources
from fanops_utils.text import Message, Sentences, say, speak

ON = date(2026, 12, 1)
NEEDED = ("advertising and influencers", "minors", "data protection")


def laws(*topics: str, accessed: str = "2026-11-30") -> pd.DataFrame:
    rows = [("XX", topic, "Law", "Duty", "2020", accessed, "primary") for topic in topics]
    columns = ["market", "topic", "law_en", "duty", "in_force_since", "accessed", "standing"]
    return pd.DataFrame(rows, columns=columns)


@pytest.mark.parametrize("lacking", NEEDED)
def test_each_duty_that_nobody_registered_fails_the_market(lacking: str) -> None:
    known = laws(*(one for one in NEEDED if one != lacking))
    check = market.registered(known, market="XX", on=ON)
    assert (check.status, check.action is None) == ("FAIL", False)
    assert TrustPanel.of(check).status == "FAIL"
    section = market.law(known, market="XX", on=ON)
    growth = Section.of(Finding(id="growth", code="grows", title=say("It grows"), text=say("Fast."), severity="good"))
    told, severity = market.verdict((growth, section), market="XX")
    assert isinstance(told, Sentences) and told.parts[0] == section.finding.verdict, "no go without the law"
    assert severity == "alert" and section.finding.weight == "chapter", "a failed check is no footnote"


@pytest.mark.parametrize("lacking", [(), ("minors",)])
def test_what_publishes_anew_waits_until_the_law_is_cleared(lacking: tuple[str, ...]) -> None:
    known = laws(*(one for one in NEEDED if one not in lacking))
    section, check = market.law(known, market="XX", on=ON), market.registered(known, market="XX", on=ON)
    hours = Finding(
        id="hours", code="claimed", title=say("Noon"), text=say("Noon."), estimate=0.2, ci_lower=0.1, ci_upper=0.3
    )
    growth = Finding(id="growth", code="shrinks", title=say("It shrinks"), text=say("Slowly."))
    formats = Finding(id="formats", code="clear", title=say("Images"), text=say("Images."))
    found = [Section.of(one) for one in (hours, growth, formats)]
    free = {play.because: play for play in market.plays(found, owner="lead", on=ON)}
    told = {play.because: play for play in market.plays([*found, section], owner="lead", on=ON)}
    assert set(told) == {*free, "law"} if lacking else set(told) == set(free)
    for name, play in free.items():
        waits = bool(lacking) and name != "growth"  # to find out what draws followers begins nothing
        assert (told[name].action == play.action) is not waits, name
        if waits:
            assert play.action in values(told[name].action).values() and told[name].note is not None
    other = [replace(free["hours"], because="content_type", code="less"), replace(free["hours"], because="series")]
    launch = replace(free["hours"], because="detectable", metric_id="engagements")
    for one, waits in ((replace(launch, because="best_posts"), True), (replace(launch, because="slots"), True),
                       (launch, True), (replace(launch, metric_id=None), False)):  # fmt: skip
        (seen,) = market.cleared((one,), check)
        assert (seen != one) is (waits and bool(lacking)), "a start waits, a plan that has ended or never was does not"
    passed = replace(check, status="PASS")
    assert (
        market.strictest([passed, check]) == (check if lacking else passed)
        and market.strictest([passed, passed]) == passed
    )
    less, series = market.cleared(other, check)
    assert less == other[0], "to post less begins nothing"
    assert (series == other[1]) is not bool(lacking)


def test_a_duty_stands_with_its_number() -> None:
    (table,) = (
        one for one in market.law(outside.regulations(root=ROOT), market="DE", on=ON).parts if isinstance(one, Table)
    )
    told = [speak(row[2], "en") for row in table.rows if row[2] is not None]
    assert "72 hours" in told and "16 years" in told, "parental consent below what?"


def test_a_market_without_any_row_fails_and_one_that_has_all_passes_until_its_rows_are_old() -> None:
    assert market.registered(laws(*NEEDED), market="YY", on=ON).status == "FAIL"
    assert market.registered(laws(*NEEDED), market="XX", on=ON).status == "PASS"
    assert market.registered(laws(*NEEDED), market="XX", on=ON + timedelta(days=200)).status == "REVIEW"
    assert market.registered(laws(*NEEDED), market="XX", on=None).status == "PASS"
    shipped = outside.regulations(root=ROOT)
    states = {code: market.registered(shipped, market=code, on=ON).status for code in ("DE", "US", "MX", "JP")}
    assert states == {"DE": "PASS", "US": "PASS", "MX": "FAIL", "JP": "FAIL"}, "no row on age limits was found for two"


def penetration(code: str, *platforms: str, people: pd.DataFrame | None = None, adults: int | None = None) -> Section:
    known = outside.populations(root=ROOT) if people is None else people
    given = {code: float(adults)} if adults else {}
    shares = models.penetration(outside.platform_sizes(root=ROOT), known, adults=given)
    counted = code in set(known["market"])
    return market.penetration(shares, market=code, platforms=platforms, beside=["US"], counted=counted)


def test_penetration_says_of_whom_and_names_platforms_without_a_size() -> None:
    compared = penetration("DE", "instagram", "youtube")
    found = sane(compared)
    assert found.code == "compared" and 0 < (found.estimate or 0) < 1 and values(found.title)["markets"]
    assert "YouTube" in speak(found.text, "en") and "Instagram" not in speak(found.text, "en")
    alone = sane(penetration("JP", "instagram", "tiktok"))
    assert alone.code == "alone" and "Instagram, TikTok" in speak(alone.text, "en")
    (table,) = (one for one in penetration("DE", adults=70_000_000).parts if isinstance(one, Table))
    wholes = {speak(row[3], "en") for row in table.rows if speak(row[0], "en") == "DE"}
    assert len(wholes) == 2, "of all inhabitants, and of adults where the register says how many"


def test_a_market_of_which_nothing_is_known_says_what_is_missing() -> None:
    nobody = penetration("DE", "instagram", people=pd.DataFrame({"market": ["FR"], "people": [6e7]}))
    assert nobody.finding.status == "no_data" and "populations.csv" in speak(nobody.finding.title, "en")
    unknown = penetration("ZZ", "x")
    assert unknown.finding.status == "no_data"


def test_what_a_source_counts_has_its_words_and_adults_over_everybody_are_called_so() -> None:
    shipped = outside.platform_sizes(root=ROOT)
    assert set(shipped["measure"]) <= set(sources.MEASURES), "a measure without words stays English on a Chinese page"
    assert not [one for one in set(shipped["platform"]) if speak(sources.platform(one), "en").islower() and one not in
                ("all", "internet")], "a platform is called by its name"  # fmt: skip
    of_adults, of_all = penetration("BR").finding, penetration("DE").finding
    assert isinstance(of_adults.text, Sentences) and isinstance(of_all.text, Sentences)
    assert len(of_adults.text.parts) == len(of_all.text.parts) + 1, "18+ over inhabitants of all ages"


def earned(**of: int) -> models.Earnings:
    rows = [(name, "2026-10-30", likes, 0, 0) for name, likes in of.items() for _ in range(5)]
    frame = pd.DataFrame(rows, columns=["brand", "date_day", "likes", "comments", "shares"])
    frame["date_day"] = pd.to_datetime(frame["date_day"])
    return models.earnings(frame, brand="us", rivals=["them", "others"], until=pd.Timestamp("2026-10-31"))


def test_earned_interactions_stand_beside_mentions_each_by_its_name() -> None:
    nothing = pd.DataFrame(columns=["date_day", "brand"]).astype({"date_day": "datetime64[ns]"})
    silent = models.conversation(nothing, brand="us", rivals=["them"], until=pd.Timestamp("2026-10-31"))
    found = sane(market.structure(earned(us=10, them=30), silent, platform="instagram", brand="us"))
    assert (found.code, found.estimate) == ("rival", 0.75)
    ours = sane(market.structure(earned(us=30, them=10), silent, platform="instagram", brand="us"))
    assert (ours.code, ours.estimate) == ("ours", 0.75)
    assert np.isnan(silent.hhi)
    even = market.structure(earned(us=20, them=20), silent, platform="instagram", brand="us").finding
    assert isinstance(even.title, Message) and isinstance(ours.title, Message)
    assert even.title.text != ours.title.text, "nobody is called first who is not told apart"
    lone = market.structure(earned(us=10), silent, platform="instagram", brand="us")
    assert sane(lone).status == "no_data"
