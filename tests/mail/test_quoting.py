"""Where the quoted tail or the signature of a mail begins: each rule with the forms of real clients."""

import sys
from collections.abc import Sequence

import pytest

from tix.domain.mail import history, known_text, quote_words, quotes
from tix.domain.mail.quotes import MARKER, MOST_LINES, fold

OLD = "Which version do you use?\nWe need it to look at the log.\n\nRegards\nPat of the desk"
QUOTED = "> Which version do you use?\n> We need it to look at the log.\n>\n> Regards\n> Pat of the desk"
WROTE = "On Mon, 3 Feb 2025 at 10:00, Pat <desk@x.example> wrote:"
HEADER = (
    "From: Pat <desk@x.example>\nSent: Monday, February 3, 2025 10:00\nTo: Sam <sam@y.example>\nSubject: VPN"
)


def shown(text: str, known: Sequence[str] | None = None) -> str:
    return text[: fold(text, known)].rstrip()


# ------------------------------------------------------------------------------- rule 1: an unknown thread


def test_a_quote_below_an_attribution_is_folded():
    assert shown(f"It is 1.2.3\n\n{WROTE}\n\n{QUOTED}\n") == "It is 1.2.3"


def test_the_offset_is_that_of_the_attribution():
    text = f"It is 1.2.3\r\n\r\n{WROTE}\r\n{QUOTED}"
    assert fold(text, None) == text.index("On Mon")


@pytest.mark.parametrize(
    "lines",
    [
        "On Dec 16, 2011, at 12:47 PM, Corey Donohoe\n<reply@reply.example>\nwrote:",  # Apple
        "On Tue, Sep 25, 2012 at 8:59 AM, Chris Wanstrath\n<notifications@hub.example>wrote:",
        "Am So., 1. Jan. 2023 um 17:22 Uhr\nschrieb Jo Doe <\nnoreply@hub.example>:",
        "Den fre 28 feb. 2025 10:15Anna Andersson <anna@acme.example> skrev:",
        "On Monday, 3 February 2025 10:00:00 CET Pat wrote:",  # KMail
        "---- On Tue, 02 Sep 2025 10:00:00 +0200 Pat <desk@x.example> wrote ----",  # Zoho
        "Help Desk <desk@x.example>, 3 Şub 2025 Pzt, 10:00\ntarihinde şunu yazdı:",
        "Pat <desk@x.example> writes:",  # Gnus
        "Στις Δευ 3 Φεβ 2025 στις 10:00 π.μ., ο χρήστης Pat <desk@x.example> έγραψε:",
        "po 3. 2. 2025 o 10:00 Pat <desk@x.example> napísal(a):",
        "În lun., 3 feb. 2025 la 10:00, Pat <desk@x.example> a scris:",
        "На пн, 3.02.2025 г. в 10:00 Pat <desk@x.example> написа:",
        "On Monday, February 3rd, 2025 at 10:00, Pat <desk@x.example> wrote:",  # Proton
        "Am 2025-02-03 10:00, schrieb Pat:",  # Roundcube
    ],
)
def test_an_attribution_has_up_to_three_lines(lines):
    """Trap 33: an attribution wrapped before the address is recognised, and all of it folded."""
    assert shown(f"as soon as I\nget back.\n{lines}\n\n{QUOTED}") == "as soon as I\nget back."


@pytest.mark.parametrize(
    "line",
    [
        "في الاثنين، 3 فبراير 2025 في 10:00 ص تمت كتابة ما يلي بواسطة Pat <desk@x.example>:",
        "בתאריך יום ב׳, 3 בפבר׳ 2025 ב-10:00 מאת Pat <desk@x.example>:",
        "ในวันที่ จ. 3 ก.พ. 2025 เวลา 10:00 Pat <desk@x.example> เขียนว่า:",
        "Missatge de Pat <desk@x.example> del dia dl., 3 de febr. 2025 a les 10:00:",
        "2025-02-03, pr, 10:00 Pat <desk@x.example> rašė:",
    ],
)
def test_other_languages_are_shown(line):
    assert fold(f"Hi\n\n{line}\n{QUOTED}", None) is None
    assert fold(f"Hi\n\n{line}\n{QUOTED}", (OLD,)) is None


