"""The user-defined workflows."""

from __future__ import annotations

from tix.domain.json_columns import dumps, loads
from tix.domain.workflows.plain import from_plain, plain
from tix.domain.workflows.workflow import Workflow
from tix.store.connection import Store
from tix.store.setup.repository import Repository
from tix.typing import cast

WORKFLOWS = Repository(
    "workflow",
    lambda row: from_plain(loads(row[1])),
    lambda one: {"name": one.name, "definition": cast("str", dumps(plain(one)))},
)


def get(store: Store, name: str) -> Workflow | None:
    """Return the workflow with that name, or None."""
    return WORKFLOWS.get(store, name)


def names(store: Store) -> list[str]:
    """Return the names of all of them."""
    return [workflow.name for workflow in WORKFLOWS.all(store)]
