"""The traps that other help desks and mail libraries fell into, and of each the tests that show that this one does not.

Docstrings elsewhere in the tests of mail name a trap by its number here.
"""

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

from tests.cli.test_mail import bodies, mail, outbox, outcome, secret, take, thread, token
from tests.harness import Shell
from tix.domain.mail import message_id

TESTS = Path(__file__).parents[1]


class Trap(NamedTuple):
    """What went wrong and where it was reported; ``held`` names tests as ``file: test``."""

    symptom: str
    reported: str
    held: tuple[str, ...]


TRAPS = {
    1: Trap(
        "long ids in In-Reply-To and References become encoded words, and Outlook drops the header",
        "python/cpython#100991",
        ("mail/test_compose: test_a_long_id_is_never_an_encoded_word",
         "mail/test_compose_law: test_references_are_raw_and_bounded",
         "mail/test_message_id: test_an_ordinary_id_has_room_for_the_longest_domain"),
    ),
    2: Trap(
        "the modern policy of the standard library raises on damaged headers",
        "python/cpython#151857, #148518",
        ("mail/test_message: test_addresses", "mail/test_message: test_any_bytes_are_a_message_or_unreadable"),
    ),
    3: Trap(
        "a header that cannot be built fails while the mail is sent",
        "python/cpython#83281",
        ("mail/test_compose: test_bytes_that_say_something_else_are_refused",
         "mail/test_compose_law: test_the_bytes_say_what_was_meant"),
    ),
    4: Trap(
        "imaplib allocates what the server announces",
        "python/cpython#119511",
        ("mail/test_imap_hostile: test_a_message_that_breaks_the_dialogue_is_one_failure",
         "mail/test_imap_hostile: test_memory_is_bounded_by_the_limit"),
    ),
    5: Trap(
        "an extra line behind a literal, or another message's body, is taken for the answer",
        "python/cpython#88574",
        ("mail/test_imap_hostile: test_a_message_that_breaks_the_dialogue_is_one_failure",
         "mail/test_imap_hostile: test_a_refusal_is_one_failure_on_a_connection_that_lives"),
    ),
    6: Trap(
        "a parsed mail that is written again differs, which breaks its signature",
        "python/cpython#114362",
        ("mail/test_imap: test_raw_bytes_are_those_the_server_has",
         "mail/test_maildir: test_bytes_are_those_of_the_file",
         "cli/test_mail: test_the_mail_of_an_entry_is_printed_byte_for_byte"),
    ),
    7: Trap(
        "a sender uses an id again, and the second mail is lost in silence",
        "freescout-help-desk/freescout#5591",
        ("mail/test_traps: test_an_id_that_is_used_again_loses_nothing",),
    ),
    8: Trap(
        "mails without an id are skipped, fetched for ever, or stop the run",
        "freescout#311, #4740, #691",
        ("mail/test_traps: test_mails_without_an_id_are_taken_once",
         "mail/test_mailbox: test_one_bad_message_never_stops_the_rest"),
    ),
    9: Trap(
        "one mail to two addresses of the desk makes two tickets, or its second copy is fetched for ever",
        "freescout#4748, #480",
        ("mail/test_traps: test_a_mail_to_two_addresses_of_the_desk_is_one_ticket",),
    ),
    10: Trap(
        "two runs at the same time make a ticket without text",
        "freescout#3186",
        ("mail/test_fetch: test_two_runs_at_once", "mail/test_fetch: test_a_killed_run_takes_each_mail_once"),
    ),
    11: Trap(
        "a timeout behind the final dot is repeated again and again",
        "freescout#5457",
        ("mail/test_smtp: test_a_break_at_the_dot_is_uncertain",
         "mail/test_delivery: test_an_uncertain_mail_is_repeated_three_times_after_fifteen_minutes"),
    ),
    12: Trap(
        "a delivery report opens a ticket, which notifies, which bounces",
        "freescout#4250, #634, #3156",
        ("mail/test_traps: test_a_delivery_report_is_an_event_and_mails_nobody",
         "stories/test_004_itflow: test_robots_make_no_loop"),
    ),
    13: Trap(
        "two ticket systems acknowledge each other, each time with a new subject",
        "freescout#2445, #3670",
        ("mail/test_loops: test_tix_and_a_desk_that_marks_nothing_and_strips_references",
         "mail/test_loops: test_the_same_without_caps_does_not_stop"),
    ),
    14: Trap(
        "an agent's out-of-office answer sets the status, and its text goes to the customer",
        "freescout#4598, #2488",
        ("mail/test_traps: test_automatic_mail_touches_no_field",
         "mail/test_compose: test_automatic_mail_says_so"),
    ),
    15: Trap(
        "Precedence: list is not known as a list's",
        "freescout#4363",
        ("mail/test_automatic: test_a_header_is_a_sign", "mail/test_loops: test_a_robot_that_answers_everything"),
    ),
    16: Trap(
        "whoever writes a number into the subject lands in somebody else's ticket",
        "zammad/zammad#5064",
        ("mail/test_traps: test_a_number_in_the_subject_gives_no_access", "mail/test_intake: test_a_case"),
    ),
    17: Trap(
        "ServiceNow and Jira drop all references",
        "zammad#3022, #3695",
        ("mail/test_message_id: test_a_tag_in_brackets_is_found",),
    ),
    18: Trap(
        "mail in odd charsets ends as files in a folder at which nobody looks",
        "zammad#795, #2176, #2200, #4132",
        ("mail/test_message: test_decoding_never_fails", "cli/test_mail: test_the_quarantine_is_listed"),
    ),
    19: Trap(
        "an invalid From or Cc refuses the whole mail",
        "zammad#3303, #2746",
        ("mail/test_message: test_a_bad_address_does_not_refuse_the_message",
         "mail/test_compose_law: test_what_is_no_address_is_refused_in_words"),
    ),
    20: Trap(
        "an out-of-office answer reopens, unassigns or closes the ticket",
        "zammad#5113, #6187; Znuny#138",
        ("mail/test_traps: test_automatic_mail_touches_no_field",),
    ),
    21: Trap(
        "winmail.dat hides text and files",
        "zammad#2403; ikvk/imap_tools#195",
        ("mail/test_message: test_winmail_dat_is_kept_and_flagged",),
    ),
    22: Trap(
        "an encrypted mail has its tag inside only",
        "zammad#5170",
        ("mail/test_message: test_an_encrypted_message_is_recognised_and_its_headers_are_read",),
    ),
    23: Trap(
        "X-Auto-Response-Suppress is read as a robot's, so people on Exchange are not heard",
        "osTicket/osTicket#5320, #726; discourse/discourse#21367",
        ("mail/test_traps: test_people_whose_server_wants_no_automatic_answer_are_heard",),
    ),
    24: Trap(
        "ServiceNow sends what people write with Auto-Submitted, so closed tickets stay closed",
        "osTicket#6380",
        ("mail/test_traps: test_people_who_write_through_a_program_are_heard",
         "mail/test_automatic: test_the_exception_for_people_who_write_through_a_program"),
    ),
    25: Trap(
        "an alert of the desk comes back in and is posted",
        "osTicket/osTicket-1.7#714",
        ("mail/test_traps: test_the_desk_s_own_mail_comes_back",
         "mail/test_automatic: test_what_this_desk_sent_is_a_loop"),
    ),
    26: Trap(
        "a reply to one's own first mail opens a new ticket",
        "osTicket#1544, #1426",
        ("cli/test_mail: test_an_answer_to_an_earlier_mail_joins_its_ticket",),
    ),
    27: Trap(
        "a mail that is attached to a mail is merged into its text, or lost",
        "osTicket#3029",
        ("mail/test_message: test_a_forwarded_message_is_an_attachment_as_it_came",
         "mail/test_compose: test_a_file_has_a_type_that_may_be_base64"),
    ),
    28: Trap(
        "an out-of-office answer clears the agent who closed the ticket",
        "osTicket#2181",
        ("mail/test_traps: test_automatic_mail_touches_no_field",),
    ),
    29: Trap(
        "a desk's own automatic mail lacks Auto-Submitted, so robots answer it",
        "bestpractical/rt#345",
        ("mail/test_compose: test_automatic_mail_says_so",),
    ),
    30: Trap(
        "a relay replaces the Message-ID, and replies go to the wrong place",
        "discourse#4938",
        ("mail/test_message_id: test_a_thread_keeps_its_shape_by_the_id_of_the_thread",
         "mail/test_smtp: test_the_relays_own_id_is_kept"),
    ),
    31: Trap(
        "several ids in In-Reply-To stop the reader",
        "discourse#29912; chatwoot/chatwoot#7793",
        ("mail/test_message: test_all_answered_ids_are_read_newest_first",),
    ),
    32: Trap(
        "Latin-1 takes any bytes, so UTF-8 becomes letters without sense",
        "discourse#4846",
        ("mail/test_message: test_text_is_decoded_as_it_was_meant",),
    ),
    33: Trap(
        "an attribution that is wrapped before the address is not recognised",
        "discourse/email_reply_trimmer#8",
        ("mail/test_quoting: test_an_attribution_has_up_to_three_lines",),
    ),
    34: Trap(
        "an empty In-Reply-To matches rows without an id",
        "chatwoot#7286",
        ("mail/test_message: test_an_empty_id_is_none", "mail/test_message_id: test_any_other_id_names_nothing"),
    ),
    35: Trap(
        "a mail with the ticket's address in Cc is thrown away",
        "chatwoot#15365",
        ("mail/test_message: test_addresses_are_found_wherever_the_message_was_delivered",
            "mail/test_traps: test_a_ticket_s_own_address_counts_in_every_header",),
    ),
    36: Trap(
        "a reply under a new subject is filed under the old one, and nobody sees the new one",
        "chatwoot#15869",
        ("mail/test_traps: test_a_reply_under_a_new_subject_shows_it",),
    ),
    37: Trap(
        "an endless exchange with a noreply address",
        "chatwoot#5131",
        ("mail/test_traps: test_an_address_that_nobody_reads_gets_no_answer",
         "mail/test_loops: test_a_robot_that_writes_by_itself_is_answered_ten_times_a_day"),
    ),
    38: Trap(
        "new text inside a quote is cut away",
        "mailgun/talon#149; stephenreid321/lumen#17",
        ("mail/test_quoting: test_an_answer_between_unquoted_lines_is_shown",
         "mail/test_quoting_forms: test_no_form_loses_new_text"),
    ),
    39: Trap(
        "the provider does not deliver plus-addresses, and replies are lost",
        "sameersbn/docker-gitlab#670",
        ("mail/test_traps: test_plus_addresses_are_off_until_one_has_arrived",
         "mail/test_fetch: test_mail_is_set_up_by_questions"),
    ),
    40: Trap(
        "with wrong settings a daemon loops at full load",
        "sameersbn/docker-gitlab#571",
        ("mail/test_fetch: test_wrong_words_are_refused",
         "mail/test_imap_hostile: test_a_message_that_breaks_the_dialogue_is_one_failure"),
    ),
    41: Trap(
        "moving by COPY and EXPUNGE removes what others have marked as deleted",
        "thunderbird/thunderbird-android#7366; modoboa/modoboa#4184",
        ("mail/test_imap: test_what_others_marked_as_deleted_is_not_expunged",
         "mail/test_imap_hostile: test_the_commands_that_are_never_sent"),
    ),
    42: Trap(
        "a program that encrypts removes In-Reply-To",
        "autocrypt/memoryhole#10",
        ("cli/test_mail: test_a_ticket_s_own_address",
         "mail/test_message: test_an_encrypted_message_is_recognised_and_its_headers_are_read"),
    ),
    43: Trap(
        "flowed text is claimed wrongly, and lines are joined",
        "thunderbird/thunderbird-android#2302; floatpane/matcha#1114",
        ("mail/test_compose: test_umlauts_are_quoted_printable_and_never_flowed",
         "mail/test_message: test_flowed_text_is_joined_within_its_quote_depth"),
    ),
    44: Trap(
        "a command with thousands of numbers is refused as too long",
        "ikvk/imap_tools#253, #268; paperless-ngx/paperless-ngx#7799",
        ("mail/test_mailbox: test_marks_are_made_in_batches",),
    ),
    45: Trap(
        "mails with defects are left out in silence",
        "jonaswinkler/paperless-ng#404",
        ("mail/test_message: test_any_bytes_are_a_message_or_unreadable",
         "mail/test_fetch: test_every_message_of_the_corpora_is_kept"),
    ),
    46: Trap(
        "a number is used again after a deletion, and the mail counts as known",
        "paperless-ngx#8939",
        ("mail/test_mailbox: test_the_key_has_the_validity",
         "mail/test_imap: test_after_a_renumbering_each_message_is_stored_once"),
    ),
    47: Trap(
        "what is ignored is never marked, and fetched again for ever",
        "paperless-ngx#13175",
        ("mail/test_mailbox: test_every_outcome_is_marked_but_left",),
    ),
    48: Trap(
        "UID EXPUNGE is taken for granted",
        "domainaware/parsedmarc#302",
        ("mail/test_imap_hostile: test_the_commands_that_are_never_sent",
         "mail/test_imap_hostile: test_without_move_messages_are_flagged_never_copied_and_expunged"),
    ),
    49: Trap(
        "an error at QUIT makes the caller send again",
        "pallets-eco/flask-mail#139",
        ("mail/test_smtp: test_an_error_at_quit_changes_nothing",),
    ),
    50: Trap(
        "a mail that may have been sent is sent again for days",
        "hardware/mailserver#195",
        ("mail/test_delivery: test_an_uncertain_mail_is_repeated_three_times_after_fifteen_minutes",),
    ),
    51: Trap(
        "the first Authentication-Results is trusted; a decline is sent before robots are recognised",
        "jbostoen/itop-jb-mail-to-ticket-automation-v2#262, #268",
        ("mail/test_authentication: test_only_the_topmost_header_of_our_server_counts",
         "mail/test_loops: test_a_robot_behind_a_ticket_that_is_closed_for_good"),
    ),
    52: Trap(
        "an id with square brackets stops the reader",
        "ehaupt/cleanup-maildir#7",
        ("mail/test_message: test_ids", "mail/test_compose: test_an_odd_id_is_sent_as_it_is"),
    ),
    53: Trap(
        "list software rewrites From, and the ticket is a wrong customer's",
        "fiedl/wingolfsplattform#125; php/infrastructure#34",
        ("mail/test_message: test_of_a_list_that_rewrites_the_sender_the_headers_remain",),
    ),
}  # fmt: skip