@pytest.mark.parametrize(
    "sentence",
    [
        "On 3 Feb 2025 at 10:00 I wrote:",
        "On 3 Feb 2025 at 10:00 the server wrote:",
        "Am 3.2.2025 um 10:00 schrieb der Server ins Log:",
        "I asked bob@y.example on 3 Feb 2025, and he wrote:",
        "Ich habe bob@y.example am 3.2.2025 gefragt, da schrieb er mir:",
        "Please call bob@y.example at 10:00 and ask for:",
        "At 10:00 write to Bob <bob@y.example>:",
        "Here is what I wrote at 10:00 this morning:",
        "You can reach me at <me@y.example>\nBob wrote:",
        "This is what the build says since 10:00",
        "Le 3 février 2025 il a écrit :",
    ],
)
def test_a_sentence_above_a_pasted_log_is_no_attribution(sentence):
    text = f"It fails\n\n{sentence}\n> npm run build\n> error 5"
    assert fold(text, None) is None


def test_a_line_typed_inside_an_attribution_is_shown():
    wrapped = "On Mon, 3 Feb 2025 at 10:00, The Help Desk <\nIt is 1.2.3\ndesk@x.example> wrote:"
    assert shown(f"Hi\n\n{wrapped}\n{QUOTED}").endswith("It is 1.2.3")
    assert fold(f"Hi\n> On 3 Feb 2025, at 10:00, Pat\nwrote:\n{QUOTED}", None) is None


def test_a_quote_without_an_attribution_is_shown():
    assert fold("I get\n\n> npm run build\n> error\n", None) is None
    assert fold(f"As you wrote\n{QUOTED}", (OLD,)) is None


@pytest.mark.parametrize(
    "below", ["It is 1.2.3", "- 1.2.3", "✓", "?", "[1.2.3]", "| 1.2.3", "    1.2.3", "\u200b1"]
)
def test_an_unquoted_line_below_a_quote_shows_everything(below):
    """Trap 38: bottom posts and answers between quoted lines."""
    assert fold(f"Hi\n\n{WROTE}\n{QUOTED}\n\n{below}", None) is None
    assert fold(f"Hi\n\n{WROTE}\n> Which version?\n{below}\n> Regards", None) is None


def test_a_line_end_that_is_no_newline_ends_a_line():
    """A separator inside a quoted line would show what is below it as a line of its own."""
    for end in "\r\v\f\x85\u2028\u2029":
        assert fold(f"Hi\n\n{WROTE}\n> Which version?{end}It is 1.2.3", None) is None


def test_nothing_above_shows_everything():
    for above in ("", "\n \n", "\u200b\n", "\ufeff"):
        assert fold(f"{above}{WROTE}\n{QUOTED}", None) is None
        assert fold(f"{above}{HEADER}\n\n{OLD}", (OLD,)) is None


def test_outlook_history_of_an_unknown_thread_is_shown():
    assert fold(f"See below\n\n{HEADER}\n\n{OLD}", None) is None


def test_an_attribution_inside_the_quote_counts_where_the_thread_is_known():
    """Apple Mail quotes it, too. In an unknown thread somebody may have pasted such a quote."""
    text = f"It is 1.2.3\n\n> {WROTE}\n> \n{QUOTED}"
    assert shown(text, (OLD,)) == "It is 1.2.3"
    assert fold(text, None) is None


# --------------------------------------------------------------------------------- rule 2: a known thread


@pytest.mark.parametrize(
    "start", [WROTE, HEADER, f"_____\n{HEADER}", f"-----Original Message-----\n\n{HEADER}", MARKER]
)
def test_known_history_is_folded_quoted_or_not(start):
    assert shown(f"It is 1.2.3\n\n{start}\n\n{OLD}", (OLD,)) == "It is 1.2.3"
    assert shown(f"It is 1.2.3\n\n{start}\n{QUOTED}", (OLD,)) == "It is 1.2.3"


def test_nested_history_is_compared_piece_by_piece():
    first, second = "The VPN is down since Monday", OLD
    text = f"It is 1.2.3\n\n{HEADER}\n\n{second}\n\n> {WROTE}\n> > {first}\n"
    assert shown(text, (first, second)) == "It is 1.2.3"
    assert fold(text, (second,)) is None
    assert fold(text, (f"{first}\n{second}",)) is not None  # a piece is a run inside one text


