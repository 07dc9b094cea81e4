"""Messages made to cost time or memory: each is read, cut, or refused with a reason.

The sizes are just beyond a limit, so that a limit that is gone is seen here; how long they take is not asked.
"""

import pytest

from tix.errors import Unreadable
from tix.mail.mime.limits import DEFAULT
from tix.mail.mime.message import Limits, read

HEAD = b"From: a@x.example\nSubject: s\n"


def nested(count: int) -> bytes:
    return HEAD + b"".join(
        b"Content-Type: multipart/mixed; boundary=b%d\n\n--b%d\n" % (place, place) for place in range(count)
    )


def parts(count: int, part: bytes) -> bytes:
    return HEAD + b"Content-Type: multipart/mixed; boundary=b\n\n" + (b"--b\n" + part) * count + b"--b--\n"


REFUSED = {
    "large": (HEAD + b"\n" + b"a" * DEFAULT.size, "the message is larger than 30MiB"),
    "lines": (HEAD + b"\n" * 1_000_001, "the message has more than 1,000,000 lines"),
    "lines that end in CR": (HEAD + b"\r" * 1_000_001, "the message has more than 1,000,000 lines"),
    "soft line breaks": (
        HEAD + b"Content-Transfer-Encoding: quoted-printable\n\n" + b"=\n" * 1_000_001,
        "the message has more than 1,000,000 lines",
    ),
    "a long header": (b"Subject: " + b"a " * 140_000 + b"\n\nx", "the headers are larger than 256KiB"),
    "a folded header": (b"Subject: " + b"a\n " * 140_000 + b"\n\nx", "the headers are larger than 256KiB"),
    "encoded words without end": (b"Subject: " + b"=?utf-8?q?" * 30_000 + b"\n\nx", "the headers are larger than 256KiB"),
    "headers": (HEAD + b"".join(b"X-%d: y\n" % place for place in range(1_000)) + b"\nx", "the message has more than 1,000 headers"),
    "headers of a part": (
        parts(1, b"X: y\n" * 1_001 + b"\nx\n"), "the parts of the message have too many headers"
    ),
    "headers of all parts": (parts(400, b"X: y\n" * 100 + b"\nx\n"), "the parts of the message have too many headers"),
    "parts": (parts(501, b"\nx\n"), "the message has more than 500 parts"),
    "parts with long headers": (
        parts(501, b"Content-Type: text/plain" + b";x" * 7_500 + b"\n\nx\n"), "the message has more than 500 parts"
    ),
    "multiparts": (nested(61), "the message has more than 60 multiparts"),
    "multiparts beside each other": (
        parts(61, b"Content-Type: multipart/mixed; boundary=c\n\n--c--\n"), "the message has more than 60 multiparts"
    ),
    "deep": (nested(33), "the message is nested deeper than 30 multiparts"),
    "very deep": (nested(2_000), "the message has more than 60 multiparts"),
    "multiparts and lines": (nested(20) + b"\n" * 410_000, "the message has 20 multiparts in 410,063 lines"),
}  # fmt: skip


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_beyond_a_limit_goes_to_quarantine(name):
    raw, reason = REFUSED[name]
    with pytest.raises(Unreadable) as caught:
        read(raw)
    assert str(caught.value) == reason


