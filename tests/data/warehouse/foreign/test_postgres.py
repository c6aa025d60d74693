"""PostgreSQL as the engine of a brand: the same questions, the same answers, text in the order of its bytes."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from engine_questions import answered, difference
from foreign_worlds import into_postgres, reading_from, small_brand
from postgres_server import ABSENT, OWNER, OWNER_PASSWORD, programs, running_server

from fanops_utils.data.warehouse import Store
from fanops_utils.workspace import Workspace

pytestmark = pytest.mark.skipif(programs() is None, reason=ABSENT)


@pytest.fixture(scope="module")
def url() -> Iterator[str]:
    with running_server() as server:
        yield server.url(OWNER, OWNER_PASSWORD.replace(" ", "%20"))


def test_questions_of_every_kind_are_answered_alike(tmp_path: Path, url: str) -> None:
    (tmp_path / "ours").mkdir()
    ours = small_brand(tmp_path / "ours", seed=7)
    into_postgres(ours, url)
    theirs = Store(reading_from(ours.workspace, tmp_path / "theirs", kind="postgres", url="${FANOPS_TEST_POSTGRES}"))
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("FANOPS_TEST_POSTGRES", url)
        told = {name: difference(first, second) for name, (first, second) in answered((ours, theirs)).items()}
        assert theirs.place.foreign is not None and theirs.place.foreign.identities() == {}
    assert not {name: how for name, how in told.items() if how}


def test_text_is_in_the_order_of_its_bytes(tmp_path: Path, url: str, brand_workspace: Workspace) -> None:
    import psycopg

    with psycopg.connect(url) as base:
        base.execute("CREATE SCHEMA spelt; CREATE COLLATION spelt.people (provider = icu, locale = 'en')")
        base.execute("CREATE TABLE spelt.fans (platform TEXT, member_key TEXT COLLATE spelt.people, date_day DATE)")
        base.execute(
            "INSERT INTO spelt.fans VALUES ('x', 'b', NULL), ('x', 'A', NULL), ('x', 'a', NULL), ('x', 'B', NULL)"
        )
    home = reading_from(
        brand_workspace, tmp_path / "theirs", kind="postgres", url="${FANOPS_TEST_POSTGRES}", schema="spelt"
    )
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("FANOPS_TEST_POSTGRES", url)
        fans = Store(home).table("fans")
        assert fans.order_by("member_key").to_pandas()["member_key"].tolist() == ["A", "B", "a", "b"]
        assert fans.member_key.max().to_pandas() == "b"
