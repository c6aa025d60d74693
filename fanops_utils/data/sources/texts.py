"""Words of mentions, read from a listening tool's file and not kept: to be labelled by people or scored, then forgotten."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache
from pathlib import Path

import pandas as pd
from babel import Locale

from fanops_utils.data.privacy import Pseudonyms
from fanops_utils.data.privacy.personal import MARKS, Personal
from fanops_utils.data.sources.files.reading import Grid, exports_in, files_under, sheets_of
from fanops_utils.data.sources.shared.sheet import Aliases, fold, sheet_at
from fanops_utils.data.sources.tools.tone import text_id
from fanops_utils.errors import ImportRefused
from fanops_utils.text import say
from fanops_utils.workspace import Workspace

WORDS: Aliases = {
    "text": ("Full Text", "Snippet", "Hit Sentence", "Opening Text", "Text", "Content", "Message", "正文", "内容"),
    "mention_id": ("Resource Id", "Mention Id", "Document ID", "Mention ID", "ID"),
    "url": ("Url", "URL"), "language": ("Language", "Lang", "语言"), "sentiment": ("Sentiment",),
    "country": ("Country", "Country Code", "Market"),
}  # fmt: skip
# Also as people write them: an address without its scheme that goes on behind its domain, as in t.me/anna.
LINK = re.compile(r"https?://\S+|www\.\S+|(?<![\w@.])(?:[A-Za-z0-9-]+\.)+[A-Za-z]{2,}/\S*")
# Names that stand in no other script but their own (@小红薯123), of Reddit (u/anna), and ids of WeChat without a colon.
# A sheet goes to people outside the warehouse: a word too many struck out is the smaller harm.
NAMED = re.compile(
    rf"(?<![\w.+-])[@＠][\w{MARKS}][\w.{MARKS}-]{{0,29}}|(?<![\w/])/?u/[\w-]{{3,20}}|(?<![\w-])wxid_\w+"
    r"|(?:微信号?|薇信|威信)\s*[A-Za-z][\w-]{5,19}"
)
COLUMNS = ["mention_id", "text_id", "language", "text", "labelled"]
HEADER_WITHIN = 20


def read_texts(
    workspace: Workspace, files: Iterable[Path], *, text: str = "", number: str = "", language: str = ""
) -> pd.DataFrame:
    """Return the texts of *files* as COLUMNS, each mention once; `labelled`: whether the tool gave a tone.

    A text whose id a spreadsheet has destroyed is there without `mention_id`: it may be labelled, and belongs to no mention.
    *text*, *number* and *language* name the columns where they are called otherwise. Without a language column it is that of
    the market (`brand.yml`) of the row's country. What names a person is struck out, links too. Raises ImportRefused for a
    file without words or ids.
    """
    named = {"text": text, "mention_id": number, "language": language}
    spelled = {**WORDS, **{name: (title,) for name, title in named.items() if title}}
    exports = (export for path in files for file in files_under(path) for export in exports_in(file, label=file.name))
    found = [_of_sheet(workspace, grid, spelled) for export in exports for grid in sheets_of(export)]
    known = [one for one in found if one is not None]
    if not known:
        raise ImportRefused(say("no column of words and ids: name them with --text and --id"), choices=WORDS["text"])
    whole = pd.concat(known, ignore_index=True).dropna(subset=["text"])
    whole["text"] = _nameless(whole["text"], Personal.of(workspace)).str.strip()
    whole["text_id"] = whole["text"].map(text_id)
    again = whole["mention_id"].notna() & whole["mention_id"].duplicated()
    return whole.loc[~again, COLUMNS].reset_index(drop=True)


def _nameless(texts: pd.Series, personal: Personal) -> pd.Series:
    """Return *texts* without links and what names a person; the brand's own accounts stay."""

    def struck(name: re.Match[str]) -> str:
        return name[0] if name[0].lstrip("@＠").casefold() in personal.allowed else "[handle]"

    return personal.without(texts.str.replace(LINK, "[link]", regex=True)).str.replace(NAMED, struck, regex=True)


def _of_sheet(workspace: Workspace, grid: Grid, spelled: Aliases) -> pd.DataFrame | None:
    places = next(filter(None, (_places(row, spelled) for row in grid.rows[:HEADER_WITHIN])), None)
    if places is None:
        return None
    header = next(at for at, row in enumerate(grid.rows) if _places(row, spelled))
    names = {at[0]: name for name, at in places.items() if at}
    sheet = sheet_at(grid, (header, names), ragged=True)
    assert sheet is not None  # its header is there
    cells = sheet.cells
    words = cells.raw("text")
    for other in places["text"][1:]:  # a snippet, where the full text is missing
        spare = sheet_at(grid, (header, {other: "text"}), ragged=True)
        words = words if spare is None else words.fillna(spare.cells.raw("text"))
    number = cells.optional_id("mention_id").fillna(Pseudonyms.of(workspace).keys(cells.raw("url")))
    markets = {code: one.language for one in workspace.brand.markets for code in (one.code, *one.country_codes)}
    named = cells.raw("language")
    markets_tongue = (
        cells.raw("country").map(markets).where(named.isna())
    )  # a language nobody knows is not the market's
    tongue = named.fillna(markets_tongue.astype("string")).map(language_code, na_action="ignore").astype("string")
    told = pd.DataFrame({
        "mention_id": number, "language": tongue, "text": words, "labelled": cells.raw("sentiment").notna(),
    }).dropna(subset=["mention_id"])  # fmt: skip
    destroyed = told.index.isin([one.row for one in cells.rejects])
    return told.assign(mention_id=told["mention_id"].mask(destroyed))


def _places(row: list[str], spelled: Aliases) -> dict[str, list[int]] | None:
    """Return in which columns of a header *row* each field stands, best spelling first; None where it is no header."""
    titles = [fold(cell) for cell in row]
    found = {name: [titles.index(fold(one)) for one in names if fold(one) in titles] for name, names in spelled.items()}
    return found if found["text"] and (found["mention_id"] or found["url"]) else None


def language_code(name: str) -> str | None:
    """Return the code of a language that a tool names by its code or its English name; None where it is neither.

    >>> language_code("English"), language_code("pt-BR"), language_code("Klingon?")
    ('en', 'pt', None)
    """
    plain = name.strip().casefold().replace("_", "-").split("-")[0].split(" ")[0]
    known = _codes()
    return plain if plain in known.values() else known.get(plain)


@cache
def _codes() -> dict[str, str]:
    names = Locale("en").languages
    return {str(said).casefold(): code for code, said in names.items() if len(code) == 2}
