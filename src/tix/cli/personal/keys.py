"""The personal settings: what each is for, and which values it takes. Loaded only to check or to change one."""

from __future__ import annotations

import re
import shlex
from collections.abc import Callable, Iterator, Mapping

from tix.cli import user_config
from tix.cli.personal.language import OTHERS
from tix.errors import InvalidValue
from tix.typing import Any
from tix.words.sentence import Said

# Begins an alias that the shell runs.
SHELL = "!"
_NAME = re.compile(r"[a-z0-9][a-z0-9_-]*", re.IGNORECASE)


def checked(document: Mapping[str, Any], path: str) -> tuple[dict[str, Any], list[str]]:
    """Return the values of a file that can be used, flat, and a sentence about each that cannot.

    What tix does not know is left alone: it may be of a newer tix. A theme and its colours are checked where something
    is drawn, and ``store`` where it is opened: those are refused, not passed over.
    """
    values: dict[str, Any] = {}
    problems: list[str] = []
    for key, value in _flat(document):
        if _bare(key) == "store" or _family(_bare(key)) in ("colors", "theme"):
            values[key] = value
        elif is_personal(key):
            try:
                values[key] = parse(key, _text(value))
            except InvalidValue as error:
                problems.append(f"{path}{_line(path, key)}: {error.message}; it is ignored")
    return values, problems


def is_personal(key: str) -> bool:
    """Whether a key lives in the config file, whatever its value."""
    bare = _bare(key)
    family, dot, name = bare.partition(".")
    return bare in user_config.KEYS or bool(dot and family in _FAMILIES and name and "." not in name)


def summary(key: str) -> str:
    """Return the sentence about a key."""
    bare = _bare(key)
    return user_config.KEYS.get(bare) or user_config.KEYS[f"{_family(bare)}.NAME"]


def parse(key: str, text: str) -> Any:
    """Return the value that a text sets a key to. Raises InvalidValue."""
    bare = _bare(key)
    parser = _PARSERS.get(bare) or _FAMILIES.get(_family(bare))
    if parser is None:
        raise InvalidValue(Said("'{key}' is not a personal setting", key=key))
    if bare != key and not _NAME.fullmatch(key.split(".")[1]):
        raise InvalidValue(f"'{key.split('.')[1]}' is not a name of a profile", hint="profiles.work.store")
    return parser(bare, text)


def shown(value: Any) -> str:
    """Return a value as it is typed."""
    return _text(value)


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list):
        return ",".join(map(_text, value))
    return str(value)


def _bare(key: str) -> str:
    """The key without its profile: ``profiles.work.store`` is ``store``."""
    first, _, rest = key.partition(".")
    return rest.partition(".")[2] if first == "profiles" else key


def _family(key: str) -> str:
    return key.partition(".")[0]


def _flat(document: Mapping[str, Any], before: str = "") -> Iterator[tuple[str, Any]]:
    for name, value in document.items():
        if isinstance(value, dict):
            yield from _flat(value, f"{before}{name}.")
        else:
            yield f"{before}{name}", value


def _line(path: str, key: str) -> str:
    """Where a key is set: ``, line 3``; nothing where it cannot be told."""
    table, _, name = key.rpartition(".")
    wanted = re.compile(rf"\s*(?:{re.escape(key)}|{re.escape(name)})\s*=")
    inside = ""
    try:
        with open(path, encoding="utf-8") as file:
            for number, line in enumerate(file, start=1):
                if found := re.match(r"\s*\[\s*([^\[\]]+?)\s*\]", line):
                    inside = found[1].replace(" ", "").replace('"', "")
                elif wanted.match(line) and (inside == table or line.lstrip().startswith(key)):
                    return f", line {number}"
    except OSError:
        pass
    return ""


# -------------------------------------------------------------------------------------------------- values


def _one_of(*words: str) -> Callable[[str, str], str]:
    def parsed(key: str, text: str) -> str:
        if text.strip().lower() not in words:
            raise InvalidValue(
                Said("'{text}' is not a value of {key}", text=text, key=key),
                hint=Said("use one of {names}", names=", ".join(words)),
            )
        return text.strip().lower()

    return parsed