def test_a_piece_does_not_run_from_one_text_into_the_next():
    half, other = OLD.split("\n\n")
    assert fold(f"Hi\n\n{WROTE}\n{QUOTED}", (half, other)) is None


@pytest.mark.parametrize("answer", ["yes", "2", "👍", "✓", "???", "10", "Windows 11", "same here"])
def test_an_answer_between_unquoted_lines_is_shown(answer):
    """Trap 38, as Outlook makes it: answers "in red" between lines that nothing marks as quoted."""
    asked = "Do you have Windows 10 or Windows 11 Professional?\nPlease answer yes or no.\nIs 2 or 10 shown?"
    for at in range(4):
        lines = asked.split("\n")
        lines.insert(at, answer)
        for mark in ("", "> "):
            tail = "\n".join(mark + line for line in lines)
            assert fold(f"See below\n\n{HEADER}\n{tail}", (asked,)) is None


@pytest.mark.parametrize("answer", ["yes", "Windows 11 Professional", "2", "Windows 10"])
def test_an_answer_instead_of_the_history_is_shown(answer):
    """All of the question was deleted, and the answer is a part of it: neither a line of it nor a long run."""
    asked = "Do you have Windows 10 or Windows 11 Professional? (yes, no, 2)\nyes\nno\n2\n"
    assert fold(f"See below\n\n{HEADER}\n\n{answer}\n", (asked,)) is None


@pytest.mark.parametrize("line", ["Windows 11 Professional, or 10?", "Do you have Windows 11 Professional?"])
def test_a_part_of_a_known_line_is_an_answer(line):
    """What a client quotes begins and ends with whole lines."""
    asked = f"Please tell us:\n{line}\nRegards"
    assert fold(f"See below\n\n{HEADER}\n\nWindows 11 Professional\n", (asked,)) is None
    assert shown(f"See below\n\n{HEADER}\n\n{line}\n", (asked,)) == "See below"


@pytest.mark.parametrize("sign", ["👍", "✓", "☑", "❌"])
def test_a_symbol_behind_a_question_is_an_answer(sign):
    assert fold(f"See below\n\n{WROTE}\n{QUOTED.replace('?', f'? {sign}')}", (OLD,)) is None


def test_a_short_text_is_known_as_a_whole():
    assert shown(f"Thanks!\n\n{HEADER}\n\nDone.\n", (OLD, "Done.")) == "Thanks!"
    earlier = f"Done.\n\n{WROTE}\n> works?"
    assert shown(f"Thanks!\n\n{HEADER}\n\nDone.\n", (OLD, earlier)) == "Thanks!"


def test_what_a_client_does_to_letters_does_not_count():
    old = "Grüße aus Łódź, das Café „Zum Löwen“ hat VPN-Zugang\nund 今日は雨です の後で"
    new = "Grüße aus Łódź, das Cafe\u0301 *Zum\nLöwen* hat VPN - Zugang und\u00a0今日は\n雨です の後で\u200b"
    assert shown(f"Danke\n\n{WROTE}\n\n{new}", (old,)) == "Danke"


def test_a_banner_of_a_gateway_shows_everything():
    """It is text nobody knows; better shown than lost."""
    assert fold(f"Hi\n\n{HEADER}\n\nCAUTION: external mail.\n\n{OLD}", (OLD,)) is None


def test_a_sentence_like_an_attribution_above_does_not_hide_the_history():
    text = f"{WROTE}\nthat all is down.\n\n{WROTE}\n{QUOTED}"
    assert shown(f"Hi\n{text}", (OLD,)).endswith("that all is down.")


# ------------------------------------------------------------------------------------------- header blocks


@pytest.mark.parametrize(
    "block",
    [
        "From: A\nSent: 3 February 2025 10:00\nTo: B <b@x.example>;\n C <c@x.example>\nCc: D\nSubject: E",
        "*From:* A\n\n*Sent:* 3 February 2025 10:00\n\n*To:* B\n\n*Subject:* E",  # HTML, a paragraph a line
        "Subject: E\nFrom: a@x.example\nDate: 3 Feb 2025 10:00\nTo: b@x.example",  # Apple
        "Fra: Peter\nSendt: 24. november 2025 10:00\nTil: Anders\nEmne: Hej",
        "Lähettäjä: A\nLähetetty: 3. helmikuuta 2025 10:00\nVastaanottaja: B\nAihe: C",
        "Odesílatel: A <a@x.example>\nDatum: 3. 2. 2025\nPředmět: C",
        "Kimden: A <a@x.example>\nGönderildi: 3 Şubat 2025 10:00\nKime: B\nKonu: C",
        "Від: A <a@x.example>\nНадіслано: 3 лютого 2025\nКому: B\nТема: C",
    ],
)
def test_header_blocks_of_clients(block):
    assert shown(f"It is 1.2.3\n\n{block}\n\n{OLD}", (OLD,)) == "It is 1.2.3"


