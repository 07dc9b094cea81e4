"""How what is drawn looks for this person: in colours or not, by which theme, in words instead of signs."""

from __future__ import annotations

import os
import sys

from tix.cli.variables import forced_color
from tix.typing import TYPE_CHECKING, TextIO

if TYPE_CHECKING:
    from collections.abc import Mapping

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
