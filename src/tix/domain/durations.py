"""Durations as people type them, in whole seconds. How we write them is ``times.format_duration``."""

from __future__ import annotations

from tix.domain.times import LONGEST_SECONDS
from tix.errors import Ambiguous, InvalidValue
from tix.typing import TYPE_CHECKING

if TYPE_CHECKING:
    import re

_HINT = "write it as 90s, 25m, 2h, 1h30m, 3d, 1w, 0.5h, 1:30 or 0:02:35"

# The units, large to small, with their names.
_UNITS = (
    ("w", 604_800, "w|wks?|weeks?"),
    ("d", 86_400, "d|days?"),
    ("h", 3_600, "h|hrs?|hours?"),
    ("m", 60, "m|mins?|minutes?"),
    ("s", 1, "s|secs?|seconds?"),
)
_SECONDS_OF = {letter: size for letter, size, _ in _UNITS}
# Twelve digits per unit: enough for a hundred years in seconds, and for a message that it is too long.
_WHOLE = r"(?=.)" + "".join(
    rf"(?:(?P<{letter}>[0-9]{{1,12}}) ?(?:{names})(?![a-z]) ?)?" for letter, _, names in _UNITS
)
_PART = rf"(?P<number>[0-9]{{0,12}}[.,][0-9]{{1,12}}) ?(?:{'|'.join(f'(?P<{u}>{names})' for u, _, names in _UNITS)})"
_COLONS = r"(?P<h>[0-9]{1,12}):(?P<m>[0-5][0-9])(?::(?P<s>[0-5][0-9]))?"


def parse_duration(text: str, *, minutes: bool = False) -> int:
    """Return the seconds of ``90s``, ``1h30m``, ``2 hours``, ``0.5h``, ``0,5h``, ``1:30`` (hours) or ``0:02:35``.

    Units go from large to small, each at most once; spaces between them and capitals are allowed; a decimal number
    has one unit, and is rounded to whole seconds. A number without a unit is minutes where ``minutes`` says so, as for
    time spent. Raises InvalidValue for anything else, for a negative duration, for more than a hundred years, and for
    what can be read in several ways, with the readings.
    """
    import re

    written = text.strip().lower()
    if written.startswith("-"):
        raise InvalidValue(f"'{text}' is negative; a duration cannot be", hint=_HINT)
    if re.fullmatch("0+", written):
        return 0
    if re.fullmatch("[0-9]{1,12}", written):
        if not minutes:
            raise ambiguous(text, [f"{int(written)}{unit}" for unit in "mhd"])
        written += "m"
    seconds = None
    if match := re.fullmatch(_WHOLE, written) or re.fullmatch(_COLONS, written):
        seconds = sum(int(count) * _SECONDS_OF[unit] for unit, count in match.groupdict("0").items())
    elif match := re.fullmatch(_PART, written):
        seconds = _decimal(text, match)
    elif re.fullmatch("[0-9]{1,12}[.,][0-9]{1,12}", written):
        raise ambiguous(text, [f"{written}{unit}" for unit in "hm"])
    if seconds is None:
        raise InvalidValue(f"'{text}' is not a duration", hint=_HINT)
    if seconds > LONGEST_SECONDS:
        raise InvalidValue(f"'{text}' is longer than a hundred years", hint=_HINT)
    return seconds


def _decimal(text: str, match: re.Match[str]) -> int:
    """Return the seconds of a decimal number and its unit, rounded half up. Raises InvalidValue for ``1,234h``."""
    whole, _, part = match["number"].replace(",", ".").partition(".")
    unit = next(letter for letter in _SECONDS_OF if match[letter])
    if "," in match["number"] and len(part) == 3 and whole.strip("0"):
        raise ambiguous(text, [f"{whole}.{part}{unit}", f"{whole}{part}{unit}"])
    scale: int = 10 ** len(part)
    return (int((whole or "0") + part) * _SECONDS_OF[unit] * 2 + scale) // (2 * scale)


def ambiguous(text: str, readings: list[str]) -> InvalidValue:
    """Return the refusal of a text that can be read in several ways; each reading is typed as it would be understood."""
    *most, last = readings
    said = f"{', '.join(most)} or {last}" if most else last
    return Ambiguous(f"'{text}' is ambiguous: it could be {said}", f"write {said}", readings)
