"""How people name tickets: ``12``, ``TIX-12``, ``tix-12``, ``#12``, ``12-18``, ``12,15``."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from tix.errors import InvalidValue

HIGHEST_NUMBER = 2**53  # what JSON readers hold exactly
WIDEST_RANGE = 100_000
MOST_FROM_RANGES = 1_000_000  # of one command together; keeps a mistyped line from filling the memory


class Reference(NamedTuple):
    """A ticket somebody named. ``prefix`` is upper case, with its dash (``TIX-``), None when not written.

    ``ranged`` says it comes from a range only, so it is skipped where there is no such ticket.
    """

    prefix: str | None
    number: int
    ranged: bool = False

    @property
    def text(self) -> str:
        return f"{self.prefix or ''}{self.number}"


class Parsed(NamedTuple):
    """References in the order given, each once; ``single`` when it was one word naming one ticket."""

    references: tuple[Reference, ...]
    single: bool


def parse_references(words: Sequence[str]) -> Parsed:
    """The tickets that ``words`` name.

    ``12`` and ``TIX-12`` are kept apart: whether they are one ticket, the desk knows. A ticket named by
    itself and by a range counts as named by itself. Raises InvalidValue when a word is not a reference, a
    number is higher than 2**53, a range runs backwards or is wider than 100,000 numbers.
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
                raise InvalidValue(f"the ranges together span more than {MOST_FROM_RANGES:,} numbers")
            for number in range(low, high + 1):
                found.setdefault((None, number), True)
    references = tuple(Reference(prefix, number, ranged) for (prefix, number), ranged in found.items())
    single = len(words) == 1 and "," not in words[0] and len(references) == 1 and not references[0].ranged
    return Parsed(references, single)


def parse_reference(word: str) -> Reference:
    """The one ticket that ``word`` names. Raises InvalidValue when it names none or several."""
    prefix, number, high = _read(word, word)
    if high is not None:
        raise InvalidValue(f"'{word}' names several tickets; name one")
    return Reference(prefix, number)


def looks_like_reference(word: str) -> bool:
    """Whether ``word`` has the shape of a reference, a range or a comma list; says nothing of its size."""
    return all(_shape(item) is not None for item in word.split(","))


def parse_prefix(text: str) -> str:
    """``text`` as a ticket prefix. Raises InvalidValue when it is not ``[A-Z][A-Z0-9]{0,9}-``."""
    if not (text.endswith("-") and _is_prefix(text[:-1]) and text == text.upper()):
        raise InvalidValue(
            f"'{text}' is not a ticket prefix",
            hint="use a capital letter, up to nine more capitals or digits, and a dash, e.g. TIX-",
        )
    return text


def _shape(item: str) -> tuple[str | None, str, str | None] | None:
    """Prefix, number, and where it is a range its end; digits still as text."""
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
            f"'{word}' is not a ticket reference",
            hint="write 12, TIX-12 or '#12'; several as 12 13, 12-18 or 12,15",
        )
    prefix, number, end = shape
    low = _number(number, word)
    if end is None:
        return prefix, low, None
    high = _number(end, word)
    if high < low:
        raise InvalidValue(f"the range '{item}' is backwards", hint=f"write {high}-{low}")
    if high - low >= WIDEST_RANGE:
        raise InvalidValue(f"the range '{item}' spans more than {WIDEST_RANGE:,} numbers")
    return prefix, low, high


def _number(digits: str, word: str) -> int:
    # By length first: Python refuses to read thousands of digits with an error of its own.
    digits = digits.lstrip("0") or "0"
    if len(digits) > 16 or int(digits) > HIGHEST_NUMBER:
        raise InvalidValue(f"'{word}' is not a ticket reference: the highest number is {HIGHEST_NUMBER}")
    return int(digits)


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit()


def _is_prefix(text: str) -> bool:
    return text.isascii() and text.isalnum() and text[0].isalpha() and len(text) <= 10
