"""Detect the type of a file by its content."""

from collections.abc import Iterator

from tix.typing import NamedTuple


class FileType(NamedTuple):
    """``kind`` is the word the settings use (``jpg``), ``mime`` the media type for mail and HTTP (``image/jpeg``)."""

    kind: str
    mime: str


PROGRAMS = frozenset({"elf", "exe", "macho", "script"})

# All kinds, with their media types.
KINDS = {
    "jpg": "image/jpeg",
    "png": "image/png",
    "gif": "image/gif",
    "webp": "image/webp",
    "bmp": "image/bmp",
    "tiff": "image/tiff",
    "heic": "image/heic",
    "avif": "image/avif",
    "ico": "image/vnd.microsoft.icon",
    "psd": "image/vnd.adobe.photoshop",
    "pdf": "application/pdf",
    "rtf": "application/rtf",
    "ps": "application/postscript",
    "zip": "application/zip",
    "gz": "application/gzip",
    "bz2": "application/x-bzip2",
    "xz": "application/x-xz",
    "zst": "application/zstd",
    "7z": "application/x-7z-compressed",
    "rar": "application/vnd.rar",
    "tar": "application/x-tar",
    "mp4": "video/mp4",
    "mov": "video/quicktime",
    "avi": "video/x-msvideo",
    "mkv": "video/matroska",
    "webm": "video/webm",
    "mpg": "video/mpeg",
    "mp3": "audio/mpeg",
    "m4a": "audio/mp4",
    "aac": "audio/aac",
    "wav": "audio/wav",
    "ogg": "audio/ogg",
    "flac": "audio/flac",
    "amr": "audio/amr",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    "docm": "application/vnd.ms-word.document.macroEnabled.12",
    "xlsm": "application/vnd.ms-excel.sheet.macroEnabled.12",
    "pptm": "application/vnd.ms-powerpoint.presentation.macroEnabled.12",
    "odt": "application/vnd.oasis.opendocument.text",
    "ods": "application/vnd.oasis.opendocument.spreadsheet",
    "odp": "application/vnd.oasis.opendocument.presentation",
    "odg": "application/vnd.oasis.opendocument.graphics",
    "epub": "application/epub+zip",
    "doc": "application/msword",
    "xls": "application/vnd.ms-excel",
    "ppt": "application/vnd.ms-powerpoint",
    "msg": "application/vnd.ms-outlook",
    "ole": "application/x-ole-storage",
    "sqlite": "application/vnd.sqlite3",
    "txt": "text/plain",
    "elf": "application/x-executable",
    "exe": "application/vnd.microsoft.portable-executable",
    "macho": "application/x-mach-binary",
    "script": "text/x-script",
    "bin": "application/octet-stream",
}


def detect(data: bytes, name: str = "") -> FileType:
    """Return the type of ``data``, by its content.

    Text is valid UTF-8 without NUL, whatever it is called; ``name`` only selects its media type (``text/csv`` for
    ``.csv``). Office files have kinds of their own, also those with macros. Unknown content is ``bin``.
    """
    kind = _by_signature(data) or ("txt" if _is_text(data) else _by_weak_signature(data) or "bin")
    if kind == "txt":
        return FileType(kind, _TEXT_TYPES.get(extension(name).lower(), KINDS[kind]))
    return FileType(kind, KINDS[kind])


def kind_of_start(start: bytes) -> str | None:
    """Return the kind that the first ``START_BYTES`` bytes of a file decide, None where it depends on the rest."""
    return next((kind for signature, kind in _SIGNATURES if start.startswith(signature)), None)


def extension(name: str) -> str:
    """Return ``.pdf`` for ``a.pdf``; empty if the dot is the first or the last character."""
    stem, dot, extension = name.rpartition(".")
    return f".{extension}" if stem and dot and extension else ""


_TEXT_TYPES = {
    ".csv": "text/csv",
    ".tsv": "text/tab-separated-values",
    ".md": "text/markdown",
    ".markdown": "text/markdown",
    ".json": "application/json",
    ".ics": "text/calendar",
    ".vcf": "text/vcard",
}

# Enough of a file to know each signature.
START_BYTES = 64

