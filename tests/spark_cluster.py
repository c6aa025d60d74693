"""A standalone Spark cluster for tests, on loopback: a master, two workers, and one driver that answers Spark Connect."""

from __future__ import annotations

import importlib.util
import os
import shutil
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pyarrow.parquet as parquet
from foreign_worlds import filled

from fanops_utils.data.warehouse import Store

HOST, WORKERS = "127.0.0.1", 2
SETTINGS = {
    "spark.connect.grpc.binding.address": HOST, "spark.driver.host": HOST, "spark.driver.bindAddress": HOST,
    "spark.cores.max": WORKERS, "spark.executor.cores": 1, "spark.executor.memory": "512m",
    "spark.sql.shuffle.partitions": WORKERS, "spark.ui.enabled": "false", "spark.sql.catalogImplementation": "in-memory",
}  # fmt: skip


def absent() -> str:
    """Return what Spark lacks here; empty where it can be started."""
    if shutil.which("java") is None:
        return "no Java is installed here (Debian: apt-get install openjdk-17-jre-headless)"
    lacking = [one for one in ("pyspark", "grpc") if importlib.util.find_spec(one) is None]
    return f"{lacking[0]} is not installed here: pip install 'fanops[spark]'" if lacking else ""


@dataclass
class Cluster:
    """A running cluster: the address of its driver, and its programs by name."""

    folder: Path
    url: str = ""
    programs: dict[str, subprocess.Popen] = field(default_factory=dict)

    def start(self, name: str, *command: str) -> None:
        """Start the program *name*."""
        home = Path(str(importlib.util.find_spec("pyspark").origin)).parent  # type: ignore[union-attr]
        inherited = {one: value for one, value in os.environ.items() if not one.startswith("SPARK_")}
        environment = {
            **inherited, "SPARK_HOME": str(home), "SPARK_LOCAL_IP": HOST,
            "SPARK_DAEMON_MEMORY": "1g" if name == "driver" else "256m",
            "SPARK_WORKER_DIR": str(self.folder / name), "SPARK_LOCAL_DIRS": str(self.folder / "scratch"),
            "PYSPARK_PYTHON": sys.executable,
        }  # fmt: skip
        self.programs[name] = subprocess.Popen(
            [str(home / "bin" / command[0]), *command[1:]],
            cwd=self.folder, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True,
            start_new_session=True,
        )  # fmt: skip

    def wait_for(self, name: str, told: str) -> None:
        """Wait until the log of the program *name* says *told*; raise where it ends before."""
        said = self.programs[name].stderr
        assert said is not None
        lines: list[str] = []
        for line in said:
            lines.append(line)
            if told in line:
                break
        else:
            raise RuntimeError(f"{name} ended: {''.join(lines)[-2000:]}")
        # What it writes from now on nobody reads, but somebody must take it away.
        subprocess.Popen(
            ["cat"], stdin=said, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True
        )

    def end(self) -> None:
        """End every program of the cluster, the driver first."""
        for program in reversed(self.programs.values()):
            with suppress(ProcessLookupError):
                os.killpg(program.pid, 9)
            program.wait()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return int(probe.getsockname()[1])


@contextmanager
def running_cluster() -> Iterator[Cluster]:
    """Yield a cluster of a master, two workers and a driver; afterwards it is ended and its folder removed."""
    folder = Path(tempfile.mkdtemp(prefix="fanops-spark-"))
    cluster, master, driver = Cluster(folder), _free_port(), _free_port()
    try:
        deploy, address = "org.apache.spark.deploy", f"spark://{HOST}:{master}"
        where = ("--host", HOST, "--webui-port", "0")
        cluster.start("master", "spark-class", f"{deploy}.master.Master", *where, "--port", str(master))
        cluster.wait_for("master", "New state: ALIVE")
        workers = [f"worker{number}" for number in range(WORKERS)]
        for name in workers:
            size = ("--cores", "1", "--memory", "1g")
            cluster.start(name, "spark-class", f"{deploy}.worker.Worker", *where, *size, address)
        settings = {**SETTINGS, "spark.connect.grpc.binding.port": driver, "spark.sql.warehouse.dir": folder / "tables"}
        told = [part for name, value in settings.items() for part in ("--conf", f"{name}={value}")]
        service = ("--class", "org.apache.spark.sql.connect.service.SparkConnectServer")
        cluster.start("driver", "spark-submit", "--master", address, *told, *service)
        for name in workers:
            cluster.wait_for(name, "Successfully registered")
        cluster.wait_for("driver", "Spark Connect server started")
        cluster.url = f"sc://{HOST}:{driver}"
        yield cluster
    finally:
        if cluster.url:
            _session(cluster).stop()  # a client tries for minutes to take leave of a driver that is gone
        cluster.end()
        shutil.rmtree(folder, ignore_errors=True)


def _session(cluster: Cluster) -> Any:
    from pyspark.sql.connect.session import SparkSession

    return SparkSession.builder.remote(cluster.url).getOrCreate()


def into_spark(store: Store, cluster: Cluster, *, schema: str) -> None:
    """Write every table of *store* as Parquet and make it a table of the *cluster*."""
    session = _session(cluster)
    session.sql(f"CREATE DATABASE IF NOT EXISTS {schema}").collect()
    for name, rows in filled(store):
        folder = cluster.folder / schema / name
        folder.mkdir(parents=True)
        parquet.write_table(rows, folder / "part.parquet")
        session.sql(f"CREATE TABLE {schema}.{name} USING parquet LOCATION '{folder}'").collect()