def _tests(path: Path) -> set[str]:
    return {node.name for node in ast.walk(ast.parse(path.read_text())) if isinstance(node, ast.FunctionDef)}


@pytest.mark.parametrize("number", TRAPS)
def test_each_trap_is_held_by_a_test(number):
    """The tests that the table names are there."""
    for one in TRAPS[number].held:
        file, _, name = one.partition(": ")
        assert name.startswith("test_")
        assert name in _tests(TESTS / f"{file}.py")


def test_every_number_in_a_docstring_is_in_the_table():
    assert list(TRAPS) == list(range(1, len(TRAPS) + 1))
    for path in (TESTS / "mail").glob("test_*.py"):
        for words in re.findall(r"[Tt]raps? (\d[\d, and]*)", path.read_text()):
            assert {int(number) for number in re.findall(r"\d+", words)} <= set(TRAPS), path


# --------------------------------------------------------------- the traps that no test of a single rule holds


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Shell]:
    """Two agents, two requesters, and a desk that confirms new tickets by mail."""
    shell = Shell(tmp_path)
    shell.now = "2026-11-20T09:00:00Z"
    shell.tix("init")
    shell.people("sam:agent", "kim:agent", "lan:requester", "ana:requester")
    shell.tix("config", "set", "mail.from_address", "help@desk.example")
    shell.tix("config", "set", "mail.addresses", "it@desk.example")
    shell.tix("config", "set", "notify.requester_created", "true")
    yield shell
    shell.close()


