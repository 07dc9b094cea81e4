"""`tix invoice`: drawn up once, shown, exported, made void; money, roles, races, hostile names, the PDF."""

import csv
import html.parser
import io
import json
import re
import sys
from typing import Any

import pytest

from tests.harness import Shell

NINE = "2026-11-22T09:00:00Z"
HOSTILE = '=HYPERLINK("x") *b* [a](javascript:1) <script>alert(1)</script> | `c` \x1b[31m'


@pytest.fixture
def office(desk: Shell) -> Shell:
    """Two tickets of acme's, one of globex's without a rate, one of nobody's; 25 minutes on each."""
    desk.now = NINE
    desk.people("sam:agent", "lan:requester")
    desk.tix("client", "add", "acme", "--rate", "90.00")
    desk.tix("client", "add", "globex", "--currency", "usd")
    for client in (("--client", "acme"), ("--client", "acme"), ("--client", "globex"), ()):
        desk.tix("new", "Printer", "-m", "x", *client)
    for number in range(1, 5):
        desk.tix("time", "add", number, "25m", as_="sam")
    return desk


def unbilled(office: Shell, number: int) -> int:
    return office.tix("show", number, "--json").json["unbilled_seconds"]


def well(office: Shell) -> None:
    """Doctor finds nothing."""
    assert {one["status"] for one in office.tix("doctor", "--json").json} == {"ok", "info"}


def test_all_of_a_client(office: Shell):
    """Each ticket is rounded up by itself; the keys of the contract come first; nothing is left."""
    made = office.tix("invoice", "create", "--client", "acme", "--json").json
    assert list(made)[:5] == ["number", "client", "currency", "lines", "total"]
    assert (made["number"], made["client"], made["currency"], made["total"]) == (1, "acme", "EUR", "90.00")
    assert made["lines"][0] == {
        "ref": "TIX-1",
        "subject": "Printer",
        "worked_seconds": 1500,
        "billed_seconds": 1800,
        "hours": "0.50",
        "rate": "90.00",
        "amount": "45.00",
    }
    assert [line["ref"] for line in made["lines"]] == ["TIX-1", "TIX-2"]
    did = [made.pop(name) for name in ("effect", "changes", "undo")]
    assert did == ["created", [], ["tix", "invoice", "void", "1"]]
    assert office.tix("invoice", "show", 1, "--json").json == made
    assert office.tix("invoice", "--json").json == [made]
    assert [unbilled(office, number) for number in range(1, 5)] == [0, 0, 1500, 1500]
    assert [one["invoice"] for one in office.tix("time", "list", 1, "--json").json] == [1]
    well(office)


def test_a_second_one_bills_nothing(office: Shell):
    """Exit 0, a line on stderr, no invoice; also in JSON there is none."""
    office.tix("invoice", "create", 1)
    again = office.tix("invoice", "create", 1)
    assert (again.out, "no invoice" in again.err) == ("", True)
    assert office.tix("invoice", "create", 1, "--json").json == []
    assert office.tix("invoice", "list", "-o", "ids").lines == ["1"]
    assert office.tix("invoice", "create", "--client", "acme").out == "2\n"


def test_void_gives_the_time_back(office: Shell):
    """The number stays, and the next one is another; voiding twice is so already."""
    office.tix("invoice", "create", 1, 2)
    entry = office.tix("time", "list", 1, "-o", "ids").out.strip()
    assert "invoice 1" in office.tix("time", "rm", entry, check=5).err
    void = office.tix("invoice", "void", 1, "--json").json
    assert (void["voided_at"], void["total"]) == (NINE, "90.00")
    assert (unbilled(office, 1), unbilled(office, 2)) == (1500, 1500)
    again = office.tix("invoice", "void", 1)
    assert "already void" in again.err
    well(office)
    office.tix("time", "add", 1, "10m", as_="sam")
    assert office.tix("invoice", "create", 1, "-o", "plain").out == "2\n"
    assert office.tix("invoice", "show", 2, "--json").json["total"] == "67.50"
    assert office.tix("invoice", "list", "-c", "number,voided_at", "-o", "csv").out.splitlines()[1:] == [
        "2,", f"1,{NINE}",
    ]  # fmt: skip
    well(office)


