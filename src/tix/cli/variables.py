"""The environment variables that tix reads, and whether one is on; nothing is loaded for it."""

from __future__ import annotations

import os

# What turns a variable off that is set; NO_COLOR has its own rule (no-color.org).
_OFF = frozenset(("", "0", "false", "no", "off"))

# Name, what it does: the table of `tix help environment`, by its headings.
VARIABLES: dict[str, tuple[tuple[str, str], ...]] = {
    "The desk": (
        ("TIX_STORE", "The file of the desk, or the address of a server or a database, e.g. https://desk.example."),
        ("TIX_USER", "Act as this person (admins); like --as."),
        ("TIX_TOKEN", "API key for a server; tix login stores one."),
        ("TIX_PROFILE", "Profile of the settings to use; like --profile."),
        ("TIX_READ_ONLY", "Refuse commands that write; like --read-only."),
        ("TIX_NOW", "The time of the command, e.g. 2026-11-22T09:00:00Z, for tests and demonstrations."),
        ("TZ", "Your time zone, e.g. Europe/Berlin; --tz and --utc come before it, the setting timezone after it."),
    ),
    "Questions": (
        ("TIX_NO_INPUT", "Never ask, as without a terminal; like --no-input."),
        ("CI", "The same; no pager and no moving progress either."),
        ("ACCESSIBLE", "No moving cursor, no pager, no bars; numbered choices; words beside signs."),
    ),
    "Color and links": (
        ("NO_COLOR", "No color, whatever its value."),
        ("FORCE_COLOR, CLICOLOR_FORCE", "Color also in a pipe; FORCE_COLOR=0 means none."),
        ("CLICOLOR", "0 means no color."),
        ("FORCE_HYPERLINK", "Links: 1 always, 0 never; else as the setting hyperlinks says, or where the terminal knows them."),
        ("TERM", "dumb means no color, no pager and a plain prompt."),
    ),
    "Programs": (
        ("TIX_EDITOR, VISUAL, EDITOR", "Your editor; the setting editor comes after TIX_EDITOR."),
        ("TIX_PAGER, PAGER", "The pager for long output; the setting pager comes between them. Empty or cat: none."),
        ("LESS", "Options of less (default: FRX)."),
        ("BROWSER", "Opens files for tix attach open; else xdg-open or, on macOS, open."),
    ),
    "Places": (
        ("TIX_FORCE_TTY", "Print to a pipe as to a terminal, e.g. 120 for one of 120 columns."),
        ("COLUMNS", "Width of tables and of this help."),
        ("XDG_CONFIG_HOME", "Where the settings are (default: ~/.config); XDG_DATA_HOME has the desk, XDG_STATE_HOME drafts."),
        ("LC_ALL, LC_TIME, LANG", "Which comes first in a date such as 12/24/2026."),
        ("TIX_LANG", "Language of what you read: en, de or vi; else LC_ALL, LC_MESSAGES, LANG and LANGUAGE as usual."),
    ),
    "Mail": (
        ("TIX_IMAP_PASSWORD", "Password for tix mail fetch."),
        ("TIX_SMTP_PASSWORD", "Password for tix mail send."),
    ),
}  # fmt: skip


def is_on(name: str) -> bool:
    """Whether a variable is set to anything but ``0``, ``false``, ``no``, ``off`` and nothing."""
    return os.environ.get(name, "").strip().lower() not in _OFF


def forbids_questions() -> bool:
    """Whether the environment says that nobody is there to answer."""
    return is_on("TIX_NO_INPUT") or is_on("CI")


def forced_color() -> bool | None:
    """Whether the environment wants colour, whatever stdout is; None where it does not say."""
    if os.environ.get("NO_COLOR"):
        return False
    forced = os.environ.get("FORCE_COLOR", "")
    if forced:
        return is_on("FORCE_COLOR")
    if is_on("CLICOLOR_FORCE"):
        return True
    return False if os.environ.get("CLICOLOR") == "0" else None


def is_dumb() -> bool:
    """Whether the terminal cannot move its cursor, or does not say."""
    return os.environ.get("TERM", "").lower() in ("", "dumb", "unknown")
