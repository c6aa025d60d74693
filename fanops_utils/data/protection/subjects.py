"""One person as data knows them: the ids they go by, their pseudonyms, and what is theirs in a cell or a text."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from fanops_utils.data.privacy.pseudonyms import Pseudonyms
from fanops_utils.data.protection.decoding import decoded
from fanops_utils.data.protection.spelling import any_of, byte_pattern, text_pattern, whole_pattern
from fanops_utils.data.sources.mapping.register import ROW_NUMBER, read_mapping
from fanops_utils.data.sources.shared.sheet import fold
from fanops_utils.errors import DataError
from fanops_utils.workspace import Workspace
from fanops_utils.workspace.kinds import MAPPING

ERASED = "[erased]"
ADDRESS = re.compile(r"<([^<>\s]+@[^<>\s]+)>$")
KEY_SHOWN = 8  # a page may show the first characters of a pseudonym


@dataclass(frozen=True)
class Subject:
    """The ids of one person, without case or a leading @, and the pseudonyms these lead to."""

    ids: frozenset[str]
    keys: frozenset[str]
    id_columns: frozenset[str] = frozenset()

    @cached_property
    def telling(self) -> frozenset[str]:
        """The ids that are nobody else's number or word: only they are looked for outside columns of ids."""
        return frozenset(one for one in self.ids if is_telling(one))

    @cached_property
    def written(self) -> frozenset[str]:
        """How the person may be named in a text: telling ids as they are, words (a handle is one) only behind an @."""
        return self.telling | {f"@{one}" for one in self.ids if one.isalpha()}

    @cached_property
    def text(self) -> re.Pattern[str]:
        """Matches the person in a text: an id on its own, however it is spelt, a pseudonym whole or shortened."""
        parts = [whole_pattern(one) for one in sorted(self.written, key=len, reverse=True)]
        return re.compile(
            "|".join([*parts, rf"(?<![0-9a-zA-Z])(?:{self._short})[0-9a-f]*(?![0-9a-zA-Z])"]), re.IGNORECASE
        )

    @cached_property
    def name(self) -> re.Pattern[str]:
        """Matches the person in the name of a file or folder, where _ divides words."""
        ids = "|".join(map(text_pattern, sorted(self.telling, key=len, reverse=True)))
        return re.compile(rf"(?<![A-Za-z0-9])(?:{ids})(?![A-Za-z0-9])" if ids else r"(?!)", re.IGNORECASE)

    @cached_property
    def spelling(self) -> str:
        """The pattern, for RE2 without regard to case, of everything that may name the person, and of some that does not."""
        return any_of([*map(text_pattern, sorted(self.written)), self._short])

    @cached_property
    def cell(self) -> str:
        """The pattern, for RE2 without regard to case, of a cell that is a telling id and nothing else; empty without any."""
        ids = "|".join(map(text_pattern, sorted(self.telling)))
        return rf"\s*'?\s*(?:{text_pattern('@')})?(?:{ids})\s*" if ids else ""

    @cached_property
    def quick(self) -> re.Pattern[str]:
        """Matches every text that holds an id or a pseudonym, and some that do not: quicker than the exact answer."""
        return re.compile(any_of([*map(text_pattern, sorted(self.ids)), self._short]), re.IGNORECASE)

    @cached_property
    def needles(self) -> str:
        """The bytes of the ids in every encoding an export comes in, for `holds_any`: without one, nothing is theirs."""
        return any_of([*map(byte_pattern, sorted(self.ids)), self._short])

    @cached_property
    def traces(self) -> str:
        """The bytes of telling ids and of pseudonyms, as they are shortened, for `holds_any`."""
        return any_of([*map(byte_pattern, sorted(self.written)), self._short])

    @cached_property
    def _short(self) -> str:
        return "|".join(sorted({key[:KEY_SHOWN] for key in self.keys})) or "(?:$^)"

    def is_cell(self, cell: str, column: str = "") -> bool:
        """Return whether *cell* is this person's id; *column* is its header, which decides where an id is a mere number."""
        plain = plain_id(cell)
        is_handle = decoded(cell).strip().startswith("@") and plain in self.ids
        return plain in self.telling or is_handle or (plain in self.ids and fold(column) in self.id_columns)

    def in_path(self, label: str) -> bool:
        """Return whether the path *label* names the person."""
        return bool(self.name.search(label) or self.text.search(label))

    def masked(self, label: str) -> str:
        """Return the path *label* as it may be told."""
        return self.name.sub(ERASED, self.without(label))

    def without(self, text: str) -> str:
        """Return *text* with the person's ids and pseudonyms replaced."""
        return self.text.sub(ERASED, text)


def plain_id(text: str) -> str:
    """Return an id decoded, without case, surrounding space, the apostrophe of a spreadsheet, a leading @, or a name before it.

    >>> plain_id(" @Anna_B "), plain_id("Anna B <Anna%40example.org>")
    ('anna_b', 'anna@example.org')
    """
    spelt = decoded(text)
    named = ADDRESS.search(spelt) if spelt.endswith(">") else None
    return (named[1] if named else spelt).strip().removeprefix("'").strip().removeprefix("@")


def is_telling(text: str) -> bool:
    """Return whether an id is unlikely to be a word or number that means something else.

    >>> is_telling("LC-000017"), is_telling("20261122"), is_telling("checkout")
    (True, False, False)
    """
    return len(text) >= (9 if text.isdigit() else 5) and not text.isalpha()


def id_columns(workspace: Workspace) -> frozenset[str]:
    """Return the headers, folded, that hold ids of people in the raw files of *workspace*."""
    found = {"email"}
    for path in MAPPING.paths(workspace.path):
        for table in read_mapping(path).tables.values():
            found |= {fold(header) for column, header in table.columns.items()
                      if column.endswith("_key") and header != ROW_NUMBER}  # fmt: skip
    return frozenset(found)


def find_subject(workspace: Workspace, ids: Iterable[str], *, spelt: Iterable[str] = ()) -> Subject:
    """Return the person with *ids* (as the platform or the shop writes them: id, handle, e-mail).

    *spelt* are further spellings met in raw files: a pseudonym follows the spelling. Raises DataError where an id is
    empty or is one of the brand's own accounts.
    """
    given = [one.strip() for one in ids]
    plain = {plain_id(one) for one in given}
    if not given or "" in plain:
        raise DataError("the id of a person is empty")
    own = {
        plain_id(name) for account in workspace.brand.accounts for name in (account.handle, account.id or "") if name
    }
    if plain & own:
        raise DataError("this is an account of the brand itself, not a person", value=sorted(plain & own)[0])
    people = Pseudonyms.of(workspace)
    bare = {one.removeprefix("@") for one in (*given, *spelt)}
    spellings = {form for one in bare for form in (one, one.casefold(), one.lower(), one.upper())}
    keys = {people.key_for(mark + one) for one in spellings for mark in ("", "@")}
    return Subject(frozenset(plain), frozenset(keys), id_columns(workspace))
