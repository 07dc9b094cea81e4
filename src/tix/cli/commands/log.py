"""``tix log``: what has happened to a ticket, or on the desk."""

from __future__ import annotations

from tix.cli import app
from tix.cli.options import Cursor, Output
from tix.cli.output import Printer, zone
from tix.cli.parameters import Argument, Option
from tix.cli.session import Session
from tix.errors import UsageError
from tix.render.records.formats import Kind
from tix.typing import TYPE_CHECKING, Annotated, Any, NoReturn
from tix.words.sentence import Said

if TYPE_CHECKING:
    from collections.abc import Callable

    from tix.cli.remote.desk import Remote
    from tix.domain.tickets.references import Reference

FIELDS = (
    "ref",
    "id",
    "at",
    "kind",
    "by",
    "by_name",
    "via",
    "side",
    "body",
    "internal",
    "attachments",
    "event",
    "origin",
    "untrusted",
)
KIND = Kind(FIELDS, ("ref", "at", "kind", "by", "via", "body", "event"), "ref")


@app.prints(KIND)
@app.reading
def command(
    session: Session,
    reference: Annotated[
        str | None,
        Argument(metavar="[ID]", help="Ticket, e.g. 12 (default: the whole desk, newest first)."),
    ] = None,
    since: Annotated[
        str | None,
        Option("--since", metavar="WHEN", help="Only activity since then, e.g. 2026-12-01, monday, -2h."),
    ] = None,
    by: Annotated[str | None, Option("--by", metavar="WHO", help="Only activity by this person.")] = None,
    limit: Annotated[
        int | None, Option("--limit", min=0, metavar="N", help="Maximum number of lines (0: no limit).")
    ] = None,
    follow: Annotated[bool, Option("--follow", help="Keep printing new activity; ctrl-c stops.")] = False,
    notify: Annotated[
        bool, Option("--notify", help="With --follow: ring, and notify me of what others do.")
    ] = False,
    cursor: Cursor = None,
    output: Output = Output(),  # noqa: B008  # an immutable value
) -> None:
    """Show the activity of a ticket or of the whole desk."""
    from functools import partial

    from tix.domain.tickets.references import parse_reference

    if follow:
        from tix.cli.tickets import log_follow

        if cursor is not None:
            raise UsageError(Said("--follow and --cursor cannot be combined"))
        output = log_follow.lines(output)
    elif notify:
        raise UsageError(Said("--notify needs --follow"))
    printer = Printer(session, output, KIND)
    wanted = None if reference is None else parse_reference(reference)
    if follow:
        from tix.desk.queue import names
        from tix.desk.tickets import log as ticket_log

        if session.remote is not None:
            _follow_there(session, session.remote, printer, wanted, since, by, limit, notify=notify)
        desk = session.reader()
        start = None if since is None else desk.moment(since, past=True)
        author = None if by is None else names.login(desk, by)
        ends = ticket_log.LogFilter(wanted, start, author, log_follow.SHOWN_FIRST if limit is None else limit)
        log_follow.follow(
            session,
            ends,
            lambda found: printer.records(found, partial(_draw, printer, session.now)),
            _teller(session, notify=notify),
        )
    if cursor is not None or (printer.format == "json" and limit):
        from tix.cli.tickets import page

        if page.is_wanted(printer, limit, cursor):
            assert limit is not None
            page.show(printer, *session.records.log_page(wanted, since, by, limit, page.after(cursor)))
            return
    most = printer.most(limit, every=wanted is not None)
    records = session.records.log(wanted, since, by, most)
    printer.records(records, lambda found: _draw(printer, session.now, found))


def _follow_there(
    session: Session,
    remote: Remote,
    printer: Printer,
    wanted: Reference | None,
    since: str | None,
    by: str | None,
    limit: int | None,
    *,
    notify: bool,
) -> NoReturn:
    """Follow the log of a server."""
    from functools import partial

    from tix.cli.tickets import log_follow, log_there

    remote.refuse("--follow with --by", by)
    first = log_follow.SHOWN_FIRST if limit is None else limit
    log_there.follow(
        session,
        remote,
        wanted,
        since,
        first,
        lambda found: printer.records(found, partial(_draw, printer, session.now)),
        _teller(session, notify=notify),
    )


def _teller(session: Session, *, notify: bool) -> Callable[[list[dict[str, Any]]], None]:
    """What is done about entries that come while somebody follows."""
    if not notify:
        return lambda _: None
    from tix.cli.tickets.notify import Notifier

    return Notifier(session).tell


def _draw(printer: Printer, now: int, found: list[dict[str, Any]]) -> None:
    from tix.render.terminal import timeline

    if printer.columns is not None:
        printer.table(found)
        return
    timeline.draw_log(found, now=now, zone=zone(), console=printer.console())