def test_tax_rounding_and_currency_are_settings(office: Shell):
    """Of the client, else of the desk; the tax once, on the sum."""
    for key, value in (
        ("rate", "33.33"), ("round_to", "1h"), ("tax", "8.1"), ("tax_name", "MWST"), ("currency", "CHF"),
    ):  # fmt: skip
        office.tix("config", "set", f"billing.{key}", value)
    made = office.tix("invoice", "create", "--client", "globex", "--json").json
    assert (made["currency"], made["lines"][0]["hours"], made["subtotal"]) == ("USD", "1.00", "33.33")
    assert (made["tax_name"], made["tax_percent"], made["tax"], made["total"]) == (
        "MWST",
        "8.1",
        "2.70",
        "36.03",
    )
    office.tix("config", "set", "billing.round_to", "0")
    made = office.tix("invoice", "create", "--client", "acme", "--json").json
    assert (made["currency"], made["subtotal"]) == ("CHF", "75.00")  # 25 minutes at 90.00, twice
    office.tix("config", "get", "billing.rate", as_="lan", check=4)


@pytest.mark.parametrize(
    ("words", "code", "hint"),
    [
        ((3,), 5, "tix client edit 'globex' --rate"),
        (("--client", "globex"), 5, "billing.rate"),
        ((4,), 5, "tix edit 4 --client"),
        ((1, 3), 5, "one invoice for each client"),
        ((1, 4), 5, "--client NAME"),
        ((99,), 3, None),
        ((1, 99), 3, None),
        (("--client", "nobody"), 2, "known clients: acme, globex"),
        ((), 2, "--client NAME"),
        ((1, "--client", "acme"), 2, None),
    ],
)
def test_what_cannot_be_billed(office: Shell, words, code, hint):
    """Nothing is written, no number is used up."""
    before = office.tix("export").out
    refused = office.tix("invoice", "create", *words, check=code)
    assert hint is None or hint in refused.err
    assert office.tix("export").out == before
    assert office.tix("invoice", "create", 2).out == "1\n"


@pytest.mark.parametrize("word", ["0", "-1", "x", "٣", "9" * 30])
def test_what_is_no_number_of_an_invoice(office: Shell, word: str):
    office.tix("invoice", "show", "--", word, check=2)


def test_who_may(office: Shell):
    """Staff read what they may see all of, admins write."""
    office.tix("department", "add", "Support")
    office.tix("department", "add", "Vault")
    office.tix("edit", 1, 3, "--department", "Support")
    office.tix("edit", 2, "--department", "Vault")
    office.tix("user", "add", "sue", "--role", "agent", "--departments", "Support")
    office.tix("invoice", "create", 1)
    office.tix("invoice", "create", 2)
    for words in (("create", 1), ("create", "--client", "acme"), ("void", 1)):
        office.tix("invoice", *words, as_="sam", check=4)
    assert office.tix("invoice", "list", "-o", "ids", as_="sam").lines == ["2", "1"]
    assert office.tix("invoice", "list", "-o", "ids", as_="sue").lines == ["1"]
    for verb in ("show", "export", "void"):
        office.tix("invoice", verb, 2, as_="sue", check=3)
    assert office.tix("invoice", "list", "--client", "acme", "-o", "ids", as_="sue").lines == ["1"]
    office.tix("delete", 1, "--yes")
    office.tix("invoice", "show", 1, as_="sue", check=3)


def test_a_deleted_ticket_leaves_hours_and_amounts(office: Shell):
    """The subject goes; the sum stays; voiding it frees what is left."""
    office.tix("invoice", "create", 1, 2)
    office.tix("delete", 1, "--yes")
    shown = office.tix("invoice", "show", 1, "--json").json
    assert [(line["ref"], line["subject"], line["amount"]) for line in shown["lines"]] == [
        ("TIX-1", None, "45.00"), ("TIX-2", "Printer", "45.00"),
    ]  # fmt: skip
    assert r"\(deleted\)" in office.tix("invoice", "export", 1).out
    well(office)
    office.tix("invoice", "void", 1)
    assert unbilled(office, 2) == 1500
    well(office)


def test_a_single_second_is_billed(office: Shell):
    """It is rounded up as any other time is."""
    office.tix("new", "Typo", "-m", "x", "--client", "acme")
    office.tix("time", "add", 5, "1s", as_="sam")
    (line,) = office.tix("invoice", "create", 5, "--json").json["lines"]
    assert (line["ref"], line["worked_seconds"], line["billed_seconds"]) == ("TIX-5", 1, 900)
    assert unbilled(office, 5) == 0


def other_desk(office: Shell) -> Shell:
    """Another desk at the same moment."""
    folder = office.folder / "copy"
    folder.mkdir()
    copy = Shell(folder)
    copy.now = NINE
    return copy


def copy_of(office: Shell, exported: bytes, check: int = 0) -> Shell:
    """Another desk, into which that was imported."""
    copy = other_desk(office)
    copy.tix("import", "-", stdin=exported, check=check)
    return copy


