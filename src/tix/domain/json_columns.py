"""JSON as the store's columns hold it, read and written without the module ``json``.

That module compiles patterns, which takes as long as a query. Its C parts alone do the work; where they are missing, or
refuse a text, ``json`` has the last word.
"""

from __future__ import annotations

from collections.abc import Callable

from tix.typing import Any

Encode = Callable[[Any], str]


def encoder(separator: str = ", ", colon: str = ": ") -> Encode:
    """Return what writes a value as JSON in ASCII, as ``json.dumps`` does; NaN and infinities raise ValueError."""
    try:
        from _json import make_encoder

        make = make_encoder(None, _refuse, quoted, None, colon, separator, False, False, False)
    except (ImportError, TypeError):
        import json

        return json.JSONEncoder(separators=(separator, colon), allow_nan=False, check_circular=False).encode

    def encode(value: Any) -> str:
        return quoted(value) if isinstance(value, str) else "".join(make(value, 0))

    return encode


def _refuse(value: Any) -> Any:
    raise TypeError(f"{type(value).__name__} is not JSON")


def loads(text: str) -> Any:
    """Return the value of a JSON column. Raises ValueError for what is no JSON."""
    try:
        value, end = _scan(text, 0)
        if end == len(text):
            return value
    except (StopIteration, ValueError):
        pass
    import json  # it passes space around the value, and explains what is wrong

    return json.loads(text)


class _Defaults:
    """What ``json.JSONDecoder`` tells its scanner."""

    strict = True
    object_hook = object_pairs_hook = None
    parse_float, parse_int = float, int
    parse_constant = float

    def __init__(self) -> None:
        self.memo: dict[str, str] = {}


def _scanner() -> Callable[[str, int], tuple[Any, int]]:
    try:
        from _json import make_scanner
    except ImportError:

        def look_elsewhere(text: str, at: int) -> tuple[Any, int]:
            raise ValueError(text, at)

        return look_elsewhere
    scan: Callable[[str, int], tuple[Any, int]] = make_scanner(_Defaults())  # type: ignore[arg-type]  # it takes any object
    return scan


def _quoted() -> Callable[[str], str]:
    try:
        from _json import encode_basestring_ascii as quote
    except ImportError:
        from json.encoder import py_encode_basestring_ascii as quote
    found: Callable[[str], str] = quote
    return found


# A text as JSON in ASCII.
quoted = _quoted()
_scan = _scanner()
# A value as a column holds it.
compact = encoder(",", ":")


def dumps(value: Any) -> str | None:
    """Return a list or an object as its column holds it; None if it is empty."""
    return compact(value) if value else None
