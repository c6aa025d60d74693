"""The portfolio: all experiments together, and what they teach."""

from fanops_utils.experiments.portfolio.table import (
    TESTS,
    Portfolio,
    of_arms,
    of_workspace,
    open_portfolio,
    portfolio_table,
)

__all__ = ["TESTS", "Portfolio", "of_arms", "of_workspace", "open_portfolio", "portfolio_table"]
