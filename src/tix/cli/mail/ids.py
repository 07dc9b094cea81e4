"""Commands about several mails, named by their numbers."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from tix.cli import numbers
from tix.cli.output import Printer
from tix.cli.parameters import Argument
from tix.cli.session import Session
from tix.typing import TYPE_CHECKING, Annotated, Any, Literal, TypeVar

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
    *,
    effect: Literal["updated", "deleted"] = "updated",
    look: Callable[[Desk, int], dict[str, Any]] | None = None,
    undo: str | None = None,
) -> int:
    """Act on each mail; print the numbers when piped, records where asked, a sentence each on a terminal.

    ``look`` finds the record of one before, and ``undo`` is the command that takes it back.
    """
    from tix.cli.errors import Results
    from tix.cli.writes import written
    from tix.render.records import effects

    wanted, single = numbers.numbers(list(ids), *_MAIL)
    desk = session.writer()
    results = Results(session, single)
    records: list[dict[str, Any]] = []
    said: list[str] = []
    for number in wanted:
        with results.item(str(number)):
            before = None if look is None else look(desk, number)
            done = act(desk, number)
            back = None if undo is None else ["tix", *undo.split(), str(number)]
            records.append(
                effects.done(
                    effect,
                    record(done),
                    before=before,
                    undo=back,
                    rehearsed=session.rehearses,
                    is_changed=None if before is not None else True,
                )
            )
            said.append(words(done))
    results.tell()
    written.several(session, printer, records, said, single=single)
    return results.status


def number(word: str) -> int:
    """Return the number of a mail that a word names. Raises InvalidValue."""
    return numbers.number(word, *_MAIL)
