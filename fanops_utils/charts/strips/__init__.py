"""Charts along time in light SVG: sparklines, small multiples, timelines."""
