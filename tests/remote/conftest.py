"""Two desks that are the same: one is a file, the other is behind a server."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.api.site import Site, copied, furnish, served
from tests.harness import Shell
from tests.remote.twins import NOW, Twins


@pytest.fixture(scope="session")
def furnished(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Path, dict[str, str]]]:
    """The file of the desk of ``site``, made once, and the keys of its people."""
    shell = Shell(tmp_path_factory.mktemp("furnished"))
    shell.now = NOW
    keys = furnish(shell)
    shell.tix("user", "add", "gone", "--role", "agent")
    shell.tix("topic", "add", "lost", "--assignee", "gone")
    shell.tix("user", "edit", "gone", "--inactive")
    shell.tix("canned", "add", "hi", "-m", "Dear {{requester.name}}, {{ticket.ref}} is with us.")
    yield shell.store, keys
    shell.close()


@pytest.fixture
def site(desk: Shell, furnished: tuple[Path, dict[str, str]]) -> Iterator[Site]:
    """As ``tests.api.conftest`` has it, at a fixed time."""
    store, keys = furnished
    copied(store, desk)
    desk.now = NOW
    with served(desk, keys) as made:
        yield made


@pytest.fixture
def twins(site: Site, furnished: tuple[Path, dict[str, str]], tmp_path: Path) -> Iterator[Twins]:
    """The desk of ``site``, and a file with the same."""
    folder = tmp_path / "twin"
    folder.mkdir()
    local = Shell(folder)
    local.now = NOW
    copied(furnished[0], local)
    yield Twins(local, site)
    local.close()
