"""A table of a TOML file, read strictly: nothing in it is ignored, and each error says where it is."""

from __future__ import annotations

from collections.abc import Sequence

from tix.errors import InvalidValue
from tix.typing import Any, NamedTuple


class Table(NamedTuple):
    """A table, and its name in errors. A key that is absent gives the default.

    Every method raises InvalidValue for a value of another type.
    """

    called: str
    values: dict[str, Any]

    def text(self, key: str, default: str | None = None) -> str:
        """Return a text; without a default it is required."""
        value = self.values.get(key, default)
        if value is None:
            raise InvalidValue(f"{self.called} has no '{key}'")
        if not isinstance(value, str):
            raise self.refusal(key, "text in quotes")
        return value

    def word(self, key: str, among: Sequence[str], default: str | None = None) -> str:
        """Return a text that is one of ``among``."""
        word = self.text(key, default)
        self._refuse_others(key, [word], among)
        return word

    def texts(self, key: str) -> tuple[str, ...]:
        """Return a list of texts, by default empty."""
        value = self.values.get(key, [])
        if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
            raise self.refusal(key, 'a list of quoted texts, e.g. ["one", "two"]')
        return tuple(value)

    def words(self, key: str, among: Sequence[str]) -> tuple[str, ...]:
        """Return a list of texts, each one of ``among``."""
        words = self.texts(key)
        self._refuse_others(key, words, among)
        return words

    def flag(self, key: str) -> bool:
        """Return a boolean, by default false."""
        value = self.values.get(key, False)
        if not isinstance(value, bool):
            raise self.refusal(key, "true or false, without quotes")
        return value

    def table(self, key: str) -> Table:
        """Return the table under ``[key]``, by default empty."""
        value = self.values.get(key, {})
        if not isinstance(value, dict):
            raise self.refusal(key, f"a table, under a line [{key}] with one bracket")
        return Table(f"[{key}]", value)

    def tables(self, key: str, title: str) -> list[Table]:
        """Return the tables under ``[[key]]``, named by their place and their ``title``: ``[[rule]] 2 (close)``."""
        value = self.values.get(key, [])
        if not isinstance(value, list) or not all(isinstance(item, dict) for item in value):
            raise self.refusal(key, f"tables, each under a line [[{key}]] with two brackets")
        found = []
        for number, item in enumerate(value, 1):
            name = item.get(title)
            called = f"[[{key}]] {number}"
            found.append(Table(f"{called} ({name})" if isinstance(name, str) else called, item))
        return found

    def strange(self, known: Sequence[str]) -> str | None:
        """Return the first key that is not in ``known``, or None."""
        return next((key for key in self.values if key not in known), None)

    def refusal(self, key: str, wanted: str) -> InvalidValue:
        """Return the error to raise if the value of ``key`` is not what is ``wanted``."""
        return InvalidValue(f"'{key}' of {self.called} must be {wanted}")

    def _refuse_others(self, key: str, words: Sequence[str], among: Sequence[str]) -> None:
        for word in words:
            if word not in among:
                raise InvalidValue(f"'{key}' of {self.called} cannot be '{word}'", hint=nearest(word, among))


def read(text: str, called: str) -> Table:
    """Return the whole of a TOML file. Raises InvalidValue if it is not TOML, with the line if it is known."""
    import tomllib  # takes 3 ms, which only readers of such a file pay

    try:
        return Table(
            called, tomllib.loads(text.removeprefix("\ufeff"))
        )  # the byte order mark that some editors write
    except RecursionError as error:
        raise InvalidValue(f"{called} cannot be read as TOML: it is nested too deeply") from error
    except ValueError as error:  # also TOMLDecodeError; a number of 5,000 digits raises a bare ValueError
        raise InvalidValue(f"{called} cannot be read as TOML: {error}") from error


def nearest(word: str, known: Sequence[str]) -> str:
    """Return a hint for a word that is not ``known``: the nearest one, and all of them."""
    import difflib

    near = difflib.get_close_matches(word.lower(), known, n=1, cutoff=0.6)
    meant = f"did you mean {near[0]}? " if near else ""
    return f"{meant}use one of {', '.join(known)}"
