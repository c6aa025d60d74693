"""Verbs for the tone of mentions that the tool left open: label sheet, label read, label score."""

from __future__ import annotations

import csv
import tempfile
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from fanops_utils.cli.common import JsonOption, WorkspaceOption, app, emit, open_workspace, say
from fanops_utils.errors import ImportRefused

if TYPE_CHECKING:
    import pandas as pd

    from fanops_utils.workspace import Workspace

label = typer.Typer(
    no_args_is_help=True, rich_markup_mode=None, help="Tone of mentions: a sheet to label, read back; scores."
)
app.add_typer(label, name="label")

Files = Annotated[
    list[Path], typer.Argument(metavar="FILE…", help="the listening tool's files, with the words in them")
]
TextOption = Annotated[str, typer.Option("--text", help="column of the words, where it is called otherwise")]
IdOption = Annotated[str, typer.Option("--id", help="column of the mention's id, where it is called otherwise")]
LanguageOption = Annotated[str, typer.Option("--language", help="column of the language; else the market's")]


@label.command()
def sheet(
    files: Files,
    to: Annotated[Path, typer.Option(help="the sheet to write")] = Path("to_label.csv"),
    each: Annotated[int, typer.Option(min=1, help="texts of each language")] = 400,
    text: TextOption = "",
    number: IdOption = "",
    language: LanguageOption = "",
    workspace: WorkspaceOption = "",
    as_json: JsonOption = False,
) -> None:
    """Write texts to label: balanced, each once, without names, addresses, links, authors, ids of mentions or days."""
    from fanops_utils.data import warehouse
    from fanops_utils.data.sources.texts import read_texts
    from fanops_utils.data.sources.tools.tone import LABELS
    from fanops_utils.models.tone.balance import to_label
    from fanops_utils.text.sheets import neutral

    home = open_workspace(workspace)
    if to.exists():
        raise ImportRefused("this sheet is there already: give another name by --to", file=to)
    told = read_texts(home, files, text=text, number=number, language=language)
    rows = to_label(told, warehouse.Store(home).read("labelled_texts"), each=each)
    lines = [[one["text_id"], one["language"], neutral(one["text"]), "", "1"] for one in rows.to_dict("records")]
    _write(to, [spelled[0] for spelled in LABELS.values()], lines)
    counts = rows["language"].value_counts().sort_index()
    if as_json:
        unknown = int(told["language"].isna().sum())
        emit({"sheet": to, "texts": {str(code): int(of) for code, of in counts.items()}, "unknown_language": unknown})
    for code, number_of in counts.items():
        say.print(f"{number_of:6,} texts in {code}")
    if not len(rows):
        say.print("No text is left to label: the sheet is empty")
    if unknown := int(told["language"].isna().sum()):
        say.print(f"{unknown:6,} texts of no known language are left out")
    say.print(f"Next: write positive, neutral or negative beside each, then fanops label read {to} -w {workspace}")


@label.command("read")
def read_(sheets: Files, workspace: WorkspaceOption = "", as_json: JsonOption = False) -> None:
    """Read labelled sheets back; say how many labels each language has, and what may be scored by them."""
    from fanops_utils.data import warehouse

    home = open_workspace(workspace)
    _imported(home, sheets)
    labelled = warehouse.Store(home).read("labelled_texts")
    told = _scorers(labelled, sorted({"en", *labelled["language"]}))
    if as_json:
        emit([_plain(one) for one in told.values()])
    _say(told.values())
    say.print(f"Next: fanops label score FILE… -w {workspace}")


@label.command()
def score(
    files: Files,
    text: TextOption = "",
    number: IdOption = "",
    language: LanguageOption = "",
    workspace: WorkspaceOption = "",
    as_json: JsonOption = False,
) -> None:
    """Score the mentions of FILEs that have no tone; only ids and tones are kept, the words are not."""
    from fanops_utils.data import warehouse
    from fanops_utils.data.sources.texts import read_texts

    home = open_workspace(workspace)
    texts = read_texts(home, files, text=text, number=number, language=language)
    asked = texts[~texts["labelled"]]
    destroyed = int(asked["mention_id"].isna().sum())
    asked = asked.dropna(subset=["mention_id"])
    told = _scorers(warehouse.Store(home).read("labelled_texts"), sorted(asked["language"].dropna().unique()))
    rows = _scored(asked, told)
    unsupported = len(asked) - len(rows)
    if len(rows):
        from fanops_utils.data.sources.tools.tone import SCORES

        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "tone" / "scores.csv"
            path.parent.mkdir()
            _write(path, [spelled[0] for spelled in SCORES.values()], rows)
            _imported(home, [path])
    if as_json:
        emit({"scored": len(rows), "unsupported": unsupported, "languages": [_plain(one) for one in told.values()]})
    _say(told.values())
    if destroyed:
        say.print(f"{destroyed:,} texts are left out: a spreadsheet has destroyed their ids; export the file again")
    say.print(
        f"{len(rows):,} of {len(asked):,} mentions without a tone scored, {unsupported:,} in languages without a scorer"
    )
    say.print(f"Next: fanops run PLAN -w {workspace}")


def _scored(asked: pd.DataFrame, told: dict[str, Any]) -> list[list[str]]:
    """Return id, language, tone and scorer of each text that a scorer may tell."""
    rows: list[list[str]] = []
    for code, one in told.items():
        mine = asked[asked["language"] == code]
        if one.score is not None and len(mine):
            tones = one.score(mine["text"].tolist())
            rows += [[str(number), code, tone, one.by] for number, tone in zip(mine["mention_id"], tones, strict=True)]
    return rows


def _scorers(labelled: pd.DataFrame, languages: list[str]) -> dict[str, Any]:
    from fanops_utils.models.tone.scorers import scorers

    return scorers(labelled, languages)


def _say(told: Iterable[Any]) -> None:
    words = {
        "few": "too few labels to learn from (300 needed)", "weak": "agrees too little with the labels: not shown",
        "unlabelled": "not yet held against labels of your own", "shown": "may be shown",
    }  # fmt: skip
    for one in told:
        check = one.checked
        how = "" if check.kappa != check.kappa else (
            f", kappa {check.kappa:.2f}, {check.sensitivity:.0%} of negatives found, {check.specificity:.0%} of others left alone"
        )  # fmt: skip
        say.print(f"{one.language:8} {one.by}, {one.labels} labels{how}: {words[one.reason]}")


def _plain(one: Any) -> dict[str, Any]:
    numbers = {name: None if value != value else value for name, value in vars(one.checked).items()}
    return {"language": one.language, "by": one.by, "reason": one.reason, "labels": one.labels, **numbers}


def _imported(home: Workspace, files: list[Path]) -> None:
    from fanops_utils.cli.import_lines import watched
    from fanops_utils.data.warehouse import import_kept

    with watched() as watch:
        reports = import_kept(home, files, on=datetime.now(UTC).date(), watch=watch)
    if any(one.status == "refused" for one in reports):
        raise typer.Exit(1)


def _write(path: Path, header: list[str], lines: list[list[str]]) -> None:
    try:
        with path.open("w", encoding="utf-8-sig", newline="") as file:
            writer = csv.writer(file)
            writer.writerows([header, *lines])
    except OSError as error:
        raise ImportRefused(f"the sheet cannot be written ({error.strerror})", file=path) from None
