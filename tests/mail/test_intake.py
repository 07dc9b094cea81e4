"""What happens to a received mail: the whole table of decisions, case by case."""

import itertools
import re

import pytest

from tix.domain.mail.automatic import PERSON, Sign
from tix.domain.mail.intake import (
    MOST_MAILS_A_DAY,
    MOST_TICKETS_AN_HOUR,
    Closed,
    Facts,
    FoundBy,
    Outcome,
    Verdict,
    decide,
)
from tix.typing import get_args

ROBOT = Sign("automatic", "it says Auto-Submitted: auto-replied")
REPORT = Sign("report", "it is a delivery report (multipart/report)")
LOOP = Sign("loop", "this desk sent it")
DOUBTFUL = Sign("doubtful", "its subject is that of an automatic answer")
LIST = Sign("list", "it has the header List-Id")
NO_ANSWER = Sign("no-answer", "nobody reads noreply@acme.example")

NEW = Facts(PERSON, "ana@acme.example", "requester")
STRANGER = NEW._replace(person="unknown")
STAFF = NEW._replace(person="staff")
# Mail for a ticket, by a token of ours and by what anybody could write.
ANSWER = NEW._replace(found_by="id", takes_part=True)
TAGGED = NEW._replace(found_by="tag", takes_part=True)
STAFF_ANSWER = ANSWER._replace(person="staff", verdict="verified", staff_allowed=True)
FULL = MOST_TICKETS_AN_HOUR

