"""Mail in files: where one mail ends and the next begins, what is quoted, which files are mail, and in which order."""

import io
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tix.importers.mail_head import mail_shape
from tix.importers.record import Fault
from tix.mail.archive.files import Located, MailFiles
from tix.mail.archive.mbox import Damage, Found, content, entry, messages
from tix.mail.archive.order import Dated, ordered

SEPARATOR = b"From ana@x.example Thu Nov 12 10:00:00 2026\n"
AT = 1_794_477_600


def read(raw: bytes) -> list[bytes | Damage]:
    """What an mbox holds: the bytes of each message, and what is none."""
    stream = io.BytesIO(raw)
    found = list(messages(stream))
    return [content(stream, one) if isinstance(one, Found) else one for one in found]


def test_each_separator_begins_a_message_and_the_blank_line_before_it_belongs_to_none():
    raw = SEPARATOR + b"Subject: a\n\none\n\n" + SEPARATOR + b"Subject: b\n\ntwo\n\n\n"
    assert read(raw) == [b"Subject: a\n\none\n", b"Subject: b\n\ntwo\n\n"]


def test_where_messages_are_is_told_by_line_and_time():
    first, second = messages(io.BytesIO(SEPARATOR + b"Subject: a\n\none\n\n" + SEPARATOR + b"Subject: b\n\n"))
    assert isinstance(first, Found)
    assert isinstance(second, Found)
    assert (first.line, first.at, second.line) == (1, AT, 6)


def test_lines_may_end_with_carriage_returns():
    raw = (SEPARATOR + b"Subject: a\n\none\n\n" + SEPARATOR + b"Subject: b\n\n>From x\n").replace(
        b"\n", b"\r\n"
    )
    assert read(raw) == [b"Subject: a\r\n\r\none\r\n", b"Subject: b\r\n\r\nFrom x\r\n"]


def test_one_mark_is_taken_from_quoted_lines_of_mboxo_and_mboxrd():
    raw = SEPARATOR + b"Subject: a\n\n>From here\n>>From there\n> From nowhere\n"
    assert read(raw) == [b"Subject: a\n\nFrom here\n>From there\n> From nowhere\n"]


@pytest.mark.parametrize(
    "line",
    [
        b"From the start it was broken:\n",  # no date
        b"From Monday 10:00 to Friday 12:30 in 2026\n",  # a date, and no header behind it
        b"  From ana@x.example Thu Nov 12 10:00:00 2026\n",
    ],
)
def test_a_line_that_only_looks_like_a_separator_is_text(line: bytes):
    raw = SEPARATOR + b"Subject: a\n\nHello.\n\n" + line + b"and so on\n"
    assert read(raw) == [b"Subject: a\n\nHello.\n\n" + line + b"and so on\n"]


def test_a_separator_needs_no_blank_line_before_it():
    assert len(read(SEPARATOR + b"Subject: a\n\none\n" + SEPARATOR + b"Subject: b\n\ntwo\n")) == 2


def test_a_writer_without_dates_is_understood():
    raw = b"From nobody\nSubject: a\n\none\nFrom now on:\nWhat: x\n\nFrom nobody\nSubject: b\n\ntwo\n"
    assert read(raw) == [b"Subject: a\n\none\nFrom now on:\nWhat: x\n", b"Subject: b\n\ntwo\n"]


def test_a_length_in_the_header_is_not_believed():
    """Whoever sends a mail could hide those behind it (python/cpython's mailbox ignores it for that, too)."""
    raw = SEPARATOR + b"Content-Length: 70\n\none\n\n" + SEPARATOR + b"Subject: b\n\ntwo\n"
    assert len(read(raw)) == 2


def test_thunderbird_writes_a_dash_for_the_sender():
    raw = b"From - Thu Nov 12 10:00:00 2026\nX-Mozilla-Status: 0001\nSubject: a\n\none\n"
    [found] = messages(io.BytesIO(raw))
    assert isinstance(found, Found)
    assert found.at == AT


def test_text_before_the_first_mail_is_a_damage_told_once():
    raw = b"\nsome text\nmore text\n\n" + SEPARATOR + b"Subject: a\n\none\n"
    assert read(raw) == [
        Damage(2, "this is no mail, and stands before the first one"),
        b"Subject: a\n\none\n",
    ]


def test_a_separator_at_the_very_end_is_text_of_the_mail_before_it():
    assert read(SEPARATOR + b"Subject: a\n\none\n\n" + SEPARATOR) == [b"Subject: a\n\none\n\n" + SEPARATOR]
    assert read(SEPARATOR) == [Damage(1, "no mail follows this line")]


def test_an_empty_file_holds_nothing():
    assert read(b"") == read(b"\n\n") == []


def test_a_line_without_an_end_is_read_in_pieces():
    class Counted(io.BytesIO):
        longest = 0

        def readline(self, size: int | None = -1, /) -> bytes:
            line = super().readline(size)
            self.longest = max(self.longest, len(line))
            return line

    stream = Counted(
        SEPARATOR + b"Subject: a\n\n" + b"x" * 3_000_000 + b"\n\n" + SEPARATOR + b"Subject: b\n\n"
    )
    assert len(list(messages(stream))) == 2
    assert stream.longest <= 65_536


BODIES = st.lists(
    st.sampled_from([b"From ", b">From ", b"From a@x Thu Nov 12 10:00:00 2026\nTo: x", b"", b"words", b">"]),
    max_size=8,
).map(lambda lines: b"".join(line + b"\n" for line in lines))


