"""A file that says who the people of a source are: what the source calls them, and who that is on this desk.

CSV, with or without a header (``name,login``), or TOML: ``"Anna Müller" = "anna"``, also in a table ``[people]``. On the
right is a login of this desk, an e-mail address, or ``Anna Müller <anna@example.org>``.
"""

from __future__ import annotations

import csv
import tomllib
from collections.abc import Iterator
from pathlib import Path

from tix.errors import InvalidValue
from tix.importers.fields import one_line
from tix.importers.files import text_lines

_HEADS = frozenset({"login", "person", "target", "user"})


def people_file(path: Path, name: str) -> dict[str, str]:
    """Return who is who: what the source calls somebody, and the person here, both as written.

    Raises InvalidValue naming the line that is neither, or says two things of one name; for a file that cannot be read,
    too.
    """
    found: dict[str, str] = {}
    try:
        with path.open("rb") as stream:
            lines = list(text_lines(stream))
    except OSError as error:
        raise InvalidValue(f"cannot read the file '{name}': {error.strerror}") from error
    pairs = _toml(lines, name) if name.lower().endswith(".toml") else _table(lines, name)
    for place, called, person in pairs:
        if found.setdefault(called, person) != person:
            raise InvalidValue(f"{place} of '{name}': '{called}' is '{found[called]}' in another line")
    return found


def _toml(lines: list[str], name: str) -> Iterator[tuple[str, str, str]]:
    try:
        told = tomllib.loads("".join(lines))
    except tomllib.TOMLDecodeError as error:
        raise InvalidValue(f"'{name}' is not valid TOML: {error}") from error
    inner = told.get("people")
    for called, person in (inner if isinstance(inner, dict) else told).items():
        if not isinstance(person, str) or not person.strip():
            raise InvalidValue(
                f"'{called}' in '{name}' is not a text", hint='write it as "Anna Müller" = "anna"'
            )
        yield "a line", one_line(called), one_line(person)


def _table(lines: list[str], name: str) -> Iterator[tuple[str, str, str]]:
    first = next((line for line in lines if line.strip()), "")
    mark = max((",", ";", "\t"), key=first.count)
    rows = csv.reader(lines, delimiter=mark, strict=True)
    try:
        for number, row in enumerate(rows):
            cells = [one_line(cell) for cell in row]
            if not any(cells) or (number == 0 and len(cells) > 1 and cells[1].lower() in _HEADS):
                continue
            if len(cells) != 2 or not all(cells):
                raise InvalidValue(
                    f"line {rows.line_num} of '{name}' is not a name and a person",
                    hint="write it as Anna Müller,anna",
                )
            yield f"line {rows.line_num}", cells[0], cells[1]
    except csv.Error as error:
        raise InvalidValue(f"line {rows.line_num} of '{name}' is not valid CSV: {error}") from error