# The name of a case: what is known, what happens, and why (after "because").
CASES = {
    "the same mail again": (
        NEW._replace(duplicate=True),
        "duplicate",
        "the same mail was taken before",
    ),
    "the same automatic mail again": (ANSWER._replace(sign=ROBOT, duplicate=True), "duplicate", "the same mail was taken before"),
    # Automatic mail: before every other rule.
    "our own mail that comes back": (NEW._replace(sign=LOOP), "ignored", LOOP.words),
    "our own mail that comes back to its ticket": (ANSWER._replace(sign=LOOP), "ignored", LOOP.words),
    "an automatic answer that names no ticket": (NEW._replace(sign=ROBOT), "quarantined", ROBOT.words),
    "an automatic answer to a mail of ours": (ANSWER._replace(sign=ROBOT), "recorded", ROBOT.words),
    "an automatic answer at a ticket's own address": (
        ANSWER._replace(sign=ROBOT, found_by="plus-address"), "recorded", ROBOT.words,
    ),
    "a delivery report about a mail of ours": (
        STRANGER._replace(sign=REPORT, found_by="id"), "recorded", REPORT.words,
    ),
    "a delivery report from nobody about a mail of ours": (
        STRANGER._replace(sign=REPORT, found_by="id", sender=None), "recorded", REPORT.words,
    ),
    "a delivery report about anything else": (STRANGER._replace(sign=REPORT), "quarantined", REPORT.words),
    "an automatic mail of somebody who takes part": (TAGGED._replace(sign=ROBOT), "recorded", ROBOT.words),
    "an automatic answer to an earlier mail of the ticket": (
        TAGGED._replace(sign=ROBOT, found_by="earlier-mail"), "recorded", ROBOT.words,
    ),
    "an automatic mail of a stranger who names a ticket": (
        STRANGER._replace(sign=ROBOT, found_by="tag"), "quarantined", ROBOT.words,
    ),
    "an out-of-office answer known by its subject": (ANSWER._replace(sign=DOUBTFUL), "recorded", DOUBTFUL.words),
    "an agent's out-of-office answer": (STAFF_ANSWER._replace(sign=ROBOT), "recorded", ROBOT.words),
    "an automatic answer to a ticket that is closed for good": (
        ANSWER._replace(sign=ROBOT, closed="decline"), "recorded", ROBOT.words,
    ),
    # Who sent it.
    "a mail of nobody": (STRANGER._replace(sender=None), "quarantined", "it names no certain sender"),
    "a mail of nobody with our token": (
        STRANGER._replace(sender=None, found_by="id"), "quarantined", "it names no certain sender",
    ),
    "a mail of nobody where strangers are welcome": (
        STRANGER._replace(sender=None, unknown_allowed=True), "quarantined", "it names no certain sender",
    ),
    "an inactive requester": (NEW._replace(person="inactive"), "quarantined", "the sender's account is inactive"),
    "an inactive requester with our token": (
        ANSWER._replace(person="inactive"), "quarantined", "the sender's account is inactive",
    ),
    # A mail that names no ticket.
    "a requester": (NEW, "created", "the sender is known to the desk"),
    "a requester whose check failed": (NEW._replace(verdict="failed"), "created", "the sender is known to the desk"),
    "a requester through a list": (NEW._replace(sign=LIST), "created", "the sender is known to the desk"),
    "a requester nobody answers": (NEW._replace(sign=NO_ANSWER), "created", "the sender is known to the desk"),
    "an agent": (STAFF, "created", "the sender is known to the desk"),
    "an agent whose check failed": (
        STAFF._replace(verdict="failed"),
        "quarantined",
        "it is in the name of an agent, and the check of its sender failed",
    ),
    "a stranger": (STRANGER, "ignored", "the sender is unknown to the desk"),
    "a stranger of a client": (
        STRANGER._replace(client=True), "created", "the sender's domain belongs to a client",
    ),
    "a stranger who is welcome": (
        STRANGER._replace(unknown_allowed=True), "created", "the desk accepts unknown senders",
    ),
    "the last ticket of an hour": (NEW._replace(tickets_this_hour=FULL - 1), "created", "the sender is known to the desk"),
    "one more ticket in an hour": (
        NEW._replace(tickets_this_hour=FULL), "quarantined", f"the sender opened {FULL} tickets within an hour",
    ),
    "one more ticket of an agent": (
        STAFF._replace(tickets_this_hour=FULL), "quarantined", f"the sender opened {FULL} tickets within an hour",
    ),
    "one more ticket of a client's stranger": (
        STRANGER._replace(client=True, tickets_this_hour=FULL),
        "quarantined",
        f"the sender opened {FULL} tickets within an hour",
    ),
    "a stranger who would be ignored anyway": (
        STRANGER._replace(tickets_this_hour=FULL), "ignored", "the sender is unknown to the desk",
    ),
    # A mail for a ticket.
    "an answer": (ANSWER, "appended", "it answers a mail of this desk"),
    "an answer whose check failed": (ANSWER._replace(verdict="failed"), "appended", "it answers a mail of this desk"),
    "a mail to the ticket's own address": (
        ANSWER._replace(found_by="plus-address"), "appended", "it was sent to the ticket's own address",
    ),
    "an answer to an earlier mail": (
        ANSWER._replace(found_by="earlier-mail"), "appended", "it answers a mail of the ticket",
    ),
    "a tag in the subject": (TAGGED, "appended", "its subject names the ticket"),
    "an answer when the sender opened many tickets": (
        ANSWER._replace(tickets_this_hour=FULL), "appended", "it answers a mail of this desk",
    ),
    "a follower without an account": (
        STRANGER._replace(found_by="tag", takes_part=True), "appended", "its subject names the ticket",
    ),
    "a tag and a failed check": (TAGGED._replace(verdict="failed"), "quarantined", "the check of its sender failed"),
    "an earlier mail and a failed check": (
        TAGGED._replace(found_by="earlier-mail", verdict="failed"), "quarantined", "the check of its sender failed",
    ),
    "a requester who does not take part, with our token": (
        ANSWER._replace(takes_part=False), "mentioned", "the sender does not take part in the ticket",
    ),
    "a requester who does not take part": (
        TAGGED._replace(takes_part=False),
        "created",
        "the sender does not take part in the ticket that the mail names",
    ),
    "a requester who does not take part and opened many": (
        TAGGED._replace(takes_part=False, tickets_this_hour=FULL),
        "quarantined",
        f"the sender opened {FULL} tickets within an hour",
    ),
    "a stranger who names a ticket": (
        STRANGER._replace(found_by="tag"), "mentioned", "the sender does not take part in the ticket",
    ),
    "a stranger of a client who names a ticket": (
        STRANGER._replace(found_by="tag", client=True), "mentioned", "the sender does not take part in the ticket",
    ),
    "a stranger with our token": (
        STRANGER._replace(found_by="id"), "mentioned", "the sender does not take part in the ticket",
    ),
    "a stranger who names tickets again and again": (
        STRANGER._replace(found_by="tag", tickets_this_hour=FULL),
        "quarantined",
        "a stranger names tickets of the desk again and again",
    ),
    "the last mail of a day": (
        ANSWER._replace(mails_today=MOST_MAILS_A_DAY - 1),
        "appended",
        "it answers a mail of this desk",
    ),
    "one more mail in a day": (
        ANSWER._replace(mails_today=MOST_MAILS_A_DAY),
        "quarantined",
        f"the sender wrote {MOST_MAILS_A_DAY} mails to the ticket within a day",
    ),
    "one more mail of an agent in a day": (
        STAFF_ANSWER._replace(mails_today=MOST_MAILS_A_DAY),
        "quarantined",
        f"the sender wrote {MOST_MAILS_A_DAY} mails to the ticket within a day",
    ),
    "one more mail of a day that is too late": (
        ANSWER._replace(mails_today=MOST_MAILS_A_DAY, closed="decline"),
        "declined",
        "the ticket is closed for good",
    ),
    # A ticket that is closed for good.
    "an answer that is too late": (ANSWER._replace(closed="decline"), "declined", "the ticket is closed for good"),
    "an answer that is too late, with a follow-up": (
        ANSWER._replace(closed="follow-up"), "created", "the ticket is closed for good; the new one is linked to it",
    ),
    "a stranger, too late": (
        STRANGER._replace(found_by="tag", closed="decline"), "mentioned", "the sender does not take part in the ticket",
    ),
    "a tag and a failed check, too late": (
        TAGGED._replace(verdict="failed", closed="decline"), "quarantined", "the check of its sender failed",
    ),
    "a follow-up too many": (
        ANSWER._replace(closed="follow-up", tickets_this_hour=FULL),
        "quarantined",
        f"the sender opened {FULL} tickets within an hour",
    ),
    # Agents reply by mail only where the desk allows it, with our token and a sender that is verified.
    "an agent's reply": (STAFF_ANSWER, "appended", "it answers a mail of this desk"),
    "an agent's reply to the ticket's own address": (
        STAFF_ANSWER._replace(found_by="plus-address"), "appended", "it was sent to the ticket's own address",
    ),
    "an agent's reply where the desk takes none": (
        STAFF_ANSWER._replace(staff_allowed=False), "mentioned", "this desk does not take replies of agents by mail",
    ),
    "an agent's reply without our token": (
        STAFF_ANSWER._replace(found_by="tag"), "mentioned", "an agent's reply by mail has to answer a mail of this desk",
    ),
    "an agent's reply to an earlier mail": (
        STAFF_ANSWER._replace(found_by="earlier-mail"),
        "mentioned",
        "an agent's reply by mail has to answer a mail of this desk",
    ),
    "an agent's reply that is not verified": (
        STAFF_ANSWER._replace(verdict="unknown"),
        "mentioned",
        "it is in the name of an agent, and its sender is not verified",
    ),
    "an agent's reply that failed its check": (
        STAFF_ANSWER._replace(verdict="failed"),
        "quarantined",
        "it is in the name of an agent, and the check of its sender failed",
    ),
    "an agent's reply that failed its check, where the desk takes none": (
        STAFF_ANSWER._replace(verdict="failed", staff_allowed=False, found_by="tag"),
        "quarantined",
        "it is in the name of an agent, and the check of its sender failed",
    ),
    "an agent's reply on a ticket they may not see": (
        STAFF_ANSWER._replace(takes_part=False), "mentioned", "the agent may not see the ticket",
    ),
    "an agent's reply that is too late": (
        STAFF_ANSWER._replace(closed="decline"), "declined", "the ticket is closed for good",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", CASES)
def test_a_case(name):
    facts, outcome, reason = CASES[name]
    assert decide(facts) == (outcome, reason)


def test_every_outcome_occurs():
    assert {outcome for _, outcome, _ in CASES.values()} == set(get_args(Outcome))


def _every():
    """All that can be known, with what decides nothing left out."""
    signs = (PERSON, ROBOT, LOOP, LIST)
    senders = (("ana@acme.example", kind) for kind in ("requester", "staff", "inactive", "unknown"))
    for sign, (sender, person), verdict, found_by, closed in itertools.product(
        signs, [*senders, (None, "unknown")], get_args(Verdict), (None, *get_args(FoundBy)), get_args(Closed)
    ):
        for client, part, staff, unknown, many in itertools.product((False, True), repeat=5):
            yield Facts(
                sign, sender, person, verdict, client, found_by, part and found_by is not None,
                closed if found_by else "no", staff, unknown, FULL if many else 0, MOST_MAILS_A_DAY if many else 0,
            )  # fmt: skip


def test_what_holds_of_every_mail():
    """The rules of trust, over all that can be known of a mail."""
    for facts in _every():
        outcome, reason = decide(facts)
        told = (facts, outcome, reason)
        token = facts.found_by in ("id", "plus-address")
        if facts.sign.is_automatic:
            assert outcome in ("ignored", "recorded", "quarantined"), told
            assert outcome != "recorded" or token or facts.takes_part, told
        if outcome in ("appended", "declined"):
            assert facts.takes_part, told
            assert facts.sender is not None, told
            assert facts.person != "inactive", told
            assert token or facts.verdict != "failed", told
            if facts.person == "staff":
                assert (token, facts.verdict, facts.staff_allowed) == (True, "verified", True), told
        if outcome == "created":
            assert facts.tickets_this_hour < FULL, told
            assert facts.sender is not None, told
            assert facts.person != "unknown" or facts.client or facts.unknown_allowed or facts.takes_part, (
                told
            )
        if outcome == "mentioned":
            assert facts.sender is not None, told
            assert facts.person != "staff" or facts.verdict != "failed", told
        if outcome in ("mentioned", "recorded", "appended", "declined"):
            assert facts.found_by is not None, told


def test_a_reason_reads_well_after_because():
    for facts in _every():
        reason = decide(facts).reason
        assert re.match(r"(?:it|its|the|this|an?|that) ", reason), reason
        assert not reason.endswith("."), reason
