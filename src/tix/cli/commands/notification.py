"""My notifications: what other people did on tickets that concern me."""

from __future__ import annotations

import sys

from tix.cli import app
from tix.cli.options import Output
from tix.cli.output import Printer, zone
from tix.cli.parameters import Argument, Option
from tix.cli.session import Session
from tix.errors import UsageError
from tix.render.records.formats import Kind
from tix.typing import Annotated, Any

KIND = Kind(("id", "at", "ref", "subject", "reason", "by", "read"), None, "id")
RULES = Kind(("reason", "what", "who", "mailed"), None, "reason")


def draw(
    printer: Printer, found: list[dict[str, Any]], now: int, *, every: bool, columns: list[str] | None = None
) -> None:
    """The table: when is relative, as in the queue; whether they are read only where some are."""
    from tix.domain.times import parse_instant
    from tix.render.terminal import tables
    from tix.render.words import relative

    shown = columns or ["id", "at", "ref", "reason", "by", *(["read"] if every else []), "subject"]
    whens = [relative(parse_instant(one["at"]), now, zone()) for one in found]
    rows = [{**one, "at": when} for one, when in zip(found, whens, strict=True)]
    tables.draw_records(rows, shown, console=printer.console())


@app.prints(KIND)
@app.reading
def list_(
    session: Session,
    all_: Annotated[bool, Option("--all", help="Include notifications already read.")] = False,
    limit: Annotated[
        int | None,
        Option("--limit", min=0, metavar="N", help="Maximum number of notifications (0: no limit)."),
    ] = None,
    output: Output = Output(),  # noqa: B008  # an immutable value
) -> None:
    """List my unread notifications, newest first."""
    printer = Printer(session, output, KIND)
    desk = session.records
    most = printer.most(limit)
    printer.records(
        desk.notifications(every=all_, limit=most),
        lambda found: draw(printer, found, session.now, every=all_, columns=printer.columns),
        none="No notifications." if all_ else "No new notifications.",
    )
    if printer.is_table and not all_ and 0 < most < (waiting := desk.unread()):
        session.say(f"Showing {most} of {waiting}. To see all: tix notification list --limit 0")


@app.prints(KIND)
@app.command
def read(
    session: Session,
    ids: Annotated[
        list[str] | None,
        Argument(metavar="[ID]…", help="Notification numbers, e.g. 7 (-: read numbers from stdin)."),
    ] = None,
    all_: Annotated[bool, Option("--all", help="Mark all notifications as read.")] = False,
    output: Output = Output(),  # noqa: B008  # as above
) -> int:
    """Mark notifications as read."""
    from tix.cli.desks import notifications
    from tix.cli.numbers import numbers
    from tix.cli.tickets.bulk import Results

    printer = Printer(session, output, KIND)
    if bool(ids) == all_:
        raise UsageError("no notifications given", hint="tix notification read ID, or --all")
    if all_:
        done = notifications.of(session).read_all()
        if not done:
            session.say("No new notifications.")
        _print(printer, done, single=False)
        return 0
    wanted, single = numbers(ids or [], "a notification number", "tix notification list")
    results = Results(session, single)
    done = []
    for one in notifications.of(session).read(wanted):
        with results.item(str(one.id)):
            if one.error is not None:
                raise one.error
            assert one.record is not None
            done.append(one.record)
            if not one.was_unread:
                session.say(f"Notification {one.id} is already read.")
    results.tell()
    _print(printer, done, single=single)
    return results.status


def _print(printer: Printer, records: list[dict[str, Any]], *, single: bool) -> None:
    """The numbers when piped, one a line; with a record format what was read."""
    if printer.columns is None and printer.is_table:
        number = len(records)
        printer.session.say(f"Marked {number} {'notification' if number == 1 else 'notifications'} as read.")
    elif printer.columns is None and printer.format in ("plain", "ids"):
        sys.stdout.writelines(f"{one['id']}\n" for one in records)
    elif single and printer.format == "json":
        printer.one(records[0])
    else:
        printer.records(records)


@app.prints(RULES)
@app.reading
def rules(session: Session, output: Output = Output()) -> None:  # noqa: B008  # as above
    """Show who is notified of what; the first matching rule applies."""
    from tix.cli.desks import notifications

    printer = Printer(session, output, RULES)
    printer.records(notifications.of(session).rules())


MutedRules = Annotated[
    list[str], Argument(metavar="RULE…", help="Rules (tix notification rules), e.g. changed, or all.")
]


@app.command
def mute(session: Session, rules: MutedRules) -> None:
    """Stop sending me mail for these rules; the inbox still shows them."""
    from tix.cli.desks import notifications

    _muted(session, notifications.of(session).mute(rules))


@app.command
def unmute(session: Session, rules: MutedRules) -> None:
    """Send me mail for these rules again."""
    from tix.cli.desks import notifications

    _muted(session, notifications.of(session).unmute(rules))


def _muted(session: Session, rules: list[str]) -> None:
    session.say(f"No mail about: {', '.join(rules)}." if rules else "You get mail for every rule.")


COMMANDS = {"list": list_, "read": read, "rules": rules, "mute": mute, "unmute": unmute}
