"""What is written in an older encoding: the letters of the languages it is for, and the frequent ones among them."""

from __future__ import annotations

from tix.typing import NamedTuple


class Language(NamedTuple):
    """The ``letters`` of a language beyond ASCII, in small, and the most frequent ones where all are beyond ASCII."""

    letters: frozenset[str]
    frequent: frozenset[str] = frozenset()


def _latin(*alphabets: str) -> tuple[Language, ...]:
    return tuple(Language(frozenset(letters)) for letters in alphabets)


def _other(letters: str, frequent: str) -> Language:
    return Language(frozenset(letters), frozenset(frequent))


# German, French, Spanish, Portuguese, Italian and Catalan, Dutch, Danish and Norwegian, Swedish and Finnish, Icelandic.
_WEST = _latin(
    "äöüß", "àâæçéèêëîïôœùûüÿ", "áéíñóúüç", "áâãàçéêíóôõúü", "àçèéíìîïòóùúü", "áäéëêèíïóöúü", "æøåéóòôüäö",
    "åäöéàüšžæø", "áðéíóúýþæö",
)  # fmt: skip
# Polish, Czech, Slovak, Hungarian, Romanian, Croatian and Slovenian, German.
_MIDDLE = _latin(
    "ąćęłńóśźż", "áčďéěíňóřšťúůýž", "áäčďéíĺľňóôŕšťúýž", "áéíóöőúüű", "ăâîşţ", "čćđšž", "äöüß",
)  # fmt: skip
_TURKISH = _latin("çğıöşüâîûİ", "äöüß")
# Estonian, Latvian, Lithuanian, Polish, German.
_BALTIC = _latin("äöõüšž", "āčēģīķļņšūž", "ąčęėįšųūž", "ąćęłńóśźż", "äöüß")
_CYRILLIC = (
    _other("абвгдеёжзийклмнопрстуфхцчшщъыьэюя", "оеаинтсрвл"),
    _other("абвгґдеєжзиіїйклмнопрстуфхцчшщьюя", "оаинтвісре"),
    _other("абвгдђежзијклљмнњопрстћуфхцчџш", "аоиенрсјту"),
)
_GREEK = (_other("αβγδεζηθικλμνξοπρσςτυφχψωάέήίόύώϊϋΐΰ", "αοιετσςνηυρ"),)
_HEBREW = (_other("אבגדהוזחטיךכלםמןנסעףפץצקרשת", "יוהלאתרבשמ"),)
_ARABIC = (_other("ءآأؤإئابةتثجحخدذرزسشصضطظعغـفقكلمنهوىيپچژگ", "اليمونرتبةد"),)
_THAI = (_other("".join(map(chr, range(0x0E01, 0x0E5C))), "านรอกเง่มย"),)

# Encodings of one byte a letter that programs export in; of two that read the same, the first is named.
COMMON = {
    "cp1252": _WEST,
    "cp1254": _TURKISH,
    "cp1250": _MIDDLE,
    "cp1257": _BALTIC,
    "iso8859_15": _WEST,
    "iso8859_2": _MIDDLE,
    "cp1251": _CYRILLIC,
    "koi8_u": _CYRILLIC,
    "cp1253": _GREEK,
    "cp1255": _HEBREW,
    "cp1256": _ARABIC,
    "cp874": _THAI,
}
# Older ones, which count where no other fits.
RARE = {
    "cp850": _WEST,
    "mac_roman": _WEST,
    "cp852": _MIDDLE,
    "cp866": _CYRILLIC,
    "iso8859_5": _CYRILLIC,
    "mac_cyrillic": _CYRILLIC,
}
# Encodings of two bytes a letter, and the first bytes of the letters that are not rare.
WIDE = {
    "gb18030": range(0xB0, 0xD8),
    "big5": range(0xA4, 0xC7),
    "cp932": range(0x88, 0x99),
    "euc_jp": range(0xB0, 0xD0),
    "cp949": range(0xB0, 0xC9),
}
_KANA = "".join(map(chr, range(0x3041, 0x30FF)))
FREQUENT = {
    "gb18030": frozenset(
        "的一是不了在有人我他这中大来上国个到说们为子和你地出会也时要就可以对生能而行方后多日都小"
        "定无法工理用户登录错误问题网络密码邮件文件服务请求打印机系统"
    ),
    "big5": frozenset(
        "的一是不了在有人我他這中大來上國個到說們為子和你地出會也時要就可以對生能而行方後多日都小"
        "定無法工理用戶登入錯誤問題網路密碼郵件檔案服務請求印表機系統"
    ),
    "cp932": frozenset(_KANA),
    "euc_jp": frozenset(_KANA),
    "cp949": frozenset("이다는을의에가고하지로한기리어사도자스해시대인들나"),
}
