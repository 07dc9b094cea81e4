"""Passwords, sessions and signing in, in the store: who gets in, for how long, and what nobody can find out."""

import sys
import threading

import pytest

from tests.factories import HOUR, T0, world
from tix.desk import people
from tix.desk.accounts import hashes, passwords, sessions, sign_in
from tix.desk.accounts.sign_in import sign_out
from tix.domain.accounts import sessions as keys
from tix.domain.accounts.sessions import SEEN_SECONDS
from tix.domain.accounts.throttle import ACCOUNT, SOURCE
from tix.errors import (
    InvalidValue,
    NotAllowed,
    NotFound,
    Overloaded,
    Refused,
    SignedOut,
    Throttled,
    WrongCredentials,
)
from tix.store.open import open_store

GOOD = "correct horse battery"
OTHER = "staple of a lighthouse"
HERE, THERE = "192.0.2.7", "192.0.2.8"
DAY = 24 * HOUR


@pytest.fixture
def office(tmp_path, monkeypatch):
    """A desk where rita has a password; hashes are cheap, and counted."""
    monkeypatch.setattr(hashes, "MEMORY_KIB", 64)
    monkeypatch.setattr(hashes, "TIME_COST", 1)
    monkeypatch.setattr(hashes, "NOBODY", hashes.make("nobody knows this"))
    with world(tmp_path) as made:
        people.edit(made.desk("root"), "rita", {"email": "rita@acme.example"})
        passwords.set_(made.desk("root"), "rita", GOOD)
        yield made


def enter(office, name="rita", password=GOOD, *, now=T0, source=HERE, **given):
    return sign_in.sign_in(office.store, name, password, source=source, agent="Browser/1", now=now, **given)


def refused(office, *args, error=WrongCredentials, **given):
    with pytest.raises(error) as raised:
        enter(office, *args, **given)
    return raised.value


def rows(office, table):
    return office.store.connection.execute(f"SELECT * FROM {table}").fetchall()


# ------------------------------------------------------------------------------------------------ signing in


@pytest.mark.parametrize("name", ["rita", " RITA ", "Rita@ACME.example"])
def test_a_login_and_an_address_let_in(office, name):
    found = enter(office, name)
    session, actor = sessions.authenticate(office.store, found.key, T0)
    assert (actor.login, actor.via, found.person.login) == ("rita", None, "rita")
    assert session == (keys.digest(found.key), "rita", T0, T0, HERE, "Browser/1")
    assert keys.is_csrf(found.key, found.csrf)


@pytest.mark.sqlite
def test_neither_key_nor_password_is_in_the_file(office):
    key = enter(office).key
    refused(office, "a password typed as a name", "x")
    data = office.store.path.read_bytes()
    for secret in (key, GOOD, keys.csrf(key), "a password typed as a name"):
        assert secret.encode() not in data
    assert b"$argon2id$" in data


def test_every_failure_says_the_same_after_the_same_work(office, monkeypatch):
    """Unknown, wrong, without a password, inactive, merged, no name at all: one verified hash, one counted try."""
    people.edit(office.desk("root"), "rita", {"active": False})
    passwords.set_(office.desk("root"), "ben", OTHER)
    worked = []
    real = hashes.matches
    monkeypatch.setattr(hashes, "matches", lambda hash, word: worked.append(word) or real(hash, word))
    names = [
        "nobody",
        "rita",
        "rita@acme.example",
        "ben",
        "ann",
        "no one",
        "",
        "x" * 10_000,
        "\udc80",
        "a\0b",
    ]
    said = set()
    for at, name in enumerate(names):
        error = refused(office, name, GOOD, source=f"198.51.100.{at}")
        said.add((error.code, error.message, error.hint))
    assert len(said) == 1
    assert len(worked) == len(names)
    assert len(rows(office, "attempt")) == 2 * len(names)


@pytest.mark.parametrize("password", ["", "x" * 1_000_000, "\0" * 10, "\udcff" * 10, GOOD + "\n"])
def test_what_cannot_be_a_password_is_refused_unhashed(office, monkeypatch, password):
    """Whoever it is tried on. Also: nothing normalises a megabyte."""
    monkeypatch.setattr(hashes, "matches", lambda hash, word: word == "" and False)
    said = {refused(office, name, password).message for name in ("rita", "nobody")}
    assert said == {"the name or the password is wrong"}
    assert rows(office, "session") == []


