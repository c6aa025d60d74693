"""The simulated brand: bytes as the platforms write them, and truths that can be read back from the files alone."""

from __future__ import annotations

import io
import json
import re
import shutil
import zipfile
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import fanops_utils
from fanops_utils.data.sample import SampleSummary, write_sample
from fanops_utils.errors import WorkspaceError
from fanops_utils.workspace import Workspace

REGISTERS = Path(__file__).parents[3] / "data" / "sample"
MARKETS = ("US", "MX", "BR", "DE", "FR", "JP")
ZONES = {
    "US": "America/New_York", "MX": "America/Mexico_City", "BR": "America/Sao_Paulo",
    "DE": "Europe/Berlin", "FR": "Europe/Paris", "JP": "Asia/Tokyo",
}  # fmt: skip
CONTENT = [
    "Post ID", "Account ID", "Account username", "Account name", "Description", "Duration (sec)", "Publish time",
    "Permalink", "Post type", "Data comment", "Date", "Views", "Reach", "Likes", "Shares", "Follows", "Comments",
    "Saves",
]  # fmt: skip
CONTENT_HEADER = (
    '"Post ID","Account ID","Account username","Account name",Description,"Duration (sec)","Publish time",Permalink,'
    '"Post type","Data comment",Date,{metric},Reach,Likes,Shares,Follows,Comments,Saves'
)
CONTENT_PORTUGUESE = (
    '"Identificação do post","Identificação da conta","Nome de usuário da conta","Nome da conta",Descrição,'
    '"Duração (s)","Horário de publicação","Link permanente","Tipo de post","Comentário de dados",Data,Visualizações,'
    "Alcance,Curtidas,Compartilhamentos,Seguimentos,Comentários,Salvamentos"
)
TIKTOK = {
    "Overview.csv": '"Date","Video Views","Profile Views","Likes","Comments","Shares"',
    "FollowerHistory.csv": '"Date","Followers","Difference in followers from previous day"',
    "Viewers.csv": '"Date","Total Viewers","New Viewers","Returning Viewers"',
    "FollowerActivity.csv": '"Date","Hour","Active followers"',
    "FollowerGender.csv": '"Gender","Distribution"',
    "FollowerTopTerritories.csv": '"Top territories","Distribution"',
    "Content.csv": (
        '"Time","Video title","Video link","Post time","Total likes","Total comments","Total shares","Total views"'
    ),
}
DAILY_TITLES = {
    "Reach": "Reach", "Views": "Views", "Interactions": "Content interactions", "Follows": "Instagram follows",
    "Visits": "Instagram profile visits", "Link clicks": "Instagram link clicks",
}  # fmt: skip


def copy_of_registers(folder: Path) -> Workspace:
    target = folder / "sample"
    for name in ("campaigns", "experiments"):
        shutil.copytree(REGISTERS / name, target / name)
    shutil.copy(REGISTERS / "brand.yml", target / "brand.yml")
    return Workspace(target)


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    return copy_of_registers(tmp_path_factory.mktemp("whole"))


@pytest.fixture(scope="module")
def whole(workspace: Workspace) -> SampleSummary:
    return write_sample(workspace)


@pytest.fixture(scope="module")
def raw(whole: SampleSummary) -> Path:
    return whole.truth.parent / "raw"


