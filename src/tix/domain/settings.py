"""The settings of a desk: each with its default and the values it accepts.

Values are stored as text, as somebody would type them; ``parse`` checks the text and returns its canonical form.
"""

from collections.abc import Mapping

from tix.domain import setting_values as value
from tix.domain.setting_values import BOOLEANS, Setting
from tix.domain.web_settings import WEB
from tix.errors import UnknownName
from tix.typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tix.domain.workflows.workflow import Workflow


def _server(protocol: str, mail: str, encryption: str) -> tuple[Setting, ...]:
    """Return the settings of a mail server; a password is never one of them, only the command that prints it."""
    name = f"mail.{protocol}"
    return (
        Setting(
            f"{name}.host",
            "none",
            f"Server for {mail} mail, e.g. {protocol}.example.org.",
            value.host,
            internal=True,
        ),
        Setting(f"{name}.port", "auto", f"Port of the server for {mail} mail.", value.port, internal=True),
        Setting(
            f"{name}.encryption",
            encryption,
            f"Encryption of {mail} mail: tls, starttls or none.",
            value.one_of("none", "starttls", "tls"),
            internal=True,
        ),
        Setting(
            f"{name}.user", "none", f"User name at the server for {mail} mail.", value.line, internal=True
        ),
        Setting(
            f"{name}.password_command",
            "none",
            f"Command that prints the password for {mail} mail, e.g. pass show mail.",
            value.line,
            internal=True,
        ),
        Setting(
            f"{name}.password_file",
            "none",
            f"File with the password for {mail} mail; its mode must be 0600.",
            value.line,
            internal=True,
        ),
        Setting(
            f"{name}.token_command",
            "none",
            f"Command that prints an OAuth 2.0 access token for {mail} mail (XOAUTH2).",
            value.line,
            internal=True,
        ),
        Setting(
            f"{name}.ca_file",
            "none",
            f"File with the certificates of authorities to trust for {mail} mail instead of the system's.",
            value.line,
            internal=True,
        ),
    )


