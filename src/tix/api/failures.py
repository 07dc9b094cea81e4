"""What is answered where no route does: to a wrong path or method, to nobody, and after a bug."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeAlias

from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect
from starlette.responses import Response

from tix.api.problems import refused
from tix.errors import InvalidValue, NotFound, TixError

if TYPE_CHECKING:
    from starlette.requests import Request


async def _http(_request: Request, error: Exception) -> Response:
    """Answer what is no failure of the desk: no such path, another method, a body of another type."""
    assert isinstance(error, HTTPException)
    status = error.status_code
    failure = NotFound("there is no such path", hint="see /openapi.json")
    if status != 404:
        words = {405: "this path has no such method", 413: "the body is longer than 10 MB"}
        failure = InvalidValue(words.get(status, "the body is not application/json"))  # type: ignore[assignment]
    answer = refused(failure, status)
    answer.headers.update(error.headers or {})
    return answer


async def _gone(_request: Request, _error: Exception) -> Response:
    """The client has left while it sent its body; nobody reads this."""
    return Response(status_code=400)


async def _bug(_request: Request, _error: Exception) -> Response:
    """A bug in tix: nothing of it is told to the client."""
    return refused(TixError("a bug in tix; the server's log has more"))


# How people read that a request failed with an HTTP status.
Failed: TypeAlias = Callable[["Request", int], Response]

_OF_THE_API = frozenset(("/healthz", "/readyz", "/metrics", "/openapi.json"))


def handlers(failed: Failed | None) -> dict[Any, Any]:
    """Return what answers each kind of failure; with ``failed`` as a page outside the API."""

    async def answer(request: Request, error: Exception) -> Response:
        path = request.scope["path"]
        if failed is None or path.startswith("/api/") or path in _OF_THE_API:
            return await (_http if isinstance(error, HTTPException) else _bug)(request, error)
        status, headers = 500, None
        if isinstance(error, HTTPException):
            status, headers = error.status_code, error.headers
        found = failed(request, status)
        found.headers.update(headers or {})
        return found

    return {HTTPException: answer, ClientDisconnect: _gone, Exception: answer}
