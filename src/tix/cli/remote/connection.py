"""One connection to a server: requests, time limits, what is tried again, and failures as errors of our own.

The key is sent to the server that was named and to no other: redirects are not followed, and proxies of the
environment are not used. A write carries an Idempotency-Key that was made before the first try, so that it can be sent
again after a dropped connection without being done twice.
"""

from __future__ import annotations

import http.client
import json
import os
import socket
from collections.abc import Iterator, Mapping
from contextlib import suppress
from urllib.parse import urlencode

from tix.errors import (
    ForeignServer,
    Refused,
    TixError,
    Unauthorized,
    Unreachable,
    UntrustedServer,
)
from tix.typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from tix.cli.remote.address import Address

CONNECT_SECONDS, READ_SECONDS = 5.0, 30.0
# The longest answer that is read: a ticket with a thread of many long texts is a tenth of it.
MOST_BYTES = 200_000_000
# The longest body that a server takes is 32 MB, with the edges of its parts.
MOST_UPLOADED = 32_000_000
LINES = "application/x-ndjson"
_EVENTS = "text/event-stream"
_ROOT = "/api/v1"

Query = Mapping[str, Any]


class Answer(NamedTuple):
    """The body of an answer, read and parsed, with the headers by name in lower case."""

    body: Any
    headers: Mapping[str, str]


class Event(NamedTuple):
    """A server-sent event: its id, which names the place to go on after; its kind and its data."""

    id: str | None
    kind: str
    data: str


class Upload(NamedTuple):
    """A file to send: its name and its bytes."""

    name: str
    data: bytes


