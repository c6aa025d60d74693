"""Where the kernels of a run come from: a prepared parent that forks them, or ordinary ones started one by one."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterable, Mapping
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, Literal

from fanops_utils.reports.kernels import PACKAGE, can_fork
from fanops_utils.reports.kernels.preload import ENVIRONMENT, USUAL
from fanops_utils.workspace.temporary import clear_left, named

if TYPE_CHECKING:
    from jupyter_client.manager import KernelManager

Kind = Literal["auto", "forked", "ordinary"]
LONGEST_SOCKET = 100  # characters of a Unix socket's path, less what jupyter_client adds


class KernelSupply:
    """The kernels of one run, and the folder of their sockets; leaving it ends whatever still runs.

    *kind* "auto" forks where the system can and falls back to ordinary kernels; *modules* are what the parent imports
    beside the usual. `why_ordinary` says why kernels are not forked.
    """

    def __init__(self, kind: Kind = "auto", *, modules: Iterable[str] = USUAL, log: Path | None = None) -> None:
        self.kind, self.modules, self.log = kind, tuple(modules), log
        self.why_ordinary = "" if kind != "ordinary" else "asked for"
        self.parent: subprocess.Popen[str] | None = None
        self.managers: dict[int, KernelManager] = {}
        self.lock = threading.Lock()

    def __enter__(self) -> KernelSupply:
        clear_left()
        self._folder = tempfile.TemporaryDirectory(prefix=named("fanops-"), ignore_cleanup_errors=True)
        self.folder = Path(self._folder.name)
        if len(str(self.folder)) > LONGEST_SOCKET - 30:
            self._folder = tempfile.TemporaryDirectory(prefix=named("fanops-"), dir="/tmp", ignore_cleanup_errors=True)
            self.folder = Path(self._folder.name)
        if not self.why_ordinary and not can_fork():
            self.why_ordinary = "this system cannot fork a prepared process"
        if not self.why_ordinary:
            self._start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _start(self) -> None:
        command = [sys.executable, "-m", f"{PACKAGE}.server", str(self.folder / "parent"), *self.modules]
        with self._log() as log:
            self.parent = subprocess.Popen(  # noqa: S603
                command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=log, text=True, start_new_session=True,
                env={**os.environ, **ENVIRONMENT, "PYTHONPATH": os.pathsep.join(_search_path())}, cwd=self.folder,
            )  # fmt: skip

    @property
    def kind_used(self) -> str:
        """How kernels come into being: forked or ordinary."""
        return "ordinary" if self.why_ordinary else "forked"

    def told(self) -> dict[str, str]:
        """Return what the manifest says of how kernels came into being."""
        return {"kernels": self.kind_used, "why_ordinary": self.why_ordinary}

    def _log(self) -> Any:
        return (self.log or Path(os.devnull)).open("ab")

    def ready(self) -> bool:
        """Return whether kernels are forked, waiting until their parent is prepared."""
        if self.parent is None:
            return False
        if self.parent.stdout is not None and not self.parent.stdout.closed:
            said = self.parent.stdout.readline().strip()
            self.parent.stdout.close()
            if said != "ready":
                self.why_ordinary = said or "their parent could not start"
                self.close_parent()
        return self.parent is not None

    def revive(self) -> bool:
        """Start another parent in place of one that was killed; return False: it is not ready yet."""
        if self.parent is not None and self.parent.poll() is not None:
            self.close_parent()
            (self.folder / "parent").unlink(missing_ok=True)
            self._start()
        return False

    def manager(self) -> KernelManager:
        """Return a manager for the kernel of a job, its sockets in this run's own folder.

        To be given back to `forget` when the kernel is done with.
        """
        from jupyter_client.manager import AsyncKernelManager

        from fanops_utils.reports.kernels.client import PromptClient
        from fanops_utils.reports.kernels.specification import Specifications

        with self.lock:
            forked = self.revive() or self.ready()
            runtime = Path(tempfile.mkdtemp(dir=self.folder))
        options: dict[str, Any] = {"connection_file": str(runtime / "kernel.json"), "client_factory": PromptClient}
        if sys.platform != "win32":
            options |= {"transport": "ipc", "ip": str(runtime / "k")}  # anybody on the machine could listen to TCP
        specifications = Specifications(
            server=str(self.folder / "parent") if forked else "", log=str(self.log or os.devnull)
        )
        manager = AsyncKernelManager(kernel_name="fanops", kernel_spec_manager=specifications, **options)
        self.managers[id(manager)] = manager
        return manager

    def forget(self, manager: KernelManager) -> None:
        """Take back a manager whose kernel is done with."""
        self.managers.pop(id(manager), None)
        shutil.rmtree(Path(manager.connection_file).parent, ignore_errors=True)

    def end_kernels(self) -> None:
        """Kill every kernel now, from whatever thread: their jobs find them dead."""
        from fanops_utils.reports.kernels.provisioner import ForkedProvisioner

        for manager in list(self.managers.values()):
            provisioner = manager.provisioner
            if isinstance(provisioner, ForkedProvisioner):
                provisioner.say(signal.SIGKILL)
            elif provisioner is not None and getattr(provisioner, "pgid", None):
                with suppress(ProcessLookupError):
                    os.killpg(provisioner.pgid, signal.SIGKILL)  # type: ignore[attr-defined]

    def environment(self, more: Mapping[str, str]) -> dict[str, str]:
        """Return the environment of a kernel: this process's, without what a user's own IPython would add to it."""
        own = {"IPYTHONDIR": str(self.folder / "ipython"), "PYTHONPATH": os.pathsep.join(_search_path())}
        return {**os.environ, **own, "JE_ARROW_MALLOC_CONF": ENVIRONMENT["JE_ARROW_MALLOC_CONF"], **more}

    def close_parent(self) -> None:
        """End the parent and with it every kernel it forked."""
        parent, self.parent = self.parent, None
        if parent is not None:
            for pipe in (parent.stdin, parent.stdout):
                if pipe is not None:
                    pipe.close()
            try:
                parent.wait(10)
            except subprocess.TimeoutExpired:
                with suppress(ProcessLookupError):
                    os.killpg(parent.pid, signal.SIGKILL)
                parent.wait()

    def close(self) -> None:
        """End every kernel and delete the sockets."""
        self.close_parent()
        self._folder.cleanup()


def _search_path() -> list[str]:
    # The package must be found by a Python started elsewhere, also when it is used from a checkout.
    home = str(Path(__file__).parents[3])
    given = [one for one in os.environ.get("PYTHONPATH", "").split(os.pathsep) if one]
    return [home, *(one for one in given if one != home)]