def test_the_books_come_back_from_an_export(office: Shell):
    """Invoices, also a void one and one of a deleted ticket, and timers: the second export is the first."""
    office.tix("invoice", "create", 1, 2)
    office.tix("client", "edit", "globex", "--rate", "70.00")
    office.tix("invoice", "create", 3)
    office.tix("invoice", "void", 2)
    office.tix("delete", 1, "--yes")
    office.tix("time", "start", 4, as_="sam")
    exported = office.tix("export").raw_out
    copy = copy_of(office, exported)
    assert copy.tix("export").raw_out == exported
    for words in ("invoice list --json", "invoice show 1 --json", "time list 2 --json"):
        assert copy.tix(*words.split()).json == office.tix(*words.split()).json, words
    well(copy)
    assert copy.tix("invoice", "create", 3).out == office.tix("invoice", "create", 3).out == "3\n"


def test_a_line_whose_ticket_is_not_in_the_file_is_about_no_ticket(office: Shell):
    """A later ticket gets the id; the invoice stays as it was sent and says nothing about that one."""
    made = office.tix("invoice", "create", 1, 2, "--json").json
    lines = office.tix("export").raw_out.splitlines(keepends=True)
    copy = copy_of(office, b"".join(lines[:1] + lines[2:]))
    shown = copy.tix("invoice", "show", 1, "--json").json
    assert (shown["total"], len(shown["lines"])) == (made["total"], 2)
    (books,) = json.loads(copy.tix("export").out.splitlines()[0])["desk"]["invoices"]
    assert [line["ticket_id"] for line in books["lines"]] == [1, 0]


def test_billed_time_is_not_billed_again_by_a_desk_that_does_not_have_the_invoice(office: Shell):
    """A desk in use keeps its own invoices; what was billed elsewhere is worked time there, and not billable."""
    office.tix("invoice", "create", 1)
    copy = other_desk(office)
    copy.tix("new", "Ours", "-m", "x")
    copy.tix("import", "-", stdin=office.tix("export").raw_out)
    assert copy.tix("invoice", "list", "--json").json == []
    shown = [
        copy.tix("show", number, "--json").json for number in (5, 2, 3, 4)
    ]  # the first gets a new number
    assert [(one["time_seconds"], one["unbilled_seconds"]) for one in shown] == [(1500, 0)] + [
        (1500, 1500)
    ] * 3
    assert [one["billable"] for one in copy.tix("time", "list", 5, "--json").json] == [False]
    well(copy)


def test_a_desk_without_invoices_begins_with_the_first(office: Shell):
    copy = copy_of(office, office.tix("export").raw_out)
    assert copy.tix("invoice", "create", 1).out == "1\n"


LIES = {
    "a text for an id": lambda desk: line_of(desk).update(ticket_id="1"),
    "fewer than no seconds": lambda desk: line_of(desk).update(seconds=-1),
    "true for seconds": lambda desk: line_of(desk).update(seconds=True),
    "no seconds": lambda desk: line_of(desk).pop("billed_seconds"),
    "another amount": lambda desk: line_of(desk).update(amount="1.00"),
    "no amount": lambda desk: line_of(desk).update(rate="NaN"),
    "a number too high": lambda desk: desk["invoices"][0].update(number=2**53),
    "number 0": lambda desk: desk["invoices"][0].update(number=0),
    "another total": lambda desk: desk["invoices"][0].update(total="1.00"),
    "a tax below nothing": lambda desk: desk["invoices"][0].update(tax="-1"),
    "another client": lambda desk: desk["invoices"][0].update(client="nobody"),
    "the same invoice twice": lambda desk: desk["invoices"].append(desk["invoices"][0]),
    "no start": lambda desk: desk["timers"][0].update(started_at="soon"),
    "a timer of nobody": lambda desk: desk["timers"][0].update(by=None),
    "two timers of one on a ticket": lambda desk: desk["timers"].append(
        desk["timers"][0] | {"started_at": 9}
    ),
}


def line_of(desk: dict[str, Any]) -> dict[str, Any]:
    line: dict[str, Any] = desk["invoices"][0]["lines"][0]
    return line


@pytest.mark.parametrize("what", LIES)
def test_books_that_no_desk_has_written_are_refused(office: Shell, what: str):
    """Exit 2, and nothing is imported."""
    office.tix("invoice", "create", 1)
    office.tix("time", "start", 4, as_="sam")
    first, *rest = office.tix("export").out.splitlines(keepends=True)
    told = json.loads(first)
    LIES[what](told["desk"])
    copy = copy_of(office, (json.dumps(told) + "\n" + "".join(rest)).encode(), check=2)
    assert copy.tix("list", "--all", "--json").json == []