@pytest.fixture(scope="module")
def truth(whole: SampleSummary) -> dict:
    return json.loads(whole.truth.read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def posts(raw: Path) -> pd.DataFrame:
    """All posts of the content files, read without any help of the package."""
    frames = []
    for market in MARKETS:
        for path in sorted((raw / "instagram" / f"lumentea.{market.lower()}").glob("*.csv")):
            frame = pd.read_csv(path, dtype=str, encoding="utf-8-sig")
            old = "Impressions" in frame.columns
            frames.append(frame.set_axis(CONTENT, axis=1).assign(market=market, old=old))
    every = pd.concat(frames, ignore_index=True)
    numbers = ["Views", "Reach", "Likes", "Shares", "Comments", "Saves"]
    every[numbers] = every[numbers].apply(pd.to_numeric, errors="coerce")
    wall = pd.to_datetime(every["Publish time"], format="%m/%d/%Y %H:%M", errors="coerce")
    every["published"] = wall.dt.tz_localize("America/Los_Angeles", ambiguous="NaT").dt.tz_convert("UTC")
    every = every.dropna(subset=["published", "Reach", "Likes"]).drop_duplicates("Post ID")
    every["hour"] = 0.0
    for market, rows in every.groupby("market"):
        local = rows["published"].dt.tz_convert(ZONES[str(market)]).dt
        every.loc[rows.index, "hour"] = local.hour + local.minute / 60
    every["reel"] = every["Post type"].str.contains("reel", case=False)
    every["rate"] = every[["Likes", "Shares", "Comments", "Saves"]].sum(axis=1) / every["Reach"]
    return every


def daily(raw: Path, market: str, name: str) -> pd.Series:
    paths = sorted((raw / "instagram" / f"lumentea.{market.lower()}").glob(f"*/{name}.csv"))
    days = pd.concat([pd.read_csv(path, encoding="utf-16", skiprows=2) for path in paths])
    return pd.to_numeric(days.set_index(pd.to_datetime(days["Date"]))["Primary"], errors="coerce")


def tiktok_member(path: Path, name: str) -> pd.DataFrame:
    with zipfile.ZipFile(path) as archive:
        return pd.read_csv(io.BytesIO(archive.read(name)), dtype=str, encoding="utf-8-sig")


def snapshot(folder: Path) -> dict[str, tuple[bytes, float]]:
    files = [path for path in folder.rglob("*") if path.is_file()]
    return {path.relative_to(folder).as_posix(): (path.read_bytes(), path.stat().st_mtime) for path in files}


def decoded(shortcode: str) -> datetime:
    number = 0
    for letter in shortcode:
        number = number * 64 + "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_".index(letter)
    return datetime.fromtimestamp(((number >> 23) + 1314220021721) / 1000, tz=UTC)


def test_same_seed_gives_the_same_bytes_and_times_and_clears_what_is_stale(tmp_path: Path) -> None:
    workspace = copy_of_registers(tmp_path)
    first = write_sample(workspace, seed=1, scale=0.05)
    before, truth = snapshot(workspace.raw), first.truth.read_bytes()
    (workspace.raw / "community" / "members.csv").write_bytes(b"Member ID")
    (workspace.raw / "old.csv").write_text("old")
    assert write_sample(workspace, seed=1, scale=0.05) == first
    assert snapshot(workspace.raw) == before
    assert first.truth.read_bytes() == truth
    assert {path.name for path in workspace.path.iterdir()} == {
        "brand.yml", "campaigns", "experiments", "raw", "truth.json",
    }  # fmt: skip
    write_sample(workspace, seed=2, scale=0.05)
    assert snapshot(workspace.raw)["community/events.csv"] != before["community/events.csv"]


def test_good_files_are_left_alone(workspace: Workspace, whole: SampleSummary) -> None:
    inodes = [path.stat().st_ino for path in whole.files]
    assert write_sample(workspace) == whole
    assert [path.stat().st_ino for path in whole.files] == inodes


def test_refuses_to_replace_files_of_another_origin(tmp_path: Path) -> None:
    workspace = copy_of_registers(tmp_path)
    workspace.raw.mkdir()
    (workspace.raw / "mine.csv").write_text("a,b\n")
    with pytest.raises(WorkspaceError, match="another origin"):
        write_sample(workspace, scale=0.05)
    assert (workspace.raw / "mine.csv").read_text() == "a,b\n"


def test_refuses_a_scale_out_of_range(workspace: Workspace) -> None:
    with pytest.raises(WorkspaceError, match=r"between 0\.05 and 1"):
        write_sample(workspace, scale=0.0)


def test_refuses_a_market_it_does_not_know(tmp_path: Path) -> None:
    workspace = copy_of_registers(tmp_path)
    for register in [workspace.path / "brand.yml", *(workspace.path / "campaigns").glob("*.yml")]:
        register.write_text(register.read_text(encoding="utf-8").replace("MX", "PE"), encoding="utf-8")
    with pytest.raises(WorkspaceError, match="no such market"):
        write_sample(workspace, scale=0.05)


def test_summary_counts_the_files_it_names(whole: SampleSummary, raw: Path) -> None:
    assert sorted(whole.files) == sorted(path for path in raw.rglob("*") if path.is_file())
    assert whole.rows["community_events"] == len(pd.read_csv(raw / "community" / "events.csv", dtype=str))
    assert 110_000 < whole.rows["community_events"] < 190_000
    assert 55_000 < whole.rows["mentions"] < 65_000
    assert 2_300 < whole.rows["instagram_content"] < 2_700


def test_content_files_have_the_platform_s_bytes(raw: Path) -> None:
    for market in MARKETS:
        old, new = sorted((raw / "instagram" / f"lumentea.{market.lower()}").glob("*.csv"), reverse=True)
        assert re.fullmatch(r"Nov-01-2024_Apr-10-2025_\d{16}\.csv", old.name)
        assert re.fullmatch(r"Apr-11-2025_Oct-31-2026_\d{16}\.csv", new.name)
        assert datetime.fromtimestamp(old.stat().st_mtime, tz=UTC).date().isoformat() == "2025-04-11"
        assert datetime.fromtimestamp(new.stat().st_mtime, tz=UTC) == datetime(2026, 11, 2, 9, tzinfo=UTC)
        for path, metric in ((old, "Impressions"), (new, "Views")):
            content = path.read_bytes()
            assert content.startswith(b"\xef\xbb\xbf")
            assert b"\r" not in content
            expected = (
                CONTENT_PORTUGUESE if market == "BR" and metric == "Views" else CONTENT_HEADER.format(metric=metric)
            )
            assert content.decode("utf-8-sig").split("\n")[0] == expected


def test_content_rows_carry_what_makes_real_ones_hard(raw: Path) -> None:
    brazil = next((raw / "instagram" / "lumentea.br").glob("Apr*.csv")).read_text(encoding="utf-8-sig")
    assert ',"Reel do Instagram",,Total,' in brazil
    germany = pd.read_csv(next((raw / "instagram" / "lumentea.de").glob("Apr*.csv")), dtype=str)
    assert set(germany["Post type"]) == {"IG image", "IG reel", "IG carousel"}
    assert germany["Description"].str.contains("\n").all()
    assert germany["Description"].str.contains('"').any()
    collab = germany[germany["Account ID"] != "17841400000000004"]
    assert len(collab) > 0
    assert collab[["Reach", "Follows"]].isna().all(axis=None)
    assert germany.loc[germany["Account ID"] == "17841400000000004", "Reach"].isna().any()
    japan = pd.read_csv(next((raw / "instagram" / "lumentea.jp").glob("Apr*.csv")), dtype=str)
    assert japan["Description"].str.contains("[ぁ-ん]").all()


def test_shortcodes_decode_to_the_printed_pacific_minute(raw: Path) -> None:
    for path in sorted((raw / "instagram").glob("*/*.csv")):
        frame = pd.read_csv(path, dtype=str, encoding="utf-8-sig")
        frame.columns = pd.Index([name.replace("Impressions", "Views") for name in CONTENT])
        frame = frame[frame["Publish time"].str.match(r"(0\d|1[0-2])/")]
        created = pd.to_datetime([decoded(link.split("/")[4]) for link in frame["Permalink"]])
        printed = created.tz_convert("America/Los_Angeles").strftime("%m/%d/%Y %H:%M")
        assert (printed == frame["Publish time"]).all(), path.name
        assert frame["Permalink"].str.contains("/reel/").equals(frame["Post type"].str.contains("reel", case=False))


def test_daily_files_are_utf16_with_title_and_windows_of_90_days(raw: Path) -> None:
    for folder in sorted(path for path in (raw / "instagram" / "lumentea.fr").iterdir() if path.is_dir()):
        start, end = (datetime.fromisoformat(day) for day in folder.name.split("_"))
        assert timedelta(0) < end - start <= timedelta(days=89)
        for name, title in DAILY_TITLES.items():
            content = (folder / f"{name}.csv").read_bytes()
            assert content.startswith(b"\xff\xfe")
            lines = content.decode("utf-16").split("\n")
            assert lines[:3] == ["sep=,", f'"{title}"', '"Date","Primary"']
            assert all(re.fullmatch(r'"\d{4}-\d\d-\d\dT00:00:00","\d+"', line) for line in lines[3:-1])
            days = len(lines) - 4
            assert days == (end - start).days + 1 or (name == "Follows" and days < (end - start).days + 1)
    assert len(daily(raw, "FR", "Reach")) == 730
    assert daily(raw, "FR", "Follows").min() > 0
    assert len(daily(raw, "FR", "Follows")) < 730
    assert (daily(raw, "FR", "Link clicks") == 0).any()


def test_audience_has_its_sections_in_the_newest_window_only(raw: Path) -> None:
    (path,) = (raw / "instagram" / "lumentea.us").glob("*/Audience.csv")
    assert path.parent.name.endswith("_2026-10-31")
    head, *sections = path.read_bytes().decode("utf-16").split("\n\n")
    assert head.startswith('sep=,\n"Instagram followers"\n"IG_ACCOUNT,FOLLOW,UNIQUE_USERS"\n"')
    assert [section.split("\n")[1] for section in sections] == [
        '"Age","Women","Men"',
        '"Top cities","Value"',
        '"Top countries","Value"',
    ]
    shares = [float(cell) for cell in re.findall(r"(\d+\.?\d*)%", sections[0])]
    assert sum(shares) == pytest.approx(100, abs=1)


def test_tiktok_zips_have_the_platform_s_bytes(raw: Path) -> None:
    paths = sorted((raw / "tiktok").glob("*/*.zip"))
    assert len(paths) == 6 * 8
    for path in paths:
        tab, _, epoch, handle = re.fullmatch(r"(\w+?)_(\d{4}-\d\d-\d\d)_(\d+)_(.+)\.zip", path.name).groups()
        assert (int(epoch), handle) == (int(path.stat().st_mtime), path.parent.name)
        with zipfile.ZipFile(path) as archive:
            for name in archive.namelist():
                content = archive.read(name)
                assert content.startswith(b"\xef\xbb\xbf")
                assert not content.endswith(b"\n")
                assert content.decode("utf-8-sig").split("\n")[0] == TIKTOK[name]
            assert tab in {"Overview", "Followers", "Viewers", "Content"}


@pytest.mark.parametrize(
    ("handle", "pattern"), [("lumentea.jp", r"\d{1,2}月\d{1,2}日"), ("lumentea.us", r"[A-Z][a-z]+ \d{1,2}")]
)
def test_tiktok_history_ends_in_days_not_counted_yet(raw: Path, handle: str, pattern: str) -> None:
    for path in sorted((raw / "tiktok" / handle).glob("Overview_*.zip")):
        frame = tiktok_member(path, "Overview.csv")
        assert len(frame) in (60, 365)
        assert frame["Date"].str.fullmatch(pattern).all()
        assert frame.iloc[-2, 1:].eq("0").all()
        assert frame.iloc[-1, 1:].eq("undefined").all()
        assert frame.iloc[:-2, 1].astype(int).gt(0).all()


def test_tiktok_video_ids_carry_the_upload_day(raw: Path) -> None:
    path = next((raw / "tiktok" / "lumentea.mx").glob("Content_*.zip"))
    listed = tiktok_member(path, "Content.csv")
    assert len(listed) == 15
    uploaded = pd.to_datetime([int(link.split("/")[-1]) >> 32 for link in listed["Video link"]], unit="s")
    printed = pd.to_datetime("2026 " + listed["Post time"], format="%Y %B %d")
    late = (printed - pd.Series(uploaded.normalize())).dt.days
    assert sorted(late) == [0] * 14 + [3]


def test_youtube_total_is_the_sum_of_the_table(raw: Path) -> None:
    folder = raw / "youtube" / "lumentea.us" / "Content 2024-11-01_2026-10-31 Lumen Tea US"
    content = (folder / "Table data.csv").read_bytes()
    assert content.startswith(
        b"Content,Video title,Video publish time,Duration,Likes,Dislikes,New viewers,Returning viewers,Views,"
        b"Watch time (hours),Subscribers,Thumbnail impressions,Thumbnail click-through rate (%)\nTotal,,,,"
    )
    table = pd.read_csv(io.BytesIO(content))
    for name in (
        "Likes",
        "Dislikes",
        "New viewers",
        "Views",
        "Watch time (hours)",
        "Subscribers",
        "Thumbnail impressions",
    ):
        assert table[name].iloc[1:].sum() == pytest.approx(table[name].iloc[0], abs=1e-3), name
    assert table["Content"].str.startswith("-").any()
    totals = pd.read_csv(folder / "Totals.csv")
    assert list(totals.columns) == ["Date", "Views"]
    assert (len(totals), totals["Date"].iloc[-1]) == (365, "2026-10-31")
    chart = pd.read_csv(folder / "Chart data.csv")
    assert list(chart.columns) == ["Date", "Content", "Video title", "Video publish time", "Duration", "Views"]


def test_shop_export_has_79_columns_and_order_cells_once(raw: Path) -> None:
    path = raw / "shopify" / "lumentea-shop" / "orders_export_1.csv"
    rows = pd.read_csv(path, dtype=str)
    assert rows.shape[1] == 79
    assert rows.columns[:4].tolist() == ["Name", "Email", "Financial Status", "Paid at"]
    assert rows.columns[-1] == "Payment References"
    first = ~rows["Name"].duplicated()
    assert 10_500 < first.sum() < 13_500
    assert rows.loc[~first, ["Total", "Email", "Created at", "Id"]].isna().all(axis=None)
    orders = rows[first]
    assert orders["Email"].str.endswith("@example.com").all()
    assert orders["Shipping Zip"].str.startswith("'").all()
    assert orders["Shipping Phone"].str.startswith("'").all()
    created = orders["Created at"]
    summer = created.str[5:10].between("04-01", "10-20")
    assert created[summer].str.endswith(" +0200").all()
    assert created[created.str[5:10].between("11-02", "12-31")].str.endswith(" +0100").all()
    assert set(orders["Shipping Country"]) == set(MARKETS)
    assert orders.loc[orders["Shipping Country"] == "JP", "Currency"].eq("JPY").all()
    refunded = orders["Financial Status"] == "refunded"
    assert (orders.loc[refunded, "Refunded Amount"] == orders.loc[refunded, "Total"]).all()
    assert orders["Cancelled at"].notna().equals(orders["Financial Status"] == "voided")
    goods = (rows["Lineitem price"].astype(float) * rows["Lineitem quantity"].astype(int)).groupby(rows["Name"]).sum()
    paid = orders.set_index("Name")[["Subtotal", "Discount Amount"]].astype(float).sum(axis=1)
    assert np.allclose(paid.sort_index(), goods.sort_index(), atol=0.02)


def test_lists_have_the_headers_of_their_mappings(raw: Path) -> None:
    headers = {
        "community/members.csv": "Member ID,Joined,Country,Came through,Role,Screening,Left,Reason,Shop account",
        "community/events.csv": "Member ID,Time,Event,Country,Value,Subject",
        "listening/mentions.csv": (
            "Mention ID,Time,Network,Country,Brand,Sentiment,Topic,Tag,Author type,Author followers,Answered"
        ),
        "survey/after_order.csv": "Response ID,Submitted,Country,Question,Answer",
        "experiments/welcome_message.csv": "Fan ID,Group,Assigned,Country,returned_7d,muted_7d,messages_7d,Recorded",
        "experiments/push_copy.csv": "Fan ID,Group,Assigned,Country,opened,muted",
        "experiments/badge_design.csv": "Fan ID,Group,Assigned,Country,posted_14d,posts_14d,Recorded",
        "experiments/daily_digest.csv": "Fan ID,Group,Assigned,Country,visited_7d,unsubscribed,messages_7d,Recorded",
        "experiments/host_training.csv": "Fan ID,Group,Assigned,Country,group_number,replies_14d,Recorded",
        "experiments/push_hour.csv": "Fan ID,Group,Assigned,Country,opened,muted,visits_24h",
        "experiments/reply_bot.csv": "Question ID,Group,Assigned,Country,slot,slot_day,reply_minutes,asked_again,replies",
        "experiments/caption_length.csv": "Post ID,Group,Assigned,Country,pair,engagements,reach,saves",
    }
    for name, header in headers.items():
        assert (raw / name).read_text(encoding="utf-8").split("\n", 1)[0] == header


def test_events_fit_their_members(raw: Path) -> None:
    events = pd.read_csv(raw / "community" / "events.csv", dtype=str).drop_duplicates()
    members = pd.read_csv(raw / "community" / "members.csv", dtype=str).drop_duplicates()
    assert not events.duplicated(["Member ID", "Time", "Event"]).any()
    assert set(events["Event"]) == {
        "visit", "like", "comment", "share", "buy", "sign_up", "attend", "review", "check_in",
    }  # fmt: skip
    assert events["Value"].notna().equals(events["Event"] == "buy")
    joined = events["Member ID"].map(members.set_index("Member ID")["Joined"])
    known = joined.str.startswith("20")
    assert (events.loc[known, "Time"] > joined[known]).all()
    assert members["Member ID"].is_unique


def test_broken_rows_are_in_the_files_as_counted(raw: Path, truth: dict) -> None:
    assert 10 <= sum(counts["quarantined"] + counts["duplicate"] for counts in truth["broken"].values()) <= 16
    for name, counts in truth["broken"].items():
        encoding = "utf-16" if name.endswith("Visits.csv") else "utf-8-sig"
        rows = pd.read_csv(raw / name, dtype=str, encoding=encoding, skiprows=2 if name.endswith("Visits.csv") else 0)
        repeated = rows.duplicated().sum() if "shopify" not in name else 0
        assert repeated == counts["duplicate"], name
        marks = (
            "many",
            "1.79E+16",
            "31/31/2025 25:61",
            "twelve",
            "5.55E+12",
            "the other day",
            "12,5O",
            "2026-13-45T99:00:00+00:00",
        )
        assert rows.isin(marks).any(axis=1).sum() == counts["quarantined"], name


@pytest.mark.parametrize(
    ("name", "market", "works"), [("spring_blend_br", "BR", True), ("autumn_push_de", "DE", False)]
)
def test_campaign_lift_is_the_planted_ratio_of_ratios(
    raw: Path, truth: dict, workspace: Workspace, name: str, market: str, works: bool
) -> None:
    campaign = workspace.campaigns[name]
    for file, metric in (("Interactions", "engagements"), ("Reach", "reach")):
        logs = pd.DataFrame({code: np.log(daily(raw, code, file)) for code in MARKETS})
        gap = logs[market] - logs.drop(columns=market).mean(axis=1)
        full = gap[pd.Timestamp(campaign.live.start) + pd.Timedelta(days=2) : pd.Timestamp(campaign.live.end)]
        before = gap[pd.Timestamp(campaign.baseline.start) : pd.Timestamp(campaign.baseline.end)]
        planted = np.log(truth["campaigns"][name][metric])
        assert full.mean() - before.mean() == pytest.approx(planted, abs=0.06), metric
        assert (full.mean() - before.mean() > 0.08) == works, metric


@pytest.mark.parametrize(("name", "market"), [("summer_giveaway_mx", "MX"), ("matcha_launch_jp", "JP")])
def test_a_smaller_lift_is_planted_in_its_own_weeks_and_market_alone(
    raw: Path, truth: dict, workspace: Workspace, name: str, market: str
) -> None:
    campaign = workspace.campaigns[name]
    start, last = pd.Timestamp(campaign.live.start), pd.Timestamp(campaign.live.end)
    logs = pd.DataFrame({code: np.log(daily(raw, code, "Interactions")) for code in MARKETS})
    gap = logs.sub(logs.mean(axis=1), axis=0)
    before = gap[pd.Timestamp(campaign.baseline.start) : pd.Timestamp(campaign.baseline.end)]
    moved = (gap[start + pd.Timedelta(days=2) : last].mean() - before.mean()).drop(["BR", "DE", "FR", "US"])
    planted = np.log(truth["campaigns"][name]["engagements"])
    assert moved[market] == pytest.approx(planted * 5 / 6, abs=0.06)
    assert np.sign(moved[market]) == np.sign(planted)
    assert abs(moved[market]) > abs(moved.drop(market)).max()


def test_markets_move_together(raw: Path) -> None:
    weekly = pd.DataFrame({code: np.log(daily(raw, code, "Interactions")).resample("7D").mean() for code in MARKETS})
    changes = weekly.diff().corr().to_numpy()
    assert changes[np.triu_indices(6, 1)].mean() > 0.3
    assert daily(raw, "FR", "Interactions").min() > 200


def test_trial_arms_have_the_planted_means(raw: Path, truth: dict) -> None:
    welcome = pd.read_csv(raw / "experiments" / "welcome_message.csv").drop_duplicates("Fan ID").groupby("Group")
    planted = truth["experiments"]["welcome_message"]["outcomes"]
    for name, tolerance in (("returned_7d", 0.018), ("muted_7d", 0.008), ("messages_7d", 0.15)):
        assert welcome[name].mean()["standard"] == pytest.approx(planted[name]["control"], abs=tolerance)
        treated = planted[name]["control"] + planted[name]["effect"]
        assert welcome[name].mean()["personal"] == pytest.approx(treated, abs=tolerance)
    assert welcome["returned_7d"].mean()["personal"] - welcome["returned_7d"].mean()["standard"] > 0.015
    assert abs(welcome.size().diff().iloc[-1]) < 330
    push = pd.read_csv(raw / "experiments" / "push_copy.csv").groupby("Group")[["opened", "muted"]].mean()
    assert push.diff().iloc[-1].abs().max() < 0.017
    assert (push["opened"] - 0.11).abs().max() < 0.013


def test_badge_log_lost_inactive_units_of_one_arm(raw: Path, truth: dict) -> None:
    badge = pd.read_csv(raw / "experiments" / "badge_design.csv").groupby("Group")
    assert truth["experiments"]["badge_design"]["outcomes"]["posted_14d"]["effect"] == 0
    sizes = badge.size()
    imbalance = (sizes["plain"] - sizes["progress"]) / np.sqrt(sizes.sum())
    assert imbalance > 3.5
    rate = badge["posted_14d"].mean()
    error = np.sqrt((rate * (1 - rate) / sizes).sum())
    assert (rate["progress"] - rate["plain"]) / error > 1.96


def test_best_hour_is_evening_on_its_face_and_midday_once_adjusted(posts: pd.DataFrame, truth: dict) -> None:
    own = posts.dropna(subset=["Reach"])
    by_hour = own.groupby(own["hour"].astype(int))["rate"].agg(["mean", "size"])
    assert by_hour.loc[by_hour["size"] >= 30, "mean"].idxmax() >= 19
    angle = 2 * np.pi * own["hour"] / 24
    design = np.column_stack([np.ones(len(own)), own["reel"], np.cos(angle), np.sin(angle)]).astype(float)
    _, reel, cosine, sine = np.linalg.lstsq(design, np.log(own["rate"].to_numpy()), rcond=None)[0]
    planted = truth["posts"]
    assert (np.arctan2(sine, cosine) * 24 / (2 * np.pi)) % 24 == pytest.approx(planted["best_hour"], abs=1)
    assert np.hypot(cosine, sine) == pytest.approx(planted["hour_amplitude"], abs=0.06)
    assert np.exp(reel) == pytest.approx(planted["reel_engagement_rate"], abs=0.1)
    logs = np.log(own["Reach"]).groupby([own["market"], own["reel"]]).mean().unstack()
    assert np.exp((logs[True] - logs[False]).mean()) == pytest.approx(planted["reel_reach"], abs=0.2)
    evening = own["hour"].between(19, 22)
    assert own.loc[evening, "reel"].mean() > 0.85
    assert own.loc[own["hour"].between(7, 11), "reel"].mean() < 0.2


def test_views_stand_a_quarter_above_impressions_at_equal_reach(posts: pd.DataFrame, truth: dict) -> None:
    per_reach = np.exp(np.log(posts["Views"] / posts["Reach"]).groupby(posts["old"]).mean())
    assert posts.loc[posts["old"], "published"].max() < pd.Timestamp("2025-04-11 07:00Z")
    assert posts.loc[~posts["old"], "published"].min() >= pd.Timestamp("2025-04-11 07:00Z")
    assert per_reach[False] / per_reach[True] == pytest.approx(truth["posts"]["views_over_impressions"], abs=0.02)


def test_members_from_the_giveaway_do_not_stay(raw: Path, truth: dict) -> None:
    members = pd.read_csv(raw / "community" / "members.csv").drop_duplicates("Member ID").set_index("Member ID")
    members["joined"] = pd.to_datetime(members["Joined"], errors="coerce")
    events = pd.read_csv(raw / "community" / "events.csv", dtype=str)
    last = pd.to_datetime(events.groupby("Member ID")["Time"].max())
    mature = members[members["joined"] < "2026-09-01"]
    stayed = (last.reindex(mature.index).dt.normalize() - mature["joined"].dt.normalize()).dt.days >= 30
    retained = stayed.groupby(mature["Came through"]).mean()
    people = truth["worlds"]["people"]
    alone = members[members["Came through"] != "referral"]
    for name, source in people["sources"]:
        assert retained[name] == pytest.approx(source["kept"], abs=0.06), name
        assert (alone["Came through"] == name).mean() == pytest.approx(source["share"], abs=0.04)
    assert retained["referral"] == pytest.approx(people["invited"]["kept"], abs=0.06)
    assert stayed[mature["Came through"] != "giveaway"].mean() == pytest.approx(0.45, abs=0.04)
    assert retained.idxmax() == "organic"


def test_crisis_week_multiplies_negatives_about_us_in_one_market(raw: Path, truth: dict) -> None:
    found = pd.read_csv(raw / "listening" / "mentions.csv").drop_duplicates()
    local = pd.to_datetime(found["Time"], errors="coerce").dt.tz_convert("Europe/Berlin").dt.tz_localize(None)
    crisis = local.between("2026-03-09", "2026-03-16", inclusive="left")
    ours = (found["Brand"] == "Lumen Tea") & (found["Country"] == "DE")
    negative = found["Sentiment"] == "NEG"
    per_week = (ours & negative & ~crisis).sum() / ((730 - 7) / 7)
    planted = sum(truth["listening"]["crisis_daily_factors"]) / 7
    assert (ours & negative & crisis).sum() / per_week == pytest.approx(planted, rel=0.3)
    assert (found.loc[ours & negative & crisis, "Topic"] == "packaging").mean() > 0.6
    assert (found.loc[ours & negative & ~crisis, "Topic"] == "packaging").mean() < 0.2
    assert negative[~crisis].mean() == pytest.approx(truth["listening"]["negative_share"], abs=0.01)
    voice = (found["Brand"] == "Lumen Tea").groupby(found["Country"]).mean()
    for market, planted in truth["markets"].items():
        assert voice[market] == pytest.approx(planted["share_of_voice"], abs=0.025), market


@pytest.mark.parametrize("market", MARKETS)
def test_followers_grow_at_the_planted_monthly_rate(raw: Path, truth: dict, market: str) -> None:
    handle, planted = f"lumentea.{market.lower()}", truth["markets"][market]
    text = next((raw / "instagram" / handle).glob("*/Audience.csv")).read_text(encoding="utf-16")
    end = int(text.split('"')[5])
    start = end - daily(raw, market, "Follows").sum()
    months = 730 / 30.4375
    assert np.log(end / start) / months == pytest.approx(planted["instagram_growth"], rel=0.12)
    history = [
        tiktok_member(path, "FollowerHistory.csv") for path in sorted((raw / "tiktok" / handle).glob("Followers_*.zip"))
    ]
    first, last = int(history[0]["Followers"].iloc[0]), int(history[-1]["Followers"].iloc[-3])
    assert np.log(last / first) / months == pytest.approx(planted["tiktok_growth"], rel=0.1)
    assert planted["tiktok_growth"] > planted["instagram_growth"]


def test_no_other_module_knows_of_the_truth() -> None:
    package = Path(fanops_utils.__file__).parent
    others = [path for path in package.rglob("*.py") if "sample" not in path.relative_to(package).parts]
    assert others
    assert [path.name for path in others if "truth.json" in path.read_text(encoding="utf-8")] == []
