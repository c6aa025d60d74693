"""A batch of twelve reports of the simulated brand: the loop people use, fanops, the limit, and an unchanged plan.

`python benchmarks/batch.py [PARTS]`, PARTS being letters in the order in which they are measured, each as often as it
stands there:
a  papermill's command, then nbconvert's command, one notebook after the other
b  `fanops run`, two jobs at a time
c  the limit: the same cells in processes forked from one that imported everything, two at a time, figures saved
d  `fanops run` again, nothing changed since the b before it

By default abcd and six more pairs of b and c: on a machine whose speed wanders one pair says little. Prints wall and CPU
seconds of each and the medians of the ratios that count. Needs the brand imported: `fanops sample`, `fanops import`.
"""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from statistics import median
from typing import Any

ROOT = Path(__file__).parents[1]
JOBS, AT_ONCE = 12, 2
PARTS = "abcd" + 6 * "bc"
MAIN = "import sys; sys.argv[0] = 'fanops'; from fanops_utils.cli import main; main()"
PLAN = """name: batch
workspace: sample
jobs:
  - notebook: research/market_analysis
    matrix: {market: [US, BR, DE, JP]}
  - notebook: research/audience_personas
    matrix: {market: [US, BR, DE]}
  - notebook: experiments/experiment_readout
    matrix: {experiment: [badge_design, push_copy, welcome_message]}
  - notebook: campaigns/campaign_retrospective
    matrix: {campaign: [autumn_push_de, spring_blend_br]}
"""


def spent(*commands: list[str], **variables: str) -> tuple[float, float]:
    """Run *commands* one after the other; return wall and CPU seconds, those of all their processes included."""
    environment = {**os.environ, "FANOPS_ROOT": str(ROOT), **variables}
    environment.pop("PYTHONDONTWRITEBYTECODE", None)  # bytecode is kept, as it is where people work
    before, began = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    for command in commands:
        done = subprocess.run(  # noqa: S603
            command, cwd=ROOT, capture_output=True, text=True, check=False, env=environment
        )
        if done.returncode:
            sys.exit(f"{' '.join(command[:6])} failed:\n{done.stderr[-3000:]}")
    wall, after = time.perf_counter() - began, resource.getrusage(resource.RUSAGE_CHILDREN)
    return wall, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def planned() -> list[tuple[str, Path, dict[str, Any]]]:
    """Return slug, notebook and parameters of the jobs."""
    from fanops_utils.reports.planning.plan import expand, read_plan
    from fanops_utils.workspace import open_workspace

    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "batch.yml").write_text(PLAN, encoding="utf-8")
        jobs = expand(read_plan(Path(folder) / "batch.yml"), open_workspace("sample", root=ROOT), ROOT)
    assert len(jobs) == JOBS, f"the plan has {len(jobs)} jobs"
    return [(job.slug, job.path, job.parameters) for job in jobs]


def habit(folder: Path) -> tuple[float, float]:
    """Papermill's command, then nbconvert's, per notebook."""
    commands = []
    for slug, path, parameters in planned():
        out = folder / f"{slug}.ipynb"
        given = [word for name, value in parameters.items() for word in ("-p", name, str(value))]
        commands.append([sys.executable, "-m", "papermill", str(path), str(out), *given, "--no-progress-bar"])
        commands.append([sys.executable, "-m", "nbconvert", "--to", "html", str(out)])
    return spent(*commands)


def ours(folder: Path) -> tuple[float, float]:
    """One `fanops run`."""
    (folder / "batch.yml").write_text(PLAN, encoding="utf-8")
    command = [
        sys.executable,
        "-c",
        MAIN,
        "run",
        str(folder / "batch.yml"),
        "--reports",
        str(folder),
        "--workers",
        str(AT_ONCE),
    ]
    return spent(command)


def limit(folder: Path) -> tuple[float, float]:
    """The cells alone: a process imports everything, forks one process per job, two at a time."""
    jobs = [(slug, str(path), parameters) for slug, path, parameters in planned()]
    (folder / "jobs.json").write_text(json.dumps(jobs, default=str), encoding="utf-8")
    from fanops_utils.reports.kernels.preload import ENVIRONMENT

    command = [sys.executable, __file__, "--cells", str(folder)]
    return spent(command, **ENVIRONMENT)


