"""What the server does by itself, every minute: fetch mail, apply what is due, send the outbox (``tix serve --with-tick``)."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from typing import TYPE_CHECKING

import msgspec

from tix.api.server.lanes import Lane, Store
from tix.desk.context import Desk
from tix.desk.locks import only_one
from tix.desk.people import actor_of
from tix.errors import TixError
from tix.mail.tick import fetch_and_tick

if TYPE_CHECKING:
    from datetime import tzinfo

SECONDS = 60.0


class Ticker:
    """Ticks for ``login`` from start to stop. Of several processes at one store, one ticks.

    ``log`` gets a line of JSON for each run that did something, and for each failure.
    """

    def __init__(
        self,
        place: str,
        login: str,
        clock: Callable[[], int],
        zone: Callable[[], tzinfo] | None,
        log: Callable[[str], None],
        seconds: float = SECONDS,
    ) -> None:
        self._place, self._login, self._clock, self._zone, self._log = place, login, clock, zone, log
        self._seconds = seconds
        self._lane = Lane("ticker", place)
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Begin with a run at once; call it on the loop of the server."""
        self._task = asyncio.get_running_loop().create_task(self._run())

    def stop(self) -> None:
        """End; waits for a run that is under way."""
        if self._task is not None:
            self._task.cancel()
        self._lane.close()

    async def _run(self) -> None:
        while True:
            with only_one(self._place, "tick") as is_mine:
                # Who has the lock keeps it; another process takes over when this one ends.
                while is_mine:
                    await self._once()
                    await asyncio.sleep(self._seconds)
            await asyncio.sleep(self._seconds)

    async def _once(self) -> None:
        try:
            await self._lane.run(self._tick)
        except TixError as error:
            self._tell_failure(error)
        except Exception:  # a bug ends this run and not the task; the log has its traceback
            logging.getLogger("uvicorn.error").exception("a bug in tix ended a tick")

    def _tick(self, store: Store) -> None:
        desk = Desk(store, actor_of(store, self._login), self._clock(), self._zone)
        done = fetch_and_tick(desk, clock=self._clock, failed=self._tell_failure)
        if found := {name: count for name, count in done.items() if count}:
            self._tell(**found)

    def _tell_failure(self, error: TixError) -> None:
        self._tell(error=error.code, message=str(error.message))

    def _tell(self, **told: object) -> None:
        self._log(str(msgspec.json.encode({"tick": told}), "utf-8"))
