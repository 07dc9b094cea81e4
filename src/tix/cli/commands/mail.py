"""Mail becomes tickets and replies; notifications go out by mail. For cron: `tix mail fetch; tix tick` (tick also sends)."""

from __future__ import annotations

from tix.cli.mail import outbox, quarantine, texts
from tix.cli.mail.intake import fetch, in_
from tix.cli.mail.send import send
from tix.cli.mail.status import setup, status, try_

COMMANDS = {
    "status": status,
    "in": in_,
    "fetch": fetch,
    "send": send,
    "outbox": outbox.COMMANDS,
    "quarantine": quarantine.COMMANDS,
    "text": texts.COMMANDS,
    "test": try_,
    "setup": setup,
}
