"""A PostgreSQL server of a test's own, from the distribution's packages: in a temporary folder, on a socket."""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any
from uuid import uuid4

import psycopg

PORT = 5439


def programs() -> Path | None:
    """The folder of the server's programs, which Debian keeps off the path."""
    found = shutil.which("initdb")
    if found is not None:
        return Path(found).resolve().parent  # it may be a link to one of them
    return max(Path("/usr/lib/postgresql").glob("*/bin"), default=None)


class Cluster:
    """A running server. ``run`` starts one of its programs as the account that owns it: the server refuses root."""

    def __init__(self, folder: Path, bin_: Path, port: int = PORT) -> None:
        self.folder, self.port = folder, port
        self.data = folder / "data"
        self._bin = bin_
        self._user = "postgres" if os.getuid() == 0 else None

    def run(self, program: str, *words: str) -> None:
        """Raises CalledProcessError."""
        subprocess.run(
            [self._bin / program, *words], user=self._user, cwd=self.folder, check=True, capture_output=True
        )

    def start(self, *settings: str) -> None:
        words = (
            "listen_addresses=''",
            f"unix_socket_directories='{self.folder}'",
            f"port={self.port}",
            *settings,
        )
        options = " ".join(f"-c {word}" for word in words)
        self.run("pg_ctl", "-D", str(self.data), "-w", "-l", str(self.folder / "log"), "-o", options, "start")

    def stop(self, mode: str = "fast") -> None:
        self.run("pg_ctl", "-D", str(self.data), "-w", "-m", mode, "stop")

    @property
    def server(self) -> str:
        """What libpq is given for the server, without a database."""
        return f"host={self.folder} port={self.port} user=postgres"

    def address(self, name: str, user: str = "postgres") -> str:
        return f"postgresql://{user}@/{name}?host={self.folder}&port={self.port}"

    def database(self, options: str = "TEMPLATE template0 ENCODING 'UTF8' LOCALE 'C'") -> str:
        """The address of a new and empty database."""
        name = f"d{uuid4().hex[:12]}"
        self.execute(f"CREATE DATABASE {name} {options}")
        return self.address(name)

    def execute(self, sql: str, database: str = "postgres") -> list[tuple[Any, ...]]:
        with psycopg.connect(f"{self.server} dbname={database}", autocommit=True) as admin:
            found = admin.execute(sql)
            return found.fetchall() if found.description else []


@contextmanager
def cluster(*settings: str, port: int = PORT) -> Iterator[Cluster]:
    """A server that ends with the block. Its disk is not synced unless ``settings`` say so: these are answers, not power cuts."""
    bin_ = programs()
    assert bin_ is not None
    folder = Path(tempfile.mkdtemp(prefix="tixpg", dir="/tmp"))  # a socket's path is short
    try:
        made = Cluster(folder, bin_, port)
        if made._user is not None:  # its own
            shutil.chown(folder, made._user)  # as above
        made.run(
            "initdb",
            "-D",
            str(made.data),
            "-E",
            "UTF8",
            "--locale=C.UTF-8",
            "-A",
            "trust",
            "-U",
            "postgres",
            "-N",
        )
        made.start(*(settings or ("fsync=off", "full_page_writes=off", "max_connections=60")))
        try:
            yield made
        finally:
            with suppress(subprocess.CalledProcessError):  # a test has ended it
                made.stop("immediate")
    finally:
        shutil.rmtree(folder, ignore_errors=True)
