"""What a ticket has no field for, as lines of an internal note."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from tix.importers import fields as read
from tix.importers.fields import Record
from tix.importers.record import ImportedAuthor, ImportedComment


def aside(lines: Iterable[str], at: int, by: ImportedAuthor | None = None) -> Iterator[ImportedComment]:
    """Yield one internal note with the lines that are not empty; nothing without any."""
    body = "\n".join(line for line in lines if line)
    if body:
        yield ImportedComment(at, by, body, internal=True)


def line(name: str, value: object) -> str:
    """Return ``Environment: Firefox 12``; below the name where the value has several lines; empty without a value."""
    if isinstance(value, bool):
        words = "yes" if value else "no"
    elif isinstance(value, str | int | float):
        words = read.clean(str(value)).strip()
    else:
        words = ""
    if not words:
        return ""
    title = read.one_line(name)  # a key of the file, as often as a name of ours
    return f"{title}:\n{words}" if "\n" in words else f"{title}: {words}"


def people(name: str, others: Iterable[ImportedAuthor | None]) -> str:
    """Return ``Followers: Ann Lee, bob``; empty for nobody."""
    return line(name, ", ".join(read.distinct(called(one) for one in others if one is not None)))


def called(person: ImportedAuthor) -> str:
    """Return a person as text: a name, else a login or an address."""
    return person.name or person.login or person.email or ""


def attachments(record: Record, field: str, names: tuple[str, ...], addresses: tuple[str, ...]) -> list[str]:
    """Return a line for each attached file in a list: its name, its size, and its address.

    ``names`` and ``addresses`` are the keys of a file's name and URL.
    """
    found = []
    for one in read.records(record, field):
        size = read.first(one, "size", "filesize", "file_size", "bytes")
        found.append(attachment(word(one, *names), size, word(one, *addresses)))
    return [line for line in found if line]


def attachment(name: str, size: object = None, address: str = "") -> str:
    """Return ``Attached: a.log (1,234 bytes) https://…``; empty without a name and an address."""
    count = f"({size:,} bytes)" if isinstance(size, int) and not isinstance(size, bool) else ""
    words = [one for one in (name, count, address) if one]
    return "Attached: " + " ".join(words) if name or address else ""


def word(record: Record, *names: str) -> str:
    """Return a text on one line; a number as its digits; empty for anything else."""
    value = read.first(record, *names)
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return ""
    return read.one_line(str(value))
