"""What the nouns share: a write prints the key when piped, a sentence on a terminal, the record otherwise."""

from __future__ import annotations

import sys
from typing import Any

from tix.cli.printing import Printer
from tix.cli.session import Session


def wrote(
    session: Session, printer: Printer, record: dict[str, Any], done: str, changed: bool = True
) -> None:
    """Tells what a write to a noun did; ``changed`` is False where it was so already."""
    name = str(record[printer.kind.key])
    if not changed:
        session.say(f"{name} is so already")
    if printer.columns is None and printer.format == "table":
        if changed:
            session.say(f"{name} {done}")
    elif printer.columns is None and printer.format in ("plain", "ids"):
        sys.stdout.write(name + "\n")
    else:
        printer.one(record)
