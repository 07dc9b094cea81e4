"""What several of these tests begin with."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.harness import Shell


@pytest.fixture
def peopled(tmp_path: Path) -> Iterator[Shell]:
    """A desk with the agents sam and kim and the requesters lan and ana; no ticket yet."""
    shell = Shell(tmp_path)
    shell.now = "2026-11-20T09:00:00Z"
    shell.tix("init")
    shell.people("sam:agent", "kim:agent", "lan:requester", "ana:requester")
    yield shell
    shell.close()
