"""Ask at a terminal about what a file does not say: columns nobody knows, and words the desk does not understand."""

from __future__ import annotations

from tix.cli.imports.inspection import Seen, many
from tix.cli.input.ask import Candidate, Candidates
from tix.cli.session import Session
from tix.errors import InvalidValue
from tix.importers.record import ImportedTicket
from tix.importers.tables import header
from tix.importers.tables.encoding import known_encoding
from tix.importers.tables.inspection import Column, TableInspection
from tix.importers.tables.layout import Layout
from tix.render.safe import safe_line

_MOST_ASKED = 20


def columns(table: TableInspection, layout: Layout) -> Layout:
    """Return the layout with what was answered about the columns that nobody knows. Raises Interrupted."""
    from tix.cli.input import ask

    answered = dict(layout.columns)
    taken = {column.field for column in table.columns}
    fields = header.offered()
    if table.unknown:
        ask.tell("For each column: a field, note (kept in an internal note) or none (left out).")
    for column in table.unknown[:_MOST_ASKED]:
        guess = column.likely(taken)
        answer = _field(_question(column, guess), guess, fields)
        answered[column.name] = answer
        taken.add(answer)
    if len(table.unknown) > _MOST_ASKED:
        ask.tell(f"{len(table.unknown) - _MOST_ASKED} more columns are kept in a note.")
        answered.setdefault("*", "note")
    return layout._replace(columns=answered)


def encoding(readings: tuple[tuple[str, str], ...]) -> str:
    """Return the encoding that was chosen, of those in which a word of the file reads otherwise. Raises Interrupted."""
    from tix.cli.input import ask

    ask.tell("The encoding of the file is not certain. One of its words in each:")
    for name, word in readings:
        ask.tell(f"{name}: {safe_line(word)}")
    names = [name for name, _ in readings]
    while True:
        answer = ask.line(
            f"Encoding ({', '.join(names)}, or another):", candidates=_candidates(names)
        ).strip()
        try:
            return known_encoding(answer)
        except InvalidValue as error:
            ask.tell(f"{error.message}.")


def subject(table: TableInspection, layout: Layout) -> Layout:
    """Return the layout with the column that holds the subject, asked where none does. Raises Interrupted."""
    from tix.cli.input import ask

    held = {layout.columns.get(column.name, column.field) for column in table.columns}
    if "subject" in held:
        return layout
    names = [column.name for column in table.columns]
    while True:
        answer = ask.line("Which column holds the subject?", candidates=_candidates(names)).strip()
        if answer in names:
            return layout._replace(columns={**layout.columns, answer: "subject"})
        ask.tell(f"The columns are: {', '.join(map(safe_line, names))}.")


def words(seen: Seen, field: str, known: list[str]) -> dict[str, str]:
    """Return what was answered about the words for a status or priority that the desk does not understand."""
    from tix.cli.input import ask

    answered: dict[str, str] = {}
    if seen.holds is None:
        return answered
    for one in seen.holds.unknown(field)[:_MOST_ASKED]:
        while True:
            question = f"{field.capitalize()} '{one.word}' ({many(one.records, 'record', 'records')}) is ({', '.join(known)}):"
            answer = ask.line(question, candidates=_candidates(known)).strip().lower()
            if answer in known:
                answered[one.word] = answer
                break
            ask.tell(f"Answer one of {', '.join(known)}.")
    return answered


def preview(session: Session, tickets: tuple[ImportedTicket, ...]) -> None:
    """Show the first tickets."""
    for one in tickets:
        who = one.requester or one.author
        name = "nobody named" if who is None else who.name or who.email or who.login or "nobody named"
        more = [
            f"status {one.status_word or one.status}" if one.status_word or one.status else None,
            f"priority {one.priority}" if one.priority else None,
            many(len(one.remarks), "comment", "comments") if one.remarks else None,
        ]
        session.say(f"  {one.subject[:60]} — {name}" + "".join(f", {word}" for word in more if word))


def _question(column: Column, guess: str) -> str:
    sample = f", e.g. {column.sample[:30]}" if column.sample else ", always empty"
    return f"{column.name}{sample} [{guess}]:"


def _field(question: str, guess: str, fields: list[str]) -> str:
    from tix.cli.input import ask

    while True:
        answer = ask.line(question, candidates=_candidates(fields)).strip() or guess
        if answer == "none" or header.is_field(answer):
            return answer
        near = [name for name in fields if name.startswith(answer)]
        if len(near) == 1:
            return near[0]
        ask.tell(f"'{safe_line(answer)}' is not a field; one of {', '.join(fields)}, field.KEY.")


def _candidates(names: list[str]) -> Candidates:
    def found(before: str) -> list[Candidate]:
        start = before.casefold()
        return [Candidate(name, name, len(before)) for name in names if name.casefold().startswith(start)]

    return found
