"""Rivals, partners, mentions, content, budget, sources, streams, satisfaction: planted, and where nothing is."""

from __future__ import annotations

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
    from fanops_utils.data.sample.worlds.channels.posts import instagram_posts

    truth, making = TRUTHS.content, setting(seed)
    tags = table(seed, "content/tags.csv")
    posts = pd.concat([instagram_posts(making, code).assign(market=code) for code in making.workspace.markets])
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
    planted |= {"demand": truth.demand[0][2], "no demand": 1.0}
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