@pytest.mark.parametrize(
    "block",
    [
        "From: column one\nDate: is missing\nSubject: none",  # neither a date nor an address
        "From: a@x.example\nSent: 3 Feb 2025",  # two kinds
        "From: a@x.example\nFrom: b@x.example\nFrom: c@x.example",  # one kind
        "Von: a@x.example\nSent: 3 Feb 2025 10:00\nObjet: C",  # three languages
        "Cc: new@x.example\nDate: 3 Feb 2025\nTo: c@x.example",  # nobody from
    ],
)
def test_what_is_no_header_block(block):
    assert fold(f"It is 1.2.3\n\n{block}\n\n{OLD}", (OLD,)) is None


@pytest.mark.parametrize("gap", ["", "\n"])
@pytest.mark.parametrize(
    "answer", ["Answer: 1.2.3", "Date: tomorrow", "To: be sure", "Cc: nobody", "Importance: high"]
)
def test_an_answer_like_a_header_is_shown(gap, answer):
    assert fold(f"See below\n\n{HEADER}\n{gap}{answer}\n\n{OLD}", (OLD,)) is None


def test_an_answer_below_a_block_without_its_header_is_shown():
    """The block has no To or Date; behind the subject only an address or a date goes on with it."""
    short = "From: Pat <desk@x.example>\nSent: 3 February 2025 10:00\nSubject: VPN"
    assert shown(f"See below\n\n{short}\nTo: Sam <sam@y.example>\n\n{OLD}", (OLD,)) == "See below"
    assert fold(f"See below\n\n{short}\nTo: be sure\n\n{OLD}", (OLD,)) is None
    assert fold(f"See below\n\n{HEADER}\nCc: bob@y.example\n\n{OLD}", (OLD,)) is None
    spaced = short.replace("\n", "\n\n")
    assert fold(f"See below\n\n{spaced}\n\nTo: bob@y.example\n\n{OLD}", (OLD,)) is None


def test_a_block_is_quoted_or_not():
    text = "Hi\n\nFrom: a@x.example\nSent: 3 Feb 2025 10:00\n> Subject: VPN\n> error"
    assert fold(text, None) is None


def test_an_answer_above_a_nested_block_is_shown():
    for answer in (
        "Cc: b@x.example",
        "Date: 4 Feb 2025",
        "To: b@x.example",
        "From: 10:00 on",
        "Subject: 2025",
    ):
        assert fold(f"Hi\n\n{HEADER}\n\n{OLD}\n\n{answer}\n{HEADER}\n\n{OLD}", (OLD,)) is None


def test_every_word_of_a_header_has_one_kind():
    """A word of two kinds would be taken for the wrong one in one of its languages."""
    assert {word: kinds for word, kinds in quote_words.HEADERS.items() if len(set(kinds.values())) > 1} == {}
    assert len({language for kinds in quote_words.HEADERS.values() for language in kinds}) == 20


def test_words_are_written_as_they_are_compared():
    tables = (
        *quote_words.FORWARDS,
        *quote_words.ORIGINALS,
        *quote_words.MARKERS,
        *quote_words.DEVICE_LEADS,
    )
    words = (
        *tables,
        *quote_words.HEADERS,
        *quote_words.FINAL,
        *quote_words.DEVICES,
        *quote_words.LEADS,
    )
    assert [word for word in words if not word or word.casefold() != word or "\n" in word] == []


# ----------------------------------------------------------------------------------------------- forwards


