"""Canned replies: saved texts, filled in for one ticket."""

from __future__ import annotations

from tix.desk.context import Desk
from tix.desk.resources.resource import Attribute, Resource
from tix.domain import canned
from tix.domain.canned import Canned


def _body(desk: Desk, text: str) -> str:
    return canned.checked(text)


CANNED: Resource[Canned] = Resource(
    "canned",
    (
        Attribute(
            "body",
            "TEXT",
            "Text of the reply; placeholders such as {{ ticket.ref }} are filled in.",
            _body,
            needed=True,
        ),
    ),
    lambda name: Canned(name, ""),
    ("name", "body", "active"),
)
