"""Pages of ``list``, ``search`` and ``log``: some records with ``--limit``, and the cursor that ``--cursor`` goes on with."""

from __future__ import annotations

import sys

from tix.errors import UsageError
from tix.typing import TYPE_CHECKING, Any
from tix.words.sentence import Said

if TYPE_CHECKING:
    from tix.cli.output import Printer

Record = dict[str, Any]
# The cursor of the first page, which has none before it.
FIRST = "first"


def is_wanted(printer: Printer, limit: int | None, cursor: str | None) -> bool:
    """Return whether a list is printed as a page: JSON with a limit, or any format with a cursor. Raises UsageError."""
    if cursor is None:
        return printer.format == "json" and limit is not None and limit > 0
    if limit is None or limit <= 0:
        raise UsageError(
            Said("--cursor needs --limit"),
            hint=Said("for example: tix list --json --limit 50 --cursor first"),
        )
    return True


def after(cursor: str | None) -> str | None:
    """Return the cursor that a page begins behind; None for the first page."""
    return None if cursor == FIRST else cursor


def show(printer: Printer, records: list[Record], following: str | None) -> bool:
    """Print a page and return whether it has records; the cursor of the next is in the envelope, else in a notice."""
    printer.next_cursor = following
    printer.records(records)
    if following is None or printer.has_envelope:
        return bool(records)
    from tix.cli.messages import wants_json

    if not wants_json(printer.session.early.argv):
        printer.session.say(Said("There is more: --cursor {following}", following=following))
        return bool(records)
    from tix.domain.json_columns import encoder

    told = {"code": "more", "message": "there is more; go on with --cursor", "next": following}
    sys.stderr.write(encoder()({"notice": told}) + "\n")
    return bool(records)