SETTINGS: dict[str, Setting] = {
    setting.key: setting
    for setting in (
        Setting("prefix", "TIX-", "Prefix of new tickets' references, e.g. TIX-.", value.prefix),
        Setting("next_number", "1", "Number of the next ticket; it can only be raised.", value.number),
        Setting(
            "workflow",
            "standard",
            "Workflow of the desk: its statuses and how tickets move between them.",
            value.name,
        ),
        Setting(
            "auto_close_after",
            "72h",
            "How long a resolved ticket can be reopened before it closes automatically, e.g. 72h; 0 means never.",
            value.duration,
        ),
        Setting(
            "claim_on_reply",
            "auto",
            "Whether the first staff reply assigns an unassigned ticket to its author; auto follows the workflow.",
            value.one_of("auto", "true", "false"),
        ),
        Setting("default_priority", "medium", "Priority of a new ticket when none is given.", value.name),
        Setting("default_topic", "none", "Help topic of a new ticket when none is given.", value.spelled),
        Setting(
            "default_department",
            "none",
            "Department of a new ticket when its topic sets none.",
            value.spelled,
        ),
        Setting(
            "default_sla",
            "none",
            "SLA plan of a new ticket when its topic and department set none.",
            value.spelled,
            internal=True,
        ),
        Setting("message_required", "true", "Whether a new ticket needs a message.", value.one_of(*BOOLEANS)),
        Setting(
            "attachments.max_total",
            "30MB",
            "Largest total size of files sent at once, e.g. 30MB.",
            value.size,
        ),
        Setting(
            "attachments.types",
            "*",
            "File types that are accepted, e.g. jpg,png,pdf; * accepts every type.",
            value.types,
        ),
        Setting(
            "attachments.denied",
            "elf,exe,macho",
            "File types refused from requesters (default: programs); staff are warned; none refuses no type.",
            value.kinds,
        ),
        Setting(
            "os_users",
            "none",
            "Logins of OS users whose names are not logins, e.g. SecAnn=ann.",
            value.os_users,
            internal=True,
        ),
        Setting(
            "billing.rate",
            "none",
            "Hourly rate of clients that have none of their own, e.g. 90.00.",
            value.rate,
            internal=True,
        ),
        Setting(
            "billing.currency",
            "EUR",
            "Currency of clients that have none of their own, e.g. EUR.",
            value.currency,
            internal=True,
        ),
        Setting(
            "billing.round_to",
            "15m",
            "Step to which each ticket's time is rounded up on an invoice, e.g. 15m; 0 turns rounding off.",
            value.duration,
            internal=True,
        ),
        Setting("billing.tax", "0", "Tax on invoices in per cent, e.g. 19.", value.percent, internal=True),
        Setting("billing.tax_name", "VAT", "Name of the tax, e.g. VAT.", value.spelled, internal=True),
        Setting(
            "billing.issuer",
            "none",
            "Issuer of the invoices: name and address.",
            value.spelled,
            internal=True,
        ),
        Setting(
            "billing.note",
            "none",
            "Text at the foot of an invoice, e.g. how and when to pay.",
            value.spelled,
            internal=True,
        ),
        Setting(
            "notify.requester_created",
            "false",
            "Whether requesters get a mail when their ticket is created.",
            value.one_of(*BOOLEANS),
            internal=True,
        ),
        Setting(
            "notify.requester_closed",
            "true",
            "Whether requesters get a mail when their ticket is resolved, closed or merged.",
            value.one_of(*BOOLEANS),
            internal=True,
        ),
        Setting(
            "notify.new_ticket_to",
            "none",
            "Address that gets a mail for every new ticket, e.g. team@example.org.",
            value.address,
            internal=True,
        ),
        Setting(
            "notify.not_mailed",
            "none",
            "Notification rules that are not mailed, e.g. changed, rated (tix notification rules).",
            value.rules,
            internal=True,
        ),
        Setting(
            "mail.from_address",
            "none",
            "Address that mail is sent from, e.g. help@example.org.",
            value.address,
            internal=True,
        ),
        Setting(
            "mail.from_name",
            "none",
            "Name that mail is sent under, e.g. Help desk.",
            value.line,
            internal=True,
        ),
        Setting(
            "mail.addresses",
            "none",
            "Further addresses of this desk, e.g. support@example.org.",
            value.senders,
            internal=True,
        ),
        Setting(
            "search.languages",
            "en",
            "Languages whose word forms a search finds, e.g. en,de: printing finds print; none finds exact words.",
            value.languages,
        ),
        Setting(
            "undo.text_window",
            "10m",
            "How long people can change or take back their own last reply or note, e.g. 10m; 0 means never.",
            value.duration,
            internal=True,
        ),
        Setting(
            "mail.hold",
            "0",
            "How long a mail waits before it is sent, so that tix undo can still cancel it, e.g. 2m.",
            value.duration,
            internal=True,
        ),
        Setting(
            "mail.parse",
            "true",
            "Whether incoming mail becomes tickets.",
            value.one_of(*BOOLEANS),
            internal=True,
        ),
        Setting(
            "mail.unknown_senders",
            "ignore",
            "What happens to mail from unknown senders: ignore (kept in quarantine) or accept.",
            value.one_of("ignore", "accept"),
            internal=True,
        ),
        Setting(
            "mail.staff_replies",
            "false",
            "Whether agents can reply by mail; the sender has to be verified (mail.authserv_id).",
            value.one_of(*BOOLEANS),
            internal=True,
        ),
        Setting(
            "mail.closed_tickets",
            "decline",
            "What happens to mail for a ticket that is closed for good: decline or follow-up.",
            value.one_of("decline", "follow-up"),
            internal=True,
        ),
        Setting(
            "mail.watch_cc",
            "true",
            "Whether people in Cc of a mail become followers of its ticket.",
            value.one_of(*BOOLEANS),
            internal=True,
        ),
        Setting(
            "mail.human_senders",
            "none",
            "Addresses and domains whose people write through a program that marks mail as automatic.",
            value.senders,
            internal=True,
        ),
        Setting(
            "mail.authserv_id",
            "none",
            "Name your mail server puts into Authentication-Results when it checks senders; - means the topmost header.",
            value.line,
            internal=True,
        ),
        Setting(
            "mail.plus_address",
            "false",
            "Whether each ticket gets an address of its own, e.g. help+12-k3v9q2ab@example.org.",
            value.one_of(*BOOLEANS),
            internal=True,
        ),
        Setting(
            "mail.message_id_domain",
            "auto",
            "Domain of Message-IDs, at most 25 characters; auto takes that of mail.from_address.",
            value.domain,
            internal=True,
        ),
        *_server("imap", "incoming", "tls"),
        Setting("mail.imap.folder", "INBOX", "Folder that mail is fetched from.", value.line, internal=True),
        Setting(
            "mail.imap.done",
            "folder",
            "How fetched mail is marked: folder (it is moved) or keyword (it stays, where others read the folder, too).",
            value.one_of("folder", "keyword"),
            internal=True,
        ),
        Setting("mail.imap.done_folder", "tix-done", "Folder for fetched mail.", value.line, internal=True),
        Setting(
            "mail.imap.quarantine_folder",
            "tix-quarantine",
            "Folder for fetched mail that is in quarantine.",
            value.line,
            internal=True,
        ),
        *_server("smtp", "outgoing", "starttls"),
        *WEB,
    )
}