def test_a_password_is_the_same_on_every_keyboard(office):
    """Decomposed and composed, with another space: NFC, and U+0020 (RFC 8265)."""
    passwords.set_(office.desk("root"), "rita", "Café au lait noir")
    enter(office, password="Cafe\u0301 au\u00a0lait noir")
    refused(office, password="cafe au lait noir")


def test_signing_in_begins_another_session_than_the_browser_had(office):
    """A key that somebody planted is worth nothing afterwards (session fixation)."""
    planted = enter(office).key
    found = enter(office, old=planted)
    assert found.key != planted
    with pytest.raises(SignedOut):
        sessions.authenticate(office.store, planted, T0)
    for odd in ("", "x", "\udc80" * 43, keys.make(bytes(32))):
        enter(office, old=odd)


def test_an_old_hash_is_renewed_and_the_password_stays(office, monkeypatch):
    (before,) = rows(office, "password")
    monkeypatch.setattr(hashes, "TIME_COST", 2)
    enter(office)
    (after,) = rows(office, "password")
    assert "t=2" in after[1]
    assert before[1] != after[1]
    assert before[2] == after[2]
    enter(office)
    assert rows(office, "password") == [after]


def test_a_password_that_changes_meanwhile_lets_nobody_in(office, monkeypatch):
    """Between the verified hash and the session, an admin sets another one."""
    real = sign_in.verified

    def slow(*args):
        found = real(*args)
        desk = office.desk("root")
        desk.now = T0 + 1
        passwords.set_(desk, "rita", OTHER)
        return found

    monkeypatch.setattr(sign_in, "verified", slow)
    refused(office)
    assert rows(office, "session") == []


def test_at_most_two_hash_at_a_time(monkeypatch):
    """The others wait, a bounded number of them; one more is refused."""
    running, most, lock = [0], [0], threading.Lock()
    gate = threading.Event()

    class Slow:
        def hash(self, word):
            with lock:
                running[0] += 1
                most[0] = max(most[0], running[0])
            gate.wait(30)
            with lock:
                running[0] -= 1
            return word

    monkeypatch.setattr(hashes, "_hasher", Slow)
    threads = [
        threading.Thread(target=hashes.make, args=("x",)) for _ in range(hashes.AT_ONCE + hashes.MOST_WAITING)
    ]
    for one in threads:
        one.start()
    while hashes._waiting._value:  # until all are inside
        pass
    with pytest.raises(Overloaded):
        hashes.make("one too many")
    gate.set()
    for one in threads:
        one.join()
    assert most[0] == hashes.AT_ONCE
    assert hashes.make("x") == "x"


def test_without_the_library_it_says_what_to_install(office, monkeypatch):
    monkeypatch.setitem(sys.modules, "argon2", None)
    for act in (lambda: enter(office), lambda: passwords.set_(office.desk("root"), "rita", OTHER)):
        with pytest.raises(Refused, match="argon2-cffi") as raised:
            act()
        assert raised.value.hint == "pip install 'tix-desk[api]'"
    assert rows(office, "attempt") == []


# --------------------------------------------------------------------------------------------- too many tries


@pytest.mark.parametrize("name", ["rita", "nobody"])
def test_a_name_can_be_tried_five_times(office, name):
    """Then also the right password waits; each further failure doubles the wait. An unknown name is no different."""
    for at in range(ACCOUNT.free):
        refused(office, name, "wrong", source=f"198.51.100.{at}")
    waits, now = [], T0
    for at in range(6):
        error = refused(office, name.upper(), GOOD, error=Throttled, source=f"203.0.113.{at}", now=now)
        waits.append(error.retry_after)
        refused(
            office, name, GOOD, error=Throttled, source=f"203.0.113.{at}", now=now + error.retry_after - 1
        )
        now += error.retry_after
        refused(office, name, "wrong", source=f"203.0.113.{at}", now=now)
    assert waits == [30, 60, 120, 240, 480, 900]


def test_the_right_password_ends_the_count_of_a_name_but_not_of_an_address(office):
    """Whoever has one account cannot use it to try others without end."""
    for _ in range(ACCOUNT.free - 1):
        refused(office, password="wrong")
    enter(office)
    assert len(rows(office, "attempt")) == ACCOUNT.free - 1
    for at in range(SOURCE.free - ACCOUNT.free + 1):
        refused(office, f"nobody-{at}")
    assert refused(office, error=Throttled).retry_after == 30
    enter(office, source=THERE)


def test_an_ipv6_network_is_one_address(office):
    for at in range(SOURCE.free):
        refused(office, f"nobody-{at}", source=f"2001:db8::{at:x}:1")
    refused(office, error=Throttled, source="2001:db8::ffff")
    enter(office, source="2001:db8:0:1::1")


