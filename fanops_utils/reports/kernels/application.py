"""The kernel's application: ipykernel's own, less what a notebook that runs from top to bottom never asks for."""

from __future__ import annotations

import sys
from types import SimpleNamespace
from typing import Any
from unittest.mock import patch

import zmq
from ipykernel import ipkernel
from ipykernel.ipkernel import IPythonKernel
from ipykernel.kernelapp import IPKernelApp
from traitlets import Type

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
