"""``tix rate``: the requester's judgement, once."""

from __future__ import annotations

from tix.cli import app
from tix.cli.options import Bulk, One, Output, Reference
from tix.cli.parameters import Argument, Option
from tix.cli.session import Session
from tix.cli.tickets.bulk import Change, write
from tix.cli.tickets.references import verb
from tix.cli.tickets.show import WRITTEN
from tix.typing import Annotated
from tix.words.sentence import Said


@app.prints(WRITTEN)
@verb
def command(
    session: Session,
    reference: Reference,
    stars: Annotated[str, Argument(metavar="STARS", help="Rating from 1 (worst) to 5 (best).")],
    comment: Annotated[str | None, Option("--comment", metavar="TEXT", help="Comment on the rating.")] = None,
    how: One = One(),  # noqa: B008  # an immutable value
    output: Output = Output(),  # noqa: B008  # as above
) -> int:
    """Rate the help you got, 1 to 5."""
    from tix.cli.input.content import checked
    from tix.desk.tickets import status
    from tix.domain.tickets.lifecycle import parse_stars
    from tix.domain.tickets.references import parse_reference

    parse_reference(reference)
    number = parse_stars(stars)
    words = None if comment is None else checked(comment)
    return write(
        session,
        [reference],
        output,
        Bulk(**how._asdict()),
        Change(
            lambda: lambda desk, found: status.rate(desk, found, number, words),
            "rating",
            {"stars": number, "comment": words},
        ),
        lambda ticket: Said("Rated {ref} {rating} of 5. Thank you.", ref=ticket.ref, rating=ticket.rating),
        lambda ticket: Said("{ref} is already rated.", ref=ticket.ref),
    )
