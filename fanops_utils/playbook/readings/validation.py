"""What the validation of the experiments' methods says: do they keep what they promise, and what does peeking cost?"""

from __future__ import annotations

from datetime import date, timedelta

import pandas as pd

from fanops_utils.playbook.checks import Check
from fanops_utils.playbook.findings import RANK, Finding, Severity
from fanops_utils.playbook.plays import Play
from fanops_utils.playbook.wording import percent, plural

REVIEW_AFTER = timedelta(days=92)
MEASURES = {"type-I error": "errors", "coverage": "coverage", "power": "power"}
PEEK = "t at every look"


def checks(table: pd.DataFrame, *, least: int = 2_000) -> list[Check]:
    """Return whether enough was simulated, and whether every method in use keeps its promise."""
    size = int(table["simulations"].min())
    enough = Check(
        "Simulations",
        "PASS" if size >= least else "REVIEW",
        f"{size:,} a cell",
        "" if size >= least else "Simulate more",
    )
    broken = kept(table)
    if broken.empty:
        return [enough, Check("Promises", "PASS", "every method in use stays within its Monte-Carlo band")]
    named = "; ".join(f"{row['method']} on {row['design']}" for row in broken.to_dict("records"))
    return [enough, Check("Promises", "REVIEW", f"outside the band: {named}", "Read the section of that method")]


def kept(table: pd.DataFrame) -> pd.DataFrame:
    """Return the rows of methods in use that leave their band."""
    return table[table["valid"].astype(bool) & table["within"].notna() & (table["within"] == False)]  # noqa: E712


def rows(table: pd.DataFrame, *, measure: str) -> pd.DataFrame:
    """Return the rows of one measure as they are drawn, labelled by design and method."""
    ours = table[table["measure"] == measure]
    return ours.assign(label=ours["design"] + ": " + ours["method"]).reset_index(drop=True)


def promise(table: pd.DataFrame, *, measure: str) -> Finding:
    """Return whether the methods in use keep *measure* ("type-I error" or "coverage")."""
    ours = table[(table["measure"] == measure) & table["valid"].astype(bool)]
    broken = kept(ours)
    wrong = table[(table["measure"] == measure) & ~table["valid"].astype(bool)]
    size = int(ours["simulations"].min())
    text = f"{len(ours) - len(broken)} of {len(ours)} methods stay within the band of {size:,} simulations."
    if len(broken):
        text += " " + " ".join(
            f"{row['method']} on {row['design']}: {percent(row['rate'])}." for row in broken.to_dict("records")
        )
    if len(wrong):
        shown = ", ".join(
            f"{row['method']} {percent(row['rate'])} ({row['design']})" for row in wrong.to_dict("records")
        )
        text += f" Shown as warnings: {shown}."
    name = f"experiment_{MEASURES[measure]}"
    title = (
        f"Every method in use keeps its {measure}"
        if broken.empty
        else f"{plural(len(broken), 'method leaves', 'methods leave')} its {measure}"
    )
    method = "Bands hold 99.9% of what a method that keeps its promise would show."
    return Finding(name, title, text, "good" if broken.empty else "watch", n=size, method=method)


def strength(table: pd.DataFrame) -> Finding:
    """Return how strong the methods in use are on the simulated effects."""
    ours = table[(table["measure"] == "power") & table["valid"].astype(bool)].sort_values("rate")
    low, high = ours.iloc[0], ours.iloc[-1]
    text = (
        f"From {percent(low['rate'])} ({low['method']} on {low['design']}) to {percent(high['rate'])} ({high['method']} "
        f"on {high['design']}); the effects were chosen near four fifths for the plain test of each design."
    )
    return Finding(
        "experiment_power",
        f"{high['method']} finds most, {low['method']} least",
        text,
        n=int(ours["simulations"].min()),
    )


def peeking_rows(table: pd.DataFrame) -> pd.DataFrame:
    """Return the false positives of each rule as they are drawn: label, estimate, ci_lower, ci_upper."""
    return table.rename(columns={"rule": "label", "false_positive": "estimate"})


def peeking(table: pd.DataFrame) -> Finding:
    """Return what looking twenty times costs under each rule."""
    named = {str(row["rule"]): row for row in table.to_dict("records")}
    bad, spent = named[PEEK], named["O'Brien-Fleming spending"]
    lines = [
        f"{row['rule']}: {percent(row['false_positive'])} false positives, "
        f"power {percent(row['power'])}, ends at look {row['mean_look']:.1f}."
        for row in table.to_dict("records")
    ]
    title = f"Peeking finds an effect in {percent(bad['false_positive'])} of tests that have none; "
    title += f"planned looks in {percent(spent['false_positive'])}"
    return Finding(
        "experiment_peeking", title, " ".join(lines), "info", float(bad["false_positive"]),
        float(bad["ci_lower"]), float(bad["ci_upper"]),
        "fraction", method="Twenty looks at 20,000 units, 5% base rate, an effect that one look finds four times in five.",
    )  # fmt: skip


def plays(findings: tuple[Finding, ...], *, owner: str, on: date | None = None) -> tuple[Play, ...]:
    """Return what to do about methods that leave their promise."""
    review = (on or date.today()) + REVIEW_AFTER
    return tuple(
        Play(
            "Do not use the method on that design until it is understood",
            "rate against nominal",
            "within the band",
            owner,
            review,
            one.id,
        )
        for one in findings
        if one.severity in ("watch", "alert")
    )


def verdict(findings: tuple[Finding, ...]) -> tuple[str, Severity]:
    """Return the report's one sentence and its severity."""
    broken = [one for one in findings if one.severity in ("watch", "alert")]
    named = {one.id: one for one in findings}
    if broken:
        return f"{broken[0].title}. {named['experiment_peeking'].title}.", "watch"
    return f"The methods keep what they promise. {named['experiment_peeking'].title}.", "good"


def together(*verdicts: tuple[str, Severity]) -> tuple[str, Severity]:
    """Return several verdicts as one: their sentences, and the severity of the worst."""
    return " ".join(said for said, _ in verdicts), min((severity for _, severity in verdicts), key=RANK.__getitem__)
