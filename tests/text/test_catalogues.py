"""The catalogues: whole, exact and without leftovers for every language shipped; every message a literal."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from string import Formatter

import pytest
from babel.messages.catalog import Catalog
from babel.messages.catalog import Message as Entry
from babel.messages.pofile import read_po
from conftest import ROOT

from fanops_utils.text import catalogue
from fanops_utils.text.collect import collect, messages_of, sources, unreadable
from fanops_utils.text.update import update

Key = tuple[str, str | None]
LANGUAGES = catalogue.languages()[1:]


def key_of(entry: Entry) -> Key:
    return (entry.id if isinstance(entry.id, str) else entry.id[0]), entry.context


def texts(told: str | tuple[str, ...] | list[str]) -> tuple[str, ...]:
    return (told,) if isinstance(told, str) else tuple(told)


def placeholders(text: str) -> Counter[str]:
    """Return the `{names}` of *text*; raise ValueError where its braces are not those of a message."""
    fields = [(name, form, conversion) for _, name, form, conversion in Formatter().parse(text) if name is not None]
    if any(form or conversion or not name.isidentifier() for name, form, conversion in fields):
        raise ValueError(f"a placeholder that is no name: {text}")
    return Counter(name for name, _, _ in fields)


def is_message(entry: Entry) -> bool:
    """Whether values are put into the text: a narrative's braces are its own."""
    return any(not where.endswith(".ipynb") for where, _ in entry.locations)


@cache
def wanted() -> Catalog:
    return collect(ROOT)


@cache
def shipped(language: str) -> Catalog:
    with (catalogue.FOLDER / f"{language}.po").open("rb") as file:
        return read_po(file, locale=language.replace("-", "_"))


def entries(catalog: Catalog) -> Iterator[Entry]:
    return (entry for entry in catalog if entry.id)


def faults(catalog: Catalog, wanted: Catalog) -> Iterator[str]:
    """Yield what *catalog* lacks, has too much or says with other values than the messages *wanted*."""
    known = {key_of(entry): entry for entry in entries(catalog)}
    for entry in entries(wanted):
        key = key_of(entry)
        told = known.pop(key, None)
        if told is None or not all(texts(told.string)):
            yield f"missing: {key}"
            continue
        if told.fuzzy:
            yield f"fuzzy: {key}"
        if is_message(entry):
            yield from _other_values(entry, told, key)
    yield from (f"unused: {key}" for key in known)
    yield from (f"unused: {key}" for key in catalog.obsolete)


def _other_values(entry: Entry, told: Entry, key: Key) -> Iterator[str]:
    asked = placeholders(texts(entry.id)[-1])  # of a plural the many: "one post" may leave its number out
    for text in texts(told.string):
        try:
            given = placeholders(text)
        except ValueError as error:
            yield f"braces: {key}: {error}"
            continue
        if given.keys() != asked.keys():
            yield f"other placeholders: {key}: {sorted(given)}"


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_catalogue_is_whole_and_exact(language: str) -> None:
    found = list(faults(shipped(language), wanted()))
    assert not found, f"{len(found)} faults: python -m fanops_utils.text.update, then translate:\n" + "\n".join(
        found[:40]
    )


def test_there_is_a_language_beside_english() -> None:
    assert "zh-Hans" in LANGUAGES


PACKAGE = sorted((ROOT / "fanops_utils").rglob("*.py"))


def test_every_text_is_a_literal() -> None:
    own = {ROOT / "fanops_utils" / "text" / "message.py"}
    found = [f"{path.relative_to(ROOT)} {what}" for path in PACKAGE if path not in own for what in unreadable(path)]
    assert found == []


def test_messages_hold_names_only() -> None:
    told = [text for entry in entries(wanted()) if is_message(entry) for text in texts(entry.id)]
    names = {name for text in told for name in placeholders(text)}  # raises for a form, a conversion, an attribute
    assert all(name.isidentifier() for name in names)


def test_a_message_has_no_word_glued_to_a_value() -> None:
    """What stands right before or after a value is a blank, a mark or a unit: `{n}s` is a plural made by hand."""
    glued = re.compile(r"[A-Za-z]\{\w+\}|\{\w+\}[a-z]")
    found = [text for entry in entries(wanted()) if is_message(entry) for text in texts(entry.id) if glued.search(text)]
    assert found == []


