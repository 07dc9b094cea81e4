"""``tix merge``: merge tickets into one."""

from __future__ import annotations

from tix.cli import app
from tix.cli.options import Bulk, BulkReferences, Note, Output
from tix.cli.parameters import Option
from tix.cli.session import Session
from tix.cli.tickets.bulk import Change, write
from tix.cli.tickets.references import verb
from tix.cli.tickets.show import WRITTEN
from tix.typing import TYPE_CHECKING, Annotated
from tix.words.sentence import Said

if TYPE_CHECKING:
    from tix.domain.tickets.references import Reference


@app.prints(WRITTEN)
@verb
def command(
    session: Session,
    references: BulkReferences,
    into: Annotated[str, Option("--into", metavar="ID", help="Ticket to merge into, e.g. 12.")],
    note: Note = None,
    bulk: Bulk = Bulk(),  # noqa: B008  # an immutable value
    output: Output = Output(),  # noqa: B008  # an immutable value
) -> int:
    """Merge tickets into one."""
    from tix.cli.input.content import checked
    from tix.desk.tickets import merge
    from tix.domain.tickets.references import parse_reference

    target = parse_reference(into)
    untold = None if note is None else checked(note)
    if untold is not None:
        session.early.typed = ("merge", untold, False)

    agreed = bulk.yes or bulk.dry_run
    if not agreed and session.may_ask:
        lines = _disclosures(session, references, target)
        if lines and not _confirmed(session, lines):
            return 0
        agreed = True

    status = write(
        session,
        references,
        output,
        bulk,
        Change(
            lambda: merge.into(target, untold, agreed=agreed),
            "merge",
            {"into": target.text, "note": untold, "yes": agreed},
        ),
        lambda ticket: Said(
            "Merged {ref} into {merged_into}.", ref=ticket.ref, merged_into=ticket.merged_into
        ),
        lambda ticket: Said(
            "{ref} is already merged into {merged_into}.", ref=ticket.ref, merged_into=ticket.merged_into
        ),
    )
    _tell_over(session, target, status)
    return status


def _disclosures(session: Session, words: list[str], target: Reference) -> list[str]:
    """What the requesters will see, where it has to be agreed to."""
    from tix.cli.tickets import references
    from tix.desk.tickets import bulk, merge

    parsed = references.parse(words)
    if session.remote is not None:
        from tix.cli.tickets.on_server import rehearsed
        from tix.errors import Unconfirmed

        results = rehearsed(session.remote, parsed.references, "merge", {"into": target.text})
        return [one.error.message for one in results if isinstance(one.error, Unconfirmed)]
    desk = session.reader()
    return merge.disclosures(desk, bulk.expand(desk, parsed), target)


def _confirmed(session: Session, lines: list[str]) -> bool:
    from tix.cli.input import ask

    for line in lines:
        ask.tell(line)
    if ask.confirm(Said("Merge anyway?")):
        return True
    session.say(Said("Nothing was merged."))
    return False


def _tell_over(session: Session, target: Reference, status: int) -> None:
    """Warn that the target is resolved or closed, so the merged tickets are in no queue."""
    if status not in (0, 9):
        return
    if session.remote is not None:
        from tix.cli.tickets.on_server import told

        shown = session.remote.whole(target)
        assert shown is not None
        ticket = told(shown.record)
    else:
        from tix.desk.tickets.read import find
        from tix.domain.tickets.lifecycle import settled

        desk = session.reader()
        ticket = settled(find(desk, target), desk.now)
    if ticket.phase != "open":
        session.say(
            Said(
                "{ref} is {status}. To return it to the queue: tix reopen {number}",
                ref=ticket.ref,
                status=Said.named("status", ticket.status),
                number=ticket.number,
            )
        )
