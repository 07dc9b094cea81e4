"""What a setting of the desk is, and what settings accept: each function checks a text and returns its canonical form.

Those that refuse something raise InvalidValue.
"""

from collections.abc import Callable

from tix.domain.names import is_none
from tix.errors import InvalidValue
from tix.typing import NamedTuple

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


def prefix(text: str) -> str:
    """Return the prefix of references."""
    from tix.domain.tickets.references import parse_prefix

    return parse_prefix(text)


def duration(text: str) -> str:
    """Return the duration as it was written: ``24h`` stays ``24h``."""
    from tix.domain.durations import parse_duration

    parse_duration(text)
    return text.strip().lower()


def size(text: str) -> str:
    """Return the size as it was written."""
    from tix.domain.files.attachments import parse_size

    parse_size(text)
    return text.strip()


def types(text: str) -> str:
    """Return kinds of files, separated by commas."""
    from tix.domain.files.attachments import format_types, parse_types

    return format_types(parse_types(text))


def kinds(text: str) -> str:
    """Return kinds of files; ``none`` for none."""
    return "none" if is_none(text) else types(text)


def one_of(*words: str, what: str = "a value of this setting") -> Callable[[str], str]:
    """Return what accepts one of ``words``."""

    def parse(text: str) -> str:
        word = text.strip().lower()
        if word not in words:
            raise InvalidValue(f"'{text}' is not {what}", hint="use one of " + ", ".join(words))
        return word

    return parse


def name(text: str) -> str:
    """Return a name in lower case."""
    return text.strip().lower()


def spelled(text: str) -> str:
    """Return a name in its own spelling; ``none`` for none."""
    name = " ".join(text.split())
    return "none" if is_none(name) else name


def number(text: str) -> str:
    """Return the number of a ticket."""
    if not (text.isascii() and text.isdigit() and len(text) <= 16) or not 1 <= int(text) < 2**53:
        raise InvalidValue(f"'{text}' is not a ticket number", hint="write a whole number from 1 up")
    return str(int(text))


def rate(text: str) -> str:
    """Return an hourly rate; ``none`` for none."""
    if is_none(text):
        return "none"
    from tix.domain.billing.invoices import parse_rate

    return parse_rate(text)


def currency(text: str) -> str:
    """Return a currency of ISO 4217."""
    from tix.domain.billing.invoices import parse_currency

    return parse_currency(text)


def percent(text: str) -> str:
    """Return a percentage."""
    from tix.domain.billing.invoices import parse_percent

    return parse_percent(text)


def address(text: str) -> str:
    """Return an e-mail address; ``none`` for none."""
    if is_none(text):
        return "none"
    from tix.domain.people import parse_email

    return parse_email(text)


def host(text: str) -> str:
    """Return the name or number of a server; ``none`` for none."""
    word = text.strip().lower()
    if is_none(word):
        return "none"
    odd = not word.isprintable() or any(letter in " /@,;" for letter in word) or len(word) > 253
    if odd or word.count(":") == 1:  # an IPv6 address has more; the port is a setting of its own
        raise InvalidValue(f"'{text}' is not the name of a server", hint="for example imap.example.org")
    return word


def port(text: str) -> str:
    """Return the port of a server; ``auto`` for that of its protocol."""
    word = text.strip().lower()
    if word == "auto":
        return word
    if not (word.isascii() and word.isdigit() and len(word) <= 5 and 1 <= int(word) <= 65535):
        raise InvalidValue(f"'{text}' is not a port", hint="write a number from 1 to 65535, or auto")
    return str(int(word))


def line(text: str) -> str:
    """Return one line without control characters, as it was written; ``none`` for none."""
    word = text.strip()
    if not word.isprintable():
        raise InvalidValue("the value contains a line break or another control character")
    return "none" if is_none(word) else word


def languages(text: str) -> str:
    """Return codes of languages, separated by commas; ``none`` for none."""
    from tix.domain.search import LANGUAGES

    found = list(dict.fromkeys(word.strip().lower() for word in text.split(",") if word.strip()))
    if not found or found == ["none"]:
        return "none"
    for word in found:
        if word not in LANGUAGES:
            raise InvalidValue(
                f"'{word}' is not a language whose word forms are known",
                hint="use codes such as en,de: " + ", ".join(sorted(LANGUAGES)),
            )
    return ",".join(found)


def senders(text: str) -> str:
    """Return addresses and domains, separated by commas; ``none`` for none."""
    found = [word.strip().lower() for word in text.split(",") if word.strip()]
    if not found or found == ["none"]:
        return "none"
    for word in found:
        if not word.isprintable() or " " in word or "." not in word.rpartition("@")[2]:
            raise InvalidValue(
                f"'{word}' is neither an e-mail address nor a domain", hint="for example robot@example.org"
            )
    return ", ".join(dict.fromkeys(found))


def domain(text: str) -> str:
    """Return a domain for Message-IDs of at most 25 characters: with it an id stays within a line of 76."""
    word = text.strip().lower()
    if word == "auto":
        return word
    from tix.domain.mail.message_id import parse_domain

    return parse_domain(word)


def rules(text: str) -> str:
    """Return names of notification rules, separated by commas; ``none`` for none."""
    found = [word.strip().lower() for word in text.split(",") if word.strip()]
    if not found or found == ["none"]:
        return "none"
    from tix.domain.notifications import MAILED

    for word in found:
        if word not in MAILED:
            raise InvalidValue(f"'{word}' is not a notification rule", hint="use " + ", ".join(MAILED))
    return ", ".join(dict.fromkeys(found))


def os_users(text: str) -> str:
    """Return names of OS users with their logins; ``none`` for none."""
    from tix.domain.people import parse_os_users

    return ", ".join(f"{name}={login}" for name, login in parse_os_users(text).items()) or "none"


def web_url(text: str) -> str:
    """Return the address of a web page without a slash at its end; ``none`` for none."""
    if is_none(text):
        return "none"
    import re

    found = re.fullmatch(_WEB_URL, text.strip(), re.IGNORECASE)
    if found is None or (found["port"] is not None and not 1 <= int(found["port"]) <= 65_535):
        raise InvalidValue(
            f"'{text}' is not the address of a web page", hint="for example https://desk.example"
        )
    return found["server"].lower() + found["path"].rstrip("/")


# Scheme, host (or an IPv6 address), port and path of RFC 3986; no user name, query or fragment.
_WEB_URL = (
    r"(?P<server>https?://(?:[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?|\[[0-9a-f:.]+\])(?::(?P<port>[0-9]{1,5}))?)"
    r"(?P<path>(?:/[a-z0-9._~!$&'()*+,;=:@%-]*)*)"
)


def session_time(text: str) -> str:
    """Return a duration of at least half an hour as it was written."""
    from tix.domain.durations import parse_duration

    if parse_duration(text) < _SHORTEST_SESSION:
        raise InvalidValue(f"'{text}' is less than 30 minutes", hint="for example 12h or 7d")
    return text.strip().lower()


_SHORTEST_SESSION = 1800  # seconds; a request is recorded every ten minutes


def zone(text: str) -> str:
    """Return the name of a time zone as the IANA database spells it; ``none`` for none."""
    from tix.domain.sla.calendars import parse_zone

    return "none" if is_none(text) else parse_zone(text)
