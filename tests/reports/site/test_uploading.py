"""Reports on object storage: on a server that speaks S3, and in a folder."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from bs4 import BeautifulSoup

from fanops_utils.errors import PlanError
from fanops_utils.reports.site.pointers import S3Pointers
from fanops_utils.reports.site.publish import publish
from fanops_utils.reports.site.uploading import publish_runs

FIRST, SECOND = "20260101T060000Z", "20260108T060000Z"


def run_of(reports: Path, run_id: str, sequence: int, *, says: str = "It is so.") -> Path:
    """Write a small run as the engine leaves it."""
    run = reports / "brand" / "weekly" / run_id
    (run / "jobs").mkdir(parents=True)
    (run / "executed").mkdir()
    (run / "jobs" / "sequence").write_text(str(sequence), encoding="utf-8")
    job = {
        "notebook": "research/good",
        "slug": "good",
        "title": "Good",
        "status": "succeeded",
        "report": "good.html",
        "pages": {"en": "good.html"},
        "parameters": {},
    }
    told = {
        "run_id": run_id,
        "workspace": "brand",
        "brand": "Brand",
        "plan": "weekly",
        "started": "2026-01-01T06:00:00+00:00",
        "status": "succeeded",
        "jobs": [job],
    }
    (run / "manifest.json").write_text(json.dumps(told), encoding="utf-8")
    (run / "good.html").write_text(f"<!doctype html><p>{says}</p>", encoding="utf-8")
    (run / "good.to_do.csv").write_text("what\n", encoding="utf-8")
    (run / "good.watch.csv").write_text("who\n", encoding="utf-8")
    (run / "good.watch.csv").chmod(0o600)
    (run / "executed" / "good.ipynb").write_text("{}", encoding="utf-8")
    publish(told, run)
    return run


def keys(client: Any, bucket: str) -> list[str]:
    found = client.list_objects_v2(Bucket=bucket.split("/")[2]).get("Contents", [])
    return sorted(one["Key"] for one in found)


def text(client: Any, bucket: str, key: str) -> str:
    return client.get_object(Bucket=bucket.split("/")[2], Key=key)["Body"].read().decode()


def test_what_is_for_readers_is_sent_and_opens_as_what_it_is(bucket: tuple[Any, str], tmp_path: Path) -> None:
    client, address = bucket
    run_of(tmp_path, FIRST, 1)
    (told,) = publish_runs(tmp_path, "brand", address)
    assert (told.plan, told.run_id, told.newer) == ("weekly", FIRST, "")
    sent = keys(client, address)
    assert {f"team/brand/weekly/{FIRST}/{name}" for name in ("good.html", "good.to_do.csv", "index.html")} <= set(sent)
    assert {"team/index.html", "team/brand/index.html", "team/brand/weekly/latest/index.html"} <= set(sent)
    assert not [key for key in sent if "executed" in key or "watch" in key or "/jobs/" in key]
    head = client.head_object(Bucket=address.split("/")[2], Key=f"team/brand/weekly/{FIRST}/good.html")
    assert head["ContentType"] == "text/html; charset=utf-8" and "immutable" in head["CacheControl"]
    latest = client.head_object(Bucket=address.split("/")[2], Key="team/brand/weekly/latest/index.html")
    assert latest["CacheControl"] == "no-cache"


def test_every_link_of_the_indexes_leads_somewhere(bucket: tuple[Any, str], tmp_path: Path) -> None:
    client, address = bucket
    run_of(tmp_path, FIRST, 1)
    run_of(tmp_path, SECOND, 2)
    publish_runs(tmp_path, "brand", address)
    sent = set(keys(client, address))
    for key in [one for one in sent if one.endswith("index.html")]:
        for link in BeautifulSoup(text(client, address, key), "html.parser").select("a[href]"):
            target = str(link["href"]).partition("#")[0]
            if target and "://" not in target and not target.startswith("data:"):
                at = Path("/", key).parent.joinpath(target)
                assert at.resolve().as_posix().lstrip("/") in sent, (key, target)


def test_an_older_run_never_takes_the_pointer_back(bucket: tuple[Any, str], tmp_path: Path) -> None:
    client, address = bucket
    run_of(tmp_path / "a", FIRST, 1)
    run_of(tmp_path / "b", SECOND, 2)
    publish_runs(tmp_path / "b", "brand", address)
    before = text(client, address, "team/index.html")
    (told,) = publish_runs(tmp_path / "a", "brand", address)
    assert told.newer == SECOND
    assert json.loads(text(client, address, "team/brand/weekly/latest/run.json"))["run_id"] == SECOND
    assert SECOND in text(client, address, "team/brand/weekly/latest/index.html")
    assert text(client, address, "team/index.html") == before
    assert f"team/brand/weekly/{FIRST}/good.html" in keys(client, address), "its files are there all the same"


def test_of_two_publishers_at_once_the_newer_run_is_led_to(
    bucket: tuple[Any, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    client, address = bucket
    run_of(tmp_path / "a", FIRST, 1)
    run_of(tmp_path / "b", SECOND, 2)
    put, others = S3Pointers.put, []

    def late(self: S3Pointers, key: str, told: str, version: object) -> bool:
        if not others:  # the other publishes between this one's look and its put
            others.append(True)
            publish_runs(tmp_path / "b", "brand", address)
        return put(self, key, told, version)

    monkeypatch.setattr(S3Pointers, "put", late)
    (told,) = publish_runs(tmp_path / "a", "brand", address)
    assert told.newer == SECOND
    assert json.loads(text(client, address, "team/brand/weekly/latest/run.json"))["run_id"] == SECOND


def test_a_folder_is_a_storage_too(tmp_path: Path) -> None:
    run_of(tmp_path / "a", FIRST, 1)
    home = tmp_path / "share"
    publish_runs(tmp_path / "a", "brand", home.as_uri())
    run_of(tmp_path / "a", SECOND, 2)
    (told,) = publish_runs(tmp_path / "a", "brand", home.as_uri(), plans=["weekly"])
    assert told.run_id == SECOND and SECOND in (home / "brand/weekly/latest/index.html").read_text(encoding="utf-8")
    assert (home / "brand" / "weekly" / FIRST / "good.html").is_file()
    assert told.files == len(list((home / "brand" / "weekly" / SECOND).iterdir())), (
        "runs that are there are not sent again"
    )


def test_what_went_missing_or_was_cut_on_the_storage_is_sent_again(tmp_path: Path) -> None:
    first = run_of(tmp_path / "a", FIRST, 1)
    publish_runs(tmp_path / "a", "brand", (tmp_path / "share").as_uri())
    there = tmp_path / "share" / "brand" / "weekly" / FIRST
    (there / "good.html").unlink()
    (there / "good.to_do.csv").write_text("w", encoding="utf-8")
    run_of(tmp_path / "a", SECOND, 2)
    publish_runs(tmp_path / "a", "brand", (tmp_path / "share").as_uri())
    for name in ("good.html", "good.to_do.csv"):
        assert (there / name).read_bytes() == (first / name).read_bytes()


@pytest.mark.parametrize("damaged", ['{"started": 5, "sequence": "x"}', "[1]", '"\\udcff"', "{", '{"started": null}'])
def test_a_damaged_pointer_is_put_anew(tmp_path: Path, damaged: str) -> None:
    run_of(tmp_path / "a", FIRST, 1)
    pointer = tmp_path / "share" / "brand" / "weekly" / "latest" / "run.json"
    pointer.parent.mkdir(parents=True)
    pointer.write_text(damaged, encoding="utf-8")
    (told,) = publish_runs(tmp_path / "a", "brand", (tmp_path / "share").as_uri())
    assert not told.newer and json.loads(pointer.read_text(encoding="utf-8"))["run_id"] == FIRST


@pytest.mark.parametrize(
    ("address", "options", "said"),
    [
        ("ftp://host/folder", {}, "no address of a storage"), ("folder", {}, "no address of a storage"),
        ("s3://", {}, "names no bucket"), ("gs:///folder", {}, "names no bucket"),
        ("file:///tmp/x", {"plans": ["weekli"]}, "Did you mean 'weekly'"),
    ],
)  # fmt: skip
def test_what_cannot_be_published_is_refused(tmp_path: Path, address: str, options: dict[str, Any], said: str) -> None:
    run_of(tmp_path, FIRST, 1)
    with pytest.raises(PlanError) as refused:
        publish_runs(tmp_path, "brand", address, **options)
    assert said in str(refused.value)


def test_without_reports_or_bucket_it_is_said(bucket: tuple[Any, str], tmp_path: Path) -> None:
    _, address = bucket
    with pytest.raises(PlanError, match="no reports to publish"):
        publish_runs(tmp_path, "brand", address)
    run_of(tmp_path, FIRST, 1)
    with pytest.raises(PlanError, match="the storage refuses"):
        publish_runs(tmp_path, "brand", address.replace("s3://", "s3://no-such-"))


@pytest.mark.parametrize("name", ["汇报 一", "with blank", "50%", "who?", "a#b", "100%25"])
def test_a_folder_may_be_called_anything(tmp_path: Path, name: str) -> None:
    run_of(tmp_path / "reports", FIRST, 1)
    there = tmp_path / name
    publish_runs(tmp_path / "reports", "brand", f"file://{there}".replace("%25", "%2525"))
    assert (there / "brand" / "weekly" / FIRST / "good.html").is_file()
