"""Files: known by content, called by a harmless label, held to the desk's policy."""

import gzip
import io
import tarfile
import unicodedata
import zipfile
from typing import NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tix.domain.files.attachments import (
    KINDS,
    PROGRAMS,
    FilePolicy,
    check,
    clean_name,
    detect,
    format_size,
    format_types,
    parse_size,
    parse_types,
)
from tix.errors import InvalidValue


class File(NamedTuple):
    """An attachment as far as the policy looks."""

    name: str
    size: int
    kind: str


def archive(*names, mimetype=None):
    """A zip with these entries; ODF and EPUB name themselves in a first, stored one."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as file:
        if mimetype is not None:
            file.writestr("mimetype", mimetype, zipfile.ZIP_STORED)
        for name in names:
            file.writestr(name, "content " * 100)
    return buffer.getvalue()


def tarball():
    """A tar with one empty file."""
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w") as file:
        file.addfile(tarfile.TarInfo("a.txt"))
    return buffer.getvalue()


def compound(*streams):
    """The beginning of an OLE file: header, one sector, then the directory."""
    header = bytearray(512)
    header[:8] = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
    header[30:32] = (9).to_bytes(2, "little")
    header[48:52] = (1).to_bytes(4, "little")
    entries = b"".join(f"{name}\0".encode("utf-16-le").ljust(128, b"\0") for name in ("Root Entry", *streams))
    return bytes(header) + bytes(512) + entries


CONTENT = "[Content_Types].xml"
SAMPLES = [
    ("jpg", b"\xff\xd8\xff\xe0\0\x10JFIF\0"),
    ("png", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR"),
    ("gif", b"GIF89a\1\0\1\0"),
    ("webp", b"RIFF\x10\0\0\0WEBPVP8 "),
    ("bmp", b"BM\x46\0\0\0\0\0\0\0\x36\0\0\0\x28\0\0\0"),
    ("tiff", b"II*\0\x08\0\0\0"),
    ("tiff", b"MM\0*\0\0\0\x08"),
    ("pdf", b"%PDF-1.7\n"),
    ("zip", archive("a.txt")),
    ("zip", archive("word/document.xml")),
    ("zip", archive(CONTENT, "else/document.xml")),
    ("zip", archive("inner.docx/[Content_Types].xml")),
    ("zip", archive()),
    ("zip", b"PK\3\4 and no more"),
    ("docx", archive(CONTENT, "_rels/.rels", "word/document.xml")),
    ("docx", archive("_rels/.rels", "word/document.xml", CONTENT)),
    ("xlsx", archive(CONTENT, "xl/workbook.xml")),
    ("pptx", archive(CONTENT, "ppt/presentation.xml")),
    ("docm", archive(CONTENT, "word/document.xml", "word/vbaProject.bin")),
    ("xlsm", archive(CONTENT, "xl/workbook.xml", "xl/vbaProject.bin")),
    ("odt", archive("content.xml", mimetype="application/vnd.oasis.opendocument.text")),
    ("ods", archive("content.xml", mimetype="application/vnd.oasis.opendocument.spreadsheet")),
    ("odp", archive("content.xml", mimetype="application/vnd.oasis.opendocument.presentation")),
    ("epub", archive("content.xml", mimetype="application/epub+zip")),
    ("doc", compound("WordDocument")),
    ("doc", compound("WordDocument", "Workbook")),
    ("xls", compound("Workbook")),
    ("ppt", compound("PowerPoint Document")),
    ("ole", compound("Something")),
    ("gz", gzip.compress(b"a", mtime=0)),
    ("7z", b"7z\xbc\xaf\x27\x1c\0\4"),
    ("rar", b"Rar!\x1a\x07\1\0"),
    ("tar", tarball()),
    ("mp4", b"\0\0\0\x20ftypisom\0\0\2\0"),
    ("mov", b"\0\0\0\x14ftypqt  \0\0\0\0"),
    ("m4a", b"\0\0\0\x20ftypM4A \0\0\0\0"),
    ("heic", b"\0\0\0\x20ftypheic\0\0\0\0"),
    ("avi", b"RIFF\x10\0\0\0AVI LIST"),
    ("wav", b"RIFF\x10\0\0\0WAVEfmt "),
    ("mkv", b"\x1a\x45\xdf\xa3\x93\x42\x82\x88matroska"),
    ("webm", b"\x1a\x45\xdf\xa3\x93\x42\x82\x84webm"),
    ("mp3", b"ID3\4\0\0"),
    ("mp3", b"\xff\xfb\x90\x64\0"),
    ("ogg", b"OggS\0\2"),
    ("flac", b"fLaC\0\0\0\x22"),
    ("elf", b"\x7fELF\2\1\1"),
    ("exe", b"MZ\x90\0\3"),
    ("macho", b"\xcf\xfa\xed\xfe\7\0\0\1"),
    ("macho", b"\xca\xfe\xba\xbe\0\0\0\2"),
    ("bin", b"\xca\xfe\xba\xbe\0\0\0\x34"),  # a Java class
    ("script", b"#!/bin/sh\nrm -rf ~\n"),
    ("script", b"#!AMR.sh\n"),
    ("amr", b"#!AMR\n<\x91\x17"),
    ("amr", b"#!AMR-WB\n\x04"),
    ("txt", b""),
    ("txt", "Grüße\n".encode()),
    ("txt", b"<html><script>alert(1)</script>"),
    ("txt", b"BMW, MZ and ID3 are words of text"),
    ("txt", b"MZ-123 is a motorcycle"),
    ("bin", b"a\0b"),
    ("bin", b"caf\xe9"),
    ("bin", b"MM\0" + b"\x81" * 10),
]


@pytest.mark.parametrize(
    ("kind", "data"), SAMPLES, ids=[f"{kind}-{n}" for n, (kind, _) in enumerate(SAMPLES)]
)
@pytest.mark.parametrize("name", ["", "photo.jpg", "a.exe", "notes"])
def test_the_kind_is_in_the_content(kind, data, name):
    """A file is what its content says, whatever it is called."""
    assert detect(data, name).kind == kind


@pytest.mark.parametrize(
    ("name", "mime"),
    [
        ("a.csv", "text/csv"), ("A.CSV", "text/csv"), ("a.md", "text/markdown"), ("a.json", "application/json"),
        ("a.html", "text/plain"), ("a.svg", "text/plain"), ("a.exe", "text/plain"), ("csv", "text/plain"), ("", "text/plain"),
    ],
)  # fmt: skip
def test_the_name_refines_text_only(name, mime):
    """Text has the media type of its extension, among the harmless ones."""
    assert detect(b"a,b\n", name) == ("txt", mime)
    assert detect(b"\x89PNG\r\n\x1a\n", name).mime == "image/png"


@given(
    st.binary(),
    st.sampled_from([data[:n] for _, data in SAMPLES for n in (2, 4, 8, 40)] + [d for _, d in SAMPLES]),
)
def test_any_bytes_have_a_kind(data, beginning):
    """Whatever follows a signature, the answer is a kind with its media type."""
    kind, mime = detect(beginning + data)
    assert kind in KINDS
    assert mime
    assert detect(data).kind in KINDS


@given(st.data())
def test_a_damaged_archive_is_still_a_kind(data):
    """Bytes changed anywhere in an office file never raise."""
    whole = bytearray(
        data.draw(st.sampled_from([archive(CONTENT, "word/a"), compound("Workbook"), tarball()]))
    )
    for _ in range(data.draw(st.integers(1, 8))):
        whole[data.draw(st.integers(0, len(whole) - 1))] = data.draw(st.integers(0, 255))
    assert detect(bytes(whole)).kind in KINDS


def test_an_office_file_inside_an_archive_does_not_make_it_one():
    """Only the archive's own entries count, not those of a file stored in it as it is."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_STORED) as file:
        file.writestr("word/inner.docx", archive(CONTENT, "word/document.xml"))
    assert detect(buffer.getvalue()).kind == "zip"


