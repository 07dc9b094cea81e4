"""A server for these tests, which skip where there is none; ``.ci/run`` installs it."""

from collections.abc import Iterator

import pytest

from tests.harness import Shell
from tests.postgresql import cluster as clusters


@pytest.fixture(scope="session")
def server() -> Iterator[clusters.Cluster]:
    if clusters.programs() is None:
        pytest.skip("needs PostgreSQL, which is not installed")
    with clusters.cluster() as made:
        yield made


@pytest.fixture
def desk(server: clusters.Cluster, tmp_path) -> Shell:
    """A shell whose store is an empty database."""
    made = Shell(tmp_path)
    made.store = made.env["TIX_STORE"] = server.database()
    return made
