"""JSON as the store's columns hold it."""

from typing import Any


def loads(text: str) -> Any:
    """A column that holds JSON; the module is loaded where there is one."""
    import json

    return json.loads(text)


def dumps(value: Any) -> str | None:
    """A list or an object as its column holds it; None where it is empty."""
    if not value:
        return None
    import json

    return json.dumps(value, separators=(",", ":"))