@given(st.text(st.characters()))
def test_a_label_is_harmless(name):
    """A cleaned name is one visible component in NFC, not hidden, at most 255 bytes, and stays so."""
    label = clean_name(name)
    assert label
    assert not label.startswith((".", " "))
    assert not set(label) & set("/\\\0")
    assert len(label.encode()) <= 255
    assert unicodedata.is_normalized("NFC", label)
    assert not any(unicodedata.category(char)[0] == "C" for char in label)
    assert clean_name(label) == label


@pytest.mark.parametrize(
    ("name", "label"),
    [
        ("report.pdf", "report.pdf"),
        ("../../etc/passwd", "passwd"),
        ("C:\\Users\\me\\a.txt", "a.txt"),
        ("folder/", "folder"),
        ("..", "file"), ("", "file"), ("/", "file"), ("...", "file"), (".\u200b./", "file"),
        (".bashrc", "bashrc"),
        ("a\x1b[31m.txt", "a[31m.txt"),
        ("photo\u202egpj.exe", "photogpj.exe"),
        ("e\u0301.txt", "é.txt"),
        ("3.04\u202fPM.png", "3.04 PM.png"),
        ("Größe 日本.odt", "Größe 日本.odt"),
        ("..\u200d/..\u200d/x", "x"),
        ("a\nb.txt", "ab.txt"),
    ],
)  # fmt: skip
def test_labels(name, label):
    """The last component, without what hides or moves."""
    assert clean_name(name) == label


