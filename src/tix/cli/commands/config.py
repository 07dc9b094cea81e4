"""Settings: desk-wide keys are kept in the store, personal keys in your config file."""

from __future__ import annotations

from pathlib import Path

from tix.cli import app, user_config
from tix.cli.options import Output
from tix.cli.output import Printer, write_path
from tix.cli.parameters import Argument
from tix.cli.personal import keys, settings
from tix.cli.session import Session
from tix.cli.store_paths import given_store, is_address
from tix.render.records.formats import Kind
from tix.typing import Annotated, Any

KIND = Kind(("name", "value", "default", "source", "summary"), ("name", "value", "default", "source"))
Key = Annotated[str, Argument(metavar="KEY")]


def _personal_record(key: str) -> dict[str, Any]:
    for path in _files():
        value = settings.load(path).values.get(key)
        if value is not None:
            return _personal_row(key, keys.shown(value), path)
    return _personal_row(key, None, "default")


def _files() -> tuple[str, str]:
    return user_config.config_place(), user_config.SYSTEM_CONFIG


def _personal_row(key: str, value: str | None, source: str) -> dict[str, Any]:
    return {
        "name": key,
        "value": value,
        "default": None,
        "source": source,
        "summary": keys.summary(key),
    }


def _personal_keys() -> list[str]:
    """The settings there are, then those of families and profiles that are set."""
    plain = [key for key in user_config.KEYS if not key.endswith(".NAME")]
    given = {key for path in _files() for key in settings.load(path).values}
    return [*plain, *sorted(given - set(plain))]


def _record(session: Session, key: str) -> dict[str, Any]:
    return _personal_record(key) if keys.is_personal(key) else session.records.setting(key)


@app.prints(KIND)
@app.reading
def list_(session: Session, output: Output = Output()) -> None:  # noqa: B008  # an immutable value
    """List every setting with its value, default and source."""
    printer = Printer(session, output, KIND)
    printer.records([*session.records.settings(), *map(_personal_record, _personal_keys())])


@app.prints(KIND)
@app.reading
def get(session: Session, key: Key, output: Output = Output()) -> None:  # noqa: B008  # as above
    """Print the value of one setting."""
    printer = Printer(session, output, KIND)
    record = _record(session, key)
    if printer.format in ("table", "plain") and printer.columns is None:
        write_path(record["value"] or "")
    else:
        printer.one(record)


@app.prints(KIND)
@app.command
def set_(
    session: Session,
    key: Key,
    value: Annotated[str, Argument(metavar="VALUE")],
    output: Output = Output(),  # noqa: B008  # as above
) -> None:
    """Change a setting (desk-wide settings: admins only)."""
    printer = Printer(session, output, KIND)
    if keys.is_personal(key):
        # Wherever tix is run later, it is this file.
        parsed = keys.parse(key, _store(value) if key.rpartition(".")[2] == "store" else value)
        changed = _is_new(key, parsed)
        if changed:
            user_config.write(key, parsed)
    else:
        from tix.desk import settings as desk_settings
        from tix.domain.settings import find

        find(key).parse(value)
        changed = desk_settings.put(session.writer(), key, value)
    _told(session, printer, key, changed)


def _is_new(key: str, value: Any) -> bool:
    return bool(settings.load(user_config.config_place()).values.get(key) != value)


def _store(value: str) -> str:
    """The address of a server, or the path of a file, whole. Raises what they are refused with."""
    if is_address(value):
        from tix.cli.remote.address import parse_address

        return parse_address(value).url
    return str(given_store(value, Path.cwd(), "the path of the store"))


@app.prints(KIND)
@app.command
def unset(session: Session, key: Key, output: Output = Output()) -> None:  # noqa: B008  # as above
    """Reset a setting to its default."""
    printer = Printer(session, output, KIND)
    if keys.is_personal(key):
        path = user_config.config_path()
        before = path.read_bytes() if path.exists() else b""
        user_config.write(key, None)
        changed = before != (path.read_bytes() if path.exists() else b"")
    else:
        from tix.desk import settings as desk_settings

        changed = desk_settings.unset(session.writer(), key)
    _told(session, printer, key, changed)


def _told(session: Session, printer: Printer, key: str, changed: bool) -> None:
    record = _record(session, key)
    value = "unset" if record["value"] is None and keys.is_personal(key) else record["value"]
    session.say(f"{key} is {'now' if changed else 'already'} {value}.")
    if printer.format not in ("table", "plain") or printer.columns is not None:
        printer.one(record)


@app.command
def edit(session: Session) -> None:
    """Change desk settings in your editor."""
    from tix.cli.input.editor import compose
    from tix.desk import settings as desk_settings
    from tix.errors import InvalidValue

    before = desk_settings.changeable(session.reader())
    start = "\n".join(f"{key} = {value}" for key, value in before.items())
    # Nothing is lost with a list of settings: it is not kept as a draft.
    text = compose(session, "config", start, "", keep=lambda _: None)
    changes = {}
    for line in text.splitlines():
        key, equals, value = (part.strip() for part in line.partition("="))
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        if not equals:
            raise InvalidValue(f"'{line}' is not KEY = VALUE")
        if before.get(key) != value:
            from tix.domain.settings import find

            find(key).parse(value)
            changes[key] = value
    writer = session.writer()
    for key, value in changes.items():
        desk_settings.put(writer, key, value)
        session.say(f"{key} is now {value}.")
    if not changes:
        session.say("Nothing to change.")


@app.reading
def path(session: Session) -> None:  # noqa: ARG001  # every command gets one
    """Print the path of your personal config file."""
    write_path(user_config.config_path())


COMMANDS = {"list": list_, "get": get, "set": set_, "unset": unset, "edit": edit, "path": path}
