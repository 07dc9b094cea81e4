"""API keys: their shape, their checksum, and when they work."""

import re
import zlib

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tix.domain.tokens import Allowance, Token, digest, is_whole, make, parse_rate, parse_scope, spend
from tix.errors import InvalidValue, Throttled

SECRETS = st.binary(min_size=32, max_size=32)
ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
KEY = make(bytes(range(32)))
T0 = 1_795_165_200
TOKEN = Token("ci", "ann", "read", T0, "root", None, None, digest(KEY))


def _value(digits: str) -> int:
    value = 0
    for one in digits:
        value = value * 62 + ALPHABET.index(one)
    return value


@given(SECRETS)
@example(bytes(32))
@example(b"\xff" * 32)
def test_a_key_holds_its_secret_and_its_checksum(secret):
    """Read back by an arithmetic of its own: all 256 bits are in it, and the CRC-32 of the rest."""
    key = make(secret)
    assert re.fullmatch(r"tix_[0-9A-Za-z]{49}", key)
    assert _value(key[4:47]) == int.from_bytes(secret, "big")
    assert _value(key[47:]) == zlib.crc32(key[:47].encode())
    assert is_whole(key)


@given(SECRETS, SECRETS)
def test_different_secrets_make_different_keys(one, other):
    assert (make(one) == make(other)) == (one == other)


@pytest.mark.parametrize("size", [0, 31, 33, 64])
def test_a_secret_has_256_bits(size):
    with pytest.raises(ValueError, match=f"32 bytes, not {size}"):
        make(bytes(size))


def test_every_change_of_one_character_is_refused():
    for place, was in enumerate(KEY):
        for other in f"{ALPHABET}_- \n\0äé\udcff":
            if other != was:
                assert not is_whole(KEY[:place] + other + KEY[place + 1 :]), (place, other)


@given(SECRETS, st.integers(0, 52), st.characters())
def test_a_mistyped_key_is_refused(secret, place, other):
    key = make(secret)
    changed = key[:place] + other + key[place + 1 :]
    assert is_whole(changed) == (changed == key)


@given(SECRETS, st.integers(0, 51))
def test_two_neighbours_in_the_wrong_order_are_refused(secret, place):
    key = make(secret)
    changed = key[:place] + key[place + 1] + key[place] + key[place + 2 :]
    assert is_whole(changed) == (changed == key)


def test_what_is_cut_off_or_longer_is_refused():
    for length in range(len(KEY)):
        assert not is_whole(KEY[:length])
        assert not is_whole(KEY[len(KEY) - length :])
    for other in (KEY + "0", "0" + KEY, KEY + "\n", KEY + KEY, f" {KEY}", KEY.upper(), KEY.lower()):
        assert not is_whole(other)


def test_a_right_checksum_does_not_make_a_key_of_another_shape():
    """The shape is checked by itself: another prefix, another length, a character that is no digit."""

    def checked(body: str) -> str:
        value, digits = zlib.crc32(body.encode()), ""
        for _ in range(6):
            value, digit = divmod(value, 62)
            digits = ALPHABET[digit] + digits
        return body + digits

    assert is_whole(checked("tix_" + "0" * 43))
    for body in ("", "tix_", "tix_" + "0" * 42, "tix_" + "0" * 44, "tok_" + "0" * 43, "tix_" + "-" * 43):
        assert not is_whole(checked(body))


@given(st.text(max_size=80))
def test_any_text_is_safe_to_check(text):
    assert not is_whole(text)


def test_a_digest_is_that_of_the_whole_key():
    """Known answer: sha256sum of the text."""
    assert digest("tix_") == "1c7f332d7fcf097c367b8282cbbfc715cada2dc114810a9cbca7fd619d47298d"


@pytest.mark.parametrize(("text", "scope"), [("read", "read"), (" WRITE ", "write")])
def test_a_scope(text, scope):
    assert parse_scope(text) == scope


@pytest.mark.parametrize("text", ["", "all", "read,write", "none"])
def test_what_is_no_scope(text):
    with pytest.raises(InvalidValue, match="is not a scope") as raised:
        parse_scope(text)
    assert raised.value.hint == "use one of read, write"


def test_only_the_scope_write_writes():
    assert [TOKEN._replace(scope=scope).may_write for scope in ("read", "write")] == [False, True]


@pytest.mark.parametrize(("expires", "expired"), [(None, False), (T0 + 1, False), (T0, True), (T0 - 1, True)])
def test_it_expires_at_that_second(expires, expired):
    assert TOKEN._replace(expires_at=expires).is_expired(T0) == expired


@pytest.mark.parametrize(
    ("used", "due"), [(None, True), (T0, False), (T0 - 599, False), (T0 - 600, True), (T0 + 5, False)]
)
def test_a_use_is_recorded_every_ten_minutes(used, due):
    assert TOKEN._replace(used_at=used).is_use_due(T0) == due


def test_a_minutes_requests_may_come_at_once_and_no_more():
    allowance = None
    for _ in range(60):
        allowance = spend(allowance, 60, 1000.0)
    with pytest.raises(Throttled) as refused:
        spend(allowance, 60, 1000.5)
    assert refused.value.retry_after == 1
    assert spend(allowance, 60, 1001.0).left == 0


def test_an_allowance_fills_up_to_a_minutes_requests_and_not_beyond():
    with pytest.raises(Throttled) as refused:
        spend(Allowance(0.0, 0.0), 3, 0.0)
    assert refused.value.retry_after == 20
    assert spend(Allowance(0.0, 0.0), 3, 20.0).left == 0
    assert spend(Allowance(0.0, 0.0), 3, 86_400.0).left == 2


@pytest.mark.parametrize("number", [0, -1, 1_000_001])
def test_a_rate_that_is_none_is_refused(number):
    with pytest.raises(InvalidValue, match="not a number of requests a minute"):
        parse_rate(number)