def subjects(shell: Shell) -> list[str]:
    return [one["subject"] for one in shell.tix("list", "--all", "--sort", "number", "--json").json]


def test_an_id_that_is_used_again_loses_nothing(office: Shell):
    """Trap 7: a device that gives every mail the same id, and another sender who has it by chance."""
    take(office, mail("ana@x.example", "Scan 1", "one", "Message-ID: <scan@x.example>"))
    assert (
        take(office, mail("ana@x.example", "Scan 2", "two", "Message-ID: <scan@x.example>"))["outcome"]
        == "created"
    )
    assert (
        take(office, mail("lan@x.example", "Scan 1", "one", "Message-ID: <scan@x.example>"))["outcome"]
        == "created"
    )
    again = mail(
        "ana@x.example", "Scan 2", "two", "Message-ID: <scan@x.example>", "Received: from another route"
    )
    assert take(office, again)["outcome"] == "duplicate"
    assert subjects(office) == ["Scan 1", "Scan 2", "Scan 1"]


@pytest.mark.parametrize("id", [(), ("Message-ID:",), ("Message-ID: <>",)])
def test_mails_without_an_id_are_taken_once(office: Shell, id: tuple[str, ...]):
    """Trap 8: by their bytes; an empty id does not make two mails one."""
    for subject in ("One", "Two", "One", "Two"):
        take(office, mail("ana@x.example", subject, subject, *id))
    assert subjects(office) == ["One", "Two"]