class Connection:
    """The connection of one command, opened with the first request."""

    def __init__(self, address: Address, key: str) -> None:
        self._address, self._key = address, key
        self._http: http.client.HTTPConnection | None = None
        self._response: http.client.HTTPResponse | None = None

    def close(self) -> None:
        """Close the connection, and the answer that was not read to its end."""
        if self._response is not None:
            self._response.close()
            self._response = None
        if self._http is not None:
            self._http.close()
            self._http = None

    # ------------------------------------------------------------------------------------------- requests

    def get(self, path: str, query: Query | None = None) -> Answer:
        """Return the record of a path. Raises what the server refuses with, Unreachable, ForeignServer."""
        response, data = self._sent("GET", path, query)
        return self._parsed(response, data)

    def data(self, path: str) -> bytes:
        """Return the bytes of a path. Raises as ``get`` does."""
        return self._sent("GET", path)[1]

    def write(
        self,
        method: str,
        path: str,
        body: Any = None,
        *,
        key: str | None = None,
        files: list[Upload] | None = None,
    ) -> Answer:
        """Write, once for the key however often it is sent. Raises as ``get`` does."""
        text = None if body is None else json.dumps(body).encode()
        headers = {} if text is None else {"Content-Type": "application/json"}
        if files and text is not None:
            text, headers["Content-Type"] = _form(text, files)
        if key is not None:
            headers["Idempotency-Key"] = key
        response, data = self._sent(method, path, None, text, headers)
        return Answer(None, {}) if response.status == 204 else self._parsed(response, data)

    def lines(self, path: str, query: Query) -> Iterator[Any]:
        """Yield the records of a path as they come. Raises as ``get`` does."""
        return map(self.parsed, self.raw_lines(path, query))

    def raw_lines(self, path: str, query: Query) -> Iterator[bytes]:
        """Yield the records of a path as they come, each as a line. Raises as ``get`` does."""
        response = self._begun("GET", _target(self._address, path, query), None, {"Accept": LINES})
        self._expect_success(response)
        kind = _media_type(response)
        if kind != LINES:
            raise self._foreign(f"it answers with {kind or 'no type'} instead of records")
        while line := self._line(response):
            yield line

    def events(self, last: str | None) -> Iterator[Event]:
        """Yield what the server tells as it happens, after the event ``last``; first an empty one: the stream is open.

        It ends where the server ends it. Raises as ``get`` does.
        """
        headers = {"Accept": _EVENTS} | ({} if last is None else {"Last-Event-ID": last})
        response = self._begun("GET", _target(self._address, "events", None), None, headers)
        self._expect_success(response)
        if _media_type(response) != _EVENTS:
            raise self._foreign("it tells no events")
        yield Event(last, "", "")
        said: dict[str, str] = {}
        while line := self._line(response):
            name, _, value = line.decode(errors="replace").rstrip("\r\n").partition(":")
            if name:
                said[name] = value.removeprefix(" ")
            elif not line.strip():
                if "event" in said:
                    yield Event(said.get("id") or None, said["event"], said.get("data", ""))
                said = {}
        self.close()

    def _line(self, response: http.client.HTTPResponse) -> bytes:
        try:
            line = response.readline(MOST_BYTES)
        except TimeoutError as error:
            raise self._silent() from error
        except (http.client.HTTPException, OSError) as error:
            raise self._lost() from error
        if line and not line.endswith(b"\n"):
            raise self._lost()
        return line

    # ------------------------------------------------------------------------------------------ exchanging

    def _sent(
        self,
        method: str,
        path: str,
        query: Query | None = None,
        body: bytes | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> tuple[http.client.HTTPResponse, bytes]:
        """Send a request and read the answer; once more where the connection was lost."""
        target = _target(self._address, path, query)
        for last in (False, True):
            response = self._begun(method, target, body, headers or {}, last=last)
            try:
                data = response.read(MOST_BYTES + 1)
                if response.length and len(data) <= MOST_BYTES:
                    raise http.client.IncompleteRead(data, response.length)
            except TimeoutError as error:
                raise self._silent() from error
            except (http.client.HTTPException, OSError) as error:
                self.close()
                if last:
                    raise self._lost() from error
                continue
            if len(data) > MOST_BYTES:
                self.close()
                raise self._foreign("its answer is too long")
            self._expect_success(response, data)
            return response, data
        raise AssertionError

    def _begun(
        self,
        method: str,
        target: str,
        body: bytes | None,
        headers: Mapping[str, str],
        *,
        last: bool = False,
    ) -> http.client.HTTPResponse:
        """Send a request and return the answer's beginning; unless it is the last try, once more after a loss."""
        if self._response is not None and not self._response.isclosed():
            self.close()  # nobody has read the former answer to its end
        whole = {"Authorization": f"Bearer {self._key}", "Accept": "application/json", **headers}
        while True:
            connection = self._http
            if connection is None or connection.sock is None:  # it is closed after an answer that says so
                connection = self._connected()
            try:
                # The server may refuse a request before it was whole; then its answer is there.
                with suppress(BrokenPipeError, ConnectionResetError):
                    connection.request(method, target, body, whole)
                self._response = connection.getresponse()
                return self._response
            except TimeoutError as error:
                raise self._silent() from error
            except (http.client.RemoteDisconnected, OSError) as error:
                self.close()
                if last:
                    raise self._lost() from error
                last = True
            except http.client.HTTPException as error:
                self.close()
                raise self._foreign("it does not answer in HTTP") from error

    def _connected(self) -> http.client.HTTPConnection:
        address = self._address
        made: http.client.HTTPConnection
        if address.secure:
            import ssl

            made = http.client.HTTPSConnection(
                address.host, address.port, timeout=CONNECT_SECONDS, context=ssl.create_default_context()
            )
        else:
            made = http.client.HTTPConnection(address.host, address.port, timeout=CONNECT_SECONDS)
        try:
            made.connect()
        except OSError as error:
            made.close()
            raise self._not_connected(error) from error
        except UnicodeError as error:  # a part of the name is longer than a name can be
            raise Unreachable(
                f"there is no server called {address.host}", hint="check the address"
            ) from error
        made.sock.settimeout(READ_SECONDS)
        self._http = made
        return made

    def _not_connected(self, error: OSError) -> TixError:
        where = self._address.place
        if self._address.secure:
            import ssl

            if isinstance(error, ssl.SSLCertVerificationError):
                return UntrustedServer(
                    f"the certificate of {where} is not valid: {error.verify_message}",
                    hint="ask whoever runs the server; nothing was sent",
                )
            if isinstance(error, ssl.SSLError):
                reason = (error.reason or "unknown").lower().replace("_", " ")
                return UntrustedServer(f"no secure connection to {where}: {reason}", hint="nothing was sent")
        if isinstance(error, socket.gaierror):
            return Unreachable(f"there is no server called {self._address.host}", hint="check the address")
        if isinstance(error, TimeoutError):
            return Unreachable(f"the server {where} does not answer", hint="try again later")
        return Unreachable(
            f"cannot connect to {where}: {error.strerror or error}",
            hint="check the address, or try again later",
        )

    def _silent(self) -> TixError:
        self.close()
        return Unreachable(
            f"the server {self._address.place} has not answered within {READ_SECONDS:g} seconds",
            hint="what was sent may have been done; look before you send it again",
        )

    def _lost(self) -> TixError:
        self.close()
        return Unreachable(
            f"the connection to {self._address.place} was lost",
            hint="what was sent may have been done; look before you send it again",
        )

    def _foreign(self, why: str) -> TixError:
        self.close()
        return ForeignServer(
            f"{self._address.url} does not answer as a desk: {why}",
            hint="check the address: tix serve prints it",
        )

    # -------------------------------------------------------------------------------------------- answers

    def _parsed(self, response: http.client.HTTPResponse, data: bytes) -> Answer:
        kind = _media_type(response)
        if kind != "application/json":
            raise self._foreign(f"it answers with {kind or 'no type'} instead of records")
        return Answer(self.parsed(data), {name.lower(): value for name, value in response.getheaders()})

    def parsed(self, data: bytes) -> Any:
        """Return what JSON says. Raises ForeignServer."""
        try:
            return json.loads(data)
        except (ValueError, RecursionError) as error:  # also bytes that are no UTF-8
            raise self._foreign("it answers with broken JSON") from error

    def malformed(self, what: str) -> TixError:
        """Return the failure of an answer whose record is not one of ours."""
        return self._foreign(f"{what} is not as it should be")

    def _expect_success(self, response: http.client.HTTPResponse, data: bytes | None = None) -> None:
        """Raises what a server refuses with."""
        status = response.status
        if 200 <= status < 300:
            return
        if 300 <= status < 400:
            self.close()
            place = response.getheader("Location") or "somewhere else"
            raise Refused(
                f"{self._address.url} redirects to {place}; the API key is not sent there",
                hint="if that is your server, use its address",
            )
        if data is None:
            try:
                data = response.read(MOST_BYTES)
            except (http.client.HTTPException, OSError) as error:
                raise self._lost() from error
        if _media_type(response) == "application/problem+json":
            raise self.problem(self.parsed(data))
        said = f"{status} {response.reason}".strip()
        self.close()
        if status in (502, 503, 504):
            raise Unreachable(f"the server {self._address.place} answers: {said}", hint="try again later")
        raise self._foreign(f"it answers: {said}")

    def problem(self, found: Any) -> TixError:
        """Return a problem document of a result as the error it tells of."""
        given = found if isinstance(found, dict) else {}
        code, message, hint = given.get("code"), given.get("detail"), given.get("hint")
        status = given.get("exit")
        if not (isinstance(code, str) and isinstance(message, str) and isinstance(hint, str | None)):
            return self._foreign("its refusal is not as it should be")
        error = TixError.__new__(_class_of(code))
        TixError.__init__(error, message, hint)
        if type(error) is TixError and isinstance(status, int) and 1 <= status <= 9:
            error.code, error.exit_status = code, status
        ref = given.get("ref")
        error.ref = ref if isinstance(ref, str) else None
        if isinstance(error, Unauthorized):
            error.hint = f"tix login {self._address.url}"
        return error


def new_key() -> str:
    """Return a new Idempotency-Key."""
    return os.urandom(16).hex()


def _target(address: Address, path: str, query: Query | None) -> str:
    words = [
        (name, _word(one))
        for name, value in (query or {}).items()
        for one in (value if isinstance(value, list | tuple) else [value])
    ]
    return f"{address.path}{_ROOT}/{path}" + (f"?{urlencode(words)}" if words else "")


def _word(value: Any) -> str:
    return ("true" if value else "false") if isinstance(value, bool) else str(value)


def _media_type(response: http.client.HTTPResponse) -> str:
    return (response.getheader("Content-Type") or "").partition(";")[0].strip().lower()


def _class_of(code: str) -> type[TixError]:
    """Return the class of errors with a code; TixError for a code that this version does not know."""
    waiting: list[type[TixError]] = [TixError]
    for one in waiting:
        if one.code == code:
            return one
        waiting += one.__subclasses__()
    return TixError


def _form(body: bytes, files: list[Upload]) -> tuple[bytes, str]:
    """Return a form with the JSON body and files, and its media type (RFC 7578)."""
    edge = os.urandom(16).hex()
    parts = [(b'name="data"', b"application/json", body)]
    for one in files:
        # As browsers write a name: https://html.spec.whatwg.org/#multipart-form-data
        name = one.name.replace("\r", "%0D").replace("\n", "%0A").replace('"', "%22").encode()
        parts.append((b'name="file"; filename="' + name + b'"', b"application/octet-stream", one.data))
    whole = b"".join(
        b"--%s\r\nContent-Disposition: form-data; %s\r\nContent-Type: %s\r\n\r\n%s\r\n"
        % (edge.encode(), named, kind, data)
        for named, kind, data in parts
    )
    return whole + b"--%s--\r\n" % edge.encode(), f"multipart/form-data; boundary={edge}"
