"""Commands about several mails, named by their numbers."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable

from tix.cli import numbers
from tix.cli.output import Printer
from tix.cli.parameters import Argument
from tix.cli.session import Session
from tix.typing import TYPE_CHECKING, Annotated, Any, TypeVar

if TYPE_CHECKING:
    from tix.desk.context import Desk

Mail = TypeVar("Mail")

Ids = Annotated[
    list[str], Argument(metavar="ID…", help="Numbers of mails, e.g. 7 (-: read numbers from stdin).")
]

# What else a word is not, and where the numbers are.
_MAIL = ("the number of a mail", "tix mail outbox, or tix mail quarantine")


def each(
    session: Session,
    printer: Printer,
    ids: Iterable[str],
    act: Callable[[Desk, int], Mail],
    record: Callable[[Mail], dict[str, Any]],
    words: Callable[[Mail], str],
) -> int:
    """Act on each mail; print the numbers when piped, records where asked, a sentence each on a terminal."""
    from tix.cli.tickets.bulk import Results

    wanted, single = numbers.numbers(list(ids), *_MAIL)
    desk = session.writer()
    results = Results(session, single)
    done: list[Mail] = []
    for number in wanted:
        with results.item(str(number)):
            done.append(act(desk, number))
    results.tell()
    records = [record(one) for one in done]
    if printer.format == "table" and printer.columns is None:
        for one in done:
            session.say(words(one))
    elif printer.format in ("plain", "ids") and printer.columns is None:
        sys.stdout.writelines(f"{one['id']}\n" for one in records)
    elif single and records:
        printer.one(records[0])
    else:
        printer.records(records)
    return results.status


def number(word: str) -> int:
    """Return the number of a mail that a word names. Raises InvalidValue."""
    return numbers.number(word, *_MAIL)
