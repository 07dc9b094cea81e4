"""Foreign records played through the domain: what happened there, with its dates, by the desk's own rules."""

from typing import Any

import pytest

from tix.desk.transfer.people import PeopleMap
from tix.desk.transfer.replay import ReplayContext, played
from tix.desk.transfer.translation import Translation
from tix.domain.organisation import Priority
from tix.domain.people import Person, login_for, parse_login
from tix.domain.tickets.policy import TicketPolicy
from tix.domain.tickets.ticket import Ticket, fold
from tix.domain.workflows.shipped import SHIPPED
from tix.importers.record import ImportedAuthor, ImportedChange, ImportedComment, ImportedTicket

UID = "0" * 8 + "-0000-0000-0000-" + "0" * 12
HOUR = 3600
SAM = Person(1, "sam", "Sam", "sam@x.example", None, "agent", True)
LAN = Person(2, "lan", "Lan", "lan@x.example", None, "requester", True)
KNOWN = {person.login: person for person in (SAM, LAN)}
PRIORITIES = (Priority("low", 10), Priority("medium", 20, ("normal",)), Priority("high", 30))


def _cast() -> PeopleMap:
    by_email = {person.email: person for person in KNOWN.values()}
    return PeopleMap(KNOWN.get, by_email.get)


def _stage(workflow: str = "standard") -> ReplayContext:
    table = SHIPPED[workflow]
    rules = TicketPolicy(table, table.window_seconds, table.claims)
    return ReplayContext(rules, PRIORITIES, PRIORITIES[1], "TIX-", "root")


def _story(**given: Any) -> ImportedTicket:
    first: dict[str, Any] = {"key": "k", "about": "github:7", "subject": "S", "body": "B", "created_at": 1000}
    return ImportedTicket(**(first | {"author": ImportedAuthor("lan")} | given))


def _play(workflow: str = "standard", cast: PeopleMap | None = None, **given: Any) -> Ticket:
    ticket, items = played(_story(**given), UID, _stage(workflow), cast or _cast())
    assert fold(0, "TIX-", UID, items) == ticket, "the row is the fold of its timeline"
    in_time = sorted(items, key=lambda item: item.at)
    assert [item.at for item in in_time] == [item.at for item in items], "items are in time order"
    return ticket


def test_an_author_opens_and_the_importer_is_on_record():
    ticket, items = played(_story(), UID, _stage(), _cast())
    assert (ticket.requester, ticket.creator, ticket.created_at) == ("lan", "lan", 1000)
    assert (ticket.status, ticket.about, ticket.source, ticket.priority) == (
        "open",
        "github:7",
        "other",
        "medium",
    )
    assert [(item.kind, item.by, item.via, item.side) for item in items] == [
        ("message", "lan", "root", "requester")
    ]


def test_staff_of_this_desk_reply_and_everybody_else_writes():
    remarks = (
        ImportedComment(2000, ImportedAuthor("sam"), "look"),
        ImportedComment(3000, ImportedAuthor("stranger"), "me too"),
    )
    ticket, items = played(_story(remarks=remarks), UID, _stage(), _cast())
    assert [(item.kind, item.by, item.side) for item in items[1:]] == [
        ("reply", "sam", "staff"),
        ("message", "stranger", "requester"),
    ]
    assert (ticket.entries, ticket.first_response_at, ticket.answered, ticket.last_replier) == (
        3,
        2000,
        0,
        "stranger",
    )


@pytest.mark.parametrize("workflow", SHIPPED)
def test_what_is_over_stays_over_whatever_is_said_after(workflow: str):
    """Words after the end do not reopen, and are kept even where the end is final."""
    remarks = (
        ImportedComment(2000, ImportedAuthor("lan"), "before"),
        ImportedComment(9000, ImportedAuthor("lan"), "after"),
    )
    turns = (ImportedChange(5000, ImportedAuthor("sam"), closed=True),)
    ticket = _play(workflow, remarks=remarks, turns=turns, status="closed")
    assert ticket.phase != "open"
    assert (ticket.entries, ticket.resolved_at, ticket.reopened) == (3, 5000, 0)
    assert ticket.last_activity_at == 9000


@pytest.mark.parametrize("workflow", SHIPPED)
def test_every_turn_is_taken(workflow: str):
    turns = tuple(ImportedChange(1000 * n, None, closed=n % 2 == 0) for n in range(2, 6))
    ticket = _play(workflow, turns=turns, status="open")
    assert (ticket.phase, ticket.reopened) == ("open", 2)


def test_the_words_that_close_come_before_the_closing():
    """At one instant remarks come first."""
    remarks = (ImportedComment(5000, ImportedAuthor("lan"), "bye"),)
    _, items = played(
        _story(remarks=remarks, turns=(ImportedChange(5000, None, closed=True),), status="closed"),
        UID,
        _stage(),
        _cast(),
    )
    assert [item.kind for item in items] == ["message", "message", "event"]


