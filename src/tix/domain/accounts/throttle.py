"""How often somebody may try to sign in or ask for a mail: by the name they type, and by the address they come from.

What is counted is kept as a keyed hash: people type passwords into the field for the name.
"""

from __future__ import annotations

from collections.abc import Sequence
from unicodedata import normalize

from tix.typing import NamedTuple

_FIRST_WAIT, _LONGEST_WAIT = 30, 900
_LONGEST_NAME = 254  # characters, those of an e-mail address


class Limit(NamedTuple):
    """So many tries are ``free`` within ``window`` seconds; each further one waits twice as long as the one before."""

    kind: str
    free: int
    window: int


# Failed tries to sign in. Several people can share an address, and nobody can try many names from one.
ACCOUNT = Limit("account", 5, 3600)
SOURCE = Limit("source", 20, 900)
# Mails asked for. The person is not told which of these stopped a mail to them.
MAILS_TO = Limit("mail-to", 3, 3600)
MAILS_FROM = Limit("mail-from", 10, 3600)

LONGEST_WINDOW = max(limit.window for limit in (ACCOUNT, SOURCE, MAILS_TO, MAILS_FROM))


def wait(limit: Limit, tries: Sequence[int], now: int) -> int:
    """Return how many seconds the next try has to wait; ``tries`` are the times of those before (UTC seconds)."""
    counted = [at for at in tries if at > now - limit.window]
    if len(counted) < limit.free:
        return 0
    delay = min(_FIRST_WAIT << min(len(counted) - limit.free, 10), _LONGEST_WAIT)
    return max(0, max(counted) + delay - now)


def name_of(text: str) -> str:
    """Return a typed login or e-mail address in the form it is looked up and counted in, at most 254 characters."""
    return normalize("NFC", text[: 2 * _LONGEST_NAME].strip()).lower()[:_LONGEST_NAME]


def source_of(text: str | None) -> str | None:
    """Return the address a request comes from as it is counted: an IPv6 network of 64 bits is one address.

    Whoever has one IPv6 address has all of its network. None for none.
    """
    from ipaddress import IPv6Address, ip_address, ip_network

    if text is None:
        return None
    try:
        address = ip_address(text.partition("%")[0])
    except ValueError:
        return text[:64]
    if isinstance(address, IPv6Address):
        if address.ipv4_mapped is not None:
            return str(address.ipv4_mapped)
        return str(ip_network((address, 64), strict=False))
    return str(address)


def digest(secret: bytes, limit: Limit, key: str) -> str:
    """Return a keyed hash of what is counted, in hexadecimal; ``secret`` is the desk's."""
    import hmac

    text = f"tix attempt\n{limit.kind}\n{key}".encode(errors="surrogatepass")
    return hmac.new(secret, text, "sha256").hexdigest()
