"""Charts of cells in rows and columns, in light SVG: heat maps, cohorts, migrations."""
