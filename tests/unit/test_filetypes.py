"""What a file is by its content: every signature, and the places in archives and old office files that count."""

import io
import zipfile

import pytest

from tix.domain.files.filetypes import KINDS, FileType, detect, extension

MORE = b"\0\x81 and so on"

# What a file begins with.
BEGINNINGS = [
    (b"#!/bin/sh\n", "script"),
    (b"\x7fELF", "elf"),
    (b"\xfe\xed\xfa\xce", "macho"), (b"\xfe\xed\xfa\xcf", "macho"),
    (b"\xce\xfa\xed\xfe", "macho"), (b"\xcf\xfa\xed\xfe", "macho"),
    (b"\xff\xd8\xff", "jpg"),
    (b"\x89PNG\r\n\x1a\n", "png"),
    (b"GIF87a", "gif"), (b"GIF89a", "gif"),
    (b"II*\0", "tiff"), (b"MM\0*", "tiff"),
    (b"\0\0\1\0", "ico"),
    (b"8BPS\0", "psd"),
    (b"%PDF-", "pdf"), (b"%!PS", "ps"), (b"{\\rtf", "rtf"),
    (b"\x1f\x8b", "gz"), (b"\xfd7zXZ\0", "xz"), (b"\x28\xb5\x2f\xfd", "zst"),
    (b"7z\xbc\xaf\x27\x1c", "7z"), (b"Rar!\x1a\x07", "rar"),
    (b"\0\0\1\xba", "mpg"), (b"\0\0\1\xb3", "mpg"),
    (b"SQLite format 3\0", "sqlite"),
    (b"PK\3\4", "zip"), (b"PK\5\6", "zip"), (b"PK\7\x08", "zip"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "ole"),
    (b"MZ", "exe"), (b"ZM", "exe"), (b"BM", "bmp"), (b"BZh", "bz2"), (b"ID3", "mp3"),
    (b"\xff\xfb", "mp3"), (b"\xff\xfa", "mp3"), (b"\xff\xf3", "mp3"), (b"\xff\xf2", "mp3"),
    (b"\xff\xf1", "aac"), (b"\xff\xf9", "aac"),
    (b"OggS", "ogg"), (b"fLaC", "flac"),
    (b"RIFF....WEBP", "webp"), (b"RIFF....WAVE", "wav"), (b"RIFF....AVI ", "avi"), (b"RIFF....XXXX", "bin"),
    (b"\0\0\0\x20ftypqt  ", "mov"), (b"\0\0\0\x20ftypM4A ", "m4a"), (b"\0\0\0\x20ftypM4B ", "m4a"),
    (b"\0\0\0\x20ftypavif", "avif"), (b"\0\0\0\x20ftypavis", "avif"),
    (b"\0\0\0\x20ftypheic", "heic"), (b"\0\0\0\x20ftypmif1", "heic"), (b"\0\0\0\x20ftypisom", "mp4"),
    (b"\0\0\0\x20moov", "mov"), (b"\0\0\0\x20mdat", "mov"), (b"\0\0\0\x20wide", "mov"),
    (b"\xee" * 257 + b"ustar", "tar"), (b"\xee" * 256 + b"ustar", "bin"), (b"\xee" * 258 + b"ustar", "bin"),
    (b"\x1a\x45\xdf\xa3", "mkv"),
    (b"\x1a\x45\xdf\xa3".ljust(60, b"\x81") + b"webm", "webm"),
    (b"\x1a\x45\xdf\xa3".ljust(61, b"\x81") + b"webm", "mkv"),  # beyond the header
    # Programs for several processors, counted; a Java class says its version there, from 45 up.
    (b"\xca\xfe\xba\xbe\0\0\0\2", "macho"), (b"\xca\xfe\xba\xbf\0\0\0\x2c", "macho"),
    (b"\xca\xfe\xba\xbe\0\0\0\x2d", "bin"), (b"\xca\xfe\xba\xbe\x01\0\0\2", "bin"),
    (b"\x81", "bin"),
]  # fmt: skip


@pytest.mark.parametrize(("beginning", "kind"), BEGINNINGS)
def test_what_a_file_begins_with(beginning, kind):
    assert detect(beginning + MORE) == FileType(kind, KINDS[kind])


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (b"", "txt"), (b"MZ is a word", "txt"), (b"BM\n", "txt"), (b"ID3", "txt"), (b"RIFF....WAVE", "txt"),
        ("Grüße".encode(), "txt"), (b"a\0b", "bin"), ("Grüße".encode("latin-1"), "bin"),
        (b"#!x", "script"), (b"%PDF-1", "pdf"),
    ],
)  # fmt: skip
def test_text_is_text_unless_it_begins_like_something_stronger(data, kind):
    assert detect(data).kind == kind
    refined = "text/csv" if kind == "txt" else KINDS[kind]
    assert detect(data, "a.CSV") == (kind, refined)


@pytest.mark.parametrize(
    ("name", "ending"),
    [("a.pdf", ".pdf"), ("a.b.C", ".C"), ("a", ""), (".pdf", ""), ("a.", ""), (".", ""), ("", "")],
)
def test_an_extension(name, ending):
    assert extension(name) == ending


# ---------------------------------------------------------------------------------------------------- archives

TYPES = "[Content_Types].xml"