@pytest.mark.parametrize(
    "line",
    [
        "---------- Forwarded message ---------",
        "Begin forwarded message:",
        "-------- Weitergeleitete Nachricht --------",
        "Début du message transféré :",
        "---------- 转发的邮件 ---------",
        "-------- Пересылаемое сообщение --------",
    ],
)
@pytest.mark.parametrize("known", [(OLD,), None])
def test_a_forward_is_never_folded(line, known):
    """Neither its history nor its signature: a forward is what the mail is about."""
    assert fold(f"Please look\n\n{line}\n{HEADER}\n\n{OLD}\n", known) is None
    assert fold(f"Please look\n\n{line}\n{WROTE}\n{QUOTED}\n", known) is None
    assert fold(f"Please look\n\n{line}\n\nHello\n-- \nPat\n", known) is None


def test_a_forward_inside_the_quote_does_not_count():
    assert shown(f"Hi\n\n{WROTE}\n> Begin forwarded message:\n> \n{QUOTED}") == "Hi"
    assert shown(f"{WROTE}\n> Begin forwarded message:\n\nIt is 1.2.3\n-- \nSam").endswith("1.2.3")


def test_a_mail_forwarded_without_a_word_is_shown():
    """Outlook says so in the subject only: a header block above unquoted, unknown text, then older quotes."""
    assert fold(f"Please look\n\n{HEADER}\n\nHello Sam, see this.\n\n{WROTE}\n{QUOTED}", None) is None


# ------------------------------------------------------------------------------------------------ markers


@pytest.mark.parametrize(
    "line",
    [
        MARKER,
        f"> {MARKER}",
        "##- Please type your reply above this line -##",
        "-- Bitte antworten Sie oberhalb dieser Zeile --",
        "--- この行より上に返信してください ---",
    ],
)
def test_a_marker_starts_history(line):
    """In any language, below an attribution that nobody recognises."""
    assert shown(f"Hi\n\n{line}\n{QUOTED}", (OLD,)) == "Hi"


def test_a_marker_starts_a_quoted_tail_of_an_unknown_thread():
    assert shown(f"Hi\n\n{MARKER}\n{QUOTED}") == "Hi"
    assert fold(f"Hi\n\n{MARKER}\n{OLD}", None) is None


def test_an_answer_below_the_marker_is_shown():
    """The line asks for text above it; what somebody types below it is new all the same."""
    for answer in ("It is 1.2.3", "yes"):
        assert fold(f"Hi\n\n{WROTE}\n> {MARKER}\n{QUOTED}\n\n{answer}", (OLD,)) is None
        assert fold(f"Hi\n\n{MARKER}\n\n{answer}\n\n{OLD}", (OLD,)) is None


def test_the_marker_is_in_the_table():
    assert MARKER.strip("- ").casefold() in quote_words.MARKERS


# ---------------------------------------------------------------------------------------------- signatures


def test_a_signature_below_dashes_is_folded():
    """RFC 3676, section 4.3; clients drop the blank behind the dashes."""
    assert shown("It is 1.2.3\n\n-- \nSam\nACME Ltd\n") == "It is 1.2.3"
    assert shown("It is 1.2.3\n--\n\n*Sam*\n") == "It is 1.2.3"
    assert shown("It is 1.2.3\n-- \n" + "line\n" * 8) == "It is 1.2.3"


@pytest.mark.parametrize(
    "text",
    [
        "It is 1.2.3\n-- \n" + "line\n" * 9,
        "Hi\n-- \nSam\n\nPS: the door code is 4711\n",
        "this is a correct -- signature",
        "Patch\n--- a/x\n+++ b/x\n-- \n2.39.2\n\nplease apply\n",
        "-- \nSam\n",
        "\n\n-- \nSam\n",
        "Hi\n-- \n> which one is it?",
    ],
)
def test_what_is_no_signature(text):
    assert fold(text, None) is None


@pytest.mark.parametrize(
    "line",
    [
        "Sent from my iPhone",
        "Sent from my Verizon Wireless BlackBerry",
        "Von meinem Samsung Galaxy Smartphone gesendet.".rstrip("."),
        "Envoyé de mon iPhone",
        "Enviado desde mi iPhone",
        "iPhoneから送信",
        "发自我的 iPhone",
        "나의 iPhone에서 보냄",
        "Отправлено с iPhone",
        "Sent from Mail for Windows",
    ],
)
def test_the_line_of_a_phone_is_a_signature(line):
    assert shown(f"It is 1.2.3\n\n{line}\n") == "It is 1.2.3"
    assert shown(f"It is 1.2.3\n\n{line}\n\n{WROTE}\n{QUOTED}") == "It is 1.2.3"
    assert shown(f"It is 1.2.3\n\n{WROTE}\n{QUOTED}\n\n{line}") == "It is 1.2.3"


