"""Workflows as TOML, and as the store keeps them: what is written is read back, what is wrong is refused."""

import json
import re
import tomllib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.mutants import sound
from tix.domain.workflows.plain import from_plain, plain
from tix.domain.workflows.shipped import DPHISH, ITFLOW, SHIPPED, STANDARD
from tix.domain.workflows.toml import parse, write
from tix.domain.workflows.validation import COLOURS, TRIGGERS, problems
from tix.domain.workflows.workflow import Status, Transition, Workflow
from tix.errors import InvalidValue

GUIDE = (Path(__file__).parents[2] / "docs" / "workflows.md").read_text(encoding="utf-8")
EVERY = pytest.mark.parametrize("workflow", SHIPPED.values(), ids=list(SHIPPED))

SMALL = """
name = "small"
title = "Small"

[[status]]
name = "to-do"
phase = "open"

[[status]]
name = "done"
phase = "closed"

[[rule]]
on = "close"
from = ["to-do"]
to = "done"

[[rule]]
on = "requester-replied"
from = ["done"]
to = "to-do"
"""
READ = Workflow(
    "small",
    "Small",
    (Status("to-do", "open", "To do"), Status("done", "closed", "Done")),
    (
        Transition("close", ("to-do",), "done"),
        Transition("requester-replied", ("done",), "to-do", "requester"),
    ),
    rated_in=("closed",),
)


def replaced(old: str, new: str) -> str:
    """The small file with something else in it."""
    assert old in SMALL
    return SMALL.replace(old, new, 1)


# ------------------------------------------------------------------------------------------ there and back


@EVERY
def test_what_is_shipped_is_written_and_read_back(workflow):
    """The TOML of each shipped workflow is that workflow."""
    assert workflow == parse(write(workflow))


@given(sound())
def test_what_is_sound_is_written_and_read_back(workflow):
    """Whatever texts, windows, hints and rules it has."""
    assert workflow == parse(write(workflow))


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_any_text_is_written_so_that_it_is_read_back(text):
    """Quotes, backslashes, control characters: also in a title that no check would let through."""
    assert text == parse(write(READ._replace(title=text))).title


@EVERY
def test_what_is_written_explains_itself(workflow):
    """Every key, trigger and colour that there is stands in it, at least in a comment."""
    text = write(workflow)
    keys = "name title auto_close_after rated_in claim_on_reply phase label colour aliases sla final on from to by"
    for word in (*keys.split(), *TRIGGERS, *COLOURS[:6], "bright_", "bright_black", "any-open", "any"):
        assert re.search(rf"(?<![\w-]){word}(?!-)", text), word
    assert max(map(len, text.splitlines())) <= 110


def test_what_is_written_reads_like_the_words_of_the_page():
    """Hours up to a week; the words for many statuses where they fit; nothing that is the default anyway."""
    text = write(STANDARD)
    assert 'auto_close_after = "72h"' in text
    assert 'on = "hold"\nfrom = "any-open"\nto = "on-hold"' in text
    assert 'on = "close"\nfrom = "any"\nto = "closed"\nby = "anyone"' in text
    assert re.search("^(?:final|sla)", write(DPHISH), re.MULTILINE) is None
    assert 'from = ["open"]\nto = "closed"' in write(DPHISH)
    assert 'auto_close_after = "2w"' in write(STANDARD._replace(window_seconds=1_209_600))
    assert 'auto_close_after = "0"' in write(STANDARD._replace(window_seconds=0))
    assert 'from = ["open", "working", "hold", "resolved", "closed"]\nto = "closed"' in write(ITFLOW)


# ------------------------------------------------------------------------------------------------- reading


def test_what_is_left_out_has_its_default():
    """The label is made of the name, `by` of the trigger, rated_in of the phases that there are."""
    assert parse(SMALL) == READ
    assert problems(READ) == []


def test_a_mark_and_other_line_ends_are_read():
    """Editors on Windows write both."""
    assert parse("\ufeff" + SMALL.replace("\n", "\r\n")) == READ


