"""How what is drawn looks for this person: in colours or not, by which theme, in words instead of signs."""

from __future__ import annotations

import os
import sys

from tix.cli.variables import forced_color
from tix.typing import TYPE_CHECKING, Any, TextIO

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from tix.cli.session import Session


def uses_color(session: Session, stream: TextIO | None = None) -> bool:
    """Whether to draw in colours: by ``--color``, the environment, the setting, and else on a terminal that has them."""
    wanted = session.options.color
    if wanted in (None, "auto"):
        forced = forced_color()
        if forced is not None:
            return forced
        if wanted is None:
            wanted = session.personal.get("color")
        if wanted in (None, "auto"):
            return (stream or sys.stdout).isatty() and os.environ.get("TERM") != "dumb"
    return wanted == "always"


def style_of_errors(argv: Sequence[str]) -> str:
    """The escape parameters for the beginning of an error on a terminal; none where it is to be plain.

    The command line may be what is wrong, so only its words are looked at.
    """
    from tix.cli.personal import settings
    from tix.errors import InvalidValue
    from tix.render.terminal import themes
    from tix.render.terminal.console import sequence

    given = [
        word.removeprefix("--color=")
        for at, word in enumerate(argv)
        if argv[at - 1] == "--color" or "--color=" in word
    ]
    wanted = given[-1] if given and given[-1] != "auto" else None
    if wanted is None:
        forced = forced_color()
        wanted = settings.value("color") if forced is None else ("always" if forced else "never")
    if wanted == "never" or (wanted != "always" and os.environ.get("TERM") == "dumb"):
        return ""
    try:
        own = settings.value("colors.error")
        styles = themes.palette(settings.value("theme") or themes.DEFAULT, {"error": own} if own else {})
    except InvalidValue:  # which may be the error
        styles = themes.THEMES[themes.DEFAULT]
    return sequence("error", styles)


def palette(session: Session) -> Mapping[str, str]:
    """The styles of this person's theme, by meaning. Raises InvalidValue for a theme or a colour there is not."""
    from tix.render.terminal.theme import PALETTE

    settings = session.personal
    name = settings.get("theme")
    changed = {key[7:]: value for key, value in settings.items() if key.startswith("colors.")}
    if name is None and not changed:
        return PALETTE
    from tix.render.terminal import themes

    return themes.palette(name or themes.DEFAULT, changed)


def of_templates(session: Session) -> dict[str, Any]:
    """Who reads what a template prints: the fields of a ``Look`` (``cli.shapes.templates``)."""
    from tix.cli.terminal import hyperlinks

    color, on_terminal = uses_color(session), sys.stdout.isatty()
    links = on_terminal and hyperlinks.wanted(session, color=color)
    return {
        "on_terminal": on_terminal,
        "color": color,
        "links": links,
        "ticket": hyperlinks.targets(session).ticket if links else "",
        "palette": dict(palette(session)) if color else None,
    }
