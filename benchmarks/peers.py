"""The peers' environment, `.venv-bench`, made by `make bench` from `peers.txt`: its interpreter and its versions."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path

HERE = Path(__file__).parent
PLACE = "FANOPS_PEERS"  # another place of the environment
ABSENT = "The peers' environment is not here: run `make peers`, or say in FANOPS_PEERS where it lies."
ASK = """
import importlib.metadata, json, platform, sys
print(json.dumps({"Python": platform.python_version()} | {name: importlib.metadata.version(name) for name in sys.argv[1:]}))
"""


def names() -> list[str]:
    """Return the packages that `peers.txt` names."""
    lines = (line.split("#")[0].strip() for line in (HERE / "peers.txt").read_text(encoding="utf-8").splitlines())
    return [line.split("==")[0].split("[")[0] for line in lines if line]


def interpreter() -> str:
    """Return the peers' interpreter; end the benchmark, saying so, where there is none."""
    python = Path(os.environ.get(PLACE, HERE.parent / ".venv-bench")) / "bin" / "python"
    if not python.is_file():
        raise SystemExit(ABSENT)
    return str(python)


def versions() -> dict[str, str]:
    """Return the versions of the peers' Python and packages; nothing where the environment is absent."""
    try:
        asked = [interpreter(), "-c", ASK, *names()]
    except SystemExit:
        return {}
    return json.loads(subprocess.run(asked, capture_output=True, text=True, check=True).stdout)  # noqa: S603
