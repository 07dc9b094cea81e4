"""The replies that two public libraries are tested with: what is folded of each was looked at by eye.

``TIX_CORPORA`` names the folder with ``email_reply_parser`` and ``mail-parser-reply``.
"""

import hashlib
import os
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from tix.domain.mail.quotes import fold

# SHA-256 of the file → offset in an unknown thread, and offset if all of the text were known. Each was read: above the
# first stand all words that are new, and above the second is the newest text only.
BY_EYE: dict[str, tuple[int | None, int | None]] = {
    "cb771dc3f571": (47, 47),  # correct_sig.txt
    "3b9911880423": (None, None),  # email_1_1.txt
    "6505aa9e237d": (None, 4),  # email_1_2.txt
    "8278f2cab11e": (None, 65),  # email_1_3.txt
    "2f86d213483a": (49, 49),  # email_1_4.txt
    "3e40b1d1d3de": (None, None),  # email_1_5.txt
    "c68f56074365": (74, 74),  # email_1_6.txt
    "7afcfe09dcee": (8, 8),  # email_1_7.txt
    "737d4d3713d3": (776, None),  # email_1_8.txt
    "5d13e4d8470a": (None, 23),  # email_2_1.txt
    "9097432ef690": (None, 41),  # email_2_2.txt
    "8b05a650f081": (42, 42),  # email_2_3.txt
    "4cf160415ea7": (23, 23),  # email_BlackBerry.txt
    "3ca9572d3c94": (120, 120),  # email_bullets.txt
    "2ef92745e71c": (23, 23),  # email_iPhone.txt
    "236f1be13a38": (None, None),  # email_long_quote.txt
    "931b382adeed": (23, 23),  # email_multi_word_sent_from_my_mobile_device.txt
    "06188242b3fd": (106, 106),  # email_one_is_not_on.txt
    "8a9926ffa090": (None, None),  # email_sent_from_my_not_signature.txt
    "df845b5885e9": (None, None),  # email_sig_delimiter_in_middle_of_line.txt
    "38e874f90a9d": (169, 169),  # greedy_on.txt
    "8faccf0dddb0": (98, 98),  # pathological.txt
    "18bd64eb50cf": (None, None),  # begins_with_signature.txt
    "7a648d1d58e5": (None, None),  # caution.txt
    "526216a460ab": (None, None),  # caution2.txt
    "23e345079839": (None, None),  # email_1_1.txt
    "d3da30ae7fe2": (6, 6),  # email_1_7.txt
    "7397b4800f0a": (None, 57),  # email_2_3.txt
    "80343e05407e": (None, 62),  # email_3_1.txt
    "72d2a608bdf0": (82, 82),  # email_danish_1.txt
    "0be9eec05e98": (None, 53),  # email_danish_2.txt
    "54384c46db86": (13, 13),  # email_danish_3.txt
    "bffe7ee14499": (None, 13),  # email_danish_4.txt
    "0357acbc79d0": (None, None),  # email_danish_5.txt
    "c05482aa76d0": (None, 58),  # email_gmail.txt
    "d6d69d5cace6": (None, 20),  # email_headers_no_delimiter.txt
    "2d86daaccc2f": (None, None),  # email_ja_1_1.txt
    "e407206f91fe": (66, 66),  # email_ja_1_2.txt
    "ed42fabeab13": (None, None),  # email_nl_1_1.txt
    "ee798814e0dc": (None, 27),  # email_nl_1_2.txt
    "f2520a3f9868": (170, 170),  # email_partial_quote_header.txt
    "399fb72a830e": (None, None),  # email_pl_1_1.txt
    "85e2e35acdef": (None, None),  # email_pl_1_2.txt
    "f195ef790d33": (None, None),  # email_pl_1_3.txt
    "9220b1ab90ee": (None, None),  # email_sent_from_not_signature.txt
    "cac419f51307": (141, 141),  # email_sv_anon_1.txt
    "b665cfdfaa70": (None, 119),  # email_swedish_1.txt
    "3aca9fe56fc8": (212, 212),  # email_swedish_2.txt
    "de5b74a6a03a": (None, None),  # forward.txt
    "a3dd46ed3d9a": (None, 42),  # multi_header.txt
    "0180edf55b9d": (None, None),  # multiline_on.txt
    "73c60be6f68e": (None, 17),  # multiline_on_de.txt
    "f79f8a6c2c74": (136, 136),  # outlook.txt
}


def replies() -> list[tuple[str, str]]:
    """The short digest and the text of each file."""
    folder = os.environ.get("TIX_CORPORA")
    if not folder:
        pytest.skip("TIX_CORPORA names no folder of corpora")
    names = ("email_reply_parser", "mail-parser-reply")
    files = [path for name in names for path in sorted(Path(folder, name).rglob("emails/*.txt"))]
    if not files:
        pytest.skip("there are no replies among the corpora")
    contents = [path.read_bytes() for path in files]
    return [(hashlib.sha256(one).hexdigest()[:12], one.decode("utf-8", "replace")) for one in contents]


def unquoted_below(text: str, offset: int) -> list[str]:
    """The unquoted lines between the first and the last quoted line below the offset, and those of a second paragraph."""
    lines = text[offset:].rstrip().splitlines()
    quoted = [at for at, line in enumerate(lines) if line.startswith(">")]
    if not quoted:  # a signature
        paragraphs = [one for one in "\n".join(lines).split("\n\n") if one.strip("- \n")]
        return lines if len(lines) > 9 or len(paragraphs) > 1 else []
    between = [line for line in lines[quoted[0] : quoted[-1]] if line.strip() and not line.startswith(">")]
    below = [line for line in lines[quoted[-1] + 1 :] if line.strip()]
    return between + (below if below and below[0] not in ("--", "-- ") else [])


def faults(rule: Callable[[str, Sequence[str] | None], int | None]) -> list[str]:
    """The files of which a rule folds unquoted text, other than a signature."""
    return [
        digest
        for digest, text in replies()
        if (offset := rule(text, None)) is not None and unquoted_below(text, offset)
    ]


def test_nothing_unquoted_is_folded_but_signatures():
    assert faults(fold) == []


def test_what_is_folded_is_what_was_seen_by_eye():
    found = {digest: (fold(text, None), fold(text, (text,))) for digest, text in replies()}
    assert {digest: one for digest, one in found.items() if BY_EYE.get(digest, one) != one} == {}
    assert len(found.keys() & BY_EYE.keys()) > 40


def test_a_thread_that_knows_none_of_it_folds_signatures_only():
    for digest, text in replies():
        offset = fold(text, ("Please tell us your version.",))
        assert offset is None or ">" not in text[offset:].replace("<https://outlook.com/mobile>", ""), digest


def _first_attribution(text: str, _known: Sequence[str] | None) -> int | None:
    at = text.find("\nOn ")
    return at + 1 if at >= 0 else None


def test_a_rule_that_loses_text_is_found():
    """Control: cutting at the first "On …" loses what stands below and between quotes."""
    assert faults(_first_attribution) != []
