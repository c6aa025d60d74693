"""The server of reports, asked over a real socket: what it gives, what it keeps, and to whom."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from http.client import HTTPConnection, HTTPResponse
from pathlib import Path

import pytest
from conftest import BRAND, ROOT

from fanops_utils.reports.site.serve import report_server

Ask = Callable[..., HTTPResponse]


@pytest.fixture
def reports(tmp_path: Path) -> Path:
    folder = tmp_path / "reports"
    (folder / "weekly" / ".removing-a").mkdir(parents=True)
    (tmp_path / "secret.html").write_text("secret", encoding="utf-8")
    (folder / "index.html").write_text("<p>全部 plans</p>", encoding="utf-8")
    (folder / "weekly" / "市场 BR.html").write_text("<p>BR</p>", encoding="utf-8")
    (folder / "weekly" / "a.result.json").write_text("{}", encoding="utf-8")
    (folder / "weekly" / "a.days.ics").write_text("BEGIN:VCALENDAR", encoding="utf-8")
    (folder / "weekly" / "a.list.csv").write_text("people", encoding="utf-8")
    (folder / "weekly" / "a.list.csv").chmod(0o600)
    (folder / "weekly").chmod(0o755)
    (folder / "weekly" / "kernels.log").write_text("log", encoding="utf-8")
    (folder / "weekly" / ".removing-a" / "index.html").write_text("going", encoding="utf-8")
    (folder / "weekly" / "way-out.html").symlink_to(tmp_path / "secret.html")
    return folder


@pytest.fixture
def ask(reports: Path) -> Iterator[Ask]:
    server = report_server(reports)
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    host, port = server.server_address[:2]

    def asked(path: str, *, method: str = "GET", name: str = "") -> HTTPResponse:
        connection = HTTPConnection(str(host), int(port), timeout=10)
        connection.putrequest(method, path, skip_host=True)
        connection.putheader("Host", name or f"{host}:{port}")
        connection.endheaders()
        return connection.getresponse()

    yield asked
    server.shutdown()
    server.server_close()


def test_pages_and_results_come_with_their_type_and_headers(ask: Ask) -> None:
    for path, kind in (
        ("/", "text/html; charset=utf-8"),
        ("/weekly/%E5%B8%82%E5%9C%BA%20BR.html", "text/html; charset=utf-8"),
        ("/weekly/a.result.json?x=1", "application/json; charset=utf-8"),
        ("/weekly/a.days.ics", "text/calendar; charset=utf-8"),
    ):
        answer = ask(path)
        assert (answer.status, answer.headers["Content-Type"]) == (200, kind)
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["Content-Security-Policy"] == "frame-ancestors 'none'"
        assert answer.headers["Referrer-Policy"] == "no-referrer"
    assert ask("/").read().decode() == "<p>全部 plans</p>"
    assert ask("/", method="HEAD").read() == b""


def test_a_file_for_its_owner_only_is_not_given_to_others_on_the_machine(ask: Ask) -> None:
    answer = ask("/weekly/a.list.csv")
    assert answer.status == 403 and b"people" not in answer.read()


@pytest.mark.parametrize(
    "path",
    [
        "/../secret.html", "/%2e%2e/secret.html", "/weekly/..%2f..%2fsecret.html", "//etc/passwd", "/..\\secret.html",
        "/weekly/way-out.html", "/weekly/kernels.log", "/weekly/.removing-a/index.html", "/weekly/", "/no.html", "/%00.html",
    ],
)  # fmt: skip
def test_nothing_else_is_given(ask: Ask, path: str) -> None:
    answer = ask(path)
    assert answer.status in (400, 404)
    body = answer.read()
    assert b"secret" not in body and b"root:" not in body and b"a.result" not in body


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "OPTIONS"])
def test_it_only_reads(ask: Ask, method: str) -> None:
    assert ask("/", method=method).status == 501


@pytest.mark.parametrize("name", ["evil.example", "127.0.0.1.evil.example", "192.168.0.9:80"])
def test_another_name_for_this_machine_is_refused(ask: Ask, name: str) -> None:
    assert ask("/", name=name).status == 421
    assert ask("/", name="localhost").status == 200


def test_the_verb_serves_on_this_machine_until_ctrl_c(tmp_path: Path) -> None:
    (tmp_path / "notebooks").mkdir()
    (tmp_path / "data" / "brand").mkdir(parents=True)
    (tmp_path / "data" / "brand" / "brand.yml").write_text(BRAND, encoding="utf-8")
    (tmp_path / "reports" / "brand").mkdir(parents=True)
    (tmp_path / "reports" / "brand" / "index.html").write_text("<p>here</p>", encoding="utf-8")
    # Where tests run in the background, Ctrl-C is ignored by all they start.
    heard = "import signal; signal.signal(signal.SIGINT, signal.default_int_handler)"
    main = f"{heard}; import sys; sys.argv[0] = 'fanops'; from fanops_utils.cli import main; main()"
    command = [sys.executable, "-c", main, "serve", "-w", "brand", "--port", "0"]
    environment = {**os.environ, "FANOPS_ROOT": str(tmp_path), "PYTHONPATH": str(ROOT)}
    with subprocess.Popen(command, cwd=tmp_path, env=environment, stderr=subprocess.PIPE, text=True) as running:
        assert running.stderr is not None
        said = running.stderr.readline()
        address = re.search(r"http://127\.0\.0\.1:(\d+)/", said)
        assert address, said + running.stderr.read()
        connection = HTTPConnection("127.0.0.1", int(address[1]), timeout=10)
        connection.request("GET", "/")
        assert connection.getresponse().read() == b"<p>here</p>"
        connection.close()
        running.send_signal(signal.SIGINT)
        assert running.wait(timeout=20) == 0
        assert "Traceback" not in running.stderr.read()
    with socket.socket() as tried, pytest.raises(OSError):
        tried.connect(("127.0.0.1", int(address[1])))
