"""How one table writes its numbers: the decimal mark is decided once, from all its cells, and never guessed."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property

import pandas as pd
import pyarrow as arrow
import pyarrow.compute as compute

OTHER_DIGITS = str.maketrans("٠١٢٣٤٥٦٧٨٩۰۱۲۳۴۵۶۷۸۹０１２３４５６７８９−٫٬’", "0123456789" * 3 + "-.,'")
# Read at a glance: nothing in it can be a group of thousands.
SURE = r"-?(?:[0-9]{1,15}(?:\.(?:[0-9]{1,2}|[0-9]{4,15}))?|0\.[0-9]{3})"
PLAIN = r"-?[0-9]{1,15}(?:\.[0-9]{1,15})?"
DECIMAL = r"[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?"
SHORTENED = r"[+-]?[0-9]*\.?([0-9]*)[eE]\+?([0-9]+)"
# Three digits after the only mark, and no leading zero: thousands for one reader, thousandths for the other.
OPEN_COMMA, OPEN_POINT = r"[+-]?[1-9][0-9]{0,2},[0-9]{3}", r"[+-]?[1-9][0-9]{0,2}\.[0-9]{3}"
SPACE = "[ \u00a0\u202f\u2009]"
GROUPED = {
    ".": rf"[+-]?(?:[0-9]{{1,3}}(?:,[0-9]{{3}})+|[0-9]{{1,2}}(?:,[0-9]{{2}})+,[0-9]{{3}}|[0-9]{{1,3}}(?:'[0-9]{{3}})+"
         rf"|[0-9]{{1,3}}(?:{SPACE}[0-9]{{3}})+)(?:\.[0-9]+)?",
    ",": rf"[+-]?[0-9]{{1,3}}(?:(?:\.[0-9]{{3}})+|(?:{SPACE}[0-9]{{3}})+|(?:'[0-9]{{3}})+)(?:,[0-9]+)?",
}  # fmt: skip
SPEAKS = {
    ".": r"[+-]?(?:[0-9]+\.[0-9]{1,2}|[0-9]+\.[0-9]{4,}|0*\.[0-9]+|[0-9]{4,}\.[0-9]{3}|[0-9]{1,3}(?:,[0-9]{3})+\.[0-9]+"
         r"|[0-9]{1,3}(?:,[0-9]{3}){2,}|[0-9]{1,2}(?:,[0-9]{2})+,[0-9]{3}(?:\.[0-9]+)?|[0-9]{1,3}(?:'[0-9]{3})+\.[0-9]+)%?",
    ",": rf"[+-]?(?:[0-9]+,[0-9]{{1,2}}|[0-9]+,[0-9]{{4,}}|0*,[0-9]+|[0-9]{{4,}},[0-9]{{3}}|[0-9]{{1,3}}(?:\.[0-9]{{3}})+,[0-9]+"
         rf"|[0-9]{{1,3}}(?:\.[0-9]{{3}}){{2,}}|[0-9]{{1,3}}(?:{SPACE}[0-9]{{3}})+,[0-9]+)%?",
}  # fmt: skip
NUMERIC = rf"[+-]?[0-9.,'][0-9.,']*(?:{SPACE}[0-9]{{3}})*(?:[.,][0-9]+)?{SPACE}?%?"
NO_NUMBERS = re.compile(
    r"\bdate|_day$|publish|created|datum|fecha|post_message|title|description|_id$|\bid$", re.IGNORECASE
)
TYPED = ("xlsx", "xls", "parquet")
MARKS = {".": "point", ",": "comma"}
OPEN = "?"  # given where another part of the file was looked at, and nothing decided


@dataclass
class Numbers:
    """The numbers of one table, and what decides how they are read.

    `given` is the mark as a mapping states it. `money` are columns of one currency with its number of decimals: an
    amount with three of them, where the currency has two or none, is one of grouped thousands. In `typed` tables (a
    workbook's) numbers that stand as numbers have a point, and an amount with three decimals may have been computed.
    `beside` gives the columns that nothing else is read from.
    """

    frame: pd.DataFrame
    titles: dict[str, str] = field(default_factory=dict)
    given: str | None = None
    typed: bool = False
    money: dict[str, int] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)
    beside: Callable[[], pd.DataFrame] | None = None

    @cached_property
    def evidence(self) -> dict[str, str]:
        """What speaks for each mark: an example with its column; no entry where nothing does.

        Of the columns that are not read only percentages speak: in others anything may look like a number.
        """
        found = self._speaking(self.frame, "[.,]")
        return found if found or self.beside is None else self._speaking(self.beside(), "[.,].*%$")

    def _speaking(self, frame: pd.DataFrame, looks: str) -> dict[str, str]:
        found: dict[str, str] = {}
        for name in map(str, frame.columns):
            if NO_NUMBERS.search(name):
                continue
            texts = compute.utf8_trim_whitespace(arrow.array(frame[name], arrow.string(), from_pandas=True))
            marked = texts.filter(compute.fill_null(compute.match_substring_regex(texts, looks), False))
            if not len(marked):
                continue
            values = pd.Series(marked.to_pandas(), dtype="string").str.translate(OTHER_DIGITS)
            shaped = values.str.fullmatch(NUMERIC)
            if 2 * int(shaped.sum()) < len(values):
                continue
            for mark in MARKS:
                speaking = values[values.str.fullmatch(SPEAKS[mark]) | self._as_money(name, values, mark)]
                if len(speaking) and mark not in found:
                    found[mark] = f"{speaking.iloc[0]} in {self.titles.get(name, name)}"
        return found

    def _as_money(self, name: str, values: pd.Series, mark: str) -> pd.Series:
        """Whether an amount of a currency with two decimals or none has three digits after the other mark: thousands."""
        if self.typed or self.money.get(name, 3) >= 3:
            return pd.Series(False, index=values.index)
        return values.str.fullmatch(OPEN_COMMA if mark == "." else OPEN_POINT)

    def is_open(self, name: str) -> bool:
        """Return whether three digits after a point in *name* may be thousands as text, or decimals as a number."""
        return self.typed and not self.given and self.money.get(name, 3) < 3 and not self.evidence

    @cached_property
    def mark(self) -> str | None:
        """The decimal mark of the table; None where nothing decides, or where its cells contradict each other."""
        if self.given:
            return None if self.given == OPEN else self.given
        if len(self.evidence) != 1:
            return "." if self.typed and not self.evidence else None
        return next(iter(self.evidence))

    def note(self, text: str) -> None:
        """Keep *text*, once, among what there is to say about the file."""
        if text not in self.notes:
            self.notes.append(text)

    def note_mark(self) -> None:
        """Note by which mark the numbers were read, and why."""
        if self.mark and not (self.mark == "." and (self.typed or self.given)):
            why = "the mapping says so" if self.given else self.evidence[self.mark]
            shown = f" ({why})" if self.mark == "," else ""
            self.note(f"numbers are read with a decimal {MARKS[self.mark]}{shown}")


def as_point(digits: pd.Series, mark: str | None) -> tuple[pd.Series, pd.Series]:
    """Return *digits* with a decimal point and no groups, and which of them could be read two ways.

    Where no *mark* is known, each is read as it can only be read.

    >>> as_point(pd.Series(["1.234,5", "1,234.5", "1,234"], dtype="string"), None)[0].tolist()
    ['1234.5', '1234.5', <NA>]
    """
    if mark is None:
        is_open = (digits.str.fullmatch(OPEN_COMMA) | digits.str.fullmatch(OPEN_POINT)).fillna(value=False)
        commas = digits.str.fullmatch(SPEAKS[","]).fillna(value=False)
        found = as_point(digits, ".")[0].where(~commas, as_point(digits, ",")[0])
        return found.mask(is_open), is_open
    grouped = digits.str.fullmatch(GROUPED[mark]).fillna(value=False)
    other = "," if mark == "." else "."
    found = digits.str.replace(rf"{SPACE}|['{other}]", "", regex=True).where(grouped, digits)
    if mark == ",":
        wrong = found.str.contains(".", regex=False).fillna(value=False)  # a point that groups nothing
        found = found.str.replace(",", ".", regex=False).mask(wrong, "?")
    return found, pd.Series(False, index=digits.index)


def is_cut(digits: pd.Series) -> pd.Series:
    """Return where a number in E-notation has fewer digits than it has places: 1.79E+05 was any of ten thousand."""
    if not digits.str.contains("e", case=False, regex=False).fillna(value=False).any():
        return pd.Series(False, index=digits.index)
    parts = digits.str.extract(f"^{SHORTENED}$")
    return (parts[1].astype("Float64") > parts[0].str.len()).fillna(value=False).astype(bool)
