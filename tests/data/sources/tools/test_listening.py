"""Mentions from Brandwatch and Meltwater: whose they are, where they stand, and not who wrote them."""

from __future__ import annotations

import pytest
from export_brand import EVERYWHERE
from export_reading import EXPORTS, read

from fanops_utils.data.sources.tools.listening import brand_of
from fanops_utils.errors import ImportRefused
from fanops_utils.workspace import Brand, Market

US = Market(code="US", name="United States", language="en", time_zone="America/New_York", currency="USD")
DEMO = Brand(name="Demo", markets=(US,), competitors=("Rival Co",), aliases={"Rival Co": ("Rivals",)})


def test_brandwatch_below_the_lines_on_its_query() -> None:
    mentions = read(EXPORTS / "brandwatch" / "mentions.csv", brand=EVERYWHERE).table("mentions", "mention_id")
    assert mentions["platform"].tolist() == ["x", "web", "reddit"]
    assert mentions["brand"].tolist() == ["Demo Brand", "Demo Brand", "Rival Co"]
    assert mentions["sentiment"].tolist() == ["positive", "neutral", "negative"]
    assert mentions["market"].fillna("").tolist() == ["US", "GB", ""]
    assert mentions["mentioned_at"].dt.strftime("%d %H:%M").tolist() == ["03 10:15", "04 08:00", "05 23:59"]


def test_meltwater_keeps_nobodys_address() -> None:
    mentions = read(EXPORTS / "meltwater" / "export.csv", brand=EVERYWHERE).table("mentions")
    assert mentions["mentioned_at"].dt.hour.tolist() == [10, 20]
    assert mentions["mention_id"].nunique() == 2
    assert "a_person" not in mentions.to_csv()


@pytest.mark.parametrize(("search", "whose"), [
    ("demo", "Demo"), ("Demo - global", "Demo"), ("rivals (news)", "Rival Co"), ("Demonstrations", None),
    ("Demo against Rival Co", None),
])  # fmt: skip
def test_a_search_is_whose_name_it_bears(search: str, whose: str | None) -> None:
    assert brand_of(search, DEMO) == whose


def test_a_search_named_after_nobody_is_refused() -> None:
    text = (EXPORTS / "brandwatch" / "mentions.csv").read_text(encoding="utf-8")
    strange = text.replace("Demo Brand", "Search 1").replace("Rival Co", "Search 2")
    with pytest.raises(ImportRefused, match="Search 1"):
        read(strange, "mentions.csv", brand=EVERYWHERE)
