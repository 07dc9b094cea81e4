"""Received mails in the store: their bytes, what became of them, and which messages of a mailbox were taken."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from tix.domain.json_columns import compact
from tix.errors import DamagedStore
from tix.typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tix.domain.mail.kept import KeptMail
    from tix.domain.permissions import Scope
    from tix.store.connection import Store


def add(
    store: Store,
    *,
    sha256: str,
    raw: bytes,
    message_id: str | None,
    sender: str | None,
    subject: str,
    at: int,
    channel: str,
    outcome: str,
    reason: str,
    ticket_id: int | None = None,
    item_id: int | None = None,
    folded_at: int | None = None,
    text_sha256: str | None = None,
) -> int:
    """Keep a mail and what became of it; return its id."""
    from zlib import compress

    id = store.run(
        "mail_add",
        sha256=sha256,
        raw=compress(raw),
        message_id=message_id,
        sender=sender,
        subject=subject,
        at=at,
        channel=channel,
        outcome=outcome,
        reason=reason,
        ticket_id=ticket_id,
        item_id=item_id,
        folded_at=folded_at,
        text_sha256=text_sha256,
    ).lastrowid
    assert id is not None
    return id


def known(store: Store, sha256: str) -> int | None:
    """Return the id of the kept mail with the same bytes, or None."""
    return store.value("mail_known", sha256=sha256)  # type: ignore[no-any-return]


def is_alike(store: Store, message_id: str | None, sender: str | None, text_sha256: str) -> bool:
    """Return whether a mail with this id, sender and text was taken before: it came by another way."""
    if message_id is None or sender is None:
        return False
    found = store.value("mail_alike", message_id=message_id, sender=sender, text_sha256=text_sha256)
    return found is not None


def tickets_of(store: Store, ids: Iterable[str]) -> dict[str, int]:
    """Return the tickets, by id, of earlier mails with these Message-IDs."""
    return dict(store.run("mail_tickets", ids=compact(list(ids))).fetchall())


def ticket_sent(store: Store, ids: Iterable[str]) -> int | None:
    """Return the ticket of a mail of ours that a relay gave one of these ids."""
    found = store.value("outbox_ticket_of", ids=compact(list(ids)))
    return None if found is None else int(found)


def last_id(store: Store, ticket_id: int, sender: str) -> str | None:
    """Return the Message-ID of the last mail of a sender to a ticket."""
    return store.value("mail_last_of", ticket_id=ticket_id, sender=sender)  # type: ignore[no-any-return]


def opened_since(store: Store, sender: str, since: int) -> int:
    """Return how many mails of a sender opened or named a ticket since then."""
    return int(store.value("mail_opened_since", sender=sender, since=since))


def joined_since(store: Store, sender: str, ticket_id: int, since: int) -> int:
    """Return how many mails of a sender joined a ticket since then."""
    return int(store.value("mail_joined_since", sender=sender, ticket_id=ticket_id, since=since))


def listed(
    store: Store, scope: Scope, *, waiting: bool = False, outcome: str | None = None, limit: int = -1
) -> Iterator[KeptMail]:
    """Yield mails, newest first: those in quarantine (``waiting``), those of one outcome, or all."""
    if waiting:
        rows = store.scoped("mails_waiting", scope, limit=limit)
    else:
        rows = store.scoped("mails", scope, outcome=outcome, limit=limit)
    from tix.domain.mail.kept import KeptMail

    return (KeptMail(*row) for row in rows.fetchall())


def get(store: Store, scope: Scope, id: int) -> KeptMail | None:
    """Return a mail, or None."""
    row = store.scoped("mail_of", scope, id=id).fetchone()
    from tix.domain.mail.kept import KeptMail

    return None if row is None else KeptMail(*row)


def of_item(store: Store, scope: Scope, item_id: int) -> KeptMail | None:
    """Return the mail an entry was made from, or None."""
    row = store.scoped("mail_of_item", scope, item_id=item_id).fetchone()
    from tix.domain.mail.kept import KeptMail

    return None if row is None else KeptMail(*row)


def raw(store: Store, id: int) -> bytes | None:
    """Return the bytes of a mail as they came; None where they are deleted. Raises DamagedStore."""
    found = store.value("mail_raw", id=id)
    import zlib

    try:
        return None if found is None else zlib.decompress(found)
    except zlib.error as error:
        from tix.store.damage import HINT

        raise DamagedStore(f"the text of mail {id} is damaged", hint=HINT) from error


def digests(store: Store) -> Iterator[tuple[int, str]]:
    """Yield the ids of the mails whose bytes are kept, and the SHA-256 of those bytes."""
    return ((id, sha256) for id, sha256 in store.run("mail_digests").fetchall())


def folds(store: Store, items: Iterable[int]) -> dict[int, int]:
    """Return where the quoted rest begins in those of these entries that came by mail and have one, by entry id."""
    return dict(store.run("mail_folds", items=compact(list(items))).fetchall())


def counts(store: Store) -> dict[str, int]:
    """Return how many mails had each outcome."""
    return dict(store.run("mail_counts").fetchall())


def settle(
    store: Store,
    id: int,
    *,
    outcome: str,
    reason: str,
    ticket_id: int | None,
    item_id: int | None,
    folded_at: int | None,
) -> None:
    """Record what became of a mail that was in quarantine."""
    store.run(
        "mail_settle",
        key=id,
        new_outcome=outcome,
        new_reason=reason,
        new_ticket_id=ticket_id,
        new_item_id=item_id,
        new_folded_at=folded_at,
    )


def delete(store: Store, id: int) -> None:
    """Remove the bytes and the words of a mail; that it came is remembered, so that it does not come again."""
    store.run("mail_delete", key=id)


def drop(store: Store, ticket_id: int) -> None:
    """Remove the bytes and the words of the mails of a ticket that is deleted."""
    store.run("mails_drop", ticket=ticket_id)


def seen(store: Store, folder: str, validity: int, uid: str) -> bool | None:
    """Return whether a message of a mailbox that was taken before went to quarantine; None for a new one."""
    found = store.value("mail_seen_is", folder=folder, validity=validity, uid=uid)
    return None if found is None else bool(found)


def see(store: Store, folder: str, validity: int, uid: str, now: int, *, waits: bool) -> None:
    """Remember that a message of a mailbox was taken, in the transaction that took it; ``waits``: in quarantine."""
    store.run("mail_seen_add", folder=folder, validity=validity, uid=uid, waits=int(waits), at=now)
