"""The settings of a desk: one row each, with its default and what it takes.

Values are kept as the text somebody may type; ``parse`` proves the text and gives it in its canonical form.
"""

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, NamedTuple

from tix.domain.names import is_none
from tix.errors import InvalidValue, UnknownName

if TYPE_CHECKING:
    from tix.domain.workflows.workflow import Workflow

BOOLEANS = {"true": True, "false": False}


class Setting(NamedTuple):
    """A key of the desk. ``parse`` gives the canonical text or raises InvalidValue; ``internal``: staff read it."""

    key: str
    default: str
    summary: str
    parse: Callable[[str], str]
    internal: bool = False


def _prefix(text: str) -> str:
    from tix.domain.tickets.references import parse_prefix

    return parse_prefix(text)


def _duration(text: str) -> str:
    """Kept as it was written: ``24h`` stays ``24h``."""
    from tix.domain.times import parse_duration

    parse_duration(text)
    return text.strip().lower()


def _size(text: str) -> str:
    """Kept as it was written."""
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
            raise InvalidValue(f"'{text}' is not {what}", hint="one of " + ", ".join(words))
        return word

    return parse


def _name(text: str) -> str:
    return text.strip().lower()


def _spelled(text: str) -> str:
    """A name of the desk's, in its own spelling; ``none`` for none."""
    name = " ".join(text.split())
    return "none" if is_none(name) else name


def _number(text: str) -> str:
    if not (text.isascii() and text.isdigit() and len(text) <= 16) or not 1 <= int(text) < 2**53:
        raise InvalidValue(f"'{text}' is not a ticket number", hint="a whole number from 1")
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
        Setting("prefix", "TIX-", "What new tickets' references begin with.", _prefix),
        Setting("next_number", "1", "The number of the next ticket; it can only be raised.", _number),
        Setting("workflow", "standard", "Which statuses there are and how one moves between them.", _name),
        Setting(
            "auto_close_after",
            "72h",
            "How long a resolved ticket may be reopened before it closes by itself; 0 is for ever.",
            _duration,
        ),
        Setting(
            "claim_on_reply",
            "auto",
            "Whether the first staff reply takes an unassigned ticket; auto is as the workflow says.",
            _one_of("auto", "true", "false"),
        ),
        Setting("default_priority", "medium", "The priority of a ticket that names none.", _name),
        Setting("default_topic", "none", "The help topic of a ticket that names none.", _spelled),
        Setting("default_department", "none", "Where a ticket goes whose topic says nothing.", _spelled),
        Setting(
            "default_sla",
            "none",
            "The plan of a ticket whose topic and department say nothing.",
            _spelled,
            internal=True,
        ),
        Setting("message_required", "true", "Whether a new ticket needs a message.", _one_of(*BOOLEANS)),
        Setting("attachments.max_total", "30MB", "How much may be attached in one go.", _size),
        Setting("attachments.types", "*", "The types of file that are accepted; * is every type.", _types),
        Setting(
            "attachments.denied",
            "elf,exe,macho,script",
            "The types of file that never are: programs, unless you say otherwise; none is no type.",
            _kinds,
        ),
        Setting(
            "os_users",
            "none",
            "Who OS users are whose names are no logins, as SecAnn=ann.",
            _os_users,
            internal=True,
        ),
        Setting(
            "billing.rate",
            "none",
            "Money an hour, for clients who have no rate of their own.",
            _rate,
            internal=True,
        ),
        Setting(
            "billing.currency",
            "EUR",
            "The currency of clients who have none of their own.",
            _currency,
            internal=True,
        ),
        Setting(
            "billing.round_to",
            "15m",
            "What each ticket's time is rounded up to on an invoice; 0 leaves it as it is.",
            _duration,
            internal=True,
        ),
        Setting("billing.tax", "0", "Tax on an invoice, in per cent.", _percent, internal=True),
        Setting("billing.tax_name", "VAT", "What that tax is called.", _spelled, internal=True),
        Setting(
            "billing.issuer", "none", "Whose invoices these are: name, address.", _spelled, internal=True
        ),
        Setting(
            "billing.note",
            "none",
            "What stands at the foot of an invoice: how and when to pay.",
            _spelled,
            internal=True,
        ),
    )
}


def find(key: str) -> Setting:
    """The setting of that key. Raises UnknownName with the nearest key."""
    setting = SETTINGS.get(key)
    if setting is not None:
        return setting
    import difflib

    if key.rsplit(".", 1)[-1] == "password":
        raise UnknownName(
            "passwords are not kept in settings", hint="there are password commands and environment variables"
        )
    near = difflib.get_close_matches(key, SETTINGS, n=1, cutoff=0.5)
    raise UnknownName(
        f"there is no setting '{key}'",
        hint=f"did you mean {near[0]}?" if near else "tix config list has them all",
    )


class Settings:
    """The settings in force: what the desk has set, else the defaults."""

    def __init__(self, given: Mapping[str, str]) -> None:
        self.given = given

    def text(self, key: str) -> str:
        """The value of ``key`` as text."""
        return self.given.get(key, SETTINGS[key].default)

    def flag(self, key: str) -> bool:
        """The value of a setting that is true or false."""
        return self.text(key) == "true"

    def name(self, key: str) -> str | None:
        """The value of a setting that names something; None for none."""
        text = self.text(key)
        return None if text == "none" else text

    def window_seconds(self, workflow: "Workflow") -> int:
        """How long a resolved ticket waits; 0 is for ever."""
        given = self.given.get("auto_close_after")
        if given is None:
            return workflow.window_seconds
        from tix.domain.times import parse_duration

        return parse_duration(given)

    def claims(self, workflow: "Workflow") -> bool:
        """Whether the first staff reply takes an unassigned ticket."""
        word = self.text("claim_on_reply")
        return workflow.claims if word == "auto" else BOOLEANS[word]
