"""A watch is silent until a level changes; then it says so once, tells once, and tells again only what could not be told."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from types import SimpleNamespace
from typing import Any, ClassVar

import pytest
from reports.tiny import conclude, repository, source, write

from fanops_utils.cli.batch.notifying import notified
from fanops_utils.playbook import Finding, Result
from fanops_utils.reports.planning.plan import Notify
from fanops_utils.reports.site import levels, notify
from fanops_utils.text import say

MAIN = "import sys; sys.argv[0] = 'fanops'; from fanops_utils.cli import main; main()"
PLAN = """name: watch
workspace: brand
cadence: hourly
notify: {to: [duty], when: [always]}
jobs:
  - {notebook: crisis_watch, matrix: {market: [US]}}
"""


class Hook(BaseHTTPRequestHandler):
    """A service that takes what it is told, and keeps the titles."""

    titles: ClassVar[list[str]] = []

    def do_POST(self) -> None:
        told = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.send_response(200)
        self.end_headers()
        Hook.titles.append(told["title"])

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def hook(tmp_path: Path) -> object:
    Hook.titles.clear()
    server = HTTPServer(("127.0.0.1", 0), Hook)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    (tmp_path / "to.yml").write_text(f"duty: [json://127.0.0.1:{server.server_address[1]}]\n", encoding="utf-8")
    yield server
    server.shutdown()
    server.server_close()
    thread.join()


def report(tmp_path: Path, code: str, severity: str) -> None:
    """Write a watch that finds *code*."""
    finding = Finding(id="status", label=say("Is it so?"), code=code, title=say("All is well."), text=say("All is well."),
                      severity=severity)  # type: ignore[arg-type]  # fmt: skip
    result = Result(say("All is well."), severity, findings=(finding,), market="US")  # type: ignore[arg-type]
    write(tmp_path, "monitoring/crisis_watch", source(conclude(result)))


def test_a_watch_tells_a_change_of_level_and_nothing_else(tmp_path: Path, hook: object) -> None:
    repository(tmp_path)
    plan = tmp_path / "notebooks" / "plans" / "watch.yml"
    plan.write_text(PLAN, encoding="utf-8")

    def watch() -> tuple[int, str, str]:
        environment = {name: value for name, value in os.environ.items() if name != "FANOPS_ROOT"}
        environment["FANOPS_NOTIFY"] = str(tmp_path / "to.yml")
        done = subprocess.run([sys.executable, "-c", MAIN, "watch"], cwd=tmp_path, env=environment, capture_output=True,
                              text=True, check=False)  # fmt: skip
        return done.returncode, done.stdout, done.stderr

    report(tmp_path, "crisis_1", "alert")
    code, _, said = watch()
    assert code == 0 and "US: level 1: reports" in said
    assert len(Hook.titles) == 1
    assert watch() == (0, "", "") and len(Hook.titles) == 1, "what was told is not told again"
    plan.write_text(PLAN.replace("crisis_watch", "other"), encoding="utf-8")
    write(tmp_path, "methods/other", source())
    assert watch()[0] == 2, "a plan that watches nothing is refused"


def test_what_could_not_be_told_is_told_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    run_dir = tmp_path / "run"
    run_dir.mkdir()
    status = {"id": "status", "code": "crisis_2", "severity": "alert"}
    job = {"slug": "watch-US", "market": "US", "status": "succeeded", "findings": [status]}
    (run_dir / "manifest.json").write_text(json.dumps({"jobs": [job]}), encoding="utf-8")
    run, asked = SimpleNamespace(problem="", run_dir=run_dir), Notify(to=("duty",), when=("level",))
    sent: list[Any] = []

    def send(manifest: Any, _dir: Path, _asked: Notify) -> list[notify.Sent]:
        sent.append([one["now"] for one in manifest["levels"]])
        return [notify.Sent("duty", ("level",), "" if len(sent) > 1 else "gone")] if manifest["levels"] else []

    monkeypatch.setattr(notify, "notify", send)
    assert not notified(asked, run) and levels.read_levels(tmp_path) == {}  # type: ignore[arg-type]
    assert notified(asked, run) and levels.read_levels(tmp_path) == {"watch-US": "2"}  # type: ignore[arg-type]
    assert notified(asked, run) and sent == [["2"], ["2"], []]  # type: ignore[arg-type]
