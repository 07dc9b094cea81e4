"""Ids, plus-addresses and tags: what we send is read again, and nothing else is."""

import base64
import hashlib
import hmac
import itertools

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from tix.domain.mail.message_id import (
    LONGEST_ID,
    Signed,
    make,
    parse_domain,
    plus_address,
    read,
    read_plus,
    reply_subject,
    tag,
    tagged,
    thread_id,
)
from tix.domain.tickets.references import HIGHEST_NUMBER
from tix.errors import InvalidValue

SECRET = b"k" * 32
RANDOM = bytes(range(5))
DOMAIN = "desk.example"


# ------------------------------------------------------------------------------------------- message ids


@given(
    st.from_regex("[a-z]{1,8}", fullmatch=True),
    st.integers(0, HIGHEST_NUMBER),
    st.integers(0, HIGHEST_NUMBER),
    st.binary(min_size=5, max_size=5),
    st.sampled_from(["x.example", "desk.example", "a" * 25, "support.long-name.example"]),
)
def test_an_id_is_read_again(kind, ticket, entry, random, domain):
    # "<tix.", four dots, "@" and ">", eight letters of random, sixteen of signature
    if len(f"{kind}{ticket}{entry}{domain}") > LONGEST_ID - 35:
        with pytest.raises(InvalidValue, match="the limit is 76"):
            make(SECRET, kind, ticket, entry, random, domain)
        return
    made = make(SECRET, kind, ticket, entry, random, domain)
    assert len(made) <= LONGEST_ID
    assert made == made.lower()
    for one in (made, made.upper(), made[1:-1], f" {made}\n"):
        assert read(SECRET, one) == Signed(kind, ticket, entry)
    assert read(b"l" * 32, made) is None


def test_an_ordinary_id_has_room_for_the_longest_domain():
    """Trap 1: longer ids come out as encoded words, and Outlook drops the header."""
    made = make(SECRET, "r", 9_999_999, 99_999_999, RANDOM, "support.my-company.exampl")
    assert len(made) == LONGEST_ID


def test_the_form_of_an_id():
    body = "tix.r.12345.987654.aaaqeaye"
    code = base64.b32encode(hmac.new(SECRET, body.encode(), hashlib.sha256).digest()[:10]).decode().lower()
    assert make(SECRET, "r", 12345, 987654, RANDOM, "Desk.Example") == f"<{body}.{code}@desk.example>"


def test_another_domain_is_still_ours():
    """The desk's domain may have changed since."""
    made = make(SECRET, "r", 12, 34, RANDOM, DOMAIN)
    assert read(SECRET, made.replace(DOMAIN, "elsewhere.invalid")) == Signed("r", 12, 34)


@given(st.data())
def test_a_changed_id_is_not_ours(data):
    made = make(SECRET, "r", 12, 34, RANDOM, DOMAIN)
    at = data.draw(st.integers(1, made.index("@") - 1))
    changed = made[:at] + data.draw(st.characters()) + made[at + 1 :]
    assume(changed.lower() != made)
    assert read(SECRET, changed) is None


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "<>",
        "nil",
        "@",
        "<tix.r.12.34.aaaqeayq.@desk.example>",
        "<tix.r.-1.34.aaaqeayq.aaaaaaaaaaaaaaaa@desk.example>",
        "<tix.r.12.34.aaaqeayq.aaaaaaaaaaaaaaaa@desk.example>",
        f"<tix.r.{'9' * 5000}.34.aaaqeayq.aaaaaaaaaaaaaaaa@desk.example>",
        "<[id]@microsoft.com>",
        "<tix.r.１２.34.aaaqeayq.aaaaaaaaaaaaaaaa@desk.example>",
        "\u212a" * 40,
        "\0" * 100_000,
    ],
)
def test_any_other_id_names_nothing(text):
    """Traps 34 and 52: an empty id matches nothing, an odd one raises nothing."""
    assert read(SECRET, text) is None


def test_no_letter_outside_ascii_becomes_one_of_ours():
    """The Kelvin sign is a ``k`` in lower case."""
    made = make(SECRET, "k", 12, 34, RANDOM, DOMAIN)
    assert read(SECRET, made.replace(".k.", ".\u212a.")) is None


@pytest.mark.parametrize("secret", [b"", b"short"])
def test_a_secret_that_signs_nothing_is_refused(secret):
    for ask in (
        lambda: make(secret, "r", 1, 2, RANDOM, DOMAIN),
        lambda: read(secret, make(SECRET, "r", 1, 2, RANDOM, DOMAIN)),
        lambda: plus_address(secret, "a@x.example", 1),
    ):
        with pytest.raises(ValueError, match="at least 16 bytes"):
            ask()


