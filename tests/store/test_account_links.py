"""Links in mails: who gets one, that it works once and not for long, and that nobody else learns of it."""

import re
import threading

import pytest

from tests.factories import HOUR, T0, ref, world
from tix.desk import people
from tix.desk.accounts import hashes, links, passwords, ratings, resets, sessions, sign_in, sign_in_links
from tix.desk.mail import delivery, texts
from tix.desk.tickets import status
from tix.domain.accounts import throttle
from tix.domain.accounts.links import RESET, SECONDS, SIGN_IN
from tix.errors import (
    InvalidValue,
    LinkExpired,
    Refused,
    SignedOut,
    Throttled,
    WrongCredentials,
)
from tix.mail import letters
from tix.mail.mime.message import read
from tix.store.open import open_store

GOOD, OTHER = "correct horse battery", "staple of a lighthouse"
URL = "https://desk.example/help"


@pytest.fixture
def office(tmp_path, monkeypatch):
    """A desk with a web page and mail; rita has a password."""
    monkeypatch.setattr(hashes, "MEMORY_KIB", 64)
    monkeypatch.setattr(hashes, "TIME_COST", 1)
    with world(tmp_path) as made:
        put(made, "web.url", URL)
        put(made, "mail.from_address", "help@desk.example")
        put(made, "web.sign_in_links", "true")
        passwords.set_(made.desk("root"), "rita", GOOD)
        yield made


def put(office, key, value):
    with office.store.writing():
        office.store.run("setting_put", key=key, value=value)


def ask(office, kind=RESET, name="rita", *, now=T0, source="192.0.2.7"):
    links.request(office.store, kind, name, source=source, now=now)


def mails(office, *, now=T0):
    """Write what is due, as ``tix tick`` does; return each mail's address and text."""
    desk = office.desk("root")
    desk.now = now
    found = []
    for id in delivery.due(desk, now, 100):
        leased = delivery.lease(desk, id, "me", now)
        letter = delivery.letter(desk, leased, now)
        if letter is not None:
            raw = letters.raw(letter, now)
            delivery.keep(desk, leased, raw, letter.message_id)
            found.append((letter.recipient.address, read(raw).text))
    return found


def token_in(text):
    return re.search(r"token=([A-Za-z0-9_-]{43})$", text, re.MULTILINE)[1]


def token(office, kind=RESET, *, now=T0, **given):
    ask(office, kind, now=now, **given)
    ((_, text),) = mails(office, now=now)
    return token_in(text)


def stored(office):
    return office.store.connection.execute("SELECT * FROM one_time_link").fetchall()


# ---------------------------------------------------------------------------------------------- asking for one


@pytest.mark.parametrize(("kind", "path"), [(RESET, "/reset"), (SIGN_IN, "/sign-in/link")])
@pytest.mark.parametrize("name", ["rita", "RITA@x.example"])
def test_a_mail_with_a_link_of_the_setting_goes_to_the_address(office, kind, path, name):
    ask(office, kind, name)
    ((address, text),) = mails(office)
    assert address == "rita@x.example"
    assert f"\n{URL}{path}?token={token_in(text)}\n" in text
    assert "Rita" in text
    assert "{{" not in text


def test_the_token_is_only_in_the_mail(office):
    """Not before it is written, and not in the file apart from the bytes that wait to be sent."""
    ask(office)
    assert stored(office) == []
    ((_, text),) = mails(office)
    office.store.connection.execute("UPDATE outbox SET raw = NULL")
    assert token_in(text).encode() not in office.path.read_bytes()
    assert len(stored(office)) == 1


@pytest.mark.parametrize("kind", [RESET, SIGN_IN])
def test_whoever_gets_no_mail_gets_the_same_answer_and_the_same_work(office, kind):
    people.edit(office.desk("root"), "ben", {"active": False})
    people.edit(office.desk("root"), "rolf", {"email": "none"})
    names = ["nobody", "ben", "rolf", "", "x" * 10_000, "\udc80", "a\0b"]
    for at, name in enumerate(names):
        assert ask(office, kind, name, source=f"198.51.100.{at}") is None
    assert mails(office) == []
    counted = office.store.connection.execute("SELECT count(*) FROM attempt").fetchone()[0]
    assert counted == 2 * len(names)


def test_a_desk_that_does_not_offer_it_says_so_to_everybody(office):
    for key, value, kind in (
        ("web.sign_in_links", "false", SIGN_IN),
        ("web.password_resets", "false", RESET),
        ("web.url", "none", RESET),
    ):
        put(office, key, value)
        assert not links.is_offered(office.store, kind)
        said = set()
        for name in ("rita", "nobody"):
            with pytest.raises(Refused) as raised:
                ask(office, kind, name)
            said.add(raised.value.message)
        assert len(said) == 1
    assert (resets.is_offered(office.store), sign_in_links.is_offered(office.store)) == (False, False)


