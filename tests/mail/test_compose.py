"""An outgoing mail as it goes on the wire: headers by kind, ids, texts, files; each trap of building one."""

import email
import email.policy
import re
import subprocess
import sys

import pytest

from tests.mail.outgoing import ID, LINE, a_mail
from tix.domain.mail.received import Attachment
from tix.errors import InvalidValue, NotAsMeant
from tix.mail.alternative import html_of
from tix.mail.compose import check, render, sent_file_name, sent_text, sent_type
from tix.mail.fields import Address, ascii_domain, clean_address, clean_name

OUTLOOK = "<VI1PR04MB6834D2C88EE7DD0B43CC6B35E8A0A@VI1PR04MB6834.eurprd04.prod.outlook.com-and-more-text>"


def head(raw):
    """The lines of the header."""
    return raw.partition(b"\r\n\r\n")[0].decode().split("\r\n")


def field(raw, name):
    """The one field of this name, its lines as they are; None if there is none."""
    fields = re.split(r"\r\n(?![ \t])", raw.partition(b"\r\n\r\n")[0].decode())
    found = [one for one in fields if one.lower().startswith(f"{name.lower()}:")]
    assert len(found) <= 1
    return found[0] if found else None


def parsed(raw):
    return email.message_from_bytes(raw, policy=email.policy.SMTP)


def test_a_plain_mail_as_it_goes_on_the_wire():
    assert render(a_mail(html=False)).decode() == (
        "Date: Mon, 21 Sep 2026 14:13:20 +0000\r\n"
        "From: Help Desk\r\n <desk@desk.example>\r\n"
        "To: Ann\r\n <ann@x.example>\r\n"
        "Subject: Re: [TIX-12] Printer\r\n"
        f"Message-ID: {ID}\r\n"
        "X-Auto-Response-Suppress: OOF, AutoReply\r\n"
        "Content-Language: en\r\n"
        "MIME-Version: 1.0\r\n"
        "Content-Type: text/plain; charset=utf-8\r\n"
        "Content-Transfer-Encoding: quoted-printable\r\n"
        "\r\n"
        "Dear Ann,\r\n\r\nit prints again.\r\n"
    )


# ------------------------------------------------------------------------------------------ headers by kind


@pytest.mark.parametrize(
    ("kind", "envelope", "submitted", "suppress"),
    [
        ("reply", "desk@desk.example", None, "OOF, AutoReply"),
        ("acknowledgement", "", "auto-replied", "All"),
        ("notice", "desk@desk.example", "auto-generated", "All"),
        ("notice", "", "auto-generated", "All"),
    ],
)
def test_automatic_mail_says_so(kind, envelope, submitted, suppress):
    """Traps 14 and 29: robots do not answer what is marked (RFC 3834, 5); a person's reply is not marked."""
    raw = render(a_mail(kind=kind, envelope_sender=envelope))
    assert field(raw, "Auto-Submitted") == (submitted and f"Auto-Submitted: {submitted}")
    assert field(raw, "X-Auto-Response-Suppress") == f"X-Auto-Response-Suppress: {suppress}"
    assert field(raw, "Precedence") is None


@pytest.mark.parametrize(("kind", "envelope"), [("reply", ""), ("acknowledgement", "desk@desk.example")])
def test_the_envelope_sender_fits_the_kind(kind, envelope):
    with pytest.raises(InvalidValue, match="envelope sender"):
        render(a_mail(kind=kind, envelope_sender=envelope))


def test_mime_version_stands_once():
    files = (Attachment("a.txt", "text/plain", b"a"), Attachment("b.bin", "", b"\0"))
    assert render(a_mail(attachments=files)).lower().count(b"mime-version") == 1


# ------------------------------------------------------------------------------------------------------ ids


