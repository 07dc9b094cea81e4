"""Every file of the corpora is read, or refused with a reason; some were looked at by eye, and stay as they are."""

import hashlib
import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

from tix.errors import Unreadable
from tix.importers.markup import html
from tix.mail.mime.message import FLAGS, Message, read

# A file that begins with a header, perhaps behind the line that a mailbox puts before it.
WHOLE = re.compile(rb"\A(?:\xef\xbb\xbf)?[\r\n]*(?:>?From [^\r\n]*(?:\r\n|\r|\n))?[!-9;-~]+:")
HEADER_OF_MAIL = re.compile(
    rb"(?mi)^(?:from|to|subject|date|received|message-id|content-[a-z-]+|mime-version|return-path):"
)


@pytest.fixture(scope="module")
def folder() -> Path:
    name = os.environ.get("TIX_CORPORA")
    if not name:
        pytest.skip("TIX_CORPORA names no folder of corpora")
    return Path(name)


def files(folder: Path) -> Iterator[bytes]:
    seen = set()
    for path in sorted(folder.rglob("*")):
        raw = path.read_bytes() if path.is_file() else b""
        if raw and raw not in seen:
            seen.add(raw)
            yield raw


def read_or_refused(raw: bytes) -> Message | str:
    try:
        return read(raw)
    except Unreadable as error:
        return str(error)


def messages(folder: Path) -> Iterator[tuple[bytes, Message]]:
    """Yield what is mail; all of it can be read."""
    for raw in files(folder):
        if WHOLE.match(raw) and HEADER_OF_MAIL.search(raw[:20_000]):
            yield raw, read(raw)


def test_every_file_is_a_message_or_unreadable_with_a_reason(folder):
    """Pictures and JSON too: nothing but Unreadable is raised, whatever comes."""
    for raw in files(folder):
        result = read_or_refused(raw)
        if isinstance(result, str):
            assert result.startswith("the ")
        else:
            assert set(result.flags) <= FLAGS


def test_no_message_loses_its_text_in_silence(folder):
    """Where something stands below the headers, there is a text, an attachment, or HTML that shows nothing."""
    count = 0
    for raw, message in messages(folder):
        count += 1
        body = re.split(rb"\n\r?\n|\r\r", raw, maxsplit=1)[1:]
        shown = message.text or message.attachments or message.html or message.flags
        if not shown and "multipart/mixed" not in message.content_types:
            assert not body or not body[0].strip()[:1], raw[:300]
    assert count > 300 or not (folder / "flufl-bounce").exists()


def test_no_text_of_a_message_has_what_cannot_be_stored(folder):
    for _, message in messages(folder):
        people = [*message.to, *message.cc, *message.reply_to, *([message.sender] if message.sender else [])]
        texts = [
            message.subject,
            message.text,
            message.html or "",
            *(one.name for one in message.attachments),
        ]
        texts += [part for person in people for part in person] + [value for _, value in message.headers]
        for text in texts:
            assert "\0" not in text
            text.encode()


def test_every_html_is_shown_with_its_links(folder):
    for _, message in messages(folder):
        if message.html:
            shown = html.text(message.html)
            for name, url in html.links(message.html):
                if name and url.startswith(("http://", "https://")):
                    assert url in shown or url.rstrip("/").partition("://")[2] in shown


class Seen(NamedTuple):
    """What was seen in a message: the beginning of its subject and of its text, the text's length, the file names."""

    sender: str
    subject: str
    text: str
    length: int
    files: str