def archive(*names, comment=b"", extra=b"", note=b""):
    """A zip; ``extra`` and ``note`` stand at each name in its directory, ``comment`` at the end."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as file:
        for name in names:
            info = zipfile.ZipInfo(name)
            info.extra, info.comment = extra, note
            file.writestr(info, "x")
        file.comment = comment
    return buffer.getvalue()


@pytest.mark.parametrize(
    ("names", "kind"),
    [
        ((TYPES, "word/document.xml"), "docx"),
        ((TYPES, "xl/workbook.xml"), "xlsx"),
        ((TYPES, "ppt/presentation.xml"), "pptx"),
        ((TYPES, "word/document.xml", "word/vbaProject.bin"), "docm"),
        ((TYPES, "xl/workbook.xml", "xl/vbaProject.bin"), "xlsm"),
        ((TYPES, "ppt/presentation.xml", "ppt/vbaProject.bin"), "pptm"),
        ((TYPES, "xl/workbook.xml", "word/vbaProject.bin"), "docm"),
        ((TYPES, "word\\document.xml"), "docx"),  # as some programs write it
        ((TYPES, "a.xml"), "zip"),
        (("word/document.xml",), "zip"),
        ((), "zip"),
    ],
)
def test_office_files_by_their_parts(names, kind):
    assert detect(archive(*names)).kind == kind


def test_what_stands_beside_a_name_is_passed_over():
    """Also where it is longer than a byte can count."""
    field = (1).to_bytes(2, "little") + (396).to_bytes(2, "little") + bytes(396)
    for given in ({"extra": field}, {"note": b"n" * 300}, {"extra": field, "note": b"n" * 700}):
        assert detect(archive(TYPES, "a" * 300, "word/document.xml", **given)).kind == "docx"


def test_the_directory_is_looked_for_behind_the_longest_comment():
    whole = archive(TYPES, "word/document.xml", comment=b"c" * 65_535)
    assert detect(whole).kind == "docx"
    assert detect(whole + b"c").kind == "zip"


def directory(names):
    """A zip's directory alone, with nothing in it but names."""
    entries = b"".join(
        b"PK\1\2" + bytes(24) + len(name).to_bytes(2, "little") + bytes(16) + name.encode() for name in names
    )
    return b"PK\3\4" + entries + b"PK\5\6" + bytes(12) + (4).to_bytes(4, "little") + bytes(2)


def test_of_a_directory_the_first_ten_thousand_names_count():
    names = [TYPES, *["a"] * 9_998, "word/document.xml"]
    assert detect(directory(names)).kind == "docx"
    assert detect(directory(["a", *names])).kind == "zip"


def test_a_directory_that_ends_early():
    assert detect(directory([TYPES, "word/a"]).replace(b"word/a", b"word/b")).kind == "docx"
    assert detect(directory([TYPES, "a", "word/a"]).replace(b"aPK\1\2", b"aPK\1\3")).kind == "zip"


@pytest.mark.parametrize("kind", ["odt", "ods", "odp", "odg", "epub"])
@pytest.mark.parametrize("extra", [0, 4, 300])
def test_what_names_itself_first(kind, extra):
    """OpenDocument and EPUB: the name, what stands beside it, then the media type."""
    begun = b"PK\3\4" + bytes(22) + (8).to_bytes(2, "little") + extra.to_bytes(2, "little")
    assert detect(begun + b"mimetype" + bytes(extra) + KINDS[kind].encode() + MORE).kind == kind
    assert detect(begun + b"mimetypf" + bytes(extra) + KINDS[kind].encode() + MORE).kind == "zip"
    assert detect(begun + b"mimetype" + bytes(extra) + b"x" + KINDS[kind].encode() + MORE).kind == "zip"


# ------------------------------------------------------------------------------------------- old office files


def stream(name):
    """A directory entry as it begins."""
    return f"{name}\0".encode("utf-16-le")


def compound(directory_, *, shift=9, sector=1, decoy="PowerPoint Document"):
    """An OLE file whose directory stands where its header says; before that the text of another name."""
    header = bytearray(512)
    header[:8] = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
    header[30:34] = shift.to_bytes(2, "little") + (6).to_bytes(2, "little")
    header[48:56] = sector.to_bytes(4, "little") + (77).to_bytes(4, "little")  # how often it was changed
    start = (sector + 1) << shift
    return bytes(header) + stream(decoy).ljust(start - 512, b"\0") + directory_


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("WordDocument", "doc"),
        ("Workbook", "xls"),
        ("Book", "xls"),
        ("PowerPoint Document", "ppt"),
        ("__properties_version1.0", "msg"),
    ],
)
@pytest.mark.parametrize(("shift", "sector"), [(9, 1), (9, 300), (12, 0), (12, 2)])
@pytest.mark.parametrize("first", [b"", stream("Root Entry").ljust(128, b"\0")])
def test_the_stream_that_its_directory_names(name, kind, shift, sector, first):
    """Not a name that stands in the data before it."""
    decoy = "WordDocument" if kind == "ppt" else "PowerPoint Document"
    assert detect(compound(first + stream(name), shift=shift, sector=sector, decoy=decoy)).kind == kind


def test_of_several_streams_the_first_counts():
    entries = [stream(name).ljust(128, b"\0") for name in ("Workbook", "WordDocument")]
    assert detect(compound(b"".join(entries))).kind == "xls"
    assert detect(compound(b"".join(reversed(entries)))).kind == "doc"


def test_without_a_directory_the_whole_file_is_looked_through():
    assert detect(compound(b"", decoy="Workbook")).kind == "xls"
    assert detect(compound(stream("WordDocument"), shift=10, decoy="Workbook")).kind == "xls"
    assert detect(compound(b"", decoy="Something")).kind == "ole"


def test_a_directory_is_looked_through_for_four_kilobytes():
    name = stream("Workbook")
    assert detect(compound(name.rjust(4096, b"\0"))).kind == "xls"
    assert detect(compound(name.rjust(4097, b"\0"))).kind == "ppt"
