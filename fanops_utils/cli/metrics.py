"""Verbs around the catalogue of metrics: list, search, show."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Any

import typer

from fanops_utils.cli.common import JsonOption, app, emit, open_workspace, say
from fanops_utils.errors import ParameterError

if TYPE_CHECKING:
    from fanops_utils.metrics.catalogue import Metric, MetricSeries

LAST_VALUES = 10
metrics = typer.Typer(rich_markup_mode=None, help="The metrics: every definition, and its last values.")
app.add_typer(metrics, name="metrics")


def _language(code: str) -> str:
    """Return the *code* of a language that metrics are told in; raise ParameterError for any other."""
    from fanops_utils.text.catalogue import code_of, languages

    known = languages()
    if code not in known and code_of(code) not in known:
        raise ParameterError("no language that metrics are told in", value=code, choices=known)
    return code if code in known else code_of(code)


LanguageOption = Annotated[str, typer.Option("--language", help="en, zh-Hans, …", callback=_language)]
DayOption = Annotated[datetime | None, typer.Option(formats=["%Y-%m-%d"])]


@metrics.callback(invoke_without_command=True)
def _all(context: typer.Context, as_json: JsonOption = False, language: LanguageOption = "en") -> None:
    """List all metrics; with a verb search them or show one."""
    if context.invoked_subcommand is None:
        list_(as_json=as_json, language=language)
    else:  # what stands before the verb holds for it
        context.default_map = {context.invoked_subcommand: {"as_json": as_json, "language": language}}


@metrics.command("list")
def list_(as_json: JsonOption = False, language: LanguageOption = "en") -> None:
    """List all metrics by what they are about."""
    from fanops_utils.metrics.catalogue import METRICS

    _listed(list(METRICS.values()), as_json=as_json, language=language)


@metrics.command()
def search(words: list[str], as_json: JsonOption = False, language: LanguageOption = "en") -> None:
    """Find the metrics whose name or definition holds all WORDS."""
    from fanops_utils.metrics.catalogue import search

    found = search(" ".join(words), language=language)
    _listed(found, as_json=as_json, language=language)
    raise typer.Exit(0 if found else 1)


def _listed(entries: list[Metric], *, as_json: bool, language: str) -> None:
    from fanops_utils.metrics.catalogue.describing import SUBJECTS
    from fanops_utils.metrics.catalogue.describing import as_json as data
    from fanops_utils.text import speak

    if as_json:
        emit([data(one) for one in entries])
    subject, order = None, list(SUBJECTS)
    for one in sorted(
        entries, key=lambda one: order.index(one.subject)
    ):  # each subject once, its metrics as they stand
        if one.subject != subject:
            subject = one.subject
            say.print(speak(SUBJECTS[subject], language))
        say.print(f"    {one.id:32} {speak(one.name, language)}: {speak(one.formula, language)}")
    if not entries:
        say.print("No metric holds these words.")
    say.print("Next: fanops metrics show ID -w WORKSPACE" if entries else "Next: fanops metrics list")


@metrics.command()
def show(
    metric_id: Annotated[str, typer.Argument(metavar="ID")],
    workspace: Annotated[
        str | None, typer.Option("--workspace", "-w", help="give its last values in this workspace")
    ] = None,
    market: Annotated[str | None, typer.Option(help="of this market only")] = None,
    platform: Annotated[str | None, typer.Option(help="of this platform only")] = None,
    grain: Annotated[str | None, typer.Option(help="day, week, month or period")] = None,
    start: DayOption = None,
    end: DayOption = None,
    language: LanguageOption = "en",
    as_json: JsonOption = False,
) -> None:
    """Explain the metric ID; with -w, its last values there."""
    from fanops_utils.metrics import catalogue
    from fanops_utils.metrics.catalogue import describing
    from fanops_utils.text import speak

    metric = catalogue.metric(metric_id)
    found = None
    if workspace is not None:
        from fanops_utils.data.warehouse import Store

        days = {"start": start.date() if start else None, "end": end.date() if end else None}
        store = Store(open_workspace(workspace))
        found = catalogue.series(store, metric_id, market=market, platform=platform, grain=grain, **days)  # type: ignore[arg-type]
    if as_json:
        emit({**describing.as_json(metric), **({"values": _rows(found), "breaks": _breaks(found)} if found else {})})
    told = describing.described(metric)
    say.print(f"{metric.id}: {speak(told.name, language)}")
    say.print(speak(told.about, language))
    say.print(f"    {speak(told.formula, language)}")
    for label, value in told.facts:
        say.print(f"    {speak(label, language)}: {speak(value, language)}")
    if found is not None:
        _show_values(found, language)
    elif not as_json:
        say.print(f"Next: fanops metrics show {metric_id} -w WORKSPACE")


def _show_values(found: MetricSeries, language: str) -> None:
    from dataclasses import replace

    from rich.table import Table as Grid

    from fanops_utils.text import speak

    known = found.table.dropna(subset=["estimate"])
    last = known.groupby(found.keys, dropna=False, observed=True).tail(LAST_VALUES if len(found.keys) == 0 else 1)
    one_series = known[found.keys].drop_duplicates().shape[0] == 1
    last = known.tail(LAST_VALUES) if one_series else last
    spread = {"ci_lower": "from about", "ci_upper": "to about"} if last["ci_lower"].notna().any() else {}
    grid = Grid("from", *found.keys, "value", *spread.values(), "n", box=None)
    for row in last.to_dict("records"):
        unit = replace(found.metric.unit, currency=str(row.get("currency") or ""))
        figures = [speak(unit.value(float(row[name])), language) for name in ("estimate", *spread)]
        names = ["" if row[name] is None or row[name] != row[name] else str(row[name]) for name in found.keys]
        grid.add_row(f"{row['date_day']:%Y-%m-%d}", *names, *figures, f"{row['n']:,}")
    say.print(grid)
    for change in _breaks(found):
        say.print(f"break  {change['platform']} {change['metric']} {change['date']}: {change['note']}")
    if known.empty:
        say.print("The warehouse holds nothing to compute it from.")
    say.print(f'Next: metrics.series(store, "{found.metric.id}") in JupyterLab gives the whole series')


def _rows(found: MetricSeries) -> list[dict[Any, Any]]:
    table = found.table.assign(date_day=found.table["date_day"].dt.strftime("%Y-%m-%d"))
    return [dict(row) for row in table.astype(object).where(table.notna(), None).to_dict("records")]


def _breaks(found: MetricSeries) -> list[dict[Any, Any]]:
    kept = found.breaks[["platform", "metric", "date", "precision", "note"]]
    return [dict(row) for row in kept.assign(date=kept["date"].dt.strftime("%Y-%m-%d")).to_dict("records")]