@pytest.mark.parametrize("kind", ["", "R", "reply-to", "a.b", "é", "ninechars"])
def test_a_kind_is_letters(kind):
    with pytest.raises(ValueError, match="kind"):
        make(SECRET, kind, 1, 2, RANDOM, DOMAIN)


@pytest.mark.parametrize(("ticket", "entry", "random"), [(-1, 1, RANDOM), (1, -1, RANDOM), (1, 1, b"four")])
def test_numbers_and_random_bytes_are_in_range(ticket, entry, random):
    with pytest.raises(ValueError, match=r"random bytes|out of range"):
        make(SECRET, "r", ticket, entry, random, DOMAIN)


def test_the_thread_has_one_id():
    first, again, other = (thread_id(SECRET, ticket, DOMAIN) for ticket in (12, 12, 13))
    assert first == again != other
    assert read(SECRET, first) == Signed("t", 12, 0)


def threads(mails):
    """The parent of each id, as step 1 of threading by RFC 5256, 3, finds it from (id, references)."""
    parent = {}

    def is_below(one, other):
        while one is not None and one != other:
            one = parent.get(one)
        return one is not None

    for id, references in mails:
        for older, newer in itertools.pairwise(references):
            if newer not in parent and not is_below(older, newer):
                parent[newer] = older
        parent.pop(id, None)
        if references and not is_below(references[-1], id):
            parent[id] = references[-1]
    return parent


def test_a_thread_keeps_its_shape_by_the_id_of_the_thread():
    """Trap 30: an answer to a mail whose id a relay replaced still names a signed id, and programs thread it well.

    The mail's own id in front would be enough for the first, but makes the question an answer to it.
    """

    def conversation(first):
        return threads(
            [
                ("question", []),
                ("reply-1", [first("reply-1"), "question"]),
                ("answer-2", [first("reply-1"), "question", "reply-1"]),
                ("reply-3", [first("reply-3"), "question", "reply-1", "answer-2"]),
            ]
        )

    right = {"question": "thread", "reply-1": "question", "answer-2": "reply-1", "reply-3": "answer-2"}
    assert conversation(lambda id: "thread") == right
    assert conversation(lambda id: id)["question"] == "reply-1"


@pytest.mark.parametrize(
    "text", ["", " ", "a..b", "-a.example", "a-.example", "a_b.example", "ü.example", "a@b", "a b.example", "[::1]",
             "a.example>", "x\r\ny", f"{'a' * 64}", "."],
)  # fmt: skip
def test_a_domain_that_is_none_is_refused(text):
    with pytest.raises(InvalidValue, match=r"is not a domain|the limit is 25"):
        parse_domain(text)


def test_a_long_domain_is_refused_with_the_limit():
    with pytest.raises(InvalidValue, match="has 26 characters; in Message-IDs the limit is 25"):
        make(SECRET, "r", 1, 2, RANDOM, "a" * 18 + ".example")


# ---------------------------------------------------------------------------------------- plus-addresses


@given(
    st.from_regex(r"[a-z0-9_]{1,20}(\.[a-z0-9_]{1,10})?(\+[a-z]{1,5})?", fullmatch=True),
    st.integers(1, HIGHEST_NUMBER),
)
def test_a_plus_address_is_read_again(local, ticket):
    ours = f"{local}@desk.example"
    made = plus_address(SECRET, ours, ticket)
    assert made.endswith("@desk.example")
    for one in (made, made.upper(), made.title()):
        assert read_plus(SECRET, one, ["other@desk.example", ours.upper()]) == ticket
    assert read_plus(SECRET, made, ["other@desk.example"]) is None
    assert read_plus(SECRET, made, []) is None
    assert read_plus(b"l" * 32, made, [ours]) is None


@pytest.mark.parametrize(
    "address",
    ["", "desk@x.example", "desk+12@x.example", "desk+12-@x.example", "desk+12-aaaaaaaa@x.example",
     "desk+012-aaaaaaaa@x.example", "desk+12-ａaaaaaaa@x.example", "+@", "desk+" + "9" * 9_999 + "-a@x.example"],
)  # fmt: skip
def test_any_other_address_names_no_ticket(address):
    assert read_plus(SECRET, address, ["desk@x.example"]) is None


