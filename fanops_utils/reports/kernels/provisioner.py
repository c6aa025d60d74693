"""The provisioner by which jupyter_client has its kernels forked: to papermill and nbclient they are kernels like any."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import socket
from contextlib import suppress
from importlib.metadata import EntryPoint
from pathlib import Path
from typing import Any

from jupyter_client.provisioning.factory import KernelProvisionerFactory
from jupyter_client.provisioning.local_provisioner import LocalProvisioner
from traitlets import Unicode

NAME = "fanops-forked"
PATIENCE = 60.0  # seconds to wait for a fork: the parent may still be importing
DYING = 1.0  # seconds a killed kernel usually needs at most to give its memory back


class ForkedProvisioner(LocalProvisioner):
    """Asks the parent listening on the socket `server` for a kernel; the connection is the kernel's leash.

    Named in a kernel specification: `metadata.kernel_provisioner`, with `config: {server: …, log: …}`.
    """

    server = Unicode(help="socket of the parent").tag(config=True)
    log_file = Unicode(os.devnull, help="where what the kernel prints past Jupyter goes").tag(config=True)

    leash: socket.socket | None = None
    ended: dict[str, float] | None = None

    @property
    def has_process(self) -> bool:
        return self.leash is not None

    async def launch_kernel(self, cmd: list[str], **kwargs: Any) -> Any:
        """Have a kernel forked for the connection file in *cmd*; raise OSError where the parent is not there."""
        folder = str(kwargs.get("cwd") or Path.cwd())
        request = {
            "connection_file": cmd[-1], "folder": folder,
            "environment": dict(kwargs.get("env") or os.environ), "log": self.log_file,
        }  # fmt: skip
        self.leash = socket.socket(socket.AF_UNIX)
        self.leash.settimeout(PATIENCE)
        self.leash.connect(self.server)
        self.leash.sendall(json.dumps(request).encode() + b"\n")
        self.heard, self.ended = b"", None
        while (said := self._next()) is None:
            pass
        if "pid" not in said:
            raise ChildProcessError("the kernel ended before it began")
        self.pid = self.pgid = int(said["pid"])
        self.cwd = Path(folder)
        self.leash.settimeout(0)
        return self.connection_info

    def _next(self) -> dict[str, float] | None:
        """Return the next line the keeper said, once it is there whole; raise OSError where it hung up."""
        assert self.leash is not None
        if b"\n" not in self.heard:
            said = self.leash.recv(4096)
            if not said:
                raise ChildProcessError("the parent of the kernels is gone")
            self.heard += said
        line, newline, rest = self.heard.partition(b"\n")
        if not newline:
            return None
        self.heard = rest
        found: dict[str, float] = json.loads(line)
        return found

    async def poll(self) -> int | None:
        """Return the kernel's exit code, None while it lives."""
        if self.leash is not None and self.ended is None:
            try:
                self.ended = self._next()
            except BlockingIOError:
                return None
            except OSError:  # its keeper was killed, and it with its keeper
                self.ended = {"code": -signal.SIGKILL}
        return None if self.leash is not None and self.ended is None else int((self.ended or {"code": 0})["code"])

    async def wait(self) -> int | None:
        """Wait until the kernel and all it started are gone; return its exit code."""
        while (code := await self.poll()) is None:
            await asyncio.sleep(0.01)
        self.hang_up()
        return code

    async def send_signal(self, signum: int) -> None:
        """Have the keeper send *signum* to the kernel's process group."""
        self.say(signum)

    async def kill(self, restart: bool = False) -> None:  # noqa: ARG002  (jupyter_client's signature)
        """Kill the kernel and all it started; they are gone when this returns, unless they take uncommonly long."""
        self.say(signal.SIGKILL)
        with suppress(TimeoutError):
            async with asyncio.timeout(DYING):  # jupyter_client itself would look only every tenth of a second
                while await self.poll() is None:
                    await asyncio.sleep(0.005)

    async def terminate(self, restart: bool = False) -> None:  # noqa: ARG002
        """Ask the kernel to end."""
        self.say(signal.SIGTERM)

    def say(self, signum: int) -> None:
        """Send *signum* from any thread; nothing happens where the kernel is gone."""
        if self.leash is not None and self.ended is None:
            with suppress(OSError):
                self.leash.sendall(f"{int(signum)}\n".encode())

    def hang_up(self) -> None:
        """Let go of the kernel: its keeper kills what is left of it."""
        if self.leash is not None:
            self.leash.close()
            self.leash = None


def register() -> None:
    """Make the provisioner known to jupyter_client, also where the package's metadata do not name it yet."""
    entry = EntryPoint(NAME, f"{__name__}:ForkedProvisioner", KernelProvisionerFactory.GROUP_NAME)
    KernelProvisionerFactory.instance().provisioners.setdefault(NAME, entry)