def find(key: str) -> Setting:
    """Return the setting with that key. Raises UnknownName with the nearest key."""
    setting = SETTINGS.get(key)
    if setting is not None:
        return setting
    import difflib

    if key.rsplit(".", 1)[-1] == "password":
        raise UnknownName(
            "passwords are not stored in settings", hint="use a password command or an environment variable"
        )
    near = difflib.get_close_matches(key, SETTINGS, n=1, cutoff=0.5)
    raise UnknownName(
        f"no setting named '{key}'",
        hint=f"did you mean {near[0]}?" if near else "see all settings: tix config list",
    )


class Settings:
    """The settings in force: what the desk has set, else the defaults."""

    def __init__(self, given: Mapping[str, str]) -> None:
        self.given = given

    def text(self, key: str) -> str:
        """Return the value of ``key`` as text."""
        return self.given.get(key, SETTINGS[key].default)

    def flag(self, key: str) -> bool:
        """Return the value of a setting that is true or false."""
        return self.text(key) == "true"

    def name(self, key: str) -> str | None:
        """Return the value of a setting that names something; None for ``none``."""
        text = self.text(key)
        return None if text == "none" else text

    def words(self, key: str) -> list[str]:
        """Return the values of a setting that is a list; none for ``none``."""
        text = self.text(key)
        return [] if text == "none" else [word.strip() for word in text.split(",")]

    def seconds(self, key: str) -> int:
        """Return the value of a setting that is a duration."""
        text = self.text(key)
        if text == "0":
            return 0
        from tix.domain.durations import parse_duration

        return parse_duration(text)

    def encryption(self, protocol: str) -> str:
        """Return how a mail server (``imap`` or ``smtp``) is spoken to; one on this machine in the clear by default."""
        key, host = f"mail.{protocol}.encryption", self.text(f"mail.{protocol}.host")
        is_here = host in ("localhost", "::1") or host.startswith("127.")
        return "none" if is_here and key not in self.given else self.text(key)

    def window_seconds(self, workflow: "Workflow") -> int:
        """Return how many seconds a resolved ticket waits before it closes; 0 means for ever."""
        given = self.given.get("auto_close_after")
        if given is None:
            return workflow.window_seconds
        from tix.domain.durations import parse_duration

        return parse_duration(given)

    def claims(self, workflow: "Workflow") -> bool:
        """Return whether the first staff reply assigns an unassigned ticket to its author."""
        word = self.text("claim_on_reply")
        return workflow.claims if word == "auto" else BOOLEANS[word]
