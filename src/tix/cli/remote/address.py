"""The address of a server, as ``--store``, ``TIX_STORE`` and the configuration give it."""

from __future__ import annotations

from tix.errors import InvalidValue, Refused
from tix.typing import NamedTuple

_PORTS = {"http": 80, "https": 443}


class Address(NamedTuple):
    """A server: its ``url`` without a slash at the end, and the parts of it; ``path`` is what a proxy serves it under."""

    url: str
    secure: bool
    host: str
    port: int
    path: str

    @property
    def place(self) -> str:
        """Return ``desk.example``, with the port where it is not the usual one."""
        usual = _PORTS["https" if self.secure else "http"]
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == usual else f"{host}:{self.port}"


def parse_address(text: str) -> Address:
    """Return the server that a URL names.

    Raises InvalidValue for a malformed one; Refused for http:// to another machine, because everybody on the way could
    read the API key.
    """
    from urllib.parse import urlsplit

    try:
        parts = urlsplit(text.strip())
        scheme, host, port = parts.scheme.lower(), parts.hostname, parts.port
    except ValueError as error:
        raise _malformed(text) from error
    is_plain = text.isascii() and text.isprintable() and " " not in text
    if scheme not in _PORTS or not host or parts.query or parts.fragment or not is_plain or port == 0:
        raise _malformed(text)
    if parts.username is not None or parts.password is not None:
        raise InvalidValue(
            "the address of a server contains no name and no password", hint="set TIX_TOKEN, or run tix login"
        )
    path = parts.path.rstrip("/").removesuffix("/api/v1")
    netloc = parts.netloc.lower()
    address = Address(f"{scheme}://{netloc}{path}", scheme == "https", host, port or _PORTS[scheme], path)
    if not address.secure and not _is_this_machine(host):
        raise Refused(
            f"{address.url} is not encrypted: everybody on the way could read the API key",
            hint=f"use https://{netloc}{path}",
        )
    return address


def _is_this_machine(host: str) -> bool:
    return host in ("localhost", "::1") or _is_loopback(host)


def _is_loopback(host: str) -> bool:
    """Whether it is an address of 127.0.0.0/8, and not a name such as ``127.0.0.1.example``."""
    digits = host.split(".")
    return len(digits) == 4 and digits[0] == "127" and all(one.isdigit() for one in digits)


def _malformed(text: str) -> InvalidValue:
    return InvalidValue(
        f"'{text}' is not the address of a server",
        hint="for example https://desk.example or http://127.0.0.1:8642",
    )
