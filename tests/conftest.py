from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from filelock import FileLock
from hypothesis import settings
from storage_server import bucket, server  # noqa: F401  (fixtures)

from fanops_utils.data.sample import write_sample
from fanops_utils.data.warehouse import import_paths
from fanops_utils.workspace import Workspace, open_workspace

ROOT = Path(__file__).parents[1]

settings.register_profile("fanops", deadline=None, max_examples=60, derandomize=True)
settings.load_profile("fanops")


@pytest.fixture(scope="session", autouse=True)
def _own_keys(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Keys of tests never touch the keys of the person running them."""
    os.environ["FANOPS_KEYS"] = str(tmp_path_factory.mktemp("keys"))
    yield
    del os.environ["FANOPS_KEYS"]


def made_once(factory: pytest.TempPathFactory, name: str, make: Callable[[Path], None]) -> Path:
    """Return the folder *name*, which one worker of the run has *make* write while the others wait: the demo takes minutes."""
    base = factory.getbasetemp()
    home = (base.parent if "PYTEST_XDIST_WORKER" in os.environ else base) / name
    whole = home.with_name(f"{name}.whole")
    with FileLock(home.with_name(f"{name}.lock")):
        if not whole.exists():
            shutil.rmtree(home, ignore_errors=True)
            make(home)
            whole.touch()
    return home


def _make_demo(root: Path) -> None:
    root.mkdir()
    (root / "notebooks").symlink_to(ROOT / "notebooks", target_is_directory=True)
    registers = shutil.ignore_patterns("raw", "warehouse", "truth.json")
    shutil.copytree(ROOT / "data" / "sample", root / "data" / "sample", ignore=registers)
    shutil.copytree(ROOT / "data" / "reference", root / "data" / "reference")
    workspace = open_workspace("sample", root=root)
    write_sample(workspace)
    reports = import_paths(workspace, [workspace.raw])
    assert not [report.error for report in reports if report.status == "refused"]
    shutil.copytree(os.environ["FANOPS_KEYS"], root / "keys")


@pytest.fixture(scope="session")
def demo_root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A repository of its own with the real notebooks and the simulated brand, generated and imported."""
    root = tmp_path_factory.mktemp("demo")
    shutil.copytree(made_once(tmp_path_factory, "demo", _make_demo), root, symlinks=True, dirs_exist_ok=True)
    shutil.copytree(root / "keys", os.environ["FANOPS_KEYS"], dirs_exist_ok=True)
    shutil.rmtree(root / "keys")
    return root


@pytest.fixture(scope="session")
def demo(demo_root: Path) -> Workspace:
    return open_workspace("sample", root=demo_root)


@pytest.fixture(scope="session")
def demo_run(demo_root: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """What `fanops run notebooks/plans/demo.yml --json` prints, with the result of each job."""

    def run_demo(home: Path) -> None:
        shutil.copytree(demo_root, home, symlinks=True)
        main = "import sys; from fanops_utils.cli import main; sys.argv[0] = 'fanops'; main()"
        done = subprocess.run(
            [sys.executable, "-c", main, "run", str(home / "notebooks" / "plans" / "demo.yml"), "--json"],
            cwd=home, env={**os.environ, "FANOPS_ROOT": str(home)}, capture_output=True, text=True, check=False,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr[-4000:]
        (home / "printed.json").write_text(done.stdout, encoding="utf-8")

    home = made_once(tmp_path_factory, "demo_run", run_demo)
    shutil.copytree(home / "data", demo_root / "data", dirs_exist_ok=True)
    shutil.copytree(home / "reports", demo_root / "reports", dirs_exist_ok=True)
    run = json.loads((home / "printed.json").read_text(encoding="utf-8").replace(str(home), str(demo_root)))
    for job in run["jobs"]:
        job["result"] = json.loads(Path(job["result"]).read_text(encoding="utf-8"))
    return run


BRAND = """name: Demo Brand
markets:
  - {code: US, name: United States, language: en, time_zone: America/New_York, currency: USD}
  - {code: DE, name: Germany, language: de, time_zone: Europe/Berlin, currency: EUR, countries: [DE, AT]}
accounts:
  - {platform: instagram, handle: demo_brand, id: "17841400000000001", market: US}
  - {platform: tiktok, handle: demo_brand, market: US}
  - {platform: youtube, handle: demo_channel, market: US}
  - {platform: shopify, handle: demo-shop}
competitors: [Rival]
"""


@pytest.fixture
def brand_workspace(tmp_path: Path) -> Workspace:
    """An empty workspace with one account per platform."""
    folder = tmp_path / "brand"
    (folder / "raw").mkdir(parents=True)
    (folder / "brand.yml").write_text(BRAND, encoding="utf-8")
    return Workspace(folder)
