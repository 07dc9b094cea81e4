"""Which mails one write makes: from its notices and the settings, one an address, none to whoever wrote."""

import pytest

from tests.factories import T0, author, person, rules, ticket
from tix.domain.mail.outbox import STATES, MailPolicy, QueuedMail, departure, is_held, mails, subject_of
from tix.domain.notifications import Notice, notices
from tix.domain.tickets import lifecycle
from tix.domain.tickets.ticket import play
from tix.domain.tickets.timeline import DECLINED, event

ANN = author("ann")
RITA = author("rita", "requester")
PEOPLE = {
    "ann": person("ann"),
    "ben": person("ben", email="ben@desk.example"),
    "kim": person("kim", email=None),
    "rita": person("rita", "requester", email="Rita@acme.example"),
    "rolf": person("rolf", "requester"),
}
WATCHED = {"watchers": '["rolf","out@x.example"]'}
HELD = {"assignee": "ben"}
SHIPPED = MailPolicy()


def find(login):
    return PEOPLE.get(login)


def written(old, items, policy=SHIPPED, *, new=None):
    """The mails of a write, as rule and address; the items have ids as if they were stored."""
    stored = [item._replace(id=at) for at, item in enumerate(items, 100)]
    new = new or play(old, stored)

    def named(kind, name):
        names = new.watcher_list() if kind == "watchers" else [name]
        return [PEOPLE[one] for one in names if one in PEOPLE]

    told = notices(old, new, stored, named, lambda one: True)
    found = mails(old, new, stored, told, find, policy)
    assert len({mail.address.lower() for mail in found}) == len(found), "two mails to one address"
    assert all(mail.item_id in {item.id for item in stored} for mail in found)
    assert all(mail.subject == f"[{new.ref}] {new.subject}" for mail in found)
    return {mail.address: mail.rule for mail in found}


def replied(old, by=ANN):
    return lifecycle.reply(old, rules(), by, "Words.")


def noted(old):
    return [lifecycle.note(old, rules(), ANN, "Words.")]


def resolved(old, by=ANN, trigger="resolve"):
    return lifecycle.pull(old, rules(), trigger, by, "staff" if by.side == "staff" else "requester")


def opening(**values):
    """A new ticket of rita's, and its message."""
    new = ticket(**values)
    return new, [lifecycle.open_ticket(RITA, "It does not work.", {"subject": "Printer"})]


def test_a_reply_goes_to_everybody_who_is_notified():
    old = ticket(**HELD, **WATCHED)
    assert written(old, replied(old)) == {
        "Rita@acme.example": "answered", "ben@desk.example": "answered", "rolf@x.example": "answered",
        "out@x.example": "answered",
    }  # fmt: skip


def test_whoever_has_no_address_gets_none():
    old = ticket(assignee="kim")
    assert written(old, replied(old)) == {"Rita@acme.example": "answered"}


def test_the_requester_is_written_to_at_the_ticket_s_own_address():
    """And nobody else is: rolf follows it with his own."""
    old = ticket(email="rita@home.example", **WATCHED)
    assert written(old, replied(old)).keys() == {"rita@home.example", "rolf@x.example", "out@x.example"}


def test_one_mail_an_address():
    """Of several people or roles with one address the first; in any case of letters."""
    old = ticket(email="ben@desk.example", **HELD, watchers='["BEN@desk.example"]')
    assert written(old, replied(old)) == {"ben@desk.example": "answered"}


def test_never_to_the_author():
    """Neither by login, nor where an address that follows is theirs."""
    old = ticket(watchers='["rita@acme.example","rolf"]', **HELD)
    assert written(old, replied(old, RITA)) == {"ben@desk.example": "message", "rolf@x.example": "message"}
    old = ticket(watchers='["ann@x.example","out@x.example"]')
    assert written(old, replied(old)) == {"Rita@acme.example": "answered", "out@x.example": "answered"}
    typed = author("ben", via="ann")
    assert written(old, replied(old, typed)) == {"Rita@acme.example": "answered", "out@x.example": "answered"}


def test_an_agent_who_replies_is_not_written_to_at_the_ticket_s_address():
    old = ticket(email="ann@x.example")
    assert written(old, replied(old)) == {}


@pytest.mark.parametrize("values", [{}, HELD, WATCHED, {"notify_email": "who@x.example"}, HELD | WATCHED])
def test_nothing_internal_to_a_requester_or_an_address(values):
    old = ticket(**values)
    found = written(old, noted(old))
    assert found == ({"ben@desk.example": "noted"} if "assignee" in values else {})
    for one in (replied(old), resolved(old)):
        hidden = [item._replace(internal=True) for item in one]
        assert written(old, hidden, new=play(old, one)).keys() <= {"ben@desk.example"}


def test_an_automatic_mail_is_mailed_to_nobody():
    old = ticket(**HELD, **WATCHED)
    assert written(old, [event("mailed", ANN, new="x: Out of office", reason="it says so")]) == {}


