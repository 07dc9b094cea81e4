"""My notifications: what other people did on tickets that concern me."""

from __future__ import annotations

from tix.cli import app
from tix.cli.options import Output
from tix.cli.output import Printer, zone
from tix.cli.parameters import Argument, Option
from tix.cli.session import Session
from tix.cli.writes.command import writing
from tix.errors import UsageError
from tix.render.records.formats import Kind
from tix.typing import Annotated, Any
from tix.words.sentence import Said

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
        none=Said("No notifications.") if all_ else Said("No new notifications."),
    )
    if printer.is_table and not all_ and 0 < most < (waiting := desk.unread()):
        session.say(
            Said("Showing {shown} of {n}. To see all: tix notification list --limit 0", shown=most, n=waiting)
        )


@writing(KIND)
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
    from tix.cli.errors import Results
    from tix.cli.numbers import numbers

    printer = Printer(session, output, KIND)
    if bool(ids) == all_:
        raise UsageError("no notifications given", hint="tix notification read ID, or --all")
    if all_:
        done = notifications.of(session).read_all()
        if not done:
            session.say(Said("No new notifications."))
        _print(session, printer, [_read(session, one) for one in done], single=False)
        return 0
    wanted, single = numbers(ids or [], "a notification number", "tix notification list")
    results = Results(session, single)
    done = []
    for one in notifications.of(session).read(wanted):
        with results.item(str(one.id)):
            if one.error is not None:
                raise one.error
            assert one.record is not None
            done.append(_read(session, one.record, was_unread=one.was_unread))
            if not one.was_unread:
                session.say(Said("Notification {id} is already read.", id=one.id))
    results.tell()
    _print(session, printer, done, single=single)
    return results.status


def _read(session: Session, record: dict[str, Any], *, was_unread: bool = True) -> dict[str, Any]:
    """A notification that was marked as read, and what that changed."""
    from tix.render.records import effects

    before = {**record, "read": not was_unread and record["read"]}
    return effects.done("updated", record, before=before, rehearsed=session.rehearses)


def _print(session: Session, printer: Printer, records: list[dict[str, Any]], *, single: bool) -> None:
    """The numbers when piped, one a line; with a record format what was read."""
    from tix.cli.writes import written

    number = len(records)
    said = f"Marked {number} {'notification' if number == 1 else 'notifications'} as read."
    written.several(session, printer, records, [said], single=single and printer.format == "json")


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


MUTED = Kind(("muted",), None, "muted")


@writing(MUTED)
def mute(session: Session, rules: MutedRules, output: Output = Output()) -> None:  # noqa: B008  # as above
    """Stop sending me mail for these rules; the inbox still shows them."""
    from tix.cli.desks import notifications

    printer = Printer(session, output, MUTED)
    before = _muted_now(session)
    _muted(session, printer, before, notifications.of(session).mute(rules))


@writing(MUTED)
def unmute(session: Session, rules: MutedRules, output: Output = Output()) -> None:  # noqa: B008  # as above
    """Send me mail for these rules again."""
    from tix.cli.desks import notifications

    printer = Printer(session, output, MUTED)
    before = _muted_now(session)
    _muted(session, printer, before, notifications.of(session).unmute(rules))


def _muted_now(session: Session) -> list[str] | None:
    from tix.cli.desks import notifications

    return notifications.of(session).muted()


def _muted(session: Session, printer: Printer, before: list[str] | None, rules: list[str]) -> None:
    """Say about which rules no mail comes: always, because it is all that is asked for."""
    from tix.cli.writes import written
    from tix.render.records import effects

    more = [rule for rule in rules if rule not in (before or ())]
    fewer = [rule for rule in before or () if rule not in rules]
    undo = None if before is None else ["tix", "notification", "unmute" if more else "mute", *(more or fewer)]
    record = effects.done(
        "updated",
        {"muted": rules},
        before=None if before is None else {"muted": before},
        undo=undo,
        rehearsed=session.rehearses,
        is_changed=True if before is None else None,
    )
    if session.trial is not None:
        session.trial.keep([], single=True)
    if session.rehearses:
        session.say(f"There would be no mail about: {', '.join(rules) or 'nothing'}.")
    else:
        session.say(f"No mail about: {', '.join(rules)}." if rules else "You get mail for every rule.")
    if printer.columns is not None or printer.format not in ("table", "plain", "ids"):
        written.show(printer, [record], single=True)


COMMANDS = {"list": list_, "read": read, "rules": rules, "mute": mute, "unmute": unmute}
