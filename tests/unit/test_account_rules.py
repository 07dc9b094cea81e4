"""Rules of accounts: which passwords are accepted, what is counted, what a key is, where links lead."""

import hashlib
import hmac

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tix.desk.accounts.common_passwords import is_common
from tix.domain.accounts import links, passwords, sessions, throttle
from tix.domain.accounts.sessions import Lifetime, Session
from tix.domain.settings import SETTINGS
from tix.errors import InvalidValue

T0 = 1_795_165_200


def accepted(text, *words):
    try:
        passwords.parse(text, words, is_common)
    except InvalidValue as error:
        return not error.message
    return True


def test_no_reason_contains_the_password():
    for text in ("nine 9999", "x" * 2000, "xxxxxxxxxx", "football12", "christopher", "with\nbreak inside"):
        with pytest.raises(InvalidValue) as raised:
            passwords.parse(text, ["christopher"], is_common)
        assert text not in f"{raised.value.message} {raised.value.hint}"


# -------------------------------------------------------------------------------------------------- passwords


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("correct horse battery", True),
        ("打印机坏了请快来修一下", True),
        ("🐧🦊🐻🐼🐨🐯🦁🐮🐷🐸", True),
        ("123456789", False),
        ("9 letters", False),
        ("10 letters", True),
        ("x" * 5 + "y" * 5, False),
        ("abababababab", False),
        ("xyzxyzxyzw", True),
        ("Password123", False),
        ("!!football!!", False),
        ("2026sunshine2026", False),
        ("1234567890", False),
        ("p@ssw0rd1234567", False),
        ("alllowercase", True),  # there is no rule of composition
        (" " * 12, False),
        ("line one\nline two", False),
        ("tab\tinside it", False),
        ("nul\0inside it", False),
        ("half \ud83d a pair", False),
    ],
)
def test_which_passwords_are_accepted(text, wanted):
    assert accepted(text) is wanted


@pytest.mark.parametrize("text", ["christopher", "Christopher-1987", "...CHRISTOPHER!", "chris.topher"])
def test_a_name_is_not_a_password(text):
    words = passwords.names("christopher@acme.example", "chris.topher@x.example", None, "")
    assert not accepted(text, *words)
    assert accepted(f"{text} of the north", *words)


def test_the_longest_password_is_counted_in_bytes():
    letters = "abcdefghij" * 102
    assert accepted(letters + "klmn")
    assert not accepted(letters + "klmno")
    assert passwords.prepared("é" * 512) is not None
    assert passwords.prepared("é" * 513) is None
    assert passwords.prepared("x" * 10_000_000) is None


@given(st.text())
def test_what_is_prepared_is_prepared_again_as_itself(text):
    word = passwords.prepared(text)
    if word is not None:
        assert passwords.prepared(word) == word
        assert len(word.encode()) <= passwords.LONGEST


def test_the_list_is_the_one_whose_licence_is_beside_it():
    from tix.desk.accounts import common_passwords

    words = common_passwords._words()
    assert len(words) == 11_611
    assert min(map(len, words)) == 8
    assert {word.casefold() for word in words} == words
    assert {"password", "football", "1234567890"} <= words


# ---------------------------------------------------------------------------------------------------- counting


@given(st.lists(st.integers(T0 - 5000, T0), max_size=40))
def test_nobody_waits_longer_than_a_quarter_of_an_hour_or_before_the_limit(tries):
    for limit in (throttle.ACCOUNT, throttle.SOURCE):
        counted = [at for at in tries if at > T0 - limit.window]
        seconds = throttle.wait(limit, tries, T0)
        assert 0 <= seconds <= 900
        assert seconds == 0 or len(counted) >= limit.free
        if seconds:
            assert throttle.wait(limit, tries, T0 + seconds - 1) <= 1
            assert throttle.wait(limit, tries, T0 + seconds) == 0


@pytest.mark.parametrize(
    ("one", "other"),
    [("Ana", " ana\t"), ("Ana@Acme.Example", "ana@acme.example"), ("cafe\u0301", "caf\u00e9")],
)
def test_names_that_find_the_same_person_are_counted_together(one, other):
    assert throttle.name_of(one) == throttle.name_of(other)


def test_a_long_name_is_cut():
    assert len(throttle.name_of("x" * 1_000_000)) == 254


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("fe80::1%eth0", "fe80::/64"),
        ("testclient", "testclient"),
        ("x" * 1000, "x" * 64),
        (None, None),
    ],
)
def test_what_counts_as_one_address(text, wanted):
    assert throttle.source_of(text) == wanted


