"""Text as old programs save it, in the letters of many languages: read as it was written, or refused; never in others."""

from __future__ import annotations

import pytest

from fanops_utils.data.sources.files.encodings import decoded
from fanops_utils.errors import ImportRefused

READ = {
    "cp932": "新商品のご紹介です。今日から発売", "cp949": "오늘의 새로운 제품을 소개합니다",
    "gb18030": "今天的新产品,大家快来看看吧",
    "cp1252": "Neue Größe, voilà l’été, ¿señal?, coração",
}  # fmt: skip
REFUSED = [
    ("cp1251", "Новая коллекция уже в продаже"), ("cp1250", "Zobacz nową kolekcję już dziś, żółte buty"),
    ("cp1250", "Új kollekció, nézd meg őszi árak, elérhető"), ("cp1250", "Příliš žluťoučký kůň"),
    ("cp1253", "Νέα συλλογή τώρα διαθέσιμη"), ("cp1254", "Yeni ürünlerimiz şimdi satışta, ığdır"),
    ("cp1255", "המוצר החדש זמין"), ("cp1256", "المنتج الجديد متوفر"), ("cp874", "สินค้าใหม่มาแล้ว วันนี้"),
    ("big5", "今天的新產品介紹,謝謝大家"), ("euc_jp", "新商品のご紹介です"), ("cp932", "限定発売中"),
    ("mac_roman", "Voilà l’été déjà schön für Größe"),
]  # fmt: skip


def table(text: str) -> str:
    return "Post ID,Date,Text\n" + "".join(f"{number},2026-01-0{number},{text}\n" for number in range(1, 4))


@pytest.mark.parametrize("encoding", READ)
def test_an_encoding_that_its_letters_prove_is_read_with_a_warning(encoding: str) -> None:
    text = table(READ[encoding])
    assert decoded(text.encode(encoding), label="x.csv")[:2] == (text, encoding)
    assert decoded(text.encode(encoding), label="x.csv")[2]


@pytest.mark.parametrize(("encoding", "text"), REFUSED)
def test_other_letters_are_refused_not_read_as_those_of_another_language(encoding: str, text: str) -> None:
    with pytest.raises(ImportRefused, match=r"^x\.csv: .*UTF-8"):
        decoded(table(text).encode(encoding), label="x.csv")
