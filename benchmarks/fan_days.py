"""What a job may ask of 20 million fan days: each fold and helper in a process of its own; none may hold 1 GB.

python benchmarks/fan_days.py [--rows 20_000_000] [--keep FOLDER] [QUESTION ...]
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from common import Cost, forked
from events import load_more
from population import make
from record import COSTS, Record

from fanops_utils import metrics, models
from fanops_utils.data import warehouse
from fanops_utils.data.warehouse import Store
from fanops_utils.metrics import folds
from fanops_utils.metrics.members import community, growing
from fanops_utils.models.audience import community as estimated
from fanops_utils.models.audience import growth
from fanops_utils.models.operations import replying
from fanops_utils.workspace import Workspace
from fanops_utils.workspace.register import Period

MOST = 1024  # MB
END = date(2026, 12, 31)
LAST = pd.Timestamp(END)
START = END - timedelta(days=363)
MARKET = "US"
LIVE = Period(start=date(2026, 5, 4), end=date(2026, 5, 31))
MORE = "import of 1,000 acts more"


def questions(store: Store) -> dict[str, Callable[[], Any]]:
    """Return every fold and helper that reads members, what they do, say or buy, by name: a question to be asked."""
    return {"nothing asked": lambda: None, **of_days(store), **of_members(store), **of_helpers(store)}


def of_days(store: Store) -> dict[str, Callable[[], Any]]:
    """Return the questions to days, acts and orders alone."""
    days, fans = warehouse.fan_days(store), store.table("fans")
    here = warehouse.fan_days(store, market=MARKET)

    return {
        "actives": lambda: folds.actives(days, start=START, end=END, by="market"),
        "gaps": lambda: folds.gaps(days, end=END),
        "gaps by market": lambda: folds.gaps(days, by="market"),
        "per_member": lambda: folds.per_member(days, as_of=END),
        "cohort_triangle": lambda: folds.cohort_triangle(fans, days, as_of=END, by="market"),
        "funnel": lambda: folds.funnel(
            store.table("member_events"), ["visit", "like", "buy"], within=timedelta(days=7), by="market"),
        "hour_by_weekday": lambda: folds.hour_by_weekday(store.table("member_events")),
        "orders_per_person": lambda: folds.orders_per_person(store.table("orders")),
        "activity_gap": lambda: models.activity_gap(days),
        "pulse": lambda: community.pulse(days, start=START, end=END),
        "rhythm of the week": lambda: community.rhythm(store.table("member_events"), days, start=START, end=END),
        "one market's days": lambda: here.date_day.nunique().execute(),
    }  # fmt: skip


def of_members(store: Store) -> dict[str, Callable[[], Any]]:
    """Return the questions whose answer begins with a row per member."""
    days = warehouse.fan_days(store)

    def members() -> Any:
        return warehouse.fan_members(store)

    return {
        "member_activity": lambda: metrics.member_activity(members(), days, as_of=END),
        "retention_curve": lambda: metrics.retention_curve(members(), days, as_of=END, by="acquisition"),
        "members_by_source": lambda: growing.members_by_source(
            members().assign(screening=None).astype({"screening": "string"}), days, start=START, end=END),
        "member_changes": lambda: metrics.member_changes(members(), days, as_of=END),
        "rhythm and stages": lambda: models.stages(
            members(), days, as_of=END, rhythm=models.rhythm_of(days, as_of=END)),
        "newcomers": lambda: metrics.newcomers(
            warehouse.market_rows(store, "fans").rename(columns={"date_day": "joined_on"}), days,
            warehouse.order_table(store), pd.Series(dtype="string"), as_of=END),
        "campaign_audience": lambda: metrics.campaign_audience(members(), days, live=LIVE),
        "stayed": lambda: metrics.stayed(members(), days, live=LIVE, as_of=END),
        "hours_of": lambda: metrics.hours_of(
            warehouse.rows_of(store, "member_events", start=START), members(), "acquisition"),
    }  # fmt: skip


def of_helpers(store: Store) -> dict[str, Callable[[], Any]]:
    """Return what reports ask of invitations, offers, subscriptions, points, cases, messages and answers, as they ask it."""
    days, orders = warehouse.fan_days(store), warehouse.orders_of(store)
    acts, messages, points = (store.table(name) for name in ("member_events", "messages", "points"))

    def frame(name: str, *columns: str) -> Any:
        return warehouse.row_frame(store, name, columns=columns)

    def fans() -> Any:
        return frame("fans", "member_key", "acquisition", "screening", "left_at", "leave_reason").rename(
            columns={"date_day": "joined_on"}
        )

    def invitations() -> Any:
        sent = frame(
            "referrals",
            "inviter_key",
            "invited_key",
            "invited_at",
            "accepted_at",
            "first_order_at",
            "reward",
            "currency",
        )
        return sent.rename(columns={"first_order_on": "ordered_on"})

    def terms() -> Any:
        return frame(
            "subscriptions",
            "subscription_id",
            "term",
            "customer_key",
            "plan",
            "source",
            "started_at",
            "due_at",
            "price",
            "currency",
        )

    def linked() -> Any:
        told = ["member_key", "customer_key", "acquisition", "role", "left_at"]
        return warehouse.market_rows(store, "fans", columns=told)

    return {
        "invitation_forest": lambda: folds.invitation_forest(store.table("referrals"), end=END),
        "K by cohort, cycle and cost": lambda: [
            growth.k_by_cohort(one := fans(), sent := invitations(), as_of=LAST), growth.cycle_and_cost(one, sent, days)],
        "chains": lambda: growth.chains(invitations(), members=100_000),
        "ladder of the invited": lambda: growing.ladder(invitations(), days, as_of=LAST),
        "loop of events": lambda: growing.event_loop(
            acts.filter(acts.event_name.isin(["sign_up", "attend", "review"])), days.filter(days.buys > 0), as_of=LAST),
        "won back": lambda: growth.won_back(warehouse.rows_of(store, "offers", kind="win_back"), days, as_of=LAST),
        "seeds": lambda: growing.seeds(
            metrics.member_activity(fans(), days, as_of=END), growing.reach_of(community.writers(messages), invitations())),
        "size, quality and leaving": lambda: [
            growing.size_and_quality(one := fans(), community.pulse(days, start=START, end=END)), growing.reasons_for_leaving(one)],
        "streaks of check-ins": lambda: estimated.streaks(acts.filter(acts.event_name == "check_in"), length=21),
        "new against old, screening": lambda: [
            community.new_against_old(one := fans(), days, as_of=END), community.screening(one, days, as_of=END)],
        "talk by week": lambda: community.talk_by_week(messages, days, start=START, end=END),
        "key voices": lambda: estimated.key_voices(community.writers(messages, halves_at=START + (END - START) / 2)),
        "cases": lambda: [
            community.waits(ever := warehouse.row_frame(store, "cases"), now=datetime(2027, 1, 1, tzinfo=UTC)),
            community.by_bot(ever), community.violations(ever, messages=10**6), community.decided(ever), community.voices(ever),
            community.questions_by_week(ever, end=END)],
        "conflicts by messages": lambda: replying.conflict_review(warehouse.row_frame(store, "cases"), messages, on=END),
        "groups": lambda: community.group_table(
            warehouse.row_frame(store, "groups"), frame("group_members", "group_id", "member_key", "left_at"), messages,
            metrics.member_activity(fans(), days, as_of=END), end=END),
        "recommendation": lambda: estimated.waves(
            warehouse.row_frame(store, "survey_answers", question="recommend"),
            metrics.member_activity(fans(), days, as_of=END).set_index("member_key")["active_days_total"]),
        "spend, tiers, rewards": lambda: [
            metrics.member_spend(linked(), orders, as_of=END),
            metrics.rewards_by(fans().assign(tier="all"), points, "tier")],
        "groups of behaviour": lambda: models.find_groups(
            folds.acts_per_member(acts, by="event_name"), ["like", "visit"], rng=np.random.default_rng(7)),
        "plans, trials, renewals, lives": lambda: [
            metrics.plan_standing(held := terms(), as_of=END, customers=10**5), metrics.plan_moves(held),
            metrics.trial_conversion(held, as_of=END), metrics.renewals(held, as_of=END),
            models.kaplan_meier(metrics.subscription_lives(held, as_of=END))],
        "effects of offers": lambda: models.offer_effects(warehouse.rows_of(store, "offers"), orders, as_of=END),
        "points owed, used, by month": lambda: [
            metrics.points_owed(points, as_of=END), metrics.used_share(points, as_of=END),
            metrics.points_by_month(points, as_of=END)],
        "rewards by day": lambda: folds.rewards_by_day(store.table("referrals")),
        "lifetime value": lambda: models.lifetime_value(orders, as_of=END),
        "repurchase": lambda: metrics.repurchase(orders, as_of=END, within=90),
        "new customers": lambda: metrics.new_customers(
            orders, members={str(key): way for key, way in linked().set_index("customer_key")["acquisition"].items()}),
    }  # fmt: skip


def ask(folder: Path, name: str) -> None:
    """Ask the question *name* of the workspace *folder*."""
    questions(Store(Workspace(folder)))[name]()


def compare(folder: Path, rows: int, names: list[str]) -> int:
    """Ask all questions (or those in *names*) of *rows* fan days in *folder*, and print what each took."""
    if not (folder / "brand.yml").exists():
        make(folder, rows)
    store, record = Store(Workspace(folder)), Record()
    if store.manifest()["fan_day"].rows < rows / 2:
        raise SystemExit(f"{folder} holds {store.manifest()['fan_day'].rows:,} active days, not {rows:,}")
    costs: dict[str, Cost] = {}
    before = {name: set(entry.files) for name, entry in store.manifest().items()}
    held = ", ".join(f"{entry.rows:,} {name}" for name, entry in store.manifest().items())
    for name in names or [*questions(store), MORE]:
        costs[name] = forked(lambda name=name: load_more(folder) if name == MORE else ask(folder, name))
        sys.stderr.write(f"{name}: {costs[name]}\n")
    worst = max((cost.peak for name, cost in costs.items() if name != MORE), default=0.0)
    written = [f"{len(set(entry.files) - before[name])} of {len(entry.files)} {name}"
               for name, entry in store.manifest().items() if name in before]  # fmt: skip
    record.table(COSTS, [(name, *cost.told()) for name, cost in costs.items()], held)
    record.note(f"Questions took at most {worst:,.0f} MB. Files written: {', '.join(written)}.")
    record.figure("question MB", worst)
    record.keep()
    return 0 if worst < MOST else 1


def main() -> int:
    """Read the command line and ask, or ask one question."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("names", nargs="*", help="questions; all where none is given")
    parser.add_argument("--rows", type=lambda text: int(text.replace("_", "")), default=20_000_000)
    parser.add_argument("--keep", type=Path, help="folder to work in and to leave; a temporary one where not given")
    given = parser.parse_args()
    if given.keep:
        return compare(given.keep, given.rows, given.names)
    with tempfile.TemporaryDirectory() as folder:
        return compare(Path(folder) / "benchmark", given.rows, given.names)


if __name__ == "__main__":
    sys.exit(main())
