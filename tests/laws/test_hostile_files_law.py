"""A file that is broken, cut off or hostile is imported whole, or refused in a sentence with exit 2: never half.

The files are made from good ones of each format by chance: cut off, with doubled quotes, NUL, deep JSON, keys twice,
huge numbers, mixed encodings, formulas, and writing that runs the other way.
"""

import json
import os
import random
import re
import tempfile
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.harness import is_our_traceback
from tests.laws.inprocess import Desk
from tests.laws.naughty import NAUGHTY

pytestmark = pytest.mark.long

# 5,000 files in all with TIX_SOAK.
PARTS = 10
FILES = 500 if os.environ.get("TIX_SOAK") else 10

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
GOOD = (
    TABLE.encode(),
    TABLE.replace(",", ";").encode("cp1252"),
    TABLE.encode("utf-16"),
    json.dumps([ISSUE, {**ISSUE, "number": 8}]).encode(),
    json.dumps(ISSUE).encode() + b"\n" + json.dumps({**ISSUE, "number": 9}).encode(),
    (json.dumps(BEAD) + "\n" + json.dumps({**BEAD, "id": "a-2"}) + "\n").encode(),
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


def _file(chance: random.Random) -> bytes:
    data = chance.choice(GOOD)
    for _ in range(chance.choice((1, 1, 2, 3))):
        data = chance.choice(DAMAGES)(data, chance) or b"x"
    return data


@pytest.mark.parametrize("part", range(PARTS))
def test_a_hostile_file_is_whole_or_a_sentence(part: int):
    chance = random.Random(part)
    with tempfile.TemporaryDirectory() as folder:
        desk = Desk(Path(folder))
        desk.tix("new", "Before", "-m", "x")
        file = desk.folder / "file"
        count = 1
        for number in range(FILES):
            file.write_bytes(_file(chance))
            options = chance.choice(((), ("--update",)))
            done = desk.tix("import", str(file), "--json", "--yes", *options, check=None)
            where = (part, number, done)
            assert done.code in (0, 2), where
            assert not is_our_traceback(done.raw_err), where
            now = len(desk.tix("list", "--all", "-o", "ids", "--limit", "0").out.split())
            if done.code == 2:
                assert now == count, where
                lines = [json.loads(line) for line in done.err.splitlines()]
                assert all(one["error"]["message"] for one in lines if "error" in one), where
            else:
                assert now == count + done.json["imported"], where
                taken = desk.tix("import", str(file), "--json", "--yes", "--update")
                again = desk.tix("import", str(file), "--json", "--yes", "--update")
                counts = ("imported", "updated", "entries", "people", "links")
                assert (taken.json["imported"], [again.json[name] for name in counts]) == (0, [0] * 5), where
            count = now
        assert desk.tix("doctor").code == 0
