"""The notebook contract: every breach is seen, and a notebook that keeps to it is left alone."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import nbformat
import pytest
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from fanops_utils.reports.planning.contract import breaches

Change = Callable[[NotebookNode], object]


def told(text: str, tag: str) -> NotebookNode:
    return new_markdown_cell(text, metadata={"tags": [tag]})


def sound() -> NotebookNode:
    """Return a notebook that keeps to the contract: its cells are title, parameters, imports, …, result."""
    return new_notebook(
        cells=[
            told("# Does it grow?\n\n**Who decides:** the lead. **You get:** a number.", "question"),
            new_code_cell('market: str = "US"  # market code', metadata={"tags": ["parameters"]}),
            new_code_cell("from fanops_utils.playbook import Result"),
            told("## Can these numbers be trusted?", "trust"),
            new_markdown_cell("## Is the audience growing?"),
            new_code_cell("growth = 3"),
            told("## Limits\n\n- One market.", "limits"),
            told("## Plays", "plays"),
            new_code_cell("result = Result(market)\nresult", metadata={"tags": ["result"]}),
        ],
        metadata={
            "kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"},
            "fanops": {"topic": "market", "title": "Growth", "report": "whether it grows"},
        },
    )


def found(notebook: NotebookNode, folder: Path) -> list[str]:
    path = folder / "a.ipynb"
    nbformat.write(notebook, path)
    return breaches(path)


def test_a_sound_notebook_has_no_breach(tmp_path: Path) -> None:
    assert found(sound(), tmp_path) == []


def cell(place: int, text: str) -> Change:
    """Return the change that writes *text* into cell *place*."""
    return lambda notebook: notebook.cells[place].update(source=text)


BREACHES: dict[str, tuple[Change, str]] = {
    "another kernel": (lambda nb: nb.metadata.kernelspec.update(name="conda-env"), "the kernelspec is not python3"),
    "executed": (lambda nb: nb.metadata.update(papermill={}), "metadata of an execution"),
    "outputs": (lambda nb: nb.cells[5].update(outputs=[new_output("stream", text="3")]), "cell 6 holds outputs"),
    "counts": (lambda nb: nb.cells[5].update(execution_count=1), "cell 6 holds outputs or an execution count"),
    "two titles": (cell(4, "# Another?"), "has one H1, this one has 2"),
    "no title": (cell(0, "**Who decides:** the lead. **You get:** a number."), "has one H1, this one has 0"),
    "title late": (lambda nb: nb.cells.insert(0, nb.cells.pop(6)), "the first cell is not the H1"),
    "nobody decides": (cell(0, "# Does it grow?\n\n**You get:** a number."), "who decides and what the reader gets"),
    "no promise": (cell(0, "# Does it grow?\n\n**Who decides:** the lead."), "who decides and what the reader gets"),
    "no topic": (lambda nb: nb.metadata.fanops.pop("topic"), "do not say its topic"),
    "no name": (lambda nb: nb.metadata.fanops.update(title=""), "do not say its title"),
    "nothing in it": (lambda nb: nb.metadata.pop("fanops"), "do not say its report"),
    "a strange topic": (
        lambda nb: nb.metadata.fanops.update(topic="markt"),
        "the topic 'markt' is not declared. Did you mean 'market'",
    ),
    "no question": (lambda nb: nb.cells[0].metadata.update(tags=[]), "no markdown cell is tagged 'question'"),
    "no trust": (lambda nb: nb.cells[3].metadata.update(tags=[]), "no markdown cell is tagged 'trust'"),
    "no limits": (lambda nb: nb.cells[6].metadata.update(tags=[]), "no markdown cell is tagged 'limits'"),
    "no plays": (lambda nb: nb.cells[7].metadata.update(tags=[]), "no markdown cell is tagged 'plays'"),
    "result untagged": (lambda nb: nb.cells[8].metadata.update(tags=["limits"]), "no code cell is tagged 'result'"),
    "the clock": (cell(5, "growth = date.today()"), "cell 6 reads the clock"),
    "the time": (cell(5, "growth = datetime.now()"), "cell 6 reads the clock"),
    "too wide": (cell(5, f"growth = {'1' * 120}"), "cell 6 has a line of 129 characters, at most 120"),
    "a topic": (cell(4, "## Growth"), "the heading 'Growth' is not a question"),
    "parameters late": (
        lambda nb: nb.cells.insert(2, nb.cells.pop(1)),
        "the first code cell is not the parameters cell",
    ),
    "imports late": (cell(5, "import math\ngrowth = math.pi"), "imports stand in one cell"),
    "import within": (cell(5, "if market:\n    import math"), "imports stand in one cell"),
    "no imports": (cell(2, "growth = 2"), "imports stand in one cell"),
    "no result": (cell(8, "result = 3"), "does not end by showing `result`"),
    "other result": (cell(8, "results"), "does not end by showing `result`"),
    "empty end": (cell(8, ""), "does not end by showing `result`"),
    "too long": (cell(5, "\n".join(f"a{n} = {n}" for n in range(11))), "cell 6 has 11 lines, at most 10"),
    "a function": (cell(5, "def grow():\n    return 3"), "cell 6 defines a function"),
    "a lambda": (cell(5, "grow = lambda: 3"), "cell 6 defines a function"),
    "a class": (cell(5, "class Grow:\n    pass"), "cell 6 defines a function"),
    "a file": (cell(5, "growth = open('x').read()"), "cell 6 calls open()"),
    "print": (cell(5, "print(3)"), "cell 6 calls print()"),
    "a chart": (cell(5, "plt.plot([1])"), "cell 6 uses plt"),
    "the system": (cell(5, "growth = os.environ"), "cell 6 uses os"),
    "a magic": (cell(5, "growth = 3\n%matplotlib inline"), "cell 6 is not plain Python"),
    "a shell": (cell(5, "growth = 3\n!ls"), "cell 6 is not plain Python"),
    "a relative path": (cell(5, "growth = '../data'"), "cell 6 holds a relative path"),
    "no parameters": (
        lambda nb: nb.cells[1].metadata.update(tags=[]),
        "one code cell tagged 'parameters', this one has 0",
    ),
    "parameters with code": (cell(1, "market = input()"), "a parameter is written 'name: type = default"),
    "hardly any code": (lambda nb: nb.cells.__delitem__(slice(2, 9)), "at least three code cells"),
}


@pytest.mark.parametrize("name", BREACHES)
def test_each_breach_is_seen(tmp_path: Path, name: str) -> None:
    change, said = BREACHES[name]
    notebook = sound()
    change(notebook)
    problems = found(notebook, tmp_path)
    assert any(said in problem for problem in problems), problems


def test_empty_lines_and_ten_lines_are_no_breach(tmp_path: Path) -> None:
    notebook = sound()
    notebook.cells[5].source = "\n\n".join(f"a{number} = {number}" for number in range(10))
    assert found(notebook, tmp_path) == []


def test_what_is_no_notebook_is_one_breach(tmp_path: Path) -> None:
    path = tmp_path / "a.ipynb"
    path.write_text("", encoding="utf-8")
    (problem,) = breaches(path)
    assert "cannot be read" in problem
