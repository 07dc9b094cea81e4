"""Words of other trackers for status, priority and type, translated to tix's."""

from __future__ import annotations

import re
from functools import lru_cache

_STATUSES = {
    "open": "open new opened reopened todo to-do backlog triage ready answered unconfirmed",
    "in-progress": "in-progress inprogress inprocess in-process working started doing active hooked",
    "on-hold": "on-hold onhold hold pending waiting blocked deferred paused stalled",
    "resolved": "resolved solved fixed auto-close",
    "closed": "closed done completed complete cancelled canceled merged tombstone rejected declined",
}
# From Jira, Redmine, Bugzilla, ServiceNow, Zendesk and spreadsheets. ``usual`` is the desk's default.
_PRIORITIES = {
    "low": "low minor lowest trivial very-low l p4 p5 4 5 sev-4 sev4 sev-5 sev5 planning",
    "medium": "medium normal med moderate average m p3 3 sev-3 sev3",
    "high": "high major severe h p2 2 sev-2 sev2",
    "urgent": "urgent emergency critical highest blocker immediate showstopper very-high p0 p1 1 sev-1 sev1",
    "usual": "none no-priority unprioritized unprioritised not-set undefined default",
}
_STATUS_OF = {word: ours for ours, words in _STATUSES.items() for word in words.split()}
_PRIORITY_OF = {word: ours for ours, words in _PRIORITIES.items() for word in words.split()}


@lru_cache(maxsize=4096)  # the same few words stand in all rows of a table
def slug(words: str) -> str:
    """Return ``In_Progress`` and ``in progress`` as ``in-progress``: letters and digits of any script kept."""
    return re.sub(r"[\W_]+", "-", words.casefold()).strip("-")


def status(word: str) -> str | None:
    """Return ``open``, ``in-progress``, ``on-hold``, ``resolved`` or ``closed``; None for an unknown word."""
    return _STATUS_OF.get(slug(word))


def priority(word: str) -> str | None:
    """Return ``low``, ``medium``, ``high``, ``urgent``, or ``usual`` for none; None for an unknown word.

    ``1 - Critical`` is read by its word, else by its number.
    """
    key = slug(word)
    number, dash, rest = key.partition("-")
    found = _PRIORITY_OF.get(key)
    if found is None and dash and number.isdigit():
        found = _PRIORITY_OF.get(rest) or _PRIORITY_OF.get(number)
    return found
