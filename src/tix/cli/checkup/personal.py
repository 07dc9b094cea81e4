"""What a person's surroundings are like for tix: terminal, colours, encoding, time, editor, pager, completion, disk.

Facts, with a hint where something could be better; none of them makes a desk unsound.
"""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Iterator

from tix.cli.checkup import installed
from tix.cli.session import Session
from tix.cli.terminal.look import uses_color
from tix.desk import repair
from tix.desk.doctor import Finding
from tix.domain.times import instant
from tix.typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tix.desk.context import Desk

_LITTLE_SPACE = 200_000_000  # bytes
_CLOCK_SECONDS = 300


def findings(session: Session, desk: Desk) -> Iterator[Finding]:
    """Yield what is found."""
    yield _terminal()
    yield _colors(session)
    yield _encoding()
    yield _language(session)
    yield _zone(session)
    yield _clock(session, desk)
    editors = ("sensible-editor", "nano", "vi")
    yield _program(session, "editor", ("TIX_EDITOR", "setting editor", "VISUAL", "EDITOR"), editors)
    yield _pager(session)
    yield _completion()
    if (space := _space(desk)) is not None:
        yield space


def _terminal() -> Finding:
    if not sys.stdout.isatty():
        return Finding("terminal", "info", "output goes to a file or a pipe")
    size = shutil.get_terminal_size()
    name = os.environ.get("TERM", "")
    said = f"{name or 'TERM is not set'}, {size.columns} columns, {size.lines} lines"
    hint = None
    if name in ("", "dumb"):
        hint = "set TERM, e.g. export TERM=xterm-256color, for colors and keys"
    elif size.columns < 60:
        hint = "make the window wider: tables need 60 columns or more"
    return Finding("terminal", "info", said, hint)


def _colors(session: Session) -> Finding:
    if uses_color(session):
        return Finding("color", "info", "on")
    reasons = [name for name in ("NO_COLOR",) if os.environ.get(name)]
    if session.options.color == "never":
        reasons = ["--color never"]
    elif os.environ.get("TERM") == "dumb":
        reasons = ["TERM=dumb"]
    return Finding("color", "info", f"off ({reasons[0]})" if reasons else "off (no terminal)")


def _encoding() -> Finding:
    from tix.render.terminal import signs

    named = signs.locale_in_force()
    if named is None:
        return Finding("encoding", "info", "UTF-8 (LANG is not set)")
    said = "=".join(named)
    if signs.is_utf8():
        return Finding("encoding", "info", f"UTF-8 ({said})")
    hint = "set a UTF-8 locale, e.g. export LANG=C.UTF-8, or letters and bars may look broken"
    return Finding("encoding", "info", said, hint)


def _language(session: Session) -> Finding:
    from tix.cli.personal.language import wish
    from tix.words.catalogue import LANGUAGES

    asked = wish(session.personal.get("language"))
    if asked is None:
        return Finding("language", "info", "English (LANG is not set)")
    said = f"{LANGUAGES[asked.language]} ({asked.name}={asked.value})"
    if asked.is_spoken:
        return Finding("language", "info", said)
    hint = f"tix has no words of '{asked.value}'; use one of {', '.join(LANGUAGES)} in TIX_LANG or config set language"
    return Finding("language", "info", said, hint)


def _zone(session: Session) -> Finding:
    from datetime import datetime

    from tix.cli.timezone import local_zone

    zone = local_zone()
    offset = datetime.fromtimestamp(session.now, zone).strftime("%z")
    name = os.environ.get("TZ", "").removeprefix(":")
    known: str | None = getattr(zone, "key", None)
    ahead = f"UTC{offset[:3]}:{offset[3:5]}"
    said = ahead if known is None else f"{known} ({ahead})"
    if name and known is None and name != "UTC" and not any(one.isdigit() for one in name):
        return Finding(
            "time zone", "info", f"{said} (TZ={name})", "TZ names no zone; e.g. export TZ=Europe/Berlin"
        )
    return Finding("time zone", "info", said)


def _clock(session: Session, desk: Desk) -> Finding:
    now, newest = session.now, repair.newest_entry(desk)
    fixed = " (set by TIX_NOW)" if os.environ.get("TIX_NOW") else ""
    hint = None
    if newest is not None and newest > now + _CLOCK_SECONDS:
        hint = f"the newest entry is from {instant(newest)}: set the clock of this machine, e.g. by NTP"
    return Finding("clock", "info", f"{instant(now)}{fixed}", hint)


def _given(session: Session, name: str) -> str | None:
    """The value of a variable, or of a setting."""
    if name.startswith("setting "):
        value: str | None = session.personal.get(name.removeprefix("setting "))
        return value
    return os.environ.get(name)


def _program(session: Session, what: str, variables: tuple[str, ...], others: tuple[str, ...]) -> Finding:
    """Find the program that would be started: the one of a variable or setting, else the first there is."""
    import shlex

    for variable in variables:
        value = (_given(session, variable) or "").strip()
        if value:
            try:
                words = shlex.split(value)
            except ValueError:
                words = []
            if words and shutil.which(words[0]):
                return Finding(what, "info", f"{value} ({variable})")
            return Finding(
                what, "info", f"{value} ({variable})", f"{variable} names no program: change or unset it"
            )
    found = next((name for name in others if shutil.which(name)), None)
    if found is None:
        return Finding(what, "info", "none", f"set {variables[0]}, e.g. export {variables[0]}=nano")
    return Finding(what, "info", found)


def _pager(session: Session) -> Finding:
    names = ("TIX_PAGER", "setting pager", "PAGER")
    value = next((found for name in names if (found := _given(session, name)) is not None), "less")
    if value.strip() in ("", "cat") or (value == "less" and shutil.which("less") is None):
        return Finding("pager", "info", "none")
    return _program(session, "pager", names, ("less",))


def _completion() -> Finding:
    shell = installed.shell()
    if shell is None:
        return Finding("completion", "info", "unknown shell", "tix help completion says how to install it")
    place = installed.found(shell)
    if place is not None:
        return Finding("completion", "info", f"{shell}: {place}")
    return Finding("completion", "info", f"{shell}: not installed", installed.advice(shell))


def _space(desk: Desk) -> Finding | None:
    room = repair.store_space(desk)
    if room is None:
        return None
    free, size = room
    hint = None
    if free < max(_LITTLE_SPACE, 2 * size):
        hint = "free some space: a backup and a search index need room beside the desk"
    return Finding("space", "info", f"{free / 1e9:,.1f} GB free, the desk has {size / 1e6:,.1f} MB", hint)
