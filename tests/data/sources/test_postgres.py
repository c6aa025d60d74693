"""A mapping reads PostgreSQL, a real server: as a role that may only select, from where it ended, kinds kept whole."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import pytest
from postgres_server import ABSENT, OWNER, OWNER_PASSWORD, Server, programs, running_server

from fanops_utils.data.warehouse import Store, import_paths
from fanops_utils.workspace import Workspace

pytestmark = pytest.mark.skipif(programs() is None, reason=ABSENT)
SECRET = "s3cret-of-the-reader"
MAPPING = """name: {name}
from: {{url: "${{FANOPS_TEST_PG}}", {what}}}
tables:
  member_events:
    columns: {{member_key: id, event_timestamp: at, event_name: kind, event_value: amount, event_id: event}}
    constants: {{platform: forum}}
"""
ROWS = """
    create sequence counted;
    create table acts (event uuid primary key, id bigint, at timestamptz, kind text, amount numeric, email text);
    insert into acts values
      ('00000000-0000-4000-8000-000000000001', 9007199254740993, '2026-01-01 10:00+02', 'buy', 12.345, 'a@example.com'),
      ('00000000-0000-4000-8000-000000000002', 9007199254740993, '2026-01-02 10:00+00', 'buy', null, 'a@example.com'),
      ('00000000-0000-4000-8000-000000000003', 9007199254740995, '2026-01-03 10:00+00', 'visit', 1234567890.123, null);
"""


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    import psycopg

    with running_server() as running:
        with psycopg.connect(
            host=str(running.sockets), port=running.port, user=OWNER, password=OWNER_PASSWORD, dbname="postgres"
        ) as connection:
            connection.execute(ROWS)
            connection.execute(f"create role reader login password '{SECRET}'")
            connection.execute("grant select on acts to reader")
            connection.execute("revoke temporary on database postgres from public")
        yield running


@pytest.fixture
def reader(server: Server, monkeypatch: pytest.MonkeyPatch) -> Server:
    monkeypatch.setenv("FANOPS_TEST_PG", server.url("reader", SECRET))
    return server


def mapped(workspace: Workspace, name: str, what: str) -> None:
    path = workspace.path / "mappings" / f"{name}.yml"
    path.parent.mkdir(exist_ok=True)
    path.write_text(MAPPING.format(name=name, what=what), encoding="utf-8")


def written(folder: Path) -> bytes:
    return b"".join(path.read_bytes() for path in folder.rglob("*") if path.is_file() and path.suffix != ".parquet")


@pytest.mark.parametrize("what", ["table: acts", "table: public.acts", 'query: "select * from acts;"'])
def test_a_role_that_may_only_select_reads_every_kind_whole(
    brand_workspace: Workspace, reader: Server, what: str
) -> None:
    mapped(brand_workspace, "acts", what)
    (report,) = import_paths(brand_workspace, [], database="acts")
    assert (report.status, report.rows_in, report.rows_loaded) == ("loaded", 3, 3), report.error
    events = Store(brand_workspace).read("member_events").sort_values("event_timestamp")
    assert events["event_timestamp"].dt.hour.tolist() == [8, 10, 10]  # the server's zone is another
    assert events["event_value"].fillna(-1).tolist() == [12.345, -1, 1234567890.123]
    assert events["event_id"].str[-1].tolist() == ["1", "2", "3"]
    keys = events["member_key"].tolist()
    assert keys[0] == keys[1] != keys[2], "neighbours beyond 2**53 stay apart"


def test_a_later_read_goes_on_from_the_last_value(brand_workspace: Workspace, server: Server, reader: Server) -> None:
    import psycopg

    mapped(brand_workspace, "acts", "table: acts, newer_by: at")
    import_paths(brand_workspace, [], database="acts")
    new, old = "00000000-0000-4000-8000-000000000009", "00000000-0000-4000-8000-000000000008"
    with psycopg.connect(
        host=str(server.sockets), port=server.port, user=OWNER, password=OWNER_PASSWORD, dbname="postgres"
    ) as connection:
        connection.execute(f"insert into acts values ('{new}', 1, '2026-01-04 10:00+00', 'visit', null, null)")
        connection.execute(f"insert into acts values ('{old}', 1, '2025-01-04 10:00+00', 'visit', null, null)")
    (second,) = import_paths(brand_workspace, [], database="acts")
    with psycopg.connect(
        host=str(server.sockets), port=server.port, user=OWNER, password=OWNER_PASSWORD, dbname="postgres"
    ) as connection:
        connection.execute(f"delete from acts where event in ('{new}', '{old}')")
    assert (second.rows_in, second.rows_loaded, second.rows_duplicate) == (2, 1, 1)


@pytest.mark.parametrize(("what", "said"), [
    ("table: acts_of_others", "acts_of_others"),
    ('query: "with gone as (delete from acts returning *) select * from gone"', "data-modifying"),
    ('query: "select id, at, kind, amount from acts"', "event"),
])  # fmt: skip
def test_what_cannot_be_read_is_refused_by_name(
    brand_workspace: Workspace, reader: Server, what: str, said: str
) -> None:
    mapped(brand_workspace, "acts", what)
    (report,) = import_paths(brand_workspace, [], database="acts")
    assert report.status == "refused"
    assert said in report.error


def test_even_an_owner_does_not_write(
    brand_workspace: Workspace, server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FANOPS_TEST_PG", server.url(OWNER, quote(OWNER_PASSWORD, safe="")))
    mapped(brand_workspace, "acts", "query: \"select *, nextval('counted') as made from acts\"")
    (report,) = import_paths(brand_workspace, [], database="acts")
    assert report.status == "refused"
    assert "read-only transaction" in report.error


def test_no_secret_is_said_or_written(
    brand_workspace: Workspace, server: Server, reader: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    mapped(brand_workspace, "acts", "table: acts")
    import_paths(brand_workspace, [], database="acts")
    for password in ("wrong-s3cret", "wrong/s3cret@host"):
        monkeypatch.setenv("FANOPS_TEST_PG", server.url("reader", quote(password, safe="")))
        (report,) = import_paths(brand_workspace, [], database="acts")
        assert report.status == "refused"
        assert "s3cret" not in report.error
    assert b"s3cret" not in written(brand_workspace.path)
