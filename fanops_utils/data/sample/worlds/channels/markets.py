"""The markets: how large each is, how it grows, and its share of shop, community and talk."""

from __future__ import annotations

from dataclasses import dataclass

from fanops_utils.errors import WorkspaceError


@dataclass(frozen=True)
class MarketTruth:
    """One market: daily levels at the start, log growth per month, loadings on the two common factors, shares."""

    engagements: float
    reach: float
    activity_growth: float
    loadings: tuple[float, float]
    instagram_followers: int
    instagram_growth: float
    tiktok_followers: int
    tiktok_growth: float
    shop_share: float
    community_share: float
    mention_share: float
    share_of_voice: float


@dataclass(frozen=True)
class MarketsTruth:
    """All markets by code; a brand of these markets can be simulated, and no other."""

    markets: tuple[tuple[str, MarketTruth], ...] = (
        ("US", MarketTruth(4200, 88_000, 0.006, (1.0, 0.9), 310_000, 0.012, 420_000, 0.028, 0.34, 0.30, 0.20, 0.24)),
        ("MX", MarketTruth(1300, 30_000, 0.008, (0.8, 1.3), 84_000, 0.018, 130_000, 0.040, 0.11, 0.13, 0.10, 0.21)),
        ("BR", MarketTruth(1900, 42_000, 0.009, (1.1, 1.1), 120_000, 0.022, 190_000, 0.045, 0.13, 0.17, 0.13, 0.31)),
        ("DE", MarketTruth(1500, 33_000, 0.004, (1.2, 0.7), 96_000, 0.008, 88_000, 0.020, 0.17, 0.14, 0.30, 0.35)),
        ("FR", MarketTruth(800, 19_000, 0.003, (0.7, 1.0), 31_000, 0.005, 45_000, 0.018, 0.10, 0.10, 0.09, 0.18)),
        ("JP", MarketTruth(2600, 55_000, 0.007, (1.3, 0.8), 180_000, 0.015, 240_000, 0.030, 0.15, 0.16, 0.18, 0.28)),
    )

    def of(self, code: str) -> MarketTruth:
        """Return the parameters of market *code*; raise WorkspaceError where the simulated brand has no such market."""
        known = dict(self.markets)
        if code not in known:
            raise WorkspaceError("the simulated brand has no such market", file="brand.yml", value=code, choices=known)
        return known[code]
