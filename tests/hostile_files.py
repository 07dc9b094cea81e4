"""Good files of each format, damaged by chance.

They are cut off, with doubled quotes, NUL, deep JSON, keys twice, huge numbers, mixed encodings, formulas, and writing
that runs the other way.
"""

import json
import random
import re
from collections.abc import Callable

from tests.laws.naughty import NAUGHTY
from tests.unit.test_table_presets import SAMPLES as TABLES
from tests.unit.trackers import boards, developers, support, texts

ISSUE = {
    "number": 7,
    "title": "Printer",
    "body": "It jams.",
    "state": "OPEN",
    "createdAt": "2026-01-01T00:00:00Z",
    "author": {"login": "lan"},
    "labels": [{"name": "paper"}],
    "comments": [{"author": {"login": "bo"}, "body": "Same.", "createdAt": "2026-01-02T00:00:00Z"}],
}
BEAD = {
    "id": "a-1",
    "title": "T",
    "created_at": "2026-01-01T00:00:00Z",
    "issue_type": "task",
    "status": "open",
}
TABLE = (
    "ref,subject,body,requester,status,priority,created_at,due_at,tags\n"
    'A-1,Printer,"It ""jams"",\nagain",Anna Müller,open,high,2026-01-01T00:00:00Z,2026-02-01T00:00:00Z,"a,b"\n'
    "A-2,Door,x,bo@x.example,closed,low,2026-01-02T00:00:00Z,,\n"
)
GOOD: tuple[tuple[str, bytes], ...] = (
    ("a.csv", TABLE.encode()),
    ("a.csv", TABLE.replace(",", ";").encode("cp1252")),
    ("a.csv", TABLE.encode("utf-16")),
    ("a.json", json.dumps([ISSUE, {**ISSUE, "number": 8}]).encode()),
    ("a.json", json.dumps(ISSUE).encode() + b"\n" + json.dumps({**ISSUE, "number": 9}).encode()),
    ("a.jsonl", (json.dumps(BEAD) + "\n" + json.dumps({**BEAD, "id": "a-2"}) + "\n").encode()),
    *(("a.csv", text.encode()) for text in TABLES.values()),
    *(("a", data) for _, data in (*boards.SAMPLES, *developers.SAMPLES, *support.SAMPLES, *texts.SAMPLES)),
)

Damage = Callable[[bytes, random.Random], bytes]


def _cut(data: bytes, chance: random.Random) -> bytes:
    return data[: chance.randrange(len(data))]


def _inserted(piece: bytes) -> Damage:
    def damage(data: bytes, chance: random.Random) -> bytes:
        place = chance.randrange(len(data) + 1)
        return data[:place] + piece + data[place:]

    return damage


def _value(replacement: bytes) -> Damage:
    """Replace one text between quotes, or one cell."""

    def damage(data: bytes, chance: random.Random) -> bytes:
        found = list(re.finditer(rb'"[^"]*"|(?<=,)[^,"\n]+', data))
        if not found:
            return data
        one = chance.choice(found)
        return data[: one.start()] + replacement + data[one.end() :]

    return damage


def _flipped(data: bytes, chance: random.Random) -> bytes:
    place = chance.randrange(len(data))
    return data[:place] + bytes([chance.randrange(256)]) + data[place + 1 :]


def _twice(data: bytes, chance: random.Random) -> bytes:
    one, other = sorted(chance.randrange(len(data)) for _ in range(2))
    return data[:other] + data[one:other] + data[other:]


def _naughty(data: bytes, chance: random.Random) -> bytes:
    text = NAUGHTY[chance.choice(sorted(NAUGHTY))]
    quoted = json.dumps(text, ensure_ascii=chance.random() < 0.5)
    return _value(quoted.encode("utf-8", "surrogatepass"))(data, chance)


DAMAGES: tuple[Damage, ...] = (
    _cut,
    _flipped,
    _twice,
    _naughty,
    *map(
        _inserted,
        (b'"', b'""', b"\0", b"\xff", b"\xef\xbb\xbf", b"\r", b"{", b"[" * 3000, b"]", b",", b";", b"\n"),
    ),
    *map(
        _value,
        (b"1e999", b"9" * 5000, b"-1", b"null", b"true", b"[]", b"{}", b'"\\ud800"', b'"=cmd|x"', b'"1e400"'),
    ),
    *map(
        _value,
        (b'"0000-00-00"', b'"9999-12-31T23:59:59Z"', b'"2026-13-45"', b'"number": 3, "number": 4', b"NaN"),
    ),
    *map(
        _value,
        (b'"' + b"a" * 200_000 + b'"', b"[" * 2000 + b"]" * 2000, '"\u202edrow\u202c"'.encode(), b"Infinity"),
    ),
)


def hostile(chance: random.Random) -> tuple[str, bytes]:
    """Return the name and the bytes of a good file with one to three damages."""
    name, data = chance.choice(GOOD)
    for _ in range(chance.choice((1, 1, 2, 3))):
        data = chance.choice(DAMAGES)(data, chance) or b"x"
    return name, data
