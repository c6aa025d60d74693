"""Markdown of narratives in Chinese, which sets no blank after a mark."""

import pytest
from bs4 import BeautifulSoup

from fanops_utils.reports.page import sanitise


@pytest.mark.parametrize(
    ("source", "bold"),
    [
        ("**谁来决定：**社群运营，每周一次。**能得到：**谁在什么时候活跃。", ["谁来决定", "能得到"]),
        ("**谁来决定：** 社群运营，每月一次。**你会看到：** 规则。", ["谁来决定", "你会看到"]),
        ("**谁来决定**：负责人，在结束四周后。**你会看到**：结论。", ["谁来决定", "你会看到"]),
        ("**Who decides:** the lead, every week. **You get:** rules.", ["Who decides", "You get"]),
    ],
)
def test_bold_text_that_ends_in_a_mark_shows_no_asterisks(source: str, bold: list[str]) -> None:
    shown = BeautifulSoup(sanitise.markdown(source), "html.parser")
    assert [one.get_text() for one in shown("strong")] == bold
    assert shown.get_text().replace(" ", "").strip() == source.replace("*", "").replace(" ", "")


def test_powers_in_code_stay() -> None:
    shown = BeautifulSoup(sanitise.markdown("```python\nx = 2**3 + y**2\n```"), "html.parser")
    assert "2**3 + y**2" in shown.get_text()
