"""A file that is broken, cut off or hostile is imported whole, or refused in a sentence with exit 2: never half.

The files are those of ``tests.hostile_files``.
"""

import json
import os
import random
import tempfile
from pathlib import Path

import pytest

from tests.harness import is_our_traceback
from tests.hostile_files import hostile
from tests.laws.inprocess import Desk

pytestmark = pytest.mark.long

# 5,000 files in all with TIX_SOAK.
PARTS = 10
FILES = 500 if os.environ.get("TIX_SOAK") else 10


@pytest.mark.parametrize("part", range(PARTS))
def test_a_hostile_file_is_whole_or_a_sentence(part: int):
    chance = random.Random(part)
    with tempfile.TemporaryDirectory() as folder:
        desk = Desk(Path(folder))
        desk.tix("new", "Before", "-m", "x")
        count = 1
        for number in range(FILES):
            name, data = hostile(chance)
            file = desk.folder / name
            file.write_bytes(data)
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