def test_a_client_that_was_billed_stays(office: Shell):
    office.tix("invoice", "create", 1)
    for number in (1, 2):
        office.tix("edit", number, "--client", "none")
    assert "1 invoice" in office.tix("client", "rm", "acme", check=5).err


def test_a_closed_ticket_is_billed_too(office: Shell):
    """That is when one bills; the books change neither its status nor its version."""
    office.tix("close", 1)
    before = office.tix("show", 1, "--json").json
    office.tix("invoice", "create", 1)
    after = office.tix("show", 1, "--json").json
    assert [after[key] for key in ("status", "closed_at", "version", "last_activity_at")] == [
        before[key] for key in ("status", "closed_at", "version", "last_activity_at")
    ]


def test_two_at_once_bill_once(office: Shell):
    """Eight processes: each second is on one invoice, the numbers have no gap, nobody fails."""
    for _ in range(12):
        office.tix("time", "add", 1, "10m", as_="sam")
    words = [("--client", "acme"), (1,), (2,), (1, 2)] * 2
    racers = [office.start("invoice", "create", *one) for one in words]
    told = [racer.communicate(timeout=60)[0].decode().split() for racer in racers]
    assert [racer.returncode for racer in racers] == [0] * len(racers)
    numbers = sorted(int(number) for one in told for number in one)
    assert numbers == list(range(1, len(numbers) + 1))
    every = office.tix("invoice", "list", "--json").json
    assert sorted(one["number"] for one in every) == numbers
    billed = sum(line["worked_seconds"] for one in every for line in one["lines"])
    assert billed == 1500 * 2 + 12 * 600
    assert (unbilled(office, 1), unbilled(office, 2)) == (0, 0)
    well(office)


def test_void_and_create_at_once(office: Shell):
    """Whatever wins, what doctor proves holds."""
    office.tix("invoice", "create", 1, 2)
    racers = [
        office.start("invoice", *words) for words in [("void", 1), ("create", 1), ("void", 1), ("create", 2)]
    ]
    for racer in racers:
        racer.communicate(timeout=60)
        assert racer.returncode == 0
    well(office)
    valid = [one for one in office.tix("invoice", "--json").json if one["voided_at"] is None]
    billed = sum(line["worked_seconds"] for one in valid for line in one["lines"])
    assert billed + unbilled(office, 1) + unbilled(office, 2) == 3000


# ------------------------------------------------------------------------------------------- documents


@pytest.fixture
def hostile(office: Shell) -> Shell:
    """An invoice full of signs that mean something somewhere."""
    office.tix("config", "set", "billing.issuer", "Łódź <i>Netze</i> GmbH")
    office.tix("config", "set", "billing.note", "Pay & be | happy")
    office.tix("config", "set", "billing.tax", "19")
    office.tix("client", "add", "Ægir & <b>Søn</b> | Жданов", "--rate", "95.5", "--currency", "DKK")
    office.tix("new", HOSTILE, "-m", "x", "--client", "Ægir & <b>Søn</b> | Жданов")
    office.tix("time", "add", 5, "25m", as_="sam")
    office.tix("invoice", "create", 5)
    return office


