"""Receive files: the parts of a form, or one file as the whole body, while they are judged.

Nothing is kept whole in memory, and reading ends with the first byte too many.
"""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from contextlib import ExitStack, suppress
from tempfile import SpooledTemporaryFile
from typing import TYPE_CHECKING, Any, BinaryIO, Self, cast
from urllib.parse import unquote

from python_multipart.exceptions import FormParserError
from python_multipart.multipart import MultipartParser, parse_options_header

from tix.domain.files.attachments import FilePolicy, check_start, check_total, clean_name
from tix.domain.files.filetypes import START_BYTES
from tix.errors import InvalidValue, StorageFailure

if TYPE_CHECKING:
    from starlette.requests import Request

    from tix.api.routes import Route

FORM = "multipart/form-data"
# The part of a form that is the JSON body of the request.
DATA = "data"
# A longer file waits on the disk while it is received.
MEMORY_BYTES = 1_000_000
MOST_PARTS = 200
# Of the name of a file its end is kept: the last part of a path, with its extension.
NAME_CHARACTERS = 1000
FIELDS_BYTES = 10_500_000


def media_type(request: Request) -> str:
    """Return the media type of the body, without its parameters."""
    return request.headers.get("content-type", "").partition(";")[0].strip().lower()


def has_files(route: Route, request: Request) -> bool:
    """Return whether the body has to be received as files: a form, or anything where the route has no other body."""
    return route.takes_files and (route.body is None or media_type(request) == FORM)


class Form:
    """What a form says: ``fields`` by name, each with its texts, and ``files``, each with its name.

    A context manager: at its end the files are gone.
    """

    def __init__(self, policy: FilePolicy) -> None:
        self.fields: dict[str, list[bytes]] = {}
        self.files: list[tuple[str, BinaryIO]] = []
        self._policy = policy
        # As they are told in a refusal.
        self._names: list[str] = []
        self._open = ExitStack()
        self._parts = self._fields_size = self._files_size = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._open.close()

    @property
    def data(self) -> bytes:
        """The JSON body. Raises InvalidValue for another field, and for more than one."""
        given = self.fields.get(DATA, [])
        if len(given) > 1 or self.fields.keys() - {DATA}:
            raise InvalidValue(
                "the form has fields that are not known",
                hint=f"send the JSON body as the field '{DATA}', and everything else as files",
            )
        return given[0] if given else b""

    def begin(self, name: str, file: str | None) -> None:
        """Begin the field ``name``, or a file called ``file``. Raises InvalidValue for too many of them."""
        self._parts += 1
        if self._parts > MOST_PARTS:
            raise InvalidValue(f"the form has more than {MOST_PARTS} parts")
        self._start: bytes | None = None
        if file is None:
            self.fields.setdefault(name, []).append(b"")
            self._into = name
        else:
            self._start = b""
            opened = SpooledTemporaryFile(MEMORY_BYTES)  # noqa: SIM115  # closed with the form
            self._open.callback(_close, opened)
            self.files.append((file[-NAME_CHARACTERS:], cast("BinaryIO", opened)))
            self._names.append(clean_name(self.files[-1][0]))

    def add(self, piece: bytes) -> None:
        """Add bytes to what was begun last. Raises InvalidValue for what the desk does not accept, StorageFailure."""
        if self._start is None:
            self._fields_size += len(piece)
            if self._fields_size > FIELDS_BYTES:
                raise InvalidValue("the fields of the form are longer than 10 MB")
            self.fields[self._into][-1] += piece
            return
        name, file = self.files[-1]
        if len(self._start) < START_BYTES:
            self._start += piece[: START_BYTES - len(self._start)]
            if len(self._start) == START_BYTES:
                check_start(name, self._start, self._policy)
        self._files_size += len(piece)
        check_total(self._names, self._files_size, self._policy)
        try:
            file.write(piece)
        except OSError as error:
            raise StorageFailure(f"the file cannot be received: {error.strerror}") from error

    def rewind(self) -> None:
        """End receiving: every file is at its start. Files without a name and content are fields left empty."""
        self.files = [(name, file) for name, file in self.files if name or file.tell()]
        for _, file in self.files:
            file.seek(0)


