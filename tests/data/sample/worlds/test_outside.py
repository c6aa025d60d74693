"""Rivals, partners, mentions, content, budget, sources, streams, satisfaction: planted, and where nothing is."""

from __future__ import annotations

import io
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from sample_worlds import (
    SEEDS,
    TRUTHS,
    are_members,
    differ,
    is_near,
    local_day,
    making,
    orders,
    setting,
    share_there,
    table,
)

from fanops_utils.data.sample.formats.ga4 import ga4_files
from fanops_utils.data.sample.worlds.channels.daily import instagram_days
from fanops_utils.data.sample.worlds.channels.posts import instagram_posts

DAYS_PER_MONTH = 365.25 / 12


def slope(values: pd.Series) -> float:
    """Return the growth of the log per month of a daily series."""
    days = np.arange(len(values)) / DAYS_PER_MONTH
    return float(np.polyfit(days, np.log(values.to_numpy()), 1)[0])


@pytest.mark.parametrize("seed", SEEDS)
def test_rivals_grow_by_their_curves(seed: int) -> None:
    days = table(seed, "listening/rival_days.csv").assign(Day=lambda frame: pd.to_datetime(frame["Day"]))
    for _, own in days.groupby("Handle"):
        followers, rival = own.set_index("Day")["Followers"], dict(TRUTHS.rivals.rivals)[own["Brand"].iloc[0]]
        if rival.breaks:
            assert slope(followers[: rival.breaks]) == pytest.approx(rival.growth, abs=0.001)
            assert slope(followers[rival.breaks :]) == pytest.approx(rival.after, abs=0.001)
        elif rival.ceiling:
            size = rival.ceiling / rival.followers * followers.iloc[0]
            odds = np.log(followers / (size - followers).clip(lower=1))
            assert np.polyfit(np.arange(300) / DAYS_PER_MONTH, odds.iloc[:300], 1)[0] == pytest.approx(
                rival.growth, rel=0.06
            )
            assert slope(followers.iloc[:90]) > 5 * slope(followers.iloc[-90:])
        else:
            halves = slope(followers.iloc[:365]), slope(followers.iloc[365:])
            assert halves == pytest.approx((rival.growth, rival.growth), abs=0.001), "no break where none is"


@pytest.mark.parametrize("seed", SEEDS)
def test_rivals_formats_cadence_and_topics_do_what_is_planted(seed: int) -> None:
    posts = table(seed, "listening/rival_posts.csv")
    rate = np.log((posts[["Likes", "Comments", "Shares"]].sum(axis=1) + 0.5) / posts["Followers"])
    for name, rival in TRUTHS.rivals.rivals:
        own = posts["Brand"] == name
        weeks = 730 / 7 * posts.loc[own, "Country"].nunique()
        assert own.sum() / weeks == pytest.approx(rival.per_week, abs=4 * np.sqrt(rival.per_week / weeks))
        assert is_near((posts.loc[own, "Format"] == "reel").sum(), own.sum(), rival.formats[0])
        reel, beaten = own & (posts["Format"] == "reel"), own & (posts["Topic"] == "recipe")
        for part, planted in ((reel, rival.reel), (beaten, dict(rival.beats).get("recipe", 1.0))):
            found = rate[part].mean() - rate[own & ~part].mean()
            error = np.sqrt(rate[part].var() / part.sum() + rate[own & ~part].var() / (own & ~part).sum())
            assert found == pytest.approx(np.log(planted), abs=3.5 * error), name