def test_any_is_every_status_that_may_be_left():
    """Nothing leads out of a final status, so `any` has none; `any-open` are those of the phase."""
    assert parse(replaced('["to-do"]', '"any"')).rules[0].sources == ("to-do", "done")
    final = replaced('phase = "closed"', 'phase = "closed"\nfinal = true')
    assert parse(final.replace('["to-do"]', '"any"')).rules[0].sources == ("to-do",)
    assert parse(replaced('["to-do"]', '"any-open"')).rules[0].sources == ("to-do",)
    ahead = '[[rule]]\non = "close"\nfrom = "any-open"\nto = "done"\n'
    there = SMALL.partition("[[rule]]")[0]
    head, statuses = there.partition("[[status]]")[0], there.partition("[[status]]")[2]
    assert parse(f"{head}{ahead}[[status]]{statuses}").rules[0].sources == ("to-do",)


def test_a_status_may_be_called_any():
    """In a list it is a name like any other."""
    text = SMALL.replace("to-do", "any")
    assert parse(text).rules[0].sources == ("any",)


def test_all_keys_are_read():
    """Each with another value than its default."""
    text = """
    name = "all"
    title = "All"
    auto_close_after = "1h30m"
    rated_in = ["resolved"]
    claim_on_reply = true
    status = [
        {name = "a", phase = "open", label = "Ä", colour = "red", aliases = ["b", "c"], sla = "paused"},
        {name = "d", phase = "resolved", sla = "running", final = false},
        {name = "e", phase = "closed", final = true},
    ]
    rule = [{on = "elapsed", from = ["d"], to = "e"}, {on = "close", from = ["a"], to = "e", by = "anyone"}]
    hints = {resolve = "close"}
    """
    expected = Workflow(
        "all",
        "All",
        (
            Status("a", "open", "Ä", "red", ("b", "c"), pauses=True),
            Status("d", "resolved", "D"),
            Status("e", "closed", "E", final=True),
        ),
        (Transition("elapsed", ("d",), "e", "system"), Transition("close", ("a",), "e", "anyone")),
        rated_in=("resolved",),
        window_seconds=5400,
        claims=True,
        hints=(("resolve", "close"),),
    )
    assert expected == parse(text)