def test_a_mail_to_two_addresses_of_the_desk_is_one_ticket(office: Shell):
    """Trap 9: its two copies differ by where they were delivered; both are kept."""
    for to in ("help@desk.example", "it@desk.example"):
        copy = mail("ana@x.example", "Both", "x", "Message-ID: <both@x.example>", "Cc: it@desk.example")
        office.tix("mail", "in", stdin=f"Delivered-To: {to}\n".encode() + copy)
    assert subjects(office) == ["Both"]
    assert office.tix("mail", "status", "--json").json["received"]["created"] == 1


def test_a_delivery_report_is_an_event_and_mails_nobody(office: Shell):
    """Trap 12: not even the agent who holds the ticket, whose own address may be the one that bounces."""
    office.tix("new", "Printer", "-m", "x", "--for", "ana", "-a", "sam", "--no-notify", as_="kim")
    before = outbox(office)
    report = mail(
        "MAILER-DAEMON@mx.x.example", "Undelivered Mail", "No such user.", "Return-Path: <>", token(office)
    )
    assert outcome(office, report) == ("recorded", "TIX-1")
    stray = mail("MAILER-DAEMON@mx.x.example", "Undelivered Mail", "No such user, either.", "Return-Path: <>")
    assert outcome(office, stray) == ("quarantined", None)
    assert (subjects(office), outbox(office)) == (["Printer"], before)
    assert office.tix("notification", "--json", as_="sam").json == []
    assert bodies(office, as_="ana") == ["x"]


