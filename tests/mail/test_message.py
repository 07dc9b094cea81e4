"""What is read of a message: addresses, ids, dates, texts, attachments, and the odd forms that senders use."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tix.errors import Unreadable
from tix.mail.mime.addresses import Address, addresses, is_unambiguous
from tix.mail.mime.charsets import codec, decode
from tix.mail.mime.format_flowed import reflowed
from tix.mail.mime.headers import date, message_ids, parameters, words
from tix.mail.mime.message import FLAGS, Attachment, Limits, Message, read


def mail(*headers: str, body: bytes = b"Hello\n") -> Message:
    return read("\n".join(headers).encode() + b"\n\n" + body)


def multipart(kind: str, *parts: bytes, before: bytes = b"", after: bytes = b"") -> bytes:
    """A message of the parts; each begins with its headers."""
    cut = b"".join(b"--cut\n" + part + b"\n" for part in parts)
    head = f"From: a@x.example\nContent-Type: multipart/{kind}; boundary=cut\n\n".encode()
    return head + before + cut + b"--cut--\n" + after


PLAIN = b"Content-Type: text/plain; charset=utf-8\n\nPlain text"
HTML = b"Content-Type: text/html; charset=utf-8\n\n<p>Rich <b>text</b></p>"
PNG = b'Content-Type: image/png; name="a.png"\nContent-Transfer-Encoding: base64\nContent-ID: <one@x>\n\niVBORw0KGgo='


def test_a_plain_message():
    message = mail(
        "Return-Path: <ann@x.example>", "Received: from somewhere", "Received: from elsewhere",
        "From: Ann Example <ann@x.example>", "To: desk@y.example, Bob <bob@x.example>", "Cc: carol@x.example",
        "Reply-To: Ann <ann@home.example>", "Delivered-To: desk@y.example", "X-Original-To: help+12@y.example",
        "Envelope-To: desk@y.example", "Subject: Printer", "Date: Mon, 02 Mar 2026 10:30:00 +0100", "Message-ID: <1@x.example>",
    )  # fmt: skip
    assert message.sender == ("Ann Example", "ann@x.example")
    assert message.sender_sure
    assert message.to == (("", "desk@y.example"), ("Bob", "bob@x.example"))
    assert message.cc == (("", "carol@x.example"),)
    assert message.reply_to == (("Ann", "ann@home.example"),)
    assert message.return_path == "ann@x.example"
    assert (message.subject, message.text, message.id) == ("Printer", "Hello", "1@x.example")
    assert message.date == 1_772_443_800
    assert message.header("received") == ("from somewhere", "from elsewhere")
    assert (message.html, message.attachments, message.flags, message.encrypted) == (None, (), (), False)
    assert message.content_types == ("text/plain",)


def test_addresses_are_found_wherever_the_message_was_delivered():
    """Trap 35 (chatwoot/chatwoot#15365): the address of the ticket may stand in any of these headers."""
    message = mail(
        "From: a@x.example", "Cc: Help <help+12@y.example>", "Delivered-To: help+13@y.example",
        "X-Original-To: help+14@y.example", "Envelope-To: help+13@y.example",
    )  # fmt: skip
    assert message.cc == (("Help", "help+12@y.example"),)
    assert message.delivered_to == ("help+13@y.example", "help+14@y.example")


@pytest.mark.parametrize(
    ("raw", "path"),
    [("<>", ""), ("", ""), ("<MAILER-DAEMON@x.example>", "MAILER-DAEMON@x.example"), (" < > (none)", "")],
)
def test_the_return_path_of_a_report_is_empty(raw, path):
    assert mail(f"Return-Path: {raw}").return_path == path
    assert mail("From: a@x.example").return_path is None


# ------------------------------------------------------------------------------------------- headers as text


@pytest.mark.parametrize(
    ("raw", "text"),
    [
        ("plain", "plain"),
        ("=?utf-8?q?Gr=C3=BC=C3=9Fe?=", "Grüße"),
        ("=?ISO-8859-1?Q?Gr=FC=DFe?= aus =?iso-8859-1?q?K=F6ln?=", "Grüße aus Köln"),
        ("=?utf-8?b?R3LDvA==?=\n =?utf-8?b?w59l?=", "Grüße"),
        ("=?utf-8?b?R3LD?= =?utf-8?b?vMOfZQ==?=", "Grüße"),  # cut inside a character
        ("=?utf-8*de?q?Gr=C3=BC=C3=9Fe?=", "Grüße"),
        ("a=?utf-8?q?b?=c", "abc"),
        ("=?utf-8?q?two words in one?=", "two words in one"),
        ("=?utf-8?b?R3LDvMOfZQ?=", "Grüße"),  # without padding
        ("=?no-such-charset?q?abc?=", "abc"),
        ("=??q?abc?=", "abc"),
        ("=?utf-8?q?not ended", "=?utf-8?q?not ended"),
        ("=?utf-8?q?a=0D=0ABcc:_evil@x.example?=", "a Bcc: evil@x.example"),
        ("=?utf-8?q?a=00b=1Bc?=", "abc"),
        ("Gr\udcc3\udcbc\udcc3\udc9fe", "Grüße"),  # bytes of UTF-8 without a charset
        ("Gr\udcfc\udcdfe", "Grüße"),  # bytes of Windows-1252
        ("", ""),
    ],
)
def test_a_header_is_read_as_its_sender_meant_it(raw, text):
    assert words(raw) == text


@given(st.text(alphabet=st.characters(codec="utf-8"), max_size=60))
def test_no_header_brings_control_characters_or_surrogates(text):
    read_back = words(text.encode().decode("ascii", "surrogateescape"))
    assert not any(
        (char < " " and char != "\t") or "\x7f" <= char < "\xa0" or "\ud800" <= char <= "\udfff"
        for char in read_back
    )


@given(st.binary(max_size=300))
def test_any_bytes_are_a_message_or_unreadable(data):
    """Trap 45 (jonaswinkler/paperless-ng#404): a message with defects is never left out in silence."""
    message = read(data)
    for text in (message.subject, message.text, message.html or "", *(value for _, value in message.headers)):
        assert "\0" not in text
        text.encode()
    assert set(message.flags) <= FLAGS


# ------------------------------------------------------------------------------------------------ addresses


@pytest.mark.parametrize(
    ("raw", "found"),
    [
        ("a@x.example", [("", "a@x.example")]),
        ("<a@x.example>", [("", "a@x.example")]),
        ("Ann <a@x.example>, b@x.example", [("Ann", "a@x.example"), ("", "b@x.example")]),
        ('"Doe, John" <j@x.example>', [("Doe, John", "j@x.example")]),
        ("Doe, John <j@x.example>", [("Doe, John", "j@x.example")]),
        ('"A \\"B\\" C" <j@x.example>', [('A "B" C', "j@x.example")]),
        ("a@x.example (Ann (the boss))", [("Ann (the boss)", "a@x.example")]),
        ("=?utf-8?q?J=C3=B6rg?= <j@x.example>", [("Jörg", "j@x.example")]),
        ('"=?utf-8?q?J=C3=B6rg?=" <j@x.example>', [("Jörg", "j@x.example")]),
        ("J\udcc3\udcb6rg <j@x.example>", [("Jörg", "j@x.example")]),
        ("A: b@x.example, c@x.example;", [("", "b@x.example"), ("", "c@x.example")]),
        ("undisclosed-recipients:;", []),
        ("a@x.example; b@x.example", [("", "a@x.example"), ("", "b@x.example")]),
        ("<@relay.example,@other.example:a@x.example>", [("", "a@x.example")]),
        ("<a@[192.0.2.1]>", [("", "a@[192.0.2.1]")]),
        ('"System Admin"@x.example', []),
        ('<"System Admin"@x.example>', [("", '"System Admin"@x.example')]),
        ("Pete(A nice \\) chap) <pete(his account)@silly.test(his host)>", [("Pete", "pete@silly.test")]),
        ("Big Bug bb@x.example", [("Big Bug", "bb@x.example")]),
        ("j\udcc3\udcb6@m\udcc3\udca4chine.example", [("", "jö@mächine.example")]),
        ('"', []), ("(c):", []), ("name*", []), ("<", []), ("@", []), ("<>", []), ("a@b@c", []), ("", []),
        ('"unclosed <a@x.example>', []),
    ],
)  # fmt: skip
def test_addresses(raw, found):
    """Trap 2 (python/cpython#151857, #148518): the modern policy of the standard library raises on some of these."""
    assert addresses(raw) == tuple(found)


def test_a_bad_address_does_not_refuse_the_message():
    """Trap 19 (zammad/zammad#3303, #2746): what is no address is left out, the message is kept."""
    message = read(b"From: Ann <ann@x.example\nCc: \xff\xfe\x00, b@x.example\nTo: ,,;:<\n\nHello")
    assert (message.sender, message.cc, message.to) == (("Ann", "ann@x.example"), (("", "b@x.example"),), ())


@pytest.mark.parametrize(
    ("raw", "is_sure"),
    [
        ("Ann <a@x.example>", True),
        ('"b@y.example" <a@x.example>', True),
        ("a@x.example <a@x.example>", True),
        ("b@y.example <a@x.example>", False),  # readers disagree
        ("<b@y.example> <a@x.example>", False),
        ("<@y.example:a@x.example>", False),
        ("a@x.example, b@x.example", False),
        ("a@x.example,", True),
        ("", False),
    ],
)
def test_a_sender_is_sure_if_every_reader_finds_the_same(raw, is_sure):
    assert is_unambiguous(raw) is is_sure


@pytest.mark.parametrize(
    ("headers", "address", "flags"),
    [
        (["From: a@x.example", "From: b@x.example"], "a@x.example", ("several senders",)),
        (["From: a@x.example, b@x.example"], "a@x.example", ("several senders",)),
        (['From: "damaged <a@x.example>'], "a@x.example", ("sender guessed",)),
        (["From: nobody", "Sender: s@x.example"], "s@x.example", ("sender guessed",)),
        (["From: example.com:a@b:c@d"], None, ()),
        (["Subject: no sender"], None, ()),
    ],
)
def test_a_doubtful_sender_is_never_sure(headers, address, flags):
    """A word that looks like an address is taken only if the header has no second one, and is marked."""
    message = mail(*headers)
    assert (message.sender and message.sender.address, message.sender_sure, message.flags) == (
        address,
        False,
        flags,
    )


def test_of_a_list_that_rewrites_the_sender_the_headers_remain():
    """Trap 53 (fiedl/wingolfsplattform#125): the name of the person is in Reply-To or X-Original-From."""
    message = mail(
        "From: Bob via List <list@y.example>",
        "Reply-To: Bob <bob@x.example>",
        "X-Original-From: Bob <bob@x.example>",
    )
    assert message.sender == ("Bob via List", "list@y.example")
    assert message.reply_to == (Address("Bob", "bob@x.example"),)
    assert message.header("x-original-from") == ("Bob <bob@x.example>",)


# ------------------------------------------------------------------------------------------------------ ids


@pytest.mark.parametrize(
    ("raw", "ids"),
    [
        ("<a@x>", ("a@x",)),
        ("<a@x> <b@x>\n <c@x>", ("a@x", "b@x", "c@x")),
        ("\n <a@x>", ("a@x",)),
        ("Your message of Monday <a@x>", ("a@x",)),
        ("a@x", ("a@x",)),  # without brackets
        ("Your message of Monday from ann@x", ()),
        ("<[id]@microsoft.example>", ("[id]@microsoft.example",)),
        ("=?utf-8?q?=3Ca=40x=3E?=", ("a@x",)),  # as Python writes a long one
        ("<>", ()), ("", ()), ("<", ()), ("<a b>", ()), (f"<{'a' * 251}>", ()),
    ],
)  # fmt: skip
def test_ids(raw, ids):
    """Trap 52 (ehaupt/cleanup-maildir#7): an id with square brackets stops other readers."""
    assert message_ids(raw) == ids


def test_all_answered_ids_are_read_newest_first():
    """Traps 31 and 26 (discourse/discourse#29912, chatwoot/chatwoot#7793): In-Reply-To may hold several ids."""
    message = mail("From: a@x.example", "In-Reply-To: <3@x> <2@x>", "References: <1@x>\n <2@x>\n <3@x>")
    assert message.in_reply_to == ("3@x", "2@x")
    assert message.references == ("1@x", "2@x", "3@x")
    assert message.answered == ("3@x", "2@x", "1@x")


def test_an_empty_id_is_none():
    """Traps 34 and 8 (chatwoot/chatwoot#7286, freescout-help-desk/freescout#311): an empty id matches nothing."""
    message = mail("From: a@x.example", "Message-ID: <>", "In-Reply-To:", "References: <>")
    assert (message.id, message.in_reply_to, message.answered) == (None, (), ())


def test_the_first_and_the_last_of_many_references_are_kept():
    ids = [f"{place}@x" for place in range(5_000)]
    found = message_ids(" ".join(f"<{one}>" for one in ids))
    assert (len(found), found[0], found[-1]) == (200, "0@x", "4999@x")


# ---------------------------------------------------------------------------------------------------- dates


@pytest.mark.parametrize(
    ("raw", "seconds"),
    [
        ("Thu, 01 Jan 1970 00:00:00 +0000", 0),
        ("Mon, 2 Mar 2026 10:30:00 +0100 (CET)", 1_772_443_800),
        ("2 Mar 2026 09:30", 1_772_443_800),
        ("Mon, 2 Mar 26 09:30:00 GMT", 1_772_443_800),
        ("Mon, 32 Foo 2026 99:99:99 +9999", None),
        ("Mon, 2 Mar 99999999999 09:30:00 GMT", None),
        ("yesterday", None), ("", None), ("1:" * 300, None),
    ],
)  # fmt: skip
def test_dates(raw, seconds):
    assert date(raw) == seconds


@given(st.text(alphabet='0123456789 :,+-MonJan()GMT"', max_size=60))
def test_no_date_raises(raw):
    assert date(raw) is None or date(raw) >= 0


# ------------------------------------------------------------------------------------------------- charsets


@pytest.mark.parametrize(
    ("charset", "data", "text", "is_guess"),
    [
        (None, "Frösche".encode(), "Frösche", False),
        ("us-ascii", "Frösche".encode(), "Frösche", False),
        ("iso-8859-1", "Frösche".encode(), "Frösche", False),
        ("iso-8859-1", "Frösche €".encode("cp1252"), "Frösche €", False),
        ("utf-8", "Frösche".encode("latin-1"), "Frösche", True),
        (None, "Frösche".encode("latin-1"), "Frösche", True),
        ("us-ascii", "Frösche".encode("latin-1"), "Frösche", True),
        ("utf-8", "Frösche".encode() + b"\xc3", "Frösche\ufffd", True),
        ("koi8-r", "Лягушки".encode("koi8-r"), "Лягушки", False),
        ("gb2312", "朋友".encode("gb18030"), "朋友", False),
        ("iso-2022-jp", "蛙".encode("iso2022_jp"), "蛙", False),
        ("windows-31j", "蛙".encode("cp932"), "蛙", False),
        ("utf-7", b"+AOQ-", "ä", False),
        (
            "x-unknown",
            "Лягушки".encode("koi8-r"),
            "Лягушки".encode("koi8-r").decode("cp1252", "replace"),
            True,
        ),
        ("punycode", b"a-b", "a-b", False),
        ("unicode_escape", b"\\x41", "\\x41", False),
    ],
)
def test_text_is_decoded_as_it_was_meant(charset, data, text, is_guess):
    """Trap 32 (discourse/discourse#4846): Latin-1 takes any bytes, so UTF-8 is tried first."""
    assert decode(data, charset) == (text, is_guess)


@pytest.mark.parametrize(
    "name",
    ["punycode", "idna", "unicode_escape", "raw_unicode_escape", "undefined", "zlib", "base64", "hex", "rot13", "mbcs",
     "os.path", "../x", "a" * 41, "", None, "\udcff"],
)  # fmt: skip
def test_a_charset_that_is_none_is_not_looked_up(name):
    assert codec(name) is None


@given(
    st.binary(max_size=60),
    st.sampled_from(["utf-7", "utf-16", "hz", "iso-2022-kr", "big5", "cp950", "utf-8", "nonsense", None]),
)
def test_decoding_never_fails(data, charset):
    """Trap 18 (zammad/zammad#795, #2176, #2200, #4132): no charset stops a message."""
    text, _ = decode(data, charset)
    text.encode()
    assert "\0" not in text


def test_a_guessed_charset_is_flagged():
    message = read(b"From: a@x.example\n\n" + "Лягушки".encode("koi8-r"))
    assert message.flags == ("charset guessed",)


# --------------------------------------------------------------------------------------------------- texts


def test_of_alternatives_the_plain_text_is_read():
    message = read(multipart("alternative", PLAIN, HTML))
    assert (message.text, message.html) == ("Plain text", "<p>Rich <b>text</b></p>")


def test_of_several_plain_alternatives_none_is_lost():
    other = b"Content-Type: text/plain\n\nAnother text"
    assert read(multipart("alternative", PLAIN, PLAIN, HTML, other)).text == "Plain text\n\nAnother text"


@pytest.mark.parametrize(
    "plain",
    [
        b"",
        b" \n\xc2\xa0\n",
        b"This message is in HTML format.",
        b"Your e-mail client does not support HTML e-mail.",
    ],
)
def test_of_alternatives_the_html_is_read_where_the_text_says_nothing(plain):
    message = read(multipart("alternative", b"Content-Type: text/plain\n\n" + plain, HTML))
    assert message.text == "Rich text"


def test_a_long_text_about_html_is_a_text():
    plain = b"Content-Type: text/plain\n\nHow do I write HTML? " + b"I tried this and that. " * 20
    assert read(multipart("alternative", plain, HTML)).text.startswith("How do I write HTML?")


def test_texts_beside_each_other_are_joined():
    """A mailing list adds its footer as a part of its own."""
    footer = b"Content-Type: text/plain\nContent-Disposition: inline\n\nFooter"
    assert read(multipart("mixed", HTML, footer)).text == "Rich text\n\nFooter"
    assert read(multipart("mixed", PLAIN, PNG, footer)).text == "Plain text\n\nFooter"


def test_html_that_repeats_the_text_is_left_out():
    same = b"Content-Type: text/html\n\n<p>Plain <i>text</i></p>"
    assert read(multipart("mixed", PLAIN, same)).text == "Plain text"


def test_alternatives_inside_each_other():
    related = multipart("related", HTML, PNG).partition(b"\n")[2].replace(b"cut", b"inner")
    message = read(multipart("alternative", PLAIN, related))
    assert message.text == "Plain text"
    assert [one.name for one in message.attachments] == ["a.png"]
    assert message.content_types == (
        "multipart/alternative", "text/plain", "multipart/related", "text/html", "image/png",
    )  # fmt: skip


def test_without_a_text_the_preamble_is_shown():
    """A truncated message may have its only prose before the first part."""
    message = read(multipart("mixed", PNG, before=b"Please see the picture.\n", after=b"Bye\n"))
    assert (message.text, message.flags) == ("Please see the picture.\n\nBye", ("only a preamble",))


def test_the_sentence_for_readers_without_mime_is_no_text():
    sentence = b"This is a multi-part message in MIME format.\nYour reader cannot show it.\n"
    message = read(multipart("mixed", PNG, before=sentence))
    assert (message.text, message.flags) == ("", ())
    assert (
        read(multipart("mixed", PNG, before=sentence + b"\nBut I wrote this.\n")).text == "But I wrote this."
    )


def test_a_multipart_without_its_boundary_is_shown_as_it_is():
    message = mail("From: a@x.example", "Content-Type: multipart/mixed; boundary=a", body=b"--b\n\nHello\n")
    assert (message.text, message.flags) == ("--b\n\nHello", ("damaged multipart",))


def test_the_only_part_is_the_text_whatever_it_says():
    for header in (
        "Content-Disposition: attachment; filename=a.txt",
        "Content-Type: text/enriched",
        "Content-Type: text",
    ):
        message = mail("From: a@x.example", header)
        assert (message.text, message.attachments) == ("Hello", ())


def test_line_ends_are_newlines():
    assert read(b"From: a@x.example\r\n\r\none\r\ntwo\rthree\r\n").text == "one\ntwo\nthree"
    assert read(b"From: a@x.example\r\rone\rtwo").text == "one\ntwo"


def test_a_few_nuls_do_not_make_a_text_binary():
    """A customer's message with NULs lost its whole text when they counted (freescout-help-desk/freescout)."""
    message = mail("From: a@x.example", body=b"He\0llo\0\n")
    assert (message.text, message.flags) == ("Hello", ())


def test_binary_that_is_labelled_text_is_an_attachment():
    """Parts labelled text/plain that are pictures."""
    for content in (b"\x89PNG\r\n\x1a\n\1\2", bytes(range(256)) * 4, b"a\0" * 500):
        message = mail("From: a@x.example", body=content)
        assert (message.text, message.flags) == ("", ("binary labelled as text",))
        assert len(message.attachments) == 1


def test_base64_and_its_faults():
    head = b"From: a@x.example\nContent-Transfer-Encoding: base64\n\n"
    for body, text in [
        (b"SGVsbG8=\n", "Hello"),
        (b"SGVsbG8", "Hello"),  # no padding
        (b"SGVs!bG8=", "Hello"),
        (b"SGVs\nbG8=\n_____\nList footer\n", "Hello_____\nList footer"),
        (b"SGU=\nbGxv\n", "Hello"),  # encoded in pieces
        (b"SGVsbG8= ignored", "Hello"),
        (b"This is not base64 at all.", "This is not base64 at all."),
    ]:
        assert read(head + body).text == text


def test_quoted_printable_and_uuencode():
    head = b"From: a@x.example\nContent-Transfer-Encoding: "
    assert read(head + b"Quoted-Printable\n\nGr=C3=BC=\n=C3=9Fe =ZZ").text == "Grüße =ZZ"
    assert read(head + b"x-uuencode\n\nbegin 644 a.txt\n%2&5L;&\\\n`\nend\n").text == "Hello"
    assert read(head + b"x-uuencode\n\nHello").text == "Hello"
    assert read(head + b"no-such-encoding\n\nHello").text == "Hello"


# -------------------------------------------------------------------------------------------- format=flowed


@pytest.mark.parametrize(
    ("text", "joined"),
    [
        ("a \nb\nc", "a b\nc"),
        (">> a \n>> b\n> c", ">> a b\n> c"),
        ("> a \nb", "> a \nb"),  # another depth
        (" >stuffed", ">stuffed"),
        (" From here", "From here"),
        ("a \n-- \nAnn", "a \n-- \nAnn"),
        ("> a \n> -- \n> b", "> a \n> -- \n> b"),
        ("a \n", "a "),
        ("", ""),
    ],
)
def test_flowed_text_is_joined_within_its_quote_depth(text, joined):
    """Trap 43 (thunderbird/thunderbird-android#2302; RFC 3676, section 4)."""
    assert reflowed(text, delete_space=False) == joined


def test_flowed_text_with_delsp():
    message = mail(
        "From: a@x.example", "Content-Type: text/plain; format=flowed; delsp=yes", body=b"long \nword\n"
    )
    assert message.text == "longword"
    assert (
        mail("From: a@x.example", "Content-Type: text/plain; format=FLOWED", body=b"long \nline\n").text
        == "long line"
    )
    assert mail("From: a@x.example", body=b"long \nline\n").text == "long \nline"


# ---------------------------------------------------------------------------------------------- attachments


def test_attachments():
    message = read(multipart("mixed", PLAIN, PNG))
    assert message.attachments == (Attachment("a.png", "image/png", b"\x89PNG\r\n\x1a\n", "one@x"),)


@pytest.mark.parametrize(
    ("headers", "name"),
    [
        ('Content-Disposition: attachment; filename="a b.pdf"', "a b.pdf"),
        ("Content-Disposition: attachment; filename=a b.pdf", "a b.pdf"),
        ("Content-Type: application/pdf; name=a.pdf", "a.pdf"),
        (
            "Content-Disposition: attachment; filename*=utf-8''Gr%C3%BC%C3%9Fe.pdf; filename=x.pdf",
            "Grüße.pdf",
        ),
        (
            "Content-Disposition: attachment; filename*0*=iso-8859-1''Gr%FC; filename*1*=%DFe; filename*2=.pdf",
            "Grüße.pdf",
        ),
        ("Content-Disposition: attachment; filename*1=.pdf; filename*0=a", "a.pdf"),
        ('Content-Disposition: attachment; filename="=?utf-8?q?Gr=C3=BC=C3=9Fe.pdf?="', "Grüße.pdf"),
        ('Content-Disposition: attachment; filename="Grüße.pdf"', "Grüße.pdf"),
        ('Content-Disposition: attachment; filename="../../etc/passwd"', "passwd"),
        (r'Content-Disposition: attachment; filename="C:\\files\\a.pdf"', "a.pdf"),
        ('Content-Disposition: attachment; filename="a\u202egpj.exe"', "agpj.exe"),
        ("Content-Disposition: attachment; filename*99999999999=a; filename*0=b", "b"),
        ("Content-Disposition: attachment; filename=", "attachment.pdf"),
        ("Content-Type: application/pdf", "attachment.pdf"),
        ("Content-Type: application/x-nobody-knows", "attachment"),
    ],
)
def test_names_of_attachments(headers, name):
    kind = "" if "Content-Type" in headers else "Content-Type: application/pdf\n"
    message = read(multipart("mixed", PLAIN, f"{kind}{headers}\n\nx".encode()))
    assert [one.name for one in message.attachments] == [name]


def test_parameters_of_a_header():
    assert parameters('text/plain; charset="utf-8" ; a=b;c') == ("text/plain", {"charset": "utf-8", "a": "b"})
    assert parameters("multipart/mixed; boundary*=us-ascii'en'a%20b") == (
        "multipart/mixed",
        {"boundary": "a b"},
    )
    assert parameters('x; a="unclosed') == ("x", {"a": "unclosed"})
    assert parameters("") == ("", {})


def test_a_forwarded_message_is_an_attachment_as_it_came():
    """Traps 27 and 6 (osTicket/osTicket#3029, python/cpython#114362): never walked for text, never written anew."""
    inner = b"From: b@y.example\nSubject: long\n folded  header\nTo: c@y.example\n\nFrom here on\ninner text"
    message = read(multipart("mixed", PLAIN, b"Content-Type: message/rfc822\n\n" + inner))
    assert message.text == "Plain text"
    assert message.attachments == (Attachment("message.eml", "message/rfc822", inner, None),)


def test_a_message_that_is_only_a_forwarded_one_shows_its_text():
    inner = b"Subject: inner\nContent-Transfer-Encoding: base64\n\nSGVsbG8="
    message = mail("From: a@x.example", "Subject: outer", "Content-Type: message/rfc822", body=inner)
    assert (message.subject, message.text) == ("outer", "Hello")
    assert [one.content for one in message.attachments] == [inner]
    head = b"From: a@x.example\nContent-Type: message/rfc822\n\n"
    cut = read(head + b"Subject: inner\n\n" + b"line\n" * 100, limits=Limits(shown=50))
    assert (cut.text[:4], cut.flags) == ("line", ("text cut",))


def test_the_messages_of_a_digest_are_attachments():
    message = read(
        multipart("digest", b"\nFrom: b@y.example\n\none", b"\nFrom: c@y.example\n\ntwo", before=b"Digest\n")
    )
    assert [one.content for one in message.attachments] == [
        b"From: b@y.example\n\none",
        b"From: c@y.example\n\ntwo",
    ]
    assert message.text == "Digest"


def test_winmail_dat_is_kept_and_flagged():
    """Trap 21 (zammad/zammad#2403, ikvk/imap_tools#195): text and files may be inside."""
    for part in (
        b"Content-Type: application/ms-tnef\n\nx",
        b"Content-Type: application/octet-stream; name=WINMAIL.DAT\n\nx",
    ):
        message = read(multipart("mixed", PLAIN, part))
        assert (message.flags, len(message.attachments)) == (("winmail.dat",), 1)


def test_an_encrypted_message_is_recognised_and_its_headers_are_read():
    """Traps 22 and 42 (zammad/zammad#5170, autocrypt/memoryhole#10): the ids outside still tell the ticket."""
    pgp = read(
        multipart("encrypted", b"Content-Type: application/pgp-encrypted\n\nVersion: 1", b"Content-Type: application/octet-stream\n\nx")
        .replace(b"From:", b"In-Reply-To: <1@y.example>\nFrom:", 1)
    )  # fmt: skip
    assert (pgp.encrypted, pgp.text, pgp.answered) == (True, "", ("1@y.example",))
    smime = mail("Content-Type: application/pkcs7-mime; smime-type=enveloped-data; name=smime.p7m")
    assert smime.encrypted
    signed = mail("Content-Type: application/pkcs7-mime; smime-type=signed-data; name=smime.p7m")
    assert (signed.encrypted, signed.flags) == (False, ("signed and not readable",))
    assert mail("From: a@x.example", body=b"-----BEGIN PGP MESSAGE-----\n\nx\n").encrypted
    assert not mail("From: a@x.example", body=b"-----BEGIN PGP SIGNED MESSAGE-----\n\nx\n").encrypted


def test_a_report_is_recognised_by_the_types_of_its_parts():
    report = b"Content-Type: message/delivery-status\n\nReporting-MTA: dns; x\n\nAction: failed\n"
    message = read(multipart("report; report-type=delivery-status", PLAIN, report))
    assert message.content_types == ("multipart/report", "text/plain", "message/delivery-status")
    assert message.attachments[0].name == "delivery-status.txt"
    assert b"Action: failed" in message.attachments[0].content


def test_a_named_text_is_a_file_if_there_is_a_text_before_it():
    named = b"Content-Type: text/plain; name=log.txt\n\nlines"
    assert [one.name for one in read(multipart("mixed", PLAIN, named)).attachments] == ["log.txt"]
    assert read(multipart("mixed", named)).text == "lines"


# --------------------------------------------------------------------------------------------- the raw bytes


def test_headers_keep_their_order_and_repeats():
    message = mail("X-A: 1", "x-b: =?utf-8?q?=C3=BC?=", "X-A: 2")
    assert message.headers == (("X-A", "1"), ("x-b", "ü"), ("X-A", "2"))


def test_headers_without_encoded_words_are_not_decoded():
    """A sender must not write results of authentication into a header of the desk's own server."""
    value = "mx.x; spf=pass smtp.mailfrom==?utf-8?q?=3B_dmarc=3Dpass?=@evil.example"
    assert mail(f"Authentication-Results: {value}").header("authentication-results") == (value,)


@pytest.mark.parametrize(
    "before", [b"", b"\xef\xbb\xbf", b"\n\r\n", b"From a@x Mon Mar  2 10:00:00 2026\n", b">From a@x Mon\n"]
)
def test_what_a_mailbox_puts_before_the_headers(before):
    assert read(before + b"From: a@x.example\nSubject: s\n\nHello").subject == "s"


def test_the_whole_text_is_an_attachment_where_it_is_cut():
    message = read(b"From: a@x.example\n\n" + b"line\n" * 100, limits=Limits(shown=52))
    assert (message.text, message.flags) == ("line\n" * 9 + "line", ("text cut",))
    assert message.attachments == (Attachment("attachment.txt", "text/plain", b"line\n" * 100, None),)


@pytest.mark.parametrize("error", [RecursionError, MemoryError, KeyError("x"), ValueError("x")])
def test_whatever_fails_is_unreadable_with_a_reason(error, monkeypatch):
    def fail(*_):
        raise error

    monkeypatch.setattr("tix.mail.mime.parts.body", fail)
    with pytest.raises(Unreadable, match=r"^the message "):
        read(b"From: a@x.example\n\nHello")
