"""``tix search``: full text, best first, in every phase."""

import sys
from collections.abc import Iterator
from typing import Annotated, Any

import typer

from tix.cli import app
from tix.cli.filter_options import FilterOptions
from tix.cli.options import Output
from tix.cli.output import Kind, Printer
from tix.cli.session import Session
from tix.desk.queue import select
from tix.domain.texts import is_blank
from tix.errors import InvalidValue
from tix.render.records.tickets import LIST_FIELDS, ticket_record

KIND = Kind(
    (*LIST_FIELDS, "snippet", "score"),
    "ref status priority assignee requester due_at subject".split(),
    "ref",
    True,
)


@app.reading
def command(
    session: Session,
    words: Annotated[
        list[str],
        typer.Argument(metavar="TEXT…", help="Words AND; word*, '\"a phrase\"', '-word' in quotes."),
    ],
    without: Annotated[
        list[str] | None, typer.Option("--not", metavar="WORD", help="Without that word.")
    ] = None,
    in_: Annotated[
        str | None, typer.Option("--in", metavar="subject", help="Look in subjects alone.")
    ] = None,
    filters: FilterOptions = FilterOptions(),  # noqa: B008  # an immutable value
    output: Output = Output(),  # noqa: B008  # as above
) -> None:
    """Full text over everything you may see."""
    from tix.domain.permissions import require
    from tix.domain.search import parse_query
    from tix.store.search import fulltext

    printer = Printer(session, output, KIND)
    if in_ not in (None, "subject"):
        raise InvalidValue(f"'{in_}' is not a place to search in", hint="--in subject")
    if all(is_blank(word) for word in words):
        raise InvalidValue("there is nothing to search for", hint="tix search printer")
    desk = session.reader()
    require(desk.actor, "search")
    query = parse_query(words, without or [])
    limit = select.limit(filters, printer.rows)
    chosen = select.found(desk, filters)
    if filters.only_count:
        every = fulltext.search(desk.store, desk.scope, query, chosen._replace(limit=-1), desk.now, in_)
        sys.stdout.write(f"{len(every)}\n")
        return
    hits = fulltext.search(desk.store, desk.scope, query, chosen._replace(limit=limit), desk.now, in_)
    wanted = [word for term in query.wanted for word in term.words]

    # A snippet is cut from the text of its entry: only where somebody will see it.
    shows = "snippet" in (
        printer.columns or (KIND.fields if printer.format in ("json", "jsonl", "csv") else ())
    )

    if shows:
        hits = fulltext.located(desk.store, desk.scope, query, hits, in_)

    def records() -> Iterator[dict[str, Any]]:
        from tix.domain.search import snippet

        for hit in hits:
            row = hit.row
            record = ticket_record(
                row.ticket, row.requester_name, row.requester_email, desk.scope.staff, desk.now
            )
            record["snippet"] = None
            if hit.document is not None and shows:
                text = fulltext.document(desk.store, desk.scope, row.ticket, hit.document)
                record["snippet"] = snippet(text, wanted)
            record["score"] = round(hit.score, 4)
            if printer.answers:
                record["fields"] = row.ticket.field_values(staff=desk.scope.staff)
            yield record

    printer.records(
        records(),
        lambda found: _draw(printer, desk, found, limit),
        none=f"nothing has the words '{' '.join(words)}'",
    )


def _draw(printer: Printer, desk: Any, found: list[dict[str, Any]], limit: int) -> None:
    from tix.cli.output import zone
    from tix.render.terminal import tables

    footer = f"the best {limit}; --limit 0 shows all" if len(found) == limit else None
    tables.draw_tickets(
        found, printer.columns, now=desk.now, zone=zone(), console=printer.console(), footer=footer
    )
