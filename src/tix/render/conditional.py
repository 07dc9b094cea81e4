"""Turn the sentence that says what a write did into one that says what it would do."""

from __future__ import annotations

_WOULD = {
    "Added": "add",
    "Attached": "attach",
    "Assigned": "assign",
    "Cancelled": "cancel",
    "Changed": "change",
    "Created": "create",
    "Deleted": "delete",
    "Linked:": "link:",
    "Logged": "log",
    "Marked": "mark",
    "Merged": "merge",
    "Noted": "note",
    "Paused": "pause",
    "Rated": "rate",
    "Released": "release",
    "Removed": "remove",
    "Reopened": "reopen",
    "Replied": "reply",
    "Reset": "reset",
    "Resumed": "resume",
    "Returned": "return",
    "Set": "set",
    "Signed": "sign",
    "Snoozed": "snooze",
    "Started": "start",
    "Stopped": "stop",
    "Switched": "switch",
    "Unassigned": "unassign",
    "Unmerged": "unmerge",
    "Updated": "update",
    "Voided": "void",
}
_STATES = (
    (" is now ", " would be "),
    (" are now ", " would be "),
    (" is sent ", " would be sent "),
    ("You now follow ", "You would follow "),
    ("You no longer follow ", "You would no longer follow "),
    (" now follows ", " would follow "),
    (" no longer follows ", " would no longer follow "),
)


def conditional(words: str) -> str:
    """Return ``Would add client Acme.`` for ``Added client Acme.``; of a change, ``TIX-3 would change: …``."""
    first, _, rest = words.partition(" ")
    if first in _WOULD:
        words, is_turned = f"Would {_WOULD[first]} {rest}", True
    else:
        is_turned = False
    for now, then in _STATES:
        if now in words:
            words, is_turned = words.replace(now, then), True
    if is_turned or first == "Would":
        return words
    what, colon, changes = words.partition(": ")
    return f"{what} would change: {changes}" if colon else words
