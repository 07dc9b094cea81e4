"""Server-sent events: what happens on the desk, to each reader what they may see.

One task looks whether the desk has changed, four times a second and after each write of this process. It asks once for
each distinct scope of the readers, and hands everyone their events. No reader waits for another.

An event's id is the id of the entry and a digest of it. A reader who comes back names the last one, and gets what has
happened since; where that entry is no longer there for them (the desk was restored, the ticket deleted or reassigned),
or too much has happened, they get ``reset``: read anew what you show.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable, Iterator
from hashlib import blake2b
from typing import TYPE_CHECKING, NamedTuple

import msgspec
from starlette.responses import Response

from tix.api.server.rates import WAIT_SECONDS
from tix.desk import tokens
from tix.desk.context import Desk
from tix.desk.tickets import log
from tix.errors import Overloaded, Throttled, TixError, Unauthorized
from tix.render.records.tickets import item_record

if TYPE_CHECKING:
    from starlette.types import Receive, Scope, Send

    from tix.api.server.lanes import Lane, Store
    from tix.domain.people import Actor
    from tix.domain.tickets.timeline import ThreadLine

LOOK_SECONDS = 0.25
HEARTBEAT_SECONDS = 15.0
# What the look before the end may take; longer, and the streams end without it.
LAST_LOOK_SECONDS = 1.0
MOST_STREAMS = 400
# Of those, the ones of one person, so that nobody takes all.
MOST_STREAMS_OF_LOGIN = 20
# Events that wait for a reader who is slow; then their stream ends, and they come back.
MOST_WAITING = 500
# Events that a reader who comes back has missed; more are a ``reset``.
MOST_MISSED = 10_000
# Bytes of the events that wait, or were missed, unless it is one event alone.
MOST_BYTES = 4_000_000

STREAM_TYPE = "text/event-stream"
# X-Accel-Buffering: nginx sends each event on at once.
STREAM_HEADERS = {"Cache-Control": "no-store", "X-Accel-Buffering": "no", "X-Content-Type-Options": "nosniff"}

_encode = msgspec.json.Encoder().encode
_BEGUN = b"retry: 2000\n\n"
_HEARTBEAT = b": still here\n\n"
# The empty id makes the client forget the last one.
_RESET = b"id\nevent: reset\ndata: {}\n\n"


class Event(NamedTuple):
    """The id of an entry, and the event as it is sent; a heartbeat and ``reset`` have none."""

    id: int | None
    text: bytes


class Client:
    """One stream: the key it was opened with, whom that acts as, and the events that wait; None ends it."""

    def __init__(self, key: str, login: str) -> None:
        self.key, self.login = key, login
        self.waiting: asyncio.Queue[Event | None] = asyncio.Queue()
        self._size = 0
        self.has_ended = asyncio.Event()

    def put(self, event: Event) -> None:
        """Let an event wait; end the stream where too many do, or too much."""
        is_short = not self._size or self._size + len(event.text) <= MOST_BYTES
        if self.waiting.qsize() < MOST_WAITING and is_short:
            self._size += len(event.text)
            self.waiting.put_nowait(event)
        else:
            self.end()

    async def next(self) -> Event | None:
        """Return the event that waits first, once there is one; None at the end."""
        event = await self.waiting.get()
        if event is not None:
            self._size -= len(event.text)
        return event

    def end(self) -> None:
        """End the stream after what already waits."""
        self.has_ended.set()
        self.waiting.put_nowait(None)


class Start(NamedTuple):
    """Where a stream begins: after the entry ``position``, with what was missed before."""

    client: Client
    position: int
    missed: list[Event]


class _Found(NamedTuple):
    """What a look has found: the events of each key, the keys that no longer work, and whether ids begin again."""

    events: dict[str, list[Event]]
    refused: set[str]
    is_reset: bool = False


class Events:
    """All streams of one process. ``lane`` looks for changes, ``long`` reads what was missed."""

    def __init__(self, lane: Lane, long: Lane, clock: Callable[[], int]) -> None:
        self._lane, self._long, self._clock = lane, long, clock
        self._clients: set[Client] = set()
        self._changed = asyncio.Event()
        self._watcher: asyncio.Task[None] | None = None
        self._stopped = asyncio.Event()
        # On the thread of the lane: the store as it was looked at last, and the entry up to which it was read.
        self._store: Store | None = None
        self._version = self._last = 0

    def __len__(self) -> int:
        return len(self._clients)

    def wake(self) -> None:
        """Look for changes now: this process has written."""
        if self._clients:
            self._changed.set()

    def stop(self) -> None:
        """End all streams after one more look, so that what was answered is also told; no other begins."""
        self._stopped.set()
        if self._watcher is None:
            self._end_all()
        self._changed.set()

    def close(self) -> None:
        """Close the store of the lane."""
        self._lane.close()

    # ----------------------------------------------------------------------------------------- a stream

    async def login(self, admit: Callable[[Store], str]) -> str:
        """Return whom ``admit`` says a key acts as. Raises what it raises.

        Asked in this lane, which has room for all streams: after a restart they all come back at once.
        """
        return await self._lane.run(admit)

    async def join(self, key: str, login: str, last_event: str | None) -> Start:
        """Begin a stream of a person. ``leave`` has to follow.

        Raises Overloaded, Throttled where the person has many already, and what keeps the desk from being read.
        """
        if self._stopped.is_set() or len(self._clients) >= MOST_STREAMS:
            raise Overloaded("the server has too many event streams", hint="try again in a minute")
        if sum(one.login == login for one in self._clients) >= MOST_STREAMS_OF_LOGIN:
            raise Throttled(f"you have {MOST_STREAMS_OF_LOGIN} event streams already", WAIT_SECONDS)
        client = Client(key, login)
        self._clients.add(client)
        try:
            if self._watcher is None:
                self._watcher = asyncio.create_task(self._watch())
            # A look that has begun without this client ends before the store is read for it.
            position = await self._lane.run(self._begin)
            missed: list[Event] = []
            if last_event is not None:
                position, missed = await self._long.run(lambda store: self._missed(store, key, last_event))
        except BaseException:
            self.leave(client)
            raise
        return Start(client, position, missed)

    def leave(self, client: Client) -> None:
        """Forget a stream."""
        self._clients.discard(client)

    def _begin(self, store: Store) -> int:
        last = log.last_id(store)
        if self._store is None:
            self._store, self._version, self._last = store, log.written(store), last
        return last

    def _missed(self, store: Store, key: str, last_event: str) -> tuple[int, list[Event]]:
        """Return the id of the last entry, and what the owner of the key has missed since an event."""
        with store.reading():
            last = log.last_id(store)
            _, actor = tokens.authenticate(store, key, self._clock())
            desk = Desk(store, actor, self._clock())
            number = last_event.partition(".")[0]
            if not (number.isascii() and number.isdigit() and len(number) < 19):
                return last, [Event(None, _RESET)]
            seen = int(number)
            # One that the reader may not see is as one that is not there.
            known = [line for line in log.between(desk, seen - 1, seen) if _id(line) == last_event]
            missed = _bounded(map(_event, log.between(desk, seen, last))) if known else None
            return last, [Event(None, _RESET)] if missed is None else missed

    # --------------------------------------------------------------------------------------- the watcher

    async def _watch(self) -> None:
        """Look for changes while there are streams."""
        loop = asyncio.get_running_loop()
        beat = loop.time() + HEARTBEAT_SECONDS
        try:
            while self._clients and not self._stopped.is_set():
                with contextlib.suppress(TimeoutError):
                    await asyncio.wait_for(self._changed.wait(), LOOK_SECONDS)
                self._changed.clear()
                if not self._stopped.is_set() and await self._round(loop.time() >= beat):
                    beat = loop.time() + HEARTBEAT_SECONDS
            if self._clients:
                with contextlib.suppress(TimeoutError):
                    await asyncio.wait_for(self._round(False), LAST_LOOK_SECONDS)
        finally:
            # Here after a bug as well, which must not leave streams that are silent for ever.
            self._end_all()
            self._watcher = self._store = None

    async def _round(self, is_due: bool) -> bool:
        """Look once, and hand out what is found, a heartbeat too where that is due; return whether one was sent."""
        keys = {client.key for client in self._clients}
        found = await self._found(keys, is_due)
        if found is not None:
            self._hand_out(found, is_due)
        return is_due and found is not None

    async def _found(self, keys: set[str], is_due: bool) -> _Found | None:
        """Return what a look finds; None where the store is busy or being replaced, and the next look finds it."""
        try:
            return await self._lane.run(lambda store: self._look(store, keys, is_due))
        except TixError:
            return None

    def _end_all(self) -> None:
        for client in self._clients:
            client.end()

    def _hand_out(self, found: _Found, is_due: bool) -> None:
        for client in self._clients:
            if client.key in found.refused:
                client.end()
                continue
            if found.is_reset:
                client.put(Event(None, _RESET))
            for event in found.events.get(client.key, ()):
                client.put(event)
            if is_due:
                client.put(Event(None, _HEARTBEAT))

    def _look(self, store: Store, keys: set[str], is_due: bool) -> _Found:
        """Return what is new for the owners of ``keys``; check all of the keys where that is due."""
        version = log.written(store)
        is_same = store is self._store
        if is_same and version == self._version and not is_due:
            return _Found({}, set())
        with store.reading():
            last = log.last_id(store)
            actors, refused = self._actors(store, keys)
            # Ids begin again where the file was replaced, and a lower one tells that they have.
            is_reset = not is_same or last < self._last
            events = {} if is_reset or last == self._last else self._new(store, actors, last)
        self._store, self._version, self._last = store, version, last
        return _Found(events, refused, is_reset)

    def _actors(self, store: Store, keys: set[str]) -> tuple[dict[str, Actor], set[str]]:
        """Return whom each key acts as now, and the keys that no longer work."""
        actors, refused = {}, set()
        for key in keys:
            try:
                _, actors[key] = tokens.authenticate(store, key, self._clock())
            except Unauthorized:
                refused.add(key)
        return actors, refused

    def _new(self, store: Store, actors: dict[str, Actor], last: int) -> dict[str, list[Event]]:
        by_scope: dict[object, list[Event]] = {}
        found = {}
        for key, actor in actors.items():
            desk = Desk(store, actor, self._clock())
            if desk.scope not in by_scope:
                by_scope[desk.scope] = [_event(line) for line in log.between(desk, self._last, last)]
            found[key] = by_scope[desk.scope]
        return found


def _bounded(events: Iterator[Event]) -> list[Event] | None:
    """Return the events that a reader has missed; None where they are too many, or too much."""
    found: list[Event] = []
    size = 0
    for event in events:
        size += len(event.text)
        if len(found) == MOST_MISSED or (found and size > MOST_BYTES):
            return None
        found.append(event)
    return found


def _event(line: ThreadLine) -> Event:
    item = line.item
    assert item.id is not None
    data = _encode(item_record(item, line.by_name, line.ref))
    return Event(item.id, b"id: %b\nevent: entry\ndata: %b\n\n" % (_id(line).encode(), data))


def _id(line: ThreadLine) -> str:
    """Return the id of an event. In a restored file another entry can have the same number."""
    item = line.item
    said = (item.at, item.by, item.kind, item.type, item.field, item.old, item.new, item.body)
    return f"{item.id}.{blake2b(repr(said).encode('utf-8', 'surrogatepass'), digest_size=6).hexdigest()}"


class EventStream(Response):
    """The answer that sends the events of a client until it leaves, is too slow, loses its key, or the server stops."""

    def __init__(self, events: Events, start: Start) -> None:
        self._events, self._start = events, start
        self.status_code = 200
        self.background = None
        self.media_type = STREAM_TYPE
        self.init_headers(STREAM_HEADERS)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        client = self._start.client
        # The protocol calls it when the server stops: a stream would not end by itself.
        scope["state"]["end"] = self._events.stop
        sending = asyncio.create_task(self._send(send))
        gone = asyncio.create_task(_gone(receive))
        ended = asyncio.create_task(client.has_ended.wait())
        try:
            await asyncio.wait({sending, gone, ended}, return_when=asyncio.FIRST_COMPLETED)
            if not sending.done() and not gone.done():
                # What waits is sent, unless the client does not read it.
                await asyncio.wait({sending, gone}, timeout=1, return_when=asyncio.FIRST_COMPLETED)
        finally:
            self._events.leave(client)
            for task in (sending, gone, ended):
                task.cancel()
            await asyncio.wait({sending, gone, ended})

    async def _send(self, send: Send) -> None:
        await send({"type": "http.response.start", "status": self.status_code, "headers": self.raw_headers})
        async for text in self._texts():
            await send({"type": "http.response.body", "body": text, "more_body": True})
        await send({"type": "http.response.body", "body": b""})

    async def _texts(self) -> AsyncIterator[bytes]:
        client, position, missed = self._start
        yield _BEGUN
        for event in missed:
            yield event.text
        while (one := await client.next()) is not None:
            if one.text is _RESET:
                position = -1
            # What was written before the stream began is among what was missed, or not asked for.
            if one.id is None or one.id > position:
                yield one.text


async def _gone(receive: Receive) -> None:
    """Return when the client has left."""
    while (await receive())["type"] != "http.disconnect":
        pass
