"""What the benchmark of member events asks of every side: the ten questions, their settings, the markets' clocks."""

from __future__ import annotations

from datetime import timedelta

ZONES = {"US": "America/New_York", "BR": "America/Sao_Paulo", "DE": "Europe/Berlin", "JP": "Asia/Tokyo"}
STEPS, WITHIN = ["visit", "like", "buy"], timedelta(days=7)
WINDOWS = {"dau": 1, "wau": 7, "mau": 28}
LAST_DAYS, WEEKS = 28, 12
QUESTIONS = ("actives", "monthly_actives", "retention", "tiers", "gaps", "hours", "spend", "funnel", "orders", "forest")
