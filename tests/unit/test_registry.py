"""The registry of resources, beside the descriptions and the exports that have to agree with it."""

import subprocess
import sys

import pytest

from tix.desk.resources import catalog, registry
from tix.desk.transfer.validate import NOUNS
from tix.store.setup.rows import REPOSITORIES

DESCRIBED = {**NOUNS, "type": catalog.TYPE, "priority": catalog.PRIORITY}


def test_every_resource_that_is_described_has_a_title():
    assert sorted(registry.TITLES) == sorted(DESCRIBED)


@pytest.mark.parametrize("kind", registry.TITLES)
def test_a_repository_is_the_one_that_exports_read(kind):
    found = registry.repository(kind)
    assert found.noun == kind
    assert DESCRIBED[kind].repository is found
    assert REPOSITORIES.get(kind, found) is found


def test_what_is_no_kind_of_resource_has_no_repository():
    with pytest.raises(KeyError):
        registry.repository("view")


def test_a_name_is_looked_up_without_descriptions():
    """So `new --topic` and completion load no module that says what a change of a topic brings about."""
    told = "from tix.desk.resources import registry; registry.repository('topic'); import sys; print(*sys.modules)"
    loaded = subprocess.run(
        [sys.executable, "-c", told], capture_output=True, text=True, check=True
    ).stdout.split()
    assert "tix.store.setup.topics" in loaded
    described = {
        f"tix.desk.resources.{name}" for name in ("resource", "topics", "organisation", "sla", "catalog")
    }
    assert described.isdisjoint(loaded)
