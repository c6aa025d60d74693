"""Reports over HTTP for a look on one's own machine: read only, from this machine only, nothing outside the folder."""

from __future__ import annotations

from functools import partial
from http import HTTPStatus
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import BinaryIO

HOST = "127.0.0.1"
NAMES = (HOST, "localhost")
SERVED = {
    ".html": "text/html; charset=utf-8", ".json": "application/json; charset=utf-8", ".csv": "text/csv; charset=utf-8",
    ".ics": "text/calendar; charset=utf-8", ".yml": "text/yaml; charset=utf-8",
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}  # fmt: skip
HEADERS = {
    # The pages carry a policy of their own; this one keeps them out of the frames of others.
    "Content-Security-Policy": "frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cache-Control": "no-store",
}


class ReportHandler(SimpleHTTPRequestHandler):
    """GET and HEAD of pages, results and files; no listings, nothing private, no hidden files, no way out of the folder."""

    server_version, sys_version = "fanops", ""

    def send_head(self) -> BinaryIO | None:
        path = Path(self.translate_path(self.path))
        to_folder = path.is_dir() and not self.path.partition("?")[0].endswith("/")  # leads on to the one with a slash
        if not self._from_here():
            self.send_error(HTTPStatus.MISDIRECTED_REQUEST)
        elif is_private(path):
            self.send_error(HTTPStatus.FORBIDDEN, explain="This file is its owner's alone: open it where the run lies")
        elif to_folder or self._served(path / "index.html" if path.is_dir() else path):
            return super().send_head()
        else:
            self.send_error(HTTPStatus.NOT_FOUND)
        return None

    def end_headers(self) -> None:
        for name, value in HEADERS.items():
            self.send_header(name, value)
        super().end_headers()

    def guess_type(self, path: object) -> str:
        return SERVED.get(Path(str(path)).suffix, "application/octet-stream")

    def log_message(self, *_: object) -> None:
        """Say nothing: the terminal belongs to the person who started it."""

    def _from_here(self) -> bool:
        """Return whether the browser asked for this machine: another name that leads here is somebody's trick."""
        port = self.server.server_port  # type: ignore[attr-defined]
        return self.headers.get("Host", "").removesuffix(f":{port}") in NAMES

    def _served(self, path: Path) -> bool:
        if "\0" in str(path):
            return False
        home, real = Path(self.directory).resolve(), path.resolve()
        inside = real.is_relative_to(home) and real.is_file() and path.suffix in SERVED
        return inside and not any(part.startswith(".") for part in real.relative_to(home).parts)


def is_private(path: Path) -> bool:
    """Return whether others on this machine may read the folder of *path* but not the file: they may not ask for it either."""
    try:
        return path.is_file() and not path.stat().st_mode & 0o077 and bool(path.parent.stat().st_mode & 0o077)
    except (OSError, ValueError):
        return False


def report_server(folder: Path, *, port: int = 0) -> ThreadingHTTPServer:
    """Return a server of the reports in *folder* on 127.0.0.1, not yet started; port 0 takes a free one.

    Raises OSError where the port is taken.
    """
    return ThreadingHTTPServer((HOST, port), partial(ReportHandler, directory=str(folder)))
