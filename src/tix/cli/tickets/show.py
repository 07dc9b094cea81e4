"""A whole ticket, as a record and as a timeline on a terminal."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

from tix.cli.output import Printer, zone
from tix.render.records import formats
from tix.render.records.formats import Kind
from tix.render.records.tickets import LIST_FIELDS, SHOW_FIELDS
from tix.render.safe import plain_field

if TYPE_CHECKING:
    from tix.desk.context import Desk
    from tix.desk.tickets.read import FullTicket

KIND = Kind((*LIST_FIELDS, *SHOW_FIELDS), None, "ref", True)

# The verbs a person is likely to want next, by what they may do; a trigger only where it would do something.
_TRIGGERS = ("start", "resolve", "close", "reopen")


def plain(found: dict[str, Any]) -> None:
    """One ``key TAB value`` a line, then the entries, one a line."""
    from tix.render.words import entry_kind

    for name, value in found.items():
        if name != "thread":
            sys.stdout.write(f"{name}\t{plain_field(formats.text_of(value))}\n")
    for item in found["thread"]:
        event = item["event"] or {}
        changed = [event.get(key) for key in ("type", "field", "old", "new", "reason")]
        what = item["body"] if item["event"] is None else " ".join(word for word in changed if word)
        files = ",".join(file["name"] for file in item["attachments"])
        kind = item["kind"] if item["event"] else entry_kind(item)
        cells = [kind, item["at"], item["by"], item["side"], what, files]
        sys.stdout.write("\t".join(plain_field(formats.text_of(cell)) for cell in cells) + "\n")


def draw(
    printer: Printer,
    desk: Desk,
    whole: FullTicket,
    found: dict[str, Any],
    *,
    events: bool = True,
    full: bool = False,
    hints: bool = True,
) -> None:
    """The ticket on a terminal."""
    from tix.desk.mail.quoted import folds
    from tix.render.terminal import timeline

    ticket, due_words, labels = whole.ticket, "", {}
    if whole.scope.staff and ticket.due_at is not None:
        from tix.desk.tickets.why import in_short
        from tix.domain.tickets.lifecycle import settled

        due_words = in_short(desk, settled(ticket, desk.now))
    if ticket.topic is not None and found["fields"]:
        labels = {field.key: field.label for field in desk.asked(ticket.topic)}
    timeline.draw_ticket(
        found,
        now=desk.now,
        zone=zone(),
        console=printer.console(),
        events=events,
        full=full,
        next_commands=next_commands(desk, whole) if hints else (),
        due_words=due_words,
        labels=labels,
        folds={} if full else folds(desk, whole),
    )


def next_commands(desk: Desk, whole: FullTicket) -> list[str]:
    """Return the commands a person looking at the ticket is likely to type next."""
    from tix.desk.tickets.possible import possible

    ticket, may = whole.ticket, possible(desk, whole)
    number = ticket.number
    if whole.merged:
        shown = [] if ticket.merged_into is None else [f"tix show {ticket.merged_into}"]
        return [*shown, f"tix unmerge {number}"] if desk.actor.is_staff else [f"tix reply {number}"]
    if may.final:
        return [f'tix new --about ticket:{number} "…"']
    commands = [f"tix reply {number}"]
    if may.claim:
        commands.append(f"tix claim {number}")
    commands += [f"tix {verb} {number}" for verb in _TRIGGERS if verb in may.triggers]
    if may.rate:
        commands.append(f"tix rate {number} 5")
    return commands
