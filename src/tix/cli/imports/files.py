"""The file of an import: read as what it is, looked at first, and completed by questions."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from tix.cli.imports import questions
from tix.cli.imports.inspection import Seen
from tix.cli.session import Session
from tix.errors import InvalidValue
from tix.importers import detect
from tix.importers.tables.encoding import Guess, guessed
from tix.importers.tables.inspection import TableInspection, inspected
from tix.importers.tables.layout import Layout
from tix.typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from tix.desk.context import Desk

Words = dict[str, dict[str, str]]


class File(NamedTuple):
    """A file: where it is, what people call it, its format, and the ``source`` that was named."""

    path: Path
    name: str
    shape: str
    source: str | None


def told(file: File, layout: Layout, now: int) -> Iterable[Any]:
    """What the file tells, record by record. Raises InvalidValue for options that do not apply to it."""
    if file.shape == "tix":
        from tix.importers import archive

        if layout != Layout():
            raise InvalidValue("--map is for CSV files; this file is a tix export")
        if file.source is not None:
            raise InvalidValue("--source does not apply to a tix export, which names its own source")
        return _closing(file.path, archive.lines)
    return detect.stories(file.path, file.shape, now=now, layout=layout, source=file.source)


def look(desk: Desk, file: File, layout: Layout, words: Words) -> Seen:
    """Look at a file and write nothing. Raises InvalidValue, NotAllowed."""
    from tix.desk.transfer.inspection import inspect
    from tix.desk.transfer.translation import Translation

    with file.path.open("rb") as stream:
        likeness = detect.likeness(stream.read(detect.HEAD_BYTES), file.name, file.shape)
    guess = _guess(file, layout)
    in_doubt = guess is not None and bool(guess.readings)
    if guess is not None:
        layout = layout._replace(encoding=guess.name)
    table = _table(file, layout)
    whole = layout if table is None else table.layout(layout)
    mapping = None if table is None else whole._replace(encoding=None) if in_doubt else whole
    seen = Seen(file.shape, detect.TITLES[file.shape], likeness, table, mapping, None)
    if in_doubt and guess is not None:
        seen = seen._replace(readings=guess.readings, reason=guess.doubt().message)
    try:
        translation = Translation(words["status"], words["priority"], words["type"])
        found = inspect(desk, told(file, whole, desk.now), translation)
    except InvalidValue as error:
        return seen._replace(reason=error.message)
    return seen._replace(holds=found)


def completed(session: Session, desk: Desk, file: File, layout: Layout, words: Words) -> tuple[Layout, Words]:
    """Return the layout and the words with what was answered; show what the first tickets would be.

    Nothing is asked where nothing is missing. Raises Interrupted.
    """
    if file.shape == "tix":
        return layout, words
    guess = _guess(file, layout)
    if guess is not None and guess.readings:
        layout = layout._replace(encoding=questions.encoding(guess.readings))
    table = _table(file, layout)
    if table is not None and (table.unknown or not any(one.field == "subject" for one in table.columns)):
        layout = questions.subject(table, questions.columns(table, layout))
    seen = look(desk, file, layout, words)
    if seen.holds is None:
        return layout, words  # the import says what is wrong
    known = {
        "status": [status.name for status in desk.rules.workflow.statuses],
        "priority": [one.name for one in desk.priorities()],
    }
    asked = {field: questions.words(seen, field, known[field]) for field in known}
    if any(asked.values()) or layout.columns:
        questions.preview(session, seen.holds.previews)
    return layout, {field: {**told, **asked.get(field, {})} for field, told in words.items()}


def _table(file: File, layout: Layout) -> TableInspection | None:
    if file.shape not in detect.TABLES:
        return None
    with file.path.open("rb") as stream:
        return inspected(stream, layout, detect.preset(file.shape))


def _guess(file: File, layout: Layout) -> Guess | None:
    """Return the encoding of a table, None where it is named, or the file is none."""
    if file.shape not in detect.TABLES or layout.encoding is not None:
        return None
    with file.path.open("rb") as stream:
        return guessed(stream)


def _closing(path: Path, read: Callable[[Any], Iterator[Any]]) -> Iterator[Any]:
    with path.open("rb") as stream:
        yield from read(stream)