def test_a_long_id_is_never_an_encoded_word():
    """Trap 1: Python writes ids over 77 characters as encoded words, and Outlook drops the header."""
    raw = render(a_mail(in_reply_to=OUTLOOK, references=(ID, OUTLOOK, f"<{'r' * 880}@x.example>")))
    assert field(raw, "In-Reply-To") == f"In-Reply-To: {OUTLOOK}"
    assert field(raw, "References") == f"References: {ID}\r\n {OUTLOOK}\r\n <{'r' * 880}@x.example>"
    assert b"=?" not in raw.partition(b"\r\n\r\n")[0]


def test_of_many_references_the_first_and_the_last_ten_stay():
    ids = tuple(f"<{number}@x.example>" for number in range(500))
    assert field(render(a_mail(references=ids)), "References").split()[1:] == [ids[0], *ids[-10:]]


@pytest.mark.parametrize(
    "id",
    [
        "",
        "x",
        "<>",
        "<a b@x>",
        "<a@x>\r\nBcc: evil@x.example",
        "<ä@x>",
        "<a@x><b@x>",
        f"<{'r' * 900}@x>",
        "<\0@x>",
    ],
)
def test_an_id_that_cannot_be_sent_is_left_out(id):
    """Traps 34 and 52: an incoming id is whatever its sender wrote."""
    raw = render(a_mail(in_reply_to=id, references=(id, id)))
    assert field(raw, "In-Reply-To") is None
    assert field(raw, "References") is None


def test_an_odd_id_is_sent_as_it_is():
    """Trap 52."""
    assert field(render(a_mail(in_reply_to="<[id]@microsoft.com>")), "In-Reply-To").endswith(
        " <[id]@microsoft.com>"
    )


@pytest.mark.parametrize("id", ["", "x", "<no-at>", f"<{'a' * 70}@x.example>", "<a@x>\r\nBcc: e@x.example"])
def test_an_id_of_ours_is_valid_and_short(id):
    with pytest.raises(InvalidValue, match="is not a Message-ID of at most 76 characters"):
        render(a_mail(message_id=id))


# ------------------------------------------------------------------------------------ names and addresses


def test_no_field_begins_another_header():
    evil = "x\r\nBcc: evil@x.example\r\n\r\nbody"
    raw = render(
        a_mail(
            sender=Address(evil, "desk@desk.example"),
            to=(Address(evil, "ann@x.example"),),
            cc=(Address(evil, "ben@x.example"),),
            reply_to=Address(evil, "desk@desk.example"),
            subject=evil,
            attachments=(Attachment(evil, evil, b"x"),),
        )
    )
    assert parsed(raw)["bcc"] is None
    assert not [line for line in head(raw) if line.lower().startswith("bcc")]
    assert field(raw, "Subject") == "Subject: x Bcc: evil@x.example body"


@pytest.mark.parametrize("name", ["language", "envelope_sender", "message_id"])
def test_a_field_that_is_a_word_refuses_more(name):
    with pytest.raises(InvalidValue):
        render(a_mail(**{name: "x\r\nBcc: evil@x.example"}))


def test_a_header_object_is_only_its_text():
    """A header parsed by the standard library's newer reader injects ``Bcc`` where it is put into another message."""
    hostile = b"Subject: =?utf-8?q?hello=0ABcc=3A_evil=40x?=\n\nx"
    subject = email.message_from_bytes(hostile, policy=email.policy.default)["subject"]
    raw = render(a_mail(subject=subject))
    assert field(raw, "Subject") == "Subject: hello Bcc: evil@x"
    assert field(raw, "Bcc") is None


@pytest.mark.parametrize(
    "name",
    ["Müller, Jürgen", 'Zoë "Q" (x)', "名前" * 30, "a@b.example", "Ann <evil@x.example>", "Ann, Ben;", "A. B.", "=?utf-8?q?x?=",
     "\\", '"', "Ann (IT)", "نور", "🧑‍💻 Ann", "Ann\tBen", "x" * 300],
)  # fmt: skip
def test_a_display_name_is_read_again(name):
    raw = render(a_mail(to=(Address(name, "ann@x.example"),)))
    (one,) = parsed(raw)["to"].addresses
    assert one.addr_spec == "ann@x.example"
    assert "".join(one.display_name.split()) == "".join(clean_name(name).split())