def test_tries_at_the_same_time_cannot_pass_together(office, monkeypatch):
    """A try is counted before its hash is verified."""
    counted = []
    monkeypatch.setattr(
        hashes, "matches", lambda hash, word: counted.append(len(rows(office, "attempt"))) and False
    )
    refused(office)
    assert counted == [2]


@pytest.mark.sqlite
def test_a_throttled_try_writes_and_hashes_nothing(office, monkeypatch):
    for _ in range(ACCOUNT.free):
        refused(office, password="wrong")
    before = office.store.connection.total_changes
    monkeypatch.setattr(hashes, "matches", None)
    refused(office, error=Throttled)
    assert office.store.connection.total_changes == before


# -------------------------------------------------------------------------------------------------- sessions


def test_a_session_ends_when_it_is_not_used_and_at_last_in_any_case(office):
    key = enter(office).key
    idle, longest = 3 * DAY, 30 * DAY
    now = T0
    while now + idle - 1 < T0 + longest:
        now += idle - 1
        session, _ = sessions.authenticate(office.store, key, now)
        sessions.touch(office.store, session, now)
    sessions.authenticate(office.store, key, T0 + longest - 1)
    for at in (T0 + longest, T0 + longest + DAY):
        with pytest.raises(SignedOut):
            sessions.authenticate(office.store, key, at)
    other = enter(office).key
    with pytest.raises(SignedOut):
        sessions.authenticate(office.store, other, T0 + idle)


@pytest.mark.sqlite
def test_the_time_of_a_request_is_written_every_ten_minutes(office):
    key = enter(office).key
    session, _ = sessions.authenticate(office.store, key, T0)
    before = office.store.connection.total_changes
    assert sessions.touch(office.store, session, T0 + SEEN_SECONDS - 1) == session
    assert office.store.connection.total_changes == before
    assert sessions.touch(office.store, session, T0 + SEEN_SECONDS).seen_at == T0 + SEEN_SECONDS
    # A second request that read the session before the first one wrote.
    sessions.touch(office.store, session, T0 + SEEN_SECONDS + 1)
    assert sessions.authenticate(office.store, key, T0)[0].seen_at == T0 + SEEN_SECONDS


def test_a_role_counts_at_once_and_an_inactive_person_is_signed_out_for_good(office):
    key = enter(office).key
    people.edit(office.desk("root"), "rita", {"role": "agent"})
    assert sessions.authenticate(office.store, key, T0)[1].is_staff
    people.edit(office.desk("root"), "rita", {"active": False})
    with pytest.raises(SignedOut):
        sessions.authenticate(office.store, key, T0)
    people.edit(office.desk("root"), "rita", {"active": True})
    with pytest.raises(SignedOut):
        sessions.authenticate(office.store, key, T0)
    enter(office)


@pytest.mark.parametrize("key", ["", "x", "x" * 43, "\udc80" * 43, "x" * 1_000_000, "é" * 43])
def test_what_is_no_key_is_signed_out(office, key):
    enter(office)
    with pytest.raises(SignedOut):
        sessions.authenticate(office.store, key, T0)
    sign_out(office.store, key)
    assert len(rows(office, "session")) == 1


def test_signing_out_ends_this_session_only(office):
    first, second = enter(office).key, enter(office).key
    sign_out(office.store, first)
    with pytest.raises(SignedOut):
        sessions.authenticate(office.store, first, T0)
    sessions.authenticate(office.store, second, T0)


def test_who_may_see_sessions_and_end_them(office):
    passwords.set_(office.desk("ann"), None, OTHER)
    enter(office)
    enter(office)
    enter(office, "ann", OTHER)
    assert sorted(one.login for one in sessions.listed(office.desk("root"))) == ["ann", "rita", "rita"]
    assert [one.login for one in sessions.listed(office.desk("ann"))] == ["ann"]
    assert [one.login for one in sessions.listed(office.desk("rita"), "@me")] == ["rita", "rita"]
    for act in (sessions.listed, sessions.sign_out_everywhere):
        with pytest.raises(NotAllowed):
            act(office.desk("ann"), "rita")
        with pytest.raises(NotAllowed):
            act(office.desk("rita"), "ann")
        with pytest.raises(NotFound):
            act(office.desk("root"), "nobody")
    person, count = sessions.sign_out_everywhere(office.desk("root"), "rita")
    assert (person.login, count) == ("rita", 2)
    assert [one.login for one in sessions.listed(office.desk("root"))] == ["ann"]


