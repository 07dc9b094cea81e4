"""The words of a text as SQLite's full-text search splits them, and its queries as PostgreSQL reads them.

Folded text, split at the ASCII characters that are neither letters nor digits, is what the tokenizer ``unicode61`` makes of it
(tried: 42,586 words in fourteen languages).
"""

from __future__ import annotations

import re

from tix.typing import Any, NamedTuple

_GAP = re.compile(r"[\x00-/:-@\[-`{-\x7f]+")
_TERM = re.compile(r'(?:(subject|body) : )?\(?((?:"[^"]*"(?: \*)?(?: OR )?)+)\)?$')
_ONE = re.compile(r'"([^"]*)"( \*)?')
# PostgreSQL stores a longer word wrongly, and in silence; what was cut is compared in the text.
LONGEST_WORD = 400
# So many bytes of words fit into a vector; a longer one is cut in silence, so such a document is asked every time.
MOST_BYTES = 500_000


def split(text: str) -> list[str]:
    """Return the words of a folded text."""
    return [word for word in _GAP.split(text) if word]


def spaced(words: list[str]) -> str:
    """Return words so that a run of them is found as one piece of text: each between two spaces."""
    return "".join(f" {word} " for word in words)


def cut(words: list[str]) -> list[str]:
    """Return the different words of a vector."""
    return sorted({word[:LONGEST_WORD] for word in words})


class Phrase(NamedTuple):
    """A run of words; with ``prefix`` the last may go on."""

    words: list[str]
    prefix: bool

    @property
    def needle(self) -> str:
        """The piece of text that is looked for."""
        text = spaced(self.words)
        return text[:-1] if self.prefix else text

    @property
    def overlaps(self) -> bool:
        """Whether one occurrence can begin within another, as that of "to and to"."""
        return any(self._begins(self.words[place:]) for place in range(1, len(self.words)))

    def _begins(self, end: list[str]) -> bool:
        """Return whether the end of an occurrence can be the beginning of the next."""
        *whole, last = end
        there = self.words[len(whole)]
        return self.words[: len(whole)] == whole and (
            there.startswith(last) if self.prefix else there == last
        )

    @property
    def pattern(self) -> str:
        """A regular expression that matches the first word of each occurrence; words have no characters that mean anything in one."""
        first = spaced(self.words[:1])
        return f"{first}(?={self.needle.removeprefix(first)})"


class Expression(NamedTuple):
    """A query for one term: any of some phrases, each of a word at least, in one column or in both."""

    column: str | None
    phrases: list[Phrase]

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns that are looked at."""
        return (self.column,) if self.column else ("subject", "body")

    def needles(self) -> dict[str, str]:
        """Return the values of ``hits``: what is looked for in the texts."""
        found = {f"needle_{place}": phrase.needle for place, phrase in enumerate(self.phrases)}
        return found | {
            f"pattern_{place}": phrase.pattern for place, phrase in enumerate(self.phrases) if phrase.overlaps
        }

    def clause(self) -> tuple[str, dict[str, Any]]:
        """Return the clause for documents that have the term, and its values."""
        choices, values = [], self.needles()
        for place, phrase in enumerate(self.phrases):
            values[f"words_{place}"] = vector_query(phrase)
            in_vector = f"words @@ CAST(:words_{place} AS tsquery)"
            in_text = " OR ".join(f"strpos({column}, :needle_{place}) > 0" for column in self.columns)
            if self.is_looked_up(phrase):
                choices.append(f"(({in_vector} OR wide) AND ({in_text}))")
            else:
                choices.append(f"({in_vector} OR wide AND ({in_text}))")
        return (" OR ".join(choices) or "FALSE"), values

    def is_looked_up(self, phrase: Phrase) -> bool:
        """Whether the vector alone does not answer."""
        return len(phrase.words) > 1 or self.column is not None or len(phrase.words[0]) > LONGEST_WORD

    def hits(self, column: str) -> str:
        """Return how often the phrases occur in a column; for the values of ``needles``."""
        if column not in self.columns:
            return "0"
        counted = [
            f"(SELECT count(*) FROM regexp_matches({column}, :pattern_{place}, 'g'))"
            if phrase.overlaps
            else f"(length({column}) - length(replace({column}, :needle_{place}, ''))) / length(:needle_{place})"
            for place, phrase in enumerate(self.phrases)
        ]
        return " + ".join(counted) or "0"


def parse(expression: str) -> Expression:
    """Return a query of FTS5 as ``domain.search`` writes them, taken apart. Raises ValueError for another."""
    match = _TERM.match(expression)
    if match is None:
        raise ValueError(f"not an expression of a term: {expression}")
    found = [Phrase(split(text), bool(star)) for text, star in _ONE.findall(match[2])]
    return Expression(match[1], [phrase for phrase in found if phrase.words])


def vector_query(phrase: Phrase) -> str:
    """Return what a vector with the words of a phrase matches."""
    quoted = []
    last = len(phrase.words) - 1
    for place, word in enumerate(phrase.words):
        escaped = word[:LONGEST_WORD].replace("\\", "\\\\").replace("'", "''")
        quoted.append(f"'{escaped}'{':*' if phrase.prefix and place == last else ''}")
    return " & ".join(quoted)
