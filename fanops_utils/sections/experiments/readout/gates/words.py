"""What a gate is called, what it saw and what to do about it."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from fanops_utils.experiments import Gate, ReadOut
from fanops_utils.text import Sayable
from fanops_utils.workspace import Experiment


class GateWords(NamedTuple):
    """The words of one gate; `finding` is a phrase that goes on after its name, `action` what to do where it does not pass."""

    name: Sayable
    finding: Sayable
    action: Sayable | None = None


Wording = Callable[[Gate, ReadOut, Experiment], GateWords]