def test_a_long_name_keeps_its_extension():
    """A name is cut before its extension, between characters."""
    assert clean_name("a" * 300 + ".pdf") == "a" * 251 + ".pdf"
    assert clean_name("日" * 100 + ".pdf") == "日" * 83 + ".pdf"
    assert clean_name("a." + "x" * 300) == "a." + "x" * 253


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        ("*", None), ("none", set()), ("jpg,png,pdf,zip", {"jpg", "png", "pdf", "zip"}),
        ("JPEG, .tif ,csv", {"jpg", "tiff", "txt"}), ("pe,mach-o,elf,script", PROGRAMS),
    ],
)  # fmt: skip
def test_lists_of_types(text, kinds):
    """A list, its usual other names, all, and none; written as it is read."""
    types = parse_types(text)
    assert types == kinds
    assert parse_types(format_types(types)) == types


@pytest.mark.parametrize("text", ["", "jpg,", "jpg,*", "nonsense", "jpg;png", "image/png"])
def test_unknown_types_are_refused(text):
    """An unknown type is refused with all the known ones."""
    with pytest.raises(InvalidValue) as caught:
        parse_types(text)
    assert "docx" in (caught.value.hint or "")


def test_the_limit_is_for_all_files_together():
    """The limit itself is accepted, one byte more is not."""
    policy = FilePolicy(30_000_000, None, PROGRAMS)
    check([], policy)
    check([File("a.pdf", 29_999_999, "pdf"), File("b.txt", 1, "txt")], policy)
    with pytest.raises(InvalidValue, match=r"2 files together have more than 30MB, the limit"):
        check([File("a.pdf", 30_000_000, "pdf"), File("b.txt", 1, "txt")], policy)


def test_only_accepted_types_pass():
    """A type outside the list is refused, naming the file and what is accepted."""
    policy = FilePolicy(10, frozenset({"jpg", "pdf", "elf"}), PROGRAMS)
    check([File("a.jpg", 1, "jpg")], policy)
    with pytest.raises(InvalidValue, match=r"'b\.jpg' is of type zip") as caught:
        check([File("a.jpg", 1, "jpg"), File("b.jpg", 1, "zip")], policy)
    assert caught.value.hint == "accepted: jpg, pdf"


@pytest.mark.parametrize("kind", sorted(PROGRAMS))
@pytest.mark.parametrize("types", [None, PROGRAMS])
def test_denied_types_never_pass(kind, types):
    """What is denied is denied, also where the list of types has it."""
    with pytest.raises(InvalidValue, match=f"is a program of type {kind}"):
        check([File("x.jpg", 1, kind)], FilePolicy(10, types, PROGRAMS))


@pytest.mark.parametrize(
    ("text", "size"),
    [
        ("30MB", 30_000_000), ("1MB", 10**6), ("500KB", 500_000), ("1MiB", 2**20), ("30 mb", 30_000_000),
        ("1.5MB", 1_500_000), ("1.5KiB", 1536), ("0", 0), ("812", 812), ("812B", 812), ("1TB", 10**12), ("30M", 30_000_000),
    ],
)  # fmt: skip
def test_sizes_as_people_write_them(text, size):
    """KB is a thousand bytes, KiB 1,024, a bare number bytes."""
    assert parse_size(text) == size


@pytest.mark.parametrize(
    "text", ["", "MB", "-1MB", "1XB", "1e6", "1.5", "1.5B", "1,5MB", "٣MB", "9" * 5000, "2TB", "1MB 1KB", "∞"]
)
def test_sizes_nobody_means(text):
    """What is no size, or beyond a terabyte, is refused."""
    with pytest.raises(InvalidValue):
        parse_size(text)


@given(st.integers(0, 10**12))
def test_sizes_are_read_as_written(size):
    """A written size reads as nearly the size, exactly where it is a whole number of a unit."""
    assert abs(parse_size(format_size(size)) - size) <= size * 0.05
    if size < 1000 or size % 1000 == 0:
        rounded = size // 1000 * 1000 if size >= 1000 else size
        assert parse_size(format_size(rounded)) == rounded


