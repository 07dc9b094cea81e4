"""Links between tickets: each relation read from both sides, no circle, nothing done twice."""

import pytest

from tests.factories import author, ticket
from tix.domain.tickets import links as ticket_links
from tix.domain.tickets.ticket import play
from tix.errors import InvalidValue, Refused

BOTH_WAYS = [
    ("blocks", "blocked-by"),
    ("parent", "child"),
    ("duplicates", "duplicated-by"),
    ("relates", "relates"),
]


def among(**links):
    """Who is linked to whom: ``TIX_1=[("blocks", "TIX-2")]``; the other side is added."""
    known = {}
    for name, found in links.items():
        ref = name.replace("_", "-")
        for relation, other in found:
            known.setdefault(ref, []).append((relation, other))
            known.setdefault(other, []).append((ticket_links.INVERSE[relation], ref))
    return lambda ref: known.get(ref, [])


@pytest.mark.parametrize(("one", "other"), BOTH_WAYS)
def test_each_relation_has_its_inverse(one, other):
    assert ticket_links.INVERSE[one] == other
    assert ticket_links.INVERSE[other] == one


def test_there_are_no_other_relations():
    assert (
        set(ticket_links.INVERSE) == {name for pair in BOTH_WAYS for name in pair} == set(ticket_links.WORDS)
    )


@pytest.mark.parametrize("text", ["blocks", " Blocks ", "BLOCKS"])
def test_a_relation_is_read_in_any_case(text):
    assert ticket_links.parse_relation(text) == "blocks"


@pytest.mark.parametrize("text", ["", "block", "blocks it"])
def test_an_unknown_relation_names_those_there_are(text):
    with pytest.raises(InvalidValue) as refused:
        ticket_links.parse_relation(text)
    assert all(name in refused.value.hint for name in ticket_links.INVERSE)


def test_nothing_is_linked_to_itself():
    for relation in ticket_links.INVERSE:
        with pytest.raises(Refused, match="to itself"):
            ticket_links.refuse_circle(ticket(number=1), relation, ticket(number=1), among())


# Of a chain: 1 blocks 2, 2 blocks 3.
CHAIN = among(TIX_1=[("blocks", "TIX-2")], TIX_2=[("blocks", "TIX-3")])


@pytest.mark.parametrize(
    ("one", "relation", "other"),
    [(3, "blocks", 1), (1, "blocked-by", 3), (2, "blocks", 1), (1, "blocked-by", 2)],
)
def test_a_circle_is_refused(one, relation, other):
    """Also by way of others, from whichever side it is typed."""
    with pytest.raises(Refused, match="circle"):
        ticket_links.refuse_circle(ticket(number=one), relation, ticket(number=other), CHAIN)


@pytest.mark.parametrize(
    ("one", "relation", "other"),
    [
        (1, "blocks", 3),  # the same way round once more
        (3, "blocked-by", 1),
        (3, "blocks", 4),
        (3, "parent", 1),  # another relation
        (3, "duplicates", 1),
        (3, "relates", 1),
        (1, "relates", 2),
    ],
)
def test_what_is_no_circle_is_let_through(one, relation, other):
    ticket_links.refuse_circle(ticket(number=one), relation, ticket(number=other), CHAIN)


def test_two_that_relate_to_each_other_are_no_circle():
    """Relating has no direction."""
    related = among(TIX_1=[("relates", "TIX-2")], TIX_2=[("relates", "TIX-3")])
    ticket_links.refuse_circle(ticket(number=3), "relates", ticket(number=1), related)
    ticket_links.refuse_circle(ticket(number=2), "relates", ticket(number=1), related)


def test_a_circle_that_is_there_ends_the_search():
    """From before circles were refused: each ticket is looked at once."""
    asked = []

    def linked(ref):
        asked.append(ref)
        assert len(asked) < 10
        return {"TIX-2": [("blocks", "TIX-3")], "TIX-3": [("blocks", "TIX-2")]}[ref]

    ticket_links.refuse_circle(ticket(number=1), "blocks", ticket(number=2), linked)
    assert asked == ["TIX-2", "TIX-3"]


def test_a_link_is_one_internal_event():
    (made,) = ticket_links.link(ticket(), "blocks", "TIX-2", author())
    assert (made.type, made.field, made.old, made.new, made.internal) == (
        "linked",
        "blocks",
        None,
        "TIX-2",
        True,
    )
    assert play(ticket(), [made]).link_list() == [("blocks", "TIX-2")]


def test_links_add_up_and_are_made_once():
    held = ticket(links='[["blocks","TIX-2"]]')
    assert ticket_links.link(held, "blocks", "TIX-2", author()) == []
    for relation, other in (("parent", "TIX-2"), ("blocks", "TIX-3")):
        more = play(held, ticket_links.link(held, relation, other, author()))
        assert more.link_list() == [("blocks", "TIX-2"), (relation, other)]


def test_a_link_is_taken_away():
    held = ticket(links='[["blocks","TIX-2"],["blocks","TIX-3"],["parent","TIX-2"]]')
    (gone,) = ticket_links.unlink(held, "blocks", "TIX-2", author())
    assert (gone.type, gone.field, gone.old, gone.new) == ("unlinked", "blocks", "TIX-2", None)
    assert play(held, [gone]).link_list() == [("blocks", "TIX-3"), ("parent", "TIX-2")]
    assert ticket_links.unlink(held, "parent", "TIX-3", author()) == []
    assert ticket_links.unlink(ticket(), "blocks", "TIX-2", author()) == []


def test_what_blocks_a_ticket():
    held = ticket(links='[["blocks","TIX-2"],["blocked-by","TIX-3"],["blocked-by","TIX-5"]]')
    assert ticket_links.blockers(held) == ["TIX-3", "TIX-5"]
    assert ticket_links.blockers(ticket()) == []