class _Reader(html.parser.HTMLParser):
    """The tags a browser would see, and the text."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.text = ""

    def handle_starttag(self, tag, attrs):
        self.tags.add(tag)
        assert not any(name.startswith("on") for name, _ in attrs)

    def handle_data(self, data):
        self.text += data


def test_html_is_text_whatever_people_wrote(hostile: Shell):
    page = hostile.tix("invoice", "export", 1, "-o", "html").out
    reader = _Reader()
    reader.feed(page)
    assert reader.tags <= set(
        "html head meta title style body h1 dl dt dd table thead tbody tfoot tr th td footer p".split()
    )
    assert "<script>alert(1)</script>" in reader.text
    assert "Ægir & <b>Søn</b> | Жданов" in reader.text
    assert "\x1b" not in page
    assert "57.00 DKK" in reader.text or "56.82 DKK" in reader.text


def test_markdown_is_text_whatever_people_wrote(hostile: Shell):
    """Every cell stays one cell, and no sign of Markdown in it is bare."""
    page = hostile.tix("invoice", "export", 1).out
    (row,) = [line for line in page.splitlines() if line.startswith("| TIX")]
    cells = re.split(r"(?<!\\)\|", row)[1:-1]
    assert len(cells) == 6
    assert re.search(r"(?<!\\)[<>*`\[\]]", cells[1]) is None
    assert (
        re.sub(r"\\(.)", r"\1", cells[1]).strip().startswith('=HYPERLINK("x") *b* [a](javascript:1) <script>')
    )
    assert "# Invoice 1\n" in page


def test_csv_is_no_formula(hostile: Shell):
    rows = list(csv.DictReader(io.StringIO(hostile.tix("invoice", "export", 1, "-o", "csv").out)))
    assert rows[0]["subject"].startswith("'=HYPERLINK")
    assert (rows[0]["hours"], rows[0]["amount"], rows[1]["subject"]) == ("0.50", "47.75", "VAT 19 %")


def test_pdf_looks_like_an_invoice(hostile: Shell):
    """Read back by another library: one page, every name, the total; the same invoice is the same bytes."""
    pdfium = pytest.importorskip("pypdfium2")
    said = hostile.tix("invoice", "export", 1, "-o", "pdf", "--to", "i.pdf").err
    assert "Exported invoice 1 to i.pdf" in said
    data = (hostile.folder / "i.pdf").read_bytes()
    assert hostile.tix("invoice", "export", 1, "-o", "pdf").raw_out == data
    document = pdfium.PdfDocument(data)
    assert len(document) == 1
    text = document[0].get_textpage().get_text_bounded()
    for words in (
        "Invoice 1",
        "Łódź <i>Netze</i> GmbH",
        "Ægir & <b>Søn</b> | Жданов",
        "VAT 19 %",
        "56.82 DKK",
        "47.75",
    ):
        assert words in text, (words, text)
    assert (hostile.folder / "i.pdf").stat().st_mode & 0o777 == 0o600
    hostile.tix("invoice", "export", 1, "-o", "pdf", "--to", "i.pdf", check=5)
    hostile.tix("invoice", "export", 1, "-o", "pdf", "--to", "i.pdf", "--force")
    hostile.tix("invoice", "export", 1, "-o", "pdf", "--to", "nowhere/i.pdf", check=2)
    hostile.tix("invoice", "export", 1, "-o", "docx", check=2)


def test_a_void_pdf_of_many_pages_says_so(office: Shell):
    pdfium = pytest.importorskip("pypdfium2")
    for number in range(60):
        ref = office.tix("new", f"Ticket {number} " + "long " * 30, "-m", "x", "--client", "acme").ref
        office.tix("time", "add", ref, "5m", as_="sam")
    office.tix("invoice", "create", "--client", "acme")
    office.tix("invoice", "void", 1)
    document = pdfium.PdfDocument(office.tix("invoice", "export", 1, "-o", "pdf").raw_out)
    texts = [page.get_textpage().get_text_bounded() for page in document]
    assert len(texts) > 2
    assert "VOID" in texts[0]
    assert f"Invoice 1 · {len(texts)} / {len(texts)}" in texts[-1]
    assert all("Ticket" in text and "Amount" in text for text in texts[:-1])


def test_without_the_extra_a_pdf_is_refused_and_the_rest_is_not(office: Shell):
    """Exit 5 with the way to get it; the library is looked for by nothing else."""
    office.tix("invoice", "create", 1)
    without = (
        "import sys; sys.modules['fpdf'] = None; from tix.cli.main import main; sys.exit(main(sys.argv[1:]))"
    )
    refused = office.run(sys.executable, "-c", without, "invoice", "export", 1, "-o", "pdf", check=5)
    assert "pip install 'tix-desk[pdf]'" in refused.err
    for kind in ("md", "html", "csv"):
        office.run(sys.executable, "-c", without, "invoice", "export", 1, "-o", kind)


def test_a_pdf_is_not_for_a_terminal(office: Shell):
    office.tix("invoice", "create", 1)
    screen = office.terminal("invoice", "export", 1, "-o", "pdf")
    screen.wait(check=2)
    assert "--to invoice-1.pdf" in screen.text


@pytest.mark.parametrize("cols", [60, 80, 120])
def test_on_a_terminal(hostile: Shell, cols: int):
    """Lines, sums, and nothing that a terminal would obey."""
    for words in (("invoice", "show", 1), ("invoice", "list")):
        screen = hostile.terminal(*words, cols=cols, rows=40)
        screen.wait()
        assert max(map(len, screen.screen)) <= cols
        assert "56.82" in screen.text
        assert b"\x1b[31m" not in screen.raw
    said = hostile.terminal("invoice", "void", 1, cols=cols)
    said.wait()
    assert "Voided invoice 1" in said.text
