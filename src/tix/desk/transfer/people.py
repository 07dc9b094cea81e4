"""Map people named in an import file to people on this desk.

A person of this desk is meant by a login or an e-mail address of theirs, or where the importer says so
(``PeopleMap.know``), never by a name: two people can be called the same. Everybody else becomes a requester with a login
made from their name; where that is taken, it gets a number. The same name in a later file is the same person again, if an
import made them (``is_ours``). An author the source does not name is ``ghost``, as on GitHub.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from tix.domain.people import Person, is_login, login_for, numbered, parse_contact, parse_email
from tix.domain.texts import normal
from tix.errors import InvalidValue
from tix.importers.record import GHOST, ImportedAuthor
from tix.typing import NamedTuple

MOST_REMEMBERED = 20_000  # people kept in the lookup cache; a million tickets mention some 100,000
_MOST_SAID = 5


class Member(NamedTuple):
    """A person on this desk, or one that the import will add."""

    login: str
    name: str
    email: str | None
    is_staff: bool = False


class PeopleMap:
    """The people map of one import.

    ``by_login`` and ``by_email`` look people up on the desk. ``is_ours`` returns whether a person was made by an import
    from nothing but their name, ``present`` whom somebody was merged into.
    """

    def __init__(
        self,
        by_login: Callable[[str], Person | None],
        by_email: Callable[[str], Person | None],
        is_ours: Callable[[Person], bool] = lambda person: False,
        present: Callable[[Person], Person] = lambda person: person,
    ) -> None:
        self._by_login = by_login
        self._by_email = by_email
        self._is_ours = is_ours
        self._present = present
        self._known: dict[ImportedAuthor, Member] = {}
        self._owners: dict[str, str] = {}
        # What the source calls people, to logins of this desk.
        self._logins: dict[str, str] = {}
        self.newcomers: dict[str, Member] = {}
        # Who the importer says people are, by what the source calls them, and which of that was needed.
        self._said: dict[str, Member] = {}
        self._needed: set[str] = set()

    def know(self, said: Iterable[tuple[str, str]]) -> None:
        """Learn who people are: what the source calls them, and a login or contact (``Anna <anna@example.org>``).

        A contact whose address nobody has is a new person. Raises InvalidValue naming every login that does not exist.
        """
        unknown = []
        for called, word in said:
            try:
                contact = parse_contact(word)
            except InvalidValue:
                unknown.append(word)
                continue
            found = (
                self._by_email(contact.email)
                if contact.email is not None
                else self._by_login(contact.login or "")
            )
            if found is not None:
                self._said[_identity(called)] = self._member(found)
            elif contact.email is not None:
                newcomer = ImportedAuthor(None, contact.name or called, contact.email)
                self._said[_identity(called)] = self._found(newcomer, known_only=False)
            else:
                unknown.append(word)
        if unknown:
            more = f" and {len(unknown) - _MOST_SAID} more" if len(unknown) > _MOST_SAID else ""
            raise InvalidValue(
                f"no person on this desk is called {', '.join(repr(word) for word in unknown[:_MOST_SAID])}{more}",
                hint='name a login (tix user list), or a new person as "Anna Müller <anna@example.org>"',
            )

    @property
    def unneeded(self) -> list[str]:
        """Return what the importer said of names that the file does not have."""
        return sorted(self._said.keys() - self._needed)

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
        for word in (voice.login, voice.email, voice.name) if self._said else ():
            if word is not None and (said := self._said.get(_identity(word))) is not None:
                self._needed.add(_identity(word))
                return said
        email = _email(voice.email)
        if email is not None and (voice.login is None or self._by_login(voice.login.strip().lower()) is None):
            owner = self._by_email(email)
            if owner is not None:
                return self._member(owner)
            if voice.login is None and email in self._owners:
                known = self.newcomers[self._owners[email]]
                return (
                    known
                    if known_only
                    else self._newcomer(Member(known.login, voice.name or known.name, email))
                )
        word = voice.login or email or voice.email or voice.name or "ghost"
        is_name = voice.login is None and voice.email is None
        names = {_identity(one) for one in (word, voice.name) if one is not None}
        login, person = self._login(word, names, is_name=is_name)
        if person is not None:
            return self._member(person)
        stranger = Member(login, voice.name or voice.login or email or voice.email or login, email)
        if known_only:
            return stranger
        self._logins[_key(word, is_name=is_name)] = login
        return self._newcomer(stranger)

    def _login(self, word: str, names: set[str], *, is_name: bool) -> tuple[str, Person | None]:
        """Return the login for somebody the source calls ``word``, and the person who has it here, if any.

        ``names`` are the names by which somebody whom an import made is recognised.
        """
        key = _key(word, is_name=is_name)
        if key in self._logins:
            return self._logins[key], None
        plain = word.strip().lower()
        if not is_name and is_login(plain):
            person = self._by_login(plain)
            if person is not None or plain not in self.newcomers:
                return plain, person
        login = base = login_for(_identity(word))
        number = 1
        while True:
            # An older tix has made logins that look like a ticket.
            for candidate in dict.fromkeys((login, f"{base.rstrip('-')}-{number}")):
                person = self._by_login(candidate)
                if person is not None and _identity(person.name) in names and self._is_ours(person):
                    return candidate, person
            if login not in self.newcomers and self._by_login(login) is None:
                return login, None
            number += 1
            login = numbered(base, number)

    def _member(self, person: Person) -> Member:
        now = self._present(person)
        return Member(now.login, now.name, now.email, now.is_staff)

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


def is_nameless(person: Person) -> bool:
    """Return whether an account has nothing but a login and a name, as an import makes one for a name."""
    return not person.is_staff and all(
        value is None for value in (person.email, person.phone, person.client, person.manager)
    )


def _identity(word: str) -> str:
    """Return what the source calls somebody, without case and runs of spaces; letters stay what they are."""
    return normal("NFC", " ".join(word.split())).lower()


def _key(word: str, *, is_name: bool) -> str:
    return f"{'name' if is_name else 'login'} {_identity(word)}"


def _email(text: str | None) -> str | None:
    try:
        return None if text is None else parse_email(text)
    except InvalidValue:
        return None