REFUSED = {
    "no TOML": (
        'name = "small"\ntitle = Small\n',
        "cannot be read as TOML: Invalid value (at line 2, column 9)",
        "",
    ),
    "nested without end": ("a = " + "[" * 20_000, "the workflow cannot be read as TOML", ""),
    "a number without end": ("a = " + "1" * 5_000, "the workflow cannot be read as TOML", ""),
    "a key twice": (replaced("[[status]]", 'name = "x"\n[[status]]'), "TOML: Cannot overwrite a value", ""),
    "a key of the workflow": (
        'titel = "x"\n' + SMALL,
        "the workflow has no key 'titel'",
        "did you mean title?",
    ),
    "a key of a status": (
        replaced('phase = "closed"', 'fase = "closed"'),
        "[[status]] 2 (done) has no key 'fase'",
        "did you mean phase?",
    ),
    "a key of a rule": (
        replaced("to = ", "two = "),
        "[[rule]] 1 (close) has no key 'two'",
        "did you mean to?",
    ),
    "a key that is like none": (
        replaced('phase = "closed"', "zzz = 1"),
        "[[status]] 2 (done) has no key 'zzz'",
        "name, phase, label, colour, aliases, sla, final",
    ),
    "a key too far down": (
        SMALL + "claim_on_reply = true\n",
        "[[rule]] 2 (requester-replied) has no key 'claim_on_reply'",
        "write it above the first [[status]]",
    ),
    "no name": (replaced('name = "small"', ""), "the workflow has no 'name'", ""),
    "no title": (replaced('title = "Small"', ""), "the workflow has no 'title'", ""),
    "no name of a status": (replaced('name = "to-do"', ""), "[[status]] 1 has no 'name'", ""),
    "no phase": (replaced('phase = "open"', ""), "[[status]] 1 (to-do) has no 'phase'", ""),
    "no trigger": (replaced('on = "close"', ""), "[[rule]] 1 has no 'on'", ""),
    "no sources": (replaced('from = ["to-do"]', ""), "[[rule]] 1 (close) has no 'from'", ""),
    "no target": (replaced('to = "done"', ""), "[[rule]] 1 (close) has no 'to'", ""),
    "another phase": (
        replaced('"closed"', '"CLOSED"'),
        "'phase' of [[status]] 2 (done) cannot be 'CLOSED'",
        "did you mean closed?",
    ),
    "another trigger": (
        replaced('"close"', '"solve"'),
        "'on' of [[rule]] 1 (solve) cannot be 'solve'",
        "did you mean resolve?",
    ),
    "another actor": (
        replaced('to = "done"', 'to = "done"\nby = "admin"'),
        "'by' of [[rule]] 1 (close) cannot be 'admin'",
        "staff, requester, anyone, system",
    ),
    "another clock": (
        replaced('phase = "open"', 'phase = "open"\nsla = "stopped"'),
        "'sla' of [[status]] 1 (to-do) cannot be 'stopped'",
        "use one of running, paused",
    ),
    "rated when open": (
        replaced("title", 'rated_in = ["closed", "open"]\ntitle'),
        "'rated_in' of the workflow cannot be 'open'",
        "use one of resolved, closed",
    ),
    "a hint for no verb": (
        SMALL + '[hints]\nreslove = "close"',
        "[hints] has no key 'reslove'",
        "mean resolve?",
    ),
    "a hint to no verb": (
        SMALL + '[hints]\nresolve = "shut"',
        "'resolve' of [hints] cannot be 'shut'",
        "start, hold, resolve, close, reopen",
    ),
    "a number for a name": (
        replaced('"small"', "5"),
        "'name' of the workflow must be text in quotes",
        "",
    ),
    "a text for a flag": (
        replaced("title", 'claim_on_reply = "true"\ntitle'),
        "'claim_on_reply' of the workflow must be true or false, without quotes",
        "",
    ),
    "a number for a flag": (
        replaced('phase = "closed"', 'phase = "closed"\nfinal = 1'),
        "'final' of [[status]] 2 (done) must be true or false",
        "",
    ),
    "a text for a list": (
        replaced('phase = "open"', 'phase = "open"\naliases = "new"'),
        "'aliases' of [[status]] 1 (to-do) must be a list of quoted texts",
        "",
    ),
    "numbers in a list": (
        replaced('["to-do"]', "[1]"),
        "'from' of [[rule]] 1 (close) must be a list of quoted texts",
        "",
    ),
    "a status without a list": (
        replaced('["to-do"]', '"to-do"'),
        """'from' of [[rule]] 1 (close) must be "any-open", "any", or a list, e.g. ["to-do"]""",
        "",
    ),
    "many in a list": (
        replaced('["to-do"]', '["any-open"]'),
        "'from' of [[rule]] 1 (close) is a list, where 'any-open' would be the name of a status",
        'from = "any-open"',
    ),
    "one bracket": (
        'name = "a"\ntitle = "A"\n[status]\nname = "b"\n',
        "'status' of the workflow must be tables, each under a line [[status]] with two brackets",
        "",
    ),
    "texts for tables": (
        'name = "a"\ntitle = "A"\nrule = ["close"]\n',
        "'rule' of the workflow must be tables",
        "",
    ),
    "two brackets": (
        SMALL + '[[hints]]\nresolve = "close"',
        "'hints' of the workflow must be a table, under a line [hints] with one bracket",
        "",
    ),
    "no duration": (
        replaced("title", 'auto_close_after = "soon"\ntitle'),
        "'auto_close_after' of the workflow: 'soon' is not a duration",
        "write it as 90s",
    ),
    "a bare duration": (
        replaced("title", "auto_close_after = 72\ntitle"),
        "'auto_close_after' of the workflow must be text in quotes",
        "",
    ),
}


@pytest.mark.parametrize("fault", REFUSED)
def test_a_refusal_says_where_and_what_instead(fault):
    """The table, the key and the nearest word; of what is no TOML the line."""
    text, told, hint = REFUSED[fault]
    with pytest.raises(InvalidValue) as refused:
        parse(text)
    assert told in refused.value.message
    assert hint in (refused.value.hint or "")


