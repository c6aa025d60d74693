"""Notifications: against a mail server and a webhook on this machine."""

from __future__ import annotations

import email
import json
import socketserver
import threading
from collections.abc import Iterator, Sequence
from email import policy
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import pytest

from fanops_utils.errors import WorkspaceError
from fanops_utils.reports.planning.plan import Notify
from fanops_utils.reports.site import notify as notify_module
from fanops_utils.reports.site.notify import notify, read_addresses, reasons
from fanops_utils.text import Written, say


class Mail(socketserver.StreamRequestHandler):
    """As much of SMTP as a client needs to hand in a message."""

    def handle(self) -> None:
        self.wfile.write(b"220 here\r\n")
        while line := self.rfile.readline():
            verb = line[:4].upper()
            if verb == b"DATA":
                self.wfile.write(b"354 go on\r\n")
                message = b""
                while (part := self.rfile.readline()) != b".\r\n":
                    message += part.removeprefix(b".") if part.startswith(b"..") else part
                self.server.received.append(message)  # type: ignore[attr-defined]
            self.wfile.write(b"221 bye\r\n" if verb == b"QUIT" else b"250 ok\r\n")
            if verb == b"QUIT":
                return


class Hook(BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.received.append(body)  # type: ignore[attr-defined]
        self.send_response(self.server.answer)  # type: ignore[attr-defined]
        self.end_headers()

    def log_message(self, *_: Any) -> None:
        pass


def served(server: socketserver.BaseServer) -> Iterator[Any]:
    server.received, server.answer = [], 200  # type: ignore[attr-defined]
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    yield server
    server.shutdown()
    server.server_close()
    thread.join(10)


@pytest.fixture
def mail() -> Iterator[Any]:
    yield from served(socketserver.TCPServer(("127.0.0.1", 0), Mail))


@pytest.fixture
def hook() -> Iterator[Any]:
    yield from served(HTTPServer(("127.0.0.1", 0), Hook))


def entry(status: str = "succeeded", **said: Any) -> dict[str, Any]:
    return {
        "notebook": "research/a", "title": say("Is it so?").to_json(), "topic": "market", "parameters": {}, "market": "US",
        "error": "",
        "status": status, "seconds": 1.0, "report": "a.html", "result": None, "verdict": Written("It is 3% [2, 4] 中国").to_json(),
        "severity": "info", "trust": "PASS", "data_as_of": "2026-11-01", "findings": [], "plays": [], "changes": [], **said,
    }  # fmt: skip


def manifest(*jobs: dict[str, Any]) -> dict[str, Any]:
    return {
        "schema_version": 2, "run_id": "r", "workspace": "brand", "brand": "Brand", "plan": "weekly", "status": "succeeded",
        "started": "2026-11-22T06:00:00+00:00", "finished": "2026-11-22T06:01:00+00:00", "provenance": {}, "jobs": list(jobs),
    }  # fmt: skip


@pytest.fixture
def run_dir(tmp_path: Path) -> Path:
    folder = tmp_path / "run"
    folder.mkdir()
    for page in ("a.html", "index.html"):
        (folder / page).write_text(f"<!doctype html><title>{page}</title>", encoding="utf-8")
    return folder


def told(file: Path, **addresses: list[str]) -> Path:
    file.write_text("".join(f"{name}: {json.dumps(urls)}\n" for name, urls in addresses.items()), encoding="utf-8")
    return file


FELL = say("Sales fell").to_json()
FAILED = entry(
    "failed",
    error=say("Division by zero in cell {cell} {name}", cell=3, name="中国").to_json(),
    verdict="",
    severity=None,
)
ALERT = entry(severity="alert", findings=[{"id": "x", "title": FELL, "severity": "alert"}])
NEW = entry(changes=[{"kind": "new", "id": "x", "label": FELL, "severity": "alert"}])


@pytest.mark.parametrize(
    ("job", "expected"),
    [
        (entry(), ("always",)), (entry("no_data"), ("always",)), (entry("cached"), ("always",)),
        (FAILED, ("failure", "always")), (entry("timed_out"), ("failure", "always")), (ALERT, ("alert", "always")),
        (NEW, ("new_alert", "always")),
        (entry(changes=[{"kind": "resolved", "severity": "alert"}]), ("always",)),
        (entry(findings=[{"severity": "watch"}]), ("always",)),
    ],
)  # fmt: skip
def test_the_occasions(job: dict[str, Any], expected: tuple[str, ...]) -> None:
    assert reasons(manifest(entry(), job), ("failure", "alert", "new_alert", "always")) == expected


def test_a_mail_carries_the_digest_and_the_failed_page(mail: Any, run_dir: Path, tmp_path: Path) -> None:
    url = f"mailto://127.0.0.1:{mail.server_address[1]}?from=fanops@example.org&to=team@example.org&mode=insecure"
    sent = notify(manifest(entry(), FAILED), run_dir, Notify(to=("team",)), file=told(tmp_path / "to.yml", team=[url]))
    assert [(one.to, one.reasons, one.problem) for one in sent] == [("team", ("failure",), "")]
    (raw,) = mail.received
    message = email.message_from_bytes(raw, policy=policy.default)
    assert message["Subject"] == "Brand, weekly: 1 of 2 reports failed"
    text = message.get_body(("plain",)).get_content()
    assert "Division by zero in cell 3 中国" in text
    (page,) = message.iter_attachments()
    assert page.get_filename() == "a.html"
    assert b"<title>a.html</title>" in page.get_payload(decode=True)


def test_a_webhook_gets_the_same(hook: Any, run_dir: Path, tmp_path: Path) -> None:
    url = f"json://127.0.0.1:{hook.server_address[1]}/"
    sent = notify(manifest(ALERT), run_dir, Notify(to=("hook",)), file=told(tmp_path / "to.yml", hook=[url]))
    assert [one.problem for one in sent] == [""]
    said = json.loads(hook.received[0])
    assert "Sales fell" in said["message"]
    assert said["attachments"][0]["filename"] == "a.html"


def test_without_a_reason_nothing_is_sent(hook: Any, run_dir: Path, tmp_path: Path) -> None:
    file = told(tmp_path / "to.yml", hook=[f"json://127.0.0.1:{hook.server_address[1]}/"])
    assert notify(manifest(entry()), run_dir, Notify(to=("hook",)), file=file) == []
    assert hook.received == []
    assert len(notify(manifest(entry()), run_dir, Notify(to=("hook",), when=("always",)), file=file)) == 1


def test_a_service_that_fails_is_told_without_its_password(hook: Any, run_dir: Path, tmp_path: Path) -> None:
    hook.answer = 500
    url = f"json://user:secret-word@127.0.0.1:{hook.server_address[1]}/"
    file = told(tmp_path / "to.yml", hook=[url], nobody=["nosuchservice://x"])
    sent = notify(manifest(FAILED), run_dir, Notify(to=("hook", "nobody")), file=file)
    assert all(one.problem for one in sent)
    assert "secret-word" not in repr(sent)


def test_a_name_without_address_is_told_and_the_others_hear_of_it(hook: Any, run_dir: Path, tmp_path: Path) -> None:
    file = told(tmp_path / "to.yml", team=[f"json://127.0.0.1:{hook.server_address[1]}/"])
    with pytest.raises(WorkspaceError, match=r"nobody is called 'taem'\. Did you mean 'team'"):
        read_addresses(["team", "taem"], file)
    sent = notify(manifest(FAILED), run_dir, Notify(to=("team", "taem")), file=file)
    assert [(one.to, bool(one.problem)) for one in sent] == [("team", False), ("taem", True)]
    assert len(hook.received) == 1
    (lost,) = notify(manifest(FAILED), run_dir, Notify(to=("team",)), file=tmp_path / "none.yml")
    assert "no file of addresses" in lost.problem


def test_a_service_is_tried_twice_and_one_that_took_it_is_left_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []

    def send(urls: Sequence[str], *_given: object) -> str:
        asked.extend(urls)
        return {"busy": "" if asked.count("busy") > 1 else "busy", "gone": "gone", "no": notify_module.UNKNOWN}.get(
            urls[0], ""
        )

    monkeypatch.setattr(notify_module, "_send", send)
    told = [notify_module._send_twice([*urls], "title", "text", []) for urls in (["well", "busy"], ["gone"], ["no"])]
    assert told == ["", "gone", notify_module.UNKNOWN]
    assert [asked.count(one) for one in ("well", "busy", "gone", "no")] == [1, 2, 2, 1]
