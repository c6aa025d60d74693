"""jupyter_client's client of a kernel, but for how it waits for one: by the kernel's own word, not by its silence."""

from __future__ import annotations

import time
from queue import Empty
from typing import Any

import zmq
from jupyter_client.asynchronous.client import AsyncKernelClient

REPLY, IDLE = 1.0, 0.2  # seconds to wait for an answer, and for the word that the kernel is idle after it
KNOCK = 5  # milliseconds between attempts to reach the sockets of a kernel that has not made them yet


class PromptClient(AsyncKernelClient):
    """Ready when the kernel says that it is idle after the question it answered.

    What a kernel publishes keeps its order, so nothing from before can come later. jupyter_client's own client waits
    until a fifth of a second has passed without a message: that is most of what a forked kernel's start would take.
    """

    def start_channels(self, *args: Any, **options: Any) -> None:
        """Connect to the kernel's sockets, trying again soon where they are not there yet (a tenth of a second by default)."""
        self.context.setsockopt(zmq.RECONNECT_IVL, KNOCK)
        super().start_channels(*args, **options)

    async def wait_for_ready(self, timeout: float | None = None) -> None:
        """Return when the kernel takes requests and its messages arrive; raise RuntimeError where it does not."""
        until = time.monotonic() + (timeout if timeout is not None else float("inf"))
        while not await self._answers():
            if not await self._async_is_alive():
                raise RuntimeError("Kernel died before replying to kernel_info")
            if time.monotonic() > until:
                raise RuntimeError(f"Kernel didn't respond in {timeout:g} seconds")

    async def _answers(self) -> bool:
        """Ask the kernel who it is; return whether both its answer and its word that it is idle again came."""
        asked = self.kernel_info()
        try:
            while (reply := await self.shell_channel.get_msg(timeout=REPLY))["parent_header"].get("msg_id") != asked:
                pass
            self._handle_kernel_info_reply(reply)
            while True:
                said = await self.iopub_channel.get_msg(timeout=IDLE)
                about = said["parent_header"].get("msg_id")
                if about == asked and said["content"].get("execution_state") == "idle":
                    return True
        except Empty:  # it is still starting, or its messages are not subscribed to yet: asked once more
            return False