# How files begin that cannot be text.
_SIGNATURES = (
    (b"#!AMR\n", "amr"),  # RFC 4867, section 5.1: speech files begin like a script
    (b"#!AMR-WB\n", "amr"),
    (b"#!AMR_MC1.0\n", "amr"),
    (b"#!AMR-WB_MC1.0\n", "amr"),
    (b"#!", "script"),
    (b"\x7fELF", "elf"),
    (b"\xfe\xed\xfa\xce", "macho"),
    (b"\xfe\xed\xfa\xcf", "macho"),
    (b"\xce\xfa\xed\xfe", "macho"),
    (b"\xcf\xfa\xed\xfe", "macho"),
    (b"\xff\xd8\xff", "jpg"),
    (b"\x89PNG\r\n\x1a\n", "png"),
    (b"GIF87a", "gif"),
    (b"GIF89a", "gif"),
    (b"II*\0", "tiff"),
    (b"MM\0*", "tiff"),
    (b"\0\0\1\0", "ico"),
    (b"8BPS\0", "psd"),
    (b"%PDF-", "pdf"),
    (b"%!PS", "ps"),
    (b"{\\rtf", "rtf"),
    (b"\x1f\x8b", "gz"),
    (b"\xfd7zXZ\0", "xz"),
    (b"\x28\xb5\x2f\xfd", "zst"),
    (b"7z\xbc\xaf\x27\x1c", "7z"),
    (b"Rar!\x1a\x07", "rar"),
    (b"\0\0\1\xba", "mpg"),
    (b"\0\0\1\xb3", "mpg"),
    (b"SQLite format 3\0", "sqlite"),
)
# The same, but so short or so plain that text may begin like this: checked only for files that are not text.
_WEAK_SIGNATURES = (
    (b"MZ", "exe"),
    (b"ZM", "exe"),
    (b"BM", "bmp"),
    (b"BZh", "bz2"),
    (b"ID3", "mp3"),
    (b"\xff\xfb", "mp3"),
    (b"\xff\xfa", "mp3"),
    (b"\xff\xf3", "mp3"),
    (b"\xff\xf2", "mp3"),
    (b"\xff\xf1", "aac"),
    (b"\xff\xf9", "aac"),
    (b"OggS", "ogg"),
    (b"fLaC", "flac"),
)
_RIFF = {b"WEBP": "webp", b"WAVE": "wav", b"AVI ": "avi"}
_BRANDS = {b"qt  ": "mov", b"M4A ": "m4a", b"M4B ": "m4a", b"avif": "avif", b"avis": "avif"}
_BRANDS |= dict.fromkeys((b"heic", b"heix", b"hevc", b"heim", b"heis", b"mif1", b"msf1"), "heic")


def _by_signature(data: bytes) -> str | None:
    for signature, kind in _SIGNATURES:
        if data.startswith(signature):
            return kind
    if data.startswith((b"PK\3\4", b"PK\5\6", b"PK\7\x08")):
        return _zip_kind(data)
    if data.startswith(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"):
        return _ole_kind(data)
    if data.startswith(b"\x1a\x45\xdf\xa3"):
        return "webm" if b"webm" in data[:64] else "mkv"
    if data.startswith((b"\xca\xfe\xba\xbe", b"\xca\xfe\xba\xbf")):
        # Java classes begin in the same way; there the number is a version from 45 up, here a count of processors.
        return "macho" if int.from_bytes(data[4:8], "big") < 45 else None
    return None


def _by_weak_signature(data: bytes) -> str | None:
    if data.startswith(b"RIFF"):
        return _RIFF.get(data[8:12])
    if data[4:8] == b"ftyp":
        return _BRANDS.get(data[8:12], "mp4")
    if data[4:8] in (b"moov", b"mdat", b"wide"):
        return "mov"
    if data[257:262] == b"ustar":
        return "tar"
    return next((kind for signature, kind in _WEAK_SIGNATURES if data.startswith(signature)), None)


def _is_text(data: bytes) -> bool:
    if b"\0" in data:
        return False
    try:
        data.decode()
    except UnicodeDecodeError:
        return False
    return True


_OFFICE = (("word/", "doc"), ("xl/", "xls"), ("ppt/", "ppt"))


def _zip_kind(data: bytes) -> str:
    """Return ``zip`` or the kind of office file.

    ODF names itself first (ODF 1.3 part 2 §3.3); OOXML is known by its parts.
    """
    if data[30:38] == b"mimetype":
        start = 38 + int.from_bytes(data[28:30], "little")
        for kind in ("odt", "ods", "odp", "odg", "epub"):
            if data.startswith(KINDS[kind].encode(), start):
                return kind
    names = list(_zip_names(data))
    if "[Content_Types].xml" in names:
        for folder, kind in _OFFICE:
            if any(name.startswith(folder) for name in names):
                return kind + ("m" if f"{folder}vbaProject.bin" in names else "x")
    return "zip"


_MOST_ZIP_NAMES = 10_000


def _zip_names(data: bytes) -> Iterator[str]:
    """Yield the names in the central directory (APPNOTE 4.3.12, 4.3.16), as far as it is valid.

    Not with ``zipfile``, which is slow on hostile archives and fails on them in many ways.
    """
    end = data.rfind(b"PK\5\6", max(0, len(data) - 65_557))
    if end < 0:
        return
    at = int.from_bytes(data[end + 16 : end + 20], "little")
    for _ in range(_MOST_ZIP_NAMES):
        if data[at : at + 4] != b"PK\1\2":
            return
        name, extra, comment = (int.from_bytes(data[at + i : at + i + 2], "little") for i in (28, 30, 32))
        yield data[at + 46 : at + 46 + name].decode("utf-8", "replace").replace("\\", "/")
        at += 46 + name + extra + comment


_OLE_STREAMS = (
    ("WordDocument", "doc"),
    ("Workbook", "xls"),
    ("Book", "xls"),
    ("PowerPoint Document", "ppt"),
    ("__properties_version1.0", "msg"),
)


def _ole_kind(data: bytes) -> str:
    """Return the kind whose stream comes first in the directory ([MS-CFB] 2.2 says where that begins)."""
    shift = int.from_bytes(data[30:32], "little")
    sector = int.from_bytes(data[48:52], "little")
    start = (sector + 1) << shift if shift in (9, 12) else 0
    for part in (data[start : start + 4096], data):
        found = [(part.find(_directory_name(name)), kind) for name, kind in _OLE_STREAMS]
        if places := [place for place in found if place[0] >= 0]:
            return min(places)[1]
    return "ole"


def _directory_name(name: str) -> bytes:
    """Return a name as a directory entry begins: UTF-16, terminated by NUL."""
    return name.encode("utf-16-le") + b"\0\0"
