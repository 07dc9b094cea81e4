"""The words of the page in the language of its reader: one module for each language, all with the same keys."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

# Each language by its own name, in the order of the list of languages. To add one, add a module to ``web/words``.
LANGUAGES = {"en": "English", "de": "Deutsch", "vi": "Tiếng Việt"}
DEFAULT = "en"


class Words:
    """The words of one language."""

    def __init__(self, language: str, words: Mapping[str, str]) -> None:
        self.language, self._words = language, words

    def __call__(self, key: str, **values: object) -> str:
        """Return the text of ``key``, with ``values`` in its places. Raises KeyError for an unknown key."""
        text = self._words[key]
        return text.format(**values) if values else text

    def count(self, key: str, number: int, **values: object) -> str:
        """Return the text of ``key`` for a number of things: that of ``key.one`` for a single one."""
        return self(f"{key}.one" if number == 1 else f"{key}.other", n=number, **values)

    def name(self, kind: str, name: str) -> str:
        """Return a name of the desk, such as that of a status that tix ships, in this language; others stay."""
        return self._words.get(f"{kind}.{name}", name.replace("-", " "))

    def has(self, key: str) -> bool:
        """Return whether there is a text of this key."""
        return key in self._words


_known: dict[str, Words] = {}


def words(language: str) -> Words:
    """Return the words of a language. Raises KeyError for one that is not in ``LANGUAGES``."""
    if language not in _known:
        LANGUAGES[language]
        _known[language] = Words(language, import_module(f"tix.web.words.{language}").WORDS)
    return _known[language]


def chosen(own: str | None, desk: str, accepted: str) -> str:
    """Return the language to use: the reader's ``own`` choice, else the desk's, else what the browser prefers.

    ``desk`` is ``auto`` where the desk has none; ``accepted`` is the header Accept-Language (RFC 9110, 12.5.4).
    """
    for language in (own, desk):
        if language in LANGUAGES:
            return language
    return _preferred(accepted)


def _preferred(accepted: str) -> str:
    best, weight = DEFAULT, 0.0
    for part in accepted[:500].split(","):
        tag, _, quality = part.partition(";")
        language = tag.strip().lower().partition("-")[0]
        try:
            number = float(quality.strip().removeprefix("q=") or 1)
        except ValueError:
            continue
        if language in LANGUAGES and weight < number <= 1:
            best, weight = language, number
    return best
