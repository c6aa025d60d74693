"""The papermill engine of a job: nothing saved between cells, limits that hold, and an end that is told as it was."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field
from typing import Any

from nbclient.exceptions import CellExecutionError
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell
from papermill.clientwrap import PapermillNotebookClient
from papermill.engines import NBClientEngine, NotebookExecutionManager, papermill_engines
from papermill.execute import raise_for_execution_errors
from papermill.iorw import load_notebook_node

from fanops_utils.reports.kernels.provisioner import ForkedProvisioner
from fanops_utils.reports.running.containing import ENDS, fallen, losing

NAME = "fanops"
RSS_UNIT = 1 if sys.platform == "darwin" else 1024  # bytes in which a system tells a process's peak memory
CELL_TEXT = 200_000  # characters a cell may print
MOST_OUTPUT = 30_000_000  # characters of all outputs of a job
LEFT_OUT = "\n[… the rest of what this cell printed is left out: {limit:,} characters are kept]\n"
KEPT_TRACEBACK = 4000  # characters, of a section that failed
TOO_LARGE = "[An output is left out: the outputs of this notebook exceed {limit:,} characters]"
# Told as JSON: Python 3.11 must not parse Python in two threads at a time, and the run reads code meanwhile.
ASK = (
    "type('Told', (), {'__repr__': lambda _: __import__('json').dumps({"
    "'reads': __import__('fanops_utils.workspace.reads', fromlist=['seen']).seen.to_dict(),"
    " 'peak': __import__('resource').getrusage(0).ru_maxrss})})()"
)


class NotebookEnded(Exception):  # noqa: N818  (an end, not an error)
    """A cell ended the notebook by exit() or quit() while cells were still to come."""


@dataclass
class Watch:
    """What a job is told while it executes, and what it leaves behind however it ends.

    `started` is called when the kernel takes requests; `turn` is held while cells execute: kernels start while others
    compute. `cell_started` is called with the cell's place and the number of cells.
    """

    manager: Any
    environment: dict[str, str]
    folder: str
    source: str
    cell_seconds: float
    job_seconds: float
    turn: AbstractContextManager[Any] = field(default_factory=nullcontext)
    started: Callable[[], None] = lambda: None
    cell_started: Callable[[int, int], None] = lambda _place, _cells: None
    notebook: NotebookNode | None = None
    reads: dict[str, Any] | None = None
    peak_memory: int | None = None
    exit_code: int | None = None
    deadline: float = 0.0
    cut: set[int] = field(default_factory=set)

    @property
    def over(self) -> bool:
        """Whether the time of the whole job is up."""
        return self.deadline > 0 and time.monotonic() >= self.deadline

    def note_end(self) -> None:
        """Note how a forked kernel ended, and how much memory it took, as its keeper told."""
        provisioner = self.manager.provisioner
        if isinstance(provisioner, ForkedProvisioner) and provisioner.ended:
            self.exit_code = int(provisioner.ended["code"])
            self.peak_memory = int(provisioner.ended.get("memory_mb", 0)) * 1_048_576 or self.peak_memory


class _Quiet(NotebookExecutionManager):  # type: ignore[misc]
    """Papermill's bookkeeping without its saving: a notebook is written once, when its job ends."""

    def save(self, **_: Any) -> None:
        """Save nothing."""


