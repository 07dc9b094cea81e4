"""Take a received mail: decide, write to the desk, and keep the mail, all in one transaction.

The sender's own part is written as the sender, through the same use cases as at the shell. What a stranger or a
program wrote is written by whoever runs the command, for staff only.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence

from tix.desk.context import Desk
from tix.desk.mail import answer, quarantine, sender
from tix.desk.mail.attachments import judged
from tix.desk.mail.content import body_of, is_same_subject, subject_of
from tix.desk.mail.judge import Incoming, Judge, Place
from tix.desk.mail.recipients import copied, department
from tix.desk.mail.sender import Sender
from tix.desk.tickets import new, reply
from tix.desk.tickets.change import change
from tix.desk.tickets.links import link
from tix.desk.tickets.outcome import Outcome as Written
from tix.desk.tickets.request import TicketRequest
from tix.domain.mail import quotes
from tix.domain.mail.intake import Decision, decide
from tix.domain.mail.kept import IMPORT
from tix.domain.people import Actor, Contact
from tix.domain.permissions import require
from tix.domain.tickets.followers import fitting
from tix.domain.tickets.references import Reference
from tix.domain.tickets.timeline import DECLINED, event
from tix.domain.values import LONGEST_SUBJECT
from tix.errors import DamagedStore, StorageFailure, StoreBusy, SwitchedOff, TixError
from tix.store.mail import received
from tix.store.tickets import timeline
from tix.typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from tix.domain.mail.received import Message
    from tix.domain.tickets.ticket import Ticket
    from tix.domain.tickets.timeline import Item

# How many entries of a ticket are compared with what a mail quotes.
_MOST_KNOWN = 50


class Taken(NamedTuple):
    """What became of a mail. ``ref`` is its ticket's; ``id`` is that of the kept mail, None for a dry run."""

    id: int | None
    outcome: str
    reason: str
    ref: str | None = None
    sender: str | None = None
    subject: str = ""


class _Placed(NamedTuple):
    """Where a mail was written: the ticket and the item; ``folded_at`` is where its quoted rest begins."""

    ticket: Ticket | None = None
    item_id: int | None = None
    folded_at: int | None = None


def refuse_switched_off(desk: Desk) -> None:
    """Raise SwitchedOff where the desk takes no mail: before any is read or fetched."""
    if not desk.settings.flag("mail.parse"):
        raise SwitchedOff(
            "this desk takes no mail (mail.parse is false)",
            hint="an admin can run: tix config set mail.parse true",
        )


def take(desk: Desk, incoming: Incoming, *, dry_run: bool = False) -> Taken:
    """Take a mail; whatever becomes of it, it is kept. Raises NotAllowed, StoreBusy, StorageFailure."""
    require(desk.actor, "mail")
    desk.begin()
    with desk.store.together() as whole:
        taken = _taken_or_kept(desk, incoming)
        if incoming.place is not None:
            waits = taken.outcome in quarantine.WAITING
            received.see(desk.store, *incoming.place, desk.now, waits=waits)
        if dry_run:
            whole.take_back()
    return taken._replace(id=None) if dry_run else taken


def _taken_or_kept(desk: Desk, incoming: Incoming) -> Taken:
    """Take a mail; one on which tix itself fails goes to quarantine, and does not come again and again."""
    try:
        with desk.store.writing():
            return _taken(desk, incoming)
    except TixError:
        raise
    except Exception as error:  # noqa: BLE001  # one bad mail never stops the rest, and none is lost
        decision = Decision("quarantined", f"tix failed on it ({type(error).__name__}); please report it")
        digest = hashlib.sha256(incoming.raw).hexdigest()
        return Taken(_keep(desk, incoming, digest, None, decision, _Placed()), *decision)


def take_old(desk: Desk, incoming: Incoming) -> Taken:
    """Take a mail of a file, inside the transaction of an import, on a desk ``as_of`` its time.

    Unknown senders become requesters, caps do not count, nobody hears of it or is answered, and what this desk wrote
    itself is known. Raises StoreBusy, StorageFailure.
    """
    return _taken(desk, incoming)


def release(desk: Desk, id: int, incoming: Incoming) -> Taken:
    """Take a mail out of quarantine as if its sender were known to the desk; old mail still at its own time.

    Raises NotFound, Refused; the latter, too, where no ticket can be made of it all the same.
    """
    desk.begin()
    with desk.store.together():
        kept = quarantine.get(desk, id)
        mail = incoming.mail
        if mail is None:
            raise quarantine.unreadable(id)
        if kept.channel == IMPORT:
            desk = desk.as_of(min(kept.at, desk.now), desk.deed("import"))
        judge = Judge(desk, incoming, mail)
        decision, placed = _write(desk, judge, judge.decision(release=True))
        if decision.outcome in quarantine.WAITING:
            raise quarantine.stays(id, decision.reason)
        decision = decision._replace(reason=f"{desk.actor.login} released it")
        quarantine.settle(desk, kept, decision, placed.ticket, placed.item_id, placed.folded_at)
    return Taken(id, *decision, _ref(placed), judge.sender.address, mail.subject)


