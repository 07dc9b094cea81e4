"""Every sample is recognised as the format it is, by a clear margin, and broken ones are refused in a sentence."""

import json
from pathlib import Path

import pytest

from tests.factories import world
from tests.unit import test_table_presets as tables
from tests.unit.trackers import boards, developers, samples, support, texts
from tests.unit.trackers.samples import NOW
from tix.desk.transfer.import_ import Import
from tix.errors import InvalidValue
from tix.importers import detect as detection
from tix.importers.detect import HEAD_BYTES, Fault, ImportedTicket, Notice, detect, stories
from tix.importers.trackers.registry import TRACKERS

SAMPLES = [*samples.SAMPLES, *developers.SAMPLES, *support.SAMPLES, *boards.SAMPLES, *texts.SAMPLES]
TABLES = [(shape, text.encode()) for shape, text in tables.SAMPLES.items()]
MARGIN = 20
IDS = [f"{place}-{shape}" for place, (shape, _) in enumerate(SAMPLES)]


@pytest.mark.parametrize(("shape", "data"), [*SAMPLES, *TABLES])
def test_a_sample_is_recognised_as_one_format_by_a_clear_margin(shape: str, data: bytes) -> None:
    assert detect(data[:HEAD_BYTES], "export") == shape
    head = detection.head_of(data[:HEAD_BYTES], "export")
    sure = sorted(((one.likeness(head), one.name) for one in TRACKERS), reverse=True)
    if shape in {one.name for one in TRACKERS}:
        assert sure[0][1] == shape
        assert len(sure) == 1 or sure[0][0] - sure[1][0] >= MARGIN, sure
    else:
        assert sure[0][0] == 0, sure


def test_every_format_has_a_sample() -> None:
    assert {one.name for one in TRACKERS} <= {shape for shape, _ in (*SAMPLES, *TABLES)}


def broken(data: bytes) -> dict[str, bytes]:
    """The ways in which a file arrives broken."""
    text = data.decode(errors="replace")
    found = {f"cut at {cut}/7": data[: len(data) * cut // 7] for cut in range(1, 7)}
    found |= {
        "a NUL in the middle": data[: len(data) // 2] + b"\0" + data[len(data) // 2 :],
        "a byte that is not UTF-8": data[: len(data) // 2] + b"\xff" + data[len(data) // 2 :],
        "twice": data + data,
        "a byte order mark": b"\xef\xbb\xbf" + data,
    }
    for name, value in (
        ("numbers for texts", "7"),
        ("texts for numbers", '"x"'),
        ("null for all", "null"),
        ("lists for all", "[]"),
        ("objects for all", "{}"),
        ("a list in a list", "[[[1]]]"),
        ("huge numbers", "9" * 400),
        ("more digits than are read", "9" * 5000),
        ("a number without end", "1e999"),
        ("NaN", "NaN"),
        ("a lone surrogate", '"\\ud800 \\u0000"'),
        ("deep", "[" * 3000 + "]" * 3000),
        ("deeper", "[" * 100_000),
        ("deep objects", '{"content":[' * 900 + "]}" * 900),
    ):
        found[name] = _with_values(text, value).encode()
    found["doubled keys"] = text.replace('": ', '": null, "x": ').encode()
    return found


def _with_values(text: str, value: str) -> str:
    """``text`` with every third value of a JSON object replaced, beginning with the first."""
    parts = text.split('": ')
    out = [parts[0]]
    for place, part in enumerate(parts[1:]):
        cut = _end(part) if place % 3 == 1 and part[:1] not in "[{" else 0
        out.append(value + part[cut:] if cut else part)
    return '": '.join(out)


def _end(part: str) -> int:
    try:
        return json.JSONDecoder().raw_decode(part)[1]
    except ValueError:
        return 0


@pytest.mark.parametrize(("shape", "data"), SAMPLES, ids=IDS)
def test_a_broken_file_is_a_ticket_a_fault_or_a_sentence(shape: str, data: bytes, tmp_path: Path) -> None:
    """Read as what it was meant to be and as whatever it looks like: never an exception of ours."""
    for way, bad in broken(data).items():
        path = tmp_path / "file"
        path.write_bytes(bad)
        try:
            looks = detect(bad[:HEAD_BYTES], "file")
        except InvalidValue:
            looks = shape
        for name in {shape, looks} - {"tix", "mbox", "eml"}:
            try:
                found = list(stories(path, name, now=NOW))
            except InvalidValue:
                continue
            for one in found:
                assert isinstance(one, ImportedTicket | Fault | Notice)
                repr(one).encode()
                assert "\0" not in (one.subject + one.body if isinstance(one, ImportedTicket) else ""), way


def test_a_broken_value_is_a_fault_on_a_desk_and_nothing_else(tmp_path: Path) -> None:
    """What a reader lets through can be replayed: dates far away, numbers without end, halves of characters."""
    path = tmp_path / "file"
    with world(tmp_path) as desk:
        for shape, data in SAMPLES:
            bad = broken(data)
            for way in ("huge numbers", "a number without end", "a lone surrogate", "texts for numbers"):
                path.write_bytes(bad[way])
                job = Import(desk.desk("root"))
                try:
                    job.gather(stories(path, shape, now=NOW))
                    job.write(dry_run=True)
                except InvalidValue:
                    pass
                finally:
                    job.gathered.close()
