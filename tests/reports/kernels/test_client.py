"""When a kernel is ready: when it says so, and not before its messages arrive."""

from __future__ import annotations

import asyncio
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from jupyter_client.kernelspec import KernelSpec, KernelSpecManager
from jupyter_client.manager import AsyncKernelManager

from fanops_utils.reports.kernels.client import PromptClient

OWN = ["-m", "fanops_utils.reports.kernels.child", "{connection_file}"]
SLOW = "import runpy, sys, time; time.sleep(1.5); sys.argv = ['child', *sys.argv[1:]]; runpy.run_module('{0}', run_name='__main__')"
LATE = ["-c", SLOW.format("fanops_utils.reports.kernels.child"), "{connection_file}"]


class One(KernelSpecManager):
    """A specification of a kernel started with the words given."""

    words: tuple[str, ...] = ()

    def get_kernel_spec(self, kernel_name: str) -> KernelSpec:
        return KernelSpec(argv=[sys.executable, *self.words], display_name=kernel_name, language="python")


async def started(folder: Path, words: list[str], *, timeout: float) -> list[dict[str, Any]]:
    """Start a kernel, wait for it, have it print; return the messages it published from then on until it was idle."""
    specifications = One()
    specifications.words = tuple(words)
    manager = AsyncKernelManager(
        kernel_name="any", kernel_spec_manager=specifications, client_factory=PromptClient, transport="ipc",
        ip=str(folder / "k"), connection_file=str(folder / "kernel.json"),
    )  # fmt: skip
    await manager.start_kernel()
    client = manager.client()
    client.start_channels()
    try:
        await client.wait_for_ready(timeout=timeout)
        asked, told = client.execute("print('here')"), []
        while not told or told[-1]["content"].get("execution_state") != "idle":
            told.append(await client.get_iopub_msg(timeout=20))
        assert all(one["parent_header"]["msg_id"] == asked for one in told)
        return told
    finally:
        client.stop_channels()
        await manager.shutdown_kernel(now=True)


def run(folder: Path, words: list[str], *, timeout: float) -> list[dict[str, Any]]:
    """Do the same in a thread of its own: other tests may have an event loop in this one."""
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(asyncio.run, started(folder, words, timeout=timeout)).result()


@pytest.mark.parametrize("words", [OWN, LATE], ids=["at once", "late"])
def test_what_a_ready_kernel_publishes_is_about_what_it_was_asked(words: list[str], tmp_path: Path) -> None:
    told = run(tmp_path, words, timeout=60)
    assert [one["msg_type"] for one in told] == ["status", "execute_input", "stream", "status"]
    assert told[2]["content"]["text"] == "here\n"


def test_a_kernel_that_dies_is_not_waited_for(tmp_path: Path) -> None:
    with pytest.raises(RuntimeError, match="Kernel died before replying"):
        run(tmp_path, ["-c", "raise SystemExit(3)"], timeout=60)


def test_a_kernel_that_keeps_silent_is_given_up(tmp_path: Path) -> None:
    with pytest.raises(RuntimeError, match=r"didn't respond in 0\.5 seconds"):
        run(tmp_path, ["-c", "import time; time.sleep(600)"], timeout=0.5)
