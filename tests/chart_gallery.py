"""Every form of chart, given ordinary data and hard ones: one row, long names, Chinese ones, hostile ones, many rows."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd

from fanops_utils import charts
from fanops_utils.charts import Chart, Words
from fanops_utils.text import Clock, Count, Signed, Written, term

LIVE = (date(2026, 4, 10), date(2026, 4, 20))
SHORT = ("images", "short videos", "carousels")
LONG = (
    "people who came through the winter giveaway of the partner shop",
    "members invited by another member of the German club",
    "search",
)
CJK = ("通过品牌抽奖活动加入社区的新会员", "キャンペーンで参加したメンバー", "검색으로 가입한 회원")
HOSTILE = ('<script>alert("1")</script>', "Tom & 'Jerry'", "from $5 to $10 in a_b^c")
LONG_AXIS = "interactions of the members of the club in the United States per person reached, day by day"
CJK_AXIS = "巴西市场的社群成员互动次数与没有开展该活动的其他市场相比（每触达一人）"


@dataclass(frozen=True)
class Case:
    """What a chart is given: how many rows, named how, on which side of zero, its axis named how (by default, as the chart)."""

    rows: int = 3
    names: tuple[str, ...] = SHORT
    sign: int = 1
    axis: str = ""

    def words(self, axis: str = "effect") -> Words:
        """Return the words of a chart whose axis is called *axis* unless the case names it."""
        said = {
            "title": "Interactions per person reached",
            "alt": "images 3%",
            "caption": "n = posts",
            "axis": self.axis or axis,
        }
        return Words(**{name: Written(text) for name, text in said.items()})


def estimates(case: Case) -> pd.DataFrame:
    middle = case.sign * np.linspace(0.03, 0.06, max(case.rows, 1))[: case.rows]
    frame = pd.DataFrame({"label": list(case.names[: case.rows]), "estimate": middle})
    return frame.assign(ci_lower=middle - 0.005, ci_upper=middle + 0.005, n=120)


def series(case: Case) -> pd.DataFrame:
    days = pd.date_range("2026-03-01", periods=30 if case.rows > 1 else case.rows)
    parts = [
        pd.DataFrame({"day": days, "name": name, "value": case.sign * (1000.0 * (place + 1) + np.arange(len(days)))})
        for place, name in enumerate(case.names[: case.rows])
    ]
    return pd.concat(parts) if parts else pd.DataFrame({"day": days, "name": [], "value": []})


def waves(case: Case) -> tuple[pd.DataFrame, pd.DataFrame]:
    hours = np.arange({0: 0, 1: 1}.get(case.rows, 24))
    effect = case.sign * 0.2 * np.cos((hours - 12) / 24 * 2 * np.pi)
    curve = pd.DataFrame({"hour": hours, "effect": effect, "ci_lower": effect - 0.1, "ci_upper": effect + 0.1, "n": 12})
    return curve, pd.DataFrame({"hour": hours, "effect": effect + 0.3, "n": [12, 3] * (len(hours) // 2) or 12})


def gaps(case: Case) -> pd.DataFrame:
    days = pd.date_range("2026-04-12" if case.rows == 1 else "2026-03-01", periods={0: 0, 1: 1}.get(case.rows, 60))
    phase = np.where(days < "2026-04-10", "baseline", np.where(days <= "2026-04-20", "live", "after"))
    live, gap = phase == "live", case.sign * 10.0 * np.arange(len(days))
    frame = pd.DataFrame({"date_day": days, "phase": phase, "actual": 2000.0 + gap, "counterfactual": 2000.0})
    frame = frame.assign(lower=1900.0, upper=2100.0, cumulative_gap=np.where(live, gap, np.nan))
    return frame.assign(cumulative_lower=frame["cumulative_gap"] - 50, cumulative_upper=frame["cumulative_gap"] + 50)


def draw_intervals(case: Case) -> Chart:
    options = {"reference": 0.04 * case.sign, "reference_label": Written("all posts")}
    return charts.intervals(estimates(case), label="label", words=case.words("interactions per reach"), **options)


def draw_bars(case: Case) -> Chart:
    return charts.bars(estimates(case), label="label", value="estimate", words=case.words("share of members"))


def draw_placebos(case: Case) -> Chart:
    effects = list(np.linspace(-0.05, 0.05, 18 if case.rows > 1 else case.rows))
    return charts.placebos(effects, effect=case.sign * 0.2, words=case.words())


def draw_lines(case: Case) -> Chart:
    marks = [(pd.Timestamp("2026-03-20"), pd.Timestamp("2026-03-27"), "alarm")]
    words = case.words("negative mentions")
    return charts.lines(series(case), x="day", y="value", series="name", marks=marks, words=words)


def draw_hour_curve(case: Case) -> Chart:
    return charts.hour_curve(*waves(case), words=case.words("interactions per reach, against the average"))


def draw_campaign_gap(case: Case) -> Chart:
    return charts.campaign_gap(gaps(case), live=LIVE, words=case.words("engagements per day"))


def differences(case: Case, **values: float) -> pd.DataFrame:
    limits = {"smallest_effect": 0.01 * case.sign, "margin": -0.01 * case.sign}
    return estimates(case).assign(metric="opened", share=True, **{**limits, **values})


def draw_metric_differences(case: Case) -> Chart:
    return charts.metric_differences(differences(case), words=case.words())


def draw_segment_effects(case: Case) -> Chart:
    frame = estimates(case)
    shrunk = frame.assign(
        shrunk=frame["estimate"] / 2, shrunk_lower=frame["estimate"] / 3, shrunk_upper=frame["estimate"]
    )
    return charts.segment_effects(shrunk, share=True, words=case.words())


def draw_drawn_together(case: Case) -> Chart:
    frame = estimates(case)
    return charts.drawn_together(frame.assign(shrunk=frame["estimate"] * 0.8), label="label", words=case.words())


def draw_against_promise(case: Case) -> Chart:
    frame = estimates(case)
    frame = frame.assign(
        rate=np.linspace(0.03, 0.12, len(frame)), nominal=0.05, band_lower=0.04, band_upper=0.06, valid=True
    )
    return charts.against_promise(frame.assign(within=frame["rate"].between(0.04, 0.06)), words=case.words())


def draw_targets(case: Case) -> Chart:
    frame = estimates(case).rename(columns={"label": "metric"})
    verdicts = (["hit", "miss", "cannot tell"] * len(frame))[: len(frame)]
    frame = frame.assign(unit="fraction", low=0.02, high=0.05, change=True, window="28 days", verdict=verdicts)
    return charts.targets(frame, words=case.words())


def draw_waterfall(case: Case) -> Chart:
    amounts = case.sign * np.array([-12_000.0, 30_500.0, 18_500.0])[: case.rows]
    frame = pd.DataFrame(
        {"item": list(case.names[: case.rows]), "amount": amounts, "total": [False, False, True][: case.rows]}
    )
    return charts.waterfall(frame, words=case.words("US dollars"))


def draw_spread(case: Case) -> Chart:
    at = [0.05, 0.1, 0.25, 0.5, 0.75, 0.9, 0.95]
    frame = pd.DataFrame({"quantile": at, "roi": case.sign * np.linspace(-0.1, 0.4, 7)})
    return charts.spread(frame if case.rows else None, words=case.words("return on what was spent"))


def draw_funnel(case: Case) -> Chart:
    frame = pd.DataFrame({"label": list(case.names[: case.rows]), "value": [48_210.0, 12_345.0, 987.0][: case.rows]})
    return charts.funnel(frame, label="label", value="value", words=case.words("people"))


def draw_stacked_shares(case: Case) -> Chart:
    parts = [term("images", "a part"), term("short videos", "a part"), *case.names[2:]]
    rows = [
        (name, part, share)
        for name in case.names[: case.rows]
        for part, share in zip(parts, (0.5, 0.46, 0.04), strict=True)
    ]
    frame = pd.DataFrame(rows, columns=["label", "part", "value"])
    return charts.stacked_shares(frame, label="label", part="part", value="value", words=case.words("share of posts"))


def draw_timeline(case: Case) -> Chart:
    begin = pd.to_datetime(["2026-03-02", "2026-04-13", "2026-05-11"])[: case.rows]
    end = pd.to_datetime(["2026-04-12", "2026-05-10", None])[: case.rows]
    frame = pd.DataFrame({"label": list(case.names[: case.rows]), "start": begin, "end": end})
    return charts.timeline(
        frame, label="label", on=date(2026, 5, 4), on_label=Written("data to"), words=case.words("days")
    )


def draw_heat_map(case: Case) -> Chart:
    hours, days = range(24 if case.rows > 1 else case.rows), case.names[: case.rows]
    rows = [
        (Clock(hour), day, case.sign * 0.04 * np.sin(hour / 4 + place))
        for place, day in enumerate(days)
        for hour in hours
    ]
    frame = pd.DataFrame(rows, columns=["hour", "label", "value"])
    frame.loc[frame.index[5:7], "value"] = np.nan
    words = case.words("change against the mean")
    return charts.heat_map(frame, x="hour", y="label", value="value", form=Signed, centre=0.0, words=words)


def draw_market_map(case: Case) -> Chart:
    rows = [(one, other, 0.02 * (1 + place + 2 * number)) for place, one in enumerate(case.names[: case.rows])
            for number, other in enumerate(case.names)]  # fmt: skip
    frame = pd.DataFrame(rows, columns=["platform", "label", "value"])
    return charts.heat_map(frame, x="platform", y="label", value="value", words=case.words("interactions per reach"))


def draw_cohort_triangle(case: Case) -> Chart:
    months = {0: 0, 1: 1}.get(case.rows, 12)
    names = [
        f"{place + 1:02d} {case.names[0]}" if case.names is not SHORT else f"2026-{place + 1:02d}"
        for place in range(months)
    ]
    rows = [
        (name, age, 0.9 ** (age * 3), 240 + 7 * place)
        for place, name in enumerate(names)
        for age in range(months - place)
    ]
    frame = pd.DataFrame(rows, columns=["joined", "age", "value", "n"])
    return charts.cohort_triangle(frame, cohort="joined", age="age", value="value", words=case.words("still active"))


def draw_migration_matrix(case: Case) -> Chart:
    rows = [(one, other, 0.6 if one == other else 0.2) for one in case.names[: case.rows] for other in case.names]
    frame = pd.DataFrame(rows, columns=["from", "to", "share"])
    return charts.migration_matrix(
        frame, origin="from", target="to", share="share", words=case.words("from row to column")
    )


def draw_small_multiples(case: Case) -> Chart:
    frame = series(case)
    return charts.small_multiples(frame, x="day", y="value", series="name", words=case.words("followers"))


def draw_scatter(case: Case) -> Chart:
    frame = estimates(case).assign(reach=1000.0 * (1 + np.arange(case.rows)))
    words = case.words("interactions per reach")
    return charts.scatter(frame, x="reach", y="estimate", label="label", x_form=Count, y_form=Signed, words=words)


def draw_step_curve(case: Case) -> Chart:
    days = np.arange({0: 0, 1: 1}.get(case.rows, 20)) * 7
    left = np.exp(-days / 60)
    parts = [pd.DataFrame({"day": days, "name": name, "left": left ** (1 + place), "lower": left ** (1 + place) * 0.9,
                           "upper": np.minimum(left ** (1 + place) * 1.1, 1)})
             for place, name in enumerate(case.names[: case.rows])]  # fmt: skip
    frame = pd.concat(parts) if parts else pd.DataFrame({"day": [], "name": [], "left": []})
    return charts.step_curve(frame, x="day", y="left", series="name", words=case.words("members still active"))


def draw_calibration(case: Case) -> Chart:
    predicted = np.linspace(0.1, 0.9, {0: 0, 1: 1}.get(case.rows, 9))
    frame = pd.DataFrame({"predicted": predicted, "observed": predicted**1.3, "n": 40})
    frame = frame.assign(ci_lower=frame["observed"] - 0.05, ci_upper=frame["observed"] + 0.05)
    return charts.calibration(frame, words=case.words("what came true"))


def draw_control_chart(case: Case) -> Chart:
    days = pd.date_range("2026-03-01", periods={0: 0, 1: 1}.get(case.rows, 42))
    value = case.sign * (100 + 12 * np.sin(np.arange(len(days)) * 1.7))
    frame = pd.DataFrame({"day": days, "value": value, "centre": case.sign * 100.0})
    frame = frame.assign(lower=frame["centre"] - 15, upper=frame["centre"] + 15, alarm=False)
    frame.loc[frame.index[20:21], ["value", "alarm"]] = [case.sign * 130.0, True]
    return charts.control_chart(frame, x="day", y="value", words=case.words("mentions"))


def draw_look_bounds(case: Case) -> Chart:
    looks = pd.DataFrame(
        {"fraction": [0.25, 0.5, 1.0], "bound": [4.33, 2.96, 1.97], "z": case.sign * np.array([1.0, 1.6, 2.4])}
    )
    return charts.look_bounds(looks.head(case.rows), words=case.words())


def draw_daily_effects(case: Case) -> Chart:
    days = pd.DataFrame({"day": pd.date_range("2026-08-03", periods={0: 0, 1: 1}.get(case.rows, 9))})
    days = days.assign(estimate=case.sign * np.linspace(0.4, 0.2, len(days)), standard_error=0.1)
    days = days.assign(ci_lower=days["estimate"] - 0.2, ci_upper=days["estimate"] + 0.2)
    return charts.daily_effects(days, share=False, words=case.words())


def draw_power_curves(case: Case) -> Chart:
    units = np.arange(100, 1100, 100)
    frame = pd.concat([pd.DataFrame({"units": units, "power": np.minimum(units / 1000 * k, 1), "times": k})
                       for k in (2.0, 1.0, 0.5)[: case.rows]] or [pd.DataFrame()])  # fmt: skip
    return charts.power_curves(frame, names=list(case.names[: case.rows]), power=0.8, words=case.words())


def draw_reach_by_week(case: Case) -> Chart:
    frame = pd.DataFrame({"weeks": range(1, case.rows + 1), "effect": 0.03 / np.arange(1, case.rows + 1)})
    return charts.reach_by_week(frame, share=True, wanted=0.02, words=case.words())


def draw_fault_periods(case: Case) -> Chart:
    months = {0: 0, 1: 1}.get(case.rows, 12)
    frame = pd.DataFrame({"when": [f"2026-{month:02d}" for month in range(1, months + 1)], "tests": 5, "faults": 1})
    return charts.fault_periods(frame, words=case.words())


def draw_effect_spread(case: Case) -> Chart:
    lift = case.sign * np.linspace(-0.1, 0.5, {0: 0, 1: 2}.get(case.rows, 20))
    return charts.effect_spread(pd.DataFrame({"lift": lift, "shrunk": 0.5 * lift}), words=case.words())


DRAW: dict[str, Callable[[Case], Chart]] = {
    name.removeprefix("draw_"): draw for name, draw in list(globals().items()) if name.startswith("draw_")
}
CASES = {
    "normal": Case(),
    "one row": Case(rows=1),
    "empty": Case(rows=0),
    "negative": Case(sign=-1),
    "long names": Case(names=LONG),
    "CJK names": Case(names=CJK),
    "long axis": Case(axis=LONG_AXIS),
    "CJK axis": Case(axis=CJK_AXIS, names=CJK),
    "hostile": Case(names=HOSTILE, axis=HOSTILE[0]),
}
