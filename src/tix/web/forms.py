"""What a form has sent: read with limits, and refused where another site has sent it."""

from __future__ import annotations

from contextlib import asynccontextmanager, suppress
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import parse_qsl, urlsplit

from starlette.datastructures import FormData, UploadFile
from starlette.exceptions import HTTPException

from tix.desk.tickets import files
from tix.errors import StorageFailure

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from starlette.requests import Request

    from tix.desk.tickets.files import Upload

MOST_FIELDS = 200
MOST_FILES = 50
# The longest text of one field; a form without files has no more than that altogether.
TEXT_BYTES = 1_000_000


class Form(NamedTuple):
    """The fields of a form, each with the last value sent, and its files by name and content."""

    values: dict[str, str] = {}  # noqa: RUF012  # nobody changes it
    sent: tuple[tuple[str, bytes], ...] = ()

    def text(self, name: str) -> str:
        """Return what was typed, with the line ends of this system; empty where the field was not sent."""
        return self.values.get(name, "").replace("\r\n", "\n")

    def line(self, name: str) -> str:
        """Return what was typed or chosen, without blanks around it."""
        return self.values.get(name, "").strip()

    def given(self, name: str) -> str | None:
        """Return what was typed or chosen; None for nothing."""
        return self.line(name) or None

    def uploads(self) -> list[Upload]:
        """Return the files with their types and digests; whether the desk takes them is for the desk to say."""
        return [files.upload(name, data) for name, data in self.sent]


def is_foreign(request: Request) -> bool:
    """Whether the browser says that another site has sent the form, or does not say where it comes from.

    Fetch metadata where the browser has it, else Origin, else Referer (RFC 6454; W3C Fetch Metadata).
    """
    site = request.headers.get("sec-fetch-site")
    if site is not None:
        return site not in ("same-origin", "none")
    origin = request.headers.get("origin") or request.headers.get("referer") or ""
    try:
        return urlsplit(origin).netloc.lower() != request.headers["host"].lower()
    except ValueError:
        return True


def has_files(request: Request) -> bool:
    """Return whether the body is a form that may have files."""
    return _kind(request) == "multipart/form-data"


def _kind(request: Request) -> str:
    return request.headers.get("content-type", "").partition(";")[0].strip().lower()


async def fields(request: Request) -> Form:
    """Read a form without files. Raises HTTPException for another type of body, and for one that is too long."""
    if _kind(request) != "application/x-www-form-urlencoded":
        raise HTTPException(415)
    body = b""
    async for chunk in request.stream():
        body += chunk
        if len(body) > TEXT_BYTES:
            raise HTTPException(413)
    try:
        pairs = parse_qsl(
            body.decode("utf-8", "replace"),
            keep_blank_values=True,
            errors="replace",
            max_num_fields=MOST_FIELDS,
        )
    except ValueError as error:
        raise HTTPException(413) from error
    return Form(dict(pairs))


@asynccontextmanager
async def received(request: Request) -> AsyncIterator[FormData]:
    """Receive a form with files; long ones are on the disk, until the end of the block.

    Raises HTTPException for a malformed one, and for too many parts or too long texts; StorageFailure where the disk
    takes no more. The protocol bounds all of it.
    """
    try:
        form = await request.form(max_files=MOST_FILES, max_fields=MOST_FIELDS, max_part_size=TEXT_BYTES)
    except OSError as error:
        raise StorageFailure(f"the file cannot be received: {error.strerror}") from error
    try:
        yield form
    finally:
        with suppress(OSError):
            await form.close()


async def parts(found: FormData) -> Form:
    """Read what was received into memory."""
    values, sent = {}, []
    for name, part in found.multi_items():
        if not isinstance(part, UploadFile):
            values[name] = part
        elif part.filename:  # a field of files in which none was chosen is sent without a name
            sent.append((part.filename, await part.read()))
    return Form(values, tuple(sent))