@pytest.mark.parametrize("seed", SEEDS)
def test_types_series_and_demand_show_in_the_posts_and_their_twins_do_not(seed: int) -> None:
    truth, made = TRUTHS.content, making(seed)
    tags = table(seed, "content/tags.csv")
    posts = pd.concat([instagram_posts(made, code).assign(market=code) for code in made.workspace.markets])
    posts = posts.reset_index(drop=True)
    posts = posts[~posts["collab"]].assign(**{"Post ID": posts["post_id"].astype("int64")})
    posts = posts.merge(tags[["Post ID", "Type", "Series"]], on="Post ID")
    posts = posts[posts["reach"] > 500].reset_index(drop=True)
    rate = np.log(posts[["likes", "comments", "shares", "saves"]].sum(axis=1) / posts["reach"])
    angle = 2 * np.pi * posts["hour"] / 24
    wanted = (posts["market"] == "JP") & (posts["topic"] == "recipe")
    columns = {
        "one": 1.0, "reel": posts["format"] == "reel", "cos": np.cos(angle), "sin": np.sin(angle),
        **{f"topic {one}": posts["topic"] == one for one in ("product", "behindthescenes", "fans")},
        **{name: posts["Type"] == name for name, _, _ in truth.types if name != "interaction"},
        **{name: posts["Series"] == name for name, _, _ in truth.series},
        "demand": wanted, "no demand": (posts["market"] == "US") & (posts["topic"] == "recipe"),
    }  # fmt: skip
    design = pd.DataFrame(columns, index=posts.index).astype(float)
    found = np.linalg.lstsq(design.to_numpy(), rate.to_numpy(), rcond=None)[0]
    left = rate - design.to_numpy() @ found
    errors = np.sqrt(np.diag(np.linalg.inv(design.to_numpy().T @ design.to_numpy())) * left.var())
    got, error = pd.Series(found, design.columns), pd.Series(errors, design.columns)
    planted = {name: factor for name, _, factor in (*truth.types, *truth.series) if name in design}
    planted |= {"demand": truth.demand[0][2], "no demand": 1.0, "reel": TRUTHS.posts.reel_engagement_rate}
    usual = dict(TRUTHS.posts.topic_engagement_rate)
    planted |= {f"topic {name}": usual[name] / usual["recipe"] for name in ("product", "behindthescenes", "fans")}
    peak = 2 * np.pi * TRUTHS.posts.best_hour / 24
    planted |= {
        "cos": np.exp(TRUTHS.posts.hour_amplitude * np.cos(peak)),
        "sin": np.exp(TRUTHS.posts.hour_amplitude * np.sin(peak)),
    }
    for name, factor in planted.items():
        assert got[name] == pytest.approx(np.log(factor), abs=4 * error[name]), name
    here = posts.loc[posts["market"] == "JP", "topic"].value_counts()
    for topic, share in zip(("product", "recipe", "behindthescenes", "fans"), dict(truth.supply)["JP"], strict=True):
        assert is_near(here[topic], here.sum(), share), topic


@pytest.mark.parametrize("seed", SEEDS)
def test_posts_of_one_type_fade_sooner(seed: int) -> None:
    truth = TRUTHS.content
    read, tags = table(seed, "content/readings.csv"), table(seed, "content/tags.csv").set_index("Post ID")["Type"]
    order = read.sort_values(["Post ID", "Read"]).groupby("Post ID")["Views so far"].apply(list)
    shares = pd.DataFrame(order.to_list(), index=order.index, columns=truth.ages)
    shares = shares.div(shares[168.0], axis=0).assign(type=tags.reindex(order.index))
    middle = shares.groupby("type").median()
    for name, _, _ in truth.types:
        half = dict(truth.half_lives).get(name, truth.half_life)
        at = np.interp(0.5, np.append(0, middle.loc[name].to_numpy()), np.append(0, truth.ages))
        assert at == pytest.approx(half, rel=0.15), name


@pytest.mark.parametrize("seed", SEEDS)
def test_the_crisis_breaks_out_at_its_hour_and_the_false_alarm_is_none(seed: int) -> None:
    truth, found = TRUTHS.crisis, table(seed, "listening/mentions.csv").dropna(subset=["Time"])
    found = found.assign(day=local_day(found["Time"], found["Country"]))
    ours, bad = found["Brand"] == "Lumen Tea", found["Sentiment"] == "NEG"
    first = found[
        ours & bad & (found["Country"] == "DE") & (found["day"] == "2026-03-09") & (found["Topic"] == "packaging")
    ]
    hour = first["Time"].dt.tz_convert("Europe/Berlin").dt.hour
    assert len(hour) >= 4 and (hour >= truth.onset_hour).mean() >= 0.75
    market, day, size = truth.false_alarm
    here = found[ours & (found["Country"] == market)]
    daily = here.groupby("day").size().reindex(pd.date_range("2024-11-01", "2026-10-31"), fill_value=0)
    assert daily[day] >= size and daily[day] > 6 * daily.drop(pd.Timestamp(day)).mean()
    assert (here.loc[here["day"] == day, "Sentiment"] == "NEG").mean() < 0.15
    market, rival, start, topic, size = truth.rival
    theirs = found[(found["Brand"] == rival) & bad & (found["Country"] == market)]
    week = theirs["day"].between(pd.Timestamp(start), pd.Timestamp(start) + pd.Timedelta(days=truth.rival_days - 1))
    assert week.sum() > 8 * (~week).sum() / 725 * truth.rival_days
    assert (theirs.loc[week, "Topic"] == topic).mean() > 0.8
    elsewhere = found[(found["Brand"] == rival) & bad & (found["Country"] == "US")]
    assert elsewhere["day"].between(start, pd.Timestamp(start) + pd.Timedelta(days=4)).sum() < 12


