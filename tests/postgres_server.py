"""A PostgreSQL server of its own for tests, on a unix socket in a folder that goes with it; none where it is not installed."""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

OWNER, OWNER_PASSWORD = "owner", "the owner's own"
ABSENT = "PostgreSQL is not installed here (Debian: apt-get install postgresql)"


@dataclass(frozen=True)
class Server:
    """A running server: the folder of its socket, and the port that names the socket."""

    sockets: Path
    port: int = 5432

    def url(self, user: str, password: str, base: str = "postgres") -> str:
        return f"postgres://{user}:{password}@/{base}?host={self.sockets}&port={self.port}"


def programs() -> Path | None:
    """Return the folder of `initdb` and `pg_ctl`; None where PostgreSQL is not installed."""
    if found := shutil.which("initdb"):
        return Path(found).parent
    debian = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    return debian[-1].parent if debian else None


def _unprivileged() -> str | None:
    """Return the user to run the server as: the server refuses to be root's; None where this process is no root."""
    if os.geteuid():
        return None
    known = {one.pw_name for one in pwd.getpwall()}
    return "postgres" if "postgres" in known else "nobody"


@contextmanager
def running_server() -> Iterator[Server]:
    """Yield a server that listens on its socket alone and asks for passwords; afterwards it is stopped and removed."""
    binaries, user = programs(), _unprivileged()
    assert binaries is not None, ABSENT
    folder = Path(tempfile.mkdtemp(prefix="fanops-pg-"))
    (folder / "password").write_text(OWNER_PASSWORD, encoding="utf-8")
    if user:
        for path in (folder, folder / "password"):
            shutil.chown(path, user)

    def run(*command: str) -> None:
        subprocess.run(command, cwd=folder, user=user, check=True, capture_output=True)

    data = str(folder / "data")
    run(str(binaries / "initdb"), "-D", data, "-U", OWNER, "--pwfile", str(folder / "password"), "--encoding=UTF8",
        "--auth=scram-sha-256", "--no-sync", "--locale=C")  # fmt: skip
    options = f"-k {folder} -c listen_addresses='' -c fsync=off -c timezone=Asia/Shanghai"
    try:
        run(str(binaries / "pg_ctl"), "-D", data, "-w", "-o", options, "-l", str(folder / "log"), "start")
        yield Server(folder)
    finally:
        run(str(binaries / "pg_ctl"), "-D", data, "-m", "immediate", "stop")
        shutil.rmtree(folder, ignore_errors=True)