def queued(**values):
    """A mail of the outbox that is held back for a minute, changed by ``values``."""
    mail = QueuedMail(3, 1, 2, None, "answered", "ana", "a@x", "s", "queued", T0, T0 + 60, 0, 0, *[None] * 7)
    return mail._replace(**values)


@pytest.mark.parametrize(
    ("mails", "held", "gone"),
    [
        ([], False, False),
        ([queued()], True, False),
        ([queued(next_at=T0)], False, False),
        ([queued(), queued(next_at=T0)], True, False),
        ([queued(), queued(state="cancelled")], True, False),
        ([queued(state="cancelled")], False, False),
        *[([queued(), queued(state=one)], False, True) for one in ("sending", "sent", "uncertain")],
        *[
            ([queued(), queued(state=one, message_id="1@x")], False, True)
            for one in ("queued", "failed", "cancelled")
        ],
    ],
)
def test_a_reply_is_held_while_none_of_its_mails_is_gone(mails, held, gone):
    assert is_held(mails) is held
    assert (departure(mails) is not None) is gone


def test_a_declined_mail_is_told_those_who_hold_the_ticket():
    old = ticket(**HELD, **WATCHED)
    assert written(old, [event("mailed", ANN, new="x: Again", reason=DECLINED)]) == {
        "ben@desk.example": "mail-declined"
    }


def test_an_assignee_without_an_account():
    """``--notify-email``: as long as nobody holds the ticket; public items only."""
    old = ticket(notify_email="who@x.example")
    assert written(old, replied(old)) == {"Rita@acme.example": "answered", "who@x.example": "answered"}
    held = ticket(notify_email="who@x.example", **HELD)
    assert "who@x.example" not in written(held, replied(held))


def test_the_requester_is_not_told_of_the_end_where_the_desk_says_so():
    """S004-44: the others are; a reply that ends it is a reply."""
    quiet = MailPolicy(requester_closed=False)
    old = ticket(**HELD, **WATCHED)
    others = {"ben@desk.example", "rolf@x.example", "out@x.example"}
    for trigger in ("resolve", "close"):
        assert written(old, resolved(old, trigger=trigger)).keys() == {"Rita@acme.example"} | others
        assert written(old, resolved(old, trigger=trigger), quiet).keys() == others
    both = [*replied(old), *resolved(play(old, replied(old)))]
    assert written(old, both, quiet)["Rita@acme.example"] == "answered"
    over = ticket(status="resolved")
    assert written(over, resolved(over, trigger="reopen"), quiet) == {"Rita@acme.example": "reopened"}


@pytest.mark.parametrize("created", [True, False])
@pytest.mark.parametrize("to", ["team@desk.example", None])
def test_a_new_ticket(created, to):
    """S004-43 and S004-45, each without the other."""
    new, items = opening()
    expected = {"Rita@acme.example": "created"} if created else {}
    expected |= {} if to is None else {to: "new-ticket"}
    assert written(None, items, MailPolicy(requester_created=created, new_ticket_to=to), new=new) == expected
    assert written(new, replied(new), MailPolicy(created, new_ticket_to=to)) == {
        "Rita@acme.example": "answered"
    }


def test_a_new_ticket_of_somebody_without_an_address():
    new, items = opening(requester="kim")
    assert written(None, items, MailPolicy(requester_created=True), new=new) == {}
    new, items = opening(requester="kim", email="kim@home.example")
    assert written(None, items, MailPolicy(requester_created=True), new=new) == {
        "kim@home.example": "created"
    }


def test_who_gets_a_new_ticket_assigned_gets_no_second_mail():
    new, items = opening(**HELD)
    policy = MailPolicy(new_ticket_to="Ben@desk.example")
    assert written(None, items, policy, new=new) == {"ben@desk.example": "assigned"}


def test_rules_that_are_not_mailed():
    """``notify.not_mailed``: the inbox has them all the same."""
    old = ticket(**HELD, **WATCHED)
    assert written(old, replied(old), MailPolicy(off=frozenset({"answered"}))) == {}
    assert written(old, replied(old), MailPolicy(off=frozenset({"message", "noted"}))) != {}
    new, items = opening()
    off = MailPolicy(True, new_ticket_to="team@desk.example", off=frozenset({"created", "new-ticket"}))
    assert written(None, items, off, new=new) == {}


def test_no_items_are_no_mails():
    new, _ = opening()
    assert mails(None, new, [], [], find, MailPolicy(True, new_ticket_to="team@desk.example")) == []


def test_somebody_who_is_gone_gets_none():
    old = ticket()
    (item, *_) = replied(old)
    assert mails(old, old, [item], [Notice("nobody", "answered", item)], find, MailPolicy()) == []


def test_the_subject_names_the_ticket():
    assert subject_of(ticket(subject="Re: Printer")) == "[TIX-1] Re: Printer"


def test_a_row_names_its_ticket():
    row = QueuedMail(
        1, None, None, None, "answered", None, "a@x.example", "x", "queued", T0, T0, 0, 0, *[None] * 7
    )
    assert (row.ref, row._replace(prefix="TIX-", number=7).ref) == (None, "TIX-7")
    assert len(set(STATES)) == len(STATES)
