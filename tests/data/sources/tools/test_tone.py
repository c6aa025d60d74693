"""Sheets of labels come back as they went out; words of mentions are read without whom they name."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest
from export_brand import EVERYWHERE
from export_reading import EXPORTS, read

from fanops_utils.data.sources.texts import language_code, read_texts
from fanops_utils.data.sources.tools.tone import text_id
from fanops_utils.data.warehouse import Store, import_paths, mention_counts, tones_by
from fanops_utils.errors import ImportRefused
from fanops_utils.workspace import Workspace

HEADER = '"Text id","Language","Text","Tone (positive, neutral, negative)","Labeller"\n'


def sheet(*rows: tuple[str, str, str, str, str]) -> str:
    return HEADER + "".join(",".join(f'"{cell}"' for cell in row) + "\n" for row in rows)


def test_labels_come_back_in_every_spelling_and_open_rows_are_none() -> None:
    rows = [
        (text_id(text), "EN", text, tone, "1")
        for text, tone in (("a", "neg"), ("b", "正面"), ("c", ""), ("'=d", "Neutral"))
    ]
    rows[3] = (text_id("=d"), *rows[3][1:])  # a sheet keeps a sign of formulas from being one
    told = read(sheet(*rows), "labels.csv", brand=EVERYWHERE).table("labelled_texts", "text_id").set_index("text")
    assert told["sentiment"].to_dict() == {"a": "negative", "b": "positive", "=d": "neutral"}
    assert set(told["language"]) == {"en"}


def test_labels_survive_a_spreadsheet_that_takes_their_id_for_a_number_and_an_apostrophe_of_their_own() -> None:
    rows = [("1.2E+15", "en", "a", "negative", "1"), (text_id("'tis so"), "en", "'tis so", "positive", "1")]
    result = read(sheet(*rows), "labels.csv", brand=EVERYWHERE)
    told = result.table("labelled_texts", "text_id")["text"].to_dict()
    assert told == {text_id("a"): "a", text_id("'tis so"): "'tis so"} and not result.rejects


def test_a_changed_text_or_an_unknown_tone_is_set_aside() -> None:
    rows = [(text_id("a"), "en", "a!", "negative", "1"), (text_id("b"), "en", "b", "angry", "1")]
    result = read(sheet(*rows), "labels.csv", brand=EVERYWHERE)
    assert {one.row for one in result.rejects} == {1, 2} and result.table("labelled_texts").empty


def test_words_are_read_without_names_links_or_authors(brand_workspace: Workspace) -> None:
    told = read_texts(brand_workspace, [EXPORTS / "meltwater" / "export.csv"])
    assert told["language"].tolist() == ["en", "en"] and told["labelled"].all()
    assert told["text"].tolist() == ["so good", "so good"]
    assert "a_person" not in told.to_csv()


def test_columns_may_be_named_and_what_names_a_person_is_struck_out(
    brand_workspace: Workspace, tmp_path: object
) -> None:
    path = tmp_path / "odd.csv"  # type: ignore[operator]
    path.write_text(
        "Nr,Was,Sprache\n1,write to anna@example.org at https://x.example/anna,German\n2,,German\n", encoding="utf-8"
    )
    with pytest.raises(ImportRefused):
        read_texts(brand_workspace, [path])
    told = read_texts(brand_workspace, [path], text="Was", number="Nr", language="Sprache")
    assert told[["mention_id", "language", "text"]].to_numpy().tolist() == [["1", "de", "write to [e-mail] at [link]"]]
    assert [language_code(one) for one in ("zh-CN", "Portuguese", "nonsense")] == ["zh", "pt", None]


def test_a_scorers_tone_fills_only_what_the_tool_left_open_and_only_where_asked(
    brand_workspace: Workspace, tmp_path: object
) -> None:
    mentions = tmp_path / "mentions.csv"  # type: ignore[operator]
    original = (EXPORTS / "brandwatch" / "mentions.csv").read_text(encoding="utf-8")
    mentions.write_text(original.replace(",positive,", ",,").replace(",Positive,", ",,"), encoding="utf-8")
    import_paths(brand_workspace, [mentions])
    store = Store(brand_workspace)
    rows = store.read("mentions")
    open_ids, said = rows.loc[rows["sentiment"].isna(), "mention_id"], rows.loc[rows["sentiment"].notna(), "mention_id"]
    assert len(open_ids) == 1
    scores = tmp_path / "scores.csv"  # type: ignore[operator]
    lines = "".join(f"{one},en,negative,vader\n" for one in [*open_ids, *said])
    scores.write_text(f"Mention id scored,Language,Tone,Scored by\n{lines}", encoding="utf-8")
    import_paths(brand_workspace, [scores])
    store = Store(brand_workspace)

    def negatives(**options: bool) -> int:
        told = mention_counts(store, **options)  # type: ignore[arg-type]
        return int(told.loc[told["sentiment"] == "negative", "mentions"].sum())

    assert negatives(scored=True) == negatives() + 1
    told = tones_by(store).set_index("toned_by")["mentions"]
    assert isinstance(told, pd.Series) and told["vader"] == 1 and told["tool"] >= 1


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("太难喝 @小红薯123 微信号 wxid_abc123", "太难喝 [handle] [handle]"),
        ("＠アンナ 最高", "[handle] 最高"),
        ("อร่อย @สมชาย", "อร่อย [handle]"),
        ("u/anna and /u/ben say so", "[handle] and [handle] say so"),
        ("see t.me/anna or x.example/anna", "see [link] or [link]"),
        ("and/or 3/4, 24/7, e.g. this", "and/or 3/4, 24/7, e.g. this"),
    ],
)
def test_names_of_every_script_stay_behind(brand_workspace: Workspace, tmp_path: Path, text: str, left: str) -> None:
    path = tmp_path / "heard.csv"
    path.write_text(f'ID,Text,Language\n1,"{text}",en\n', encoding="utf-8")
    assert read_texts(brand_workspace, [path])["text"].tolist() == [left]


def test_texts_whose_id_is_destroyed_are_labelled_and_belong_to_no_mention(
    brand_workspace: Workspace, tmp_path: Path
) -> None:
    path = tmp_path / "heard.csv"
    path.write_text("ID,Text,Language\n1.2E+17,good,en\n1.2E+17,bad,en\n7,so so,en\n7,so so,en\n", encoding="utf-8")
    told = read_texts(brand_workspace, [tmp_path])  # a folder is read file by file
    assert told["text"].tolist() == ["good", "bad", "so so"]
    assert told["mention_id"].isna().tolist() == [True, True, False]
    with pytest.raises(ImportRefused, match="none"):
        read_texts(brand_workspace, [tmp_path / "none.csv"])
