"""The web page as routes of the server: who asks, the work in a lane, and the answer as HTML."""

from __future__ import annotations

import asyncio
import contextlib
from typing import TYPE_CHECKING, Any
from urllib.parse import quote
from zoneinfo import ZoneInfo

from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from tix.api import downloads
from tix.api.app import MOST_JUDGED, MOST_UPLOADS, Pages
from tix.api.problems import status_of
from tix.desk.accounts import sessions
from tix.errors import Overloaded, SignedOut, TixError
from tix.web import cookies, forms, layout, moments, problems
from tix.web.catalog import Words, chosen, words
from tix.web.pages import PAGES, Page
from tix.web.visit import Html, Redirect, Visit, Visitor

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping

    from starlette.requests import Request

    from tix.api.app import Server
    from tix.api.server.lanes import Store
    from tix.domain.settings import Settings

# No script at all, nothing from elsewhere, and in nobody's frame (W3C CSP 3).
POLICY = (
    "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; frame-ancestors 'none'; "
    "base-uri 'none'"
)
HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "no-store",
}
# What a page can say after a redirect; the address names one of them.
_SAID = frozenset(
    """created sent noted assigned changed rated read signed-out signed-out-everywhere reset-sent link-sent password-set
    chosen""".split()
)
# What people read of a failure outside of every page.
_ERRORS = {404: "not-found", 405: "method", 413: "too-long", 415: "form", 400: "form"}


def pages(server: Server) -> Pages:
    """Return the pages of a desk."""
    site = Site(server, server.root_path)
    return Pages(site.routes(), site.failed)


class Site:
    """The pages of a desk."""

    def __init__(self, server: Server, root: str) -> None:
        self._server, self._root = server, root
        self._receiving, self._judging = 0, asyncio.Semaphore(MOST_JUDGED)

    def routes(self) -> list[Route]:
        """Return a route for each path; it has all methods of the path, so that others are answered with 405."""
        paths: dict[str, dict[str, Page]] = {}
        for page in PAGES:
            paths.setdefault(page.path, {})[page.method] = page
        return [
            *(Route(path, self._endpoint(pages), methods=list(pages)) for path, pages in paths.items()),
            Route("/style.css", _static("style.css", "text/css; charset=utf-8")),
            Route("/icon.svg", _static("icon.svg", "image/svg+xml")),
        ]

    def failed(self, request: Request, status: int) -> Response:
        """Return how people read a failure outside of every page: no such path, or a body that is no form."""
        request.state.root = self._root
        return _bare(request, _ERRORS.get(status, "error"), status)

    def _endpoint(self, pages: Mapping[str, Page]) -> Callable[[Request], Awaitable[Response]]:
        async def endpoint(request: Request) -> Response:
            page = pages["GET" if request.method == "HEAD" else request.method]
            request.state.root = self._root
            try:
                return await self._answer(page, request)
            except TixError as error:
                return _bare(request, error.code, status_of(error))

        return endpoint

    async def _answer(self, page: Page, request: Request) -> Response:
        if page.method != "POST":
            return await self._done(page, request, forms.Form())
        if forms.is_foreign(request):
            return _bare(request, "foreign", 403)
        if not page.has_files or not forms.has_files(request):
            return await self._done(page, request, await forms.fields(request))
        # No file is received for nobody.
        if not await self._server.run("reader", lambda store: self._is_signed_in(store, request)):
            return _to_sign_in(request)
        if self._receiving >= MOST_UPLOADS:
            raise Overloaded("the server is receiving too many files", hint="try again in a minute")
        self._receiving += 1
        try:
            async with forms.received(request) as parts, self._judging:
                return await self._done(page, request, await forms.parts(parts))
        finally:
            self._receiving -= 1

    async def _done(self, page: Page, request: Request, form: forms.Form) -> Response:
        visitor, answer = await self._server.run(
            page.lane, lambda store: self._on_lane(store, page, request, form)
        )
        if visitor is not None and visitor.session.is_seen_due(self._server.now):
            # In the lane of the writer, so that no reader waits for the disk.
            with contextlib.suppress(TixError):
                await self._server.run(
                    "writer", lambda store: sessions.touch(store, visitor.session, self._server.now)
                )
        if visitor is not None:
            self._server.count_download(answer, visitor.actor.login)
        return answer

    def _is_signed_in(self, store: Store, request: Request) -> bool:
        visit = self._visit(store, request, forms.Form(), _jar(request, sessions.settings(store)))
        return visit.visitor is not None

    def _on_lane(
        self, store: Store, page: Page, request: Request, form: forms.Form
    ) -> tuple[Visitor | None, Response]:
        """Do the work of a page, and write its answer."""
        jar = _jar(request, sessions.settings(store))
        visit = self._visit(store, request, form, jar)
        if visit.visitor is not None:
            request.state.login = visit.visitor.actor.login
        return visit.visitor, _answered(page, request, visit, jar)

    def _visit(self, store: Store, request: Request, form: forms.Form, jar: cookies.Jar) -> Visit:
        now, visitor, settings = self._server.now, None, sessions.settings(store)
        if jar.key is not None:
            with contextlib.suppress(SignedOut):
                session, actor = sessions.authenticate(store, jar.key, now)
                visitor = Visitor(actor, jar.key, session)
        zone = settings.name("web.zone")
        return Visit(
            store,
            visitor,
            now,
            words=_words(request, settings.text("web.language")),
            zone=cookies.zone(request) or (self._server.zone if zone is None else ZoneInfo(zone)),
            path=request.path_params,
            query=dict(request.query_params),
            form=form,
            token=jar.token(visitor),
            source=None if request.client is None else request.client.host,
            agent=request.headers.get("user-agent"),
            old_key=jar.key,
            chosen=cookies.choices(request),
        )


