"""The words of the page in the language of its reader: English by keys, other languages from the catalogues of gettext."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tix.web.words import en
from tix.words.catalogue import LANGUAGES, load
from tix.words.sentence import Said

if TYPE_CHECKING:
    from gettext import NullTranslations

    from tix.errors import TixError

DEFAULT = "en"
_ONE, _OTHER = ".one", ".other"


class Words:
    """The words of one language. In a catalogue the key of a text is its context."""

    def __init__(self, language: str, catalogue: NullTranslations) -> None:
        self.language, self._catalogue = language, catalogue
        self._words = {key: self._translated(key, text) for key, text in en.WORDS.items()}

    def _translated(self, key: str, text: str) -> str:
        for end, number in ((_ONE, 1), (_OTHER, 2)):
            if key.endswith(end):
                return self._plural(key.removesuffix(end), number)
        return self._catalogue.pgettext(key, text)

    def _plural(self, key: str, number: int) -> str:
        return self._catalogue.npgettext(key, en.WORDS[key + _ONE], en.WORDS[key + _OTHER], number)

    def __call__(self, key: str, **values: object) -> str:
        """Return the text of ``key``, with ``values`` in its places. Raises KeyError for an unknown key."""
        text = self._words[key]
        return text.format(**values) if values else text

    def count(self, key: str, number: int, **values: object) -> str:
        """Return the text of ``key`` for a number of things."""
        return self._plural(key, number).format(n=number, **values)

    def name(self, kind: str, name: str) -> str:
        """Return a name of the desk, such as that of a status that tix ships, in this language; others stay."""
        return self._words.get(f"{kind}.{name}", name.replace("-", " "))

    def has(self, key: str) -> bool:
        """Return whether there is a text of this key."""
        return key in self._words

    def sentence(self, error: TixError) -> str | None:
        """Return what a failure says, in this language; None where that is not translated."""
        message = error.message
        if not isinstance(message, Said):
            return None
        said = message.in_language(self._catalogue, str)
        return None if said == message else said


_known: dict[str, Words] = {}


def words(language: str) -> Words:
    """Return the words of a language. Raises KeyError for one that is not in ``LANGUAGES``."""
    if language not in _known:
        LANGUAGES[language]
        _known[language] = Words(language, load(language))
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