def test_what_is_counted_is_kept_as_a_keyed_hash_of_its_own_for_each_limit():
    found = {
        throttle.digest(secret, limit, key)
        for secret in (b"a", b"b")
        for limit in (throttle.ACCOUNT, throttle.SOURCE, throttle.MAILS_TO, throttle.MAILS_FROM)
        for key in ("ana", "ben", "\udc80")
    }
    assert len(found) == 24
    assert all(len(one) == 64 for one in found)


# ---------------------------------------------------------------------------------------------------- sessions


@given(st.binary(min_size=32, max_size=32))
def test_a_key_is_its_secret(secret):
    key = sessions.make(secret)
    assert sessions.is_whole(key)
    assert sessions.digest(key) == hashlib.sha256(key.encode()).hexdigest()
    assert not sessions.is_whole(key[:-1])
    assert not sessions.is_whole(key + "A")
    assert not sessions.is_whole(key[:-1] + "=")


def test_a_secret_has_32_bytes():
    with pytest.raises(ValueError, match="32"):
        sessions.make(bytes(31))


@given(st.text(), st.text())
def test_the_token_of_a_form_is_that_of_its_session(key, token):
    assert sessions.is_csrf(key, sessions.csrf(key))
    assert not sessions.is_csrf(key, token)
    assert key.encode(errors="replace") not in sessions.csrf(key).encode() or len(key) < 3


def test_the_token_is_a_mac_of_the_key():
    assert sessions.csrf("key") == hmac.new(b"key", b"tix csrf", "sha256").hexdigest()
    assert sessions.csrf("key") != sessions.csrf("kez")


@pytest.mark.parametrize(("seen", "ends"), [(0, 100), (50, 150), (900, 1000), (990, 1000)])
def test_a_session_ends_by_idling_or_at_last(seen, ends):
    session = Session("d", "ana", T0, T0 + seen, None, None)
    assert session.ends_at(Lifetime(100, 1000)) == T0 + ends


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        (None, None),
        ("", None),
        ("Firefox/1", "Firefox/1"),
        ("a\x1b[31m\nb\u202e", "a[31mb"),
        ("x" * 500, "x" * 200),
    ],
)
def test_what_a_browser_calls_itself_is_cleaned(text, wanted):
    assert sessions.clean_agent(text) == wanted


# ------------------------------------------------------------------------------------------------------- links


@pytest.mark.parametrize("kind", links.SECONDS)
def test_a_link_begins_with_the_setting(kind):
    assert links.url("https://desk.example/help", kind, "T") == (
        f"https://desk.example/help{links.PATHS[kind]}?token=T"
    )
    assert links.PATHS.keys() == links.SECONDS.keys()


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("https://desk.example", "https://desk.example"),
        (" HTTPS://Desk.Example/ ", "https://desk.example"),
        ("http://127.0.0.1:8642/help/Desk/", "http://127.0.0.1:8642/help/Desk"),
        ("http://[::1]:8642", "http://[::1]:8642"),
        ("none", "none"),
        ("desk.example", None),
        ("ftp://desk.example", None),
        ("javascript:alert(1)", None),
        ("https://", None),
        ("https://desk.example:0", None),
        ("https://desk.example:70000", None),
        ("https://desk.example:port", None),
        ("https://me:secret@desk.example", None),
        ("https://desk.example/?a=b", None),
        ("https://desk.example/#top", None),
        ("https://desk.example/a b", None),
        ("https://desk.example/\n", "https://desk.example"),
        ("https://desk.example/\nhttps://evil.example", None),
        ("https://дом.example", None),
        ("https://desk.example/<script>", None),
    ],
)
def test_which_addresses_a_web_page_can_have(text, wanted):
    parse = SETTINGS["web.url"].parse
    if wanted is None:
        with pytest.raises(InvalidValue):
            parse(text)
    else:
        assert parse(text) == wanted
        assert parse(wanted) == wanted


@pytest.mark.parametrize(
    ("text", "wanted"), [("30m", True), ("7D", True), ("29m", False), ("0", False), ("x", False)]
)
@pytest.mark.parametrize("key", ["web.session_idle", "web.session_max"])
def test_a_session_lasts_at_least_half_an_hour(key, text, wanted):
    parse = SETTINGS[key].parse
    if wanted:
        assert parse(text) == text.lower()
    else:
        with pytest.raises(InvalidValue):
            parse(text)
