"""The themes: what each meaning looks like, and the changes a person makes to one."""

from __future__ import annotations

from collections.abc import Mapping

from tix.errors import InvalidValue
from tix.render.terminal import console, theme

DEFAULT = "default"
# Yellow and cyan are hard to read on white; on black, the dark colours are.
_LIGHT = {
    "unanswered": "magenta", "unread": "bold blue", "open": "green", "answered": "blue", "in-progress": "bold blue",
    "resolved": "blue", "high": "bold magenta", "requester": "blue", "bar": "blue", "muted": "bright_black",
    "closed": "bright_black", "low": "bright_black", "system": "bright_black", "ref": "bold",
}  # fmt: skip
_DARK = {
    "error": "bold bright_red", "overdue": "bold bright_red", "urgent": "bold bright_red",
    "unanswered": "bright_yellow", "unread": "bold bright_cyan", "open": "bright_green", "answered": "bright_cyan", "in-progress": "bright_yellow",
    "on-hold": "bright_magenta", "resolved": "bright_blue", "high": "bright_yellow", "requester": "bright_cyan",
    "staff": "bright_green", "note": "bright_magenta", "bar": "bright_cyan", "ref": "bright_white",
}  # fmt: skip
# No colour at all: what is bold and dim still leads the eye.
_PLAIN = dict.fromkeys(theme.PALETTE, "") | {
    "title": "bold", "muted": "dim", "overdue": "bold", "unread": "bold", "found": "bold underline", "urgent": "bold", "error": "bold",
    "closed": "dim", "low": "dim", "system": "dim", "note": "italic",
}  # fmt: skip
THEMES: Mapping[str, Mapping[str, str]] = {
    DEFAULT: theme.PALETTE,
    "light": {**theme.PALETTE, **_LIGHT},
    "dark": {**theme.PALETTE, **_DARK},
    "plain": _PLAIN,
}


def palette(name: object, changed: Mapping[str, object]) -> Mapping[str, str]:
    """Return the styles of a theme, by meaning, with a person's own in place of some.

    Raises InvalidValue for a theme, a meaning or a colour that there is not.
    """
    if not isinstance(name, str) or name not in THEMES:
        raise InvalidValue(f"'{name}' is not a theme", hint="use one of " + ", ".join(THEMES))
    styles = dict(THEMES[name])
    for meaning, style in changed.items():
        if meaning not in styles:
            raise InvalidValue(
                f"colors.{meaning} is not something with a color", hint="use one of " + ", ".join(styles)
            )
        styles[meaning] = _checked(meaning, style)
    return styles


def _checked(meaning: str, style: object) -> str:
    try:
        if not isinstance(style, str):
            raise KeyError(style)  # noqa: TRY301  # what is no text names no colour either
        console.sequence(style, {})
    except KeyError as error:
        named = ", ".join(console.attributes())
        raise InvalidValue(
            f"'{error.args[0]}' is not a color (colors.{meaning})", hint=f"use {named}, 0 to 255, or #rrggbb"
        ) from None
    return style
