"""The settings of a desk: each with its default and the values it accepts.

Values are stored as text, as somebody would type them; ``parse`` checks the text and returns its canonical form.
"""

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, NamedTuple

from tix.domain.names import is_none
from tix.errors import InvalidValue, UnknownName

if TYPE_CHECKING:
    from tix.domain.workflows.workflow import Workflow

BOOLEANS = {"true": True, "false": False}


class Setting(NamedTuple):
    """A setting of the desk.

    ``parse`` returns the canonical text or raises InvalidValue; ``internal``: only staff may read it.
    """

    key: str
    default: str
    summary: str
    parse: Callable[[str], str]
    internal: bool = False


def _prefix(text: str) -> str:
    from tix.domain.tickets.references import parse_prefix

    return parse_prefix(text)


def _duration(text: str) -> str:
    """Return the duration as it was written: ``24h`` stays ``24h``."""
    from tix.domain.times import parse_duration

    parse_duration(text)
    return text.strip().lower()


def _size(text: str) -> str:
    """Return the size as it was written."""
    from tix.domain.files.attachments import parse_size

    parse_size(text)
    return text.strip()


def _types(text: str) -> str:
    from tix.domain.files.attachments import format_types, parse_types

    return format_types(parse_types(text))


def _kinds(text: str) -> str:
    return "none" if is_none(text) else _types(text)


def _one_of(*words: str, what: str = "a value of this setting") -> Callable[[str], str]:
    def parse(text: str) -> str:
        word = text.strip().lower()
        if word not in words:
            raise InvalidValue(f"'{text}' is not {what}", hint="use one of " + ", ".join(words))
        return word

    return parse


def _name(text: str) -> str:
    return text.strip().lower()


def _spelled(text: str) -> str:
    """Return a name in its own spelling; ``none`` for none."""
    name = " ".join(text.split())
    return "none" if is_none(name) else name


def _number(text: str) -> str:
    if not (text.isascii() and text.isdigit() and len(text) <= 16) or not 1 <= int(text) < 2**53:
        raise InvalidValue(f"'{text}' is not a ticket number", hint="write a whole number from 1 up")
    return str(int(text))


def _rate(text: str) -> str:
    if is_none(text):
        return "none"
    from tix.domain.billing.invoices import parse_rate

    return parse_rate(text)


def _currency(text: str) -> str:
    from tix.domain.billing.invoices import parse_currency

    return parse_currency(text)


def _percent(text: str) -> str:
    from tix.domain.billing.invoices import parse_percent

    return parse_percent(text)


def _os_users(text: str) -> str:
    from tix.domain.people import parse_os_users

    return ", ".join(f"{name}={login}" for name, login in parse_os_users(text).items()) or "none"


SETTINGS: dict[str, Setting] = {
    setting.key: setting
    for setting in (
        Setting("prefix", "TIX-", "Prefix of new tickets' references, e.g. TIX-.", _prefix),
        Setting("next_number", "1", "Number of the next ticket; it can only be raised.", _number),
        Setting(
            "workflow",
            "standard",
            "Workflow of the desk: its statuses and how tickets move between them.",
            _name,
        ),
        Setting(
            "auto_close_after",
            "72h",
            "How long a resolved ticket can be reopened before it closes automatically, e.g. 72h; 0 means never.",
            _duration,
        ),
        Setting(
            "claim_on_reply",
            "auto",
            "Whether the first staff reply assigns an unassigned ticket to its author; auto follows the workflow.",
            _one_of("auto", "true", "false"),
        ),
        Setting("default_priority", "medium", "Priority of a new ticket when none is given.", _name),
        Setting("default_topic", "none", "Help topic of a new ticket when none is given.", _spelled),
        Setting(
            "default_department", "none", "Department of a new ticket when its topic sets none.", _spelled
        ),
        Setting(
            "default_sla",
            "none",
            "SLA plan of a new ticket when its topic and department set none.",
            _spelled,
            internal=True,
        ),
        Setting("message_required", "true", "Whether a new ticket needs a message.", _one_of(*BOOLEANS)),
        Setting(
            "attachments.max_total", "30MB", "Largest total size of files sent at once, e.g. 30MB.", _size
        ),
        Setting(
            "attachments.types",
            "*",
            "File types that are accepted, e.g. jpg,png,pdf; * accepts every type.",
            _types,
        ),
        Setting(
            "attachments.denied",
            "elf,exe,macho,script",
            "File types that are never accepted (default: programs); none refuses no type.",
            _kinds,
        ),
        Setting(
            "os_users",
            "none",
            "Logins of OS users whose names are not logins, e.g. SecAnn=ann.",
            _os_users,
            internal=True,
        ),
        Setting(
            "billing.rate",
            "none",
            "Hourly rate of clients that have none of their own, e.g. 90.00.",
            _rate,
            internal=True,
        ),
        Setting(
            "billing.currency",
            "EUR",
            "Currency of clients that have none of their own, e.g. EUR.",
            _currency,
            internal=True,
        ),
        Setting(
            "billing.round_to",
            "15m",
            "Step to which each ticket's time is rounded up on an invoice, e.g. 15m; 0 turns rounding off.",
            _duration,
            internal=True,
        ),
        Setting("billing.tax", "0", "Tax on invoices in per cent, e.g. 19.", _percent, internal=True),
        Setting("billing.tax_name", "VAT", "Name of the tax, e.g. VAT.", _spelled, internal=True),
        Setting(
            "billing.issuer", "none", "Issuer of the invoices: name and address.", _spelled, internal=True
        ),
        Setting(
            "billing.note",
            "none",
            "Text at the foot of an invoice, e.g. how and when to pay.",
            _spelled,
            internal=True,
        ),
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

    def window_seconds(self, workflow: "Workflow") -> int:
        """Return how many seconds a resolved ticket waits before it closes; 0 means for ever."""
        given = self.given.get("auto_close_after")
        if given is None:
            return workflow.window_seconds
        from tix.domain.times import parse_duration

        return parse_duration(given)

    def claims(self, workflow: "Workflow") -> bool:
        """Return whether the first staff reply assigns an unassigned ticket to its author."""
        word = self.text("claim_on_reply")
        return workflow.claims if word == "auto" else BOOLEANS[word]
