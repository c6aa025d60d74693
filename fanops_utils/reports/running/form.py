"""A form in JupyterLab: choose a notebook, fill its parameters, run it as the command line does, read its page."""

from __future__ import annotations

import html
import json
import os
import subprocess
import sys
import tempfile
from collections import deque
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from threading import Thread
from typing import Any, Literal, get_args, get_origin

import ipywidgets as widgets

from fanops_utils.errors import FanopsError
from fanops_utils.reports.planning.catalogue import Entry, catalogue
from fanops_utils.reports.planning.parameters import Parameter
from fanops_utils.workspace import Workspace, open_workspace, project_root
from fanops_utils.workspace.kinds import KEYS
from fanops_utils.workspace.opening import CURRENT

WIDE = {"width": "34rem", "flex": "0 0 auto"}
LABEL = {"description_width": "12rem"}
TERMINAL = ("FORCE_COLOR", "CLICOLOR", "CLICOLOR_FORCE", "PAGER", "COLORTERM")
LINES = 12  # of what the run says, the last ones
FRAME = "width:100%;height:46rem;border:1px solid"
NOT_ASKED = ("workspace", "on")  # the form has the one, the run hands in the other
COMMAND = (sys.executable, "-c", "from fanops_utils.cli import main; main()")


class Form:
    """The form: `box` is what a notebook shows; `run` starts the report that the fields ask for."""

    def __init__(self, root: Path | None = None, *, workspace: str = CURRENT) -> None:
        self.root = root or project_root()
        self.entries = {one.notebook: one for one in catalogue(self.root)}
        opened = open_workspace(workspace, root=self.root)
        names = sorted({opened.name, *(path.parent.name for path in (self.root / "data").glob("*/brand.yml"))})
        self.workspace = widgets.Dropdown(
            options=names, value=opened.name, description="Workspace", style=LABEL, layout=WIDE
        )
        questions = [(f"{one.question} ({name})", name) for name, one in self.entries.items()]
        self.notebook = widgets.Dropdown(options=questions, description="Question", style=LABEL, layout=WIDE)
        self.fields: dict[str, widgets.Widget] = {}
        self.asked = widgets.VBox()
        self.button = widgets.Button(description="Make the report", button_style="primary")
        self.said, self.page = widgets.HTML(), widgets.HTML()
        self.thread: Thread | None = None
        self.workspace.observe(self._ask, names="value")
        self.notebook.observe(self._ask, names="value")
        self.button.on_click(lambda _button: self.run())
        self.box = widgets.VBox([self.workspace, self.notebook, self.asked, self.button, self.said, self.page])
        self._ask()

    def _ask(self, _change: Mapping[str, Any] | None = None) -> None:
        """Put a field for every parameter of the chosen notebook."""
        entry: Entry = self.entries[self.notebook.value]
        home = open_workspace(self.workspace.value, root=self.root)
        asked = [one for one in entry.parameters if one.name not in NOT_ASKED]
        self.fields = {one.name: field_for(one, home) for one in asked}
        self.asked.children = tuple(
            widgets.HBox([field, widgets.HTML(html.escape(one.help))])
            for one, field in zip(asked, self.fields.values(), strict=True)
        )

    def given(self) -> list[str]:
        """Return the parameters as the command line takes them: those that are not their defaults."""
        entry = self.entries[self.notebook.value]
        known = {one.name: one for one in entry.parameters}
        values = {name: field.value for name, field in self.fields.items()}
        told = {
            name: value for name, value in values.items() if value not in (None, "") and value != known[name].default
        }
        return [f"{name}={value}" for name, value in told.items()]

    def run(self) -> None:
        """Run the chosen notebook beside this kernel; the form says how it goes, then shows the page."""
        words = ["run", self.notebook.value, "-w", str(self.root / "data" / self.workspace.value), "--json"]
        words += [part for one in self.given() for part in ("-p", one)]
        self.button.disabled, self.page.value = True, ""
        self.said.value = "It runs: usually well under a minute."
        self.thread = Thread(target=self._done, args=(words,), daemon=True)
        self.thread.start()

    def _done(self, words: list[str]) -> None:
        # A kernel asks for colours, and a terminal's bar would fill the page.
        plain = {name: value for name, value in os.environ.items() if name not in TERMINAL}
        with tempfile.TemporaryFile("w+", encoding="utf-8") as told:
            run = subprocess.Popen(  # noqa: S603
                [*COMMAND, *words],
                cwd=self.root,
                env={**plain, "TERM": "dumb"},
                stdout=told,
                stderr=subprocess.PIPE,
                text=True,
            )
            lines: deque[str] = deque(maxlen=LINES)
            for line in run.stderr or ():
                lines.append(line.rstrip())
                self.said.value = f"<pre>{html.escape(chr(10).join(lines))}</pre>"
            run.wait()
            told.seek(0)
            outcome = told.read()
        self.button.disabled = False
        try:
            report = json.loads(outcome)["jobs"][0]["report"]
            page = Path(report).read_text(encoding="utf-8")
        except (ValueError, KeyError, TypeError, OSError):
            return  # what was said tells why there is no page
        shown = f'sandbox="allow-scripts" style="{FRAME}" srcdoc="{html.escape(page)}"'
        self.page.value = f"<p>{html.escape(report)}</p><iframe {shown}></iframe>"


def field_for(parameter: Parameter, home: Workspace) -> widgets.Widget:
    """Return the field in which *parameter* is given: a list of what *home* has, of its choices, a day, a tick, or text."""
    look = {"description": parameter.name.replace("_", " "), "style": LABEL, "layout": WIDE}
    choices = [choice for kind in parameter.kinds for choice in get_args(kind) if get_origin(kind) is Literal]
    if parameter.name in KEYS:
        choices = list(_names(home, parameter.name)) or choices
    if choices:
        optional = [("—", None)] if type(None) in parameter.kinds else []
        options = [*optional, *((str(choice), choice) for choice in choices)]
        default = parameter.default if parameter.default in [value for _, value in options] else options[0][1]
        return widgets.Dropdown(options=options, value=default, **look)
    if date in parameter.kinds:
        return widgets.DatePicker(value=parameter.default, **look)
    if parameter.kinds == (bool,):
        return widgets.Checkbox(value=parameter.default, indent=False, **look)
    if parameter.kinds == (int,):
        return widgets.IntText(value=parameter.default, **look)
    if parameter.kinds == (float,):
        return widgets.FloatText(value=parameter.default, **look)
    shown = ", ".join(parameter.default) if isinstance(parameter.default, list) else parameter.default or ""
    return widgets.Text(value=str(shown), **look)


def _names(home: Workspace, key: str) -> tuple[str, ...]:
    try:
        return home.names_of(key)
    except FanopsError:
        return ()
