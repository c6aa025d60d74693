"""The planted truths of the simulated brand, found again by the calls the notebooks make, after a real import."""

from __future__ import annotations

import json
from datetime import date, timedelta
from typing import Any

import numpy as np
import pandas as pd
import pytest
from saying import parts, values
from trial_truths import expected, unbent

from fanops_utils import experiments, metrics, models, sections
from fanops_utils.charts import Table
from fanops_utils.data import reference, warehouse
from fanops_utils.data.sample.trials.truths import TRIALS
from fanops_utils.experiments import ReadOut, cuts
from fanops_utils.models import CampaignEffect
from fanops_utils.playbook import Finding
from fanops_utils.sections import campaigns, data_checks, words
from fanops_utils.sections.experiments import readout
from fanops_utils.sections.experiments.readout.reading import DIMENSIONS
from fanops_utils.text import Clock, Count, Day, Period, Written, in_words
from fanops_utils.workspace import Workspace, choose_period

MARKETS = ("US", "MX", "BR", "DE", "FR", "JP")
DAYS_PER_MONTH = 365.25 / 12
PERIOD = Period.of(None, None)


@pytest.fixture(scope="module")
def store(demo: Workspace) -> warehouse.Store:
    return warehouse.Store(demo)


@pytest.fixture(scope="module")
def truth(demo: Workspace) -> dict[str, Any]:
    return json.loads((demo.path / "truth.json").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def period(store: warehouse.Store) -> dict[str, Any]:
    as_of = warehouse.data_as_of(store, "account_daily", "posts", "mentions")
    first, last = choose_period(None, None, as_of=as_of, days=365)
    return {"start": first, "end": last}


@pytest.fixture(scope="module")
def posts(store: warehouse.Store, period: dict[str, Any]) -> dict[str, pd.DataFrame]:
    found = {code: warehouse.post_table(store, market=code, **period) for code in MARKETS}
    return {code: frame[frame["platform"] == "instagram"] for code, frame in found.items()}


def effect_of(store: warehouse.Store, name: str) -> CampaignEffect:
    brief = store.workspace.campaign(name)
    earlier = [one.live for one in store.workspace.earlier_campaigns(brief)]
    daily = warehouse.daily_by_market(store, platform=brief.platform, metric=brief.metric, without=earlier)
    markets = {"treated": brief.treated, "controls": brief.controls}
    return models.campaign_effect(daily, **markets, live=brief.live, baseline=brief.baseline, level=0.9)


def read_out_of(store: warehouse.Store, name: str) -> ReadOut:
    units, design = warehouse.arm_units(store, experiment=name), store.workspace.experiment(name)
    return experiments.read_out(units, design, as_of=experiments.data_day(units, design))


def test_the_campaign_that_worked_is_found_near_its_size(store: warehouse.Store, truth: dict[str, Any]) -> None:
    found, brief = effect_of(store, "spring_blend_br"), store.workspace.campaign("spring_blend_br")
    lift = truth["campaigns"]["spring_blend_br"]["engagements"] - 1
    assert found.verdict == "worked"
    assert found.effect.ci_lower < lift < found.effect.ci_upper
    assert found.effect.estimate == pytest.approx(lift, abs=0.04)
    assert abs(found.before_after - lift) > 0.04, "the plain change, with trend and season in it, misses by more"
    said = campaigns.retrospective.effect(found, brief, level=0.9).finding
    assert (said.severity, said.estimate) == ("good", found.effect.estimate)
    known = campaigns.retrospective.measured(found, brief)
    reached = campaigns.retrospective.against_targets(brief, known).set_index("metric")
    assert reached.loc["engagements", "verdict"] == "hit", "the brief asks 15 %, 22 % is planted"
    cost = campaigns.retrospective.cost(found, brief).finding
    assert cost.estimate == pytest.approx(18_700 / found.extra.estimate), "what was paid, not what was planned"
    assert cost.ci_lower < cost.estimate < cost.ci_upper


def test_the_campaign_that_did_nothing_has_no_clear_effect(store: warehouse.Store, truth: dict[str, Any]) -> None:
    found, brief = effect_of(store, "autumn_push_de"), store.workspace.campaign("autumn_push_de")
    assert truth["campaigns"]["autumn_push_de"]["engagements"] == 1.0
    assert found.verdict == "no clear effect"
    assert found.effect.ci_lower < 0 < found.effect.ci_upper
    assert abs(found.effect.estimate) < 0.05
    assert campaigns.retrospective.effect(found, brief, level=0.9).finding.severity == "watch"
    cost = campaigns.retrospective.cost(found, brief).finding
    assert cost.estimate is None, "nothing is divided by an effect that may be zero"
    assert found.placebo_time is not None
    assert found.placebo_time.n >= 6, "the weeks of the spring campaign, left out, leave enough history"


def test_the_welcome_message_ships_with_its_planted_effects(store: warehouse.Store, truth: dict[str, Any]) -> None:
    found, planted = read_out_of(store, "welcome_message"), truth["experiments"]["welcome_message"]["outcomes"]
    assert (found.verdict, found.winner) == ("ship", "personal")
    assert {one.metric for one in found.comparisons} == set(planted)
    for one in found.comparisons:
        assert one.ci_lower < planted[one.metric]["effect"] < one.ci_upper, one.metric
        assert one.control_mean == pytest.approx(planted[one.metric]["control"], rel=0.1), one.metric
    design = store.workspace.experiment("welcome_message")
    assert readout.guardrails(found, design).finding.code == "hold"


def test_the_push_text_that_does_nothing_does_not_ship(store: warehouse.Store) -> None:
    found = read_out_of(store, "push_copy")
    assert (found.verdict, found.winner) == ("do_not_ship", None)
    assert all(one.ci_lower < 0 < one.ci_upper for one in found.comparisons)


def test_the_badge_trial_that_lost_units_is_invalid(store: warehouse.Store) -> None:
    found, design = read_out_of(store, "badge_design"), store.workspace.experiment("badge_design")
    assert (found.verdict, found.winner, found.comparisons) == ("invalid", None, ())
    ratio = next(gate for gate in found.gates if gate.code == "sample_ratio")
    assert ratio.p_value is not None
    assert ratio.p_value < 0.001
    answers = [part(found, design).finding for part in (readout.effect, readout.guardrails)]
    assert [(one.code, one.estimate) for one in answers] == [("invalid", None)] * 2
    assert readout.ruling(found, design).severity == "alert"


def test_the_gift_ships_and_its_market_differences_are_found(store: warehouse.Store, truth: dict[str, Any]) -> None:
    design, planted = store.workspace.experiment("first_order_gift"), truth["experiments"]["first_order_gift"]
    units = warehouse.arm_units(store, experiment=design.id)
    found = experiments.read_out(units, design, as_of=experiments.data_day(units, design))
    assert (found.verdict, found.winner) == ("ship", "gift")
    assert found.gates and not any(gate.code in ("unagreed_window", "immature") for gate in found.gates)
    others = cuts.choices(units, design, found, rng=np.random.default_rng(1)).set_index("choice")
    plain = others.loc["cuped_not_winsorised"]
    factors = planted["market_factors"]
    expected = planted["outcomes"]["revenue_28d"]["effect"] * np.mean(list(factors.values()))
    assert plain["ci_lower"] < expected < plain["ci_upper"]
    table = cuts.segment_effects(units, design, found)
    segments = readout.segments(found, design, table).finding
    assert (segments.code, values(segments.title)["dimension"]) == ("differ", DIMENSIONS["market"])
    by_market = table.set_index("segment")["shrunk"]
    assert by_market["JP"] < by_market["BR"] < by_market["US"]
    clicks = next(one for one in found.comparisons if one.metric == "opened_share")
    assert clicks.ci_lower < planted["outcomes"]["opened_share"]["effect"] < clicks.ci_upper


def test_the_digest_does_not_ship_because_of_its_guardrail_and_wears_off(store: warehouse.Store) -> None:
    design = store.workspace.experiment("daily_digest")
    units = warehouse.arm_units(store, experiment=design.id)
    found = experiments.read_out(units, design)
    assert found.verdict == "do_not_ship"
    rails = readout.guardrails(found, design).finding
    assert (rails.code, values(rails.title)["metric"]) == ("harm", Written("Unsubscribed"))
    assert readout.novelty(found, design, cuts.day_effects(units, design, found)).finding.code == "fades"
    assert design.is_changed
    (record,) = readout.record(found, design, folder=store.workspace.path).parts
    assert isinstance(record, Table)
    assert [str(values(row[1])["keys"]) for row in record.rows if "keys" in values(row[1])] == ["metrics"]


def test_training_hosts_of_whole_groups_stays_inconclusive(store: warehouse.Store) -> None:
    found = read_out_of(store, "host_training")
    assert found.verdict == "stop"
    (one,) = found.comparisons
    assert one.clusters == 36
    assert one.ci_lower < 0 < one.ci_upper


def test_one_hour_of_the_push_wins_after_correction_and_the_others_are_named(store: warehouse.Store) -> None:
    found, design = read_out_of(store, "push_hour"), store.workspace.experiment("push_hour")
    assert (found.verdict, found.winner) == ("ship", "at_12")
    opened = {one.treatment: one for one in found.comparisons if one.metric == "opened"}
    assert opened["at_12"].p_adjusted == pytest.approx(3 * opened["at_12"].p_value), "Holm over three treatments"
    said = readout.effect(found, design).finding.text
    assert [values(part)["arm"].text for part in parts(said) if set(values(part)) >= {"arm", "interval"}] == [
        "at 12",
        "at 07",
        "at 21",
    ]
    assert values(parts(said)[-1])["n"] == Count(3.0), "that one is better than the next is not tested"


def test_the_reply_bot_is_read_by_days_and_the_captions_by_pairs(store: warehouse.Store) -> None:
    for name, counted, unit in (("reply_bot", 28, "slot_day"), ("caption_length", 64, "pair")):
        found, design = read_out_of(store, name), store.workspace.experiment(name)
        decision = found.comparisons[0]
        assert (found.verdict, decision.clusters, decision.df) == ("ship", counted, counted - 1)
        told = values(readout.effect(found, design).finding.text)
        assert (values(told["count"])["n"], values(told["units"])["n"]) == (Count(counted), Count(float(decision.n)))
        assert told["column"] == in_words(unit)
        assert readout.enough(found, design).status == "PASS"


def test_every_planted_effect_is_covered_at_a_level_for_all_together(store: warehouse.Store) -> None:
    sound = [name for name in TRIALS if name != "badge_design"]
    plans = {name: store.workspace.experiment(name) for name in sound}
    intervals = sum(len(plan.metrics) * len(plan.treatments) for plan in plans.values())
    level = 0.01 / intervals
    missed = []
    for name, plan in plans.items():
        units = warehouse.arm_units(store, experiment=name)
        for one in experiments.read_out(units, unbent(plan, alpha=level)).comparisons:
            truth = expected(units, plan, TRIALS[name], one.metric, one.treatment)
            assert one.alpha == pytest.approx(level)
            if not one.ci_lower <= truth <= one.ci_upper:
                missed.append((name, one.metric, one.treatment, one.estimate, truth))
    assert missed == []
    assert intervals >= 27


def test_the_planted_hour_lies_in_the_set_that_is_claimed(period: dict[str, Any], store: warehouse.Store) -> None:
    best = int(json.loads((store.workspace.path / "truth.json").read_text(encoding="utf-8"))["posts"]["best_hour"])
    for code in MARKETS:
        posts = models.comparable_posts(warehouse.tagged_posts(store, market=code, **period))
        timing = models.time_posts(posts[posts["platform"] == "instagram"])
        assert timing.code == "claimed" and min(abs(hour - best) for hour in timing.hours) <= 1, code
        assert timing.naive_hour in range(18, 23), f"{code}: reels go out in the evening, so a plain table names it"
        said = sections.content.when(timing, period=PERIOD).finding.text
        told = [values(sentence).get("hour") for sentence in parts(said)]
        assert Clock(float(timing.naive_hour)) in told, f"{code}: the reading warns of the table"


def test_giveaway_members_stay_least_and_clearly_so(store: warehouse.Store, truth: dict[str, Any]) -> None:
    fans, days = warehouse.fan_members(store), warehouse.fan_days(store)
    as_of = warehouse.data_as_of(store, "fan_day")
    kept = metrics.retention(fans, days, day=30, kind="unbounded", as_of=as_of, by="acquisition").set_index(
        "acquisition"
    )
    people = truth["worlds"]["people"]
    planted = {name: source["kept"] for name, source in people["sources"]} | {"referral": people["invited"]["kept"]}
    assert set(kept.index) == set(planted)
    others = kept.drop(index="giveaway")
    assert kept.loc["giveaway", "ci_upper"] < others["ci_lower"].min()
    assert kept.loc["giveaway", "ci_lower"] < planted["giveaway"] < kept.loc["giveaway", "ci_upper"]
    assert (kept["estimate"] - pd.Series(planted)).abs().max() < 0.04
    curve = metrics.retention_curve(fans, days, kind="n_day", as_of=as_of, by="acquisition")
    said = sections.audience.staying(kept.reset_index(), curve, day=30, as_of=as_of).finding
    assert (said.severity, said.estimate) == ("watch", kept.loc["giveaway", "estimate"])
    assert values(said.title)["way"] == words.way("giveaway")


def test_only_the_crisis_week_raises_the_alarm(store: warehouse.Store, truth: dict[str, Any]) -> None:
    brand, planted = store.workspace.brand.name, truth["listening"]
    alarms = {}
    for code in MARKETS:
        weeks = metrics.weekly_negative(warehouse.mention_counts(store, market=code), brand=brand)
        alarms[code] = [str(day.date()) for day in weeks.loc[weeks["alarm"], "week_start"]]
    assert alarms.pop(planted["crisis_market"]) == [planted["crisis_start"]]
    assert sum(map(len, alarms.values())) <= 1


def test_the_crisis_is_read_aloud_in_the_market_s_report(
    store: warehouse.Store, period: dict[str, Any], truth: dict[str, Any]
) -> None:
    mentions = warehouse.mention_counts(store, market=truth["listening"]["crisis_market"], **period)
    brand = store.workspace.brand.name
    began = date.fromisoformat(truth["listening"]["crisis_start"])

    def read_on(day: date) -> Finding:
        weeks = metrics.weekly_negative(mentions, brand=brand, as_of=day)
        return sections.market.tone(weeks, brand=brand, period=PERIOD).finding

    said = read_on(began + timedelta(days=13))
    assert said.severity == "alert"
    assert said.estimate is not None
    assert said.estimate > 3
    assert values(said.title)["week"] == Day(truth["listening"]["crisis_start"])
    assert read_on(period["end"]).code == said.code and read_on(period["end"]).severity == "info", "months later"


@pytest.mark.parametrize("market", MARKETS)
def test_reels_lead_by_reach_and_per_person_reached(
    posts: dict[str, pd.DataFrame], truth: dict[str, Any], market: str
) -> None:
    reach = posts[market].groupby("post_type")["reach"].median().sort_values()
    assert reach.index[-1] == "short_video"
    assert reach.iloc[-1] / reach.iloc[-2] == pytest.approx(truth["posts"]["reel_reach"], rel=0.25)
    table = metrics.by_group(posts[market], "post_type", denominator="reach")
    overall = metrics.engagement_rate(posts[market], denominator="reach")
    said = sections.market.formats(table, overall, platform="instagram", period=PERIOD).finding
    assert said.severity == "good"
    assert values(said.title)["best"] == words.posts_of("short_video", first=True)


def test_the_rename_leaves_impressions_before_and_views_after(store: warehouse.Store, truth: dict[str, Any]) -> None:
    every = warehouse.post_table(store)
    dated = every[(every["platform"] == "instagram") & every["created_timestamp"].notna()]
    renamed = pd.Timestamp(truth["posts"]["renamed"], tz="America/Los_Angeles")
    before = dated["created_timestamp"] < renamed
    assert 0 < before.sum() < len(dated)
    assert (dated["impressions"].notna() == before).all()
    assert (dated["views"].notna() == ~before).all()


def test_the_rename_is_named_only_where_the_period_spans_it(period: dict[str, Any]) -> None:
    breaks = reference.metric_breaks()
    whole = data_checks.no_break(breaks, platforms=["instagram"], start=None, end=period["end"])
    assert whole.status == "REVIEW"
    renamed = {(values(change)["platform"], values(change)["metric"]) for change in parts(whole.finding)}
    assert (words.platform("instagram"), words.column("impressions")) in renamed
    assert data_checks.no_break(breaks, platforms=["instagram"], **period).status == "PASS"


def test_broken_rows_are_set_aside_and_repeated_ones_counted(store: warehouse.Store, truth: dict[str, Any]) -> None:
    log, broken = store.read("import_log").set_index("file"), truth["broken"]
    assert len(broken) == 10
    for path, planted in broken.items():
        entry = log.loc[f"raw/{path}"]
        assert (entry["rows_quarantined"], entry["rows_duplicate"]) == (planted["quarantined"], planted["duplicate"]), (
            path
        )
        assert entry["rows_in"] == truth["files"][path]["rows"], path
    good = log.drop(index=[f"raw/{path}" for path in broken])
    assert good["rows_quarantined"].sum() == 0
    overlapping = good["rows_duplicate"] > 0
    assert good.index[overlapping].str.startswith("raw/tiktok/").all(), "only TikTok's windows overlap"
    assert (log["rows_in"] == log["rows_loaded"] + log["rows_quarantined"] + log["rows_duplicate"]).all()


def test_every_quarantined_row_has_file_row_and_reason(store: warehouse.Store, truth: dict[str, Any]) -> None:
    aside = store.read("quarantine")
    rows = aside.groupby("file")["source_row"].nunique()
    assert rows.to_dict() == {
        f"raw/{path}": planted["quarantined"] for path, planted in truth["broken"].items() if planted["quarantined"]
    }
    assert (aside["reason"].str.len() > 0).all()


def test_targets_are_measured_by_the_last_days_their_files_have_however_late_the_run(store: warehouse.Store) -> None:
    look = metrics.lookup(store)
    for target in store.workspace.targets:
        for market in target.markets or (None,):
            months = [look(target.metric, market, target.platform, last - timedelta(days=27), last)
                      for last in (date(2026, 11, 29), date(2026, 12, 29))]  # fmt: skip
            assert months[0] is not None, (target.id, market)
            assert months[0] == months[1], (target.id, market)


def test_share_of_voice_is_the_planted_one(store: warehouse.Store, truth: dict[str, Any]) -> None:
    brand, covered = store.workspace.brand.name, 0
    for code in MARKETS:
        table = metrics.share_of_voice(warehouse.mention_counts(store, market=code), brand=brand)
        ours, planted = table[table["is_ours"]].iloc[0], truth["markets"][code]["share_of_voice"]
        assert ours["estimate"] == pytest.approx(planted, abs=0.015), code
        covered += int(ours["ci_lower"] < planted < ours["ci_upper"])
        assert sections.market.voice(table, brand=brand).finding.estimate == ours["estimate"]
    assert covered >= 5


def test_followers_grow_as_planted(store: warehouse.Store, period: dict[str, Any], truth: dict[str, Any]) -> None:
    followers = warehouse.follower_days(store, **period)
    assert set(followers["platform"]) == {"tiktok"}, "the platform whose files count followers every day"
    found = metrics.growth_by(followers, by="market").set_index("market")["estimate"]
    monthly = np.log1p(found) * DAYS_PER_MONTH / 28
    for code in MARKETS:
        assert monthly[code] == pytest.approx(truth["markets"][code]["tiktok_growth"], abs=0.002), code
