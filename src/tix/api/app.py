"""The application: finds the route, asks the lane, and sends what it answers."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable, Collection, Iterator, Sequence
from datetime import UTC
from functools import cache
from typing import TYPE_CHECKING, Any, Literal, NamedTuple, TypeVar

import msgspec
from starlette.applications import Starlette
from starlette.convertors import IntegerConvertor, register_url_convertor
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route as Path_

from tix.api import downloads, itflow, json_lines, once, parser, shape, uploads
from tix.api.description import document
from tix.api.events import MOST_STREAMS, STREAM_HEADERS, STREAM_TYPE, Events, EventStream
from tix.api.failures import Failed, handlers
from tix.api.metrics import MEDIA_TYPE, Metrics, counts
from tix.api.problems import HEADERS, refused
from tix.api.routes import ROOT, ROUTES, STREAM, Route
from tix.api.server.access import Application
from tix.api.server.lanes import Lane, Store
from tix.api.server.rates import Rates, Shares
from tix.api.server.ticker import Ticker
from tix.api.tickets import Answer
from tix.desk import tokens
from tix.desk.context import Desk
from tix.desk.tickets import files, read
from tix.errors import NotAllowed, TixError
from tix.words.sentence import as_text

if TYPE_CHECKING:
    from datetime import tzinfo

    from tix.domain.files.attachments import FilePolicy
    from tix.domain.tokens import Token

# Requests whose files are being received, and those whose files are judged and stored, each with 30 MB in memory.
MOST_UPLOADS, MOST_JUDGED = 32, 2
# Of those, the ones that one person sends.
MOST_UPLOADS_OF_LOGIN = 4
# Long files that are being sent, each a copy on the disk meanwhile.
MOST_DOWNLOADS, MOST_DOWNLOADS_OF_LOGIN = 64, 8

# Of a path that says itself which it takes.
METHODS = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]

T = TypeVar("T")
LaneName = Literal["reader", "writer", "long"]
_encode = msgspec.json.Encoder(enc_hook=as_text).encode


class Server:
    """What all requests share: the lanes, the clock and the time zone.

    ``root_path`` is the path a proxy serves it under and takes off, such as ``/desk``.
    """

    def __init__(
        self,
        place: str,
        clock: Callable[[], int],
        zone: Callable[[], tzinfo] | None = None,
        *,
        workers: int = 1,
        root_path: str = "",
        ticker: Ticker | None = None,
    ) -> None:
        self.root_path = root_path
        self._clock, self._zone, self._ticker = clock, zone, ticker
        self._reader, self._long = Lane("reader", place, reads=True), Lane("long", place, reads=True)
        self._writer = Lane("writer", place, queued=workers > 1)
        self._rates = Rates(place, workers)
        self._events = Events(Lane("events", place, MOST_STREAMS), self._long, clock)
        self.metrics = Metrics()
        self._uploads = Shares(MOST_UPLOADS, MOST_UPLOADS_OF_LOGIN, "uploads")
        self._judging = asyncio.Semaphore(MOST_JUDGED)
        self._downloads = Shares(MOST_DOWNLOADS, MOST_DOWNLOADS_OF_LOGIN, "downloads")

    def start(self) -> None:
        """Begin with what the server does by itself."""
        if self._ticker is not None:
            self._ticker.start()

    def close(self) -> None:
        """Finish what waits in the lanes, and close their stores."""
        if self._ticker is not None:
            self._ticker.stop()
        self._events.close()
        self._reader.close()
        self._writer.close()
        self._long.close()

    async def answer(self, route: Route, request: Request) -> Response:
        """Answer one request."""
        key = parser.key_of(request)
        if route.answers == STREAM:
            return await self._stream(request, key)
        if not uploads.has_files(route, request):
            body = await parser.body_of(route, request, lambda: self.admit(request, key, writes=route.writes))
            return await self._run(route, request, key, body)
        login, policy = await self._reader.run(lambda store: self._files_accepted(store, request, key))
        with self._uploads.one(login), await uploads.received(request, policy) as form:
            # Judged with all of their bytes in memory: so a few at a time.
            async with self._judging:
                found = await self._long.run(lambda store: self._judged(store, request, key, form))
                return await self._run(route, request, key, form.data, found)

    async def admit(self, request: Request, key: str, *, writes: bool) -> None:
        """Return before the rest of a long body is read. Raises what ``call`` would: Unauthorized, NotAllowed, Throttled."""
        await self._reader.run(lambda store: self._admitted(store, request, key, writes=writes))

    async def call(self, request: Request, key: str, work: Callable[[Desk], T], *, writes: bool) -> T:
        """Return what ``work`` makes of the desk as the owner of a key. Raises Unauthorized, NotAllowed, and what it raises."""

        def do(store: Store) -> tuple[Token, T]:
            token, desk = self._admitted(store, request, key, writes=writes)
            return token, work(desk)

        token, found = await (self._writer if writes else self._long).run(do)
        if writes:
            self._events.wake()
        await self._touch(token)
        return found

    async def _touch(self, token: Token) -> None:
        """Record that a key was used: a write in the lane of the writer, so that no reader waits for the disk."""
        if token.is_use_due(self._clock()):
            with contextlib.suppress(TixError):
                await self._writer.run(lambda store: tokens.touch(store, token, self._clock()))

    async def _stream(self, request: Request, key: str) -> Response:
        login = await self._events.login(
            lambda store: self._admitted(store, request, key, writes=False)[1].actor.login
        )
        if request.method == "HEAD":
            return Response(headers=STREAM_HEADERS, media_type=STREAM_TYPE)
        return EventStream(
            self._events, await self._events.join(key, login, request.headers.get("last-event-id"))
        )

    async def measured(self, request: Request) -> Response:
        """Answer with the metrics. Raises NotAllowed for requesters."""
        found = await self.call(request, parser.key_of(request), counts, writes=False)
        waiting = {lane.name: lane.waiting for lane in (self._reader, self._writer, self._long)}
        text = self.metrics.text(waiting, len(self._events), found)
        return Response(text, headers={**HEADERS, "Content-Type": MEDIA_TYPE})

    def _files_accepted(self, store: Store, request: Request, key: str) -> tuple[str, FilePolicy]:
        """Refuse what needs no look at the files, before they are received; return who sends them, and which are accepted."""
        _, desk = self._admitted(store, request, key, writes=True)
        if "id" in request.path_params:
            read.find(desk, parser.reference_of(request))
        return desk.actor.login, files.policy(desk)

    def _judged(self, store: Store, request: Request, key: str, form: uploads.Form) -> list[files.Upload]:
        return files.received(self._admitted(store, request, key, writes=True)[1], form.files)

    def _admitted(self, store: Store, request: Request, key: str, *, writes: bool) -> tuple[Token, Desk]:
        """Return a key, and the desk as its owner; count the request, once however often it is asked.

        Raises Unauthorized, Throttled, NotAllowed for a key that is for reading only.
        """
        now = self._clock()
        token, actor = tokens.authenticate(store, key, now)
        request.state.login = actor.login
        if getattr(request.state, "counted", None) != token.digest:
            self._rates.spend(token)
            request.state.counted = token.digest
        if writes and not token.may_write:
            raise NotAllowed("this API key is for reading only", hint="tix token add --scope write")
        return token, Desk(store, actor, now, self._zone)

    async def _run(
        self, route: Route, request: Request, key: str, body: bytes, found: Sequence[files.Upload] = ()
    ) -> Response:
        is_long = route.is_long or (route.lines is not None and parser.wants_lines(request))
        lane = self._writer if route.writes else self._long if is_long else self._reader
        token, answer = await lane.run(lambda store: self._answered(store, route, request, key, body, found))
        if route.writes:
            self._events.wake()
        await self._touch(token)
        self.count_download(answer, token.login)
        return answer

    def count_download(self, answer: Response, login: str) -> None:
        """Count a long file until it is sent. Raises Overloaded, and Throttled where a person has too many."""
        if isinstance(answer, downloads.Copied) and answer.is_on_disk:
            answer.count(self._downloads, login)

    async def run(self, lane: LaneName, work: Callable[[Store], T]) -> T:
        """Run ``work`` in a lane, with its store. Raises Overloaded, and what ``work`` raises."""
        lanes = {"reader": self._reader, "writer": self._writer, "long": self._long}
        found = await lanes[lane].run(work)
        if lane == "writer":
            self._events.wake()
        return found

    @property
    def now(self) -> int:
        """The time, UTC seconds."""
        return self._clock()

    @property
    def zone(self) -> tzinfo:
        """The time zone of the server."""
        return UTC if self._zone is None else self._zone()

    async def ready(self) -> None:
        """Return if the store can be read. Raises what keeps it from that."""
        await self._reader.run(lambda store: store.execute("SELECT 1").fetchone())

    def _answered(
        self,
        store: Store,
        route: Route,
        request: Request,
        key: str,
        body: bytes,
        found: Sequence[files.Upload],
    ) -> tuple[Token, Response]:
        """Answer a request on the thread of a lane."""
        token, desk = self._admitted(store, request, key, writes=route.writes)
        try:
            call = parser.call_of(route, request, body, desk, found)
            names = shape.wanted(route, call.query.fields)
            if route.lines is not None and parser.wants_lines(request):
                answer = route.lines(call)
            elif route.writes or route.is_long:
                answer = once.answered(route, call)
            else:
                with store.reading():  # one lock of the file instead of one for each statement
                    answer = route.run(call)
            if isinstance(answer.record, downloads.Download):
                return token, downloads.response(answer.record, request.headers)
            if isinstance(answer.record, Iterator):
                lines = json_lines.begun(_shaped_lines(answer.record, names))
                return token, json_lines.response(lines, HEADERS)
            shaped = answer._replace(record=shape.shaped(answer.record, names))
            return token, _sent(route, shaped, request, self.root_path)
        except TixError as error:
            return token, refused(error)


def _shaped_lines(lines: Iterator[str], names: tuple[str, ...] | None) -> Iterator[str]:
    if names is None:
        return lines
    return (f"{_encode(shape.shaped(msgspec.json.decode(line), names)).decode()}\n" for line in lines)


def _sent(route: Route, answer: Answer, request: Request, root_path: str) -> Response:
    headers = dict(HEADERS)
    if answer.is_repeated:
        headers["Idempotency-Replayed"] = "true"
    if answer.next is not None:
        url = request.url.include_query_params(cursor=answer.next)
        headers["Link"] = f'<{root_path}{url.path}?{url.query}>; rel="next"'
    if answer.version is not None:
        headers["ETag"] = f'"{answer.version}"'
    status = answer.status or route.status
    if status == 204:
        return Response(status_code=204, headers=headers)
    return Response(_encode(answer.record), status, headers, "application/json")


# ----------------------------------------------------------------------------------------- the application


class Pages(NamedTuple):
    """Routes for people beside those of the API, and how people read that a request failed with an HTTP status."""

    routes: Sequence[Path_]
    failed: Failed


def application(
    server: Server,
    hosts: Collection[str],
    log: Callable[[str], None],
    pages: Pages | None = None,
) -> Application:
    """Return the ASGI application: it answers requests for ``hosts``, and tells ``log`` a line about each."""
    app = Starlette(
        routes=[
            Path_("/healthz", _healthy),
            Path_("/readyz", _ready(server)),
            Path_("/metrics", _measured(server)),
            Path_("/openapi.json", _description(server.root_path)),
            # Before the tickets: "read" would be one.
            *(
                Path_(f"{ROOT}/tickets/{name}{end}", endpoint, methods=METHODS)
                for name, endpoint in itflow.endpoints(server.call, server.admit).items()
                for end in ("", ".php")
            ),
            *_endpoints(server),
            *(pages.routes if pages else ()),
        ],
        exception_handlers=handlers(pages.failed if pages else None),
        lifespan=_lifespan(server),
    )
    app.router.redirect_slashes = False
    return Application(app, frozenset(hosts), log, server.metrics.observe)


class _Id(IntegerConvertor):
    """The id of a file or a time entry in a path: a number that the store can hold."""

    regex = "[0-9]{1,16}"


for one in ("file", "entry"):
    register_url_convertor(one, _Id())


def _endpoints(server: Server) -> list[Path_]:
    """One path has one endpoint for all its methods, so that others are answered with 405 and Allow."""
    paths: dict[str, dict[str, Route]] = {}
    for route in ROUTES:
        paths.setdefault(route.path, {})[route.method] = route
    return [
        Path_(ROOT + path, _endpoint(server, methods), methods=list(methods))
        for path, methods in paths.items()
    ]


def _endpoint(server: Server, methods: dict[str, Route]) -> Callable[[Request], Awaitable[Response]]:
    async def endpoint(request: Request) -> Response:
        try:
            return await server.answer(
                methods["GET" if request.method == "HEAD" else request.method], request
            )
        except TixError as error:
            return refused(error)

    return endpoint


async def _healthy(_request: Request) -> Response:
    """Answer that the process runs; touches nothing."""
    return Response("ok\n", media_type="text/plain")


def _ready(server: Server) -> Callable[[Request], Awaitable[Response]]:
    async def ready(_request: Request) -> Response:
        try:
            await server.ready()
        except TixError as error:
            return refused(error, 503)
        return Response("ok\n", media_type="text/plain")

    return ready


def _measured(server: Server) -> Callable[[Request], Awaitable[Response]]:
    async def measure(request: Request) -> Response:
        try:
            return await server.measured(request)
        except TixError as error:
            return refused(error)

    return measure


@cache
def _described(root_path: str) -> bytes:
    return _encode(document.document(root_path))


def _description(root_path: str) -> Callable[[Request], Awaitable[Response]]:
    described = _described(root_path)

    async def describe(_request: Request) -> Response:
        return Response(described, media_type="application/json")

    return describe


def _lifespan(server: Server) -> Callable[[Any], Any]:
    @contextlib.asynccontextmanager
    async def lifespan(_app: Any) -> AsyncIterator[None]:
        server.start()
        yield
        server.close()

    return lifespan
