"""The one population: who joins and is there when, who buys what and under which codes."""
