"""Print the records of a command in the chosen format and columns."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

from tix.cli.parser import ALONE
from tix.cli.session import Finished, Session
from tix.domain.json_columns import encoder
from tix.domain.values import parse_limit
from tix.errors import InvalidValue
from tix.render.records import formats
from tix.render.records.formats import Kind
from tix.render.safe import plain_field
from tix.typing import TYPE_CHECKING, Any
from tix.words.sentence import Said

if TYPE_CHECKING:
    from tix.cli.options import Output
    from tix.cli.shapes.shape import Shape
    from tix.render.terminal.console import Console

# So many rows a person gets who does not say how many.
TABLE_ROWS = 50
FORMATS = ("table", "plain", "json", "jsonl", "csv", "tsv", "md", "ids")
# The formats that print a row a record, with a header or without.
ROWS = ("plain", "csv", "tsv", "md")
# The exit status where nothing is found and --fail-empty was given.
NOTHING_FOUND = 3
# Before the key of a question: its answer is a column of a ticket.
ANSWER = "field."


def write_path(path: object) -> None:
    """Print a path on a line of stdout: unchanged for a program, escaped for a terminal."""
    from tix.render.safe import safe_line

    text = str(path)
    sys.stdout.write(f"{safe_line(text) if sys.stdout.isatty() else text}\n")


class Printer:
    """The chosen format and columns, validated before anything is looked up."""

    def __init__(self, session: Session, output: Output, kind: Kind, *, table: bool = True) -> None:
        self.session = session
        session.printer = self
        if session.trial is not None:
            from tix.render.records.effects import with_effects

            kind = with_effects(kind)
        self.kind = kind
        self.raw = output.raw
        self.wide = output.wide
        self._color = False
        self._palette: Mapping[str, str] | None = None
        self.header = output.header
        self.format = _format(session, output, table)
        self.columns = _columns(session, output, kind)
        if self.is_table:  # a theme that cannot be drawn is refused before anything is done
            from tix.cli.terminal import look

            self._color = look.uses_color(session)
            self._palette = look.palette(session) if self._color else None
        self._shape: Shape | None = None
        if output.jq is not None or output.template is not None:
            from tix.cli.shapes.shape import shape

            template = _template(session, output.template)
            self._shape = shape(output.jq, template, quotes=output.jq_json)
        self.has_envelope = self.format == "json" and (output.envelope or _wants_envelope())
        # Where the next page of a list begins (``cli.tickets.page``).
        self.next_cursor: str | None = None
        # How many records were printed.
        self.count = 0
        self.answers = [name for name in self.columns or () if name.startswith(ANSWER)]

    @property
    def is_table(self) -> bool:
        """Whether the output is for people."""
        return self.format == "table"

    @property
    def rows(self) -> int:
        """How many records to ask for where nobody says: a table of them, or -1 for all."""
        return TABLE_ROWS if self.is_table else -1

    def most(self, limit: int | None, every: bool = False) -> int:
        """How many to ask for by ``--limit``, where 0 is all; ``every``: all unless somebody says. -1 is all.

        Raises InvalidValue.
        """
        if limit is None:
            return -1 if every else self.rows
        return parse_limit(limit)

    def records(
        self,
        records: Iterable[dict[str, Any]],
        draw: Callable[[list[dict[str, Any]]], None] | None = None,
        *,
        none: str = Said("Nothing to list."),
    ) -> None:
        """Prints a list of records; ``draw`` draws them for a terminal, which reads ``none`` of no records."""
        columns, stream, self.count = self.columns, sys.stdout, 0
        records = self.counted(records)
        if self.answers:
            records = map(self.answered, records)
        match self.format:
            case "json" if self.has_envelope:
                self._enveloped([self._chosen(record) for record in records])
            case "json" if self._shape is not None:
                self._shaped(self._shape, [self._chosen(record) for record in records])
            case "json":
                formats.write_json(records, columns, stream)
            case "jsonl":
                formats.write_jsonl(records, columns, stream)
            case "ids":
                formats.write_ids(records, self.kind.key, stream)
            case "table":
                found = list(records)
                if not found:
                    stream.flush()  # a screen just cleared, say, before the word on it
                    self.session.say(none)
                elif draw is not None:
                    draw(found)
                else:
                    self.table(found)
            case _:
                self.rows_of(records, self.kind)

    def counted(self, records: Iterable[Any]) -> Iterator[Any]:
        """Yield what is printed, and count it."""
        for record in records:
            self.count += 1
            yield record

    def rows_of(self, records: Iterable[dict[str, Any]], kind: Kind) -> None:
        """Prints records of a kind in a format that has a row for each."""
        whole = kind.fields if self.format in ("csv", "tsv") else kind.plain or kind.fields
        formats.write_rows(
            self.format,
            records,
            (self.columns if kind is self.kind else None) or whole,
            sys.stdout,
            header=self.header,
            raw=self.raw,
        )

    def _chosen(self, record: dict[str, Any]) -> dict[str, Any]:
        return record if self.columns is None else {name: record[name] for name in self.columns}

    def _enveloped(self, data: Any) -> None:
        """Prints a document in its envelope; ``meta`` says whether the list goes on, and where."""
        from tix import __version__
        from tix.cli.messages import SCHEMA_VERSION

        meta: dict[str, Any] = {"schema_version": SCHEMA_VERSION, "tool_version": __version__}
        if isinstance(data, list):
            is_all = self.next_cursor is None
            meta |= {"total": len(data) if is_all else None, "returned": len(data), "truncated": not is_all}
        meta["next_cursor"] = self.next_cursor
        warnings = self.session.warnings
        document = {"ok": True, "data": data, "error": None, "warnings": warnings, "meta": meta}
        if self._shape is not None:
            self._shaped(self._shape, document)
        else:
            formats.write_object(document, None, sys.stdout)

    def _shaped(self, shape: Shape, data: Any) -> None:
        """Prints what a filter or a template makes of a document; of a write that is done, else the document."""
        records = data if isinstance(data, list) else [data]
        try:
            if shape.takes_records:
                from tix.cli.terminal import look

                text = shape.text(records, look.of_templates(self.session))
            else:
                text = shape.text(data, {})
        except InvalidValue as error:
            if not self.session.has_written:
                raise
            self.session.warn(
                "output", Said("{message}; the change was made, and here is its JSON", message=error.message)
            )
            text = encoder()(data) + "\n"
        sys.stdout.write(text)

    def one(self, record: dict[str, Any], draw: Callable[[dict[str, Any]], None] | None = None) -> None:
        """Prints one record: an object in JSON, ``key TAB value`` lines in plain."""
        if self.answers:
            record = self.answered(record)
        if self.format == "json":
            if self.has_envelope:
                self._enveloped(self._chosen(record))
            elif self._shape is not None:
                self._shaped(self._shape, self._chosen(record))
            else:
                formats.write_object(record, self.columns, sys.stdout)
        elif self.format == "plain":
            for name in self.columns or record:
                value = plain_field(formats.text_of(record[name]))
                sys.stdout.write(f"{name}\t{value}\n")
        elif self.format == "table" and self.columns is None:
            if draw is not None:
                draw(record)
                return
            from tix.render.terminal import cards

            cards.draw_card(record, console=self.console(), zone=zone())
        else:
            self.records([record])

    def answered(self, record: dict[str, Any]) -> dict[str, Any]:
        """A ticket's record with the answers that are columns; None where there is none."""
        given = record["fields"]
        return {**record, **{name: given.get(name.removeprefix(ANSWER)) for name in self.answers}}

    def table(self, records: Sequence[dict[str, Any]]) -> None:
        """Draw records of any kind as a table."""
        from tix.render.terminal import tables

        tables.draw_records(
            records, self.columns or self.kind.plain or self.kind.fields, console=self.console(), zone=zone()
        )

    def console(self) -> Console:
        """The console that tables and timelines are drawn on."""
        from tix.cli.personal.settings import is_accessible
        from tix.render.terminal import theme

        console = theme.console(
            sys.stdout,
            color=self._color,
            palette=self._palette,
            words=is_accessible(),
            heads=self.header is not False,
        )
        if sys.stdout.isatty():  # never in a pipe
            from tix.cli.terminal import hyperlinks

            if hyperlinks.wanted(self.session, color=self._color):
                console = console._replace(links=True, targets=hyperlinks.targets(self.session))
        return console._replace(wide=self.wide)


