"""The form of the start notebook: fields by type, the parameters it hands over, the page it shows."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import ipywidgets as widgets
import pytest
from conftest import ROOT
from reports.tiny import WELL, repository, source, write

from fanops_utils.reports.planning.parameters import parse_parameters
from fanops_utils.reports.running.form import Form, field_for
from fanops_utils.workspace import Workspace

PARAMETERS = """from datetime import date
from typing import Literal

workspace: str = "current"  # folder under data/
market: str = "US"  # market code
form: Literal["short", "long"] = "short"
start: date | None = None
top: int = 3
share: float = 0.5
whole: bool = False
on: date | None = None
"""


@pytest.fixture
def brand(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Workspace:
    workspace = repository(tmp_path)
    write(tmp_path, "research/good", source(WELL, parameters=PARAMETERS, title="Is it good?"))
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    monkeypatch.delenv("FANOPS_ROOT", raising=False)
    return workspace


def test_every_parameter_has_the_field_of_its_type(brand: Workspace) -> None:
    fields = {name: field_for(one, brand) for name, one in parse_parameters(PARAMETERS).items()}
    assert {name: type(field) for name, field in fields.items() if name not in ("workspace", "on")} == {
        "market": widgets.Dropdown, "form": widgets.Dropdown, "start": widgets.DatePicker, "top": widgets.IntText,
        "share": widgets.FloatText, "whole": widgets.Checkbox,
    }  # fmt: skip
    assert [value for _, value in fields["market"].options] == list(brand.markets)


def test_only_what_was_changed_is_handed_over(brand: Workspace) -> None:
    form = Form(brand.path.parents[1], workspace=str(brand.path))
    assert list(form.fields) == ["market", "form", "start", "top", "share", "whole"]
    assert form.given() == []
    form.fields["market"].value, form.fields["start"].value = "DE", date(2026, 3, 24)
    assert form.given() == ["market=DE", "start=2026-03-24"]


def test_the_page_of_the_run_is_shown_and_a_refusal_is_said(brand: Workspace) -> None:
    form = Form(brand.path.parents[1], workspace=str(brand.path))
    form.fields["market"].value = "DE"
    form.run()
    assert form.button.disabled and form.thread is not None
    form.thread.join(timeout=120)
    assert not form.button.disabled
    assert "good-DE.html" in form.page.value and "srcdoc=" in form.page.value
    (brand.path / "brand.yml").write_text("name: B\n", encoding="utf-8")
    form.run()
    form.thread.join(timeout=120)
    assert form.page.value == "" and "brand.yml" in form.said.value
