"""A damaged file is read, or refused with a sentence: no reader breaks. The law of hostile files writes them, too."""

import random
import re
from collections.abc import Iterator, Mapping
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


def texts(value: object) -> Iterator[str]:
    """Yield every text in what a reader tells."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for key, one in value.items():
            yield from (*texts(key), *texts(one))
    elif isinstance(value, tuple | list):
        for one in value:
            yield from texts(one)


@pytest.mark.parametrize("place", range(len(GOOD)))
def test_no_text_or_key_of_json_comes_out_as_a_store_cannot_hold_it(tmp_path: Path, place: int):
    """Half a surrogate pair and U+0000, in the place of each text and each key of the file in turn."""
    name, data = GOOD[place]
    for found in re.finditer(rb'"[^"\\]*"', data):
        try:
            told = read(tmp_path, name, data[: found.start()] + rb'"a\ud800\u0000b"' + data[found.end() :])
        except InvalidValue:
            continue
        for text in texts(told):
            assert "\0" not in text, found
            text.encode()
