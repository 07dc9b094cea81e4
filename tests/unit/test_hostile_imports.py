"""A damaged file is read, or refused with a sentence: no reader breaks. The law of hostile files writes them, too."""

import random
from pathlib import Path

import pytest

from tests.hostile_files import GOOD, hostile
from tix.errors import InvalidValue
from tix.importers import detect
from tix.importers.record import Fault, ImportedTicket, Notice

NOW = 1_767_607_200
PARTS, FILES = 4, 100


def read(folder: Path, name: str, data: bytes) -> list[object]:
    """Return what a file tells, in the format that it is taken for. Raises InvalidValue."""
    file = folder / name
    file.write_bytes(data)
    shape = detect.detect(data[: detect.HEAD_BYTES], name)
    return list(detect.stories(file, shape, now=NOW)) if shape in detect.FORMATS else []


def test_the_good_files_are_read(tmp_path: Path):
    for name, data in GOOD:
        told = read(tmp_path, name, data)
        assert any(isinstance(one, ImportedTicket) for one in told), (name, data[:80], told[:2])


@pytest.mark.parametrize("part", range(PARTS))
def test_a_damaged_file_is_read_or_refused_in_a_sentence(tmp_path: Path, part: int):
    chance = random.Random(part)
    for number in range(FILES):
        name, data = hostile(chance)
        try:
            told = read(tmp_path, name, data)
        except InvalidValue:
            continue
        for one in told:
            assert isinstance(one, ImportedTicket | Fault | Notice), (part, number)
            assert not isinstance(one, Fault) or one.message, (part, number)