# By the first 16 digits of the SHA-256 of the message.
LOOKED_AT = {
    "f4578acfef735c50": Seen('foo@example.com', 'testing', 'This is the first part.', 23, 'api.rb'),
    "ca02402b68f43e76": Seen('postmaster@IKON.com', 'Undeliverable: RE: Waiver draft results explained', 'Your message\n\n  To:      pit-penguins@pl', 472, 'message.eml'),
    "56b7d7884be5c14c": Seen('redacted@flashmail.net', 'Redacted', 'foo', 3, ''),
    "0ba08281d660f0b8": Seen('', '', 'Best\nEnviado desde mi BlackBerry® de Vod', 232, ''),
    "b6cbf713954d89eb": Seen('MAILER-DAEMON@zinfandel.lacita.com', 'Returned mail: Too many hops 19 (17 max): from <linuxuser-ad', 'This is a MIME-encapsulated message\n\n--J', 4208, ''),
    "0107d3183911047e": Seen('', '', 'Unlike the test test_nested-multiples-wi', 1856, ''),
    "cf358ada53425459": Seen('doug@example.com', 'Die Hasen und die Frösche (Microsoft Outlook 00)', 'Die Hasen und die Frösche\n\nDie Hasen kla', 736, ''),
    "3aad64e70823e747": Seen('python-list-owner@python.org', 'Mail Error', 'Your mail cannot be delivered to the fol', 2205, ''),
    "90e5e275ed74ee0e": Seen('fyouizjnp@swissonline.ch', 'Low or High Blood Pressure? We can help.', "If you're in need of a good RX site for ", 258, ''),
    "dc1cc6bd2948d88a": Seen('doug@penguin.example.com', 'Die Hasen und die Frösche', 'Die Hasen und die Frösche\n\nDie Hasen kla', 736, ''),
    "4398e2153afe488f": Seen('aperson@dom.ain', '', '', 0, 'message.eml message.eml'),
    "ca373c5d29c8f31f": Seen('jdoe@machine.example', 'Saying Hello', 'This is a message just to say hello.\nSo,', 49, ''),
    "b2772b19fa4fbe17": Seen('', "Utilisateur non recensé dans l'annuaire Ademe", 'A message could not be delivered to:\nuse', 192, 'delivery-status.txt'),
    "aa9e77f6297e6007": Seen('bbb@ddd.com', 'This is a test message', 'Hi,\n\nDo you like this message?\n\n-Me', 35, ''),
    "b98e4e0c90037146": Seen('foo@bar.baz', 'test', 'This is the signed contents.', 28, 'signature.asc'),
    "d017fb4d8e0e7b1b": Seen('raasdnil@gmail.com', 'testing', 'testing\n\n-- \nhttp://lindsaar.net/\nRails,', 64, 'てすと.txt'),
    "9e05566cb5df59db": Seen('email_test@me.nowhere', 'Testing outlook', 'Hello\nThis is an outlook test\n\nSo there.', 45, ''),
    "79e4cb253305c42e": Seen('Internet-Drafts@ietf.org', 'I-D ACTION:draft-ietf-mboned-mix-00.txt', 'Blah blah blah', 14, 'message.eml draft-ietf-mboned-mix-00.txt'),
    "6071228c9643e164": Seen('MDaemon@webmail.pla.net.py', 'Warning: userx@example.net.py - User unknown!', 'userx@example.net.py - no such user here', 129, 'pd75019146383.md'),
    "f43de32a9f3ec078": Seen('arthur@example.example', '', 'bar\n\nbaz', 8, ''),
    "133a20a52fa9f8d8": Seen('doug@example.com', 'Die Hasen und die Frösche (Microsoft Outlook 00)', 'Die Hasen und die Frösche\n\nDie Hasen kla', 734, ''),
    "726a7affbd671a8b": Seen('jamis@37signals.com', 'Testing attachments', 'Here is a test of an attachment via emai', 51, 'truncated.png smime.p7s'),
    "c9d406692ba35736": Seen('aperson@dom.ain', '', '--BOUNDARY\nContent-Type: text/plain\n\nmes', 108, ''),
    "9572dc394cb08195": Seen('doug@example.com', 'Die Hasen und die Frösche (Microsoft Outlook 00)', 'Die Hasen und die Frösche\n\nDie Hasen kla', 736, ''),
    "41817c46ac25bf1c": Seen('mailer-daemon@jtc-con.co.jp', 'Delivery Report', '----- The following addresses have deliv', 127, 'delivery-status.txt'),
    "f3b38ff82d37718e": Seen('postmaster@mail.trusite.com', 'Undelivered mail', 'An error was detected while processing t', 566, ''),
    "127cf48cc5aa73c7": Seen('', '', 'body', 4, ''),
    "5890507921d5c93e": Seen('', '', 'Content-Type: text/plain\n\nbody\n--a------', 79, ''),
    "b41254e201645eec": Seen('aperson@example.com', 'Re: Limiting Perl CPU Utilization...', 'Some message.', 13, ''),
    "8900b725ebe67da5": Seen('dwsauder@example.com', 'Test message from Netscape Communicator 4.7', 'Die Hasen und die Frösche\n\nDie Hasen kla', 736, ''),
    "b20cc65a8999ed6f": Seen('dwsauder@example.com', 'Test message from Netscape Communicator 4.7', '', 0, 'blueball.png'),
    "40f1bd8ca6539c18": Seen('info@here2there-travelers-msgs.net', 'Impress your clients with a business phone���', '', 0, ''),
}  # fmt: skip


def test_messages_looked_at_by_eye(folder):
    found = {}
    for raw, message in messages(folder):
        digest = hashlib.sha256(raw).hexdigest()[:16]
        if digest in LOOKED_AT:
            found[digest] = Seen(
                message.sender.address if message.sender else "",
                message.subject[:60],
                message.text.lstrip()[:40],
                len(message.text),
                " ".join(one.name for one in message.attachments),
            )
    assert found == {digest: LOOKED_AT[digest] for digest in found}
    assert len(found) == len(LOOKED_AT) or not (folder / "stalwart-mail-parser").exists()
