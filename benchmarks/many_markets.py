"""A brand of any number of markets: three channels in each, two years of posts and days, by the sample's own makers."""

from __future__ import annotations

import os
from pathlib import Path

from fanops_utils.data.sample.formats.files import RawFile
from fanops_utils.data.sample.formats.meta import instagram_files
from fanops_utils.data.sample.formats.tiktok import tiktok_files
from fanops_utils.data.sample.formats.youtube import youtube_files
from fanops_utils.data.sample.setting import Setting
from fanops_utils.data.warehouse import import_paths
from fanops_utils.workspace import Workspace

SEED, SIMULATED = 20261122, 6  # the first six are markets that the sample knows
CODES = (
    ("US", "America/New_York"), ("MX", "America/Mexico_City"), ("BR", "America/Sao_Paulo"), ("DE", "Europe/Berlin"),
    ("FR", "Europe/Paris"), ("JP", "Asia/Tokyo"), ("GB", "Europe/London"), ("ES", "Europe/Madrid"), ("IT", "Europe/Rome"),
    ("CA", "America/Toronto"), ("AU", "Australia/Sydney"), ("KR", "Asia/Seoul"), ("PL", "Europe/Warsaw"),
    ("NL", "Europe/Amsterdam"), ("SE", "Europe/Stockholm"), ("IN", "Asia/Kolkata"),
)  # fmt: skip
MAKERS = {"instagram": instagram_files, "tiktok": tiktok_files, "youtube": youtube_files}


def brand(markets: int) -> str:
    """Return `brand.yml` of so many *markets*, at most sixteen."""
    chosen = CODES[:markets]
    if len(chosen) < markets:
        raise ValueError(f"there are {len(CODES)} markets at most")
    lines = ["name: Benchmark", "markets:"]
    for code, zone in chosen:
        lines.append(f"  - {{code: {code}, name: {code}, language: en, time_zone: {zone}, currency: USD}}")
    lines.append("accounts:")
    for number, (code, _) in enumerate(chosen):
        for platform in MAKERS:
            given = f', id: "178414{number:011d}"' if platform == "instagram" else ""
            lines.append(f"  - {{platform: {platform}, handle: brand.{code.lower()}{given}, market: {code}}}")
    return "\n".join(lines) + "\n"


def make(folder: Path, markets: int) -> Workspace:
    """Write a brand of so many *markets* into *folder* and import it; raise where a file is refused.

    Every market is one of the six of the sample, over and over, each time with draws of its own.
    """
    folder.mkdir(parents=True)
    (folder / "brand.yml").write_text(brand(markets), encoding="utf-8")
    workspace = Workspace(folder)
    for place, code in enumerate(workspace.markets):
        alike = list(workspace.markets)[place % SIMULATED]
        setting = Setting(workspace, SEED + place // SIMULATED)
        for account in workspace.brand.accounts:
            if account.market == code:
                _write(workspace, MAKERS[account.platform](setting, account.model_copy(update={"market": alike})))
    for report in import_paths(workspace, [workspace.raw]):
        if report.status != "loaded":
            raise SystemExit(f"{report}")
    return workspace


def _write(workspace: Workspace, files: list[RawFile]) -> None:
    for file in files:
        target = workspace.raw / file.path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(file.content)
        os.utime(target, (file.exported.timestamp(), file.exported.timestamp()))