def test_a_long_name_is_cut():
    """A name of 300 characters would make a line of 301."""
    assert clean_name("x" * 300) == "x" * 64
    assert max(map(len, head(render(a_mail(to=(Address("ä" * 300, "ann@x.example"),)))))) <= 76


def test_a_name_does_not_turn_text_around():
    assert clean_name("\u202eevil\u2066") == "evil"
    assert clean_name("Ann\x00\x1b[2J\udce4") == "Ann [2J\ufffd"


@pytest.mark.parametrize(
    ("address", "sent"),
    [
        ("ann@x.example", "ann@x.example"),
        ("Ann.B+tag@X.Example", "Ann.B+tag@X.Example"),
        ('"ann b"@x.example', '"ann b"@x.example'),
        ("ann@bücher.example", "ann@xn--bcher-kva.example"),
        ("ann@STRASSE.example", "ann@STRASSE.example"),
        ("ann@straße.example", "ann@xn--strae-oqa.example"),
        ("ann@例え。テスト", "ann@xn--r8jz45g.xn--zckzah"),
        ("a@[192.0.2.1]", "a@[192.0.2.1]"),
        ("jörg@x.example", "jörg@x.example"),
    ],
)
def test_an_address_has_an_ascii_domain(address, sent):
    """Python's own codec turns ß into ss, which is another domain."""
    assert clean_address(address) == sent


@pytest.mark.parametrize(
    "address",
    ["", "ann", "@x.example", "ann@", "a b@x.example", "ann@x..example", "ann@-x.example", "ann@x example", "a..b@x.example",
     ".a@x.example", "<ann@x.example>", "ann@x.example, ben@x.example", "ann@x.example\r\nBcc: e@x.example", "ann@x.example\n",
     "a\u202eb@x.example", "a\u3000b@x.example", "ann@☃.example", "a" * 65 + "@x.example", "a@" + "b" * 64 + ".example",
     '"a\r\nb"@x.example', '"a"b"@x.example', "ann@[x]", "\udce4@x.example", "ann@x.example\0"],
)  # fmt: skip
def test_what_is_no_address_is_refused(address):
    for place in ("sender", "reply_to"):
        with pytest.raises(InvalidValue, match="is not an e-mail address that mail can be sent to"):
            render(a_mail(**{place: Address("", address)}))
    with pytest.raises(InvalidValue, match="is not an e-mail address that mail can be sent to"):
        render(a_mail(to=(Address("", address),)))


def test_a_domain_longer_than_a_label_allows_is_none():
    assert ascii_domain("ü" * 60 + ".example") is None


def test_an_address_outside_ascii_stands_in_the_header_in_utf8():
    """RFC 6532: nothing else can carry it; the relay must offer SMTPUTF8."""
    raw = render(a_mail(to=(Address("Jörg", "jörg@bücher.example"),)))
    assert "<jörg@xn--bcher-kva.example>".encode() in raw
    assert render(a_mail(to=(Address("Jörg", "j@bücher.example"),))).isascii()


def test_a_mail_without_recipients_is_refused():
    with pytest.raises(InvalidValue, match="no recipient"):
        render(a_mail(to=()))
    assert field(render(a_mail(to=(), cc=(Address("", "a@x.example"),))), "To") is None


# -------------------------------------------------------------------------------------------------- subject


@pytest.mark.parametrize(
    "subject",
    ["[TIX-12] " + "ä" * 120, "[TIX-12] Straße " + "word " * 60, "[TIX-12] ok \udce4 x", "e\u0301" * 60, "x" * 1_000,
     "=?utf-8?q?x?= a", "a =?b", "名前 " * 40, "  a \t b ", "", "ä b ä b ä", "🧑‍💻" * 30, "a\u00a0b"],
)  # fmt: skip
def test_a_subject_is_read_again_from_short_lines(subject):
    raw = render(a_mail(subject=subject))
    expected = " ".join(subject.replace("\udce4", "\ufffd").split())
    assert " ".join(str(parsed(raw)["subject"]).split()) == expected
    assert max(map(len, head(raw))) <= 76
    assert all(line.strip() for line in head(raw))


