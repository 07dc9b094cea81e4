"""What a table looks like, before anything is read from it: its columns, and what each would be."""

from __future__ import annotations

from tix.importers.record import Fault
from tix.importers.tables import header, reader
from tix.importers.tables.layout import Layout
from tix.importers.tables.preset import Preset, folded
from tix.typing import BinaryIO, NamedTuple

_SAMPLED = 1000  # rows that are looked at for what a column holds
_SAMPLE = 60  # characters of a sample
# What the heads of a table that nobody knows may mean.
_GUESSES = {
    "subject": "title summary name issue headline short_description betreff titel zusammenfassung titre résumé asunto",
    "body": "description details text content body comment_text beschreibung",
    "number": "id key no nr ticket_id issue_id ticket_number case_number",
    "status": "state stage",
    "requester": "reporter from customer contact caller opened_by author submitter requested_by",
    "requester_email": "email e_mail customer_email contact_email",
    "assignee": "owner assigned_to assigned agent handler responsible",
    "created_at": "created opened date created_date creation_date date_created opened_at submitted erstellt",
    "updated_at": "updated modified last_modified changed last_updated updated_date",
    "closed_at": "closed closed_date date_closed completed_at",
    "resolved_at": "resolved resolved_date resolution_date solved_at",
    "due_at": "due due_date deadline target_date",
    "tags": "labels keywords tag label",
    "priority": "severity urgency prio",
    "type": "issue_type kind tracker",
    "category": "component module",
    "comment": "comments notes work_notes",
}
_GUESSED = {word: field for field, words in _GUESSES.items() for word in words.split()}


class Column(NamedTuple):
    """A column: its name, its field (None where it is left out, ``?`` where nobody knows), and a guess.

    ``filled`` is how many of the first rows have a cell in it, ``sample`` the first such cell.
    """

    name: str
    field: str | None
    guess: str | None
    filled: int
    sample: str

    def likely(self, taken: set[str | None]) -> str:
        """Return the field it may be, unless another column has it: then ``note``."""
        free = self.guess is not None and (self.guess not in taken or self.guess in header.SEVERAL)
        return self.guess if free and self.guess is not None else "note"


class TableInspection(NamedTuple):
    """A table: how its text is read, how many rows it has below its header, and its columns."""

    encoding: str
    delimiter: str
    rows: int
    columns: tuple[Column, ...]

    @property
    def unknown(self) -> list[Column]:
        """Columns that nobody knows."""
        return [column for column in self.columns if column.field == "?"]

    def layout(self, layout: Layout) -> Layout:
        """Return a layout to start from: what was said, guesses for what is unknown, and notes for the rest."""
        taken: set[str | None] = {column.field for column in self.columns}
        columns: dict[str, str] = {}
        for column in self.columns:
            if column.field == "?":
                columns[column.name] = column.likely(taken)
                taken.add(columns[column.name])
            elif not header.is_field(column.name) or column.field is None:
                columns[column.name] = column.field or "none"
        return layout._replace(
            columns={**columns, **layout.columns}, encoding=self.encoding, delimiter=self.delimiter
        )


def inspected(stream: BinaryIO, layout: Layout, preset: Preset | None = None) -> TableInspection:
    """Look at a table. Raises InvalidValue where it has no header, or the layout names what is not there."""
    name, mark, heads = reader.head(stream, layout, preset)
    fields = header.fields(heads, layout, preset)
    table = reader.Table(header.Columns(tuple(heads), tuple(fields)), name, mark)
    filled = [0] * len(heads)
    samples = [""] * len(heads)
    count = 0
    for _, row in reader.rows(stream, table):
        count += 1
        if count <= _SAMPLED and not isinstance(row, Fault):
            for place, cell in enumerate(row[: len(heads)]):
                if cell.strip():
                    filled[place] += 1
                    samples[place] = samples[place] or " ".join(cell.split())[:_SAMPLE]
    return TableInspection(
        name,
        mark,
        count,
        tuple(
            Column(head, field, _GUESSED.get(folded(head)), filled[place], samples[place])
            for place, (head, field) in enumerate(zip(heads, fields, strict=True))
        ),
    )