# --- the check itself, and how catalogues are kept up --------------------------------------------------------------


def catalog(*told: tuple[str | tuple[str, str], str | tuple[str, ...]], flags: tuple[str, ...] = ()) -> Catalog:
    made = Catalog(locale="zh_Hans")
    for text, string in told:
        made.add(text, string, locations=[("a.py", None)], flags=flags)
    return made


ASKED = catalog(("{n} of {what}", ""), (("{n} post", "{n} posts"), ("",)))


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        (catalog(("{n} of {what}", "{what}有{n}"), (("{n} post", "{n} posts"), ("{n}条",))), []),
        (catalog(("{n} of {what}", "{what}有{n}")), ["missing: ('{n} post', None)"]),
        (catalog(("{n} of {what}", ""), (("{n} post", "{n} posts"), ("{n}条",))), ["missing: ('{n} of {what}', None)"]),
        (catalog(("{n} of {what}", "{what}"), (("{n} post", "{n} posts"), ("{n}条",))),
         ["other placeholders: ('{n} of {what}', None): ['what']"]),
        (catalog(("{n} of {what}", "{what} {m} {n}"), (("{n} post", "{n} posts"), ("{n}条",))),
         ["other placeholders: ('{n} of {what}', None): ['m', 'n', 'what']"]),
        (catalog(("{n} of {what}", "{what!r} {n}"), (("{n} post", "{n} posts"), ("{n}条",))),
         ["braces: ('{n} of {what}', None): a placeholder that is no name: {what!r} {n}"]),
        (catalog(("{n} of {what}", "{what}有{n}"), (("{n} post", "{n} posts"), ("{n}条",)), ("old", "旧")),
         ["unused: ('old', None)"]),
    ],
)  # fmt: skip
def test_each_fault_of_a_catalogue_is_seen(given: Catalog, expected: list[str]) -> None:
    assert list(faults(given, ASKED)) == expected


def test_what_is_fuzzy_is_seen() -> None:
    given = catalog(("{n} of {what}", "{what}有{n}"), (("{n} post", "{n} posts"), ("{n}条",)), flags=("fuzzy",))
    assert list(faults(given, ASKED)) == ["fuzzy: ('{n} of {what}', None)", "fuzzy: ('{n} post', None)"]


CODE = """
say("a " "b")
say_n("{n} post", "{n} posts", n=3)
term("share", "interaction")
say(text)
say(f"{text}")
say("a" + "b")
say_n("{n} post", many, n=3)
term("share", "a" if b else "c")
valued("no message")
"""


def test_literals_are_collected_and_what_is_none_is_named(tmp_path: Path) -> None:
    path = tmp_path / "fanops_utils" / "a.py"
    path.parent.mkdir()
    path.write_text(CODE, encoding="utf-8")
    assert [found[1:] for found in messages_of(path)][:3] == [
        ("a b", None), (("{n} post", "{n} posts"), None), ("share", "interaction"),
    ]  # fmt: skip
    assert [text.partition(":")[0] for text in unreadable(path)] == [f"line {line}" for line in (5, 6, 7, 8, 9)]
    assert sources(tmp_path) == [path]


def test_an_update_keeps_translations_drops_what_is_gone_and_says_how_much_is_open(tmp_path: Path) -> None:
    path = tmp_path / "zh-Hans.po"
    template = catalog(("old", ""), ("kept", ""))
    assert update(path, template) == (2, 2)
    path.write_text(
        path.read_text(encoding="utf-8").replace('msgid "kept"\nmsgstr ""', 'msgid "kept"\nmsgstr "留"'),
        encoding="utf-8",
    )
    assert update(path, catalog(("kept", ""), ("new", ""))) == (2, 1)
    before = path.read_text(encoding="utf-8")
    assert '"留"' in before and 'msgid "old"' not in before and "fuzzy" not in before
    assert update(path, catalog(("kept", ""), ("new", ""))) == (2, 1)
    assert path.read_text(encoding="utf-8") == before, "an update of what is up to date changes nothing"