@given(st.lists(BODIES, min_size=1, max_size=5))
def test_what_is_written_is_read_again(bodies: list[bytes]):
    mails = [b"Subject: a\n\n" + body for body in bodies]
    raw = b"".join(entry(mail.replace(b"\n", b"\r\n"), "ana@x.example", AT) for mail in mails)
    assert read(raw) == mails


@given(st.binary(max_size=300))
def test_any_bytes_are_read(raw: bytes):
    for prefix in (b"", SEPARATOR, SEPARATOR + b"Subject: a\n"):
        read(prefix + raw)


def test_a_sender_that_fits_on_no_line_is_left_out():
    assert entry(b"Subject: a\n\nx", "a b\nFrom ", AT).startswith(
        b"From MAILER-DAEMON Thu Nov 12 10:00:00 2026\n"
    )


# -------------------------------------------------------------------------------------------- recognised


@pytest.mark.parametrize(
    ("head", "shape"),
    [
        (SEPARATOR + b"Subject: a\n", "mbox"),
        (b"\n" + SEPARATOR + b"Received: x\n", "mbox"),
        (b"From: a@x.example\nSubject: a\n\nHello", "eml"),
        (b"\xef\xbb\xbfFrom: a@x.example\r\nTo:\r\n b@x.example\r\n\r\n", "eml"),
        (b">From ana@x.example\nReceived: x\nDate: x\n", "eml"),
        (b"subject,body\na,b\n", None),
        (b"Subject: a\n\nFrom: words\n", None),
        (b"From the beginning\nof time\n", None),
        (b'{"from": 1}\n', None),
        (b"", None),
    ],
)
def test_mail_is_recognised_by_its_first_bytes(head: bytes, shape: str | None):
    assert mail_shape(head) == shape


# ------------------------------------------------------------------------------------------------- files

MAIL = b"From: a@x.example\nSubject: a\n\n"


def names(files: MailFiles) -> list[str]:
    return [files.name(one.file) if isinstance(one, Located) else one.message for one in files.mails()]


def test_a_maildir_is_read_with_its_subfolders_and_not_what_is_being_written(tmp_path: Path):
    for name in ("cur/1:2,S", "new/2", "tmp/3", ".Sent/cur/4", ".Sent/tmp/5", "dovecot.index.log"):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(MAIL)
    (tmp_path / ".Sent/new").mkdir()
    assert names(MailFiles(tmp_path, "box", None)) == [".Sent/cur/4", "cur/1:2,S", "new/2"]


def test_in_a_folder_each_file_is_what_it_holds(tmp_path: Path):
    (tmp_path / "sub").mkdir()
    (tmp_path / "a.mbox").write_bytes(SEPARATOR + MAIL + b"\n" + SEPARATOR + MAIL)
    (tmp_path / "sub/b").write_bytes(MAIL)
    (tmp_path / "broken.eml").write_bytes(b"words without a header")
    (tmp_path / "empty").write_bytes(b"")
    (tmp_path / "Inbox.msf").write_bytes(b"index")
    (tmp_path / "notes").write_bytes(b"not a mail")
    (tmp_path / "link").symlink_to("/etc/passwd")
    found = names(MailFiles(tmp_path, "box", None))
    assert found == ["a.mbox", "a.mbox", "broken.eml", "notes: this is no mail", "sub/b"]


def test_the_state_that_servers_keep_in_a_mailbox_is_no_mail(tmp_path: Path):
    path = tmp_path / "box"
    state = b"From: Mail System Internal Data <MAILER-DAEMON@x>\nSubject: DON'T DELETE -- FOLDER INTERNAL DATA\n\n"
    path.write_bytes(SEPARATOR + state + b"\n" + SEPARATOR + MAIL)
    assert len(list(MailFiles(path, "box", "mbox").mails())) == 1


def test_a_mail_that_is_too_large_is_a_fault_with_its_line(tmp_path: Path):
    path = tmp_path / "box"
    with path.open("wb") as file:
        file.write(SEPARATOR + MAIL + b"\n" + SEPARATOR + MAIL)
        file.writelines(b"x" * 76 + b"\n" for _ in range(420_000))
    mail, fault = MailFiles(path, "box", None).mails()
    assert isinstance(mail, Located)
    assert isinstance(fault, Fault)
    assert fault.line == 6
    assert "30" in fault.message


def test_a_file_that_changed_meanwhile_is_refused(tmp_path: Path):
    path = tmp_path / "box"
    path.write_bytes(SEPARATOR + MAIL + b"words\n")
    files = MailFiles(path, "box", None)
    [mail] = files.mails()
    assert isinstance(mail, Located)
    path.write_bytes(SEPARATOR)
    with pytest.raises(Exception, match="was changed"):
        files.raw(mail)
    files.close()


# ------------------------------------------------------------------------------------------------- order


def test_old_mail_comes_by_time_and_never_before_what_it_answers():
    mails = [
        Dated(30, 3, (2,)),
        Dated(10, 2, (1,)),  # its clock is behind that of the first
        Dated(20, 1, ()),
        Dated(5, None, (9,)),
    ]
    assert list(ordered(mails)) == [3, 2, 1, 0]


@given(
    st.lists(
        st.builds(
            Dated, st.integers(0, 5), st.integers(0, 6), st.lists(st.integers(0, 6), max_size=3).map(tuple)
        ),
        max_size=12,
    )
)
def test_each_mail_comes_once_whatever_answers_what(mails: list[Dated]):
    assert sorted(ordered(mails)) == list(range(len(mails)))


def test_a_thread_of_any_length_is_put_in_order():
    mails = [Dated(0, number, (number + 1,)) for number in range(20_000)]
    assert list(ordered(mails)) == list(range(19_999, -1, -1))
