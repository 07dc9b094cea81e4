"""What mail keeps for itself: the signing key, the last runs, who gets no mail of what, and the desk's own texts."""

from __future__ import annotations

import os
from collections.abc import Sequence

from tix.store.connection import Store


def secret(store: Store) -> bytes:
    """Return the key that signs our Message-IDs: 32 random bytes, made on first use inside a transaction."""
    known = store.value("mail_state_get", name="secret")
    if known is None:
        known = os.urandom(32).hex()
        with store.writing():
            store.run("mail_state_put", name="secret", value=known)
    return bytes.fromhex(known)


def get(store: Store, name: str) -> str | None:
    """Return a value that mail keeps, or None."""
    return store.value("mail_state_get", name=name)  # type: ignore[no-any-return]


def put(store: Store, name: str, value: str) -> None:
    """Keep a value."""
    store.run("mail_state_put", name=name, value=value)


def muted(store: Store, login: str) -> list[str]:
    """Return the notification rules of which a person gets no mail; ``all`` is every rule."""
    return [rule for (rule,) in store.run("muted_of", login=login).fetchall()]


def is_muted(store: Store, login: str, rule: str) -> bool:
    """Return whether a person gets no mail of a rule."""
    return bool(store.value("muted_is", login=login, rule=rule))


def mute(store: Store, login: str, rules: Sequence[str]) -> None:
    """Send a person no more mail of these rules."""
    store.run_many("muted_add", [{"login": login, "rule": rule} for rule in rules])


def unmute(store: Store, login: str, rules: Sequence[str] | None) -> None:
    """Send a person mail of these rules again; None is all."""
    for rule in (None,) if rules is None else rules:
        store.run("muted_drop", owner=login, which=rule)


def texts(store: Store) -> dict[str, str]:
    """Return the desk's own texts, by name."""
    return dict(store.run("mail_texts").fetchall())


def put_text(store: Store, name: str, body: str) -> None:
    """Keep the desk's own text of a kind of mail."""
    store.run("mail_text_put", name=name, body=body)


def drop_text(store: Store, name: str) -> None:
    """Return to the text that is shipped."""
    store.run("mail_text_drop", key=name)