def test_who_closed_is_nobody_where_the_source_does_not_say():
    ticket = _play(turns=(ImportedChange(5000, None, closed=True),), status="closed")
    assert (ticket.closed_at, ticket.closed_by) == (5000, None)


@pytest.mark.parametrize(
    ("requester", "by", "side"),
    [
        ("lan", "sam", "staff"),
        ("lan", "lan", "requester"),
        ("lan", "kim", "requester"),
        ("sam", "sam", "requester"),
    ],
)
def test_staff_of_this_desk_close_as_staff_but_not_their_own(requester: str, by: str, side: str):
    """As they reply: a ticket of one's own is closed as its requester, and who is no staff here was none there."""
    author = ImportedAuthor(requester)
    _, items = played(
        _story(
            author=author,
            remarks=(ImportedComment(1500, ImportedAuthor(by), "words"),),
            turns=(ImportedChange(2000, ImportedAuthor(by), closed=True),),
        ),
        UID,
        _stage(),
        _cast(),
    )
    assert [(item.by, item.side) for item in items[1:]] == [(by, side)] * 2


@pytest.mark.parametrize(
    ("word", "ours"), [("low", "some day"), ("high", "at once"), ("urgent", "at once"), ("medium", "soon")]
)
def test_a_desk_with_other_priorities_has_a_lowest_and_a_highest(word: str, ours: str):
    known = (Priority("some day", 1), Priority("soon", 2), Priority("now", 3), Priority("at once", 4))
    assert Translation().priority(word, known, known[1]).name == ours


def test_a_resolved_one_lapses_before_what_is_said_later():
    """Time passes in a story as it does on a desk: settled before each step."""
    remarks = (ImportedComment(5000 + 100 * HOUR, ImportedAuthor("lan"), "late"),)
    ticket = _play(
        turns=(ImportedChange(5000, ImportedAuthor("sam"), closed=True),), status="resolved", remarks=remarks
    )
    assert (ticket.status, ticket.closed_at) == ("closed", 5000 + 72 * HOUR)


@pytest.mark.parametrize(
    ("workflow", "status"), [("standard", "on-hold"), ("dphish", "open"), ("itflow", "hold")]
)
def test_a_status_is_the_desk_s_own_or_its_first(workflow: str, status: str):
    assert _play(workflow, status="on-hold", updated_at=4000).status == status


def test_a_holder_who_is_staff_here_holds_it_and_another_is_remembered():
    assert _play(assignee=ImportedAuthor("sam")).assignee == "sam"
    cast = _cast()
    ticket = _play(assignee=ImportedAuthor("octocat"), cast=cast)
    assert (ticket.assignee, ticket.notes) == (None, 1)
    assert "octocat" not in cast.newcomers, "nobody is made for a note"


def test_a_due_date_that_had_passed_is_overdue_from_the_start():
    ticket = _play(due_at=500)
    assert (ticket.due_at, ticket.due_by_hand, ticket.overdue_at) == (500, 1, 1000)


def test_nothing_is_before_the_opening():
    ticket = _play(
        remarks=(ImportedComment(10, ImportedAuthor("lan"), "early"),),
        turns=(ImportedChange(20, None, closed=True),),
        status="closed",
    )
    assert (ticket.last_activity_at, ticket.closed_at) == (1000, 1000)


def test_tags_are_single_words():
    assert _play(tags=("Good first issue", "a,b", "VPN", "\u200b")).tag_list() == [
        "a-b",
        "good-first-issue",
        "vpn",
    ]


@pytest.mark.parametrize(
    ("word", "login"),
    [
        ("Octo Cat", "octo-cat"),
        ("dependabot[bot]", "dependabot-bot-"),
        ("tix-12", "tix-12-"),
        ("all", "all-"),
        ("Me", "me-"),
        ("O'Neil@X.example", "o-neil@x.example"),
    ],
)
def test_a_login_of_the_source_is_one_of_ours(word: str, login: str):
    assert login_for(word) == login


@pytest.mark.parametrize("word", ["李", "12", "王", "---", "x" * 500, "\u202e", "12-18", "!"])
def test_every_login_can_be_told_from_a_ticket(word: str):
    assert parse_login(login_for(word)) == login_for(word)


def test_names_of_which_nothing_is_left_stay_two_people():
    assert login_for("李") != login_for("王")


def test_the_same_login_is_the_same_person_and_addresses_are_nobody_else_s():
    cast = _cast()
    first = cast.member(ImportedAuthor("Octocat", None, "octo@x.example"))
    assert cast.member(ImportedAuthor("octocat")).login == first.login == "octocat"
    assert cast.member(ImportedAuthor(None, "O", "octo@x.example")).login == "octocat"
    assert cast.member(ImportedAuthor(None, None, "sam@x.example")).login == "sam"
    assert cast.member(ImportedAuthor("other", None, "sam@x.example")).login == "sam"
    assert cast.member(ImportedAuthor("other", None, "octo@x.example")).email is None


def test_who_is_not_named_is_ghost():
    assert _cast().member(None).login == "ghost"
    assert _play(author=None).requester == "ghost"