@pytest.mark.parametrize("sender", ["sam@x.example", "ana@x.example"])
@pytest.mark.parametrize("status", ["resolve", "hold", "close"])
@pytest.mark.parametrize(
    "sign", [("Out of office",), ("Re: [TIX-1] Printer", "Auto-Submitted: auto-replied"), ("Out of office", "Precedence: bulk")]
)  # fmt: skip
def test_automatic_mail_touches_no_field(office: Shell, sender: str, status: str, sign: tuple[str, ...]):
    """Traps 14, 20 and 28: an agent's or a requester's; nobody outside reads it, nobody gets mail."""
    office.tix("new", "Printer", "-m", "x", "--for", "ana", "-a", "sam", "--priority", "high", as_="kim")
    office.tix("edit", 1, "--due", "2026-12-24", as_="sam")
    office.tix(status, 1, as_="sam")

    def fields() -> dict[str, object]:
        shown = office.tix("show", 1, "--json").json
        return {
            name: value for name, value in shown.items() if name not in ("thread", "version", "updated_at")
        }

    before, queued = fields(), outbox(office)
    subject, *head = sign
    assert outcome(office, mail(sender, subject, "I am AWAY.", *head, token(office))) == ("recorded", "TIX-1")
    assert (fields(), outbox(office)) == (before, queued)
    assert "AWAY" not in office.tix("show", 1, "--json", as_="ana").out


def test_a_number_in_the_subject_gives_no_access(office: Shell):
    """Trap 16: a known person gets a ticket of their own, a stranger a note that staff alone read."""
    office.tix("new", "Salary", "-m", "x", "--for", "ana", as_="sam")
    assert outcome(office, mail("lan@x.example", "Re: [TIX-1] Salary", "Mine?")) == ("created", "TIX-2")
    assert outcome(office, mail("bob@elsewhere.example", "Re: [TIX-1] Salary", "Tell me."))[0] == "mentioned"
    assert bodies(office, as_="ana") == ["x"]