def zone() -> Any:
    """The person's time zone, for what people read."""
    from tix.cli.timezone import drawn_zone

    return drawn_zone()


def _wants_envelope() -> bool:
    import os

    return os.environ.get("TIX_ENVELOPE", "").lower() not in ("", "0", "false", "no")


def _format(session: Session, output: Output, table: bool) -> str:
    wanted = output.output
    if output.jq_json and output.jq is None:
        raise InvalidValue(Said("--jq-json needs --jq"), hint=Said("for example: --jq '.[].ref' --jq-json"))
    if output.jq is not None and output.template is not None:
        raise InvalidValue(Said("--jq and --template cannot be combined"))
    named = {"--json": output.json, "--jq": output.jq, "--template": output.template}
    named["--envelope"] = "" if output.envelope else None
    for name, value in named.items():
        if value is not None:
            if wanted not in (None, "json"):
                raise InvalidValue(
                    Said("{name} and -o {wanted} cannot be combined", name=name, wanted=wanted)
                )
            wanted = "json"
    if wanted is None:
        wanted = "table" if session.on_terminal and table else "plain"
    elif wanted not in FORMATS:
        raise InvalidValue(
            Said("'{wanted}' is not a format", wanted=wanted),
            hint=Said("use one of {names}", names=", ".join(FORMATS)),
        )
    if output.header is not None and wanted not in ("table", *ROWS):
        name = "--header" if output.header else "--no-header"
        raise InvalidValue(
            Said("{name} does not apply to {wanted}", name=name, wanted=wanted),
            hint=Said("use it with -o table, {names}", names=", ".join(ROWS)),
        )
    return wanted