@pytest.mark.parametrize("seed", SEEDS)
def test_one_rival_answers_late_and_the_others_as_we_do(seed: int) -> None:
    truth, found = TRUTHS.crisis, table(seed, "listening/mentions.csv").dropna(subset=["Time"])
    bad = found[found["Sentiment"] == "NEG"]
    assert is_near(bad["Answered"].notna().sum(), len(bad), truth.answered)
    assert found.loc[found["Sentiment"] != "NEG", "Answered"].isna().all()
    wait = np.log((bad["Answered"] - bad["Time"]).dt.total_seconds() / 60).dropna()
    for brand, own in wait.groupby(bad["Brand"]):
        planted = np.log(dict(truth.minutes).get(str(brand), dict(truth.minutes)[""]))
        assert own.mean() == pytest.approx(planted, abs=4 * truth.minutes_sd / np.sqrt(len(own)) + 0.01), brand


@pytest.mark.parametrize("seed", SEEDS)
def test_one_budget_line_runs_over(seed: int) -> None:
    truth, lines = TRUTHS.budget, table(seed, "budget/lines.csv")
    planned = lines.groupby("Category")["Planned"].sum()
    for category, share in truth.shares:
        assert planned[category] / planned.sum() == pytest.approx(share, abs=0.002)
    booked = lines.dropna(subset=["Spent"])
    assert booked.groupby("Category").size().eq(10).all(), "months to come are not spent"
    for category, factor in truth.spent:
        own = booked[booked["Category"] == category]
        ratio = np.log(own["Spent"] / own["Planned"])
        assert ratio.mean() == pytest.approx(np.log(factor), abs=4 * truth.noise / np.sqrt(10))
        assert (abs(ratio.mean()) > 4 * truth.noise / np.sqrt(10)) == (factor != 1.0), category


@pytest.mark.parametrize("seed", SEEDS)
def test_followers_come_from_the_planted_sources(seed: int) -> None:
    truth, ledger = TRUTHS.followers, table(seed, "sources/followers.csv")
    market = {
        account.id: account.market
        for account in setting(seed).workspace.brand.accounts
        if account.platform == "instagram"
    }
    ledger = ledger.assign(market=ledger["Account"].astype(str).map(market))
    for code, own in ledger.groupby("market"):
        by, whole = own.groupby("Source")["New followers"].sum(), own["New followers"].sum()
        shares = (
            dict(zip([name for name, _ in truth.shares], truth.other[1], strict=True))
            if code == truth.other[0]
            else dict(truth.shares)
        )
        for name, share in shares.items():
            assert is_near(by[name], whole, share), (code, name)


@pytest.mark.parametrize("seed", SEEDS)
def test_a_guest_brings_viewers_and_no_more_orders_per_viewer(seed: int) -> None:
    truth, streams = TRUTHS.live, table(seed, "live/streams.csv")
    guest = streams["Title"].str.contains("guest")
    level = np.log(streams["Viewers"]) - np.log(streams["Viewers"]).groupby(streams["Country"]).transform("mean")
    error = truth.noise * np.sqrt(1 / guest.sum() + 1 / (~guest).sum())
    assert level[guest].mean() - level[~guest].mean() == pytest.approx(
        np.log(truth.guest_viewers), abs=4 * error + 0.02
    )
    sums = streams.groupby(guest)[["Orders", "Viewers"]].sum()
    assert is_near(sums["Orders"].sum(), sums["Viewers"].sum(), truth.buys)
    assert abs(differ(tuple(sums.loc[True]), tuple(sums.loc[False]))) < 3