async def received(request: Request, policy: FilePolicy) -> Form:
    """Receive the files of a request. Raises InvalidValue, StorageFailure, and what ends the connection."""
    form = Form(policy)
    try:
        if media_type(request) == FORM:
            await _parse(request.headers["content-type"], request.stream(), form)
        else:
            form.begin("", _file_name(request.headers.get("content-disposition", "")))
            async for piece in request.stream():
                form.add(piece)
        form.rewind()
    except OSError as error:  # the last bytes are written to the disk when it is rewound
        form.__exit__()
        raise StorageFailure(f"the file cannot be received: {error.strerror}") from error
    except BaseException:
        form.__exit__()
        raise
    return form


def _close(file: SpooledTemporaryFile[bytes]) -> None:
    """Close a temporary file; what a full disk has not taken of it is of no use to anybody."""
    with suppress(OSError):
        file.close()


async def _parse(content_type: str, stream: AsyncIterator[bytes], form: Form) -> None:
    boundary = parse_options_header(content_type)[1].get(b"boundary")
    if not boundary:
        raise InvalidValue("the Content-Type of the form names no boundary")
    parts = _Parts(form)
    try:
        parser = MultipartParser(boundary, cast("Any", parts.callbacks()))
        async for piece in stream:
            parser.write(piece)
    except FormParserError as error:
        raise InvalidValue("the form is malformed") from error
    if not parts.is_whole:
        raise InvalidValue("the form is cut short")


class _Parts:
    """What the parser calls, as the parts of a form."""

    def __init__(self, form: Form) -> None:
        self._form = form
        self._field = self._value = b""
        self._disposition = b""
        self.is_whole = False

    def callbacks(self) -> dict[str, Any]:
        return {
            "on_part_begin": self._part,
            "on_header_field": self._name,
            "on_header_value": self._text,
            "on_header_end": self._header,
            "on_headers_finished": self._headers,
            "on_part_data": lambda data, start, end: self._form.add(data[start:end]),
            "on_end": self._end,
        }

    def _part(self) -> None:
        self._disposition = b""

    def _name(self, data: bytes, start: int, end: int) -> None:
        self._field += data[start:end]

    def _text(self, data: bytes, start: int, end: int) -> None:
        self._value += data[start:end]

    def _header(self) -> None:
        if self._field.lower() == b"content-disposition":
            self._disposition = self._value
        self._field = self._value = b""

    def _headers(self) -> None:
        kind, options = parse_options_header(self._disposition)
        if kind != b"form-data" or b"name" not in options:
            raise InvalidValue("a part of the form has no name")
        file = options.get(b"filename")
        # Browsers write a quotation mark like this (https://html.spec.whatwg.org/#multipart-form-data).
        name = None if file is None else _text(file).replace("%22", '"')
        self._form.begin(_text(options[b"name"]), name)

    def _end(self) -> None:
        self.is_whole = True


def _text(name: bytes) -> str:
    try:
        return name.decode()
    except UnicodeDecodeError:
        return name.decode("latin-1")


def _file_name(disposition: str) -> str:
    """Return the file name of a Content-Disposition (RFC 6266). Raises InvalidValue where there is none."""
    exact = re.search(r";\s*filename\*\s*=\s*utf-8'[^']*'([^;\s]+)", disposition, re.IGNORECASE)
    if exact:
        return unquote(exact[1])
    plain = parse_options_header(disposition)[1].get(b"filename", b"")
    if not plain:
        raise InvalidValue(
            "the name of the file is missing", hint='send Content-Disposition: attachment; filename="a.pdf"'
        )
    return _text(plain)
