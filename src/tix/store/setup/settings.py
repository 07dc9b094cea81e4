"""Settings, and numbers that are handed out once."""

from __future__ import annotations

from tix.store.connection import Store


def settings(store: Store) -> dict[str, str]:
    """Return the settings that are not at their defaults, as text."""
    return dict(store.run("settings").fetchall())


def put_setting(store: Store, key: str, value: str) -> None:
    """Store a setting."""
    store.run("setting_put", key=key, value=value)


def drop_setting(store: Store, key: str) -> None:
    """Return a setting to its default."""
    store.run("setting_drop", key=key)


def take_numbers(store: Store, count: int = 1) -> int:
    """Return the first of ``count`` ticket numbers that nobody else will get."""
    cursor = store.run("counter_take", counter="number", step=count)
    (last,) = cursor.fetchone()
    cursor.close()
    return int(last) - count + 1


def last_number(store: Store) -> int:
    """Return the highest number handed out."""
    return int(store.value("counter_get", name="number"))


def raise_number(store: Store, last: int) -> None:
    """Make ``last`` the highest number handed out."""
    store.run("counter_set", counter="number", wanted=last)