@pytest.mark.parametrize("seed", SEEDS)
def test_satisfaction_falls_with_the_crisis_in_its_market_and_recovers(seed: int) -> None:
    truth, asked = TRUTHS.satisfaction, table(seed, "survey/recommend.csv")
    answered = asked.dropna(subset=["Would recommend"])
    score = answered["Would recommend"]
    points = pd.Series(np.select([score >= 9, score <= 6], [1.0, -1.0], 0.0), answered.index)
    day = local_day(answered["Asked"], answered["Country"])
    usual = truth.promoters - truth.critics
    low = day.between("2026-03-09", "2026-05-15")
    for code, own in points.groupby(answered["Country"]):
        error = own.std() / np.sqrt(max(1, low[own.index].sum()))
        fall = own[low[own.index]].mean() - own[~low[own.index]].mean()
        if code == truth.market:
            assert fall < -2 * error
            assert fall > -2 * truth.fall - 3 * error
            assert own[day[own.index] > "2026-07-15"].mean() == pytest.approx(usual, abs=0.25)
        else:
            assert abs(fall) < 3.5 * error, code
    assert asked["Answered"].notna().equals(asked["Would recommend"].notna())
    assert not asked.duplicated(["Wave", "Member ID"]).any()
    assert are_members(seed, asked["Member ID"], asked["Asked"] + pd.Timedelta(days=1))
    assert share_there(seed, asked["Member ID"], local_day(asked["Asked"], asked["Country"])) == 1


@pytest.mark.parametrize("seed", SEEDS)
def test_answers_after_an_order_are_those_of_the_shops_orders(seed: int) -> None:
    given, sold = table(seed, "survey/after_order.csv"), making(seed).sales.orders.set_index("number")
    own = sold.loc[given["Response ID"].str[1:].astype(int)]
    assert given["Response ID"].is_unique and len(given) > 500
    assert (own["market"].to_numpy() == given["Country"].to_numpy()).all()
    assert (given["Submitted"] > own["created"].set_axis(given.index)).all()


@pytest.mark.parametrize("seed", SEEDS)
def test_partners_ask_for_the_planted_price_and_faults_show_in_their_numbers(seed: int) -> None:
    truth = TRUTHS.programme
    listed, known = table(seed, "partners/programme.csv"), {one.name: one for one in truth.partners}
    fee = np.log(listed.groupby("Partner")["Fee"].mean())
    size = np.log([known[str(name)].followers for name in fee.index])
    left = fee - np.log(truth.fee) - truth.fee_power * size
    assert left.idxmax() == "Tea Tom"
    assert left["Tea Tom"] == pytest.approx(np.log(2.2), abs=0.15)
    assert left.drop("Tea Tom").abs().max() < 0.15, "the others ask what is usual"
    days = table(seed, "partners/watched_days.csv")
    jumps = days.groupby("Partner")["Followers"].apply(lambda one: (one.diff() / one.shift()).max())
    posts = table(seed, "partners/watched_posts.csv").groupby("Partner")
    likes = posts["Likes"].sum() / posts["Views"].sum()
    copied = posts["Repeated comments"].mean()
    faults = {"bought_followers": jumps > 0.05, "bought_likes": likes > 0.07, "copied_comments": copied > 0.2}
    for fault, flagged in faults.items():
        assert sorted(flagged.index[flagged]) == sorted(one.name for one in truth.partners if one.fault == fault), fault
    late = (listed["Published"] > listed["Agreed for"]).groupby(listed["Partner"]).sum()
    for name, count in late.items():
        assert is_near(count, 16, known[str(name)].late), name


@pytest.mark.parametrize("seed", SEEDS)
def test_codes_sell_as_planted_and_one_settlement_forgets_the_returns(seed: int) -> None:
    truth, bought = TRUTHS.programme, orders(seed)
    settled = table(seed, "partners/settlements.csv")
    per_euro = {"US": 1.1, "DE": 1.0, "BR": 6.0, "JP": 160.0}
    for partner in (one for one in truth.partners if one.sells):
        own = settled[settled["Partner"] == partner.name]
        code = own["Code"].iloc[0]
        here = bought[(bought["market"] == partner.market) & (bought["created"] >= pd.Timestamp(truth.since, tz="UTC"))]
        sold = (here["code"] == code).sum()
        assert is_near(sold, sold + here["code"].isin(["FAN10", "WELCOME10", "TEATIME10"]).sum(), partner.sells)
        assert own["Orders"].sum() == (bought["code"] == code).sum()
        mine = bought[bought["code"] == code]
        revenue = mine["total"].sum() / per_euro[partner.market]
        assert own["Revenue"].sum() == pytest.approx(revenue, rel=1e-3)
        assert own["Paid"].sum() == pytest.approx(truth.commission * revenue, abs=0.1)
        back = mine["refunded"].sum() + mine.loc[mine["state"] == "voided", "total"].sum()
        due = 0 if partner.name == truth.not_clawed else truth.commission * back / per_euro[partner.market]
        assert own["Clawed back"].sum() == pytest.approx(due, abs=0.1)


