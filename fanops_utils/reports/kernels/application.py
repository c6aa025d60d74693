"""The kernel's application: ipykernel's own, less what a notebook that runs from top to bottom never asks for."""

from __future__ import annotations

import sys
from contextlib import suppress
from types import SimpleNamespace, TracebackType
from typing import Any
from unittest.mock import patch

import zmq
from ipykernel import ipkernel
from ipykernel.ipkernel import IPythonKernel
from ipykernel.kernelapp import IPKernelApp
from traitlets import Type

from fanops_utils.errors import FanopsError

NO_MODULES = SimpleNamespace(**{**vars(sys), "modules": {}})


class BatchKernel(IPythonKernel):
    """A kernel that does not list every module for a debugger when it starts."""

    def __init__(self, **options: Any) -> None:
        # To look at a module is to write to it: a forked process copies the page it lies on, and there are thousands.
        with patch.object(ipkernel, "sys", NO_MODULES):
            super().__init__(**options)


class BatchKernelApp(IPKernelApp):
    """A kernel application that reads its requests in the thread that executes them.

    Without the thread that hands them on, a cell costs a quarter less of what it costs beside its own code.
    """

    kernel_class = Type(BatchKernel, klass=IPythonKernel)

    def init_control(self, context: zmq.Context) -> None:
        """Open the control channel; the thread that ipykernel makes for further shells beside it is not begun."""
        super().init_control(context)
        self.shell_channel_thread = None

    def init_shell(self) -> None:
        """Make the shell; an error of ours is displayed as a message first: a page says it in its reader's language."""
        super().init_shell()
        if self.shell is not None:
            self.shell.set_custom_exc((FanopsError,), show_fault)


def show_fault(
    shell: Any, kind: type[FanopsError], error: FanopsError, tb: TracebackType, tb_offset: int | None = None
) -> None:
    """Display what *error* says as JSON for the page, then show its traceback as the shell always does."""
    from fanops_utils.text.faults import KIND, fault
    from fanops_utils.text.showing import mime

    with suppress(Exception):  # an error that cannot be said is still raised
        shell.display_pub.publish({mime(KIND): fault(error).to_json()})
    shell.showtraceback((kind, error, tb), tb_offset=tb_offset)
