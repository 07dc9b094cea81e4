"""What sets each personal setting for a command: an option, a variable, a profile or a file, in this order."""

from __future__ import annotations

import os
from collections.abc import Iterator

from tix.cli import user_config
from tix.cli.options import Globals
from tix.cli.personal import keys, settings
from tix.typing import NamedTuple

# The options and variables that come before the files, and the variables that come after them.
_OPTIONS = {"store": "store", "color": "color", "hyperlinks": "hyperlinks", "timezone": "tz"}
_BEFORE = {
    "store": ("TIX_STORE",),
    "editor": ("TIX_EDITOR",),
    "pager": ("TIX_PAGER",),
    "color": ("NO_COLOR", "FORCE_COLOR", "CLICOLOR_FORCE", "CLICOLOR"),
    "hyperlinks": ("FORCE_HYPERLINK",),
    "timezone": ("TZ",),
    "accessible": ("ACCESSIBLE",),
}
_AFTER = {"editor": ("VISUAL", "EDITOR"), "pager": ("PAGER",)}


class Origin(NamedTuple):
    """A setting that is set: its value, and what sets it."""

    key: str
    value: str
    source: str


def in_force(options: Globals) -> Iterator[Origin]:
    """Yield the settings that something sets, in the order of their table; then those of aliases, colors and templates."""
    profile = os.environ.get("TIX_PROFILE")
    files: dict[str, Origin] = {}
    of_profile: dict[str, Origin] = {}
    for path in (user_config.SYSTEM_CONFIG, user_config.config_place()):
        for key, value in settings.load(path).values.items():
            start = f"profiles.{profile}."
            if key.startswith(start):
                bare = key.removeprefix(start)
                of_profile[bare] = Origin(bare, keys.shown(value), f"profile {profile} in {path}")
            elif not key.startswith("profiles."):
                files[key] = Origin(key, keys.shown(value), path)
    files |= of_profile
    plain = [key for key in user_config.KEYS if not key.endswith(".NAME")]
    for key in (*plain, *sorted(files.keys() - set(plain))):
        found = _before(options, key) or files.get(key) or _variable(key, _AFTER)
        if found is not None:
            yield found


def _before(options: Globals, key: str) -> Origin | None:
    name = _OPTIONS.get(key)
    value = None if name is None else getattr(options, name)
    if key == "timezone" and options.utc:
        return Origin(key, "UTC", "--utc")
    return _variable(key, _BEFORE) if value is None else Origin(key, value, f"--{name}")


def _variable(key: str, names: dict[str, tuple[str, ...]]) -> Origin | None:
    for name in names.get(key, ()):
        if value := os.environ.get(name):
            return Origin(key, value, name)
    return None
