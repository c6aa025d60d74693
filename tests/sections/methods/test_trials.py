"""What the validation says of the experiments' methods: a method that leaves its band is named, and the verdict follows."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from saying import sane

from fanops_utils import models
from fanops_utils.experiments import peeking, simulate
from fanops_utils.sections import methods
from fanops_utils.sections.methods.names import METHODS


@pytest.fixture(scope="module")
def table() -> pd.DataFrame:
    return simulate.validate(rng=np.random.default_rng(3), simulations=200)


@pytest.fixture(scope="module")
def spoiled(table: pd.DataFrame) -> pd.DataFrame:
    return table.assign(within=table["within"].where(table["method"] != "welch", False))


def test_a_method_that_leaves_its_band_is_named(table: pd.DataFrame, spoiled: pd.DataFrame) -> None:
    assert sane(methods.errors(table).finding).id == "experiment_errors"
    finding = sane(methods.coverage(spoiled).finding)
    assert (finding.severity, finding.code) == ("watch", "broken")
    assert str(METHODS["welch"]) in str(finding.text)
    assert [check.status for check in methods.checks(spoiled)] == ["REVIEW", "REVIEW"]


def test_peeking_costs_what_it_costs() -> None:
    looks = peeking.peeking_table(rng=np.random.default_rng(3), simulations=200)
    finding = sane(methods.peeking(looks).finding)
    assert finding.estimate is not None
    assert finding.estimate > 0.15


def test_the_verdict_follows_the_findings(table: pd.DataFrame, spoiled: pd.DataFrame) -> None:
    looks = peeking.peeking_table(rng=np.random.default_rng(3), simulations=200)
    campaigns = models.calibration(campaigns=12)
    kept = methods.campaign_false(campaigns.assign(found=0.1, found_lower=0.05), level=0.9)
    broken = methods.campaign_false(campaigns.assign(found=0.5, found_lower=0.4), level=0.9)
    for tests, campaign, severity in ((table, kept, "good"), (spoiled, kept, "watch"), (table, broken, "alert")):
        within = tests if tests is spoiled else tests.assign(within=True)
        answers = (methods.errors(within), methods.coverage(within), methods.strength(within), methods.peeking(looks))
        assert methods.verdict(answers, (campaign,))[1] == severity
