"""How tix marks its mail, so that an answer finds its ticket: signed Message-IDs, plus-addresses, subject tags.

An id is ``<tix.KIND.TICKET.ENTRY.RANDOM.SIGNATURE@DOMAIN>``: 40 random bits and 80 bits of HMAC-SHA256 in lower-case
base32, which survives programs that change the case of ids. It has at most 76 characters: Python and other programs
write longer ids in References as encoded words, and Outlook then drops the header (python/cpython#100991). The
domain is not signed, so ids stay valid when a desk gets another one.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from itertools import islice

from tix.domain.tickets.references import HIGHEST_NUMBER
from tix.errors import InvalidValue
from tix.typing import NamedTuple

LONGEST_ID = 76
LONGEST_DOMAIN = 25
RANDOM_BYTES = 5
EXPORTED = "x"  # the kind of the ids of exported entries
SHORTEST_SECRET = 16  # bytes

_LONGEST_READ = 200  # characters; the domain of an id may have been longer once
_LONGEST_LOCAL_PART = 64  # RFC 5321, 4.5.3.1.1
_LONGEST_ADDRESS = 254  # RFC 5321, 4.5.3.1.3, without the angle brackets


class Signed(NamedTuple):
    """What a valid id of ours names. ``entry`` is 0 in the id of a ticket's whole thread."""

    kind: str
    ticket: int
    entry: int


# ------------------------------------------------------------------------------------------- message ids

_OURS = r"<?(tix\.([a-z]{1,8})\.([0-9]{1,16})\.([0-9]{1,16})\.[a-z2-7]{8})\.([a-z2-7]{16})@[^<>@\s]{1,120}>?"


def make(secret: bytes, kind: str, ticket: int, entry: int, random: bytes, domain: str) -> str:
    """Return a signed id, with its angle brackets, in lower case.

    ``kind`` is one to eight letters a–z (one leaves most room), ``random`` five random bytes. Raises InvalidValue if
    the domain is not valid or longer than 25 characters, or the whole id would be longer than 76; ValueError for
    another kind, a negative number, other than five random bytes or a secret under 16 bytes.
    """
    if not re.fullmatch(r"[a-z]{1,8}", kind):
        raise ValueError("the kind of an id is one to eight letters a-z")
    if not (0 <= ticket <= HIGHEST_NUMBER and 0 <= entry <= HIGHEST_NUMBER):
        raise ValueError("a number of an id is out of range")
    if len(random) != RANDOM_BYTES:
        raise ValueError(f"an id has {RANDOM_BYTES} random bytes")
    body = f"tix.{kind}.{ticket}.{entry}.{_base32(random)}"
    made = f"<{body}.{_signature(secret, body, 10)}@{parse_domain(domain)}>"
    if len(made) > LONGEST_ID:
        raise InvalidValue(
            f"the Message-ID of ticket {ticket} would have {len(made)} characters; the limit is {LONGEST_ID}",
            hint="use a shorter mail.message_id_domain",
        )
    return made


def thread_id(secret: bytes, ticket: int, domain: str) -> str:
    """Return the id of a ticket's whole thread, always the same: the first of References in all mail of the ticket.

    No mail has it as its Message-ID. A relay that replaces Message-ID (Amazon SES, Outlook.com) leaves References
    alone, so an answer still carries a signed id. The id of the mail itself would do that too, but threading by
    RFC 5256 would then hang the whole thread below the newest mail. Raises as ``make``.
    """
    return make(secret, "t", ticket, 0, bytes(RANDOM_BYTES), domain)


def read(secret: bytes, id: str) -> Signed | None:
    """Return what an id of ours names, with or without angle brackets, in any case of letters; None for any other text.

    The signature is compared in constant time. Raises ValueError for a secret under 16 bytes.
    """
    if len(id) > _LONGEST_READ or not id.isascii():
        return None
    match = re.fullmatch(_OURS, id.strip().lower())
    if match is None or not _same(match[5], _signature(secret, match[1], 10)):
        return None
    return Signed(match[2], int(match[3]), int(match[4]))


def found_in(raw: bytes) -> tuple[str, ...]:
    """Return what looks like an id of ours in the bytes of a mail, each once: a delivery report returns the mail.

    At most twenty, from the first megabyte; ``read`` says which are signed.
    """
    text = raw[:1_000_000].decode("ascii", "replace")
    return tuple(dict.fromkeys(match[0] for match in islice(re.finditer(_OURS, text), 20)))