def _command(key: str, text: str) -> str:
    try:
        words = shlex.split(text)
    except ValueError as error:
        raise InvalidValue(Said("{key} is not a command: {error}", key=key, error=error)) from error
    if not words and key != "pager":
        raise InvalidValue(Said("{key} is empty", key=key), hint=f"tix config unset {key}")
    return text.strip()


def _boolean(key: str, text: str) -> bool:
    return _one_of("true", "false")(key, text) == "true"


def _zone(_: str, text: str) -> str:
    from tix.domain.sla.calendars import parse_zone

    return str(parse_zone(text.strip()))


def _columns(_: str, text: str) -> list[str]:
    from tix.render.records.tickets import LIST_FIELDS

    names = [name.strip() for name in text.split(",") if name.strip()]
    unknown = [name for name in names if name not in LIST_FIELDS and not name.startswith("field.")]
    if unknown or not names:
        what = f"no column named '{unknown[0]}'" if unknown else "no columns given"
        raise InvalidValue(what, hint=Said("columns: {names}", names=", ".join(LIST_FIELDS)))
    return names


def _address(key: str, text: str) -> str:
    from tix.render.terminal.targets import NUMBER, REF

    text = text.strip()
    is_address = text.startswith(("https://", "http://")) and all("!" <= char <= "~" for char in text)
    if not is_address or not (NUMBER in text or REF in text):
        raise InvalidValue(
            f"'{text}' is not the address of a ticket with {NUMBER} or {REF} in it",
            hint=f"tix config set {key} 'https://desk.example/tickets/{NUMBER}'",
        )
    return text


def _theme(_: str, text: str) -> str:
    from tix.render.terminal import themes

    themes.palette(text.strip(), {})
    return text.strip()


def _color(key: str, text: str) -> str:
    from tix.render.terminal import themes

    themes.palette(themes.DEFAULT, {key.partition(".")[2]: text})
    return text.strip()


def _alias(key: str, text: str) -> str:
    """What an alias stands for; whether that leads to a command, ``aliases.check`` knows."""
    from tix.cli import compiled
    from tix.domain.tickets.references import looks_like_reference

    name, text = key.partition(".")[2], text.strip()
    if name in compiled.COMMANDS or name in compiled.ALIASES:
        raise InvalidValue(
            Said("'{name}' is a command, and an alias cannot replace it", name=name),
            hint=Said("choose another name"),
        )
    if not name or name.startswith("-") or not name.replace("-", "").replace("_", "").isalnum():
        raise InvalidValue(
            Said("'{name}' is not a name for an alias", name=name), hint=Said("use letters, digits, - and _")
        )
    if looks_like_reference(name):
        raise InvalidValue(
            Said("'{name}' reads as a ticket, so it cannot be an alias", name=name),
            hint=Said("choose another name"),
        )
    if not text.removeprefix(SHELL).strip():
        raise InvalidValue(
            Said("the alias {name} is empty", name=name), hint="tix alias set mine 'list --mine'"
        )
    if not text.startswith(SHELL):
        try:
            shlex.split(text)
        except ValueError as error:
            raise InvalidValue(
                Said("the alias {name} is not a command line: {error}", name=name, error=error)
            ) from error
    return text


def _template(key: str, text: str) -> str:
    if not text:
        raise InvalidValue(Said("{key} is empty", key=key), hint=f"tix config unset {key}")
    return text


_PARSERS: dict[str, Callable[[str, str], Any]] = {
    "store": lambda _, text: text,
    "editor": _command,
    "pager": _command,
    "color": _one_of("auto", "always", "never"),
    "hyperlinks": _one_of("auto", "always", "never"),
    "url_template": _address,
    "timezone": _zone,
    "language": _one_of("auto", "en", *OTHERS),
    "list.columns": _columns,
    "theme": _theme,
    "accessible": _boolean,
    "confirm": _one_of("auto", "always", "never"),
}
_FAMILIES: dict[str, Callable[[str, str], Any]] = {"colors": _color, "alias": _alias, "templates": _template}
