"""The list of common passwords; where it comes from: ``common_passwords.LICENSE.txt``."""

from __future__ import annotations

from functools import cache
from pathlib import Path


def is_common(password: str) -> bool:
    """Return whether a text in lower case is one of the common passwords."""
    return password in _words()


@cache
def _words() -> frozenset[str]:
    import gzip

    data = Path(__file__).with_name("common_passwords.txt.gz").read_bytes()
    return frozenset(gzip.decompress(data).decode().split("\n")) - {""}
