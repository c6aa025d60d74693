"""Public data on buyers, members and subscribers through import and notebook, against the numbers others have published."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from real_reports import imported, reported, with_notebooks
from shared_data import shared

from fanops_utils import metrics, models
from fanops_utils.data import warehouse
from fanops_utils.data.warehouse import Store
from fanops_utils.metrics.members import community as counted
from fanops_utils.models.audience import community as estimated
from fanops_utils.text import Number, read

BRAND = """name: Public data
markets:
  - {code: WW, name: Everywhere, language: en, time_zone: UTC, currency: USD}
"""
CDNOW = {
    "brand.yml": BRAND.replace("WW", "US").replace("Everywhere", "United States"),
    "mappings/cds.yml": """name: cds
time_format: "%Y%m%d"
tables:
  orders:
    columns: {order_id: row number, customer_key: customer, created_timestamp: day, subtotal: value, total: value}
    constants: {currency: USD, country: US, financial_status: paid}
""",
}
COLLEGE = {
    "brand.yml": BRAND,
    "mappings/members.yml": """name: members
time_format: unix_s
tables:
  fans:
    columns: {member_key: member, joined_at: joined}
    constants: {platform: other, market: WW}
""",
    "mappings/sent.yml": """name: sent
time_format: unix_s
tables:
  member_events:
    columns: {member_key: src, event_timestamp: time, event_id: row number}
    constants: {platform: other, market: WW, event_name: message}
""",
}
TELCO = {
    "brand.yml": BRAND,
    "mappings/terms.yml": """name: terms
tables:
  subscriptions:
    columns:
      subscription_id: customerID
      customer_key: customerID
      plan: Contract
      started_at: started
      due_at: due
      price: MonthlyCharges
    constants: {term: "1", market: WW, currency: USD, source: phone}
""",
}
KLOUT = {
    "brand.yml": BRAND,
    "mappings/reactions.yml": """name: reactions
time_format: unix_ms
tables:
  cases:
    columns:
      case_id: row number
      member_key: "#user_id_fingerprint"
      opened_at: "#post_timestamp"
      first_response_at: "#action_timestamp"
    constants: {platform: other, market: WW, kind: question}
