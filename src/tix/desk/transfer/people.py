"""Who is who: people as a file names them, and the people of this desk.

A login of the source is the login here (lower case, other characters as ``-``): the same login is the same
person, also across files. An address that is known is its owner. Everybody else becomes a requester; an
author the source does not name is ``ghost``, GitHub's own word for an account that is gone.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from tix.domain.people import Person, login_from_os_name, parse_email, parse_login
from tix.errors import InvalidValue
from tix.importers.record import Voice

GHOST = Voice("ghost", "Ghost")
MOST_REMEMBERED = 20_000  # people whose look-up is remembered; a million tickets have a hundred thousand
_LONGEST_LOGIN = 120


class Member(NamedTuple):
    """Somebody on this desk, or who will be when what they wrote is stored."""

    login: str
    name: str
    email: str | None
    is_staff: bool = False


class Cast:
    """The people of one import. ``by_login`` and ``by_email`` look them up on the desk."""

    def __init__(
        self, by_login: Callable[[str], Person | None], by_email: Callable[[str], Person | None]
    ) -> None:
        self._by_login = by_login
        self._by_email = by_email
        self._known: dict[Voice, Member] = {}
        self._owners: dict[str, str] = {}
        self.newcomers: dict[str, Member] = {}

    def member(self, voice: Voice | None, *, known_only: bool = False) -> Member:
        """Who that is here. With ``known_only`` nobody is made: a stranger is a member without a place."""
        voice = voice or GHOST
        found = self._known.get(voice)
        if found is None:
            found = self._found(voice, known_only)
            if not known_only:
                if len(self._known) >= MOST_REMEMBERED:
                    self._known.clear()
                self._known[voice] = found
        return found

    def _found(self, voice: Voice, known_only: bool) -> Member:
        email = _email(voice.email)
        if voice.login is None and email is not None:
            owner = self._by_email(email)
            if owner is not None:
                return _member(owner)
            if email in self._owners:
                return self.newcomers[self._owners[email]]
        login = login_for(voice.login or email or voice.email or voice.name or "ghost")
        person = self._by_login(login)
        if person is not None:
            return _member(person)
        stranger = Member(login, voice.name or voice.login or email or login, email)
        return stranger if known_only else self._newcomer(stranger)

    def _newcomer(self, stranger: Member) -> Member:
        """Remembers somebody new; who was there first keeps an address."""
        taken = stranger.email is not None and (
            self._owners.get(stranger.email, stranger.login) != stranger.login
            or self._by_email(stranger.email) is not None
        )
        known = self.newcomers.get(stranger.login)
        if known is not None:
            better = known.name if known.name != known.login else stranger.name
            email = known.email or (None if taken else stranger.email)
            stranger = Member(known.login, better, email)
        elif taken:
            stranger = stranger._replace(email=None)
        if stranger.email is not None:
            self._owners[stranger.email] = stranger.login
        self.newcomers[stranger.login] = stranger
        return stranger


def login_for(word: str) -> str:
    """The login of somebody the source calls ``word``; the same in every run."""
    login = login_from_os_name(word.strip())
    if not any(char.isalpha() for char in login) or len(login) > _LONGEST_LOGIN:
        from hashlib import sha256

        # Nothing of the name is left in our alphabet: what is left has to tell two people apart.
        login = f"person-{sha256(word.encode()).hexdigest()[:12]}"
    try:
        return parse_login(login)
    except InvalidValue:
        return f"{login}-"


def _member(person: Person) -> Member:
    return Member(person.login, person.name, person.email, person.is_staff)


def _email(text: str | None) -> str | None:
    try:
        return None if text is None else parse_email(text)
    except InvalidValue:
        return None