@pytest.mark.sqlite
def test_what_is_over_is_swept(office):
    from tix.desk.tick import tick

    key = enter(office).key
    refused(office, password="wrong")
    desk = office.desk("root")
    desk.now = T0 + HOUR
    tick(desk)
    assert (len(rows(office, "session")), len(rows(office, "attempt"))) == (1, 0)
    desk.now = T0 + 3 * DAY
    tick(desk)
    assert rows(office, "session") == []
    before = office.store.connection.total_changes
    tick(desk)
    assert office.store.connection.total_changes == before
    with pytest.raises(SignedOut):
        sessions.authenticate(office.store, key, T0)


# ------------------------------------------------------------------------------------------------- passwords


def test_who_may_set_whose_password(office):
    passwords.set_(office.desk("rita"), "@me", OTHER)
    enter(office, password=OTHER)
    for who, whom in (("ann", "rita"), ("ann", "root"), ("rita", "ann"), ("rita", "nobody")):
        for act in (lambda desk, word: passwords.set_(desk, word, GOOD), passwords.clear):
            with pytest.raises(NotAllowed):
                act(office.desk(who), whom)
    with pytest.raises(NotFound):
        passwords.set_(office.desk("root"), "nobody", GOOD)


@pytest.mark.parametrize("by", ["root", "rita"])
def test_a_new_password_ends_all_sessions_and_the_wait(office, by):
    key = enter(office).key
    for _ in range(ACCOUNT.free):
        refused(office, password="wrong")
    passwords.set_(office.desk(by), "rita", OTHER)
    with pytest.raises(SignedOut):
        sessions.authenticate(office.store, key, T0)
    enter(office, password=OTHER)
    passwords.clear(office.desk(by), "rita")
    refused(office, password=OTHER)
    assert rows(office, "session") == []


def test_changing_it_needs_the_current_one_and_gives_a_new_session(office):
    first, second = enter(office).key, enter(office).key
    session, _ = sessions.authenticate(office.store, first, T0)

    def change(current, new):
        return passwords.change(office.store, session, current, new, source=HERE, agent=None, now=T0)

    with pytest.raises(WrongCredentials):
        change("wrong", OTHER)
    with pytest.raises(InvalidValue):
        change(GOOD, "short")
    sessions.authenticate(office.store, first, T0)
    found = change(GOOD, OTHER)
    for key in (first, second):
        with pytest.raises(SignedOut):
            sessions.authenticate(office.store, key, T0)
    assert sessions.authenticate(office.store, found.key, T0)[1].login == "rita"
    with pytest.raises(SignedOut):  # the session it was asked from is over
        change(OTHER, GOOD)


def test_a_refused_password_changes_nothing(office):
    before = rows(office, "password")
    for weak in ("nine 9999", "password12345", "rita@acme.example", "Rita...12345", "help desk!!"):
        with pytest.raises(InvalidValue) as raised:
            passwords.set_(office.desk("root"), "rita", weak)
        assert weak not in f"{raised.value.message} {raised.value.hint}"
    assert rows(office, "password") == before
    with pytest.raises(InvalidValue):
        passwords.add_person(office.desk("root"), "newbie", {}, "short")
    assert passwords.add_person(office.desk("root"), "newbie", {}, GOOD).login == "newbie"
    enter(office, "newbie")


def test_a_merged_person_is_whom_they_became(office):
    """The old login and address find the target; the old password, sessions and all are gone."""
    passwords.set_(office.desk("root"), "ben", OTHER)
    key = enter(office).key
    people.merge(office.desk("root"), "rita", "ben")
    with pytest.raises(SignedOut):
        sessions.authenticate(office.store, key, T0)
    refused(office)
    assert enter(office, password=OTHER).person.login == "ben"
    assert [row[0] for row in rows(office, "password")] == ["ben"]


def test_a_person_who_is_removed_takes_all_of_it_along(office):
    passwords.add_person(office.desk("root"), "newbie", {}, GOOD)
    enter(office, "newbie")
    people.remove(office.desk("root"), "newbie")
    assert [row[0] for row in rows(office, "password")] == ["rita"]
    assert rows(office, "session") == []


def test_two_processes_agree(office):
    """Another connection sees what was signed in and out here."""
    key = enter(office).key
    other = open_store(office.store.path)
    try:
        sessions.authenticate(other, key, T0)
        sign_out(office.store, key)
        with pytest.raises(SignedOut):
            sessions.authenticate(other, key, T0)
    finally:
        other.close()