def test_the_tag_stays_readable_where_the_rest_is_encoded():
    """Programs that decode nothing still find it."""
    assert field(render(a_mail(subject="Re: [TIX-12] Straße")), "Subject").startswith(
        "Subject: Re: [TIX-12] =?utf-8"
    )


# ----------------------------------------------------------------------------------------------------- text


@pytest.mark.parametrize(
    ("text", "sent"),
    [
        ("x" * 2_000, "x" * 2_000 + "\n"),
        ("ä" * 200 + "\n", "ä" * 200 + "\n"),
        ("From here\n.dot\n.\n..\n", "From here\n.dot\n.\n..\n"),
        ("a  \nb\t\n", "a  \nb\t\n"),
        ("a\rb\r\nc\x85d", "a\nb\nc\nd\n"),
        ("a\0b\x1b[2Jc\x0bd", "ab[2Jcd\n"),
        ("a\udce4", "a\ufffd\n"),
        ("no newline", "no newline\n"),
        ("", "\n"),
        ("\n\n\n", "\n\n\n"),
        ("https://x.example/" + "a" * 300, "https://x.example/" + "a" * 300 + "\n"),
        ("-- \nAnn\n", "-- \nAnn\n"),
        ("--=_tix_mixed_--\n", "--=_tix_mixed_--\n"),
        ("=?utf-8?q?x?= =3D =\n", "=?utf-8?q?x?= =3D =\n"),
    ],
)
def test_a_text_is_read_again(text, sent):
    raw = render(a_mail(text=text, attachments=(Attachment("a", "", b"x"),)))
    assert sent_text(text) == sent
    assert parsed(raw).get_body(("plain",)).get_content().replace("\r\n", "\n") == sent
    assert raw.isascii()
    assert max(map(len, raw.split(b"\r\n"))) <= 76 < LINE


def test_no_line_of_a_text_is_changed_on_its_way():
    """A dot alone, and ``From `` after a blank line, are what careless relays and mbox files change."""
    raw = render(a_mail(text=".\n\nFrom me\n" + "a" * 75 + ".b\n"))
    assert not [line for line in raw.split(b"\r\n") if line.startswith((b".", b"From "))]


def test_umlauts_are_quoted_printable_and_never_flowed():
    """Trap 43: flowed text without stuffing is joined; and base64 is readable nowhere in its raw form."""
    raw = render(a_mail(text="Grüße\n"))
    assert b"Gr=C3=BC=C3=9Fe" in raw
    assert b"flowed" not in raw
    assert b"base64" not in raw


def test_the_language_stands_in_header_and_html():
    raw = render(a_mail(language="de-AT"))
    assert field(raw, "Content-Language") == "Content-Language: de-AT"
    assert b'<html lang=3D"de-AT">' in raw
    assert field(render(a_mail(language="")), "Content-Language") is None


@pytest.mark.parametrize("language", ["de_AT", "x" * 9, "-", "de-", 'en"><script>'])
def test_a_language_is_a_tag(language):
    with pytest.raises(InvalidValue, match="is not a language tag"):
        render(a_mail(language=language))


@pytest.mark.parametrize("date", [-1, 253_402_300_800, 10**30])
def test_a_date_has_four_digits_of_year(date):
    with pytest.raises(InvalidValue, match="is not a date"):
        render(a_mail(date=date))


# ----------------------------------------------------------------------------------------------------- html


