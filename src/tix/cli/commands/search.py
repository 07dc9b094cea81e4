"""``tix search``: full text, best first, in every phase."""

from __future__ import annotations

import sys

from tix.cli import app
from tix.cli.filter_options import FilterOptions
from tix.cli.options import Cursor, FailEmpty, Output
from tix.cli.output import NOTHING_FOUND, Printer
from tix.cli.parameters import Argument, Option
from tix.cli.session import Session
from tix.desk.queue import select
from tix.domain.texts import is_blank
from tix.errors import InvalidValue
from tix.render.records.formats import Kind
from tix.render.records.tickets import LIST_FIELDS
from tix.typing import Annotated, Any
from tix.words.sentence import Said

KIND = Kind(
    (*LIST_FIELDS, "snippet", "matches", "score"),
    "ref status priority assignee requester due_at subject".split(),
    "ref",
    True,
)


@app.prints(KIND)
@app.reading
def command(
    session: Session,
    words: Annotated[
        list[str],
        Argument(
            metavar="TEXT…",
            help="Words to search for: printer, print* (prefix), '\"a phrase\"', '-word' (exclude).",
        ),
    ],
    without: Annotated[
        list[str] | None,
        Option("--not", metavar="WORD", help="Exclude a word, e.g. paper; repeatable."),
    ] = None,
    in_: Annotated[str | None, Option("--in", metavar="subject", help="Search subjects only.")] = None,
    filters: FilterOptions = FilterOptions(),  # noqa: B008  # an immutable value
    cursor: Cursor = None,
    fail_empty: FailEmpty = False,
    output: Output = Output(),  # noqa: B008  # as above
) -> int:
    """Search the text of all tickets you may see."""
    printer = Printer(session, output, KIND)
    if in_ not in (None, "subject"):
        raise InvalidValue(
            Said("'{in_}' is not a place to search in", in_=in_), hint=Said("use --in subject")
        )
    if all(is_blank(word) for word in words):
        raise InvalidValue(Said("no words to search for"), hint="tix search printer")
    desk = session.records
    limit = select.limit(filters, printer.rows)
    if filters.only_count:
        number = desk.count_found(words, without or [], filters, only_subject=in_ is not None)
        sys.stdout.write(f"{number}\n")
        return NOTHING_FOUND if fail_empty and not number else 0
    # A snippet is cut from the text of its entry: only where somebody will see it.
    if cursor is not None or (printer.format == "json" and filters.limit):
        from tix.cli.tickets import page

        if page.is_wanted(printer, filters.limit, cursor):
            asked = (words, without or [], filters)
            with_answers = bool(printer.answers)
            after = page.after(cursor)
            found = desk.found_page(asked, limit, after, only_subject=in_ is not None, answers=with_answers)
            has_any = page.show(printer, *found)
            return NOTHING_FOUND if fail_empty and not has_any else 0
    whole = KIND.fields if printer.format in ("json", "jsonl", "csv", "tsv", "table") else ()
    chosen = printer.columns or whole
    snippets = "snippet" in chosen or "matches" in chosen
    hits = desk.found(
        words,
        without or [],
        filters,
        only_subject=in_ is not None,
        limit=limit,
        answers=bool(printer.answers),
        snippets=snippets,
    )
    printer.records(
        hits,
        lambda found: _draw(printer, found, limit),
        none=Said("No ticket matches '{words}'.", words=" ".join(words)),
    )
    return NOTHING_FOUND if fail_empty and not printer.count else 0


def _draw(printer: Printer, found: list[dict[str, Any]], limit: int) -> None:
    from tix.cli.output import zone
    from tix.render.terminal import queue_table

    footer = f"Showing the best {limit}; to see all: --limit 0" if len(found) == limit else None
    if any(not one["score"] for one in found):
        # Too many tickets match to rank them (desk.queue.search).
        ranked = sum(bool(one["score"]) for one in found)
        said = (
            f"the first {ranked} are ranked, the others are newest first"
            if ranked
            else "newest first, not ranked"
        )
        footer = f"{footer or 'Too many matches'}; {said}"
    queue_table.draw(
        found, printer.columns, now=printer.session.now, zone=zone(), console=printer.console(), footer=footer
    )
