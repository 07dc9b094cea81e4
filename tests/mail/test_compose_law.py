"""Whatever stands in a field of an outgoing mail: the bytes say it, and nothing else."""

import email
import email.policy
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.mail.outgoing import LINE, a_mail
from tix.domain.mail.received import Attachment
from tix.errors import InvalidValue
from tix.mail import compose
from tix.mail.alternative import html_of
from tix.mail.compose import render, sent_file_name, sent_text
from tix.mail.fields import Address, clean_line, clean_name, kept_references

pytestmark = pytest.mark.long

# Every character, and often those that end lines, open comments and encoded words, or turn text around.
NASTY = st.sampled_from(
    ["\r\n", "\n", "\r", "\0", "\r\nBcc: evil@x.example\r\n", "\n.\n", "=?utf-8?q?=0D=0ABcc=3A_a?=", "=?", "?=", '"', "\\", "(", ")",
     "<", ">", "@", ",", ";", ":", " ", "\t", "\u202e", "\u2028", "\x85", "\udce4", "ä", "名前", "🧑‍💻", "\x1b[2J", ".", "From ",
     "x" * 1_100, "é" * 400, "a " * 300, "--=_tix_mixed_", "\r\n\r\n", "%0A", "[TIX-12]", "\N{COMBINING ACUTE ACCENT}"]
)  # fmt: skip
TEXTS = st.lists(NASTY | st.text(st.characters(exclude_categories=()), max_size=20), max_size=8).map("".join)
ADDRESSES = st.sampled_from(
    [
        "ann@x.example",
        "jörg@x.example",
        "ann@bücher.example",
        '"ann b"@x.example',
        "उदाहरण@उदाहरण.example",
        "a@[192.0.2.1]",
    ]
)
MAILBOXES = st.builds(Address, TEXTS, ADDRESSES)
FILES = st.builds(Attachment, TEXTS, TEXTS | st.just("text/plain"), st.binary(max_size=200))


@given(st.data())
def test_the_bytes_say_what_was_meant(data):
    """Trap 3: what is sent was read again before, so no header fails while sending."""
    mail = a_mail(
        sender=data.draw(MAILBOXES),
        to=tuple(data.draw(st.lists(MAILBOXES, min_size=1, max_size=3))),
        cc=tuple(data.draw(st.lists(MAILBOXES, max_size=2))),
        reply_to=data.draw(st.none() | MAILBOXES),
        subject=data.draw(TEXTS),
        text=data.draw(TEXTS),
        html=data.draw(st.booleans()),
        in_reply_to=data.draw(TEXTS),
        references=tuple(data.draw(st.lists(TEXTS.map(lambda text: f"<{text}>"), max_size=3))),
        attachments=tuple(data.draw(st.lists(FILES, max_size=2))),
    )
    raw = render(mail)  # which compares already
    head, _, body = raw.partition(b"\r\n\r\n")
    lines = raw.split(b"\r\n")
    assert max(map(len, lines)) <= LINE
    assert lines[-1] == b""
    assert not re.search(rb"(?<!\r)\n|\r(?!\n)|\0", raw)
    body.decode("ascii")
    names = [line.partition(b":")[0].lower() for line in head.split(b"\r\n") if line[:1] not in b" \t"]
    assert len(set(names)) == len(names)
    assert b"bcc" not in names
    assert set(names) <= EXPECTED
    for line in head.split(b"\r\n"):
        assert line.strip()


EXPECTED = {
    b"date", b"from", b"to", b"cc", b"reply-to", b"subject", b"message-id", b"in-reply-to", b"references",
    b"x-auto-response-suppress", b"content-language", b"mime-version", b"content-type", b"content-transfer-encoding",
}  # fmt: skip


PLAIN = st.text(st.characters(exclude_categories=("Cs", "Cc", "Cn", "Co")), max_size=120)


@given(PLAIN, PLAIN, PLAIN, PLAIN)
def test_another_reader_sees_the_same(name, subject, text, file):
    """The standard library's newer reader, which ``check`` does not use.

    Of Python 3.11 it leaves a blank between two encoded words of a display name (against RFC 2047, 6.2).
    """
    mail = a_mail(
        to=(Address(name, "ann@x.example"),),
        subject=subject,
        text=text,
        attachments=(Attachment(file, "text/plain", b"x"),),
    )
    parsed = email.message_from_bytes(render(mail), policy=email.policy.SMTP)
    (address,) = parsed["to"].addresses
    assert address.addr_spec == "ann@x.example"
    assert "".join(address.display_name.split()) == "".join(clean_name(name).split())
    assert " ".join(str(parsed["subject"]).split()) == clean_line(subject)
    assert parsed.get_body(("plain",)).get_content().replace("\r\n", "\n") == sent_text(text)
    assert [part.get_filename() for part in parsed.iter_attachments()] == [sent_file_name(file)]
    assert parsed["mime-version"].version == "1.0"
    assert parsed["references"] is None


IDS = st.builds("<{}>".format, st.text("ab=?.@!~-", min_size=1, max_size=80) | st.just("r" * 899))


@given(st.lists(TEXTS | IDS, max_size=30))
def test_references_are_raw_and_bounded(ids):
    """Trap 1: one id on a line, never an encoded word; the first and the last ten."""
    kept = kept_references(ids)
    raw = render(a_mail(references=tuple(ids)))
    assert len(kept) <= 11
    assert set(kept) <= set(ids)
    for id in kept:
        assert re.search(rb"^(References:)? " + re.escape(id.encode()) + rb"\r$", raw, re.MULTILINE)


@given(TEXTS)
def test_html_holds_no_markup_of_the_text(text):
    """What a person wrote is shown, never obeyed."""
    html = html_of(sent_text(text))
    tags = re.findall(r"</?([a-zA-Z!]+)", html)
    assert {tag.lower() for tag in tags} <= {
        "!doctype", "html", "head", "meta", "body", "p", "br", "a", "blockquote",
    }  # fmt: skip
    assert tags.count("blockquote") % 2 == 0
    assert all(
        link.startswith(("http://", "https://")) for link in re.findall(r'href="([^"]*)"', html.lower())
    )


@given(TEXTS)
def test_quoted_printable_is_read_again_and_short(text):
    from quopri import decodestring

    text = sent_text(text)
    encoded = compose.quoted_printable(text)
    lines = encoded.split(b"\r\n")
    assert max(map(len, lines)) <= 76
    assert not any(line.startswith((b".", b"From ")) or line.endswith((b" ", b"\t")) for line in lines)
    assert decodestring(encoded).decode().replace("\r\n", "\n") == text


@given(TEXTS.filter(lambda text: "@" not in text))
def test_what_is_no_address_is_refused_in_words(text):
    """Trap 19, going out: one sentence, no traceback, no header."""
    for address in (text, f"{text}@", f"@{text}", f"{text} @x.example"):
        with pytest.raises(InvalidValue, match="is not an e-mail address"):
            render(a_mail(to=(Address("", address),)))
