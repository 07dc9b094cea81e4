"""A desk that is served over HTTP, for each test."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.api.site import Site, copied, furnish, served
from tests.harness import Shell


@pytest.fixture(scope="session")
def furnished(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Path, dict[str, str]]]:
    """The file of the desk of ``site``, made once, and the keys of its people."""
    shell = Shell(tmp_path_factory.mktemp("furnished"))
    yield shell.store, furnish(shell)
    shell.close()


@pytest.fixture
def site(desk: Shell, furnished: tuple[Path, dict[str, str]]) -> Iterator[Site]:
    """``ada`` is the admin, ``sam`` an agent, ``lan`` and ``bob`` are requesters; TIX-1 is lan's and has a note."""
    store, keys = furnished
    copied(store, desk)
    with served(desk, keys) as made:
        yield made
