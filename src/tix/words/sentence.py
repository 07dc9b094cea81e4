"""Sentences that know what they are made of, so that whoever prints them can say them in another language.

A ``Said`` is the English text wherever it goes: into JSON, a log, a mail, a test. It also keeps the message that is
looked up in a catalogue, and the values in its places. Only what prints for a person on a terminal calls ``shown``.
So a program never reads a translation, and a reader of English pays for none.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from tix.typing import Any, Protocol

# First strong isolate and its end (Unicode UAX #9): what stands between them orders nothing around it.
FSI, PDI = "\u2068", "\u2069"
# Scripts that are written from right to left: Hebrew to Arabic Extended, presentation forms, and those beyond U+10000.
_RIGHT_TO_LEFT = (
    ("\u0590", "\u08ff"),
    ("\ufb1d", "\ufdff"),
    ("\ufe70", "\ufefc"),
    ("\U00010800", "\U00010fff"),
    ("\U0001e800", "\U0001efff"),
)


class Catalogue(Protocol):
    """What there is of a language: the methods of ``gettext.NullTranslations`` that are used."""

    def gettext(self, message: str) -> str:
        """Return the translation of a message, or the message."""

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        """Return the translation for so many."""

    def pgettext(self, context: str, message: str) -> str:
        """Return the translation of a message in a context."""

    def npgettext(self, context: str, msgid1: str, msgid2: str, n: int) -> str:
        """Return the translation of a message in a context, for so many."""


class Said(str):
    """A text of tix in English, with the message it is made of.

    ``Said("No ticket {ref}.", ref="TIX-9")``. The first argument is a literal that has the whole sentence, never a part
    to be glued to others; its places have names. ``make words`` collects those literals.
    """

    __slots__ = ("context", "many", "message", "number", "values")

    message: str
    values: dict[str, Any]
    # The message for another number than one, and the number.
    many: str | None
    number: int
    context: str | None

    def __new__(cls, message: str, /, **values: Any) -> Said:  # noqa: PYI034  # Self is typing's, which reads do not load
        """Return the sentence with the values in its places."""
        return cls._made(message.format(**values) if values else message, message, values)

    @classmethod
    def counted(cls, one: str, many: str, number: int, /, **values: Any) -> Said:
        """Return a sentence about a number of things: ``one`` for a single one. The number is ``{n}``."""
        values["n"] = number
        said = cls._made((one if number == 1 else many).format(**values), one, values)
        said.many, said.number = many, number
        return said

    @classmethod
    def named(cls, kind: str, name: str) -> Said:
        """Return a name of a kind, such as that of a status, as ``words.names`` lists them; others stay as they are."""
        said = cls._made(name, name, {})
        said.context = kind
        return said

    @classmethod
    def otherwise(cls, english: str, message: str, /, **values: Any) -> Said:
        """Return a text that is made in another way in English than in other languages."""
        return cls._made(english, message, values)

    @classmethod
    def _made(cls, english: str, message: str, values: dict[str, Any]) -> Said:
        self = str.__new__(cls, english)
        self.message, self.values, self.context, self.many, self.number = message, values, None, None, 1
        return self

    def __reduce__(self) -> tuple[type[str], tuple[str]]:
        """A copy is the English text."""
        return str, (str(self),)

    def in_language(self, catalogue: Catalogue, clean: Callable[[str], str]) -> str:
        """Return it as the catalogue has it; each value that is text passes ``clean`` and is isolated."""
        message, context = self.message, self.context
        if self.many is not None:
            text = catalogue.ngettext(message, self.many, self.number)
        elif context is not None:
            text = catalogue.pgettext(context, message)
            return clean(message) if text == message else text
        else:
            text = catalogue.gettext(message)
        if not self.values:
            return text
        values = {name: _value(value, catalogue, clean) for name, value in self.values.items()}
        return text.format(**values)


def _value(value: Any, catalogue: Catalogue, clean: Callable[[str], str]) -> Any:
    if isinstance(value, Said):
        return value.in_language(catalogue, clean)
    return value if isinstance(value, (int, float)) else isolated(clean(str(value)))


class _English:
    """The catalogue that has nothing."""

    def gettext(self, message: str) -> str:
        return message

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        return msgid1 if n == 1 else msgid2

    def pgettext(self, context: str, message: str) -> str:
        return message

    def npgettext(self, context: str, msgid1: str, msgid2: str, n: int) -> str:
        return msgid1 if n == 1 else msgid2


_ENGLISH = _English()


class _Reader:
    """Who reads in this process: the catalogue of their language, None for English, found when it is first needed."""

    find: Callable[[], Catalogue | None] | None = None
    catalogue: Catalogue | None = None


def speak(find: Callable[[], Catalogue | None] | None) -> None:
    """From now on ``shown`` uses the catalogue that ``find`` returns; it is called once, by the first text."""
    _Reader.find, _Reader.catalogue = find, None


def catalogue() -> Catalogue | None:
    """Return the catalogue of the reader's language; None for English."""
    if _Reader.find is not None:
        find, _Reader.find = _Reader.find, None
        _Reader.catalogue = find()
    return _Reader.catalogue


def _as_it_is(text: str) -> str:
    return text


def shown(text: str, clean: Callable[[str], str] = _as_it_is) -> str:
    """Return a text as its reader sees it: in their language where it is a ``Said``; what people wrote passes ``clean``.

    Values with words that are written from right to left are isolated, so that the sentence keeps its order.
    """
    if not isinstance(text, Said):
        return clean(text)
    found = catalogue()
    if found is not None:
        return text.in_language(found, clean)
    if has_right_to_left(text):
        in_english = text.in_language(_ENGLISH, clean)
        if in_english.replace(FSI, "").replace(PDI, "") == clean(text):
            return in_english
    return clean(text)


def has_right_to_left(text: str) -> bool:
    """Return whether a text has letters that are written from right to left."""
    if text.isascii():
        return False
    return any(first <= char <= last for char in text if char >= "\u0590" for first, last in _RIGHT_TO_LEFT)


def isolated(text: str) -> str:
    """Return a text with right-to-left letters between isolates; any other as it is."""
    if not has_right_to_left(text):
        return text
    missing = text.count(FSI) - text.count(PDI)  # one that was shortened may have lost an end
    return f"{FSI}{text}{PDI * (1 + max(missing, 0))}"


def shown_name(kind: str, name: str) -> str:
    """Return a name as its reader knows it: translated where it is one of tix, else as the desk wrote it."""
    found = catalogue()
    return name if found is None else found.pgettext(kind, name)


def listed(parts: Sequence[str], between: str = ",") -> str:
    """Return texts with commas between them, or semicolons, as one that can be said in another language."""
    if not parts:
        return ""
    whole = parts[0]
    for part in parts[1:]:
        if between == ",":
            whole = Said("{before}, {last}", before=whole, last=part)
        else:
            whole = Said("{before}; {last}", before=whole, last=part)
    return whole


def use_one_of(names: Iterable[str]) -> Said:
    """Return the hint that lists what there is to choose from."""
    return Said("use one of {names}", names=", ".join(names))


def as_text(value: object) -> str:
    """Return a sentence as the text that it is, for encoders that know plain texts alone. Raises NotImplementedError."""
    if isinstance(value, Said):
        return str(value)
    raise NotImplementedError
