"""What becomes of a mail between queueing and sending: who still gets it, what it says, which mails it answers."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.factories import World, file, ref, world
from tix.desk import outbox
from tix.desk.mail import letters, muted
from tix.desk.tickets import followers as following
from tix.desk.tickets import merge, reply, status
from tix.domain.mail import message_id
from tix.domain.mail.letter import Letter
from tix.store.mail import state

SETTINGS = {"mail.from_address": "help@desk.example", "mail.from_name": "Help"}


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[World]:
    with world(tmp_path) as made:
        put(made, **SETTINGS)
        yield made


def put(at: World, **settings: str) -> None:
    with at.store.writing():
        for key, value in settings.items():
            at.store.run("setting_put", key=key, value=value)


def queued(at: World) -> dict[str, int]:
    """The mails that wait, by address."""
    return {one.address: one.id for one in outbox.listed(at.desk("root"), state="queued")}


def made(at: World, address: str) -> Letter | str:
    """The mail to an address as it would be sent now, or why it is not."""
    root = at.desk("root")
    found = letters.letter(root, outbox.get(root, queued(at)[address]))
    return found.reason if isinstance(found, letters.Unwanted) else found


@pytest.fixture
def answered(desk: World) -> World:
    """A ticket of rita's that rolf and an address follow, with an answer of ann's that waits for all three."""
    desk.new("rita", watchers=("rolf", "out@x.example"))
    with desk.store.writing():
        desk.store.execute("DELETE FROM outbox")
    reply.reply(desk.desk("ann"), ref(1), "Look at it.", [file("a.txt")])
    assert queued(desk).keys() == {"rita@x.example", "rolf@x.example", "out@x.example"}
    return desk


def test_what_a_mail_says(answered):
    letter = made(answered, "rita@x.example")
    assert isinstance(letter, Letter)
    assert (letter.kind, letter.sender, letter.envelope_sender) == (
        "reply",
        ("Help", "help@desk.example"),
        "help@desk.example",
    )
    assert (letter.recipient, letter.reply_to) == (("Rita", "rita@x.example"), None)
    assert (letter.subject, letter.values["text"], letter.by_name) == (
        "[TIX-1] Printer",
        "Look at it.",
        "Ann",
    )
    assert [one.name for one in letter.files] == ["a.txt"]
    assert [(one.by_name, one.body) for one in letter.earlier] == [("Rita", "It smokes.")]


def test_its_ids_are_signed_and_lead_back(answered):
    """The id of the thread first, then what was sent before; each recipient's own."""
    secret = state.secret(answered.store)
    letter = made(answered, "rita@x.example")
    assert message_id.read(secret, letter.message_id).ticket == 1
    thread = message_id.thread_id(secret, 1, "desk.example")
    assert (letter.references, letter.in_reply_to) == ((thread,), thread)
    assert made(answered, "rolf@x.example").message_id != letter.message_id


def test_a_ticket_s_own_address_is_where_answers_go(answered):
    put(answered, **{"mail.plus_address": "true"})
    (_, address) = made(answered, "rita@x.example").reply_to
    assert message_id.read_plus(state.secret(answered.store), address, ["help@desk.example"]) == 1


def test_whoever_wants_none_by_now_gets_none(answered):
    """Each rule, or all; others are not asked for."""
    muted.mute(answered.desk("rita"), ["changed"])
    assert isinstance(made(answered, "rita@x.example"), Letter)
    muted.mute(answered.desk("rita"), ["answered"])
    assert made(answered, "rita@x.example") == "rita wants no mail about 'answered'"
    muted.mute(answered.desk("rolf"), ["all"])
    assert "rolf wants no mail" in made(answered, "rolf@x.example")
    assert isinstance(made(answered, "out@x.example"), Letter)


def test_whoever_is_inactive_by_now_gets_none(answered):
    with answered.store.writing():
        answered.store.execute("UPDATE person SET active = 0 WHERE login = 'rita'")
    assert made(answered, "rita@x.example") == "rita is no longer active"


def test_whoever_follows_no_more_gets_none(answered):
    """A follower added by mistake is taken away before the mail is sent: an account, and an address."""
    for who in ("rolf", "out@x.example"):
        following.leave(answered.desk("ann"), ref(1), who)
    assert made(answered, "rolf@x.example") == "rolf can no longer see the ticket"
    assert made(answered, "out@x.example") == "out@x.example no longer follows the ticket"
    assert isinstance(made(answered, "rita@x.example"), Letter)


def test_what_is_internal_by_now_goes_to_nobody_outside(answered):
    with answered.store.writing():
        answered.store.execute("UPDATE item SET internal = 1 WHERE body = 'Look at it.'")
    assert {made(answered, address) for address in queued(answered)} == {"it is internal"}


def test_a_mail_about_a_merged_ticket_still_goes(answered):
    """To the followers, too, who moved to the ticket that holds its entries now; not after they left that."""
    answered.new("rita", "The same")
    merge.merge(answered.desk("ann"), ref(1), ref(2))
    for address in ("rita@x.example", "rolf@x.example", "out@x.example"):
        assert isinstance(made(answered, address), Letter), address
    for who in ("rolf", "out@x.example"):
        following.leave(answered.desk("ann"), ref(2), who)
    for address in ("rolf@x.example", "out@x.example"):
        assert isinstance(made(answered, address), str), address


def test_a_new_ticket_is_told_a_list(desk):
    """Which follows nothing."""
    put(desk, **{"notify.new_ticket_to": "team@desk.example"})
    desk.new("rita")
    letter = made(desk, "team@desk.example")
    assert (letter.kind, letter.values["text"], letter.earlier) == ("notice", "It smokes.", ())


def test_an_assignee_without_an_account_by_now_somebody_s(desk):
    desk.new("rita", values={"notify_email": "who@x.example"})
    reply.reply(desk.desk("ann"), ref(1), "Look.", [])
    assert isinstance(made(desk, "who@x.example"), Letter)


def test_an_acknowledgement_has_no_envelope_sender_and_no_words(desk):
    """RFC 3834, 2: what bounces goes nowhere."""
    put(desk, **{"notify.requester_created": "true"})
    desk.new("rita")
    letter = made(desk, "rita@x.example")
    assert (letter.kind, letter.envelope_sender, letter.values["text"]) == ("acknowledgement", "", "")
    assert letter.files == letter.earlier == ()


def test_a_notice_of_a_change_carries_no_words(desk):
    desk.new("rita")
    status.pull(desk.desk("ann"), ref(1), "resolve")
    letter = made(desk, "rita@x.example")
    assert (letter.kind, letter.earlier) == ("notice", ())