def run_cells(folder: Path) -> None:
    """Import everything, then fork a process per job that runs its cells and saves its figures."""
    from fanops_utils.reports.kernels.preload import USUAL, preload

    assert not preload(USUAL)
    running = 0
    for slug, path, parameters in json.loads((folder / "jobs.json").read_text(encoding="utf-8")):
        if running == AT_ONCE:
            assert os.wait()[1] == 0
            running -= 1
        if os.fork() == 0:
            try:
                one_job(folder / slug, Path(path), parameters)
                os._exit(0)
            except BaseException:
                sys.excepthook(*sys.exc_info())
                os._exit(1)
        running += 1
    for _ in range(running):
        assert os.wait()[1] == 0


def one_job(target: Path, path: Path, parameters: dict[str, Any]) -> None:
    """Run the code cells of the notebook at *path* and save what the last line of each draws."""
    import ast

    names: dict[str, Any] = {"__name__": "__main__"}
    cells = [cell for cell in json.loads(path.read_text(encoding="utf-8"))["cells"] if cell["cell_type"] == "code"]
    for number, cell in enumerate(cells):
        tree = ast.parse("".join(cell["source"]))
        last = tree.body.pop() if tree.body and isinstance(tree.body[-1], ast.Expr) else None
        exec(compile(tree, "<cell>", "exec"), names)  # noqa: S102
        if "parameters" in cell["metadata"].get("tags", []):
            names |= parameters
        if isinstance(last, ast.Expr):
            shown = eval(compile(ast.Expression(last.value), "<cell>", "eval"), names)  # noqa: S307
            if hasattr(shown, "_repr_mimebundle_"):
                bundle = shown._repr_mimebundle_()
                data = bundle[0] if isinstance(bundle, tuple) else bundle
                Path(f"{target}-{number}.out").write_text(json.dumps(data, default=str), encoding="utf-8")


Cost = tuple[float, float]


def main(parts: str) -> None:
    """Measure the *parts* and print them, then the ratios of their neighbours."""
    measures = {"a": habit, "b": ours, "c": limit, "d": ours}
    found: dict[str, list[Cost]] = {part: [] for part in measures}
    last: Path | None = None
    with tempfile.TemporaryDirectory(prefix="fanops-batch-") as name:
        for number, part in enumerate(parts):
            folder = Path(name) / str(number)
            folder.mkdir()
            if part == "d" and last is None:
                sys.exit("d is measured after b")
            last = folder if part == "b" else last
            found[part].append(measures[part](last if part == "d" and last else folder))
            print(f"{part}  wall {found[part][-1][0]:6.1f} s   cpu {found[part][-1][1]:6.1f} s", flush=True)  # noqa: T201
    tell("habit / ours", found["a"], found["b"])
    tell("ours / limit", found["b"], found["c"])
    beyond = [(ours[1] - least[1]) / JOBS for ours, least in zip(found["b"], found["c"], strict=False)]
    if beyond:
        print(f"overhead per job: {median(beyond):.2f} s cpu ({min(beyond):.2f} to {max(beyond):.2f})")  # noqa: T201


def tell(title: str, over: list[Cost], under: list[Cost]) -> None:
    """Print the median ratio of wall and CPU seconds over the pairs of *over* and *under*, and how far it scatters."""
    for place, what in enumerate(("wall", "cpu")):
        ratios = [one[place] / other[place] for one, other in zip(over, under, strict=False)]
        if ratios:
            print(f"{title}: {median(ratios):.2f} {what} ({min(ratios):.2f} to {max(ratios):.2f})")  # noqa: T201


if __name__ == "__main__":
    if sys.argv[1:2] == ["--cells"]:
        run_cells(Path(sys.argv[2]))
    else:
        main(sys.argv[1] if len(sys.argv) > 1 else PARTS)
