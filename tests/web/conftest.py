"""A desk with its web page, and a browser for each of its people."""

import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC
from pathlib import Path
from typing import Any

import pytest

from tests.api.site import HOSTS, copied, running
from tests.harness import Shell
from tests.web.browser import Browser
from tix.api.app import Server, application
from tix.api.server.process import listen
from tix.domain.times import parse_instant
from tix.web.site import pages

PASSWORD = "correct horse battery"


class Web:
    """The web page of a desk. While it is served, leave the store alone, as in ``tests.api.site``."""

    def __init__(self, shell: Shell, port: int) -> None:
        self.shell, self.port = shell, port
        self.log: list[str] = []

    @property
    def now(self) -> int:
        return int(time.time()) if self.shell.now is None else parse_instant(self.shell.now)

    def rows(self, sql: str) -> list[Any]:
        """What the store has, read beside the server."""
        with closing(sqlite3.connect(f"file:{self.shell.store}?mode=ro", uri=True)) as connection:
            return connection.execute(sql).fetchall()

    def browser(self, login: str | None = None, **asked: str) -> Browser:
        """A browser of somebody who has signed in; of nobody without a login."""
        made = Browser(self.port, **asked)
        if login is not None:
            made.get("/sign-in")
            made.submit("/sign-in", name=login, password=PASSWORD)
            assert "tix" in made.jar, made.page.text
        return made


def furnish(shell: Shell) -> None:
    """``ada`` is the admin, ``sam`` and ``kim`` are agents, ``ana``, ``ben`` and ``bob`` requesters; ``bob`` manages ``ana``.

    The help topics and fields are those of the manual: every topic asks for the brand, *CRM support* for the issue, too.
    """
    shell.tix("init")
    shell.tix("workflow", "use", "helpdesk")
    for login, role in (("ada", "admin"), ("sam", "agent"), ("kim", "agent")):
        shell.tix("user", "add", login, "--role", role, "--name", f"{login.title()} Okafor")
    for login in ("bob", "ana", "ben"):
        shell.tix(
            "user",
            "add",
            login,
            "--role",
            "requester",
            "--name",
            f"{login.title()} Duarte",
            "--email",
            f"{login}@x.example",
        )
    for login in ("sam", "kim", "bob", "ana", "ben"):
        shell.tix("user", "password", login, "--stdin", stdin=PASSWORD)
    shell.tix("user", "edit", "ana", "--manager", "bob")
    shell.tix("department", "add", "crm")
    for topic in ("IT support", "CRM support"):
        shell.tix("topic", "add", topic, *(("--department", "crm") if topic.startswith("CRM") else ()))
        shell.tix(
            "topic",
            "field",
            "add",
            topic,
            "brand",
            "--label",
            "Brand",
            "--kind",
            "choice",
            "--choices",
            "North,South",
            "--required",
        )
    shell.tix("topic", "field", "add", "CRM support", "issue", "--label", "Issue", "--required")
    shell.tix("config", "set", "default_topic", "IT support")
    shell.tix("config", "set", "attachments.types", "jpg,png,pdf,zip")
    shell.tix(
        "new",
        "Printer is on fire",
        "-m",
        "Since nine.",
        "--for",
        "ana",
        "--topic",
        "IT support",
        "--field",
        "brand=North",
    )
    shell.tix("note", 1, "-m", "canary-note")


@pytest.fixture(scope="session")
def furnished_web(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The file of the desk of ``web``, made once."""
    shell = Shell(tmp_path_factory.mktemp("web"))
    furnish(shell)
    yield shell.store
    shell.close()


@contextmanager
def served(shell: Shell) -> Iterator[Web]:
    """Serve the desk of ``shell`` with its page until the end of the block."""
    listening = listen("127.0.0.1", 0)
    web = Web(shell, listening.getsockname()[1])
    desk = Server(shell.store, lambda: web.now, lambda: UTC)
    with running(application(desk, HOSTS, web.log.append, pages(desk)), listening):
        yield web


@pytest.fixture
def web(desk: Shell, furnished_web: Path) -> Iterator[Web]:
    """The page of the desk that ``furnish`` makes."""
    copied(furnished_web, desk)
    with served(desk) as made:
        yield made
