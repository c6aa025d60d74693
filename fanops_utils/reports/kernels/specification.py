"""The kernel specification of a run, held in memory: nothing is installed into the user's Jupyter."""

from __future__ import annotations

import sys
from typing import Any

from jupyter_client.kernelspec import KernelSpec, KernelSpecManager

from fanops_utils.reports.kernels import PACKAGE, can_fork
from fanops_utils.reports.kernels.provisioner import NAME, register


class Specifications(KernelSpecManager):
    """Knows one kernel: forked by the parent at *server*, an ordinary process where that is empty."""

    def __init__(self, *, server: str, log: str, **options: Any) -> None:
        super().__init__(**options)
        self.server, self.log_file = server, log

    def get_kernel_spec(self, kernel_name: str) -> KernelSpec:
        """Return the specification, whatever it is called."""
        own = [sys.executable, "-m", f"{PACKAGE}.child", "{connection_file}"]
        keeper = [sys.executable, "-m", f"{PACKAGE}.keeper"] if can_fork() else []
        said = {"display_name": kernel_name, "language": "python", "interrupt_mode": "signal"}
        if not self.server:
            return KernelSpec(argv=[*keeper, *own], **said)
        register()
        config = {"server": self.server, "log_file": self.log_file}
        metadata = {"kernel_provisioner": {"provisioner_name": NAME, "config": config}}
        return KernelSpec(argv=own, metadata=metadata, **said)