@pytest.mark.parametrize("seed", SEEDS)
def test_posts_reach_more_as_reels_and_count_more_since_the_rename(seed: int) -> None:
    truth, made = TRUTHS.posts, making(seed)
    posts = pd.concat([instagram_posts(made, code).assign(market=code) for code in made.workspace.markets])
    growth = {code: made.market(code).activity_growth / DAYS_PER_MONTH for code in made.workspace.markets}
    old = posts[posts["day"] < 700]
    log = np.log(old["reach"]) - old["market"].map(growth) * old["day"]
    log -= log.groupby(old["market"]).transform("mean")
    reel = old["format"] == "reel"
    error = truth.reach_noise_sd * np.sqrt(1 / reel.sum() + 1 / (~reel).sum())
    assert log[reel].mean() - log[~reel].mean() == pytest.approx(np.log(truth.reel_reach), abs=4 * error + 0.02)
    shown = np.log(posts["views"] / posts["reach"]).groupby(posts["renamed"]).mean()
    assert shown[True] - shown[False] == pytest.approx(np.log(truth.views_over_impressions), abs=0.02)


@pytest.mark.parametrize("seed", SEEDS)
def test_campaigns_lift_the_days_of_their_market_as_planted_and_no_others(seed: int) -> None:
    truth, made = TRUTHS.daily, making(seed)
    none = setting(seed, truths=replace(TRUTHS, daily=replace(truth, campaign_lifts={})))
    for code in made.workspace.markets:
        both = [instagram_days(one, code).set_index("date_day") for one in (made, none)]
        live = pd.Series(False, index=both[0].index)
        for name, campaign in made.workspace.campaigns.items():
            if campaign.platform != "instagram" or code not in campaign.treated:
                continue
            first, last = pd.Timestamp(campaign.live.start), pd.Timestamp(campaign.live.end)
            live[first:last] = True
            risen = slice(first + pd.Timedelta(days=truth.campaign_ramp_days), last)
            for metric in ("engagements", "reach"):
                lift = both[0].loc[risen, metric].sum() / both[1].loc[risen, metric].sum()
                assert lift == pytest.approx(truth.campaign_lifts.get(name, {}).get(metric, 1.0), abs=0.03), (
                    name,
                    metric,
                )
        for metric in ("engagements", "reach"):
            quiet = both[0].loc[~live, metric].sum() / both[1].loc[~live, metric].sum()
            assert quiet == pytest.approx(1.0, abs=0.01), (code, metric)
        months, place = len(both[0]) / DAYS_PER_MONTH, made.market(code)
        grown = np.log(both[0]["followers"].iloc[-1] / place.instagram_followers) / months
        assert grown == pytest.approx(place.instagram_growth, rel=0.1), code


@pytest.mark.parametrize("seed", SEEDS)
def test_the_brands_share_of_what_is_said_and_its_tone_are_as_planted(seed: int) -> None:
    truth, made = TRUTHS.listening, making(seed)
    found = table(seed, "listening/mentions.csv").dropna(subset=["Time"])
    day = local_day(found["Time"], found["Country"])
    start = pd.Timestamp(truth.crisis_start)
    week, ours, bad = (
        day.between(start, start + pd.Timedelta(days=6)),
        found["Brand"] == "Lumen Tea",
        found["Sentiment"] == "NEG",
    )
    special = day.isin(pd.to_datetime([TRUTHS.crisis.false_alarm[1]])) | day.between(
        pd.Timestamp(TRUTHS.crisis.rival[2]), pd.Timestamp(TRUTHS.crisis.rival[2]) + pd.Timedelta(days=6))  # fmt: skip
    usual = found[~week & ~special]
    assert is_near((usual["Sentiment"] == "NEG").sum(), len(usual), truth.negative_share, beside=0.003)
    for code, own in usual.groupby("Country"):
        assert is_near(
            (own["Brand"] == "Lumen Tea").sum(), len(own), made.market(str(code)).share_of_voice, beside=0.004
        ), code
        here = ours & bad & (found["Country"] == code)
        expected = (here & ~week & ~special).sum() / 723 * 7
        if code == truth.crisis_market:
            assert (here & week).sum() / expected == pytest.approx(sum(truth.crisis_daily_factors) / 7, rel=0.25)
        else:
            assert (here & week).sum() < expected + 4 * np.sqrt(expected) + 1, code


