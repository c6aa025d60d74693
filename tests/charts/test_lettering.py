"""Wide characters: laid out one em wide by a font that lacks them, written as they are."""

from __future__ import annotations

import unicodedata
from xml.etree import ElementTree

import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg

from fanops_utils.charts.curves.figure import finished, new_figure
from fanops_utils.charts.lettering import EM, OVER, fitted, fold, laid_out, room, width, written
from fanops_utils.charts.pen import Pen


@pytest.mark.parametrize("text", ["互动 12 次", "キャンペーン", "검색으로 가입", "plain — text", "𠮷野家", ""])
def test_what_was_laid_out_is_written_as_it_was(text: str) -> None:
    assert written(laid_out(text)) == text
    assert written(laid_out(laid_out(text))) == text
    assert not any(width(char) == 2 for char in laid_out(text))


def test_no_stand_in_stands_for_what_is_not_wide() -> None:
    forged = EM + "\ufe00\ufe00\ufe00\ufe03\ufe0c"  # would be "<"
    assert written(forged) == forged


def test_a_han_character_is_given_one_em() -> None:
    pen = Pen("zh-Hans")
    figure, (axes,) = new_figure(pen, height=200)
    text = axes.text(0, 0, laid_out("互动互动互动互动互动"), fontsize=10)
    across = text.get_window_extent(FigureCanvasAgg(figure).get_renderer()).width / figure.dpi * 72
    assert across == pytest.approx(100, abs=3)
    spoken = [
        element.text
        for element in ElementTree.fromstring(finished(figure, pen).encode()).iter("{http://www.w3.org/2000/svg}text")
    ]
    assert "互动互动互动互动互动" in spoken


@pytest.mark.parametrize("letter", ["W", "x", "茶", "م", "🫖"])
@pytest.mark.parametrize("space", [60.0, 168.0, 306.0])
def test_a_label_keeps_to_its_space_and_to_six_lines_however_long_a_name_is(letter: str, space: float) -> None:
    label = fitted(letter * 300, space, 13)
    assert room(label, 13) <= OVER * space + 13
    assert label.count("\n") == 5 and label.endswith("…")
    assert fitted(letter * 3, space, 13) == letter * 3


@pytest.mark.parametrize("cluster", ["👨‍👩‍👧‍👦", "🇧🇷", "👍🏽", "ที่"])
def test_what_is_one_sign_is_not_broken_over_lines(cluster: str) -> None:
    lines = fold(cluster * 12, 6).split("\n")
    assert "".join(lines) == cluster * 12
    assert len(lines) > 1 and all(line.startswith(cluster[0]) or cluster == "ที่" for line in lines)
    assert not any(unicodedata.category(line[0]).startswith("M") for line in lines)


def test_lines_are_folded_by_the_room_their_characters_take() -> None:
    assert all(width(line) <= 8 for line in fold("通过品牌抽奖活动 joined in May", 8).split("\n"))


@pytest.mark.parametrize(
    ("text", "space", "lines"),
    [("与预测值之差（百分点）", 14, ["与预测值之差", "（百分点）"]), ("触达互动率提高", 8, ["触达", "互动率", "提高"]),
     ("微信视频号", 8, ["微信", "视频号"]), ("互动次数", 2, ["互", "动", "次", "数"]),
     ("インタラクション数", 6, ["インタ", "ラクシ", "ョン数"])],
)  # fmt: skip
def test_chinese_is_folded_between_words(text: str, space: int, lines: list[str]) -> None:
    assert fold(text, space).split("\n") == lines
