"""``tix edit ID --editor``: the fields of a ticket as a form, and what becomes of what was changed in it."""

from pathlib import Path

import pytest

from tests.harness import Shell


@pytest.fixture
def desk(peopled: Shell):
    peopled.tix("topic", "add", "Hardware")
    peopled.tix("topic", "field", "add", "Hardware", "serial", "--label", "Serial number")
    peopled.tix("new", "Printer jams", "-m", "It smokes.", "--for", "lan", "-p", "high", "--tag", "vip,old",
                "--topic", "Hardware", "--field", "serial=A17")  # fmt: skip
    return peopled


def editor(desk: Shell, *edits: str, note: str = "") -> Path:
    """An editor that applies edits of sed, and writes a note below the fields. Keeps what it was shown in `seen`."""
    path, text = desk.folder / "editor", desk.folder / "note"
    text.write_text(note)
    sed = " ".join(f"-e '{one}'" for one in edits) or "-e ''"
    path.write_text(
        f'#!/bin/sh\ncp "$1" "{desk.folder}/seen"\n'
        f"sed {sed} \"$1\" | awk -v note='{text}' '{{print}} /^---$/ && ++n == 2 {{while ((getline l < note) > 0) print l}}' > \"$1.new\"\n"
        'mv "$1.new" "$1"\n'
    )
    path.chmod(0o755)
    desk.env["TIX_EDITOR"] = str(path)
    return path


def test_the_form_has_the_fields_and_the_thread_below(desk: Shell):
    editor(desk)
    assert desk.tix("edit", 1, "--editor", "--json").json["effect"] == "unchanged"
    above, below = (desk.folder / "seen").read_text().split("# ------------------------ >8")
    assert above.startswith("---\nversion: 1\nsubject: Printer jams\nstatus: open\npriority: high\n")
    assert "requester: lan\n" in above
    assert "tags: old, vip\nassets:\nfield.serial: A17\n---\n" in above
    assert "It smokes." in below


def test_what_is_changed_is_edited_and_nothing_else(desk: Shell):
    editor(
        desk,
        "s/^subject: .*/subject: Printer: jams again/",
        "s/^priority: .*/priority: urgent/",
        "s/^category:/category: paper/",
        "s/^due_at:/due_at: 2026-12-24/",
        "s/^tags: .*/tags: vip, new/",
        "s/A17/B18/",
        note="Seen on site.\n---\nTwice.\n",
    )
    done = desk.tix("edit", 1, "-e", "--json", as_="sam").json
    assert {one["field"] for one in done["changes"]} == set(
        "subject priority category due_at tags field.serial thread".split()
    )
    assert (done["subject"], done["priority"], done["category"]) == ("Printer: jams again", "urgent", "paper")
    assert done["due_at"].startswith("2026-12-24")
    assert (done["tags"], done["fields"]) == (["new", "vip"], {"serial": "B18"})
    assert done["thread"][-1]["body"] == "Seen on site.\n---\nTwice."
    assert (done["requester"], done["status"]) == ("lan", "open")
    editor(desk, "s/^category: .*/category:/", "s/^field.serial: .*/field.serial:/", "s/^tags: .*/tags:/")
    cleared = desk.tix("edit", 1, "-e", "--json").json
    assert (cleared["category"], cleared["tags"], cleared["fields"]) == (None, [], {})


@pytest.mark.parametrize(
    ("edit", "said"),
    [
        ("s/^priority: .*/priority: hihg/", "'hihg' is not a priority"),
        ("s/^subject: .*/subject:/", "subject is empty in the form"),
        ("s/^subject/subjekt/", "'subjekt' is not a field of the form"),
        ("s/^subject: .*/no colon/", "'no colon' in the form is not NAME: VALUE"),
        ("s/^status: .*/subject: twice/", "subject is in the form twice"),
        ("s/^---$//", "the form does not begin with ---"),
        ("s/^due_at:.*/due_at: someday/", "'someday' is not a date or time"),
    ],
)
def test_what_cannot_be_taken_is_a_draft_that_goes_on(desk: Shell, edit: str, said: str):
    """The desk is as it was; the form is saved, and sent again once it is right."""
    before = desk.tix("show", 1).out
    editor(desk, edit)
    refused = desk.tix("edit", 1, "-e", check=2).err
    assert said in refused
    assert "your text is saved" in refused
    assert desk.tix("show", 1).out == before
    assert desk.tix("draft", "list", "--json").json[0]["command"][-2:] == ["edit", "1"]


def test_a_form_is_sent_from_a_file_and_only_to_what_it_was_made_of(desk: Shell):
    editor(desk, "s/^priority: .*/priority: hihg/")
    desk.tix("edit", 1, "-e", check=2)
    (draft,) = (desk.home / ".local/state/tix/drafts").glob("*.txt")
    draft.write_text(draft.read_text().replace("hihg", "low"))
    desk.tix("draft", "send")
    assert desk.tix("show", 1, "--json").json["priority"] == "low"
    form = desk.folder / "form"
    form.write_text("---\nversion: 1\npriority: high\n---\n")
    assert desk.tix("edit", 1, "-F", form, "--json", check=5).error["code"] == "stale-version"
    form.write_text("---\npriority: high\n---\n")
    assert desk.tix("edit", 1, "-F", form, "--json").json["priority"] == "high"


def test_one_ticket_and_no_other_options(desk: Shell):
    desk.tix("new", "Screen", "-m", "dark")
    assert "edit one ticket" in desk.tix("edit", "1,2", "-e", check=2).err
    assert "leave out the other options" in desk.tix("edit", 1, "-e", "-p", "low", check=2).err
    editor(desk)
    desk.tix("edit", 1, "-e", as_="lan", check=4)
    assert not (desk.folder / "seen").exists()