@pytest.mark.parametrize(
    "line",
    [
        "Sent from my desk, is much easier than my mobile phone.",
        "Sent via courier yesterday",
        "Sent from the mail server this morning",
        "Sent from my phone as the laptop that I had is broken",
        "Wysłane z opóźnieniem",
    ],
)
def test_a_sentence_about_sending_is_no_signature(line):
    assert fold(f"It is 1.2.3\n\n{line}\n", None) is None


def test_the_line_of_a_phone_is_a_paragraph():
    assert fold("I do not know what was\nsent from my phone", None) is None
    assert shown("My number is 1\nGet Outlook for iOS<https://aka.example>") == "My number is 1"


def test_signatures_above_and_below_the_quote_are_folded():
    assert shown(f"Hi\n\n-- \nSam\n\n{WROTE}\n{QUOTED}") == "Hi"
    assert shown(f"Hi\n\n{WROTE}\n{QUOTED}\n\n-- \nSam") == "Hi"
    assert shown(f"Hi\n\n{WROTE}\n{QUOTED}\n\n-- \nSam", (OLD,)) == "Hi"
    assert shown(f"-- \nSam\n\n{WROTE}\n{QUOTED}") == "-- \nSam"  # nothing above


def test_a_bottom_post_loses_only_its_signature():
    assert shown(f"{WROTE}\n{QUOTED}\n\nIt is 1.2.3\n-- \nSam").endswith("It is 1.2.3")


@pytest.mark.parametrize("known", [(OLD,), None])
def test_an_answer_below_the_signature_of_unquoted_history_is_shown(known):
    """The "-- " there is the other's: what stands below it is not the sender's signature."""
    for start in (HEADER, WROTE, MARKER):
        assert fold(f"See below\n\n{start}\n\n{OLD}\n-- \nHelp Desk\nIt is 1.2.3", known) is None
        assert fold(f"See below\n\n{start}\n\n{OLD}\n\nSent from my iPhone", known) is None


def test_an_answer_below_a_signature_above_the_folded_quote_is_shown():
    """As above, where older history below it is known."""
    text = f"Hi\n\n{WROTE}\n\nunknown text\n-- \nHelp Desk\nIt is 1.2.3\n\n{WROTE}\n{QUOTED}"
    assert shown(text, (OLD,)).endswith("It is 1.2.3")


def test_what_stands_in_a_signature_is_no_history():
    text = f"Hi\n\n{WROTE}\n{QUOTED}\n\n-- \nSam, as on 3 Feb 2025\nOn 3 Feb 2025 Sam wrote:"
    assert shown(text, (OLD,)) == "Hi"


# -------------------------------------------------------------------------------------------------- limits


def test_a_line_over_500_characters_is_never_a_rule():
    long = "x" * 500
    assert fold(f"Hi\n\nOn Mon, 3 Feb 2025 at 10:00, {long} <a@x.example> wrote:\n{QUOTED}", None) is None
    assert fold(f"Hi\n\n{HEADER} {long}\n{QUOTED}", None) is None
    assert shown(f"Hi\n\n{WROTE}\n{QUOTED}\n> {long}") == "Hi"  # but it may be quoted


def test_over_20000_lines_are_shown():
    text = f"Hi\n\n{WROTE}\n"
    assert fold(text + "> a\n" * (MOST_LINES - 3), None) == 4
    for more in ("> a\n", "\u2028> a\n", "\r> a\r"):
        assert fold(text + "> a\n" * (MOST_LINES - 3) + more, None) is None


def test_known_texts_are_the_last_50():
    mail = f"Hi\n\n{WROTE}\n{QUOTED}"
    later = tuple(f"entry {number}" for number in range(50))
    assert fold(mail, (OLD, *later[:49])) == 4
    assert fold(mail, (OLD, *later)) is None


def test_known_texts_are_the_last_200000_characters():
    mail = f"Hi\n\n{WROTE}\n{QUOTED}"
    assert fold(mail, (OLD, "x" * (200_000 - len(OLD)))) == 4
    assert fold(mail, (OLD, "x" * (200_001 - len(OLD)))) is None
    assert fold(mail, ("x" * 300_000, OLD)) == 4
    assert fold(mail, (OLD + "\n" + "x" * 300_000,)) == 4  # cut at its end