def test_a_person_is_not_flooded_and_does_not_learn_of_it(office):
    for at in range(throttle.MAILS_TO.free + 3):
        ask(office, source=f"198.51.100.{at}")
    assert len(mails(office)) == throttle.MAILS_TO.free


def test_an_address_cannot_ask_without_end(office):
    for at in range(throttle.MAILS_FROM.free):
        ask(office, name=f"nobody-{at}")
    for name in ("rita", "nobody"):
        with pytest.raises(Throttled) as raised:
            ask(office, name=name)
        assert raised.value.retry_after == 30
    assert mails(office) == []


def test_what_changed_before_the_mail_is_written_counts(office):
    """Inactive, another address, switched off, or it waited for an hour: no mail, and no link."""
    ask(office)
    people.edit(office.desk("root"), "rita", {"email": "new@x.example"})
    assert mails(office) == []
    ask(office)
    people.edit(office.desk("root"), "rita", {"active": False})
    assert mails(office) == []
    people.edit(office.desk("root"), "rita", {"active": True})
    ask(office, now=T0 + HOUR)
    put(office, "web.password_resets", "false")
    assert mails(office, now=T0 + HOUR) == []
    put(office, "web.password_resets", "true")
    ask(office, now=T0 + 3 * HOUR)
    assert mails(office, now=T0 + 4 * HOUR + 1) == []
    assert stored(office) == []


# -------------------------------------------------------------------------------------------- a new password


def test_a_reset_sets_the_password_once_and_signs_out(office):
    key = sign_in.sign_in(office.store, "rita", GOOD, source=None, agent=None, now=T0).key
    first, second = token(office), token(office)
    assert resets.person_of(office.store, first, T0).login == "rita"
    with pytest.raises(InvalidValue):
        resets.reset(office.store, first, "short", now=T0)
    assert resets.reset(office.store, first, OTHER, now=T0).login == "rita"
    with pytest.raises(SignedOut):
        sessions.authenticate(office.store, key, T0)
    for used in (first, second):
        with pytest.raises(LinkExpired):
            resets.reset(office.store, used, GOOD, now=T0)
    with pytest.raises(WrongCredentials):
        sign_in.sign_in(office.store, "rita", GOOD, source=None, agent=None, now=T0)
    sign_in.sign_in(office.store, "rita", OTHER, source=None, agent=None, now=T0)


def test_somebody_without_a_password_gets_one(office):
    resets.reset(office.store, token(office, name="ben"), OTHER, now=T0)
    sign_in.sign_in(office.store, "ben", OTHER, source=None, agent=None, now=T0)


@pytest.mark.parametrize("wrong", ["", "x", "x" * 43, "\udc80" * 43, "x" * 1_000_000])
def test_no_other_token_works(office, wrong):
    right = token(office)
    for act in (
        lambda one: resets.person_of(office.store, one, T0),
        lambda one: resets.reset(office.store, one, OTHER, now=T0),
        lambda one: sign_in_links.use(office.store, one, source=None, agent=None, now=T0),
        lambda one: ratings.ticket_of(office.store, one, T0),
        lambda one: ratings.rate(office.store, one, 5, None, now=T0),
    ):
        with pytest.raises(LinkExpired) as raised:
            act(wrong)
        assert raised.value.message == "the link is no longer valid"
    for act in (
        lambda: sign_in_links.use(office.store, right, source=None, agent=None, now=T0),
        lambda: ratings.rate(office.store, right, 5, None, now=T0),
    ):
        with pytest.raises(LinkExpired):  # one for a password lets nobody do anything else
            act()
    resets.person_of(office.store, right, T0)


@pytest.mark.parametrize("kind", [RESET, SIGN_IN])
def test_a_link_expires(office, kind):
    one = token(office, kind)
    links.find(office.store, kind, one, T0 + SECONDS[kind] - 1)
    with pytest.raises(LinkExpired):
        links.find(office.store, kind, one, T0 + SECONDS[kind])
    desk = office.desk("root")
    desk.now = T0 + SECONDS[kind]
    sessions.sweep(desk)
    assert stored(office) == []


@pytest.mark.parametrize(
    "change",
    [
        lambda desk: people.edit(desk, "rita", {"active": False}),
        lambda desk: people.edit(desk, "rita", {"email": "new@x.example"}),
        lambda desk: people.merge(desk, "rita", "rolf"),
        lambda desk: passwords.set_(desk, "rita", OTHER),
        lambda desk: passwords.clear(desk, "rita"),
        lambda desk: sessions.sign_out_everywhere(desk, "rita"),
    ],
)
def test_what_ends_a_way_in_ends_its_links(office, change):
    tokens = [(kind, token(office, kind)) for kind in (RESET, SIGN_IN)]
    change(office.desk("root"))
    people.edit(office.desk("root"), "rita", {"active": True})
    for kind, one in tokens:
        with pytest.raises(LinkExpired):
            links.find(office.store, kind, one, T0)


