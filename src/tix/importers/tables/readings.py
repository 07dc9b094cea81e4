"""Which older encodings a text can be in: those in which its words look like words of a language.

Many encodings give letters for all bytes: the byte DE is ``Ş`` in Turkish, ``Þ`` in Icelandic and ``Ţ`` in Romanian. A reading
is judged by how many of its letters no language of the encoding has, or has in another place.
"""

from __future__ import annotations

import codecs
import re
import unicodedata

from tix.importers.tables.alphabets import COMMON, FREQUENT, RARE, WIDE, Language
from tix.typing import NamedTuple

# A reading with more letters that do not fit is none; readings as good as the best, within this, are possible, too.
_WORST, _AS_GOOD = 0.5, 0.1
# From so many letters on, frequent letters tell readings apart; by so much more of them.
_ENOUGH_LETTERS, _CLEARLY = 20, 0.12
_MOST_READINGS = 3
# Of readings that fit as well, the first is the likeliest.
_RARELY_EXPORTED = ("cp1253", "cp1255", "cp1256", "cp874")
_LIKELY = (*(name for name in COMMON if name not in _RARELY_EXPORTED), *WIDE, *_RARELY_EXPORTED)

_QUOTES = "“”„‚‘’‹›«»—–…•·\u00a0\u202f"
_SIGNS = "€§°©®™£µ½¼¾²³±×÷ªº†"
_WORD = re.compile(r"[^\W\d_ªº]+")
_FULL_WIDTH = re.compile(r"[\u3000-\u303f\uff01-\uff5e\u2010-\u2027\u00b7]")
_SPACED = re.compile(r"(?<=[A-Za-z])\xa0(?=[A-Za-z])")
_ONE_LETTER = frozenset("аявикосуієжбоηήω")
_VOWELS, _CONSONANTS = "aeiouyóąę", "b-df-hj-np-tvwxzčďňšťž"
# Letters in places where their languages do not have them, which others do: Polish ń before a vowel (España), Slovak ŕ and
# ĺ beside one (déjà, Åse), Czech č between consonants (père), ř before y (Øyvind), Romanian ă before o (não), Latvian ē
# before e (Çelik), Lithuanian ų at the beginning; Icelandic þ within a word and ð at its beginning (Turkish ş, ğ).
_MISPLACED = re.compile(
    rf"ń(?=[{_VOWELS}])|[ŕĺ](?![{_CONSONANTS}])|(?<![{_CONSONANTS}])[ŕĺ]|(?<=[{_CONSONANTS}])č(?=[{_CONSONANTS}])"
    rf"|ř(?=[yý])|[ăē](?=[{_VOWELS}])|\bų|(?<=\w)þ|\bð",
    re.IGNORECASE,
)
# The same of other scripts: a final letter within a word, or another at its end.
_MISPLACED_ELSEWHERE = re.compile(r"ς(?=\w)|σ\b|[ךםןףץ](?=\w)|[כמנפצ]\b|ة(?=\w)|\b[ъыь]|\b[ًٌٍَُِّْ]")
_POLISH = re.compile(rf"[ćśź](?=[{_VOWELS}])", re.IGNORECASE)
_NUMBERED = re.compile(r"\d[^\W\d_a-zA-Zªº](?!\w)")  # 1º, read as a letter
# Where Windows has š and ź, or Ÿ, Macintosh has ö and ü.
_MACINTOSH = frozenset(b"\x9a\x9f")


class Reading(NamedTuple):
    """An encoding, the text in it, and the share of its letters that do not fit (0 to 1)."""

    encoding: str
    text: str
    wrong: float
    frequent: float


def readings(sample: bytes) -> list[Reading]:
    """Return the encodings a text can be in, the likeliest first, and of those that read the same only one.

    One is certain, several mean that the text does not say it; none that it is no text.
    """
    found = _possible(sample, list(_LIKELY))
    if not found or found[0].wrong > _AS_GOOD or {one for one in sample if one > 0x7F} <= _MACINTOSH:
        found = _distinct([*found, *_possible(sample, list(RARE))])
    if not found:
        return []
    best = min(one.wrong for one in found)
    found = [one for one in found if one.wrong <= best + _AS_GOOD]
    by_letters = sorted(found, key=lambda one: -one.frequent)
    if len(by_letters) > 1 and by_letters[0].frequent >= by_letters[1].frequent + _CLEARLY:
        return by_letters[:1]
    return found


def differing(found: list[Reading], sample: bytes) -> tuple[tuple[str, str], ...]:
    """Return up to three readings of the first word in which they differ, each with its encoding, of as many scripts."""
    for word in re.finditer(rb'[^\s,;"]*[\x80-\xff][^\s,;"]*', sample):
        said: dict[str, str] = {}
        for one in found:
            said.setdefault(word[0].decode(one.encoding, errors="replace"), one.encoding)
        if len(said) > 1:
            scripts: dict[str, str] = {}
            for text in said:
                scripts.setdefault(_script(text), text)
            first = list(dict.fromkeys([*scripts.values(), *said]))[:_MOST_READINGS]
            return tuple((name, text) for text, name in said.items() if text in first)
    return ()