def _template(session: Session, given: str | None) -> str | None:
    """The template: as it was given, or the one of the settings that has this name. Raises UnknownName."""
    if given is None or not given.replace("-", "").replace("_", "").isalnum():
        return given
    personal = session.personal
    saved: str | None = personal.get(f"templates.{given}")
    if saved is None:
        from tix.errors import UnknownName

        names = [key.partition(".")[2] for key in personal if key.startswith("templates.")]
        known = f"templates: {', '.join(sorted(names))}" if names else ""
        raise UnknownName(
            f"no template named '{given}'", hint=known or f"tix config set templates.{given} '{{{{ ref }}}}'"
        )
    return saved


def _columns(session: Session, output: Output, kind: Kind) -> list[str] | None:
    words = output.columns
    if output.json not in (None, ALONE):
        if words is not None:
            raise InvalidValue(Said("--json=FIELDS and --columns cannot be combined"))
        words = [str(output.json)]
    if words is None:
        return None
    names = [name.strip() for word in words for name in word.split(",") if name.strip()]
    if names == ["help"]:
        more = answers(session, kind)
        if output.json is None:
            sys.stdout.write("\n".join([*kind.fields, *more]) + "\n")
        else:
            _explain(session, kind, more)
        raise Finished
    unknown = [name for name in names if name not in kind.fields]
    if any(name.startswith(ANSWER) for name in unknown):
        known = answers(session, kind)
        strange = [name for name in unknown if name not in known]
        if strange:
            raise InvalidValue(
                f"no column named '{strange[0]}'",
                hint=Said("columns: {names}", names=", ".join([*known, *kind.fields])),
            )
    elif unknown or not names:
        what = f"no column named '{unknown[0]}'" if unknown else "no columns given"
        near = _near(unknown[0], kind.fields) if unknown else ""
        raise InvalidValue(what, hint=f"{near}columns: " + ", ".join(kind.fields))
    return names


def _explain(session: Session, kind: Kind, more: Sequence[str]) -> None:
    """Print name, type and meaning of each field."""
    from tix.render.records import meanings

    rows = [
        *meanings.rows(kind.fields),
        *((name, "any", "Answer to a question of the topic.") for name in more),
    ]
    lines = ["\t".join(row) for row in rows]
    if session.on_terminal:
        first, second = (max(len(row[at]) for row in rows) + 2 for at in range(2))
        lines = [f"{name:<{first}}{type_:<{second}}{meaning}".rstrip() for name, type_, meaning in rows]
    sys.stdout.write("\n".join(lines) + "\n")


def _near(name: str, known: Sequence[str]) -> str:
    """Return which column was perhaps meant, as the beginning of a hint."""
    from difflib import get_close_matches

    found = get_close_matches(name.replace("-", "_"), known, 1)
    return f"did you mean {found[0]}? " if found else ""


def answers(session: Session, kind: Kind) -> list[str]:
    """What topics ask, as columns of a ticket, as far as the actor reads the answers; none of another kind."""
    if not kind.answers:
        return []
    return [f"{ANSWER}{key}" for key in session.records.questions()]
