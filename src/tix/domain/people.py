"""People, their roles, and the acting person."""

from collections.abc import Callable

from tix.domain.texts import normal
from tix.errors import InvalidValue
from tix.typing import Literal, NamedTuple
from tix.words.sentence import Said

Role = Literal["admin", "agent", "requester"]
ROLES: tuple[Role, ...] = ("admin", "agent", "requester")

Side = Literal["requester", "staff", "system"]

# Words with a meaning of their own where a login can be given.
RESERVED_LOGINS = frozenset({"me", "none", "all", "auto", "system"})
# Roles of a person at their client; the first two see all of the client's tickets.
CONTACTS = ("primary", "technical", "billing")
_SEEING = frozenset({"primary", "technical"})


class Person(NamedTuple):
    """A person known to the desk. ``id`` is the store's; ``login`` is lower case and unique.

    ``manager`` is the login of the person who sees a requester's tickets; ``manages`` says whether this person is
    somebody's manager. ``departments`` are those whose tickets an agent sees, None for all. Until ``away_until`` (UTC
    seconds) they cannot be assigned tickets. ``merged_into`` is the login of the person this one was merged into.
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
        """Return the client all of whose tickets they see, or None."""
        return self.client if not self.is_staff and not _SEEING.isdisjoint(self.contact) else None

    @property
    def sees_others(self) -> bool:
        """Return whether a requester sees tickets of other people."""
        return self.manages or self.client_seen is not None

    def answers_for(self, other: "Person") -> bool:
        """Return whether ``other`` is a requester's report, or belongs to the client all of whose tickets they see."""
        client = self.client_seen
        reports = not self.is_staff and other.manager == self.login
        return reports or (client is not None and other.client == client)

    def is_away(self, now: int) -> bool:
        """Return whether they are away at ``now`` (UTC seconds); at ``away_until`` they are back."""
        return self.away_until is not None and now < self.away_until


def newcomer(
    login: str, name: str | None = None, email: str | None = None, role: Role = "requester"
) -> Person:
    """Return a person not yet known to the desk; the store assigns the id."""
    return Person(0, login, name or login, email, None, role, True)


class Actor(NamedTuple):
    """The person a command acts as, and the person who typed it (``via``) if that is somebody else."""

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


# The login of an operating-system user without a name (interface page, section 2).
_NAMELESS = r"uid-\d+"
# A set, not a pattern: every command judges the login of who acts, and compiling a pattern costs more than it finds.
_LOGIN_CHARACTERS = frozenset("abcdefghijklmnopqrstuvwxyz0123456789._+@-")
_REFERENCE_SHAPE = r"#?\d+(-\d+)?|[a-z][a-z0-9]{0,9}-\d+"


def parse_login(text: str) -> str:
    """Return ``text`` as a login: lower case, with the characters of the interface page.

    Raises InvalidValue if it is empty, reserved, has another character or no letter, or looks like a ticket
    reference (``12``, ``12-18``, ``tix-12``): such a login could not be told from a ticket.
    """
    login = text.strip().lower()
    if not login or not _LOGIN_CHARACTERS.issuperset(login):
        raise InvalidValue(
            Said("'{text}' is not a login", text=text),
            hint=Said("use letters, digits and . _ + @ -"),
        )
    if login in RESERVED_LOGINS:
        raise InvalidValue(Said("'{login}' is a reserved word and cannot be a login", login=login))
    if login[-1].isdigit() and _is_reference(login):
        raise InvalidValue(Said("'{login}' looks like a ticket reference and cannot be a login", login=login))
    if not any(c.isalpha() for c in login):
        raise InvalidValue(Said("'{login}' has no letter; a login needs at least one", login=login))
    return login


def _is_reference(login: str) -> bool:
    if "-" not in login and not login.isdigit():
        return False
    import re

    return bool(re.fullmatch(_REFERENCE_SHAPE, login)) and not re.fullmatch(_NAMELESS, login)


def login_from_os_name(name: str) -> str:
    """Return the login for an operating-system user: lower case, other characters become ``-``."""
    return "".join(char if char in _LOGIN_CHARACTERS else "-" for char in name.lower())


_LONGEST_LOGIN = 120


def is_login(text: str) -> bool:
    """Return whether ``text`` is a login as the desk stores it."""
    try:
        return parse_login(text) == text
    except InvalidValue:
        return False


def login_for(word: str) -> str:
    """Return a login for somebody called ``word`` elsewhere: a name, an address, a login of another system.

    Letters of other alphabets become Latin ones, other characters ``-``. The result is always a valid login and the
    same for the same word; two words can get the same login although they are two people (see ``free_login``).
    """
    plain = word.strip().lower()
    if not plain.isascii():
        from anyascii import anyascii

        plain = anyascii(plain).lower()
    login = login_from_os_name(plain)
    if not any(char.isalpha() for char in login) or len(login) > _LONGEST_LOGIN:
        from hashlib import sha256

        # Nothing of the name is left in our alphabet; the hash keeps two people apart.
        login = f"person-{sha256(word.encode(errors='replace')).hexdigest()[:12]}"
    return login if is_login(login) else f"{login}-"


