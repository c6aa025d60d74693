from __future__ import annotations

import csv
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pandas as pd
import pytest
from export_reading import BRAND, EXPORTS, read, written
from export_strategies import CAPTIONS, COUNTS, MINUTES, cell, same
from hypothesis import given, settings
from hypothesis import strategies as st

from fanops_utils.data.sources.shared.post_ids import ALPHABET, INSTAGRAM_EPOCH_MS
from fanops_utils.errors import ImportRefused

FIXTURE = EXPORTS / "meta/instagram_content/Jan-01-2026_Nov-02-2026_1000000000000001.csv"
HEADERS = {
    "en": ["Post ID", "Account ID", "Account username", "Account name", "Description", "Duration (sec)", "Publish time",
           "Permalink", "Post type", "Data comment", "Date", "Views", "Reach", "Likes", "Shares", "Follows", "Comments", "Saves"],
    "pt-BR": ["Identificação do post", "Identificação da conta", "Nome de usuário da conta", "Nome da conta", "Descrição",
              "Duração (s)", "Horário de publicação", "Link permanente", "Tipo de post", "Comentário de dados", "Data",
              "Visualizações", "Alcance", "Curtidas", "Compartilhamentos", "Seguimentos", "Comentários", "Salvamentos"],
    "es": ["Identificador de la publicación", "Identificador de la cuenta", "Nombre de usuario de la cuenta",
           "Nombre de la cuenta", "Descripción", "Duración (segundos)", "Hora de publicación", "Enlace permanente",
           "Tipo de publicación", "Comentario sobre los datos", "Fecha", "Visualizaciones", "Alcance", "Me gusta",
           "Veces que se ha compartido", "Seguidores", "Comentarios", "Veces guardado"],
}  # fmt: skip
KINDS = {"en": "IG reel", "pt-BR": "Reel do Instagram", "es": "Reel de Instagram"}
METRICS = ["views", "reach", "likes", "shares", "follows", "comments", "saves"]


def shortcode(when: datetime) -> str:
    number, code = (round(when.timestamp() * 1000) - INSTAGRAM_EPOCH_MS) << 23, ""
    while number:
        code, number = ALPHABET[number % 64] + code, number // 64
    return code


def line(
    number: int, caption: str, when: datetime, counts: list[object], *, language: str = "en", **other: str
) -> list[str]:
    printed = when.replace(tzinfo=UTC).astimezone(ZoneInfo(other.get("zone", "America/Los_Angeles")))
    return [
        str(17978900000012345 + number), other.get("account", "17841400000000001"), other.get("user", "demo_brand"),
        "Demo Brand", caption, "0", f"{printed:%m/%d/%Y %H:%M}",
        f"https://www.instagram.com/reel/{shortcode(when.replace(tzinfo=UTC))}/", other.get("kind", KINDS[language]), "",
        "Lifetime", *(cell(one) for one in counts),
    ]  # fmt: skip


def test_the_sample_file_row_by_row() -> None:
    found = read(FIXTURE)
    assert (found.source, found.report, found.rows_in, found.rejects) == ("instagram", "content", 6, [])
    posts, metrics = found.table("posts", "post_id"), found.table("post_metrics", "post_id")
    assert posts["created_timestamp"].dt.strftime("%Y-%m-%d %H:%M").tolist() == [
        "2026-03-07 06:30", "2026-03-08 18:05", "2026-03-15 09:00", "2026-07-01 02:15", "2026-07-04 23:45",
        "2026-11-01 08:30",
    ]  # fmt: skip
    assert set(posts["tz_source"]) == {"proved"}
    assert set(posts["created_source"]) == {"post_id"}
    assert not posts["is_scheduled"].any()
    assert posts["post_type"].tolist() == ["carousel", "short_video", "image", "short_video", "carousel", "image"]
    assert posts["is_collab"].tolist() == [False, False, True, False, False, False]
    assert posts["post_message"].iloc[3] == "=SUM(1,1) not a formula"
    assert posts["post_message"].iloc[4] == "@fans thank you!\n#ugc"
    assert metrics["views"].tolist() == [1784, 26400, 15715, 2596, 903, 411]
    assert metrics["reach"].isna().tolist() == [False, False, True, False, False, False], "empty is not zero"
    assert metrics["follows"].tolist() == [1, 44, pd.NA, 3, 0, 0]
    assert metrics["impressions"].isna().all(), "views are not impressions"
    assert set(metrics["snapshot_at"]) == {pd.Timestamp("2026-11-02 23:59:59", tz="UTC")}


@given(
    st.sampled_from(sorted(HEADERS)),
    st.lists(st.tuples(CAPTIONS, MINUTES, st.lists(COUNTS, min_size=7, max_size=7)), min_size=1, max_size=25),
)
@settings(max_examples=6)
def test_what_was_written_is_read_in_every_language(
    language: str, posts: list[tuple[str, datetime, list[object]]]
) -> None:
    lines = [line(number, *post, language=language) for number, post in enumerate(posts)]
    found = read("\ufeff" + written([HEADERS[language], *lines], quoting=csv.QUOTE_MINIMAL))
    frame = found.table("posts").merge(found.table("post_metrics"), on="post_id")
    assert len(frame) == len(posts)
    for (caption, when, counts), row in zip(posts, frame.to_dict("records"), strict=True):
        assert same(row["post_message"], caption)
        assert row["created_timestamp"] == pd.Timestamp(when, tz="UTC")
        assert all(same(row[name], one) for name, one in zip(METRICS, counts, strict=True))


