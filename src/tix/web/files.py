"""Attachments on the page: what may be sent, and how files are saved."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tix.api.downloads import Download
from tix.api.server.protocol import BODY_BYTES
from tix.desk.tickets import attachments, files
from tix.domain.files.attachments import PROGRAMS
from tix.domain.files.sizes import format_size
from tix.errors import NotFound

if TYPE_CHECKING:
    from tix.desk.context import Desk
    from tix.web.catalog import Words
    from tix.web.visit import Visit

# What the fields and the frame of a form may take of the longest body.
_REST_BYTES = 2_000_000


def limits(desk: Desk, words: Words) -> str:
    """Return how large files may be, and of which types, for people to read before they send any."""
    policy = files.policy(desk)
    size = format_size(min(policy.max_total, BODY_BYTES - _REST_BYTES))
    said = [words("files.limit", size=size)]
    if policy.types is not None:
        said.append(words("files.types", types=_named(policy.types - policy.denied)))
    elif policy.denied and policy.denied <= PROGRAMS:
        said.append(words("files.programs"))
    elif policy.denied:
        said.append(words("files.denied", types=_named(policy.denied)))
    return " ".join(said)


def _named(kinds: frozenset[str]) -> str:
    return ", ".join(sorted(kind.upper() for kind in kinds)) or "–"


def save(visit: Visit) -> Download:
    """Return a file of a ticket that the visitor may see. Raises NotFound."""
    word = visit.path["file"]
    if not (word.isascii() and word.isdigit() and len(word) < 16):
        raise NotFound(f"no file {word}")
    found = attachments.get(visit.desk, visit.reference, int(word))
    return Download(
        found.file, lambda write, start, size: attachments.copy(visit.desk, found, write, start, size)
    )
