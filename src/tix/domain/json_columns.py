"""JSON as the store's columns hold it."""

from tix.typing import Any


def loads(text: str) -> Any:
    """Return the value of a JSON column; the json module is loaded only when one is read."""
    import json

    return json.loads(text)


def dumps(value: Any) -> str | None:
    """Return a list or an object as its column holds it; None if it is empty."""
    if not value:
        return None
    import json

    return json.dumps(value, separators=(",", ":"))
