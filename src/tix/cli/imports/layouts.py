"""The layout of a table as options say it, and the mapping files people keep."""

from __future__ import annotations

from pathlib import Path

from tix.cli.parameters import Option
from tix.cli.user_config import config_path
from tix.errors import InvalidValue, NotFound, StorageFailure
from tix.importers.tables.layout import Layout, layout_text, parse_layout
from tix.typing import Annotated, NamedTuple


class TableOptions(NamedTuple):
    """How a table is read."""

    mapping: Annotated[
        list[str] | None,
        Option(
            "--map",
            metavar="COLUMN=FIELD",
            help="Field for a column of a table, e.g. Reporter=requester, '*=note', '*=none'; "
            "or for a word: 'State:Waiting=on-hold'.",
        ),
    ] = None
    mapping_file: Annotated[
        str | None,
        Option("--mapping", metavar="FILE", help="Mapping file, or the name of a saved one."),
    ] = None
    save_mapping: Annotated[
        str | None,
        Option("--save-mapping", metavar="NAME", help="Keep the mapping by this name, for --mapping NAME."),
    ] = None
    date_format: Annotated[
        list[str] | None,
        Option("--date-format", metavar="FORMAT", help="How dates are written, e.g. '%d.%m.%Y %H:%M'."),
    ] = None
    day_first: Annotated[bool | None, Option("--day-first/--month-first", help="What 03/04/2026 means.")] = (
        None
    )
    zone: Annotated[
        str | None,
        Option("--zone", metavar="ZONE", help="Time zone of dates that name none, e.g. Europe/Berlin (UTC)."),
    ] = None
    delimiter: Annotated[
        str | None, Option("--delimiter", metavar="CHAR", help="Character between columns, or tab.")
    ] = None
    encoding: Annotated[
        str | None, Option("--encoding", metavar="NAME", help="Encoding of the file, e.g. cp1252.")
    ] = None
    group_by: Annotated[
        str | None,
        Option(
            "--group-by",
            metavar="COLUMN",
            help="Column that is the same in all rows of a ticket with several.",
        ),
    ] = None

    def layout(self) -> Layout:
        """Return what the options say, over the mapping file. Raises InvalidValue, NotFound."""
        said = Layout(
            pairs(self.mapping or [], "COLUMN=FIELD", "--map Title=subject"),
            {},
            tuple(self.date_format or ()),
            self.day_first,
            self.zone,
            self.delimiter,
            self.encoding,
            self.group_by,
        ).checked()
        return said if self.mapping_file is None else said.over(_kept(self.mapping_file))


def pairs(words: list[str], form: str, example: str) -> dict[str, str]:
    """Parse ``COLUMN=FIELD`` and its like. Raises InvalidValue."""
    found = {}
    for word in words:
        column, equals, field = word.rpartition("=")
        if not equals or not column.strip() or not field.strip():
            raise InvalidValue(f"'{word}' is not {form}", hint=f"for example {example}")
        found[column.strip()] = field.strip()
    return found


def save(layout: Layout, name: str) -> Path:
    """Keep a layout as a mapping file by a name, or at a path; return where. Raises InvalidValue, StorageFailure."""
    path = Path(name)
    if "/" not in name and path.suffix != ".toml":
        if not name.replace("-", "").replace("_", "").isalnum():
            raise InvalidValue(
                f"'{name}' is not the name of a mapping", hint="for example --save-mapping jira"
            )
        path = _folder() / f"{name}.toml"
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(layout_text(layout), encoding="utf-8")
    except OSError as error:
        raise StorageFailure(f"cannot save the mapping in {path}: {error.strerror}") from error
    return path


def _kept(name: str) -> Layout:
    path = Path(name)
    if "/" not in name and not path.exists():
        path = _folder() / f"{name}.toml"
        if not path.exists():
            names = sorted(found.stem for found in _folder().glob("*.toml"))
            hint = (
                f"saved mappings: {', '.join(names)}"
                if names
                else "make one: tix import FILE --inspect --save-mapping NAME"
            )
            raise NotFound(f"no mapping file '{name}'", hint=hint)
    try:
        text = path.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        raise InvalidValue(f"the mapping file {name} is not UTF-8") from None
    except OSError as error:
        raise InvalidValue(f"cannot read the mapping file '{name}': {error.strerror}") from error
    return parse_layout(text, name)


def _folder() -> Path:
    return config_path().parent / "mappings"