@pytest.mark.parametrize("seed", SEEDS)
def test_campaigns_are_named_tagged_and_redeemed_as_planted_where_they_run(seed: int) -> None:
    workspace, given = making(seed).workspace, table(seed, "survey/after_order.csv")
    day = local_day(given["Submitted"], given["Country"])
    for name, said, share in TRUTHS.survey.named:
        brief = workspace.campaign(name)
        here = given["Country"].isin(brief.treated) & day.between(str(brief.live.start), str(brief.live.end))
        named = given["Answer"] == said
        assert is_near((named & here).sum(), here.sum(), share) and (named & ~here).sum() <= 1, name
    heard, truth = table(seed, "listening/mentions.csv"), TRUTHS.voices
    tagged = heard[heard["Tag"].notna()]
    ((name, users),) = truth.user_shares
    assert set(tagged["Tag"]) == {name} and set(tagged["Country"]) == set(workspace.campaign(name).treated)
    planted = (1 - truth.repeated_share) * users / (users + truth.press_share)
    assert is_near((tagged["Author type"] == "User").sum(), len(tagged), planted)
    sold = orders(seed)
    for name, brief in workspace.campaigns.items():
        under = sold["code"].isin(brief.codes) if brief.codes else pd.Series(False, index=sold.index)
        here = sold["market"].isin(brief.treated) & sold["day"].between(str(brief.whole.start), str(brief.whole.end))
        coded = here & (sold["code"] != "") & ~sold["code"].str.fullmatch("BACK15|GRACIAS15|NEWYEAR15")
        if brief.codes:
            assert is_near((coded & under).sum(), coded.sum(), TRUTHS.promotion.code_share, beside=0.1), name


@pytest.mark.parametrize("seed", SEEDS)
def test_visits_of_the_site_rise_with_one_campaign_and_pass_by_the_links_of_both(seed: int) -> None:
    truth, workspace = TRUTHS.web, making(seed).workspace
    frames = [
        pd.read_csv(io.BytesIO(one.content), comment="#", index_col=False, dtype={"Date": str})
        for one in ga4_files(making(seed))
    ]
    rows = pd.concat(frames, ignore_index=True).dropna(subset=["Date"])
    rows = rows.assign(day=pd.to_datetime(rows["Date"]))
    names = {one.code: one.name for one in workspace.brand.markets}
    daily = rows.pivot_table(index="day", columns="Country", values="Sessions", aggfunc="sum")
    for name in ("spring_blend_br", "autumn_push_de"):
        brief = workspace.campaign(name)
        country, first, last = names[brief.treated[0]], pd.Timestamp(brief.live.start), pd.Timestamp(brief.live.end)
        live = daily.index.to_series().between(first, last)
        near = daily.index.to_series().between(first - pd.Timedelta(days=28), last + pd.Timedelta(days=28)) & ~live
        log = np.log(daily)
        moved = log[live].mean() - log[near].mean()
        found = moved[country] - moved[["United States", "France", "Mexico"]].mean()
        assert found == pytest.approx(np.log(dict(truth.campaign_lifts).get(name, 1.0)), abs=0.1), name
        own = rows[(rows["Country"] == country) & rows["day"].between(first, last)]
        linked = own["Session campaign"] == name
        assert is_near(own.loc[linked, "Sessions"].sum(), own["Sessions"].sum(), truth.linked_share, beside=0.01), name
        engaged = own["Engaged sessions"].sum()
        assert is_near(engaged, own["Sessions"].sum(), truth.engaged_share, beside=0.02)


@pytest.mark.parametrize("seed", SEEDS)
def test_deliveries_earn_the_rate_of_their_tier(seed: int) -> None:
    given = table(seed, "partners/deliveries.csv")
    for tier, _, rate in TRUTHS.promotion.partner_rates:
        own = given[given["Tier"] == tier]
        assert own["Interactions"].sum() / own["Reach"].sum() == pytest.approx(rate, rel=0.08), tier