class JobClient(PapermillNotebookClient):  # type: ignore[misc]
    """Papermill's client with limits of time and output; what the kernel read is asked for when all cells ran."""

    def __init__(self, nb_man: NotebookExecutionManager, watch: Watch, **options: Any) -> None:
        super().__init__(nb_man, km=watch.manager, raise_on_iopub_timeout=False, **options)
        self.watch, self.printed, self.shown = watch, 0, 0
        self.fallen: set[int] = set()
        self.timeout_func = self._seconds_left
        self.on_cell_start = self._started
        self.on_cell_executed = self._executed

    def _seconds_left(self, _cell: NotebookNode) -> float:
        # Nothing is left is not without limit, which is what nbclient takes 0 for.
        return max(min(self.watch.cell_seconds, self.watch.deadline - time.monotonic()), 0.01)

    def _started(self, cell: NotebookNode, cell_index: int) -> None:
        self.printed = 0
        if cell.cell_type == "code":
            self.watch.cell_started(cell_index, len(self.nb.cells))

    def _executed(self, cell: NotebookNode, cell_index: int, execute_reply: dict[str, Any] | None) -> None:  # noqa: ARG002
        payload = (execute_reply or {}).get("content", {}).get("payload") or []
        to_come = any(one.cell_type == "code" for one in self.nb.cells[cell_index + 1 :])
        if to_come and any(one.get("source") == "ask_exit" and not one.get("keepkernel") for one in payload):
            raise NotebookEnded

    def process_message(self, msg: dict[str, Any], cell: NotebookNode, cell_index: int) -> Any:
        """Take in a message of the kernel, cut where a cell or a job says more than a page can hold."""
        content = msg["content"]
        if msg["msg_type"] == "stream":
            room = CELL_TEXT - self.printed
            self.printed += len(content["text"])
            if room <= 0:
                return None
            if self.printed > CELL_TEXT:
                self.watch.cut.add(cell_index)
                content["text"] = content["text"][:room] + LEFT_OUT.format(limit=CELL_TEXT)
        elif msg["msg_type"] in ("display_data", "execute_result", "update_display_data"):
            self.shown += sum(len(value) for value in content["data"].values() if isinstance(value, str))
            if self.shown > MOST_OUTPUT:
                self.watch.cut.add(cell_index)
                content["data"], content["metadata"] = {"text/plain": TOO_LARGE.format(limit=MOST_OUTPUT)}, {}
        return super().process_message(msg, cell, cell_index)

    def execute_cell(self, cell: NotebookNode, cell_index: int, **options: Any) -> NotebookNode:
        """Execute *cell*; where it fails in a section that section alone falls: the page says so in its place."""
        if cell_index in self.fallen:
            return cell
        try:
            return super().execute_cell(cell, cell_index, **options)
        except CellExecutionError as error:
            places = [] if error.ename in ENDS else fallen(self.nb.cells, cell_index)
            if not places:
                raise
            return self._fall(cell, places, error)

    def _fall(self, cell: NotebookNode, places: list[int], error: CellExecutionError) -> NotebookNode:
        """Have what the cells at *places* would have shown say that it could not be computed; keep the traceback."""
        told = super().execute_cell(new_code_cell(losing(self.nb.cells, places)), places[0])
        cell.metadata["fanops"] = {"failed": error.traceback[-KEPT_TRACEBACK:]}
        cell.outputs, cell.execution_count = told.outputs, told.execution_count
        self.nb.cells[places[0]] = cell
        self.fallen.update(places)
        return cell

    def papermill_execute_cells(self) -> None:
        """Execute the cells, then ask the kernel what it read and how much memory it took."""
        self.watch.started()
        with self.watch.turn:
            self.watch.deadline = time.monotonic() + self.watch.job_seconds
            super().papermill_execute_cells()
            self._ask()

    def _ask(self) -> None:
        asked = self.kc.execute("", silent=True, store_history=False, user_expressions={"fanops": ASK})
        reply = self.wait_for_reply(asked)
        told = (reply or {}).get("content", {}).get("user_expressions", {}).get("fanops", {})
        if told.get("status") == "ok":
            said = json.loads(told["data"]["text/plain"])
            self.watch.reads, self.watch.peak_memory = said["reads"], said["peak"] * RSS_UNIT


class Engine(NBClientEngine):  # type: ignore[misc]
    """Papermill's own engine but for its bookkeeper and its client."""

    @classmethod
    def execute_notebook(cls, nb: NotebookNode, kernel_name: str, *, watch: Watch, **_: Any) -> NotebookNode:
        """Execute *nb* as *watch* says; `watch.notebook` holds what became of it, also where this raises."""
        watch.notebook = nb
        nb.metadata.papermill["input_path"] = watch.source  # papermill notes the whole notebook it was given
        manager = _Quiet(nb, progress_bar=False, autosave_cell_every=0)
        manager.notebook_start()
        try:
            client = JobClient(
                manager, watch, kernel_name=kernel_name, iopub_timeout=30, startup_timeout=60, coalesce_streams=True,
                shutdown_kernel="immediate",
            )  # fmt: skip
            client.execute(cleanup_kc=True, env=watch.environment, cwd=watch.folder)
        finally:
            watch.note_end()
            manager.notebook_complete()
        return manager.nb


def execute_notebook(notebook: NotebookNode, watch: Watch) -> None:
    """Execute *notebook* through papermill; raise what papermill and nbclient raise, and NotebookEnded.

    `watch.notebook` is the executed notebook in every case. These are the steps of `papermill.execute_notebook`, but for
    the text of the executed notebook, which it would also make for nobody.
    """
    papermill_engines.register(NAME, Engine)
    loaded = load_notebook_node(notebook)
    papermill_engines.execute_notebook_with_engine(NAME, loaded, kernel_name="fanops", watch=watch)
    raise_for_execution_errors(loaded, None)
