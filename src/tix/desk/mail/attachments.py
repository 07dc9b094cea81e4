"""The files of a mail, judged by the same rules as everywhere."""

from __future__ import annotations

from tix.desk.context import Desk
from tix.desk.tickets.files import Upload, policy, upload
from tix.domain.files.attachments import check
from tix.errors import InvalidValue
from tix.typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tix.domain.mail.received import Message


def judged(desk: Desk, mail: Message, *, of_staff: bool) -> tuple[list[Upload], list[str]]:
    """Return the files of a mail that the desk accepts, and a sentence about each thing of it that is left out.

    ``of_staff`` says whether the sender is known as staff. A file too many does not cost the mail: it stays in the kept mail, and staff are told.
    """
    rules = policy(desk, of_staff=of_staff)
    accepted: list[Upload] = []
    refused: list[str] = []
    if "text cut" in mail.flags:
        refused.append("The text of the mail is too long and was cut; the kept mail has all of it.")
    for one in mail.attachments:
        found = upload(one.name, one.content)
        try:
            check([*(other.file for other in accepted), found.file], rules)
        except InvalidValue as error:
            refused.append(f"A file of the mail was not attached: {error.message}.")
        else:
            accepted.append(found)
    return accepted, refused