HARMLESS = {
    "subject of blanks": b"Subject: " + b"a " * 100_000 + b"\n\nx",
    "subject of words": b"Subject: " + b"=?utf-8?q?a?= " * 9_000 + b"\n\nx",
    "subject of words without end": b"Subject: " + b"=?utf-8?q?" * 20_000 + b"\n\nx",
    "subject of charsets": b"Subject: " + b"=?koi8-r?q?=d0?= =?koi8-u?q?=d0?= " * 3_000 + b"\n\nx",
    "subject of one word": b"Subject: =?utf-8?b?" + b"YWJj" * 50_000 + b"?=\n\nx",
    "comments": b"From: " + b"(" * 100_000 + b"\n\nx",
    "addresses": b"To: " + b", ".join(b"a%d@x.example" % place for place in range(10_000)) + b"\n\nx",
    "quotes": b"From: " + b'"' * 50_001 + b" <a@x>\n\nx",
    "angles": b"From: " + b"<" * 50_000 + b"\n\nx",
    "backslashes": b'From: "' + b"\\" * 60_001 + b"\n\nx",
    "groups": b"From: " + b"a:" * 8_000 + b"\n\nx",
    "references": b"References: " + b"<a@b> " * 30_000 + b"\n\nx",
    "references without end": b"References: " + b"<" * 200_000 + b"\n\nx",
    "date": b"Date: " + b"1:" * 50_000 + b"\n\nx",
    "parameters": HEAD + b"Content-Type: text/plain" + b"; x=y" * 3_000 + b"\n\nx",
    "empty parameters": HEAD + b"Content-Type: text/plain" + b";x" * 8_000 + b"\n\nx",
    "sections": HEAD + b"Content-Disposition: attachment" + b"; filename*%d=a" % 7 * 1_000 + b"\n\nx",
    "a far section": HEAD + b"Content-Disposition: attachment; filename*99999999999=a\n\nx",
    "long headers of parts": parts(400, b'Content-Type: text/plain; a="' + b'\\"' * 7_000 + b"\n\nx\n"),
    "long names": parts(400, b'Content-Type: image/png; name="' + b"a/" * 7_000 + b'"\n\nx\n'),
    "messages inside each other": HEAD + b"Content-Type: message/rfc822\n\n" * 3_000 + b"\nx",
    "a forwarded message of lines": (
        HEAD + b"Content-Type: message/rfc822\nContent-Transfer-Encoding: base64\n\n" + b"CgoKCgoK" * 200_000
    ),
    "a long boundary": HEAD + b"Content-Type: multipart/mixed; boundary=" + b"b" * 3_000 + b"\n\n" + (b"--" + b"b" * 70 + b"\n") * 20_000,
    "base64 of junk": HEAD + b"Content-Transfer-Encoding: base64\n\n" + (b"=@@=" * 19 + b"\n") * 20_000,
    "base64 of padding": HEAD + b"Content-Transfer-Encoding: base64\n\nQUE" + b"=\n" * 400_000,
    "base64 in pieces": HEAD + b"Content-Transfer-Encoding: base64\n\n" + b"QUE=\n" * 100_000,
    "uuencode": HEAD + b"Content-Transfer-Encoding: x-uuencode\n\n" + b"begin 644 " * 100_000,
    "one line": HEAD + b"\n" + b"a" * 6_000_000,
    "NULs": HEAD + b"\n" + b"\0" * 1_000_000,
    "UTF-7": HEAD + b"Content-Type: text/plain; charset=utf-7\n\n" + b"+AGE-" * 100_000,
    "HZ": HEAD + b"Content-Type: text/plain; charset=hz\n\n" + b"~{VP~}" * 100_000,
    "flowed": HEAD + b"Content-Type: text/plain; format=flowed\n\n" + b"> a \n" * 100_000,
    **{
        f"charset {name}": HEAD + b"Content-Type: text/plain; charset=" + name.encode() + b"\n\n-" + b"a9" * 50_000
        for name in ("punycode", "idna", "zlib", "undefined", "unicode_escape")
    },
}  # fmt: skip


@pytest.mark.parametrize("name", HARMLESS)
def test_what_is_within_the_limits_is_read(name):
    message = read(HARMLESS[name])
    assert len(message.subject) <= 998
    assert len(message.to) <= DEFAULT.addresses
    assert len(message.references) <= 200
    assert len(message.text) <= DEFAULT.shown


def test_a_list_of_addresses_is_cut():
    """Some spam names thousands of people."""
    message = read(HARMLESS["addresses"])
    assert (len(message.to), message.flags) == (200, ("addresses cut",))
    assert read(b"To: a@x.example,\n" + b" b@x.example,\n" * 300 + b"\nx").flags == ("addresses cut",)


def test_a_part_with_a_long_header_is_an_attachment():
    message = read(HEAD + b"Content-Type: text/plain" + b"; x=y" * 4_000 + b"\n\nHello")
    assert (message.text, message.attachments[0].mime) == ("", "application/octet-stream")


def test_a_long_text_is_cut_and_attached():
    message = read(HEAD + b"\n" + "äöü ".encode() * 1_000_000)
    assert message.flags == ("text cut",)
    assert len(message.text.encode()) <= DEFAULT.shown
    assert message.text.startswith("äöü äöü")
    assert "\ufffd" not in message.text
    assert len(message.attachments[0].content) == 7_000_000


def test_a_name_is_cut():
    message = read(HARMLESS["long names"])
    assert all(len(one.name.encode()) <= 255 for one in message.attachments)


def test_a_line_that_only_looks_like_a_container_does_not_count():
    """A long thread quotes the headers of many messages."""
    assert read(HEAD + b"\n" + b"Content-Type: multipart/mixed; boundary=b\n" * 500).text.count("\n") == 499


def test_limits_can_be_set():
    with pytest.raises(Unreadable, match="larger than 10B"):
        read(HEAD, limits=Limits(size=10))
    with pytest.raises(Unreadable, match="more than 1 headers"):
        read(HEAD, limits=Limits(headers=1))
