"""Totals of another tool as the source of an experiment: the same answer as from units, and refusal where totals cannot
tell.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from fanops_utils.errors import DataError
from fanops_utils.experiments import arm_counts, cuts, read_out, spread, unit_count
from fanops_utils.experiments.intake.aggregates import read_aggregates
from fanops_utils.workspace import Experiment


def plan(**fields: Any) -> Experiment:
    metrics = [
        {"name": "spend", "label": "Spend", "kind": "mean", "role": "decision"},
        {"name": "bought", "label": "Bought", "kind": "conversion", "role": "exploratory"},
        {"name": "rate", "label": "Rate", "kind": "ratio", "role": "exploratory", "numerator": "spend_", "denominator": "visits"},
    ]  # fmt: skip
    return Experiment.model_validate({
        "id": "gift", "title": "Gift", "hypothesis": "", "owner": "CRM", "unit": "fan", "control": "a",
        "allocation": {"a": 1, "b": 1}, "metrics": metrics, "source": {"aggregates": "gift.csv"}, **fields,
    })  # fmt: skip


def units(sizes: tuple[int, int] = (900, 900)) -> pd.DataFrame:
    rng = np.random.default_rng(2)
    size = sum(sizes)
    frame = pd.DataFrame({"unit_key": np.arange(size).astype(str), "variant": np.repeat(["a", "b"], sizes)})
    spend = rng.gamma(2, 5, size) * np.where(frame["variant"] == "b", 1.2, 1)
    bought = (rng.random(size) < 0.4).astype(float)
    return frame.assign(
        spend=spend, spend_=spend, bought=bought, visits=1.0 + rng.poisson(3, size), day=np.arange(size) % 5 + 1
    )


def table(frame: pd.DataFrame, *, by: list[str] | None = None, skewness: bool = True) -> pd.DataFrame:
    rows = []
    for keys, part in frame.groupby([*(by or []), "variant"]):
        for metric, column in (("spend", "spend"), ("bought", "bought"), ("rate", "spend")):
            row = dict(zip([*(by or []), "variant"], keys, strict=True)) | {"metric": metric, "n": len(part)}
            row |= {"mean": part[column].mean(), "var": part[column].var(), "nonzero": int((part[column] != 0).sum())}
            if skewness:
                row["skewness"] = stats.skew(part[column])
            if metric == "rate":
                both = part[["spend", "visits"]].cov()
                row |= {"den_mean": part["visits"].mean(), "den_var": both.iloc[1, 1], "den_cov": both.iloc[0, 1]}
            rows.append(row)
    return pd.DataFrame(rows)


def opened(folder: Path, rows: pd.DataFrame, experiment: Experiment) -> Any:
    rows.to_csv(folder / "gift.csv", index=False)
    return read_aggregates(folder, experiment)


def test_totals_give_what_units_give(tmp_path: Path) -> None:
    frame, experiment = units(), plan()
    of_units = read_out(frame, experiment)
    for by in (None, ["day"]):
        rows = table(frame, by=by)
        rows = rows.assign(day=pd.to_datetime("2026-05-00", errors="coerce")) if by is None else rows.assign(
            day=rows["day"].map("2026-05-0{}".format))  # fmt: skip
        totals = opened(tmp_path, rows if by else rows.drop(columns="day"), experiment)
        found = read_out(totals, experiment)
        assert (found.verdict, found.winner) == (of_units.verdict, of_units.winner) == ("ship", "b")
        for one, other in zip(found.comparisons, of_units.comparisons, strict=True):
            assert (one.estimate, one.ci_lower, one.p_value) == pytest.approx(
                (other.estimate, other.ci_lower, other.p_value)
            )
        assert unit_count(totals) == 1_800
        assert arm_counts(totals, experiment)["units"].tolist() == [900, 900]


def test_what_needs_units_is_not_read_from_totals(tmp_path: Path) -> None:
    experiment = plan(segments=["market"])
    totals = opened(tmp_path, table(units()), experiment)
    found = read_out(totals, experiment)
    assert "units_unseen" in {gate.code for gate in found.gates}
    assert cuts.day_effects(totals, experiment, found).empty
    assert spread.spread_effects(totals, experiment, found, rng=np.random.default_rng(0)).empty
    assert len(cuts.choices(totals, experiment, found, rng=np.random.default_rng(0))) == 1


def test_unequal_arms_without_skewness_are_refused_and_read_with_it(tmp_path: Path) -> None:
    frame, experiment = units((3_600, 400)), plan(allocation={"a": 9, "b": 1})
    blind = read_out(opened(tmp_path, table(frame, skewness=False), experiment), experiment).comparisons[0]
    assert blind.cannot_tell is not None and blind.cannot_tell.code == "skewed_totals"
    seen = read_out(opened(tmp_path, table(frame), experiment), experiment).comparisons[0]
    assert seen.cannot_tell is None and seen.skew_index is not None


def test_a_table_that_lacks_something_is_refused_by_row(tmp_path: Path) -> None:
    rows, experiment = table(units()), plan()
    for broken, match in (
        (rows.drop(columns="mean"), "mean"), (rows.assign(variant="c"), "planned"), (rows[rows["metric"] != "bought"], "bought"),
        (rows.assign(n=0.5), "whole number"), (rows.assign(var=np.nan), "variance"), (rows.assign(den_cov=np.nan), "den_cov"),
    ):  # fmt: skip
        with pytest.raises(DataError, match=match):
            opened(tmp_path, broken, experiment)


@pytest.mark.parametrize(
    "content", [b"", b"variant,metric,n,mean\na,spend\n\xff\xfe\x00,1,2,3,4,5\n", b'variant\n"a,b\nc']
)
def test_a_file_that_is_no_table_is_refused_by_name(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "gift.csv").write_bytes(content)
    with pytest.raises(DataError, match=r"gift\.csv"):
        read_aggregates(tmp_path, plan())


def test_a_day_that_is_none_is_named_with_its_row(tmp_path: Path) -> None:
    rows = table(units(), by=["day"])
    rows["day"] = [f"2026-08-0{day}" for day in rows["day"]]
    rows.loc[4, "day"] = "2026-08-32"
    rows.to_csv(tmp_path / "gift.csv", index=False)
    with pytest.raises(DataError) as refused:
        read_aggregates(tmp_path, plan())
    assert (refused.value.row, refused.value.column) == (6, "day")


def test_cells_that_cannot_be_are_refused_by_row_and_column(tmp_path: Path) -> None:
    rows, experiment = table(units()), plan()
    for column, value in (
        ("mean", "10,5"),
        ("mean", None),
        ("var", np.inf),
        ("skewness", "x"),
        ("nonzero", 9_000),
        ("missing", -1),
    ):
        broken = rows.assign(missing=0).astype({column: object} if column != "missing" else {})
        broken.loc[0, column] = value
        with pytest.raises(DataError) as refused:
            opened(tmp_path, broken, experiment)
        assert (refused.value.row, refused.value.column) == (2, column)
    with pytest.raises(DataError, match="covariance"):
        opened(tmp_path, rows.assign(den_cov=rows["den_cov"] + 1e4), experiment)


def test_an_arm_twice_is_not_counted_twice(tmp_path: Path) -> None:
    for by in (None, ["day"]):
        rows = table(units(), by=by)
        rows = rows.assign(day=rows["day"].map("2026-05-0{}".format)) if by else rows
        with pytest.raises(DataError, match="two such rows") as refused:
            opened(tmp_path, pd.concat([rows, rows.tail(1)]), plan())
        assert refused.value.row == len(rows) + 2
        assert unit_count(opened(tmp_path, rows, plan())) == 1_800


def test_days_whose_window_is_not_over_are_left_out_of_totals(tmp_path: Path) -> None:
    rows = table(units(), by=["day"]).assign(day=lambda frame: frame["day"].map("2026-05-0{}".format))
    rows.to_csv(tmp_path / "gift.csv", index=False)
    metrics = [
        one.model_dump() | {"window_days": 2 if one.name == "spend" else None} for one in plan().metrics
    ]  # fmt: skip
    windowed = plan(metrics=metrics)
    whole = read_aggregates(tmp_path, windowed, as_of=date(2026, 5, 7)).moments.set_index(["metric", "variant"])[
        "units"
    ]
    part = read_aggregates(tmp_path, windowed, as_of=date(2026, 5, 5)).moments.set_index(["metric", "variant"])["units"]
    assert whole["spend", "a"] == 900 == part["bought", "a"]
    assert part["spend", "a"] == sum(n % 5 + 1 <= 3 for n in range(900))
    for day in (date(2026, 4, 30), date(2026, 5, 2)):
        with pytest.raises(DataError, match="window"):
            read_aggregates(tmp_path, windowed, as_of=day)