def test_stories_in_their_own_export_in_spanish() -> None:
    header = [
        *HEADERS["es"][:14],
        "Clics en el enlace",
        "Respuestas",
        "Navegación",
        "Toques en stickers",
        "Visitas al perfil",
    ]
    when = datetime(2026, 5, 4, 18, 30, tzinfo=UTC)
    number = (round(when.timestamp() * 1000) - INSTAGRAM_EPOCH_MS) << 23
    story = line(1, "", when, [900, 700, 4, 6, 3, 812, 2, 5], kind="Historia de Instagram", language="es")
    story[7] = f"https://www.instagram.com/stories/demo_brand/{number}"
    found = read(written([header, story]))
    post, metrics = found.table("posts").iloc[0], found.table("post_metrics").iloc[0]
    assert (post["post_type"], post["tz_source"]) == ("story", "proved")
    assert post["created_timestamp"] == pd.Timestamp(when)
    assert metrics[["views", "reach", "likes", "link_clicks", "comments", "profile_visits"]].tolist() == [
        900,
        700,
        4,
        6,
        3,
        5,
    ]


def test_impressions_of_older_files_are_not_views() -> None:
    header = ["Impressions" if name == "Views" else name for name in HEADERS["en"]]
    metrics = read(written([header, line(1, "x", datetime(2024, 5, 4), [10, 9, 8, 7, 6, 5, 4])])).table("post_metrics")
    assert (metrics["impressions"].iloc[0], metrics["views"].isna().all()) == (10, True)


def test_a_zone_that_is_not_pacific_is_said_and_the_ids_win() -> None:
    posts = [line(day, "x", datetime(2026, 7, day, 22), [1] * 7, zone="Asia/Seoul") for day in range(1, 6)]
    found = read(written([HEADERS["en"], *posts]))
    assert found.table("posts")["created_timestamp"].dt.hour.tolist() == [22] * 5
    assert found.said("the printed times lie +16 h from US Pacific time (UTC-7/-8) by the post ids")


def test_rows_that_deviate_from_pacific_time_are_counted() -> None:
    posts = [line(day, "x", datetime(2026, 7, day, 22), [1] * 7) for day in range(1, 6)]
    posts[4][6] = "07/05/2026 20:31"
    found = read(written([HEADERS["en"], *posts]))
    assert found.said("US Pacific time (UTC-7/-8) in 4 of 5 rows")
    last = found.table("posts").iloc[4]
    assert (last["tz_source"], last["created_source"], bool(last["is_scheduled"])) == ("assumed", "export", True)
    assert last["created_timestamp"] == pd.Timestamp("2026-07-06 03:31", tz="UTC")


def test_collaborations_are_marked_and_two_own_accounts_kept_apart() -> None:
    brand = BRAND.replace(
        "accounts:\n", 'accounts:\n  - {platform: instagram, handle: demo_kr, id: "178414KR", market: KR}\n'
    )
    lines = [line(1, "a", datetime(2026, 7, 1), [1] * 7), line(2, "b", datetime(2026, 7, 2), [1] * 7),
             line(3, "c", datetime(2026, 7, 3), [1] * 7, account="178414KR", user="demo_kr"),
             line(4, "d", datetime(2026, 7, 4), [1] * 7, account="999", user="partner")]  # fmt: skip
    posts = read(written([HEADERS["en"], *lines]), brand=brand).table("posts")
    assert posts["account_id"].tolist() == ["17841400000000001"] * 2 + ["178414KR", "17841400000000001"]
    assert posts["is_collab"].tolist() == [False, False, False, True]


def test_destroyed_ids_and_text_among_the_numbers_are_set_aside() -> None:
    lines = [line(number, "x", datetime(2026, 7, 1 + number), [1] * 7) for number in range(3)]
    lines[0][0], lines[1][11] = "1.79789E+16", "many"
    found = read(written([HEADERS["en"], *lines]))
    assert found.table("posts")["source_row"].tolist() == [3]
    assert [(one.row, one.column) for one in found.rejects] == [(2, "Views"), (1, "Post ID")]


def test_a_file_that_a_spreadsheet_saved_again() -> None:
    posts = [line(day, "a; b", datetime(2026, 7, day, 22), ["12,400"] + [1] * 6) for day in (3, 4, 6)]
    for post in posts:
        month, day, rest = post[6].split("/")
        post[6] = f"{int(day)}/{int(month)}/{rest}"
    found = read(written([HEADERS["en"], *posts], delimiter=";"))
    assert found.table("posts")["created_timestamp"].dt.day.tolist() == [3, 4, 6]
    assert found.table("post_metrics")["views"].tolist() == [12400] * 3
    assert found.said("day first")


def test_points_that_may_group_thousands_set_the_row_aside() -> None:
    post = line(1, "x", datetime(2026, 7, 20, 22), ["12.400"] + [1] * 6)
    found = read(written([HEADERS["en"], post], delimiter=";"))
    assert (found.rows_in, len(found.table("posts"))) == (1, 0)
    assert "group thousands" in found.rejects[0].reason


def test_a_file_of_strangers_is_refused() -> None:
    with pytest.raises(ImportRefused, match=r"names an account that brand\.yml does not"):
        read(written([HEADERS["en"], line(1, "x", datetime(2026, 7, 1), [1] * 7, account="999", user="other")]))
