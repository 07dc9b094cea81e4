"""People, their roles, and who is acting."""

import re
from collections.abc import Callable
from typing import Literal, NamedTuple

from tix.domain.names import is_none
from tix.domain.texts import is_blank
from tix.errors import InvalidValue

Role = Literal["admin", "agent", "requester"]
ROLES: tuple[Role, ...] = ("admin", "agent", "requester")

Side = Literal["requester", "staff", "system"]

# Words that mean something where a login may stand.
RESERVED_LOGINS = frozenset({"me", "none", "all", "auto", "system"})


# What somebody is to their client; the first two see all of the client's tickets.
CONTACTS = ("primary", "technical", "billing")
_SEEING = frozenset({"primary", "technical"})


class Person(NamedTuple):
    """Somebody the desk knows. ``id`` is the store's; ``login`` is lower case and unique.

    ``manager`` is the login of who sees a requester's tickets, ``manages`` whether this person is somebody's.
    ``departments`` are those whose tickets an agent sees, None for all. Until ``away_until`` they take no
    tickets. ``merged_into`` is the login of who they turned out to be.
    """

    id: int
    login: str
    name: str
    email: str | None
    phone: str | None
    role: Role
    active: bool
    client: str | None = None
    manager: str | None = None
    contact: tuple[str, ...] = ()
    departments: tuple[str, ...] | None = None
    teams: tuple[str, ...] = ()
    away_until: int | None = None
    merged_into: str | None = None
    manages: bool = False

    @property
    def is_staff(self) -> bool:
        return self.role != "requester"

    @property
    def client_seen(self) -> str | None:
        """The client all of whose tickets they see, or None."""
        return self.client if not self.is_staff and not _SEEING.isdisjoint(self.contact) else None

    @property
    def sees_others(self) -> bool:
        """Whether a requester sees tickets of more people than themselves."""
        return self.manages or self.client_seen is not None

    def answers_for(self, other: "Person") -> bool:
        """Whether ``other`` is a requester's report, or of the client all of whose tickets they see."""
        client = self.client_seen
        reports = not self.is_staff and other.manager == self.login
        return reports or (client is not None and other.client == client)

    def is_away(self, now: int) -> bool:
        """Whether they are away at ``now``; at ``away_until`` they are back."""
        return self.away_until is not None and now < self.away_until


def newcomer(
    login: str, name: str | None = None, email: str | None = None, role: Role = "requester"
) -> Person:
    """Somebody the desk does not know yet; the store gives the id."""
    return Person(0, login, name or login, email, None, role, True)


class Actor(NamedTuple):
    """Who a command acts as, and who really typed it where that is somebody else."""

    person: Person
    via: Person | None = None

    @property
    def login(self) -> str:
        return self.person.login

    @property
    def is_staff(self) -> bool:
        return self.person.is_staff

    @property
    def is_admin(self) -> bool:
        return self.person.role == "admin"

    @property
    def via_login(self) -> str | None:
        return None if self.via is None else self.via.login


# What an operating-system user without a name is called (interface page, section 2).
_NAMELESS = r"uid-\d+"
# Patterns as text: compiled at the first use, which most commands never come to.
_LOGIN = r"[a-z0-9._+@-]+"
_REFERENCE_SHAPE = r"#?\d+(-\d+)?|[a-z][a-z0-9]{0,9}-\d+"


def parse_login(text: str) -> str:
    """``text`` as a login: lower case, of the interface page's alphabet.

    Raises InvalidValue when it is empty, reserved, has another character, no letter, or the shape of a
    ticket reference (``12``, ``12-18``, ``tix-12``): such a login could never be told from a ticket.
    """
    login = text.strip().lower()
    if not re.fullmatch(_LOGIN, login):
        raise InvalidValue(
            f"'{text}' is not a login",
            hint="a login is made of letters, digits and . _ + @ -",
        )
    if login in RESERVED_LOGINS:
        raise InvalidValue(f"'{login}' is a reserved word and cannot be a login")
    if re.fullmatch(_REFERENCE_SHAPE, login) and not re.fullmatch(_NAMELESS, login):
        raise InvalidValue(f"'{login}' reads like a ticket reference and cannot be a login")
    if not any(c.isalpha() for c in login):
        raise InvalidValue(f"'{login}' has no letter; a login needs one")
    return login


def login_from_os_name(name: str) -> str:
    """The login an operating-system user gets: lower-cased, other characters become ``-``."""
    return re.sub(r"[^a-z0-9._+@-]", "-", name.lower())


_LONGEST_LOGIN = 120


def is_login(text: str) -> bool:
    """Whether ``text`` is a login as the desk stores it."""
    try:
        return parse_login(text) == text
    except InvalidValue:
        return False


