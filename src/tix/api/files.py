"""The files of a ticket: list and download them."""

from __future__ import annotations

from tix.api.downloads import Download
from tix.api.tickets import Answer, Call
from tix.desk.tickets import attachments, read
from tix.render.records.attachments import record


def listed(call: Call) -> Answer:
    """The files of the ticket that the key's owner may see."""
    whole = read.whole(call.desk, call.ticket)
    return Answer([record(one) for one in attachments.files_of(whole)])


def download(call: Call) -> Answer:
    """One file."""
    assert call.file is not None
    found = attachments.get(call.desk, call.ticket, call.file)
    return Answer(
        Download(
            found.file, lambda write, start, size: attachments.copy(call.desk, found, write, start, size)
        )
    )
