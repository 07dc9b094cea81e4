"""``tix split``: a new ticket from entries of this one."""

from __future__ import annotations

from tix.cli import app
from tix.cli.options import One, Output, Reference
from tix.cli.output import Printer
from tix.cli.parameters import Option
from tix.cli.session import Session
from tix.cli.tickets import show
from tix.cli.tickets.references import verb
from tix.errors import InvalidValue, UsageError
from tix.typing import TYPE_CHECKING, Annotated
from tix.words.sentence import Said

if TYPE_CHECKING:
    from tix.domain.tickets import references as domain

_LONGEST_LINE = 60


@app.prints(show.WRITTEN)
@verb
def command(
    session: Session,
    reference: Reference,
    entry: Annotated[
        list[str] | None,
        Option(
            "--entry",
            metavar="N,M-O",
            help="Ids of the entries to move, e.g. 12,15-18, as in tix show --json (asked for if left out).",
        ),
    ] = None,
    subject: Annotated[
        str | None,
        Option(
            "--subject",
            metavar="TEXT",
            help="Subject of the new ticket (default: the subject of the old one).",
        ),
    ] = None,
    how: One = One(),  # noqa: B008  # an immutable value
    output: Output = Output(),  # noqa: B008  # as above
) -> None:
    """Split entries of a ticket into a new ticket."""
    from tix.cli.tickets.bulk import Change
    from tix.cli.tickets.single import done_to, print_one
    from tix.desk.tickets import split
    from tix.domain.tickets.references import parse_reference
    from tix.domain.tickets.split import parse_entries
    from tix.domain.values import parse_subject

    printer = Printer(session, output, show.WRITTEN)
    wanted = parse_reference(reference)
    spans = [span for word in entry or () for span in parse_entries(word)]
    title = None if subject is None else parse_subject(subject)
    if not entry:
        spans = _asked(session, wanted)
    change = Change(
        lambda: lambda desk, ticket: split.split(desk, ticket, spans, title),
        "split",
        {"entries": [f"{low}-{high}" for low, high in spans], "subject": title},
    )
    outcome, records = done_to(session, wanted, change, how)
    if printer.is_table and not outcome.already:
        session.tell_done(
            Said("Created {ref} from entries of {text}.", ref=outcome.ticket.ref, text=wanted.text)
        )
    print_one(printer, outcome, records)


def _asked(session: Session, wanted: domain.Reference) -> list[tuple[int, int]]:
    """Lists the entries that can be split off and asks which. Raises UsageError where nobody can answer."""
    if not session.may_ask:
        raise UsageError(
            Said("no entries given"),
            hint=Said(
                "{command}; for the ids: {show}",
                command=f"tix split {wanted.text} --entry 12,15-18",
                show=f"tix show {wanted.text} --json",
            ),
        )
    from tix.cli.input import ask
    from tix.cli.output import zone
    from tix.domain.search import snippet
    from tix.domain.tickets.split import parse_entries
    from tix.domain.times import parse_instant
    from tix.render.words import local

    entries = session.records.splittable(wanted)
    last = entries[-1]["id"]
    digits = max(len(str(item["id"])) for item in entries)
    for item in entries:
        text = snippet(
            item["body"] or ", ".join(file["name"] for file in item["attachments"]), (), _LONGEST_LINE
        )
        kind = "note" if item["internal"] else item["kind"]
        at = local(parse_instant(item["at"]), zone())
        ask.tell(f"{item['id']!s:>{digits}}  {at}  {item['by'] or 'tix'} ({kind}): {text}")
    while True:
        answer = ask.line(Said("Entries for the new ticket, e.g. {last}:", last=last))
        try:
            return parse_entries(answer)
        except InvalidValue as error:
            ask.tell(
                Said(
                    "{message}; the ids are in the first column, e.g. {last}",
                    message=error.message,
                    last=last,
                )
            )
