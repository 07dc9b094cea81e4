"""Other trackers' words for status, priority and type, in ours."""

from __future__ import annotations

import re

_STATUSES = {
    "open": "open new opened reopened todo to-do backlog triage ready answered",
    "in-progress": "in-progress inprogress inprocess in-process working started doing active hooked",
    "on-hold": "on-hold onhold hold pending waiting blocked deferred paused",
    "resolved": "resolved solved fixed auto-close",
    "closed": "closed done completed complete cancelled canceled merged tombstone",
}
_PRIORITIES = {
    "low": "low minor",
    "medium": "medium normal med",
    "high": "high major",
    "urgent": "urgent emergency critical",
}
_STATUS_OF = {word: ours for ours, words in _STATUSES.items() for word in words.split()}
_PRIORITY_OF = {word: ours for ours, words in _PRIORITIES.items() for word in words.split()}


def slug(words: str) -> str:
    """``In_Progress`` and ``in progress`` as ``in-progress``: letters and digits of any script kept."""
    return re.sub(r"[\W_]+", "-", words.casefold()).strip("-")


def status(word: str) -> str | None:
    """``open``, ``in-progress``, ``on-hold``, ``resolved`` or ``closed``; None for a word that tells nothing."""
    return _STATUS_OF.get(slug(word))


def priority(word: str) -> str | None:
    """``low``, ``medium``, ``high`` or ``urgent``; None for another word."""
    return _PRIORITY_OF.get(slug(word))