def _jar(request: Request, settings: Settings) -> cookies.Jar:
    is_secure = request.scope["scheme"] == "https" or settings.text("web.url").startswith("https://")
    return cookies.Jar(request, is_secure=is_secure, seconds=sessions.lifetime(settings).longest)


def _answered(page: Page, request: Request, visit: Visit, jar: cookies.Jar) -> Response:
    if visit.visitor is None and not page.is_open:
        return _to_sign_in(request)
    if page.method == "POST" and not jar.is_token(visit.visitor, visit.form.line("token")):
        return _rendered(request, visit, _failure(visit.words, "stale-form", 403), jar)
    try:
        answer = page.run(visit)
    except TixError as error:
        answer = Html("error.html", {"problem": problems.fault(visit.words, error)}, status_of(error))
    if isinstance(answer, downloads.Download):
        return downloads.response(answer, request.headers)
    if isinstance(answer, Redirect):
        sent = RedirectResponse(_root(request) + answer.path, 303, HEADERS)
        jar.keep(sent, answer.key, answer.choices or {})
        return sent
    return _rendered(request, visit, answer, jar)


def _rendered(request: Request, visit: Visit, answer: Html, jar: cookies.Jar) -> Response:
    text, said = visit.words, visit.query.get("said", "")
    values = {
        **_frame(request, text),
        "me": None if visit.visitor is None else visit.visitor.actor.person,
        "token": visit.token,
        "said": text(f"said.{said}") if said in _SAID else None,
        "near": lambda at: moments.near(at, visit.now, text, visit.zone),
        "whole": lambda at: moments.whole(at, text, visit.zone),
        **answer.values,
    }
    sent = Response(
        layout.html(answer.template, values), answer.status, {**HEADERS, **answer.headers}, "text/html"
    )
    if visit.visitor is None:
        jar.keep_form(sent)
    return sent


def _bare(request: Request, code: str, status: int) -> Response:
    """Return an error page that knows nothing of the desk: outside of the lanes."""
    text = _words(request)
    headers = {**HEADERS, **({"Retry-After": "1"} if status == 503 else {})}
    failure = _failure(text, code, status)
    return Response(
        layout.html(failure.template, {**_frame(request, text), **failure.values}),
        status,
        headers,
        "text/html",
    )


def _failure(text: Words, code: str, status: int) -> Html:
    key = f"problem.{code}" if text.has(f"problem.{code}") else "problem.error"
    return Html("error.html", {"problem": problems.Fault(text(key), text.language)}, status)


def _frame(request: Request, text: Words) -> dict[str, Any]:
    """Return what every template has; a page overrides it."""
    return {
        "t": text,
        "root": _root(request),
        "style": layout.style_version(),
        "me": None,
        "token": "",
        "said": None,
        "place": "",
        "faults": (),
        "problem": None,
    }


def _words(request: Request, desk: str = "auto") -> Words:
    own = cookies.choices(request)["language"]
    return words(chosen(own, desk, request.headers.get("accept-language", "")))


def _root(request: Request) -> str:
    return str(request.state.root)


def _to_sign_in(request: Request) -> Response:
    """Send somebody to the sign-in form; of a page that was asked for, it knows the way back."""
    to = request.scope["path"] if request.method == "GET" else "/"
    path = f"{_root(request)}/sign-in" + ("" if to == "/" else f"?to={quote(to)}")
    return RedirectResponse(path, 303, HEADERS)


def _static(name: str, kind: str) -> Callable[[Request], Awaitable[Response]]:
    async def send(request: Request) -> Response:
        age = 31_536_000 if "v" in request.query_params else 3_600
        headers = {**HEADERS, "Cache-Control": f"public, max-age={age}"}
        return Response(layout.static(name), 200, headers, kind)

    return send
