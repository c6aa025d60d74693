"""The `fanops` command: every verb one call into the package, plain words, exit 0 done, 1 failed, 2 refused."""

from __future__ import annotations

import gc
import sys
import traceback
from typing import Annotated, NoReturn

import typer

import fanops_utils
from fanops_utils.cli import (  # noqa: F401  (their verbs register themselves)
    asking,
    data,
    deciding,
    exporting,
    freezing,
    importing,
    labelling,
    metrics,
    privacy,
    reports,
    site,
)
from fanops_utils.cli.batch import merging, run, schedule, watching  # noqa: F401
from fanops_utils.cli.common import NAMED, app, emit, keep_named, say
from fanops_utils.cli.ending import end_process
from fanops_utils.errors import FanopsError


def main() -> NoReturn:
    """Run the command line and end the process with its exit code."""
    try:
        answer()
    except SystemExit as left:
        end_process(left.code if isinstance(left.code, int) else 0)
    except Exception:
        say.print(traceback.format_exc().rstrip())
        end_process(1)


def answer() -> NoReturn:
    """Do what the command line asks; every expected error becomes one plain line and exit code 2."""
    # nbformat's validator looks for it on import; its grammar takes a second to compile, and no notebook needs it.
    sys.modules.setdefault("rfc3987_syntax", None)  # type: ignore[arg-type]
    gc.set_threshold(
        200_000, 30, 30
    )  # most of what a command loads stays: looking through it again and again costs a fifth
    try:
        NAMED.clear()
        code = app(standalone_mode=False)
        keep_named()
    except FanopsError as error:
        _refuse(str(error))
    except typer.Abort:
        sys.exit(130)
    except Exception as error:
        if not hasattr(error, "format_message"):
            raise
        said = error.format_message().rstrip(".")
        _refuse(f"{said}{'' if said.endswith('?') else '.'} See: fanops --help")
    # Outside its standalone mode typer returns the code of typer.Exit instead of raising it.
    sys.exit(code if isinstance(code, int) else 0)


def _refuse(message: str) -> NoReturn:
    if "--json" in sys.argv:
        emit({"error": message})
    say.print(f"fanops: {message}")
    sys.exit(2)


@app.callback(invoke_without_command=True)
def _root(
    context: typer.Context, version: Annotated[bool, typer.Option("--version", help="print the version")] = False
) -> None:
    """Platform exports in, honest reports out. Start with: fanops sample, fanops import, fanops run."""
    if version:
        typer.echo(f"fanops {fanops_utils.__version__}")
    elif context.invoked_subcommand is None:
        typer.echo(context.get_help())