""",
}


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return with_notebooks(tmp_path_factory.mktemp("fans"))


def finding(result: dict[str, Any], name: str) -> dict[str, Any]:
    (found,) = [one for one in result["findings"] if one["id"] == name]
    return found


def numbers(message: Any) -> dict[str, float]:
    """Return the numbers a message says, by name."""
    return {name: value.value for name, value in read(message).values if isinstance(value, Number)}  # type: ignore[union-attr]


def test_cdnow_gives_the_published_fit_on_its_page(root: Path) -> None:
    raw = pd.read_csv(
        shared("cdnow") / "CDNOW_sample.txt",
        sep=r"\s+",
        header=None,
        names=["all", "customer", "day", "cds", "value"],
        dtype=str,
    )
    file = root / "cds.csv"
    raw[["customer", "day", "value"]].to_csv(file, index=False)
    workspace, report = imported(root, "cdnow", CDNOW, file)
    assert (report.status, report.rows_loaded) == ("loaded", 6919)
    result, _ = reported(workspace, "research/commercialisation", {"market": "US", "as_of": "1997-09-30"})
    value = finding(result, "value")
    assert (value["status"], value["n"]) == ("ok", 2357)
    said = numbers(value["method"])
    assert [said[name] for name in ("r", "alpha", "a", "b")] == pytest.approx(
        [0.2426, 4.4135, 0.7929, 2.4258], rel=5e-3
    )
    assert [said[name] for name in ("p", "q", "gamma")] == pytest.approx([6.249, 3.745, 15.448], rel=5e-3)


def test_college_messages_give_all_retentions_on_their_page(root: Path) -> None:
    sent = pd.read_csv(shared("college_msg") / "CollegeMsg.txt", sep=" ")
    joined = sent.groupby("src", as_index=False)["time"].min().set_axis(["member", "joined"], axis=1)
    files = [root / "members.csv", root / "sent.csv"]
    joined.to_csv(files[0], index=False)
    sent.to_csv(files[1], index=False)
    workspace, report = imported(root, "college", COLLEGE, *files)
    assert (report.status, report.rows_loaded) == ("loaded", 59_835)
    nodes = pd.unique(sent[["src", "dst"]].to_numpy().ravel())
    edges = set(map(tuple, sent[["src", "dst"]].drop_duplicates().to_numpy()))
    assert (len(nodes), len(edges)) == (1899, 20_296)
    assert sum((b, a) in edges for a, b in edges) / len(edges) == pytest.approx(0.636, abs=5e-4)
    store = Store(workspace)
    last = warehouse.data_as_of(store, "fan_day")
    asked = {"market": "WW", "end": last, "as_of": last, "grain": "period"}
    wanted = {"d1": 0.4374, "d7": 0.2630, "d30": 0.1083}
    for name, share in wanted.items():
        assert metrics.series(store, f"retention_{name}", **asked).table["estimate"].item() == pytest.approx(
            share, abs=5e-5
        )
    result, page = reported(workspace, "research/community_health", {"market": "WW"})
    assert finding(result, "staying")["status"] == "ok"
    text = page.get_text(" ")
    for told in ("43.7%", "26.3%", "10.8%", "81.8%", "71.5%", "48.1%"):  # 71.6 where part of a last day counts as one
        assert told in text, told


def test_the_telephone_company_keeps_its_subscribers_as_published(root: Path) -> None:
    table = pd.read_csv(shared("telco_churn") / "Telco-Customer-Churn.csv")
    assert (table["TotalCharges"].str.strip() == "").sum() == 11
    end, month = pd.Timestamp("2026-01-01"), pd.Timedelta(days=30)
    gone = table["Churn"] == "Yes"
    due = pd.Series(end + pd.Timedelta(days=9), index=table.index).mask(gone, end - pd.Timedelta(days=60))
    started = (end.to_numpy() - table["tenure"] * month).mask(gone, due - table["tenure"] * month)
    file = root / "terms.csv"
    table.assign(started=started, due=due)[["customerID", "Contract", "started", "due", "MonthlyCharges"]].to_csv(
        file, index=False
    )
    workspace, report = imported(root, "telco", TELCO, file)
    assert (report.status, report.rows_loaded) == ("loaded", 7043)
    terms = warehouse.market_rows(Store(workspace), "subscriptions", market="WW")
    lives = metrics.subscription_lives(terms, as_of=date(2025, 12, 31))
    assert lives["ended"].mean() == pytest.approx(0.26537, abs=1e-5)
    curve = models.kaplan_meier(lives)
    for months, share in ((12, 0.8432), (24, 0.7887), (48, 0.7088)):
        assert models.still_there(curve, 30.0 * months + 5)["estimate"] == pytest.approx(share, abs=5e-5)  # type: ignore[index]
    result, _ = reported(workspace, "research/commercialisation", {"market": "WW", "as_of": "2025-12-31"})
    assert finding(result, "renewal")["estimate"] == pytest.approx(0.8432, abs=5e-5)


@pytest.mark.parametrize(("file", "minutes"), [("fb", 91.6), ("tw", 51.9)])
def test_reactions_come_as_late_as_published(root: Path, file: str, minutes: float) -> None:
    source = shared("klout_when_to_post") / f"user_timestamp_open_set_{file}.tsv"
    workspace, report = imported(root, f"klout_{file}", KLOUT, source)
    assert (report.status, report.rows_loaded) == ("loaded", 1000)
    cases = warehouse.row_frame(Store(workspace), "cases", market="WW")
    last = pd.Timestamp("2015-12-31", tz="UTC").to_pydatetime()
    waits, _ = estimated.answer_times(counted.waits(cases, now=last), agreed=60)
    assert waits.set_index("kind").loc["all", "median"] == pytest.approx(minutes, abs=0.05)


@pytest.mark.parametrize(("file", "half"), [("fb", "1.5 h"), ("tw", "52 min")])
def test_reactions_are_told_on_their_page(root: Path, file: str, half: str) -> None:
    source = shared("klout_when_to_post") / f"user_timestamp_open_set_{file}.tsv"
    workspace, _ = imported(root, f"klout_page_{file}", KLOUT, source)
    given = {"market": "WW", "as_of": "2015-12-31", "weeks": "104"}
    result, page = reported(workspace, "research/community_health", given)
    assert finding(result, "answering")["status"] == "ok"
    (row,) = [row for row in page.find_all("tr") if "Questions" in row.get_text() and half in row.get_text(" ")]
    assert "1,000" in row.get_text(" ")


def test_subscribers_are_forecast_as_published_on_their_page(root: Path) -> None:
    table = pd.read_csv(shared("sbg_retention") / "fader_hardie_2007_retention.csv").set_index("year")
    left = (table.loc[0:7, "high_end_pct"] * 10).round().astype(int).tolist()  # of a thousand, at the end of each year
    rows = [
        (f"s{person}", term, f"{2017 + term}-01-01", f"{2018 + term}-01-01")
        for person in range(left[0])
        for term in range(1, 2 + sum(person < alive for alive in left[1:]))
    ]
    file = root / "terms_by_year.csv"
    frame = pd.DataFrame(rows, columns=["customerID", "term", "started", "due"])
    frame.assign(Contract="yearly", MonthlyCharges="10").to_csv(file, index=False)
    mapping = (
        TELCO["mappings/terms.yml"]
        .replace('term: "1", ', "")
        .replace("plan: Contract", "plan: Contract\n      term: term")
    )
    workspace, report = imported(root, "sbg", {**TELCO, "mappings/terms.yml": mapping}, file)
    assert (report.status, report.rows_loaded) == ("loaded", len(rows))
    result, page = reported(workspace, "research/commercialisation", {"market": "WW", "as_of": "2025-06-30"})
    found = finding(result, "staying_on")
    said = numbers(found["method"])
    assert [said["alpha"], said["beta"]] == pytest.approx([0.6681, 3.8061], rel=5e-3)
    assert round(100 * found["estimate"], 1) == 37.8, "after the twelfth"
    text = page.get_text(" ")
    assert all(f"0.{digits}" in text for digits in ("46", "43", "41", "39", "37"))
