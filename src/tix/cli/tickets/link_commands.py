"""``tix link`` and ``tix unlink``."""

from __future__ import annotations

from tix.cli import app
from tix.cli.options import One, Output, Reference
from tix.cli.output import Printer
from tix.cli.parameters import Argument
from tix.cli.session import Session
from tix.cli.tickets import show
from tix.cli.tickets.references import verb as ticket_verb
from tix.typing import Annotated, Any
from tix.words.sentence import Said

Relation = Annotated[
    str,
    Argument(
        metavar="RELATION", help="Kind of link: blocks, blocked-by, parent, child, duplicates or relates."
    ),
]
Other = Annotated[str, Argument(metavar="ID", help="The other ticket, e.g. 12.")]


def verb(name: str, summary: str) -> Any:
    """Build the command that adds or removes a link."""

    def command(
        session: Session,
        reference: Reference,
        relation: Relation,
        other: Other,
        how: One = One(),  # noqa: B008  # an immutable value
        output: Output = Output(),  # noqa: B008  # as above
    ) -> None:
        from tix.cli.tickets.bulk import Change
        from tix.cli.tickets.single import done_to, print_one
        from tix.desk.tickets import links
        from tix.domain.tickets.links import WORDS, parse_relation
        from tix.domain.tickets.references import parse_reference

        printer = Printer(session, output, show.WRITTEN)
        one, two = parse_reference(reference), parse_reference(other)
        kind = parse_relation(relation)
        write = links.link if name == "link" else links.unlink
        change = Change(
            lambda: lambda desk, reference: write(desk, reference, kind, two),
            name,
            {"relation": kind, "ticket": two.text},
        )
        outcome, records = done_to(session, one, change, how)
        pair = {"ref": outcome.ticket.ref, "relation": Said.named("relation", WORDS[kind]), "other": two.text}
        if outcome.already and not outcome.repeated:
            if name == "link":
                session.say(Said("Already linked: {ref} {relation} {other}.", **pair))
            else:
                session.say(Said("No such link: {ref} {relation} {other}.", **pair))
        elif printer.is_table and not outcome.already:
            if name == "link":
                session.tell_done(Said("Linked: {ref} {relation} {other}.", **pair))
            else:
                session.tell_done(Said("Removed the link: {ref} {relation} {other}.", **pair))
        print_one(printer, outcome, records)

    command.__doc__ = summary
    return app.prints(show.WRITTEN)(ticket_verb(command))
