"""Times that are shown are those of the named zone, whether the C library or `zoneinfo` knows it."""

import time
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from tix.cli.timezone import drawn_zone

NAMES = (
    "UTC",
    "Europe/Berlin",
    "Asia/Ho_Chi_Minh",
    "America/St_Johns",
    "Australia/Lord_Howe",
    "Asia/Kathmandu",
)
# Every seven hours of two years, hours around the change of summer time in 2026, and years far away.
MOMENTS = (
    *range(1_767_225_600, 1_830_297_600, 25_200),
    *range(1_774_742_400, 1_774_753_200, 900),
    *range(1_792_886_400, 1_792_900_800, 900),
    0,
    4_102_444_800,
    16_725_225_600,
)


@pytest.fixture
def _zone_put_back():
    yield
    time.tzset()


@pytest.mark.usefixtures("_zone_put_back")
@pytest.mark.parametrize("name", NAMES)
def test_the_clock_is_that_of_the_zone(name, monkeypatch):
    monkeypatch.setenv("TZ", name)
    drawn, named = drawn_zone(), ZoneInfo(name)
    for at in MOMENTS:
        shown, expected = datetime.fromtimestamp(at, drawn), datetime.fromtimestamp(at, named)
        assert shown.replace(tzinfo=None) == expected.replace(tzinfo=None), at
        assert shown.utcoffset() == expected.utcoffset() or _is_twice(expected), at


def _is_twice(at: datetime) -> bool:
    """An hour that comes twice has two offsets."""
    return at.utcoffset() != at.replace(fold=1 - at.fold).utcoffset()


@pytest.mark.usefixtures("_zone_put_back")
@pytest.mark.parametrize("name", ["+26:00x", "XYZ-30", "nowhere/nothing", ":UTC"])
def test_a_zone_that_is_none_is_shown_as_utc_or_as_the_c_library_has_it(name, monkeypatch):
    monkeypatch.setenv("TZ", name)
    assert datetime.fromtimestamp(0, drawn_zone()).year in (1969, 1970)