def seen(desk: Desk, place: Place) -> bool | None:
    """Return whether a message of a mailbox that was taken before went to quarantine; None for a new one."""
    return received.seen(desk.store, *place)


def _ref(placed: _Placed) -> str | None:
    return None if placed.ticket is None else placed.ticket.ref


def _taken(desk: Desk, incoming: Incoming) -> Taken:
    digest = hashlib.sha256(incoming.raw).hexdigest()
    known = received.known(desk.store, digest)
    mail = incoming.mail
    if mail is None:
        if known is not None:
            return Taken(known, "duplicate", "the same mail was taken before")
        decision = Decision("quarantined", incoming.unreadable or "it cannot be read")
        return Taken(_keep(desk, incoming, digest, None, decision, _Placed()), *decision)
    judge = Judge(desk, incoming, mail)
    if known is not None:
        return Taken(known, *decide(judge.facts(duplicate=True)), None, judge.sender.address, mail.subject)
    if desk.is_past and judge.is_exported:
        return Taken(
            None, "duplicate", "it is an entry of this desk", None, judge.sender.address, mail.subject
        )
    alike = received.is_alike(desk.store, mail.id, judge.sender.address, judge.text_digest)
    decision, placed = _write(desk, judge, decide(judge.facts(duplicate=alike)))
    id = _keep(desk, incoming, digest, judge, decision, placed)
    return Taken(id, *decision, _ref(placed), judge.sender.address, mail.subject)


def _keep(
    desk: Desk, incoming: Incoming, digest: str, judge: Judge | None, decision: Decision, placed: _Placed
) -> int:
    return received.add(
        desk.store,
        sha256=digest,
        raw=incoming.raw,
        message_id=None if judge is None else judge.mail.id,
        sender=None if judge is None else judge.sender.address,
        subject="" if judge is None else judge.mail.subject[:LONGEST_SUBJECT],
        at=desk.now,
        channel=incoming.channel,
        outcome=decision.outcome,
        reason=decision.reason,
        ticket_id=None if placed.ticket is None else placed.ticket.id,
        item_id=placed.item_id,
        folded_at=placed.folded_at,
        text_sha256=None if judge is None else judge.text_digest,
    )


# ---------------------------------------------------------------------------------------------- writing


def _write(desk: Desk, judge: Judge, decision: Decision) -> tuple[Decision, _Placed]:
    """Do what was decided. What the desk refuses goes to quarantine with its reason, and nothing of it is written."""
    write = _WRITERS.get(decision.outcome)
    if write is None:
        return decision, _Placed(judge.ticket if decision.outcome == "recorded" else None)
    try:
        with desk.store.writing():
            return decision, write(desk, judge)
    except (StoreBusy, StorageFailure, DamagedStore):
        raise
    except TixError as error:
        return Decision("quarantined", error.message), _Placed()


def _created(desk: Desk, judge: Judge) -> _Placed:
    mail, who = judge.mail, judge.sender
    me = _as_sender(desk, who)
    files, refused = judged(desk, mail, of_staff=me.actor.is_staff)
    mention = judge.ticket if judge.found_by is not None else None
    request = TicketRequest(
        subject=subject_of(mail, bare=mention is not None),
        body=body_of(mail),
        department=department(desk, mail),
        watchers=_copied(judge, me, ()),
        uploads=files,
        channel="email",
    )
    answers_wanted = desk.is_past or answer.may_answer(desk, judge.sign, who.address)
    written = new.open_ticket(me, request, answers={})
    if not answers_wanted:
        answer.withdraw(desk, written.ticket)
    _remark(desk, written.ticket, refused)
    if mention is not None and sender.sees(desk, who, mention):
        # A ticket that is closed for good is followed up by another one.
        link(desk, _reference(written.ticket), "relates", _reference(mention))
    elif mention is not None:
        _note(desk, written.ticket, f"The mail names {mention.ref}, in which {who.words} does not take part.")
    return _placed(written, mail, None)


