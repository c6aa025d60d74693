from __future__ import annotations

import typing

import pytest
from conftest import ROOT

from fanops_utils import metrics
from fanops_utils.data.reference import METRICS as COLUMNS
from fanops_utils.data.schema import table
from fanops_utils.errors import ParameterError
from fanops_utils.metrics.catalogue import METRICS, difference, search
from fanops_utils.metrics.catalogue.describing import SUBJECTS, as_json, by_subject, described
from fanops_utils.metrics.catalogue.docs import page, write
from fanops_utils.text.sentences.units import FORMS
from fanops_utils.workspace.registers.campaign import Campaign


def test_every_source_is_a_column_of_a_table() -> None:
    assert len(METRICS) >= 60
    for one in METRICS.values():
        assert one.sources, one.id
        for source in one.sources:
            name, _, column = source.partition(".")
            assert column in table(name).columns, source


def test_every_entry_is_whole() -> None:
    names = [str(one.name) for one in METRICS.values()]
    assert len(set(names)) == len(names)
    for one in METRICS.values():
        told = described(one)
        assert str(told.formula) and str(told.about) and one.subject in SUBJECTS
        assert one.unit.kind in {*FORMS, "money"}
        assert (one.unit.kind == "money") == ("currency" in one.by) or one.id in {"ad_roas", "refunded_share"}, one.id
        assert (one.per is not None) or one.estimator.code in {"total", "last", "mean_of_days"}, one.id
        assert as_json(one)["formula"]["en"] == str(one.formula)
    assert sum(len(entries) for _, entries in by_subject()) == len(METRICS)


def test_no_two_metrics_answer_to_one_name() -> None:
    seen: dict[str, str] = {}
    for one in METRICS.values():
        for name in (one.id, str(one.name), *one.aliases):
            plain = name.casefold().replace("_", " ")
            assert seen.setdefault(plain, one.id) == one.id, name
            assert metrics.known_as(name) == one.id


def test_what_registers_name_is_in_the_catalogue() -> None:
    for name in typing.get_args(Campaign.model_fields["metric"].annotation):
        assert metrics.known_as(name) == name and METRICS[name].subject == "accounts"
        assert name in COLUMNS, "what the catalogue calls it is the column the campaign is read by"
    named = {"engagements": "engagements", "site traffic": "site_sessions", "UGC share": "ugc_share",
             "social share of sales": "social_sales_share_code", "participation": "participation",
             "engagement_rate": "engagement_rate_reach"}  # fmt: skip
    assert {name: metrics.known_as(name) for name in named} == named
    assert metrics.known_as("happiness") is None


def test_an_unknown_metric_names_the_nearest() -> None:
    with pytest.raises(ParameterError, match="engagement_rate_reach"):
        metrics.metric("engagement_rate_reech")


def test_two_definitions_differ_in_something_that_is_named() -> None:
    every = list(METRICS.values())
    for first in every:
        for second in every:
            assert (difference(first, second) is None) == (first.id == second.id)
    by_reach, by_views = METRICS["engagement_rate_reach"], METRICS["engagement_rate_views"]
    assert "divided by" in str(difference(by_reach, by_views)) and "views" in str(difference(by_reach, by_views))
    said = str(difference(METRICS["wau"], METRICS["mau"]))
    assert "7" in said and "28" in said


def test_search_finds_by_all_words_names_first() -> None:
    assert next(one.id for one in search("stickiness")) == "stickiness"
    assert {one.id for one in search("retention day 7")} >= {"retention_d7", "retention_rolling_d7"}
    assert all("retention" in one.id for one in search("retention"))
    assert search("no metric has such words") == []


def test_the_page_of_the_documentation_is_current(tmp_path: typing.Any) -> None:
    assert (ROOT / "docs" / "metrics.md").read_text(encoding="utf-8") == page(), (
        "run: python -m fanops_utils.metrics.catalogue.docs"
    )
    assert write(tmp_path).read_text(encoding="utf-8") == page()
    assert all(f"### `{name}`:" in page() for name in METRICS)