def _script(text: str) -> str:
    """Return the script of the first letter beyond ASCII, e.g. ``CYRILLIC``."""
    letter = next((one for one in text if one > "\x7f" and one.isalpha()), "")
    return unicodedata.name(letter, "").partition(" ")[0] if letter else ""


def _possible(sample: bytes, names: list[str]) -> list[Reading]:
    found = []
    for name in names:
        text = _decoded(sample, name)
        if text is not None:
            wrong, frequent = _wide(text, name) if name in WIDE else _single(text, name)
            if wrong <= _WORST:
                found.append(Reading(name, text, wrong, frequent))
    return _distinct(found)


def _distinct(found: list[Reading]) -> list[Reading]:
    """Return the readings by how well they fit, of several with the same text the first."""
    texts = {one.text: one for one in reversed(found)}
    order = {one.encoding: place for place, one in enumerate(found)}
    return sorted(texts.values(), key=lambda one: (round(one.wrong, 2), order[one.encoding]))


def _decoded(sample: bytes, name: str) -> str | None:
    """Return a text that may be cut off at its end."""
    try:
        return codecs.getincrementaldecoder(name)().decode(sample)
    except UnicodeDecodeError:
        return None


def _single(text: str, name: str) -> tuple[float, float]:
    """Return the share of letters and signs that do not fit, and that of frequent letters."""
    languages: tuple[Language, ...] = COMMON.get(name) or RARE[name]
    is_latin = not languages[0].frequent
    wrong = _wrong_signs(text)
    letters = ""
    for found in _WORD.finditer(text):
        word = found[0]
        if word.isascii():
            continue
        own = "".join(one for one in word if one > "\x7f")
        letters += own
        if _has_wrong_capitals(word):
            wrong += len(own)
        elif is_latin:
            wrong += len(_MISPLACED.findall(word)) + (name == "cp1257" and len(_POLISH.findall(word)))
        elif len(own) < len(word) or (len(word) == 1 and word.lower() not in _ONE_LETTER):
            wrong += len(own)
        else:
            wrong += len(_MISPLACED_ELSEWHERE.findall(word))
    wrong += len(_NUMBERED.findall(text))
    if not is_latin:
        wrong += len(_SPACED.findall(text))
    if not (is_latin or letters):
        return 1.0, 0.0  # signs alone are the same in a Latin encoding, or meant as one
    small = [one if one == "İ" else one.lower() for one in letters]
    wrong += min(sum(one not in language.letters for one in small) for language in languages)
    total = len(letters) + sum(one > "\x7f" and (not one.isalpha() or one in "ªº") for one in text)
    often = 0.0
    if not is_latin and len(small) >= _ENOUGH_LETTERS:
        often = max(sum(one in language.frequent for one in small) for language in languages) / len(small)
    return min(1.0, wrong / max(1, total)), often


def _wrong_signs(text: str) -> int:
    """Count signs that no text has, and signs within words."""
    found = 0
    before = " "
    for one, after in zip(text, text[1:] + " ", strict=False):
        if one > "\x7f" and not one.isalpha() and (one not in _QUOTES or one in "„‚"):
            if one in "¿¡„‚":
                found += before.isalpha()
            else:
                is_doubled = before > "\x7f" and not before.isalpha() and before not in _QUOTES
                found += one not in _SIGNS or after.isalpha() or is_doubled
        elif one in "ªº":
            found += after.isalpha()
        before = one
    return found


def _has_wrong_capitals(word: str) -> bool:
    """Return whether a word that is not all in capitals has one beyond ASCII behind its first letter."""
    return not word.isupper() and any(one > "\x7f" and one.isupper() for one in word[1:])


def _wide(text: str, name: str) -> tuple[float, float]:
    first = WIDE[name]
    is_japanese, is_korean = name in ("cp932", "euc_jp"), name == "cp949"
    plain = "gb2312" if name == "gb18030" else name
    wrong = often = total = 0
    before = " "
    for one, after in zip(text, text[1:] + " ", strict=False):
        if one > "\x7f":
            total += 1
            often += one in FREQUENT[name]
            if "\u3041" <= one <= "\u30ff":
                wrong += not is_japanese
            elif "\u4e00" <= one <= "\u9fff":
                wrong += is_korean or not _is_usual(one, plain, first)
            elif "\uac00" <= one <= "\ud7a3":
                wrong += not _is_usual(one, plain, first)
            else:
                wrong += _FULL_WIDTH.match(one) is None
            wrong += (
                _is_small(before)
                or _is_small(after)
                or (before.isascii() and before.isalpha() and _ends_in_ascii(one, name))
            )
        before = one
    enough = total >= _ENOUGH_LETTERS
    return min(1.0, wrong / max(1, total)), often / total if enough else 0.0


def _ends_in_ascii(one: str, name: str) -> bool:
    """Return whether the last byte of a letter could be one of ASCII, and the one before a letter of its own."""
    return one.encode(name)[-1:].isalpha()


def _is_small(one: str) -> bool:
    return "a" <= one <= "z"


def _is_usual(one: str, name: str, first: range) -> bool:
    try:
        return one.encode(name)[0] in first
    except UnicodeEncodeError:
        return False
