"""People whom the records of a file name by a number, and who stand in a list of their own."""

from __future__ import annotations

from collections.abc import Iterator

from tix.importers import fields as read
from tix.importers.assembly.asides import word
from tix.importers.fields import Record
from tix.importers.record import ImportedAuthor, Notice

_LOGINS = ("username", "login")
_NAMES = ("name", "real_name", "display_name", "displayName", "fullName")
_EMAILS = ("email", "mail", "emailAddress")


class Directory:
    """The people of one file by their number there; ``kind`` begins the login of those who have no name in it."""

    def __init__(self, kind: str) -> None:
        self._kind = kind
        self._known: dict[str, ImportedAuthor] = {}
        self._nameless: set[str] = set()

    def put(self, record: Record) -> None:
        """Keep a person: an object with an ``id``, and a name, an address or a login."""
        number = word(record, "id", "_id")
        found = author(record)
        if number and found is not None:
            self._known[number] = found

    def name(self, number: object, name: str) -> None:
        """Keep the name of a person by their number, unless more is known of them."""
        key = word({"id": number}, "id")
        if key:
            self._known.setdefault(key, ImportedAuthor(None, name))

    def of(self, number: object) -> ImportedAuthor | None:
        """Return the person with a number; None for none, 0 or -1 (the system)."""
        key = word({"id": number}, "id")
        if key in ("", "0", "-1"):
            return None
        found = self._known.get(key)
        if found is None:
            self._nameless.add(key)
            found = ImportedAuthor(f"{self._kind}-{key}")
        return found

    def person(self, record: Record, name: str) -> ImportedAuthor | None:
        """Return the person of a field: an object ``name``, else the number in ``name_id``."""
        value = record.get(name)
        if isinstance(value, dict):
            self.put(value)
            return author(value) or self.of(value.get("id"))
        return self.of(read.first(record, f"{name}_id", name))

    def notices(self, way: str) -> Iterator[Notice]:
        """Yield how many people have no name; ``way`` says how to get them."""
        if self._nameless:
            yield Notice(
                f"1 person has only a number in this file; {way}",
                f"{{count:,}} people have only a number in this file; {way}",
                len(self._nameless),
            )


def author(record: Record) -> ImportedAuthor | None:
    """Return a person: an object with a login, a name or an address."""
    login, name, email = (word(record, *names) or None for names in (_LOGINS, _NAMES, _EMAILS))
    if name is None:
        both = " ".join(part for part in (word(record, "first_name"), word(record, "last_name")) if part)
        name = both or None
    if login is not None and " " in login:
        login, name = None, name or login
    return ImportedAuthor(login, name, email) if login or name or email else None
