"""Settings, and numbers that are handed out once."""

from __future__ import annotations

from tix.store.connection import Store


def settings(store: Store) -> dict[str, str]:
    """The settings that are not at their defaults, as text."""
    return dict(store.run("settings").fetchall())


def put_setting(store: Store, key: str, value: str) -> None:
    """Keeps a setting."""
    store.run("setting_put", key=key, value=value)


def drop_setting(store: Store, key: str) -> None:
    """Returns a setting to its default."""
    store.run("setting_drop", key=key)


def take_numbers(store: Store, count: int = 1) -> int:
    """The first of ``count`` ticket numbers that nobody else will get."""
    cursor = store.run("counter_take", counter="number", step=count)
    (last,) = cursor.fetchone()
    cursor.close()
    return int(last) - count + 1


def last_number(store: Store) -> int:
    """The highest number handed out."""
    return int(store.value("counter_get", name="number"))


def raise_number(store: Store, last: int) -> None:
    """Makes ``last`` the highest number handed out."""
    store.run("counter_set", counter="number", wanted=last)
