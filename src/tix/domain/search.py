"""Search text: how it is normalised, what a query asks for, and the snippet shown for a match.

Index and query are normalised in the same way; then SQLite's ``unicode61 remove_diacritics 0`` takes letters,
digits and private-use characters as words and everything else as a gap. Text that a person types reaches FTS5
only between quotes.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from tix.domain.texts import normal
from tix.typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    import re


MOST_TERMS = 64
LONGEST_CUT_WORD = 20  # a snippet may be this much shorter to begin or end with a whole word
MOST_MARKS = 10  # of a snippet
LONGEST_TERM = 1_000  # characters; a longer phrase is searched by its beginning


# Codes of ISO 639-1 as `search.languages` takes them, and what Snowball calls the languages.
LANGUAGES = {
    "en": "english", "ar": "arabic", "ca": "catalan", "cs": "czech", "da": "danish", "de": "german", "el": "greek",
    "es": "spanish", "et": "estonian", "eu": "basque", "fi": "finnish", "fr": "french", "ga": "irish", "hi": "hindi",
    "hu": "hungarian", "hy": "armenian", "id": "indonesian", "it": "italian", "lt": "lithuanian", "ne": "nepali",
    "nl": "dutch", "no": "norwegian", "pl": "polish", "pt": "portuguese", "ro": "romanian", "ru": "russian",
    "sr": "serbian", "sv": "swedish", "ta": "tamil", "tr": "turkish",
}  # fmt: skip


class Term(NamedTuple):
    """One search term.

    ``text`` is an FTS5 expression; ``words`` are normalised, runs of CJK characters without spaces. A ``literal`` word
    stood in quotes: its other forms are not meant.
    """

    text: str
    words: tuple[str, ...]
    prefix: bool = False
    literal: bool = False


class Query(NamedTuple):
    """The terms that must match and those that must not, each once, in the order given.

    ``reference``: the text, if it may be the reference of a ticket.
    """

    wanted: tuple[Term, ...]
    unwanted: tuple[Term, ...]
    reference: str | None = None


def fold(text: str) -> str:
    """Return ``text`` as it is indexed: without case, accents and ligatures, a space around each CJK character.

    Voicing marks of kana stay, since か and が are different letters, not accents.
    """
    if text.isascii():
        return text.lower()
    import re

    folded = _unspaced(text)
    spaced = re.sub(_CJK, r" \g<0> ", folded)
    return folded if spaced == folded else " ".join(spaced.split())


def parse_query(arguments: Sequence[str], excluded: Sequence[str] = ()) -> Query:
    """Return the query of a command line: ``arguments`` as typed, ``excluded`` the values of ``--not``.

    In an argument spaces separate words; ``"a phrase"`` is one term, ``word*`` a prefix, ``-word`` and
    ``-"a phrase"`` must not match. All other characters are literal. A word without a letter or digit is ignored,
    and of more than 64 terms the first 64 count.
    """
    wanted: dict[str, Term] = {}
    unwanted: dict[str, Term] = {}
    for argument in arguments:
        for negated, raw, prefix, quoted in _pieces(argument):
            _collect(unwanted if negated else wanted, raw, prefix, quoted)
    for argument in excluded:
        for _, raw, prefix, _ in _pieces(argument):
            _collect(unwanted, raw, prefix)
    return Query(tuple(wanted.values()), tuple(unwanted.values()))


def relevance(weight: int) -> float:
    """Return how well a ticket matches a word whose occurrences weigh ``weight``: more is better, at most 2.2.

    This is the curve of bm25 without the part that depends on all other tickets.
    """
    return 2.2 * weight / (weight + 1.2)


def snippet(text: str, words: Sequence[str], size: int = 80) -> str:
    """Return at most ``size`` characters of ``text`` around the first of the normalised ``words``, on one line.

    A whole word is preferred to a word that only starts with it. ``…`` marks text that was left out; without a
    match the snippet is the beginning of the text.
    """
    start, end = _first_match(text, words)
    reach = 4 * size  # leaves room for collapsing spaces; text beyond it is never shown
    before = _one_line(text[max(0, start - reach) : start]).lstrip()
    match = _one_line(text[start:end])[:size]
    after = _one_line(text[end : end + reach]).rstrip()
    after = after if match else after.lstrip()
    more_before = text[: max(0, start - reach)].strip() != ""
    more_after = text[end + reach :].strip() != ""
    room = size - len(match)
    spare = 0 if more_after else room - len(after)
    left = _ending(before, max(room // 3, spare), more_before)
    right = _beginning(after, room - len(left), more_after)
    return (left + match + right).strip()


def marked(text: str, words: Sequence[str]) -> list[tuple[int, int]]:
    """Return where in a snippet the normalised ``words`` are: start and end of each match, in characters."""
    found: list[tuple[int, int]] = []
    start = 0
    while len(found) < MOST_MARKS:
        first, end = _first_match(text[start:], words)
        if end == 0:
            break
        found.append((start + first, start + end))
        start += end
    return found


_SPECIAL = {
    ord(char): plain
    for char, plain in (
        ("ł", "l"), ("ø", "o"), ("đ", "d"), ("ð", "d"), ("þ", "th"), ("æ", "ae"), ("œ", "oe"),
        ("ı", "i"), ("ħ", "h"), ("ŧ", "t"), ("ŋ", "n"), ("ĸ", "k"), ("ƒ", "f"),
    )
}  # fmt: skip

# Han with its marks and numerals, kana, bopomofo, Hangul syllables and jamo.
_CJK = (
    r"[\u1100-\u11ff\u3005-\u3007\u3021-\u3029\u3031-\u3035\u3038-\u303c\u3041-\u3096\u309d-\u309f\u30a1-\u30fa"
    r"\u30fc-\u30ff\u3105-\u312f\u31a0-\u31bf\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\ua960-\ua97f\uac00-\ud7ff"
    r"\uf900-\ufaff\U00020000-\U0003fffd]"
)
_VOICING = "\u3099\u309a"

_WORD = rf"{_CJK}+|(?:(?!{_CJK})[^\W_]|[\ue000-\uf8ff\U000f0000-\U0010fffd])+"
_PIECE = r'(?P<minus>-?)(?:"(?P<phrase>[^"]*)(?:"(?P<star>\*?)|\Z)|(?P<word>\S+))'
# A run without spaces and ASCII punctuation; other punctuation becomes gaps between its words.
_RUN = r"[^\s\x00-/:-@\[-`{-\x7f]+"


# What is between words of ASCII.
_GAPS = {code: " " for code in range(128) if not (chr(code).islower() or chr(code).isdigit())}


def _unspaced(text: str) -> str:
    """Return ``text`` normalised, with CJK characters still adjacent; outside ASCII only words and spaces remain.

    SQLite would treat characters newer than its tables, such as a robot emoji, as letters of the adjacent word
    (3.40: tried), and would not index text with half a surrogate pair at all.
    """
    if text.isascii():
        return text.lower()
    from unicodedata import category, normalize

    folded = normalize("NFKD", normal("NFKC", text).casefold())
    table: dict[int, str | None] = dict(_SPECIAL)
    for char in set(folded):
        if not char.isascii() and char not in _VOICING:
            kind = category(char)
            if kind == "Mn":
                table[ord(char)] = None
            elif kind[0] not in "LN" and kind != "Co":
                table[ord(char)] = " "
    return normalize("NFKC", folded.translate(table))


def _pieces(argument: str) -> Iterator[tuple[bool, str, bool, bool]]:
    """Yield each word or phrase of an argument: whether it is negated, its text, whether it is a prefix, or quoted."""
    if argument.isascii() and argument.replace(" ", "").isalnum():  # words alone need no pattern
        yield from ((False, word, False, False) for word in argument.split())
        return
    import re

    for match in re.finditer(_PIECE, argument.replace("\0", "")):
        word = match["word"]
        if word is None:
            yield match["minus"] != "", match["phrase"], bool(match["star"]), True
        else:
            yield match["minus"] != "", word.rstrip("*"), word.endswith("*"), False


def _collect(terms: dict[str, Term], raw: str, prefix: bool, literal: bool = False) -> None:
    cut = raw[:LONGEST_TERM]
    words = _words(_unspaced(cut))
    if not words or len(terms) >= MOST_TERMS:
        return
    prefix = prefix or len(cut) < len(raw)
    quoted = " ".join(fold(cut).replace('"', " ").split())
    text = f'"{quoted}" *' if prefix else f'"{quoted}"'
    terms.setdefault(text, Term(text, words, prefix, literal and len(words) == 1))


def _words(folded: str) -> tuple[str, ...]:
    """Return the words of normalised text; the pattern for all letters costs 5 ms to compile."""
    if folded.isascii():
        return (folded,) if folded.isalnum() else tuple(folded.translate(_GAPS).split())
    import re

    return tuple(re.findall(_WORD, folded))


def _first_match(text: str, words: Sequence[str]) -> tuple[int, int]:
    """Return where in ``text`` the first match is; the empty beginning if there is none."""
    if not words:
        return 0, 0
    if text.isascii():
        return _first_ascii_match(text.lower(), words)
    import re

    beginning = None
    beginnings = tuple(words)
    for run in re.finditer(_RUN, text):
        folded = _unspaced(run[0])
        pieces = [folded] if folded.isascii() and folded.isalnum() else re.findall(_WORD, folded)
        for piece in pieces:
            whole = next((word for word in words if word == piece or _is_inside(word, piece)), None)
            if whole is not None:
                return _narrowed(run, whole)
            if beginning is None and piece.startswith(beginnings):
                beginning = run, next(word for word in words if piece.startswith(word))
    return (0, 0) if beginning is None else _narrowed(*beginning)


def _first_ascii_match(text: str, words: Sequence[str]) -> tuple[int, int]:
    """Return the first whole word, else the first word that starts with it. A pattern would have to be compiled."""
    beginning: tuple[int, int] | None = None
    whole: tuple[int, int] | None = None
    for word in words:
        at = text.find(word)
        while at >= 0:
            end = at + len(word)
            if not text[at - 1 : at].isalnum():
                found = (at, end)
                if not text[end : end + 1].isalnum():
                    whole = found if whole is None else min(whole, found, key=_place)
                    break
                beginning = found if beginning is None else min(beginning, found, key=_place)
            at = text.find(word, at + 1)
    return whole or beginning or (0, 0)


def _place(span: tuple[int, int]) -> tuple[int, int]:
    """Return the sort key of a match: earlier first, and of two at one place the longer."""
    return span[0], -span[1]


def _is_inside(word: str, piece: str) -> bool:
    """Return whether ``word`` is in the run: CJK has no spaces between words, so a word can be inside a longer run."""
    import re

    return not word.isascii() and word in piece and re.match(_CJK, word) is not None


def _is_cjk(char: str) -> bool:
    """Return whether ``char`` is CJK; ASCII is answered without the pattern, which takes 5 ms to compile."""
    import re

    return not char.isascii() and re.match(_CJK, char) is not None


def _narrowed(run: re.Match[str], word: str) -> tuple[int, int]:
    """Return the part of ``run`` that normalises to a text with ``word`` in it.

    Normalising may change its length.
    """
    text = run[0]
    low, high = 0, len(text)
    while low < high:  # the shortest beginning that contains it
        middle = (low + high) // 2
        low, high = (low, middle) if word in _unspaced(text[:middle]) else (middle + 1, high)
    end = low
    low, high = 0, end
    while low < high:  # and of that the shortest end that contains it
        middle = (low + high + 1) // 2
        low, high = (middle, high) if word in _unspaced(text[middle:end]) else (low, middle - 1)
    return run.start() + low, run.start() + end


def _one_line(text: str) -> str:
    squeezed = " ".join(text.split())
    return f"{' ' * text[:1].isspace()}{squeezed}{' ' * (text[-1:].isspace() and bool(squeezed))}"


def _ending(text: str, room: int, more: bool) -> str:
    """Return the end of ``text`` in ``room`` characters, from the start of a word if one is near; CJK anywhere."""
    if not more and len(text) <= room:
        return text
    if room < 1:
        return ""
    at = max(0, len(text) - room + 1)
    if 0 < at < len(text) and text[at - 1] != " " and not _is_cjk(text[at]):
        blank = text.find(" ", at, at + LONGEST_CUT_WORD)
        at = at if blank < 0 else blank + 1
    return f"…{text[at:].lstrip()}"


def _beginning(text: str, room: int, more: bool) -> str:
    """Return the beginning of ``text`` in ``room`` characters, up to the end of a word if one is near; CJK anywhere."""
    if not more and len(text) <= room:
        return text
    if room < 1:
        return ""
    end = min(len(text), room - 1)
    if end < len(text) and text[end] != " " and not _is_cjk(text[end]):
        blank = text.rfind(" ", max(0, end - LONGEST_CUT_WORD), end)
        end = end if blank < 0 else blank
    return f"{text[:end].rstrip()}…"