def _appended(desk: Desk, judge: Judge) -> _Placed:
    assert judge.ticket is not None
    mail, ticket = judge.mail, judge.ticket
    me = _as_sender(desk, judge.sender)
    known = _known(desk, me, ticket) if judge.found_by in ("id", "plus-address") else None
    files, refused = judged(desk, mail, of_staff=me.actor.is_staff)
    head = "" if is_same_subject(mail, ticket) else f"Subject: {mail.subject.strip()}\n\n"
    written = reply.reply(
        me,
        _reference(ticket),
        head + body_of(mail),
        files,
        watchers=_copied(judge, me, ticket.watcher_list()),
    )
    _remark(desk, written.ticket, refused)
    return _placed(written, mail, known, len(head))


def _mentioned(desk: Desk, judge: Judge) -> _Placed:
    """Keep a stranger's mail as an internal item of the ticket it names."""
    assert judge.ticket is not None
    mail = judge.mail
    files, refused = judged(desk, mail, of_staff=False)
    text = f"Mail from {judge.sender.words}\nSubject: {mail.subject.strip()}\n\n{body_of(mail)}"
    written = reply.note(desk, _reference(judge.ticket), "\n\n".join([text, *refused]), files)
    return _Placed(written.ticket, _first_id(written))


def _recorded(desk: Desk, judge: Judge) -> _Placed:
    """Attach automatic mail to its ticket: an event for staff, of which nobody is notified."""
    return _event(desk, judge, judge.sign.words, notify=False)


def _declined(desk: Desk, judge: Judge) -> _Placed:
    """Tell the agents of a mail for a ticket that is closed for good, and its sender how to go on."""
    assert judge.ticket is not None
    placed = _event(desk, judge, DECLINED, notify=True)
    if judge.sender.address is not None and answer.may_answer(
        desk, judge.sign, judge.sender.address, judge.ticket, DECLINED
    ):
        answer.decline(desk, judge.ticket, judge.sender.address, placed.item_id)
    return placed


def _event(desk: Desk, judge: Judge, reason: str, *, notify: bool) -> _Placed:
    assert judge.ticket is not None
    words = f"{judge.sender.words}: {judge.mail.subject.strip() or '(no subject)'}"

    def decided(ticket: Ticket) -> list[Item]:
        return [event("mailed", desk.author("staff"), new=words, reason=reason)]

    written = change(desk, _reference(judge.ticket), "mail", decided, notify=notify)
    return _Placed(written.ticket, _first_id(written))


_WRITERS: dict[str, Callable[[Desk, Judge], _Placed]] = {
    "created": _created,
    "appended": _appended,
    "mentioned": _mentioned,
    "recorded": _recorded,
    "declined": _declined,
}


def _as_sender(desk: Desk, who: Sender) -> Desk:
    """Return the desk as the sender uses it; an unknown sender becomes a requester first."""
    from tix.desk.tickets.parties import ensure_requester

    person = who.person
    if person is None:
        person = ensure_requester(desk, Contact(None, who.address, who.name or None))
    me = desk.actor.person
    return desk.acting_as(Actor(person, me if desk.is_past and person.login != me.login else None))


def _placed(written: Written, mail: Message, known: Sequence[str] | None, head: int = 0) -> _Placed:
    at = quotes.fold(body_of(mail), known)
    return _Placed(written.ticket, _first_id(written), None if at is None else at + head)


def _first_id(written: Written) -> int | None:
    """Return the id of the first item of a write, which is the entry made of the mail."""
    return next((item.id for item in written.items if item.id is not None), None)


def _known(desk: Desk, me: Desk, ticket: Ticket) -> list[str]:
    """Return the newest texts of a ticket that the sender may have been sent."""
    assert ticket.id is not None
    items = timeline.timelines(desk.store, [ticket.id], me.scope).get(ticket.id, [])
    return [item.body for item in items if item.body and not item.internal][-_MOST_KNOWN:]


def _reference(ticket: Ticket) -> Reference:
    return Reference(ticket.prefix, ticket.number)


def _copied(judge: Judge, me: Desk, present: Sequence[str]) -> tuple[str, ...]:
    """Return the followers a mail adds to those who follow at ``present``: of a requester, no more than fit.

    An old one adds none: they would hear of what happens to the ticket from now on.
    """
    if judge.desk.is_past or not judge.sign.may_be_answered:
        return ()
    found = copied(me, judge.mail, judge.ours, judge.sender.address)
    return found if me.actor.is_staff else tuple(fitting(present, found))


def _remark(desk: Desk, ticket: Ticket, refused: Sequence[str]) -> None:
    """Tell staff which files of a mail were not accepted; they are in the kept mail."""
    if refused:
        _note(desk, ticket, "\n".join(refused))


def _note(desk: Desk, ticket: Ticket, text: str) -> None:
    reply.note(desk, _reference(ticket), text, notify=False)
