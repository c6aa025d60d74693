"""What a campaign retrospective says: did it work, how sure is that, what did it cost, what remains."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np

from fanops_utils.models import CampaignEffect
from fanops_utils.playbook.checks import Check
from fanops_utils.playbook.findings import Finding, Severity
from fanops_utils.playbook.plays import Play
from fanops_utils.playbook.wording import count, money, signed, span
from fanops_utils.workspace import Campaign

REVIEW_AFTER = timedelta(days=28)
SEVERITY: dict[str, Severity] = {"worked": "good", "no clear effect": "watch", "hurt": "alert", "cannot tell": "watch"}
NO_DAYS = "no daily totals of this metric were imported"
METHOD = (
    "Difference in differences of log daily totals against the pooled controls; the interval comes from placebo windows, the "
    "same computation on past periods in which nothing happened."
)


def checks(found: CampaignEffect | None, campaign: Campaign) -> list[Check]:
    """Return the checks of the estimate: controls, placebos, drift before the start, days left out, events."""
    if found is None:
        return [Check("Daily totals", "FAIL", NO_DAYS, "Import the platform's daily files")]
    made = [_controls(found), _placebos(found)]
    if found.pre_trend is not None:
        drift = found.pre_trend
        text = f"before the start the gap to the controls drifted by {drift.slope * 7:+.2%} a week (p = {drift.p_value:.2g})"
        action = "The effect may be this drift going on" if drift.failed else ""
        made.append(Check("Pre-trend", "FAIL" if drift.failed else "PASS", text, action))
    if found.leave_one_out is not None and len(found.leave_one_out):
        made.append(_one_control(found))
    if found.n_dropped_days:
        made.append(
            Check("Missing days", "REVIEW", f"{found.n_dropped_days} days lack a market and are left out everywhere")
        )
    inside = [event for event in campaign.events if campaign.live.start <= event.date <= campaign.live.end]
    if inside:
        listed = "; ".join(f"{event.date} {event.note}" for event in inside)
        made.append(
            Check("Events", "REVIEW", f"in the live weeks: {listed}", "Their effect cannot be told from the campaign's")
        )
    return made


def _controls(found: CampaignEffect) -> Check:
    if found.n_controls >= 3:
        return Check("Controls", "PASS", f"{found.n_controls} markets without the campaign")
    if found.n_controls:
        return Check(
            "Controls",
            "REVIEW",
            f"only {found.n_controls} control markets",
            "A surprise in one of them passes for an effect",
        )
    return Check(
        "Controls",
        "FAIL",
        "no market was kept without the campaign",
        "Keep one next time; a before/after change is no effect",
    )


def _placebos(found: CampaignEffect) -> Check:
    placebo = found.placebo_time
    if placebo is None or not placebo.n:
        return Check("Placebos", "FAIL", "the history holds no window to measure chance with", "Import more history")
    text = f"{placebo.n} past windows without a campaign scatter by {np.expm1(placebo.spread):.1%}; the least p-value they can give is {placebo.p_smallest:.2f}"
    return Check(
        "Placebos",
        "PASS" if placebo.n >= 6 else "REVIEW",
        text,
        "" if placebo.n >= 6 else "Few windows: wide intervals",
    )


def _one_control(found: CampaignEffect) -> Check:
    assert found.leave_one_out is not None
    values = np.expm1(found.leave_one_out["estimate"].to_numpy(float))
    text = f"leaving out any one control moves the effect between {values.min():+.1%} and {values.max():+.1%}"
    flips = values.min() < 0 < values.max() and found.verdict in ("worked", "hurt")
    return Check(
        "One control at a time", "REVIEW" if flips else "PASS", text, "One market decides the result" if flips else ""
    )


def effect(found: CampaignEffect | None, campaign: Campaign) -> Finding:
    """Return the verdict in four words with effect, interval and what would have been detectable."""
    if found is None:
        return Finding.nothing("effect", NO_DAYS)
    if not np.isfinite(found.log_effect.estimate):
        text = f"{found.rule} The plain change against the baseline weeks was {signed(found.before_after)}; it is not an effect."
        return Finding(
            "effect", "It cannot be told whether the campaign worked", text, SEVERITY[found.verdict], method=METHOD
        )
    one = found.effect
    titles = {
        "worked": f"It worked: {campaign.metric} rose by {signed(one.estimate)} against what would have happened anyway",
        "hurt": f"It hurt: {campaign.metric} fell by {signed(one.estimate)} against what would have happened anyway",
        "no clear effect": f"No clear effect on {campaign.metric}: {signed(one.estimate)}, and chance alone does that",
        "cannot tell": "It cannot be told whether the campaign worked",
    }
    seen = (
        f" An effect of {signed(found.detectable)} would have been found four times in five."
        if found.detectable and np.isfinite(found.detectable)
        else ""
    )
    text = (
        f"{found.rule} Estimated effect {signed(one.estimate)} ({span(one.ci_lower, one.ci_upper, form='signed', level=found.level)}), "
        f"{count(found.extra.estimate)} extra {campaign.metric} in {found.n_live_days} days "
        f"({span(found.extra.ci_lower, found.extra.ci_upper, form='count', level=found.level)}).{seen} "
        f"The plain change against the baseline weeks was {signed(found.before_after)}; season and trend are in it."
    )
    return Finding("effect", titles[found.verdict], text, SEVERITY[found.verdict], one.estimate, one.ci_lower, one.ci_upper,
                   "fraction of the counterfactual", found.n_live_days, METHOD)  # fmt: skip


def target(found: CampaignEffect | None, campaign: Campaign) -> Finding:
    """Return whether the target of the brief was reached, missed, or neither can be said."""
    if found is None:
        return Finding.nothing("target", NO_DAYS)
    if campaign.target_lift is None:
        return Finding(
            "target", "The brief names no target", "Without one, any result can be called a success.", "watch"
        )
    wanted = campaign.target_lift
    if not np.isfinite(found.log_effect.estimate) or found.verdict == "cannot tell":
        return Finding(
            "target",
            "Whether the target was reached cannot be told",
            found.rule,
            "watch",
            wanted,
            unit="target, fraction",
        )
    one = found.effect
    interval = f"{signed(one.estimate)} ({span(one.ci_lower, one.ci_upper, form='signed', level=found.level)})"
    facts = (
        one.estimate,
        one.ci_lower,
        one.ci_upper,
        "fraction",
        found.n_live_days,
        "The interval of the effect against the target written in the brief.",
    )
    if one.ci_lower >= wanted:
        return Finding(
            "target", f"The target of {signed(wanted)} was reached", f"{interval} lies wholly above it.", "good", *facts
        )
    if one.ci_upper < wanted:
        return Finding(
            "target", f"The target of {signed(wanted)} was missed", f"{interval} lies wholly below it.", "watch", *facts
        )
    return Finding(
        "target",
        f"The target of {signed(wanted)} lies inside the interval",
        f"{interval} covers it: reached or missed, both fit the data.",
        "info",
        *facts,
    )


def cost(found: CampaignEffect | None, campaign: Campaign) -> Finding:
    """Return what one extra unit of the metric cost, as an interval; nothing is divided by an effect that may be zero."""
    if found is None:
        return Finding.nothing("cost", NO_DAYS)
    spent = sum(line.amount for line in campaign.budget)
    if not spent:
        return Finding.nothing("cost", "the register names no cost")
    total = f"{money(spent, campaign.currency)} were planned ({', '.join(f'{line.item} {line.amount / spent:.0%}' for line in campaign.budget)})."
    extra = found.extra
    unit = campaign.metric.replace("_", " ")
    if not np.isfinite(extra.estimate) or extra.ci_lower <= 0:
        text = f"{total} The extra {unit} may be zero or less, so a cost per extra one has no upper bound and is not shown."
        return Finding(
            "cost",
            f"What an extra one of the {unit} cost cannot be said",
            text,
            "watch",
            method="Budget lines of the register.",
        )
    low, high = spent / extra.ci_upper, spent / extra.ci_lower
    text = (
        f"{total} Divided by {count(extra.estimate)} extra {unit}: {money(spent / extra.estimate, campaign.currency)} each "
        f"({found.level:.0%} CI {money(low, campaign.currency)} to {money(high, campaign.currency)})."
    )
    return Finding("cost", f"Each extra one of the {unit} cost {money(spent / extra.estimate, campaign.currency)}", text, "info",
                   spent / extra.estimate, low, high, f"{campaign.currency} per extra unit", found.n_live_days,
                   "Planned budget divided by the counterfactual gain, not by all interactions of those weeks.")  # fmt: skip


def chance(found: CampaignEffect | None, campaign: Campaign) -> Finding:
    """Return how the effect compares with windows in which nothing happened."""
    placebo = found.placebo_time if found else None
    if found is None or placebo is None or not placebo.n:
        return Finding.nothing("chance", "no past window without a campaign to compare with")
    beyond = sum(abs(one) >= abs(found.log_effect.estimate) for one in placebo.effects)
    windows = "window" if placebo.n == 1 else "windows"
    text = (
        f"{beyond} of {placebo.n} past {windows} of {campaign.live.days} days show a gap as large as {signed(found.effect.estimate)}; "
        f"they scatter by {np.expm1(placebo.spread):.1%}. Placebo p = {placebo.p_value:.2g}; {placebo.n} {windows} cannot give less than "
        f"{placebo.p_smallest:.2g}."
    )
    title = "Chance alone has done as much before" if beyond else "No past window shows an effect as large"
    return Finding("chance", title, text, "info" if beyond else "good", placebo.p_value, unit="placebo p-value", n=placebo.n, method=METHOD)


def afterwards(found: CampaignEffect | None) -> Finding:
    """Return whether the weeks after the campaign fell below, stayed above or came back to the counterfactual."""
    after = found.after if found else None
    if found is None or after is None or not np.isfinite(after.estimate):
        return Finding.nothing("afterwards", "fewer than fourteen days after the end, or no control")
    estimate, lower, upper = np.expm1([after.estimate, after.ci_lower, after.ci_upper])
    facts = (
        float(estimate),
        float(lower),
        float(upper),
        "fraction of the counterfactual",
        after.n,
        "As the effect, on the fourteen days after the end.",
    )
    interval = f"In the fourteen days after the end the gap was {signed(estimate)} ({span(lower, upper, form='signed', level=found.level)})."
    if lower > 0:
        return Finding(
            "afterwards", f"The effect lasted: {signed(estimate)} in the two weeks after", interval, "good", *facts
        )
    if upper < 0:
        return Finding(
            "afterwards",
            f"A dip followed: {signed(estimate)} in the two weeks after",
            interval + " Part of the gain was borrowed.",
            "watch",
            *facts,
        )
    return Finding(
        "afterwards",
        "Afterwards things went back to normal",
        interval + " Nothing clear remains, up or down.",
        "info",
        *facts,
    )


def plays(found: CampaignEffect | None, campaign: Campaign, *, on: date | None) -> tuple[Play, ...]:
    """Return what to keep, change or test next, by the verdict."""
    if found is None:
        return ()
    review = (on or date.today()) + REVIEW_AFTER
    said = f"Verdict: {found.verdict}"
    detectable = (
        f"at least {signed(found.detectable)} to be seen"
        if found.detectable and np.isfinite(found.detectable)
        else "not known"
    )
    action, expected = {
        "worked": ("Keep: repeat the campaign in one further market and hold two comparable markets back", signed(found.effect.estimate) + " or less: first effects shrink"),
        "no clear effect": ("Change: before spending again, plan a version whose expected effect can be seen, or drop it", detectable),
        "hurt": ("Stop: take the creative down where it still runs and read the comments of the live weeks", "back to the counterfactual"),
        "cannot tell": ("Test next: agree control markets and four weeks of baseline before the next start", detectable),
    }[found.verdict]  # fmt: skip
    made = [Play(action, campaign.metric, expected, campaign.owner, review, said)]
    if campaign.value_per_unit is None:
        made.append(Play(f"Agree what one of the {campaign.metric.replace('_', ' ')} is worth, so that the next report can say whether it paid", "Value per unit",
                         "return on the budget becomes visible", campaign.owner, review, "The register names no value"))  # fmt: skip
    return tuple(made)


def verdict(found: CampaignEffect | None, campaign: Campaign) -> tuple[str, Severity]:
    """Return the report's one sentence and its severity: word, effect, interval, money."""
    if found is None:
        return f"There is no data for the campaign '{campaign.name}'.", "info"
    said = effect(found, campaign)
    if said.ci_lower is None or said.ci_upper is None:
        return f"{said.title}. {found.rule}", said.severity
    spent = sum(line.amount for line in campaign.budget)
    paid = f", for {money(spent, campaign.currency)}" if spent else ""
    return (
        f"{said.title} ({span(said.ci_lower, said.ci_upper, form='signed', level=found.level)}){paid}.",
        said.severity,
    )