def free_login(word: str, is_taken: Callable[[str], bool]) -> str:
    """Return ``login_for(word)``, with the first number at its end that makes it unused."""
    login = login_for(word)
    number = 1
    found = login
    while is_taken(found):
        number += 1
        found = numbered(login, number)
    return found


def numbered(login: str, number: int) -> str:
    """Return ``login`` with a number: ``anna-klein-2``, but ``zoe.2``, because ``zoe-2`` could be a ticket."""
    base = login.rstrip("-")
    found = f"{base}-{number}"
    return found if is_login(found) else f"{base}.{number}"


def kept_login(text: str) -> str:
    """Return a stored login as it may stay: itself if it is valid, else a valid one, the same in every run.

    An older tix stored an address as a login even if it has characters that a login cannot have. Two of those never
    become one. Raises InvalidValue for a text that no version of tix has stored.
    """
    if is_login(text):
        return text
    try:
        is_address = parse_email(text) == text
    except InvalidValue:
        is_address = False
    if not is_address:
        parse_login(text)
        raise InvalidValue(
            Said("'{text}' is not a stored login", text=text[:40]),
            hint=Said("logins are stored in lower case"),
        )
    from hashlib import sha256

    return f"{login_for(text).rstrip('-')}-{sha256(text.encode()).hexdigest()[:6]}"


def parse_os_users(text: str) -> dict[str, str]:
    r"""Return which OS user acts as which login: ``SecAnn=ann, CORP\bob=bob``.

    Empty for ``none``. Raises InvalidValue.
    """
    from tix.domain.names import is_none

    if is_none(text):
        return {}
    found = {}
    for pair in text.split(","):
        name, equals, login = pair.strip().rpartition("=")
        if not equals or not name.strip():
            raise InvalidValue(
                f"'{pair.strip()}' is not OSUSER=LOGIN", hint=Said("write it as SecAnn=ann, or none")
            )
        found[name.strip()] = parse_login(login)
    return found


def may_act_as(os_name: str, login: str, *, owns_store: bool) -> bool:
    """Return whether an OS user without a setting of its own may act as ``login``.

    A name that had to be changed to become a login could be somebody else's: ``SecAnn`` is not ``secann``. The
    owner of the store's file is trusted: they made it, and could write anything into it.
    """
    return os_name == login or owns_store


# Letters beyond ASCII as RFC 6531 allows them; domains as people write them.
_LOCAL = r"[\w.!#$%&'*+/=?^`{|}~-]+"
_LABEL = r"[^\W_](?:(?:[^\W_]|-){0,61}[^\W_])?"
_ADDRESS = rf"{_LOCAL}@{_LABEL}(?:\.{_LABEL})+"
_MAILBOX = r'(?:"(?P<quoted>[^"]*)"\s*|(?P<plain>[^<>"]*))<(?P<address>[^<>]*)>'
_LONGEST_ADDRESS, _LONGEST_CONTACT = 254, 1000


def parse_email(text: str) -> str:
    """Return ``text`` as an e-mail address in lower case (addresses compare case-insensitively).

    The syntax is that of the HTML standard, which web forms check, with a dot required in the domain and letters of
    every alphabet allowed. Raises InvalidValue otherwise.
    """
    import re

    address = text.strip()
    if not address.isascii() and len(address) <= _LONGEST_CONTACT:
        address = normal("NFC", address)
    if len(address) > _LONGEST_ADDRESS or not re.fullmatch(_ADDRESS, address):
        raise InvalidValue(
            Said("'{text}' is not an e-mail address", text=text), hint=Said("write it as name@example.org")
        )
    return address.lower()


class Contact(NamedTuple):
    """WHO as somebody typed it: a login, an address, or a name with an address."""

    login: str | None
    email: str | None
    name: str | None


def parse_contact(text: str) -> Contact:
    """Parse ``lan``, ``lan@x.example`` or ``Lan <lan@x.example>``. Raises InvalidValue for anything else."""
    if "<" in text or ">" in text:
        import re

        match = re.fullmatch(_MAILBOX, text.strip()) if len(text) <= _LONGEST_CONTACT else None
        if match is None:
            raise InvalidValue(
                Said("'{text}' is not a person", text=text),
                hint=Said('write it as "Name <name@example.org>"'),
            )
        from tix.domain.texts import is_blank

        name = (match["quoted"] if match["quoted"] is not None else match["plain"]).strip()
        return Contact(None, parse_email(match["address"]), None if is_blank(name) else name)
    word = text.strip()
    if "@" in word:
        return Contact(None, parse_email(word), None)
    return Contact(parse_login(word), None, None)