def login_for(word: str) -> str:
    """The login of somebody who is called ``word`` elsewhere: a name, an address, another system's login.

    Letters of other alphabets become Latin ones, other characters ``-``. Always a legal login, the same for the same
    word; two words may have the same one, and then they are two people (``free_login``).
    """
    plain = word.strip().lower()
    if not plain.isascii():
        from anyascii import anyascii

        plain = anyascii(plain).lower()
    login = login_from_os_name(plain)
    if not any(char.isalpha() for char in login) or len(login) > _LONGEST_LOGIN:
        from hashlib import sha256

        # Nothing of the name is left in our alphabet: what is left has to tell two people apart.
        login = f"person-{sha256(word.encode(errors='replace')).hexdigest()[:12]}"
    return login if is_login(login) else f"{login}-"


def free_login(word: str, is_taken: Callable[[str], bool]) -> str:
    """``login_for(word)``, with the first number at its end that makes it one nobody has."""
    login = login_for(word)
    number = 1
    found = login
    while is_taken(found):
        number += 1
        found = f"{login.rstrip('-')}-{number}"
    return found


def kept_login(text: str) -> str:
    """A stored login as it may stay: itself where it is legal, else one that is, the same in every run.

    An older tix stored an address as a login also where it has characters that no login may have. Two of those
    never become one. Raises InvalidValue for what no tix has stored.
    """
    if is_login(text):
        return text
    try:
        is_address = parse_email(text) == text
    except InvalidValue:
        is_address = False
    if not is_address:
        parse_login(text)
        raise InvalidValue(f"'{text[:40]}' is not a login as it is stored", hint="logins are in lower case")
    from hashlib import sha256

    return f"{login_for(text).rstrip('-')}-{sha256(text.encode()).hexdigest()[:6]}"


def parse_os_users(text: str) -> dict[str, str]:
    r"""Which OS user acts as which login: ``SecAnn=ann, CORP\bob=bob``; empty for ``none``. Raises InvalidValue."""
    if is_none(text):
        return {}
    found = {}
    for pair in text.split(","):
        name, equals, login = pair.strip().rpartition("=")
        if not equals or not name.strip():
            raise InvalidValue(
                f"'{pair.strip()}' is not OSUSER=LOGIN", hint="for example SecAnn=ann, or none"
            )
        found[name.strip()] = parse_login(login)
    return found


def may_act_as(os_name: str, login: str, *, owns_store: bool) -> bool:
    """Whether an OS user nobody has bound is the person of that login.

    A name that had to be changed to be a login could be somebody else's: ``SecAnn`` is not ``secann``. Whoever
    owns the file of the store is believed: they made it, and could write anything into it.
    """
    return os_name == login or owns_store


# Letters beyond ASCII as RFC 6531 allows them; domains as people write them.
_LOCAL = r"(?:[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]|[^\W_])+"
_LABEL = r"[^\W_](?:(?:[^\W_]|-){0,61}[^\W_])?"
_ADDRESS = rf"{_LOCAL}@{_LABEL}(?:\.{_LABEL})+"
_MAILBOX = r'\s*(?:"(?P<quoted>[^"]*)"|(?P<plain>[^<>"]*?))\s*<(?P<address>[^<>]*)>\s*'


def parse_email(text: str) -> str:
    """``text`` as an e-mail address, lower case (they compare case-insensitively).

    The address syntax is the HTML standard's, which every form people know checks by, with a dot in the
    domain, and with letters of every alphabet. Raises InvalidValue otherwise.
    """
    address = text.strip()
    if not address.isascii():
        from unicodedata import normalize

        address = normalize("NFC", address)
    if len(address) > 254 or not re.fullmatch(_ADDRESS, address):
        raise InvalidValue(f"'{text}' is not an e-mail address", hint="write it as name@example.org")
    return address.lower()


class Contact(NamedTuple):
    """WHO as somebody typed it: a login, an address, or a name with its address."""

    login: str | None
    email: str | None
    name: str | None


def parse_contact(text: str) -> Contact:
    """``lan``, ``lan@x.example`` or ``Lan <lan@x.example>``. Raises InvalidValue when it is none of them."""
    if "<" in text or ">" in text:
        match = re.fullmatch(_MAILBOX, text)
        if match is None:
            raise InvalidValue(f"'{text}' is not a person", hint='write "Name <name@example.org>"')
        name = (match["quoted"] if match["quoted"] is not None else match["plain"]).strip()
        return Contact(None, parse_email(match["address"]), None if is_blank(name) else name)
    word = text.strip()
    if "@" in word:
        return Contact(None, parse_email(word), None)
    return Contact(parse_login(word), None, None)
