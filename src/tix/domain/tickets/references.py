"""How people refer to tickets: ``12``, ``TIX-12``, ``tix-12``, ``#12``, ``12-18``, ``12,15``."""

from collections.abc import Sequence

from tix.errors import InvalidValue
from tix.typing import NamedTuple
from tix.words.sentence import Said

HIGHEST_NUMBER = 2**53  # the largest integer JSON readers represent exactly
WIDEST_RANGE = 100_000
MOST_FROM_RANGES = 1_000_000  # per command; keeps a mistyped line from filling the memory


class Reference(NamedTuple):
    """A reference to a ticket. ``prefix`` is upper case, with its dash (``TIX-``), None if it was not written.

    ``ranged`` says it comes only from a range, so it is skipped if there is no such ticket.
    """

    prefix: str | None
    number: int
    ranged: bool = False

    @property
    def text(self) -> str:
        return f"{self.prefix or ''}{self.number}"


class Parsed(NamedTuple):
    """References in the order given, each once; ``single`` if it was one word for one ticket."""

    references: tuple[Reference, ...]
    single: bool


def parse_references(words: Sequence[str]) -> Parsed:
    """Return the tickets that ``words`` refer to.

    ``12`` and ``TIX-12`` stay separate: only the desk knows whether they are one ticket. A ticket given by itself
    and in a range counts as given by itself. Raises InvalidValue if a word is not a reference, a number is higher
    than 2**53, a range is backwards or wider than 100,000 numbers.
    """
    found: dict[tuple[str | None, int], bool] = {}
    from_ranges = 0
    for word in words:
        for item in word.split(","):
            prefix, low, high = _read(item, word)
            if high is None:
                found[prefix, low] = False
                continue
            from_ranges += high - low + 1
            if from_ranges > MOST_FROM_RANGES:
                raise InvalidValue(
                    Said(
                        "the ranges together span more than {most_from_ranges:,} numbers",
                        most_from_ranges=MOST_FROM_RANGES,
                    )
                )
            for number in range(low, high + 1):
                found.setdefault((None, number), True)
    references = tuple(Reference(prefix, number, ranged) for (prefix, number), ranged in found.items())
    single = len(words) == 1 and "," not in words[0] and len(references) == 1 and not references[0].ranged
    return Parsed(references, single)


def parse_reference(word: str) -> Reference:
    """Return the one ticket that ``word`` refers to. Raises InvalidValue if it refers to none or several."""
    prefix, number, high = _read(word, word)
    if high is not None:
        raise InvalidValue(Said("'{word}' names several tickets; name one", word=word))
    return Reference(prefix, number)


def looks_like_reference(word: str) -> bool:
    """Return whether ``word`` has the form of a reference, a range or a comma list, whatever its size."""
    return all(_shape(item) is not None for item in word.split(","))


def parse_prefix(text: str) -> str:
    """Return ``text`` as a ticket prefix. Raises InvalidValue if it is not ``[A-Z][A-Z0-9]{0,9}-``."""
    if not (text.endswith("-") and _is_prefix(text[:-1]) and text == text.upper()):
        raise InvalidValue(
            Said("'{text}' is not a ticket prefix", text=text),
            hint=Said("use a capital letter, up to nine more capitals or digits, and a dash, e.g. TIX-"),
        )
    return text


def _shape(item: str) -> tuple[str | None, str, str | None] | None:
    """Return the prefix, the number and, for a range, its end; digits still as text."""
    bare = item.removeprefix("#")
    if _is_number(bare):
        return None, bare, None
    head, dash, tail = item.rpartition("-")
    if not (dash and _is_number(tail)):
        return None
    if _is_number(head):
        return None, head, tail
    return (f"{head.upper()}-", tail, None) if _is_prefix(head) else None


def _read(item: str, word: str) -> tuple[str | None, int, int | None]:
    shape = _shape(item)
    if shape is None:
        raise InvalidValue(
            Said("'{word}' is not a ticket reference", word=word),
            hint=Said("write 12, TIX-12 or '#12'; several as 12 13, 12-18 or 12,15"),
        )
    prefix, number, end = shape
    low = _number(number, word)
    if end is None:
        return prefix, low, None
    high = _number(end, word)
    if high < low:
        raise InvalidValue(
            Said("the range '{item}' is backwards", item=item),
            hint=Said("write {high}-{low}", high=high, low=low),
        )
    if high - low >= WIDEST_RANGE:
        raise InvalidValue(
            Said(
                "the range '{item}' spans more than {widest_range:,} numbers",
                item=item,
                widest_range=WIDEST_RANGE,
            )
        )
    return prefix, low, high


def _number(digits: str, word: str) -> int:
    # Length first: Python refuses to parse thousands of digits with an error of its own.
    digits = digits.lstrip("0") or "0"
    if len(digits) > 16 or int(digits) > HIGHEST_NUMBER:
        raise InvalidValue(
            Said(
                "'{word}' is not a ticket reference: the highest number is {highest_number}",
                word=word,
                highest_number=HIGHEST_NUMBER,
            )
        )
    return int(digits)


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit()


def _is_prefix(text: str) -> bool:
    return text.isascii() and text.isalnum() and text[0].isalpha() and len(text) <= 10