@given(st.data())
def test_a_damaged_file_is_refused_or_read(data):
    """Whatever is cut out of a file or put into it: a workflow or InvalidValue, and a check that ends."""
    text = data.draw(st.sampled_from([SMALL, write(ITFLOW)]))
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, min(len(text), start + 40)))
    put = data.draw(
        st.sampled_from(["", "\n", "[", '"', "[[rule]]\n", "= 1\n", "a.b = {}\n", "1979-05-27", "\0"])
    )
    try:
        workflow = parse(text[:start] + put + text[end:])
    except InvalidValue:
        return
    assert all(isinstance(sentence, str) for sentence in problems(workflow))


# --------------------------------------------------------------------------------------------------- the guide


def test_the_example_of_the_guide_is_sound():
    """And it is what `show --toml` would write of it, but for the comments and defaults."""
    (example,) = re.findall(r"^```toml\n(.*?)^```$", GUIDE, re.DOTALL | re.MULTILINE)
    workflow = parse(example)
    assert problems(workflow) == []
    assert parse(write(workflow)) == workflow
    assert workflow.name == "repairs"
    assert workflow.name not in SHIPPED


def test_the_guide_names_every_key():
    """A key nobody is told about is not there."""
    keys = set(re.findall(r"^\| `(\w+)` \|", GUIDE, re.MULTILINE))
    written = tomllib.loads(write(ITFLOW._replace(hints=(("resolve", "close"),))))
    tables = [written, *written["status"], *written["rule"]]
    assert {key for table in tables for key in table} - keys == {"status", "rule", "hints"}


def test_the_guide_moves_standard_tickets_with_the_mapping_it_says():
    """On a desk of `standard` only `answered` has no place in the example."""
    (example,) = re.findall(r"^```toml\n(.*?)^```$", GUIDE, re.DOTALL | re.MULTILINE)
    words = {word for status in parse(example).statuses for word in (status.name, *status.aliases)}
    assert [status.name for status in STANDARD.statuses if status.name not in words] == ["answered"]


# ------------------------------------------------------------------------------------------ in the store


@EVERY
def test_what_is_shipped_is_kept_as_json(workflow):
    """The plain values of each shipped workflow are that workflow, through JSON."""
    assert workflow == from_plain(json.loads(json.dumps(plain(workflow))))


@given(sound())
def test_what_is_sound_is_kept_as_json(workflow):
    """Whatever it holds."""
    assert workflow == from_plain(json.loads(json.dumps(plain(workflow))))


def test_the_kept_form_stays_what_it_is():
    """Stores hold it: a key may come, none may go or change its meaning."""
    expected = {
        "name": "dphish",
        "title": "Only open and closed",
        "statuses": [
            {
                "name": "open", "phase": "open", "label": "Open", "colour": "green", "aliases": [],
                "pauses": False, "final": False,
            },
            {
                "name": "closed", "phase": "closed", "label": "Closed", "colour": "bright_black", "aliases": [],
                "pauses": False, "final": False,
            },
        ],
        "rules": [
            {"on": "requester-replied", "from": ["closed"], "to": "open", "by": "requester"},
            {"on": "close", "from": ["open"], "to": "closed", "by": "anyone"},
            {"on": "reopen", "from": ["closed"], "to": "open", "by": "staff"},
        ],
        "rated_in": ["closed"],
        "window_seconds": 259_200,
        "claims": False,
        "hints": {"resolve": "close"},
    }  # fmt: skip
    assert expected == plain(DPHISH)


@pytest.mark.parametrize("key", plain(DPHISH))
def test_a_kept_form_that_lacks_something_is_refused(key):
    """Not guessed: what is missing was there when it was stored."""
    kept = plain(DPHISH)
    del kept[key]
    with pytest.raises(InvalidValue):
        from_plain(kept)


@pytest.mark.parametrize(
    "kept", [[], None, {**plain(DPHISH), "statuses": [[]]}, {**plain(DPHISH), "rules": None}]
)
def test_another_shape_is_refused(kept):
    """A list for a dict, nothing for a list."""
    with pytest.raises(InvalidValue):
        from_plain(kept)
