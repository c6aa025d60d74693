"""`make messages`: bring the catalogues up to date with the messages of the repository."""

from __future__ import annotations

import io
import sys
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po, write_po

from fanops_utils.errors import FanopsError
from fanops_utils.text.catalogue import FOLDER, code_of
from fanops_utils.text.collect import collect

# Lines of the header that say who and when: the history says it, and two updates in a row are to be the same.
PASSING = tuple(
    f'"{name}'
    for name in (
        "Project-Id-Version",
        "Report-Msgid",
        "POT-Creation",
        "PO-Revision",
        "Last-Translator",
        "Language-Team",
        "Generated-By",
    )
)


def update(path: Path, template: Catalog) -> tuple[int, int]:
    """Bring the .po file at *path* up to date: new messages empty, gone ones dropped; return (messages, still empty).

    A file that is not there is begun: the name is the language's code.
    """
    locale = path.stem.replace("-", "_")
    if path.exists():
        with path.open("rb") as file:
            known = read_po(file, locale=locale)
    else:
        known = Catalog(locale=locale, charset="utf-8")
    known.fuzzy = False  # what a new catalogue's header is flagged as
    known.update(template, no_fuzzy_matching=True)
    known.obsolete.clear()
    known.header_comment = f"# {path.stem} for fanops. Written by `make messages`; translations by hand."
    text = io.BytesIO()
    write_po(text, known, width=120, sort_output=True, include_lineno=False)
    lines = text.getvalue().decode("utf-8").splitlines(keepends=True)
    path.write_text("".join(line for line in lines if not line.startswith(PASSING)), encoding="utf-8")
    empty = sum(1 for message in known if message.id and not _filled(message.string))
    return len(known), empty


def _filled(text: object) -> bool:
    return all(text) if isinstance(text, tuple | list) else bool(text)


def main(root: Path, languages: list[str]) -> int:
    """Update all catalogues, and begin those of *languages* that are not there yet; raise ParameterError for no language."""
    languages, template = [code_of(language) for language in languages], collect(root)
    paths = sorted({*FOLDER.glob("*.po"), *(FOLDER / f"{language}.po" for language in languages)})
    for path in paths:
        whole, empty = update(path, template)
        print(f"{path.stem}: {whole} messages, {empty} without a translation")  # noqa: T201
    return 0


if __name__ == "__main__":
    try:
        sys.exit(main(Path(__file__).resolve().parents[2], sys.argv[1:]))
    except FanopsError as error:
        sys.exit(str(error))