def parse_domain(text: str) -> str:
    """Return the domain of our ids in lower case. Raises InvalidValue if it is not valid or over 25 characters."""
    domain = text.strip().lower()
    if not domain or not all(_is_label(label) for label in domain.split(".")):
        raise InvalidValue(
            f"'{text}' is not a domain for Message-IDs",
            hint="use letters, digits, dashes and dots, e.g. desk.example; other alphabets in their xn-- form",
        )
    if len(domain) > LONGEST_DOMAIN:
        raise InvalidValue(
            f"the domain '{domain}' has {len(domain)} characters; in Message-IDs the limit is {LONGEST_DOMAIN}",
            hint="use a shorter domain that belongs to you; it need not receive mail",
        )
    return domain


def _is_label(label: str) -> bool:
    """Whether it is a label of RFC 1123, 2.1: letters, digits and inner dashes."""
    return (
        label.isascii()
        and 0 < len(label) <= 63
        and label.replace("-", "a").isalnum()
        and not label.startswith("-")
        and not label.endswith("-")
    )


def _signature(secret: bytes, text: str, size: int) -> str:
    """The first ``size`` bytes of the signature of ``text``."""
    import hmac

    if len(secret) < SHORTEST_SECRET:
        raise ValueError(f"the secret of a desk has at least {SHORTEST_SECRET} bytes")
    return _base32(hmac.digest(secret, text.encode(), "sha256")[:size])


def _base32(data: bytes) -> str:
    from base64 import b32encode

    return b32encode(data).decode().lower()


def _same(one: str, other: str) -> bool:
    from hmac import compare_digest

    return compare_digest(one, other)


# ---------------------------------------------------------------------------------------- plus-addresses

_LOCAL = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*"


def plus_address(secret: bytes, address: str, ticket: int) -> str:
    """Return ``support+12-k3v9q2ab@desk.example`` for ``support@desk.example`` and ticket 12.

    The token has 40 bits: every guess costs a mail. Raises InvalidValue if the address cannot carry it: it is not a
    plain address, or would be too long; ValueError for a secret under 16 bytes.
    """
    local, at, domain = address.strip().rpartition("@")
    plain = bool(at) and len(local) <= _LONGEST_LOCAL_PART and re.fullmatch(_LOCAL, local) is not None
    made = f"{local}+{ticket}-{_plus_token(secret, ticket)}@{domain}"
    if not plain or not all(_is_label(label) for label in domain.split(".")):
        raise InvalidValue(f"'{address}' cannot carry a ticket after a plus sign: it is not a plain address")
    if len(made.rpartition("@")[0]) > _LONGEST_LOCAL_PART or len(made) > _LONGEST_ADDRESS:
        raise InvalidValue(f"'{address}' cannot carry a ticket after a plus sign: it would be too long")
    return made


def read_plus(secret: bytes, address: str, ours: Collection[str]) -> int | None:
    """Return the ticket in a plus-address of one of ``ours`` (addresses of the desk), in any case; None for any other.

    Raises ValueError for a secret under 16 bytes.
    """
    if len(address) > _LONGEST_ADDRESS + 2 or not address.isascii():
        return None
    local, _, domain = address.strip().lower().rpartition("@")
    base, _, mark = local.rpartition("+")
    match = re.fullmatch(r"([1-9][0-9]{0,15})-([a-z2-7]{8})", mark)
    if match is None or not _same(match[2], _plus_token(secret, int(match[1]))):
        return None
    known = {one.strip().lower() for one in ours}
    return int(match[1]) if f"{base}@{domain}" in known else None


def _plus_token(secret: bytes, ticket: int) -> str:
    return _signature(secret, f"plus.{ticket}", 5)


# ------------------------------------------------------------------------------------------ subject tags


def tag(ref: str) -> str:
    """Return the tag of a ticket in subjects: ``[TIX-12]``."""
    return f"[{ref}]"