def test_nested_history_is_compared_to_200_pieces():
    texts = [f"this is entry number {number}" for number in range(250)]
    mail = "Hi\n\n" + "".join(f"{WROTE}\n> {text}\n" for text in texts)
    assert fold(mail, ("\n".join(texts),)) is None
    assert fold("Hi\n\n" + "".join(f"{WROTE}\n> {text}\n" for text in texts[:200]), ("\n".join(texts),)) == 4


# ---------------------------------------------------------------------------------------- hostile input

MODULES = {module.__file__ for module in (history, known_text, quotes)}


def work(text: str, known: Sequence[str] | None) -> int:
    """How many lines of these rules run for a mail. What a line does is bounded, as texts of rules are short."""
    count = 0

    def local(_frame, event, _arg):
        nonlocal count
        count += event == "line"
        return local

    previous = sys.gettrace()
    sys.settrace(lambda frame, _event, _arg: local if frame.f_code.co_filename in MODULES else None)
    try:
        fold(text, known)
    finally:
        sys.settrace(previous)
    return count


BOMBS = {
    "headers": "From: a@x.example\n",
    "two headers": "From: a@x.example\nDate: 2025\n",
    "blocks": f"{HEADER}\n",
    "wrapped headers": "From: a@x.example\n" + "To: a,\n" + "b,\n" * 10,
    "attributions": f"{WROTE}\n",
    "attributions and quotes": f"{WROTE}\n> x\n",
    "ends of attributions": "wrote:\n",
    "halves of attributions": "On 3 Feb 2025\nwrote:\n",
    "quotes": "> x\n",
    "nested quotes": ">" * 400 + "\n",
    "blank lines": "\n",
    "rules": "-----\n",
    "originals": "-----Original Message-----\n",
    "markers": f"{MARKER}\n",
    "signatures": "-- \n",
    "devices": "\nSent from my iPhone\n",
    "forwards": "> Begin forwarded message:\n",
    "colons": ":" * 400 + "\n",
    "addresses": "a@" * 100 + ":\n",
    "dates": "On 3.2.2025 " * 20 + ":\n",
    "stars": "*" * 400 + "\n",
    "spaces": " " * 400 + "\n",
}


@pytest.mark.parametrize("known", [(OLD, "x\n" * 1000), None], ids=["known", "unknown"])
@pytest.mark.parametrize("part", BOMBS.values(), ids=BOMBS)
def test_work_grows_with_the_lines(part, known):
    """Twice the lines are twice the work, and no line takes more than a few hundred steps."""
    mails = [f"Hi\n\n{WROTE}\n" + part * (size // part.count("\n")) for size in (400, 800)]
    small, large = (work(mail, known) - work("Hi", known) for mail in mails)
    assert large <= 2.2 * small + 200
    assert large <= 800 * 600


def test_one_long_line_is_no_work():
    for part in ("=", "a ", "> ", "wrote:", "<", "\u0301", "👍"):
        assert work(f"Hi\n\n{WROTE}\n> {part * 200_000}", None) < 1000


def test_work_for_known_texts_is_bounded():
    """A piece that occurs everywhere in the known texts, but nowhere as whole lines, is looked for 64 times."""
    known = ("b " + "aaaa " * 30_000 + "b",)
    often, never = (f"Hi\n\n{WROTE}\n> " + word * 50 for word in ("aaaa ", "cccc "))
    assert fold(often, known) is None
    assert work(often, known) - work(never, known) < 64 * 8


def _naive(text: str, _known: Sequence[str] | None) -> None:
    lines = text.split("\n")
    for at, line in enumerate(lines):
        for below in lines[at:]:
            if line == "the start of a quote" and below == "its end":
                return


def test_quadratic_work_is_found(monkeypatch: pytest.MonkeyPatch):
    """Control: looking from every line to the end of the text is more than twice the work."""
    monkeypatch.setitem(globals(), "fold", _naive)
    monkeypatch.setitem(globals(), "MODULES", {_naive.__code__.co_filename})
    with pytest.raises(AssertionError):
        test_work_grows_with_the_lines(BOMBS["quotes"], None)
