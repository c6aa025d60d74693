"""What rivals publish: how often, in which formats, with what response per follower, and what their best posts share."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from scipy import stats

from fanops_utils.metrics import median_bootstrap, wilson
from fanops_utils.metrics.columns import need, numbers
from fanops_utils.models.content.ranking import rank_cells
from fanops_utils.models.rivals.voice import weeks_back

TOP = 0.1
FEWEST_POSTS = 20
COUNTED = ("likes", "comments", "shares")


def per_follower(posts: pd.DataFrame) -> pd.Series:
    """Return likes, comments and shares per follower of each post; NaN where one side is not known."""
    need(posts, *COUNTED, "followers")
    top = posts[list(COUNTED)].astype(float).sum(axis=1, min_count=1)
    base = pd.Series(numbers(posts["followers"]), index=posts.index)
    return (top / base).where(base > 0)


def cadence(posts: pd.DataFrame, *, brands: Sequence[str]) -> pd.DataFrame:
    """Return posts a week of each brand: brand, median, quarter, three_quarters, weeks, n (posts).

    Columns: brand, date_day. Whole seven-day weeks between a brand's first and its last post, a week without one as zero.
    """
    need(posts, "brand", "date_day")
    rows = []
    for name in brands:
        mine = posts.loc[posts["brand"] == name, "date_day"].dropna()
        block = weeks_back(mine)
        block = block[block >= 0]
        counts = np.bincount(block, minlength=int(block.max()) + 1) if len(block) else np.array([])
        quarters = np.quantile(counts, [0.5, 0.25, 0.75]) if counts.size else [np.nan] * 3
        rows.append((name, *quarters, counts.size, len(mine)))
    return pd.DataFrame(rows, columns=["brand", "median", "quarter", "three_quarters", "weeks", "n"])


def format_shares(posts: pd.DataFrame, *, brands: Sequence[str]) -> pd.DataFrame:
    """Return the formats each brand posts: brand, post_type, share, n (posts of the brand), formats in one order for all."""
    need(posts, "brand", "post_type")
    known = posts[posts["brand"].isin(list(brands)) & posts["post_type"].notna()]
    counts = pd.crosstab(known["brand"], known["post_type"]).reindex(list(brands)).fillna(0)
    counts = counts[counts.sum().sort_values(ascending=False).index]
    total = counts.sum(axis=1)
    long = counts.div(total.where(total > 0), axis=0).melt(ignore_index=False, value_name="share").reset_index()
    told = long.assign(n=long["brand"].map(total)).dropna(subset=["share"])
    order = {name: place for place, name in enumerate(brands)}
    return told.sort_values("brand", key=lambda names: names.map(order), kind="stable", ignore_index=True)


def response(posts: pd.DataFrame, *, brands: Sequence[str], seed: int = 0) -> pd.DataFrame:
    """Return interactions per follower of each brand's post in the middle: brand, estimate, ci_lower, ci_upper (95 %), n.

    Likes, comments and shares over the followers at publication, median of posts, percentile bootstrap.
    """
    rate, rng, rows = per_follower(posts), np.random.default_rng(seed), []
    for name in brands:
        found = median_bootstrap(rate[posts["brand"] == name].to_numpy(float), rng=rng)
        rows.append((name, found.estimate, found.ci_lower, found.ci_upper, found.n))
    return pd.DataFrame(rows, columns=["brand", "estimate", "ci_lower", "ci_upper", "n"])


def top_posts(posts: pd.DataFrame, *, traits: Sequence[str] = ("post_type", "topic")) -> pd.DataFrame:
    """Return what the best tenth of each brand's posts share: brand, trait, value, top_share, all_share, times, p_value, n_top.

    Best by interactions per follower. `times`: share among the best over share among all; p_value: Fisher's exact test
    of best against others. Brands with fewer than 20 posts, and values with fewer than 5, are left out.
    """
    rate, rows = per_follower(posts), []
    for name, part in posts.assign(rate=rate).dropna(subset=["rate"]).groupby("brand"):
        if len(part) < FEWEST_POSTS:
            continue
        best = part["rate"].rank(ascending=False, method="first") <= np.ceil(TOP * len(part))
        for trait in traits:
            for value, count in part[trait].dropna().value_counts().items():
                if count < 5:
                    continue
                inside, size = int(((part[trait] == value) & best).sum()), int(best.sum())
                cells = [[inside, size - inside], [int(count) - inside, len(part) - size - int(count) + inside]]
                rows.append((name, trait, value, inside / size, count / len(part), inside / size / (count / len(part)),
                             float(stats.fisher_exact(cells).pvalue), size))  # fmt: skip
    names = ["brand", "trait", "value", "top_share", "all_share", "times", "p_value", "n_top"]
    table = pd.DataFrame(rows, columns=names)
    q_value = stats.false_discovery_control(table["p_value"]) if len(table) else []
    return table.assign(q_value=q_value).sort_values(["brand", "times"], ascending=[True, False], ignore_index=True)


def answered(times: pd.DataFrame, *, brands: Sequence[str]) -> pd.DataFrame:
    """Return how each brand answers criticism: brand, hits, n, estimate, ci_lower, ci_upper, median_hours.

    *times* (`warehouse.answer_times`): brand, negatives, answered, in_time, median_hours. The share is that answered in
    time. A brand with no answer in the file at all is not known, not slow: its row is empty. Wilson, 95 %.
    """
    need(times, "brand", "negatives", "answered", "in_time", "median_hours")
    known, rows = times[times["answered"] > 0].set_index("brand"), []
    for name in brands:
        if name not in known.index:
            rows.append((name, 0, 0, np.nan, np.nan, np.nan, np.nan))
            continue
        own = known.loc[[name]]
        hits, whole, hours = (own[column].item() for column in ("in_time", "negatives", "median_hours"))
        told = wilson(int(hits), int(whole))
        rows.append((name, int(hits), told.n, told.estimate, told.ci_lower, told.ci_upper, float(hours)))
    return pd.DataFrame(rows, columns=["brand", "hits", "n", "estimate", "ci_lower", "ci_upper", "median_hours"])


def rank_rivals(
    posts: pd.DataFrame, *, brands: Sequence[str], traits: Sequence[str] = ("post_type", "topic")
) -> pd.DataFrame:
    """Return what works for each brand: brand, trait, value and the columns of `models.Ranking`, and leads (named best).

    Each brand by itself: interactions at equal followers, the other trait, account and trend held equal (`rank_cells`).
    """
    parts = []
    for name in brands:
        mine = posts[posts["brand"] == name]
        born = pd.to_datetime(mine["date_day"])
        told = mine.assign(engagements=mine[list(COUNTED)].astype(float).sum(axis=1, min_count=1), account=mine["handle"],
                           trend=(born - born.min()).dt.days / 365.25)  # fmt: skip
        for trait in traits:
            beside = [other for other in (*traits, "account") if other != trait]
            ranking = rank_cells(told, trait, size="followers", factors=beside, numbers_of=["trend"])
            if ranking.code in ("best", "set"):
                table = ranking.table.rename(columns={trait: "value"}).assign(brand=name, trait=trait)
                leads = (ranking.code == "best") & (table["p_best"] == table["p_best"].max())
                parts.append(table.assign(leads=leads))
    columns = ["brand", "trait", "value", "n", "estimate", "ci_lower", "ci_upper", "p_best", "mark", "leads"]
    return pd.concat(parts, ignore_index=True)[columns] if parts else pd.DataFrame(columns=columns)
