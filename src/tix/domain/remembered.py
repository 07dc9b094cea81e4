"""Keep what is made of values: the same few come again and again."""

from __future__ import annotations

from collections.abc import Callable

from tix.typing import Any


class Remembered(dict[Any, Any]):
    """What ``make`` returns for a value, made once; with ``most`` of them it begins anew.

    A dictionary that fills itself is as fast as ``functools.lru_cache``, and nothing has to be imported.
    """

    def __init__(self, make: Callable[[Any], Any], most: int = 10_000) -> None:
        super().__init__()
        self._make = make
        self._most = most

    def __missing__(self, value: Any) -> Any:
        if len(self) >= self._most:
            self.clear()
        made = self[value] = self._make(value)
        return made
