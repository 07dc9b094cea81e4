"""The fields of ``list`` as JSON, written as text: half the time of a dictionary and an encoder.

For what runs through a whole desk: ``list -o jsonl`` and exports. Tests compare it with ``records``.
"""

from __future__ import annotations

from json.encoder import encode_basestring_ascii as quoted

from tix.domain.tickets.lifecycle import settled
from tix.domain.tickets.ticket import Ticket
from tix.domain.times import instant

_REMEMBERED = 10_000


class Words(dict[str | None, str]):
    """Words as JSON, each quoted once: there are few people, statuses and priorities in many lines."""

    def __missing__(self, word: str | None) -> str:
        written = self[word] = "null" if word is None else quoted(word)
        return written


class Moments(dict[int | None, str]):
    """Instants as JSON; most of those of one ticket are the same few."""

    def __missing__(self, at: int | None) -> str:
        if len(self) > _REMEMBERED:
            self.clear()
        written = self[at] = "null" if at is None else f'"{instant(at)}"'
        return written


class Listed:
    """Writes tickets for one reader at one moment."""

    def __init__(self, *, staff: bool, now: int) -> None:
        self._staff = staff
        self._now = now
        self.words = Words()
        self.moments = Moments()

    def line(self, ticket: Ticket, name: str | None, email: str | None) -> str:
        """The object of ``list``; the ticket is settled first, whether or not that is stored."""
        return self.fields(settled(ticket, self._now), name, email) + "}"

    def fields(self, t: Ticket, name: str | None, email: str | None) -> str:
        """The object without its closing brace; ``t`` is settled."""
        word, moment, staff = self.words, self.moments, self._staff
        return (
            f'{{"ref": "{t.prefix}{t.number}", "number": {t.number}, "subject": {quoted(t.subject)}, '
            f'"status": {word[t.status]}, "phase": "{t.phase}", "priority": {word[t.priority]}, '
            f'"type": {word[t.type]}, "topic": {word[t.topic]}, "department": {word[t.department]}, '
            f'"team": {word[t.team if staff else None]}, "assignee": {word[t.assignee]}, '
            f'"requester": {word[t.requester]}, "requester_name": {text(name)}, '
            f'"requester_email": {text(email)}, "client": {word[t.client]}, "creator": {word[t.creator]}, '
            f'"source": {word[t.source]}, "about": {text(t.about)}, '
            f'"tags": {_list(t.tag_list()) if staff and t.tags else "[]"}, "due_at": {moment[t.due_at]}, '
            f'"overdue": {"true" if t.is_overdue(self._now) else "false"}, '
            f'"answered": {"true" if t.answered else "false"}, '
            f'"entries": {t.entries + t.notes if staff else t.entries}, '
            f'"attachments": {t.attachments + t.internal_attachments if staff else t.attachments}, '
            f'"rating": {"null" if t.rating is None else t.rating}, "created_at": {moment[t.created_at]}, '
            f'"updated_at": {moment[t.updated_at if staff else t.last_activity_at]}, '
            f'"last_activity_at": {moment[t.last_activity_at]}, "last_replier": {word[t.last_replier]}, '
            f'"resolved_at": {moment[t.resolved_at]}, "closed_at": {moment[t.closed_at]}, '
            f'"closed_by": {word[t.closed_by]}, "version": {t.version if staff else "null"}'
        )


def text(value: str | None) -> str:
    """A text, or null."""
    return "null" if value is None else quoted(value)


def _list(words: list[str]) -> str:
    return f"[{', '.join(map(quoted, words))}]"
