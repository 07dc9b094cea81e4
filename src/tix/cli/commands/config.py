"""Settings: desk-wide keys are kept in the store, personal keys in your config file."""

from __future__ import annotations

from pathlib import Path

from tix.cli import app, user_config
from tix.cli.options import Output
from tix.cli.output import Printer, write_path
from tix.cli.parameters import Argument, Option
from tix.cli.personal import keys, settings
from tix.cli.session import Session
from tix.cli.store_paths import given_store, is_address
from tix.cli.writes.command import writing
from tix.render.records import effects
from tix.render.records.formats import Kind
from tix.typing import TYPE_CHECKING, Annotated, Any
from tix.words.sentence import Said

if TYPE_CHECKING:
    from tix.desk.context import Desk

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
def list_(
    session: Session,
    origin: Annotated[
        bool,
        Option(
            "--origin", help="Only what is set, and what sets it: an option, a variable, a profile or a file."
        ),
    ] = False,
    output: Output = Output(),  # noqa: B008  # an immutable value
) -> None:
    """List every setting with its value, default and source."""
    printer = Printer(session, output, KIND)
    if not origin:
        printer.records([*session.records.settings(), *map(_personal_record, _personal_keys())])
        return
    from tix.cli.personal import origins

    if printer.columns is None and printer.format in ("table", "plain"):
        printer.columns = ["name", "value", "source"]
    of_desk = (one for one in session.records.settings() if one["source"] != "default")
    mine = (_personal_row(*one) for one in origins.in_force(session.options))
    printer.records([*of_desk, *mine], none="No setting is set.")


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


@writing(KIND)
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
        _personal(session, printer, key, _parsed(key, value))
        return
    from tix.desk import settings as desk_settings
    from tix.domain.settings import find

    find(key).parse(value)
    desk = session.writer()
    with desk.store.writing():
        before = _before(desk, key)
        changed = desk_settings.put(desk, key, value)
    _told(session, printer, key, before, changed)


def _before(desk: Desk, key: str) -> dict[str, Any]:
    """The record of a setting that is about to be changed; empty where the write will be refused."""
    from tix.desk import settings as desk_settings
    from tix.errors import TixError

    try:
        return desk_settings.get(desk, key)._asdict()
    except TixError:
        return {}


def _personal(session: Session, printer: Printer, key: str, value: Any) -> None:
    """Change a key of the personal file, or say what that would do."""
    from tix.cli.writes import trial

    trial.refuse_outside(session, f"the personal setting {key}")
    before = _personal_record(key)
    if session.rehearses:
        path = str(user_config.config_path())
        after = before if value is None else _personal_row(key, keys.shown(value), path)
        if value is None and before["source"] == path:
            after = _personal_row(key, None, "default")
    elif value is None or before["source"] == "default" or before["value"] != keys.shown(value):
        user_config.write(key, value)
        after = _personal_record(key)
    else:
        after = before
    _tell(session, printer, before, after)


def _parsed(key: str, value: str) -> Any:
    """The value that a text sets a personal setting to. Raises what it is refused with."""
    return keys.parse(key, _store(value) if key.rpartition(".")[2] == "store" else value)


def _store(value: str) -> str:
    """The address of a server, or the path of a file, whole. Raises what they are refused with."""
    if is_address(value):
        from tix.cli.remote.address import parse_address

        return parse_address(value).url
    return given_store(value, Path.cwd(), "the path of the store")


@writing(KIND)
def unset(session: Session, key: Key, output: Output = Output()) -> None:  # noqa: B008  # as above
    """Reset a setting to its default."""
    printer = Printer(session, output, KIND)
    if keys.is_personal(key):
        _personal(session, printer, key, None)
        return
    from tix.desk import settings as desk_settings

    desk = session.writer()
    with desk.store.writing():
        before = _before(desk, key)
        changed = desk_settings.unset(desk, key)
    _told(session, printer, key, before, changed)


def _told(session: Session, printer: Printer, key: str, before: dict[str, Any], changed: bool) -> None:
    _tell(session, printer, before, _record(session, key), changed)


def _tell(
    session: Session,
    printer: Printer,
    before: dict[str, Any],
    after: dict[str, Any],
    changed: bool | None = None,
) -> None:
    """Say what a setting is now: also to a script, as long as it asks for no record."""
    key = after["name"]
    value = "unset" if after["value"] is None else after["value"]
    record = effects.done(
        "updated", after, before=before, undo=_undo(before), rehearsed=session.rehearses, is_changed=changed
    )
    if session.trial is not None:
        session.trial.keep([key], single=True)
    if record["effect"] == "unchanged":
        session.say(Said("{key} is already {value}.", key=key, value=value))
    else:
        session.tell_done(Said("{key} is now {value}.", key=key, value=value))
    if printer.format not in ("table", "plain") or printer.columns is not None:
        printer.one(record)


def _undo(before: dict[str, Any]) -> list[str] | None:
    """The command that gives a setting the value it had; None for what cannot go back."""
    if not before or before["name"] in ("next_number", "workflow"):
        return ["tix", "undo"] if before and before["name"] == "workflow" else None
    if before["source"] == "default":
        return ["tix", "config", "unset", before["name"]]
    return ["tix", "config", "set", before["name"], before["value"]]


@writing(KIND)
def edit(session: Session, output: Output = Output()) -> None:  # noqa: B008  # as above
    """Change desk settings in your editor."""
    from tix.cli.input.editor import compose
    from tix.desk import settings as desk_settings
    from tix.errors import InvalidValue

    printer = Printer(session, output, KIND)
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
    records = []
    for key, value in changes.items():
        was = _before(writer, key)
        desk_settings.put(writer, key, value)
        undo = _undo(was)
        records.append(
            effects.done("updated", _record(session, key), before=was, undo=undo, rehearsed=session.rehearses)
        )
    if session.trial is not None:
        session.trial.keep(list(changes))
    for key, value in changes.items():
        session.tell_done(Said("{key} is now {value}.", key=key, value=value))
    if not changes:
        session.say(Said("Nothing to change."))
    if printer.format not in ("table", "plain", "ids") or printer.columns is not None:
        printer.records(records)


@app.reading
def path(session: Session) -> None:  # noqa: ARG001  # every command gets one
    """Print the path of your personal config file."""
    write_path(user_config.config_path())


COMMANDS = {"list": list_, "get": get, "set": set_, "unset": unset, "edit": edit, "path": path}
