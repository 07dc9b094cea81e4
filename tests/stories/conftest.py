"""The desks the stories begin with: one workflow each, staff `sam` and `kim`, requesters `lan`, `ana`, `ben`.

Each is made once, by the program, and copied for every test that wants one. Every story runs with two drivers: on the
file, and, as a long test, through a server (`tests.stories.through`).
"""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests import engines
from tests.api.site import new_key
from tests.harness import Shell
from tests.stories.through import OF_THE_FILE, Lines, ServerShell
from tix.cli.session import os_login

PEOPLE = ("sam:agent", "kim:agent", "lan:requester", "ana:requester", "ben:requester")
MORNING = "2026-04-01T09:00:00Z"

Opened = Callable[..., Shell]


@pytest.fixture(scope="session")
def opened(tmp_path_factory: pytest.TempPathFactory) -> Opened:
    """Gives a shell the desk that `tix init` makes with these words."""
    made: dict[tuple[bool, tuple[str, ...]], tuple[Path, dict[str, str]]] = {}

    def open_desk(shell: Shell, *init: str) -> Shell:
        has_server = isinstance(shell, ServerShell)
        if (has_server, init) not in made:
            first = Shell(tmp_path_factory.mktemp("desk"))
            first.tix("init", *init, now=MORNING)
            first.now = MORNING
            first.people(*PEOPLE)
            logins = [os_login(), *(who.partition(":")[0] for who in PEOPLE)] if has_server else []
            made[has_server, init] = first.store, {login: new_key(first, login) for login in logins}
        store, keys = made[has_server, init]
        for file in store.parent.glob(store.name + "*"):
            engines.copy(file, shell.folder / file.name)
        if isinstance(shell, ServerShell):
            shell.keys |= keys
        shell.now = MORNING
        return shell

    return open_desk


@pytest.fixture(autouse=True)
def counted(record_property: Callable[[str, object], None]) -> Iterator[None]:
    """Record how many command lines went through a server; the end of the run shows the sum."""
    yield
    if any(ServerShell.lines):
        record_property("lines", list(ServerShell.lines))
        ServerShell.lines = Lines()


DRIVERS = {"file": Shell, "server": ServerShell}
# For fixtures whose tests are to run with both drivers.
BOTH = ["file", pytest.param("server", marks=pytest.mark.long)]


@pytest.fixture(params=BOTH)
def fresh(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Shell]:
    """No desk yet."""
    if request.param == "server" and (reason := OF_THE_FILE.get(request.function.__name__)):
        pytest.skip(reason)
    shell = DRIVERS[request.param](tmp_path)
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