@pytest.mark.parametrize(
    ("size", "text"),
    [
        (0, "0B"), (812, "812B"), (999, "999B"), (1000, "1KB"), (1001, "1.0KB"), (1024, "1KiB"), (1536, "1.5KB"),
        (2048, "2KiB"), (30_000_000, "30MB"), (31_234_567, "31.2MB"), (2**20, "1MiB"), (5 * 2**30, "5GiB"),
        (10**9, "1GB"), (1_500_000_000, "1500MB"), (10**12, "1TB"), (1_234_567_890_123, "1.2TB"), (999_999, "1000.0KB"),
    ],
)  # fmt: skip
def test_sizes_as_we_write_them(size, text):
    """Exact where it is a whole number of a unit, else rounded to one decimal."""
    assert format_size(size) == text


@pytest.mark.parametrize(
    ("text", "size"),
    [
        ("1kb", 1000), ("1k", 1000), ("1g", 10**9), ("1gb", 10**9), ("1t", 10**12), ("1kib", 1024), ("1gib", 2**30),
        ("1MiB", 2**20), ("0.5TiB", 2**39), ("5 bytes", 5), ("0.0005MB", 500), ("0.0001KB", 0), ("1.123456789GB", 1_123_456_789),
    ],
)  # fmt: skip
def test_units_of_sizes(text, size):
    assert parse_size(text) == size


@pytest.mark.parametrize("text", ["1000000000001", "1.1TB", "1TiB", "0.5B", "0.5", "5  MB", "1.1234567891GB"])
def test_sizes_that_are_none(text):
    with pytest.raises(InvalidValue):
        parse_size(text)
    assert parse_size("1000000000000") == 10**12


@pytest.mark.parametrize(
    ("sizes", "most", "words"),
    [
        ([11], 10, "^'0.txt' has more than 10B, the limit"),
        ([6, 5], 10, "^the 2 files together have more than 10B, the limit"),
        ([1537], 1536, r"more than 1\.5KB \(1,536 bytes\), the limit"),
        ([1025], 1024, "more than 1KiB, the limit"),
    ],
)
def test_too_much_is_told_with_the_limit(sizes, most, words):
    """So that one byte over it is seen to be over it."""
    files = [File(f"{number}.txt", size, "txt") for number, size in enumerate(sizes)]
    with pytest.raises(InvalidValue, match=words):
        check(files, FilePolicy(most, None, PROGRAMS))
    check(files, FilePolicy(sum(sizes), None, PROGRAMS))


@pytest.mark.parametrize(
    ("kind", "policy", "words", "hint"),
    [
        (
            "elf", FilePolicy(9, None, PROGRAMS),
            "is a program of type elf", "accepted: every type except elf, exe, macho, script",
        ),
        ("zip", FilePolicy(9, None, frozenset({"zip"})), "is a file of type zip", "accepted: every type except zip"),
        ("zip", FilePolicy(9, frozenset({"pdf"}), PROGRAMS), "is of type zip", "accepted: pdf"),
        ("zip", FilePolicy(9, frozenset(), PROGRAMS), "is of type zip", "accepted: no files"),
    ],
)  # fmt: skip
def test_what_is_not_accepted_is_told_with_what_is(kind, policy, words, hint):
    with pytest.raises(InvalidValue, match=words) as refused:
        check([File("x", 1, kind)], policy)
    assert refused.value.hint == hint


@pytest.mark.parametrize(
    ("name", "label"),
    [
        (" . a. .", "a"), ("a\u2028b", "ab"), ("a\u00a0b", "a b"), ("a\u3164b\ufe0f", "ab"),
        ("a" * 255, "a" * 255), ("a" * 256, "a" * 255), ("a" * 300 + "." + "x" * 31, "a" * 223 + "." + "x" * 31),
        ("a" * 300 + "." + "x" * 32, "a" * 255), ("é" * 200, "é" * 127),
        ("a" * 250 + ". b.pdf", "a" * 250 + ".pdf"),
    ],
)  # fmt: skip
def test_labels_that_are_trimmed_or_cut(name, label):
    """At 255 bytes, before an extension of at most 32, and never within a letter."""
    assert clean_name(name) == label


@pytest.mark.parametrize(
    ("text", "types"),
    [(".pdf", {"pdf"}), ("tgz,heif,opus", {"gz", "heic", "ogg"}), ("db,eps,sh", {"sqlite", "ps", "script"})],
)
def test_other_names_of_types(text, types):
    assert parse_types(text) == types
    assert format_types(None) == "*"
    assert format_types(frozenset()) == "none"
    assert format_types(frozenset({"png", "jpg"})) == "jpg,png"
