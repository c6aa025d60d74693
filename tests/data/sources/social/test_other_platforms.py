"""Days of LINE and Twitch, the tables of Fivetran's package, the Japanese headers of Instagram."""

from __future__ import annotations

from export_brand import EVERYWHERE
from export_reading import EXPORTS, read

JAPANESE = (
    "投稿ID,アカウントID,アカウントのユーザーネーム,アカウント名,説明,時間(秒),公開時間,リンク,投稿タイプ,データコメント,日時,"
    "ビュー,リーチ,いいね！の数,シェア数,フォロー数,コメント数,保存数\n"
    "17897891953681234,17841400000000001,demo_brand,Demo,神戸あるある,38,03/06/2026 22:30,"
    "https://www.instagram.com/reel/DVkr30zgAAA/,IGリール動画,,通算,105375,70894,448,47,122,136,149\n"
)


def test_friends_of_line_without_those_who_blocked() -> None:
    result = read(EXPORTS / "line" / "friend_overview.csv", brand=EVERYWHERE)
    assert result.table("account_daily")["followers_total"].tolist() == [1048, 1048, 1048]
    japanese = "日付,総友だち数,ターゲットリーチ,ブロック数\n20260927,100,80,20\n".encode("cp932")
    assert read(japanese, brand=EVERYWHERE).table("account_daily")["followers_total"].tolist() == [80]


def test_days_of_twitch_without_its_money() -> None:
    days = read(EXPORTS / "twitch" / "channel_analytics.csv", brand=EVERYWHERE).table("account_daily")
    assert days["date_day"].dt.day.tolist() == [23, 24, 25]
    assert days["watch_time_seconds"].tolist() == [135000, 0, 291600]
    assert "12.34" not in days.to_csv()


def test_fivetran_says_what_its_columns_are() -> None:
    path = EXPORTS / "fivetran" / "social_media_reporting__rollup_report.csv"
    metrics = read(path, brand=EVERYWHERE).table("post_metrics", "platform")
    assert metrics.loc["youtube", "views"] == 5100
    assert metrics.loc["instagram", "views"].tolist() == [1500, 900]
    assert metrics["impressions"].fillna(-1).tolist() == [-1, -1, 4000, -1]
    assert metrics.loc["instagram", "shares"].isna().all()


def test_instagram_in_japanese() -> None:
    result = read(JAPANESE, brand=EVERYWHERE)
    post = result.table("posts").iloc[0]
    assert (post["post_type"], post["tz_source"]) == ("short_video", "proved")
    assert result.table("post_metrics")["saves"].tolist() == [149]
