"""Accounts of a database server with which people read a desk."""

from tix.typing import NamedTuple


class Account(NamedTuple):
    """An account of the server, and the person it reads as.

    ``reads``: the account and the person are there, and the person is active; otherwise it sees nothing.
    """

    account: str
    user: str
    name: str
    reads: bool
    granted_at: int
    granted_by: str
