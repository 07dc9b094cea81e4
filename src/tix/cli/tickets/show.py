"""A whole ticket, as a record and as a timeline on a terminal."""

from __future__ import annotations

import sys

from tix.cli.output import Printer, zone
from tix.render.records import formats
from tix.render.records.effects import EFFECT_FIELDS
from tix.render.records.formats import Kind
from tix.render.records.tickets import LIST_FIELDS, SHOW_FIELDS
from tix.render.safe import plain_field
from tix.typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tix.desk.aside import Aside

KIND = Kind((*LIST_FIELDS, *SHOW_FIELDS), None, "ref", True)
# What a write prints.
WRITTEN = Kind((*KIND.fields, *EFFECT_FIELDS), None, "ref", True)


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
    found: dict[str, Any],
    beside: Aside,
    *,
    events: bool = True,
    full: bool = False,
    ids: bool = False,
    markdown: bool = False,
) -> None:
    """The ticket on a terminal; ``ids``: with the numbers of entries; ``markdown``: texts drawn as Markdown."""
    from tix.render.terminal import timeline

    session = printer.session
    if session.remote is None and not session.is_read_only:
        from tix.cli import visits

        visits.visit(*visits.visitor(session), found["ref"], session.now)
    timeline.draw_ticket(
        found,
        now=printer.session.now,
        zone=zone(),
        console=printer.console(),
        events=events,
        full=full,
        next_commands=beside.next_commands,
        due_words=beside.due_words,
        labels=beside.labels,
        folds={} if full else beside.folds,
        ids=ids,
        markdown=markdown,
    )


def rule(printer: Printer) -> None:
    """A line between two tickets."""
    from tix.render.terminal import timeline

    timeline.draw_rule(printer.console())