def body_of(text):
    return html_of(text).partition("<body>\n")[2].removesuffix("\n</body>\n</html>\n")


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("Hello\nAnn\n\nBye", '<p dir="auto">Hello<br>\nAnn</p>\n<p dir="auto">Bye</p>'),
        ("<b>&\"'", '<p dir="auto">&lt;b&gt;&amp;&quot;&#x27;</p>'),
        ("  indented  text", '<p dir="auto">&nbsp;&nbsp;indented &nbsp;text</p>'),
        (
            "See https://x.example/a?b=1&c=2.",
            '<p dir="auto">See <a href="https://x.example/a?b=1&amp;c=2">https://x.example/a?b=1&amp;c=2</a>.</p>',
        ),
        (
            "(https://x.example/a_(b))",
            '<p dir="auto">(<a href="https://x.example/a_(b)">https://x.example/a_(b)</a>)</p>',
        ),
        ("javascript:alert(1) http:// https://", '<p dir="auto">javascript:alert(1) http:// https://</p>'),
        (
            'http://x.example/"onclick="alert(1)',
            '<p dir="auto"><a href="http://x.example/">http://x.example/</a>&quot;onclick=&quot;alert(1)</p>',
        ),
        ("", ""),
    ],
)
def test_html_is_made_from_the_text(text, html):
    assert body_of(text) == html


def test_quotes_are_nested():
    lines = re.sub(
        r"<blockquote [^>]*>", "<blockquote>", body_of("Yes.\n\n> Was it?\n> > So\n>> it\n\nAnn")
    ).split("\n")
    assert lines == [
        '<p dir="auto">Yes.</p>', "<blockquote>", '<p dir="auto">Was it?</p>', "<blockquote>", '<p dir="auto">So<br>',
        "it</p>", "</blockquote>", "</blockquote>", '<p dir="auto">Ann</p>',
    ]  # fmt: skip


def test_quotes_are_not_nested_without_end():
    html = html_of(">" * 100_000)
    assert html.count("<blockquote") == html.count("</blockquote>") == 20


def test_html_loads_nothing():
    html = html_of("![x](https://x.example/a.png) <img src=https://x.example/b.png>")
    assert not re.search(
        r"<(?:img|link|script|iframe|style|object)\b|\bsrc=|url\(", html.replace("&lt;img src=", "")
    )


# ---------------------------------------------------------------------------------------------- attachments


@pytest.mark.parametrize(
    ("name", "sent"),
    [
        ("a.pdf", "a.pdf"),
        ("Übersicht Größe.pdf", "Übersicht Größe.pdf"),
        ('a"b;c.txt', 'a"b;c.txt'),
        ("名.pdf", "名.pdf"),
        ("../../etc/passwd", "passwd"),
        ("C:\\temp\\a.txt", "a.txt"),
        ("a\r\nX: y", "a X: y"),
        ("\u202efdp.exe", "fdp.exe"),
        ("", "file"),
        ("..", "file"),
        ("-rf", "rf"),
        ("x" * 300 + ".txt", "x" * 251 + ".txt"),
        ("100%.txt", "100%.txt"),
        ("'a' b.txt", "'a' b.txt"),
    ],
)
def test_a_file_name_is_a_label_and_read_again(name, sent):
    raw = render(a_mail(attachments=(Attachment(name, "application/pdf", b"abc"),)))
    assert sent_file_name(name) == sent
    (part,) = parsed(raw).iter_attachments()
    assert (part.get_filename(), part.get_content()) == (sent, b"abc")
    assert max(map(len, raw.split(b"\r\n"))) <= 78


@pytest.mark.parametrize(
    ("type", "sent"),
    [
        ("Image/PNG", "image/png"),
        ("application/vnd.ms-excel+xml", "application/vnd.ms-excel+xml"),
        ("message/rfc822", "application/octet-stream"),
        ("multipart/mixed", "application/octet-stream"),
        ("text/html; charset=x", "application/octet-stream"),
        ("", "application/octet-stream"),
        ("a/b\r\nX: y", "application/octet-stream"),
    ],
)
def test_a_file_has_a_type_that_may_be_base64(type, sent):
    """Trap 27, going out: a mail that is attached is a file."""
    content = b"Subject: x\r\n\r\nx\r\n"
    raw = render(a_mail(attachments=(Attachment("a.eml", type, content),)))
    assert sent_type(type) == sent
    (part,) = parsed(raw).iter_attachments()
    assert (part.get_content_type(), part.get_payload(decode=True)) == (sent, content)


