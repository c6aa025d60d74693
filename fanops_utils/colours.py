"""Colours of every chart; the page maps each to a CSS variable, so charts follow light and dark."""

from __future__ import annotations

INK, MUTED, RULE, PAPER = "#1f2328", "#59636e", "#d1d9e0", "#fffffe"
SERIES = ("#0173b2", "#c77700", "#00835f", "#c2450c", "#a8559a", "#6e7781")
BAND = "#9fc5e0"

CSS_VARIABLES: dict[str, str] = {
    INK: "var(--ink)",
    MUTED: "var(--muted)",
    RULE: "var(--rule)",
    PAPER: "var(--paper)",
    BAND: "var(--band)",
    **{colour: f"var(--series-{number})" for number, colour in enumerate(SERIES, start=1)},
}
