"""Bytes of mail as text: which charsets are believed, and what is tried where a charset is missing or wrong."""

from __future__ import annotations

import re
from encodings import normalize_encoding
from encodings.aliases import aliases

# Codecs that mail may name. Not among them: codecs that are no charset (zlib, base64), and those that cost much
# or run escapes (punycode, idna, unicode_escape, raw_unicode_escape, undefined).
_ALLOWED = frozenset(
    """
    utf_7 utf_8 utf_8_sig utf_16 utf_16_be utf_16_le utf_32 utf_32_be utf_32_le ascii latin_1
    iso8859_2 iso8859_3 iso8859_4 iso8859_5 iso8859_6 iso8859_7 iso8859_8 iso8859_9 iso8859_10 iso8859_11
    iso8859_13 iso8859_14 iso8859_15 iso8859_16
    cp037 cp1006 cp1026 cp1125 cp1140 cp1250 cp1251 cp1252 cp1253 cp1254 cp1255 cp1256 cp1257 cp1258 cp273
    cp424 cp437 cp500 cp720 cp737 cp775 cp850 cp852 cp855 cp856 cp857 cp858 cp860 cp861 cp862 cp863 cp864
    cp865 cp866 cp869 cp874 cp875 cp932 cp949 cp950
    koi8_r koi8_t koi8_u kz1048 ptcp154 hp_roman8 tis_620 johab hz gb2312 gbk gb18030 big5 big5hkscs
    euc_jp euc_jis_2004 euc_jisx0213 euc_kr shift_jis shift_jis_2004 shift_jisx0213
    iso2022_jp iso2022_jp_1 iso2022_jp_2 iso2022_jp_2004 iso2022_jp_3 iso2022_jp_ext iso2022_kr
    mac_arabic mac_croatian mac_cyrillic mac_farsi mac_greek mac_iceland mac_latin2 mac_roman mac_romanian
    mac_turkish
    """.split()
)

# Names that occur in mail and that Python does not know.
_OTHER_NAMES = {
    "unicode_1_1_utf_7": "utf_7", "utf8mb4": "utf_8", "utf_8mb4": "utf_8", "unicode_1_1_utf_8": "utf_8",
    "iso_8859_6_i": "iso8859_6", "iso_8859_6_e": "iso8859_6", "iso_8859_8_i": "iso8859_8",
    "iso_8859_8_e": "iso8859_8", "iso_8859_1_windows_1252": "cp1252", "ansi_x3.110_1983": "cp1252",
    "x_ansi": "cp1252", "cp_850": "cp850", "dos_720": "cp720", "windows_874": "cp874", "windows_949": "cp949",
    "windows_31j": "cp932", "x_sjis": "cp932", "x_ms_cp932": "cp932", "x_euc_jp": "euc_jp", "x_euc_kr": "euc_kr",
    "x_gbk": "gbk", "x_windows_949": "cp949", "x_big5": "big5", "macintosh": "mac_roman", "x_mac_roman": "mac_roman",
    "x_mac_cyrillic": "mac_cyrillic", "koi": "koi8_r", "koi8": "koi8_r", "iso_2022_jp_ms": "iso2022_jp_ext",
}  # fmt: skip

# Charsets that senders take for a larger one, with the larger one (as in the Encoding standard of WHATWG).
_LARGER = {
    "ascii": "cp1252", "latin_1": "cp1252", "iso8859_9": "cp1254", "iso8859_11": "cp874", "tis_620": "cp874",
    "gb2312": "gb18030", "gbk": "gb18030", "euc_kr": "cp949", "shift_jis": "cp932", "iso2022_jp": "iso2022_jp_ext",
    "big5": "big5hkscs",
}  # fmt: skip

_LONGEST_NAME = 40
_SURROGATE = re.compile("[\ud800-\udfff]")


def codec(name: str | None) -> str | None:
    """Return Python's codec for a charset as mail names it, or None for an unknown one and one that is not allowed.

    Only names in the tables above are looked at, so that a name from outside never imports a module.
    """
    if not name or len(name) > _LONGEST_NAME or not name.isascii():
        return None
    plain = normalize_encoding(name.strip().strip("'\"")).lower()
    found = _OTHER_NAMES.get(plain) or aliases.get(plain) or aliases.get(plain.replace(".", "_"), plain)
    return _LARGER.get(found, found) if found in _ALLOWED else None


def decode(data: bytes, charset: str | None) -> tuple[str, bool]:
    """Return ``data`` as text, and whether its charset had to be guessed. Never fails.

    The declared charset is believed where the bytes fit it. UTF-8 is tried before Windows-1252 where ASCII, Latin-1 or
    nothing is declared: Latin-1 accepts any bytes (discourse/discourse#4846), and UTF-8 is hardly ever met by chance.
    """
    declared = codec(charset)
    if declared is not None and declared != "cp1252":
        text = _decoded(data, declared)
        if text is not None:
            return clean(text), False
    text = _decoded(data, "utf_8")
    if text is not None:
        return clean(text), declared not in (None, "cp1252", "utf_8")
    if declared == "cp1252":
        return clean(data.decode("cp1252", "replace")), "ascii" in (charset or "").lower()
    return clean(_closest(data, declared or "cp1252")), True


def clean(text: str) -> str:
    """Return ``text`` without NUL, and with U+FFFD for each surrogate: neither can be stored as UTF-8 text."""
    return _SURROGATE.sub("\ufffd", text.replace("\0", ""))


def _decoded(data: bytes, name: str) -> str | None:
    try:
        return data.decode(name)
    except ValueError:  # UnicodeDecodeError, and what some codecs raise of their own
        return None


def _closest(data: bytes, name: str) -> str:
    """Return the text with U+FFFD where ``data`` does not fit; Windows-1252 if nothing but ASCII fits UTF-8."""
    text = data.decode(name, "replace")
    if name == "utf_8" and all(char == "\ufffd" for char in set(text) if char > "\x7f"):
        return data.decode("cp1252", "replace")
    return text
