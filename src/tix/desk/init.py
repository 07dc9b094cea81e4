"""Write the first settings of a new desk."""

from __future__ import annotations

from collections.abc import Mapping

from tix.typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tix.desk.context import Desk


def set_up(desk: Desk, values: Mapping[str, str]) -> None:
    """Store the first settings of a desk, parsed. It is the desk's first write, also if there are no settings."""
    from tix.store.setup import settings

    with desk.store.writing():
        for key, value in values.items():
            settings.put_setting(desk.store, key, value)
    desk.forget_settings()
