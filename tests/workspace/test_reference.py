"""The keys of the registers as they are told: in data/README.md, and to editors as JSON Schema."""

from __future__ import annotations

import json
from pathlib import Path

import jsonschema
import pytest
import yaml
from conftest import ROOT

from fanops_utils.errors import WorkspaceError
from fanops_utils.workspace.kinds import CAMPAIGN, KINDS, TEAM
from fanops_utils.workspace.operations import Team
from fanops_utils.workspace.reference import SCHEMAS, rows, schema, schema_line, templates, with_reference

WITH_MODEL = [kind for kind in KINDS if kind.model]


def test_readme_and_schemas_are_the_ones_of_the_models() -> None:
    text = (ROOT / "data" / "README.md").read_text(encoding="utf-8")
    assert with_reference(text) == text
    assert {path.stem for path in (ROOT / SCHEMAS).glob("*.json")} == {kind.id for kind in WITH_MODEL}
    for kind in WITH_MODEL:
        assert (ROOT / SCHEMAS / f"{kind.id}.json").read_text(encoding="utf-8") == schema(kind)
    with pytest.raises(WorkspaceError, match="marks"):
        with_reference("no marks")


def test_every_key_is_told_with_those_of_its_entries() -> None:
    told = {key: (form, default) for key, form, default, _ in rows(Team)}
    assert told["duties.accountable"] == ("text", "**required**")
    assert told["roles.hours"] == ("number", "`40`")
    assert told["sign_offs.roles"][0] == "list of text"


def test_every_file_of_init_names_its_schema() -> None:
    for kind, path in templates():
        if kind.model:
            first = path.read_text(encoding="utf-8").splitlines()[0]
            assert first == schema_line(kind)
            below = first.split("$schema=")[1].removeprefix("../" * (1 + kind.files.count("/")))
            assert (ROOT / "data" / below).is_file()


@pytest.mark.parametrize("kind", WITH_MODEL, ids=lambda kind: kind.id)
def test_the_registers_of_the_sample_keep_to_their_schema(kind: object) -> None:
    assert kind in WITH_MODEL
    told = json.loads(schema(kind))  # type: ignore[arg-type]
    files: list[Path] = kind.paths(ROOT / "data" / "sample")  # type: ignore[attr-defined]
    for path in files:
        data = json.loads(json.dumps(yaml.safe_load(path.read_text(encoding="utf-8")), default=str))
        jsonschema.validate(data, told)


def test_a_schema_refuses_what_the_register_refuses() -> None:
    told = json.loads(schema(TEAM))
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate({"roles": [{"id": "lead", "nme": "Lead"}]}, told)
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate({"id": "x"}, json.loads(schema(CAMPAIGN)))