def test_a_text_file_says_utf8_only_if_it_is():
    utf8, latin = (Attachment("a.txt", "text/plain", "ä".encode(code)) for code in ("utf-8", "latin-1"))
    charsets = [
        part.get_param("charset")
        for part in parsed(render(a_mail(attachments=(utf8, latin)))).iter_attachments()
    ]
    assert charsets == ["utf-8", None]


def test_the_parts_of_a_mail():
    raw = render(a_mail(attachments=(Attachment("a.bin", "", bytes(range(256)) * 10),)))
    assert [part.get_content_type() for part in parsed(raw).walk()] == [
        "multipart/mixed", "multipart/alternative", "text/plain", "text/html", "application/octet-stream",
    ]  # fmt: skip


# ---------------------------------------------------------------------------------------------------- check


@pytest.mark.parametrize(
    ("meant", "what"),
    [
        ({"subject": "Re: [TIX-13] Printer"}, "subject"),
        ({"text": "Dear Ben"}, "texts"),
        ({"to": (Address("Ann", "ben@x.example"),)}, "to"),
        ({"to": (Address("Ben", "ann@x.example"),)}, "to"),
        ({"cc": (Address("", "ben@x.example"),)}, "fields"),
        ({"sender": Address("", "ann@x.example")}, "sender"),
        ({"message_id": "<other@x.example>"}, "ids"),
        ({"html": False}, "fields"),
        ({"kind": "notice"}, "fields"),
        ({"attachments": (Attachment("a", "", b""),)}, "files"),
    ],
)
def test_bytes_that_say_something_else_are_refused(meant, what):
    """Trap 3: an error of building is found before the mail is queued, not while it is sent."""
    raw = render(a_mail())
    with pytest.raises(NotAsMeant, match=f"not the same {what}"):
        check(raw, a_mail(**meant))


@pytest.mark.parametrize(
    "change",
    [
        lambda raw: raw.replace(b"MIME-Version", b"Bcc: evil@x.example\r\nMIME-Version"),
        lambda raw: raw.replace(b"\r\n\r\n", b"\r\n\r\n\r\n", 1) + b"x\n",
        lambda raw: raw.replace(b"Dear Ann,", b"Dear Ann,\n.\n"),
        lambda raw: raw.replace(b"utf-8\r\n", b"no-such\r\n"),
        lambda raw: raw.replace(b"utf-8\r\n", b"latin-1\r\n").replace(b"Ann,", b"=C3=A4"),
        lambda raw: raw[: len(raw) // 2],
        lambda raw: raw.replace(b"Subject: ", b"Subject: =?utf-8?b?a?= "),
        lambda raw: raw.replace(b"Subject: ", b"Subject: =?utf-9?q?x?= "),
        lambda raw: raw.replace(b"Date: ", b"Date: " + b"x" * 1_000),
    ],
)
def test_damaged_bytes_are_refused(change):
    raw = render(a_mail())
    assert change(raw) != raw
    with pytest.raises(NotAsMeant, match="not built as meant"):
        check(change(raw), a_mail())


def test_a_mail_is_always_the_same_bytes():
    files = (Attachment("a.txt", "text/plain", b"a"),)
    assert render(a_mail(attachments=files)) == render(a_mail(attachments=files))


def test_building_loads_no_reader_and_no_network():
    """The standard library's reader of mail costs 20 ms; it is loaded when the first mail is checked."""
    code = "import sys, tix.mail.compose; print(*sorted({'email', 'smtplib', 'ssl', 'socket', 'random'} & set(sys.modules)))"
    assert (
        subprocess.run(
            [sys.executable, "-c", code], capture_output=True, text=True, check=True
        ).stdout.split()
        == []
    )
