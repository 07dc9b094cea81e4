"""The desks the stories begin with: one workflow each, staff `sam` and `kim`, requesters `lan`, `ana`, `ben`.

Each is made once, by the program, and copied for every test that wants one.
"""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.harness import Shell

PEOPLE = ("sam:agent", "kim:agent", "lan:requester", "ana:requester", "ben:requester")
MORNING = "2026-04-01T09:00:00Z"

Opened = Callable[..., Shell]


@pytest.fixture(scope="session")
def opened(tmp_path_factory: pytest.TempPathFactory) -> Opened:
    """Gives a shell the desk that `tix init` makes with these words."""
    made: dict[tuple[str, ...], Path] = {}

    def open_desk(shell: Shell, *init: str) -> Shell:
        if init not in made:
            first = Shell(tmp_path_factory.mktemp("desk"))
            first.tix("init", *init, now=MORNING)
            first.now = MORNING
            first.people(*PEOPLE)
            made[init] = first.store
        for file in made[init].parent.glob(made[init].name + "*"):
            shutil.copy2(file, shell.folder / file.name)
        shell.now = MORNING
        return shell

    return open_desk


@pytest.fixture
def fresh(tmp_path: Path) -> Iterator[Shell]:
    """No desk yet."""
    shell = Shell(tmp_path)
    yield shell
    shell.close()


@pytest.fixture
def desk(fresh: Shell, opened: Opened) -> Shell:
    """A desk as `tix init` alone makes it."""
    return opened(fresh)


@pytest.fixture
def dphish(fresh: Shell, opened: Opened) -> Shell:
    return opened(fresh, "--workflow", "dphish")


@pytest.fixture
def backoffice(fresh: Shell, opened: Opened) -> Shell:
    return opened(fresh, "--workflow", "backoffice")


@pytest.fixture
def helpdesk(fresh: Shell, opened: Opened) -> Shell:
    return opened(fresh, "--workflow", "helpdesk")


@pytest.fixture
def osticket(fresh: Shell, opened: Opened) -> Shell:
    return opened(fresh, "--workflow", "osticket")


@pytest.fixture
def itflow(fresh: Shell, opened: Opened) -> Shell:
    return opened(fresh, "--workflow", "itflow", "--prefix", "TCK-")


@pytest.fixture(scope="session")
def me(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The login of whoever runs the tests: the admin of every desk here."""
    first = Shell(tmp_path_factory.mktemp("me"))
    first.tix("init")
    return first.tix("whoami", "--json").json["login"]
