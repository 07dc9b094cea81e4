"""What happens to a received e-mail: one decision, from facts the desk has looked up.

Pure. A mail joins a ticket only by a token nobody can guess (a signed Message-ID or plus-address of ours), or by the
tag in its subject or the id of an earlier mail together with a sender who already takes part. What a stranger sends is
never shown to the requester.
"""

from __future__ import annotations

from tix.domain.mail.automatic import Sign
from tix.typing import Literal, NamedTuple

# ``created`` a ticket, ``appended`` a message or reply, ``mentioned`` in an internal item, ``declined`` with an answer,
# ``ignored`` and ``quarantined`` (kept in quarantine), ``recorded`` as automatic mail of its ticket, ``duplicate``.
Outcome = Literal[
    "created", "appended", "mentioned", "declined", "ignored", "quarantined", "recorded", "duplicate"
]
# How a ticket was found: by our signed id, our plus-address, the id of an earlier mail, or the tag in the subject.
FoundBy = Literal["id", "plus-address", "earlier-mail", "tag"]
Verdict = Literal["verified", "failed", "unknown"]
Closed = Literal["no", "decline", "follow-up"]

# Tickets by mail from one sender in an hour; more are quarantined (a desk that marks nothing would never stop).
MOST_TICKETS_AN_HOUR = 30
# Mails of one sender that join one ticket in a day; more are quarantined. Two robots that follow a ticket hear of what
# the other wrote and answer it: no cap on automatic answers ends that, for what we send them is news of the ticket.
MOST_MAILS_A_DAY = 40


class Facts(NamedTuple):
    """What is known of a mail when it is judged.

    ``sender`` is its address, None where it has none that is certain. ``person``: ``requester``, ``staff``,
    ``inactive`` or ``unknown``. ``client``: the sender's domain belongs to a client. ``found_by``: how its ticket was
    found, None without one; ``takes_part``: the sender may see that ticket. ``closed``: what the desk does with mail
    for that ticket, which is closed for good. ``staff_allowed`` and ``unknown_allowed`` are settings of the desk.
    ``tickets_this_hour`` counts tickets by mail from this sender, ``mails_today`` what joined this ticket in a day.
    ``imported``: it is an old mail of a file, for which whoever imports it vouches; nobody is answered. ``is_note``: it
    says that it is an internal note of an exported ticket.
    """

    sign: Sign
    sender: str | None
    person: Literal["requester", "staff", "inactive", "unknown"]
    verdict: Verdict = "unknown"
    client: bool = False
    found_by: FoundBy | None = None
    takes_part: bool = False
    closed: Closed = "no"
    staff_allowed: bool = False
    unknown_allowed: bool = False
    tickets_this_hour: int = 0
    mails_today: int = 0
    duplicate: bool = False
    imported: bool = False
    is_note: bool = False


class Decision(NamedTuple):
    """What happens, and why, in words that follow "because"."""

    outcome: Outcome
    reason: str


_FORGED = Decision("quarantined", "it is in the name of an agent, and the check of its sender failed")


def _too_many(facts: Facts) -> Decision:
    return Decision("quarantined", f"the sender opened {facts.tickets_this_hour} tickets within an hour")


def decide(facts: Facts) -> Decision:
    """Return what happens to a mail. The first rule that applies decides."""
    if facts.duplicate:
        return Decision("duplicate", "the same mail was taken before")
    if facts.sign.is_automatic:
        return _automatic(facts)
    if facts.sender is None:
        return Decision("quarantined", "it names no certain sender")
    if facts.imported and facts.is_note:
        return _note(facts)
    if facts.person == "inactive":
        return Decision("quarantined", "the sender's account is inactive")
    if facts.found_by is None:
        return _new(facts)
    if facts.person == "staff":
        return _of_staff(facts)
    return _of_ticket(facts)


def _automatic(facts: Facts) -> Decision:
    if facts.sign.kind == "loop":
        return Decision("ignored", facts.sign.words)
    if facts.found_by in ("id", "plus-address") or (facts.found_by is not None and facts.takes_part):
        return Decision("recorded", facts.sign.words)
    # Of old mail nobody waits for a decision.
    return Decision("ignored" if facts.imported else "quarantined", facts.sign.words)


def _note(facts: Facts) -> Decision:
    """What was internal stays internal, whoever it is from."""
    if facts.found_by is None:
        return Decision("ignored", "it is an internal note of a ticket that this desk does not have")
    return Decision("mentioned", "it is an internal note of the ticket")


def _new(facts: Facts) -> Decision:
    if facts.person == "unknown" and not facts.client and not facts.unknown_allowed:
        return Decision("ignored", "the sender is unknown to the desk")
    if facts.person == "staff" and facts.verdict == "failed":
        return _FORGED
    if facts.tickets_this_hour >= MOST_TICKETS_AN_HOUR:
        return _too_many(facts)
    if facts.imported:
        return Decision("created", "it is imported")
    if facts.person == "unknown":
        why = (
            "the sender's domain belongs to a client" if facts.client else "the desk accepts unknown senders"
        )
        return Decision("created", why)
    return Decision("created", "the sender is known to the desk")


def _of_staff(facts: Facts) -> Decision:
    """An agent's reply is public: it needs our token and a verified sender, where the desk allows it at all."""
    if facts.verdict == "failed":
        return _FORGED
    if facts.imported and facts.takes_part and facts.found_by != "tag":
        return _append(facts)
    if not facts.staff_allowed:
        return Decision("mentioned", "this desk does not take replies of agents by mail")
    if facts.found_by not in ("id", "plus-address"):
        return Decision("mentioned", "an agent's reply by mail has to answer a mail of this desk")
    if facts.verdict != "verified":
        return Decision("mentioned", "it is in the name of an agent, and its sender is not verified")
    if not facts.takes_part:
        return Decision("mentioned", "the agent may not see the ticket")
    return _append(facts)


def _of_ticket(facts: Facts) -> Decision:
    has_token = facts.found_by in ("id", "plus-address")
    if not facts.takes_part:
        if facts.person == "unknown" and facts.tickets_this_hour >= MOST_TICKETS_AN_HOUR:
            return Decision("quarantined", "a stranger names tickets of the desk again and again")
        if has_token or facts.imported or facts.person == "unknown":
            return Decision("mentioned", "the sender does not take part in the ticket")
        decision = _new(facts)
        if decision.outcome != "created":
            return decision
        return Decision("created", "the sender does not take part in the ticket that the mail names")
    if not has_token and facts.verdict == "failed":
        return Decision("quarantined", "the check of its sender failed")
    return _append(facts)


def _append(facts: Facts) -> Decision:
    if facts.closed == "decline":
        return Decision("declined", "the ticket is closed for good")
    if facts.closed == "follow-up":
        if facts.tickets_this_hour >= MOST_TICKETS_AN_HOUR:
            return _too_many(facts)
        return Decision("created", "the ticket is closed for good; the new one is linked to it")
    if facts.mails_today >= MOST_MAILS_A_DAY:
        return Decision(
            "quarantined", f"the sender wrote {facts.mails_today} mails to the ticket within a day"
        )
    by = {
        "id": "it answers a mail of this desk",
        "plus-address": "it was sent to the ticket's own address",
        "earlier-mail": "it answers a mail of the ticket",
        "tag": "its subject names the ticket",
    }
    return Decision("appended", by[facts.found_by or "tag"])