def tagged(subject: str, prefixes: Collection[str]) -> int | None:
    """Return the ticket number of the first tag in ``subject`` with one of ``prefixes`` (``TIX-``), in any case.

    A tag is a reference inside square brackets, also inside those of other desks: ``[INC0042: TIX-12]``. Without
    brackets it is a mention ("as in TIX-12") and does not count. The first tag wins, because ``reply_subject`` puts
    ours in front; a later one stands in a subject that was forwarded to become a new ticket.
    """
    known = {prefix.lower() for prefix in prefixes}
    last = subject.rfind("]")  # a bracket that stays open may have been cut, and the number with it
    depth = 0
    for match in re.compile(_BRACKET_OR_REFERENCE).finditer(subject, 0, last + 1):
        if match[1]:
            depth = depth + 1 if match[1] == "[" else max(depth - 1, 0)
        elif depth and match[2].lower() in known and (number := _number(match[3])) is not None:
            return number
    return None


_BRACKET_OR_REFERENCE = r"([\[\]])|(?<![\w-])([A-Za-z][A-Za-z0-9]{0,9}-)([0-9]{1,16})(?![\w-])"


def _number(digits: str) -> int | None:
    """The number of a ticket as we write it: no zero in front, not above the highest."""
    if digits.startswith("0") or int(digits) > HIGHEST_NUMBER:
        return None
    return int(digits)


def tags(subject: str) -> tuple[tuple[str, int], ...]:
    """Return the references in the tags of a subject, prefix in capitals and number, in their order.

    A tag is told from one of another desk only by asking whether a ticket of that number has that prefix.
    """
    last = subject.rfind("]")
    found, depth = [], 0
    for match in re.finditer(_BRACKET_OR_REFERENCE, subject[: last + 1]):
        if match[1]:
            depth = depth + 1 if match[1] == "[" else max(depth - 1, 0)
        elif depth and (number := _number(match[3])) is not None:
            found.append((match[2].upper(), number))
    return tuple(dict.fromkeys(found))


def bare_subject(subject: str) -> str:
    """Return a subject without tags and without marks of replies and forwards in front, to compare two of them."""
    words = " ".join(re.sub(_TAG, " ", subject).split())
    mark = re.compile(f"{_REPLY_MARK}|{_FORWARD_MARK}")
    start = 0
    while found := mark.match(words, start):
        start = found.end()
    return words[start:]


_TAG = r"\[[A-Za-z][A-Za-z0-9]{0,9}-[0-9]{1,16}\]"
_FORWARD_MARK = r"(?i:fwd?|wg|tr|rv|i|enc) ?[:：] ?"


def reply_subject(subject: str, ref: str) -> str:
    """Return the subject of an answer: ``Re: [TIX-12] Printer``, whatever replies are marked with in other languages.

    Marks of replies in front (``AW:``, ``SV:``, ``RE[2]:``) and every tag of this ticket are removed first; marks of
    forwarding stay, they are part of what was written.
    """
    mark = tag(ref)
    bare = " ".join(re.sub(re.escape(mark), " ", subject, flags=re.IGNORECASE).split())
    mark_of_reply = re.compile(_REPLY_MARK)
    start = 0
    while found := mark_of_reply.match(bare, start):
        start = found.end()
    return f"Re: {mark} {bare[start:]}".rstrip()


# What programs put before the subject of a reply: English and Latin; Danish, Norwegian, Swedish and Icelandic; German;
# Dutch; Finnish and Estonian; Polish, Czech and Slovak; Croatian and Slovene; Hungarian; Italian; Portuguese; Romanian;
# Turkish; Latvian and Welsh; Lithuanian; Indonesian; Vietnamese; Greek; Russian; Ukrainian; Bulgarian; Serbian; Hebrew;
# Arabic; Thai; Chinese; Japanese; Korean.
_MARKS = (
    "re sv svar aw antw antwort vs odp odpowiedź odpověď odg vá r rif res resp răsp ynt cevap atb ats bls tl απ σχετ "
    "на отв ответ відп відповідь отг одг תגובה השב رد ตอบ ตอบกลับ 回复 回覆 答复 返信 답장 회신"
).split()
_WORDS = "|".join(re.escape(word) for word in sorted(_MARKS, key=len, reverse=True))
# "RE:", "RE[2]:", "Re(3):", "Re^2:", "Antw.:", "RE :" of the French, a full-width colon.
_REPLY_MARK = rf"(?i:{_WORDS})\.?(?:\[[0-9]{{1,4}}\]|\([0-9]{{1,4}}\)|[\^*]?[0-9]{{1,4}})? ?[:：] ?"