@pytest.mark.parametrize("kind", [RESET, SIGN_IN])
def test_two_browsers_at_once_use_a_link_once(office, kind):
    """Both find it; the second one that writes is refused."""
    one = token(office, kind)
    found, meet = [], threading.Barrier(2)

    def run():
        store = open_store(office.path)
        try:
            links.find(store, kind, one, T0)
            meet.wait(60)
            if kind == RESET:
                resets.reset(store, one, OTHER, now=T0)
            else:
                sign_in_links.use(store, one, source=None, agent=None, now=T0)
            found.append("in")
        except LinkExpired:
            found.append("late")
        finally:
            store.close()

    threads = [threading.Thread(target=run) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(found) == ["in", "late"]


# ------------------------------------------------------------------------------------------- a link to sign in


def test_a_link_signs_in_once_with_a_session_of_its_own(office):
    old = sign_in.sign_in(office.store, "rita", GOOD, source=None, agent=None, now=T0).key
    one = token(office, SIGN_IN)
    assert sign_in_links.person_of(office.store, one, T0).login == "rita"
    found = sign_in_links.use(office.store, one, source="192.0.2.7", agent="B", now=T0, old=old)
    assert sessions.authenticate(office.store, found.key, T0)[1].login == "rita"
    with pytest.raises(SignedOut):
        sessions.authenticate(office.store, old, T0)
    with pytest.raises(LinkExpired):
        sign_in_links.use(office.store, one, source=None, agent=None, now=T0)


# --------------------------------------------------------------------------------------------------- a rating


def closed(office, *, by="ann"):
    """The number of a ticket that staff resolved and closed."""
    number = office.new()
    for trigger in ("resolve", "close"):
        status.pull(office.desk(by), ref(number), trigger)
    return number


def rating_tokens(office):
    return [token_in(text) for _, text in mails(office) if "/rate?token=" in text]


def test_a_closed_ticket_is_rated_by_a_link_once(office):
    number = closed(office)
    first, *others = rating_tokens(office)
    assert ratings.ticket_of(office.store, first, T0).number == number
    with pytest.raises(InvalidValue):
        ratings.rate(office.store, first, 6, None, now=T0)
    rated = ratings.rate(office.store, first, 4, " fine ", now=T0)
    assert (rated.rating, rated.rating_comment) == (4, " fine ")
    item = office.stored(number)
    assert item.rating == 4
    for one in (first, *others):
        with pytest.raises(LinkExpired):
            ratings.rate(office.store, one, 1, None, now=T0)
    assert stored(office) == []


def test_only_the_requester_gets_the_link_and_only_with_a_web_page(office):
    number = office.new()
    for trigger in ("resolve", "close"):
        status.pull(office.desk("ann"), ref(number), trigger)
    sent = mails(office)
    assert {address for address, text in sent if "/rate?token=" in text} == {"rita@x.example"}
    put(office, "web.url", "none")
    closed(office)
    sent = mails(office)
    assert sent
    assert not [text for _, text in sent if "rate" in text.lower()]


def test_a_rated_ticket_and_an_open_one_get_no_link(office):
    number = office.new()
    status.pull(office.desk("ann"), ref(number), "resolve")
    status.pull(office.desk("ann"), ref(number), "reopen")
    assert rating_tokens(office) == []
    status.pull(office.desk("ann"), ref(number), "resolve")
    status.rate(office.desk("rita"), ref(number), 5, None)
    status.pull(office.desk("ann"), ref(number), "close")
    assert rating_tokens(office) == []


def test_a_link_works_again_when_the_ticket_is_over_again(office):
    number = closed(office)
    one = rating_tokens(office)[-1]
    status.pull(office.desk("root"), ref(number), "reopen")
    with pytest.raises(Refused):
        ratings.rate(office.store, one, 3, None, now=T0)
    status.pull(office.desk("ann"), ref(number), "resolve")
    ratings.rate(office.store, one, 3, None, now=T0)


def test_the_link_of_somebody_who_is_no_longer_the_requester_is_void(office):
    closed(office)
    one = rating_tokens(office)[-1]
    people.merge(office.desk("root"), "rita", "rolf")
    with pytest.raises(LinkExpired):
        ratings.rate(office.store, one, 1, None, now=T0)


# ---------------------------------------------------------------------------------------------------- texts


@pytest.mark.parametrize("name", [RESET, SIGN_IN])
def test_a_text_without_its_link_is_refused(office, name):
    with pytest.raises(InvalidValue, match="link"):
        texts.put(office.desk("root"), name, "Hello {{ recipient.name }}")
    texts.put(office.desk("root"), name, "{{#recipient.name}}Go:{{/recipient.name}}\n{{ link.url }}\n")
    ask(office, name)
    ((_, text),) = mails(office)
    assert text.startswith("Go:")
    assert token_in(text)
