"""Map people named in an import file to people on this desk.

A login that exists here is that person, also across files. A known e-mail address is its owner. Everybody else
becomes a requester with a login made from their name; where somebody with another name has that login, it gets a
number, so that similar names never become the same person. An author the source does not name is ``ghost``, as
on GitHub.
"""

from __future__ import annotations

from collections.abc import Callable

from tix.domain.names import name_key
from tix.domain.people import Person, is_login, login_for, parse_email
from tix.errors import InvalidValue
from tix.importers.record import ImportedAuthor
from tix.typing import NamedTuple

GHOST = ImportedAuthor("ghost", "Ghost")
MOST_REMEMBERED = 20_000  # people kept in the lookup cache; a million tickets mention some 100,000


class Member(NamedTuple):
    """A person on this desk, or one that the import will add."""

    login: str
    name: str
    email: str | None
    is_staff: bool = False


class PeopleMap:
    """The people map of one import. ``by_login`` and ``by_email`` look people up on the desk."""

    def __init__(
        self, by_login: Callable[[str], Person | None], by_email: Callable[[str], Person | None]
    ) -> None:
        self._by_login = by_login
        self._by_email = by_email
        self._known: dict[ImportedAuthor, Member] = {}
        self._owners: dict[str, str] = {}
        # What the source calls people, to logins of this desk.
        self._logins: dict[str, str] = {}
        self.newcomers: dict[str, Member] = {}

    def member(self, voice: ImportedAuthor | None, *, known_only: bool = False) -> Member:
        """Return the person here. With ``known_only`` nobody is added: an unknown person is returned but not kept."""
        voice = voice or GHOST
        found = self._known.get(voice)
        if found is None:
            found = self._found(voice, known_only)
            if not known_only:
                if len(self._known) >= MOST_REMEMBERED:
                    self._known.clear()
                self._known[voice] = found
        return found

    def _found(self, voice: ImportedAuthor, known_only: bool) -> Member:
        email = _email(voice.email)
        if voice.login is None and email is not None:
            owner = self._by_email(email)
            if owner is not None:
                return _member(owner)
            if email in self._owners:
                known = self.newcomers[self._owners[email]]
                return (
                    known
                    if known_only
                    else self._newcomer(Member(known.login, voice.name or known.name, email))
                )
        word = voice.login or email or voice.email or voice.name or "ghost"
        is_name = voice.login is None and voice.email is None
        login, person = self._login(word, is_name=is_name)
        if person is not None:
            return _member(person)
        stranger = Member(login, voice.name or voice.login or email or login, email)
        if known_only:
            return stranger
        self._logins[_identity(word, is_name=is_name)] = login
        return self._newcomer(stranger)

    def _login(self, word: str, *, is_name: bool) -> tuple[str, Person | None]:
        """Return the login for somebody the source calls ``word``, and the person who has it here, if any."""
        identity = _identity(word, is_name=is_name)
        if identity in self._logins:
            return self._logins[identity], None
        plain = word.strip().lower()
        if not is_name and is_login(plain):
            person = self._by_login(plain)
            if person is not None or plain not in self.newcomers:
                return plain, person
        login = base = login_for(word)
        number = 1
        while True:
            person = self._by_login(login)
            if person is not None and _is_called(person, word):
                return login, person
            if person is None and login not in self.newcomers:
                return login, None
            number += 1
            login = f"{base.rstrip('-')}-{number}"

    def _newcomer(self, stranger: Member) -> Member:
        """Remember a person to add; an e-mail address stays with whoever had it first."""
        taken = stranger.email is not None and (
            self._owners.get(stranger.email, stranger.login) != stranger.login
            or self._by_email(stranger.email) is not None
        )
        known = self.newcomers.get(stranger.login)
        if known is not None:
            unnamed = known.name in (known.login, known.email, stranger.email)
            better = stranger.name if unnamed else known.name
            email = known.email or (None if taken else stranger.email)
            stranger = Member(known.login, better, email)
        elif taken:
            stranger = stranger._replace(email=None)
        if stranger.email is not None:
            self._owners[stranger.email] = stranger.login
        self.newcomers[stranger.login] = stranger
        return stranger


def _identity(word: str, *, is_name: bool) -> str:
    return f"{'name' if is_name else 'login'} {name_key(word)}"


def _is_called(person: Person, word: str) -> bool:
    """Return whether ``word`` is exactly the person's name, apart from case and spaces."""
    return name_key(person.name) == name_key(word)


def _member(person: Person) -> Member:
    return Member(person.login, person.name, person.email, person.is_staff)


def _email(text: str | None) -> str | None:
    try:
        return None if text is None else parse_email(text)
    except InvalidValue:
        return None