def test_the_token_belongs_to_the_ticket():
    made = plus_address(SECRET, "desk@x.example", 12)
    assert read_plus(SECRET, made.replace("+12-", "+13-"), ["desk@x.example"]) is None


@pytest.mark.parametrize(
    "address",
    ["", "desk", "@x.example", "a b@x.example", '"a b"@x.example', "jörg@x.example", "a@b@x.example", "a@-x.example",
     "a@x.example\r\nX: y", "a" * 60 + "@x.example", "a@" + "b." * 130 + "example"],
)  # fmt: skip
def test_an_address_without_room_is_refused(address):
    with pytest.raises(InvalidValue, match="cannot carry a ticket"):
        plus_address(SECRET, address, 12)


# ------------------------------------------------------------------------------------------ subject tags


@pytest.mark.parametrize(
    ("subject", "number"),
    [
        ("[TIX-12] Printer", 12),
        ("Re: [TIX-12] Printer", 12),
        ("AW: Printer [tix-12]", 12),
        ("[EXTERNAL] [INC0042] RE: [TIX-12]", 12),
        ("[INC0042: TIX-12] Printer", 12),
        ("[Jira [TIX-12]] Printer", 12),
        ("[#TIX-12] Printer", 12),
        ("[HELP-7] Printer", 7),
        ("Re: [TIX-12] Fwd: [TIX-7] Printer", 12),
        ("[OTHER-5] Re: [TIX-12]", 12),
        ("[TIX-99999999999999999] [TIX-12]", 12),
        ("] [TIX-12]", 12),
        ("[TIX-9007199254740992]", HIGHEST_NUMBER),
        ("[TIX-9007199254740993]", None),
        ("TIX-12 Printer", None),
        ("As in TIX-12 [solved]", None),
        ("[TIX-12", None),
        ("[XTIX-12] [X-TIX-12] [TIX-12b] [TIX-12-3] [TIX-]", None),
        ("[TIX-012] [TIX-0] [TIX--1] [TIX-１２]", None),
        ("[OTHER-12]", None),
        ("", None),
    ],
)
def test_a_tag_in_brackets_is_found(subject, number):
    """Trap 17: other desks drop every reference; the tag is left, also inside brackets of theirs."""
    assert tagged(subject, ["TIX-", "HELP-"]) == number


def test_the_tag_of_a_reference_is_read_again():
    assert tag("TIX-12") == "[TIX-12]"
    assert tagged(tag("TIX-12"), {"TIX-"}) == 12
    assert tagged(tag("TIX-12"), ()) is None


@pytest.mark.parametrize(
    "subject",
    [
        "Printer",
        "Re: Printer",
        "RE: AW: SV: Printer",
        "Antw: Re[2]: Printer",
        "RE : Printer",
        "Re:Re:AW:Printer",
        "Re: [TIX-12] Printer",
        "AW: [tix-12] Re: [TIX-12] Printer",
        "[TIX-12] Re: Printer",
        "Printer [TIX-12]",
        "Odp.: Printer",
        "回复：Printer",
        "R: RIF: Printer",
        "Re(3): Re^2: Re*4: re5: Printer",
        "  Re:\tPrinter ",
    ],
)
def test_a_reply_has_one_mark_and_one_tag(subject):
    assert reply_subject(subject, "TIX-12") == "Re: [TIX-12] Printer"


@pytest.mark.parametrize(
    ("subject", "reply"),
    [
        ("", "Re: [TIX-12]"),
        ("Re:", "Re: [TIX-12]"),
        ("Fwd: Printer", "Re: [TIX-12] Fwd: Printer"),
        ("WG: AW: Printer", "Re: [TIX-12] WG: AW: Printer"),
        ("Fwd: [TIX-7] Printer", "Re: [TIX-12] Fwd: [TIX-7] Printer"),
        ("Report: Printer", "Re: [TIX-12] Report: Printer"),
        ("Reset: Printer", "Re: [TIX-12] Reset: Printer"),
        ("[TIX-123] Printer", "Re: [TIX-12] [TIX-123] Printer"),
        ("Re [2]", "Re: [TIX-12] Re [2]"),
    ],
)
def test_what_is_no_mark_of_a_reply_stays(subject, reply):
    assert reply_subject(subject, "TIX-12") == reply


@given(st.text(max_size=80))
def test_a_reply_to_a_reply_is_the_same(subject):
    once = reply_subject(subject, "TIX-12")
    assert reply_subject(once, "TIX-12") == once
    assert tagged(once, ["TIX-"]) == 12
