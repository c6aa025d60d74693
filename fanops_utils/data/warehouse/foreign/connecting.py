"""Connections to warehouses that somebody else runs: one for each address and process, secrets from the environment alone."""

from __future__ import annotations

import os
import re
from functools import lru_cache
from importlib import import_module
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlparse

from fanops_utils.data.warehouse.foreign.door import behind_door
from fanops_utils.errors import WorkspaceError
from fanops_utils.text import Written, say
from fanops_utils.workspace.reads import declared_elsewhere
from fanops_utils.workspace.registers.engine import Engine

VARIABLE = re.compile(r"\$\{(\w+)\}")
MODULES = {"spark": "pyspark"}  # of Ibis, where they are called otherwise
SCHEMES = {"spark": "sc"}  # Spark Connect: one driver where Spark runs, and every kernel a light client of it


def connected(engine: Engine, *, file: Path) -> Any:
    """Return the Ibis backend of *engine*, behind the door; *file* is the register that names it.

    Raises WorkspaceError where a variable is not set, a package is missing or the warehouse cannot be reached. Messages
    never hold the address, which may hold a password.
    """
    url = VARIABLE.sub(lambda found: _variable(found.group(1), file), engine.url)
    try:
        with declared_elsewhere():
            return _connection(engine.kind, url, os.getpid())
    except ImportError as error:
        hint = Written(f"pip install 'ibis-framework[{MODULES.get(engine.kind, engine.kind)}]'")
        lacking = say("a package is missing to read from {kind}", kind=Written(engine.kind))
        raise WorkspaceError(lacking, file=file, value=error.name, hint=hint) from None
    except WorkspaceError:
        raise
    except Exception as error:  # whatever a driver raises, its first line, without the address
        said = (str(error).strip().splitlines() or [type(error).__name__])[0][:160].replace(url, "…")
        told = Written(re.sub(r"\w+://\S+", "…", said), "en")
        raise WorkspaceError(say("the warehouse cannot be reached ({error})", error=told), file=file) from None


def _variable(name: str, file: Path) -> str:
    value = os.environ.get(name)
    if value is None:
        hint = Written(f"export {name}=…")
        raise WorkspaceError(say("the environment does not say it"), file=file, value=name, hint=hint)
    return value


@lru_cache(maxsize=8)
def _connection(kind: str, url: str, _process: int) -> Any:
    """Return the connection of this process: one that was forked from another makes its own."""
    import ibis

    address = urlparse(url)
    if address.scheme != SCHEMES.get(kind, kind):
        begins = Written(f"{SCHEMES.get(kind, kind)}://")
        raise WorkspaceError(say("an address of {kind} begins with {scheme}", kind=Written(kind), scheme=begins))
    module = MODULES.get(kind, kind)
    getattr(ibis, module)  # which makes its options known
    backend = behind_door(import_module(f"ibis.backends.{module}").Backend)
    if kind == "spark":
        from pyspark.sql.connect.session import SparkSession

        return backend.connect(SparkSession.builder.remote(url).getOrCreate())
    options = dict(parse_qsl(address.query)) | ({"read_only": True} if kind == "duckdb" else {})
    return backend._from_url(address, **options)
