"""What mail clients write around quoted text, in 20 languages: no new text is folded, and known history is.

The forms are generated: 32 attributions in 5 layouts, 19 header blocks in 3, 9 texts that only look quoted (226), 57
header blocks above known text, and answers typed inside quotes and directly below header blocks.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

import pytest

from tix.domain.mail import quotes
from tix.domain.mail.quotes import fold

OLD = "What is OLD1 your version?\n\nRegards OLD2\nHelp Desk"
EARLIER = "yesterday it was ok 2 be blue"
KNOWN = (EARLIER, OLD)

ATTRIBUTIONS = {
    "en gmail": "On Mon, 3 Feb 2025 at 10:00, Help Desk <desk@x.example> wrote:",
    "en gmail, wrapped": "On Mon, 3 Feb 2025 at 10:00, The Very Long Help Desk Name Of Example <\ndesk@x.example> wrote:",
    "en apple": "On Feb 3, 2025, at 10:00 AM, Help Desk <desk@x.example> wrote:",
    "en thunderbird": "On 03/02/2025 10:00, Help Desk wrote:",
    "de gmail": "Am Mo., 3. Feb. 2025 um 10:00 Uhr schrieb Help Desk <desk@x.example>:",
    "de apple": "Am 03.02.2025 um 10:00 schrieb Help Desk <desk@x.example>:",
    "de gmx": 'Gesendet: Montag, 03. Februar 2025 um 10:00 Uhr\nVon: "Help Desk" <desk@x.example>\n'
    "An: kunde@y.example\nBetreff: Re: [TIX-1] VPN",
    "fr gmail": "Le lun. 3 févr. 2025 à 10:00, Help Desk <desk@x.example> a écrit :",
    "fr apple": "Le 3 févr. 2025 à 10:00, Help Desk <desk@x.example> a écrit :",
    "fr thunderbird": "Le 03/02/2025 à 10:00, Help Desk a écrit :",
    "es gmail": "El lun, 3 feb 2025 a las 10:00, Help Desk (<desk@x.example>) escribió:",
    "es apple": "El 3 feb 2025, a las 10:00, Help Desk <desk@x.example> escribió:",
    "it gmail": "Il giorno lun 3 feb 2025 alle ore 10:00 Help Desk <desk@x.example> ha scritto:",
    "pt gmail": "Em seg., 3 de fev. de 2025 às 10:00, Help Desk <desk@x.example> escreveu:",
    "nl gmail": "Op ma 3 feb 2025 om 10:00 schreef Help Desk <desk@x.example>:",
    "sv gmail": "Den mån 3 feb. 2025 kl 10:00 skrev Help Desk <desk@x.example>:",
    "da gmail": "Den man. 3. feb. 2025 kl. 10.00 skrev Help Desk <desk@x.example>:",
    "no gmail": "man. 3. feb. 2025 kl. 10:00 skrev Help Desk <desk@x.example>:",
    "fi gmail": "ma 3. helmik. 2025 klo 10.00 Help Desk (desk@x.example) kirjoitti:",
    "pl gmail": "pon., 3 lut 2025 o 10:00 Help Desk <desk@x.example> napisał(a):",
    "cs gmail": "po 3. 2. 2025 v 10:00 odesílatel Help Desk <desk@x.example> napsal:",
    "ru gmail": "пн, 3 февр. 2025 г. в 10:00, Help Desk <desk@x.example>:",
    "uk gmail": "пн, 3 лют. 2025 р. о 10:00 Help Desk <desk@x.example> пише:",
    "tr gmail": "Help Desk <desk@x.example>, 3 Şub 2025 Pzt, 10:00 tarihinde şunu yazdı:",
    "vi gmail": "Vào Th 2, 3 thg 2, 2025 vào lúc 10:00 Help Desk <desk@x.example> đã viết:",
    "vi apple": "Vào 10:00, 3 thg 2, 2025, Help Desk <desk@x.example> đã viết:",
    "ja gmail": "2025年2月3日(月) 10:00 Help Desk <desk@x.example>:",
    "ja apple": "2025/02/03 10:00、Help Desk <desk@x.example>のメール:",
    "zh-cn gmail": "Help Desk <desk@x.example> 于2025年2月3日周一 10:00写道：",
    "zh-tw gmail": "Help Desk <desk@x.example> 於 2025年2月3日 週一 上午10:00寫道：",
    "zh apple": "在 2025年2月3日，10:00，Help Desk <desk@x.example> 写道：",
    "ko gmail": "2025년 2월 3일 (월) 오전 10:00, Help Desk <desk@x.example>님이 작성:",
}
HEADERS = {
    "en outlook": "From: Help Desk <desk@x.example>\nSent: Monday, February 3, 2025 10:00 AM\n"
    "To: Customer <c@y.example>\nSubject: Re: [TIX-1] VPN",
    "de outlook": "Von: Help Desk <desk@x.example>\nGesendet: Montag, 3. Februar 2025 10:00\n"
    "An: Kunde <c@y.example>\nBetreff: AW: [TIX-1] VPN",
    "fr outlook": "De : Help Desk <desk@x.example>\nEnvoyé : lundi 3 février 2025 10:00\n"
    "À : Client <c@y.example>\nObjet : RE: [TIX-1] VPN",
    "es outlook": "De: Help Desk <desk@x.example>\nEnviado: lunes, 3 de febrero de 2025 10:00\n"
    "Para: Cliente <c@y.example>\nAsunto: RE: [TIX-1] VPN",
    "es outlook 2": "De: Help Desk <desk@x.example>\nEnviado el: lunes, 3 de febrero de 2025 10:00\n"
    "Para: Cliente <c@y.example>\nAsunto: RE: [TIX-1] VPN",
    "it outlook": "Da: Help Desk <desk@x.example>\nInviato: lunedì 3 febbraio 2025 10:00\n"
    "A: Cliente <c@y.example>\nOggetto: R: [TIX-1] VPN",
    "pt outlook": "De: Help Desk <desk@x.example>\nEnviada em: segunda-feira, 3 de fevereiro de 2025 10:00\n"
    "Para: Cliente <c@y.example>\nAssunto: RES: [TIX-1] VPN",
    "nl outlook": "Van: Help Desk <desk@x.example>\nVerzonden: maandag 3 februari 2025 10:00\n"
    "Aan: Klant <c@y.example>\nOnderwerp: RE: [TIX-1] VPN",
    "sv outlook": "Från: Help Desk <desk@x.example>\nSkickat: den 3 februari 2025 10:00\n"
    "Till: Kund <c@y.example>\nÄmne: SV: [TIX-1] VPN",
    "pl outlook": "Od: Help Desk <desk@x.example>\nWysłane: poniedziałek, 3 lutego 2025 10:00\n"
    "Do: Klient <c@y.example>\nTemat: ODP: [TIX-1] VPN",
    "ru outlook": "От: Help Desk <desk@x.example>\nОтправлено: 3 февраля 2025 г. 10:00\n"
    "Кому: Клиент <c@y.example>\nТема: RE: [TIX-1] VPN",
    "vi outlook": "Từ: Help Desk <desk@x.example>\nĐã gửi: Thứ Hai, 3 Tháng Hai 2025 10:00\n"
    "Đến: Khách <c@y.example>\nChủ đề: RE: [TIX-1] VPN",
    "ja outlook": "差出人: Help Desk <desk@x.example>\n送信日時: 2025年2月3日 10:00\n"
    "宛先: 顧客 <c@y.example>\n件名: RE: [TIX-1] VPN",
    "zh outlook": "发件人: Help Desk <desk@x.example>\n发送时间: 2025年2月3日 10:00\n"
    "收件人: 客户 <c@y.example>\n主题: 答复: [TIX-1] VPN",
    "ko outlook": "보낸 사람: Help Desk <desk@x.example>\n보낸 날짜: 2025년 2월 3일 월요일 오전 10:00\n"
    "받는 사람: 고객 <c@y.example>\n제목: RE: [TIX-1] VPN",
    "en exchange": "-----Original Message-----\nFrom: Help Desk [mailto:desk@x.example]\n"
    "Sent: Monday, February 03, 2025 10:00 AM\nTo: Customer\nSubject: RE: VPN",
    "de exchange": "-----Ursprüngliche Nachricht-----\nVon: Help Desk [mailto:desk@x.example]\n"
    "Gesendet: Montag, 3. Februar 2025 10:00\nAn: Kunde\nBetreff: AW: VPN",
    "rule above": "________________________________\nFrom: Help Desk <desk@x.example>\n"
    "Sent: 03 February 2025 10:00\nTo: Customer\nSubject: Re: VPN",
    "bold words": "*From:* Help Desk <desk@x.example>\n*Sent:* 03 February 2025 10:00\n"
    "*To:* Customer\n*Subject:* Re: VPN",
}
LOOK_ALIKES = {
    "a table": "The table NEW1\n\nFrom: column one NEW2\nDate: is missing NEW3\n",
    "headers of a spam": "Is this spam? NEW1\n\nFrom: bank@evil.example\nDate: Mon, 3 Feb 2025 10:00\n"
    "To: me@y.example\nSubject: You won\n\nPlease check it NEW2\n",
    "a log": "I get NEW1\n\n> npm run build\n> error NEW2\n\nPlease help NEW3\n",
    "a log at the end": "I get NEW1\n> npm run build NEW2\n> error NEW3\n",
    "dashes in the middle": "First NEW1\n-- \nSecond NEW2\n\nThird NEW3\n" + "x\n" * 12,
    "he wrote": "On Monday 3 Feb 2025 at 10:00 he wrote:\nthat all is down NEW1\n",
    "a patch": "Patch NEW1\n--- a/x 2025-02-03\n+++ b/x NEW2\n-- \n2.39.2\n\nplease apply NEW3\n",
    "a rule": "Title NEW1\n______________\nBody NEW2\n",
    "a postscript": "Hi NEW1\n-- \nBob\n\nPS: the door code is 4711 NEW2\n",
}


def quote(text: str) -> str:
    return "\n".join(f"> {line}" if line else ">" for line in text.split("\n"))


class Form(NamedTuple):
    """A mail: its new text is marked NEW1, NEW2, …, what it quotes OLD1, OLD2."""

    name: str
    layout: str
    text: str


def forms() -> Iterator[Form]:
    for name, line in ATTRIBUTIONS.items():
        yield Form(name, "top", f"Hello NEW1\n\nIt is 1.2.3 NEW2\n\n{line}\n\n{quote(OLD)}\n")
        yield Form(name, "bottom", f"{line}\n\n{quote(OLD)}\n\nIt is 1.2.3 NEW1\nBye NEW2\n")
        between = "> What is OLD1 your version?\n\n1.2.3 NEW2\n\n> Regards OLD2\n\nBye NEW3\n"
        yield Form(name, "between", f"Hi NEW1\n\n{line}\n{between}")
        yield Form(name, "top and bottom", f"See below NEW1\n\n{line}\n\n{quote(OLD)}\n\nPS: NEW2\n")
        yield Form(name, "unquoted", f"Hello NEW1\n\n{line}\n\n{OLD}\n")
    for name, block in HEADERS.items():
        yield Form(name, "top", f"Hello NEW1\n\nIt is 1.2.3 NEW2\n\n{block}\n\n{OLD}\n")
        yield Form(name, "quoted", f"Hello NEW1\n\n{block}\n\n{quote(OLD)}\n")
        between = "What is OLD1 your version?\n1.2.3 NEW2\n\nRegards OLD2\n"
        yield Form(name, "between", f"My answers are in red below NEW1\n\n{block}\n\n{between}")
    for name, text in LOOK_ALIKES.items():
        yield Form(name, "look-alike", text)


FORMS = tuple(forms())


def shown(text: str, known: Sequence[str] | None) -> str:
    return text[: fold(text, known)]


def lost(known: Sequence[str] | None) -> list[tuple[str, str]]:
    """The forms of which new text is folded."""
    return [
        (form.name, form.layout)
        for form in FORMS
        if any(mark not in shown(form.text, known) for mark in re.findall(r"NEW\d", form.text))
    ]


def clean(layout: str, known: Sequence[str] | None) -> set[str]:
    """The forms of a layout of which just the new text is shown, with nothing of an attribution or a header."""
    return {
        form.name
        for form in FORMS
        if form.layout == layout and re.fullmatch(r"[^\n]+NEW1(\n\n[^\n]+NEW2)?\n+", shown(form.text, known))
    }


def test_there_are_226_forms():
    assert (len(ATTRIBUTIONS), len(HEADERS), len(LOOK_ALIKES), len(FORMS)) == (32, 19, 9, 226)


@pytest.mark.parametrize("known", [KNOWN, (), None])
def test_no_form_loses_new_text(known):
    """Trap 38: new text inside a quote is never folded, whether the thread is known or not."""
    assert lost(known) == []


def test_every_top_post_is_clean_with_the_thread_known():
    assert clean("top", KNOWN) == ATTRIBUTIONS.keys() | HEADERS.keys()  # 51 of 51
    assert clean("unquoted", KNOWN) == ATTRIBUTIONS.keys()
    assert clean("quoted", KNOWN) == HEADERS.keys()


def test_without_the_thread_only_quoted_lines_are_folded():
    assert clean("top", None) == ATTRIBUTIONS.keys()  # 32 of 51: Outlook does not quote
    assert clean("quoted", None) == HEADERS.keys()
    assert clean("unquoted", None) == set()


def test_a_thread_without_texts_folds_nothing():
    assert {form.name for form in FORMS if fold(form.text, ()) is not None} == set()


@pytest.mark.parametrize("mark", ["\u200e", "\u202a", "\u2066", "\ufeff"])
def test_marks_of_direction_change_nothing(mark):
    """Clients put invisible marks around names and dates."""
    for name, line in ATTRIBUTIONS.items():
        marked = re.sub(r"(Help Desk|2025)", rf"{mark}\1{mark}", line)
        assert shown(f"NEW1\n\n{mark}{marked}\n{quote(OLD)}", None).strip() == "NEW1", name


# ----------------------------------------------------------------------- answers inside unquoted, known history


@pytest.mark.parametrize("block", HEADERS.values(), ids=HEADERS)
def test_a_short_answer_between_known_lines_is_shown(block):
    """57 forms: "2" and "yes" are runs of known letters ("yesterday"), but not where they stand."""
    inside = f"see below\n\n{block}\n\nWhat is OLD1 your version?\n2\n\nRegards OLD2\nHelp Desk\n"
    below = f"see below\n\n{block}\n\n{OLD}\n\nyes\n"
    nested = f"Hi\n\n{block}\n\n{OLD}\n\n{block}\n\n{EARLIER}\n"
    assert fold(inside, KNOWN) is None
    assert fold(below, KNOWN) is None
    assert shown(nested, KNOWN).strip() == "Hi"


ANSWERS = ("1.2.3 NEW", "Answer: 1.2.3 NEW", "Date: tomorrow NEW", "Version: 1.2.3 NEW", "To: be sure NEW")


@pytest.mark.parametrize("answer", ANSWERS)
@pytest.mark.parametrize("block", HEADERS.values(), ids=HEADERS)
def test_an_answer_directly_below_a_header_block_is_shown(block, answer):
    """95 forms: a block ends at its last header, and an answer that looks like one is none."""
    assert fold(f"see below\n\n{block}\n{answer}\n\n{OLD}\n", KNOWN) is None


@pytest.mark.parametrize("missing", range(4))
@pytest.mark.parametrize(
    "answer", ["Date: tomorrow", "To: be sure", "Subject: is clear", "A: 1.2.3", "Von: mir"]
)
def test_an_answer_below_a_shorter_block_is_shown(missing, answer):
    """A block may lack a line; an answer that begins with just that word is none of its headers."""
    rows = HEADERS["en outlook"].split("\n")
    block = "\n".join(rows[:missing] + rows[missing + 1 :])
    text = f"see below\n\n{block}\n\n{answer}\n\n{OLD}\n"
    assert fold(text, KNOWN) is None


# -------------------------------------------------------------------------------------- answers inside a quote

TYPED = {
    "behind the question": "> What is OLD1 your version? NEW\n>\n> Regards OLD2\n> Help Desk\n",
    "on a quoted line": "> What is OLD1 your version?\n> NEW\n>\n> Regards OLD2\n> Help Desk\n",
    "one word changed": "> What is NEW your version?\n>\n> Regards OLD2\n> Help Desk\n",
}
UNCHANGED = {
    "whole": quote(OLD),
    "a part": "> What is OLD1 your version?\n",
    "wrapped anew": "> What is OLD1\n> your version?\n>\n> Regards OLD2 Help\n> Desk\n",
}


@pytest.mark.parametrize("tail", TYPED.values(), ids=TYPED)
def test_an_answer_typed_inside_the_quote_is_shown(tail):
    """96 forms: where the thread is known, quoted lines have to be known, too."""
    texts = {name: f"Hi\n\n{line}\n{tail}" for name, line in ATTRIBUTIONS.items()}
    assert {name for name, text in texts.items() if fold(text, KNOWN) is not None} == set()


@pytest.mark.parametrize("tail", UNCHANGED.values(), ids=UNCHANGED)
def test_a_quote_that_is_cut_short_or_wrapped_anew_is_folded(tail):
    """96 forms: what a client does to lines is no answer."""
    for name, line in ATTRIBUTIONS.items():
        assert shown(f"Hi\n\n{line}\n{tail}", KNOWN).strip() == "Hi", name


# ---------------------------------------------------------------------------------------------------- controls


def _folding_below(pattern: str) -> Callable[[str, Sequence[str] | None], int | None]:
    """A wrong rule: fold from the first line that looks like the start of history, whatever follows."""

    def rule(text: str, known: Sequence[str] | None) -> int | None:
        found = re.search(pattern, text, re.MULTILINE)
        return found.start() if found and text[: found.start()].strip() else None

    return rule


@pytest.mark.parametrize("pattern", [r"^On .*\d", r"^From: ", r"^> ", r"^-- $"])
def test_a_rule_that_loses_new_text_is_found(monkeypatch: pytest.MonkeyPatch, pattern):
    """Control: what other trimmers do, which cuts at the first line of a kind."""
    monkeypatch.setitem(globals(), "fold", _folding_below(pattern))
    assert lost(KNOWN) != []


def test_comparing_only_letters_would_lose_short_answers(monkeypatch: pytest.MonkeyPatch):
    """Control: line by line, "yes" is known from "yesterday"."""
    joined = "".join(text.replace(" ", "") for text in KNOWN)
    monkeypatch.setattr(
        quotes.KnownTexts, "holds", lambda self, piece: all(word in joined.lower() for word in piece.split())
    )
    with pytest.raises(AssertionError):
        test_a_short_answer_between_known_lines_is_shown(HEADERS["en outlook"])


def test_trusting_quote_marks_would_lose_typed_answers():
    """Control: without the thread, rule 1 folds what was typed behind the question."""
    tail = TYPED["behind the question"]
    assert all(fold(f"Hi\n\n{line}\n{tail}", None) is not None for line in ATTRIBUTIONS.values())