def test_people_whose_server_wants_no_automatic_answer_are_heard(office: Shell):
    """Trap 23: Exchange adds the header to what people write. They open and reopen tickets; no program answers them."""
    suppress = "X-Auto-Response-Suppress: DR, OOF, AutoReply"
    assert outcome(office, mail("ana@x.example", "Printer", "x", suppress)) == ("created", "TIX-1")
    assert outbox(office) == []
    office.tix("resolve", 1, as_="sam")
    assert outcome(office, mail("ana@x.example", "Re: [TIX-1] Printer", "No.", suppress)) == (
        "appended",
        "TIX-1",
    )
    assert office.tix("show", 1, "--json").json["status"] == "open"


def test_people_who_write_through_a_program_are_heard(office: Shell):
    """Trap 24: where the desk names them."""
    marked = ("Re: [TIX-1] Printer", "No.", "Auto-Submitted: auto-generated")
    office.tix("new", "Printer", "-m", "x", "--for", "ana", as_="sam")
    office.tix("resolve", 1, as_="sam")
    assert outcome(office, mail("ana@x.example", *marked)) == ("recorded", "TIX-1")
    office.tix("config", "set", "mail.human_senders", "ana@x.example")
    assert outcome(office, mail("ana@x.example", marked[0], "No!", marked[2])) == ("appended", "TIX-1")
    assert office.tix("show", 1, "--json").json["status"] == "open"


def test_the_desk_s_own_mail_comes_back(office: Shell):
    """Trap 25: from any of its addresses, with or without its mark."""
    office.tix("new", "Printer", "-m", "x", "--for", "ana", as_="sam")
    before = (len(thread(office)), outbox(office))
    for sender in ("help@desk.example", "IT@desk.example"):
        assert outcome(office, mail(sender, "Re: [TIX-1] Printer", f"Alert {sender}"))[0] == "ignored"
    assert ((len(thread(office)), outbox(office)), subjects(office)) == (before, ["Printer"])


@pytest.mark.parametrize("name", ["Cc", "Delivered-To", "X-Original-To"])
def test_a_ticket_s_own_address_counts_in_every_header(office: Shell, name: str):
    """Trap 35: with a subject and a recipient that say nothing of the ticket."""
    office.tix("new", "Printer", "-m", "x", "--for", "ana", as_="sam")
    address = message_id.plus_address(secret(office), "help@desk.example", 1)
    assert outcome(office, mail("ana@x.example", "Something", "More.", f"{name}: {address}")) == (
        "appended",
        "TIX-1",
    )


def test_a_reply_under_a_new_subject_shows_it(office: Shell):
    """Trap 36: it joins the ticket it answers, and its subject is the first line."""
    office.tix("new", "Printer", "-m", "x", "--for", "ana", as_="sam")
    assert outcome(office, mail("ana@x.example", "And the scanner", "It hums.", token(office))) == (
        "appended",
        "TIX-1",
    )
    assert (
        outcome(office, mail("ana@x.example", "Re: [TIX-1] Printer", "It smokes.", token(office)))[0]
        == "appended"
    )
    assert bodies(office)[1:] == ["Subject: And the scanner\n\nIt hums.", "It smokes."]


@pytest.mark.parametrize(
    "sender", ["noreply@x.example", "shop-noreply@x.example", "bounces+1@x.example", "news-owner@x.example"]
)
def test_an_address_that_nobody_reads_gets_no_answer(office: Shell, sender: str):
    """Trap 37: whoever else writes does."""
    office.tix("config", "set", "mail.unknown_senders", "accept")
    assert outcome(office, mail("ana@x.example", "Order", "x")) == ("created", "TIX-1")
    assert outbox(office) == [("queued", "created", "ana@x.example")]
    assert outcome(office, mail(sender, "Your order", "x")) == ("created", "TIX-2")
    assert [to for _, _, to in outbox(office)] == ["ana@x.example"]


def test_plus_addresses_are_off_until_one_has_arrived(office: Shell):
    """Trap 39: only ``mail setup``, which has seen a test mail arrive, or an admin by hand turns them on."""
    assert office.tix("config", "get", "mail.plus_address").out.strip() == "false"
