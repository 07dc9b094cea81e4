"""HTML as plain text: what people see, in order; quotes, links, tables; and HTML that is made to hurt."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tix.importers.markup.html import links, text


@pytest.mark.parametrize(
    ("html", "shown"),
    [
        ("", ""),
        ("just text", "just text"),
        ("<p>one</p><p>two</p>", "one\ntwo"),
        ("one<br>two<br><br>three", "one\ntwo\n\nthree"),
        ("<div>one</div><div><br></div><div>two</div>", "one\n\ntwo"),
        ("<p>one</p><p>&nbsp;</p><p>two</p>", "one\n\ntwo"),
        ("a  \n b\t<b>c</b>&nbsp;d", "a b c d"),
        ("<h1>Title</h1>text", "Title\ntext"),
        ("<ul><li>a<li>b</ul><ol><li>a<li>b<ol><li>c</ol></ol>", "- a\n- b\n1. a\n2. b\n1. c"),
        ("<pre>a\n  b\n\n c</pre>", "a\n  b\n\n c"),
        ("a<hr>b", "a\n-----\nb"),
        ("<img alt='A picture'><img>", "[A picture]"),
        ("&lt;p&gt; &amp;amp; &#x1F600; &nosuch;", "<p> &amp; 😀 &nosuch;"),
        ("<!-- no --><!DOCTYPE html><?xml no?>yes", "yes"),
        ("<![if !mso]>yes<![endif]><!--[if mso]>no<![endif]-->", "yes"),
        ("<frameset><noframes>no</noframes></frameset>", ""),
    ],
)
def test_what_people_see(html, shown):
    assert text(html) == shown


def test_what_nobody_reads_is_left_out():
    """Rule d: the text of these elements is not for people."""
    for tag in ("style", "script", "title", "template", "svg"):
        assert text(f"<p>a</p><{tag}>no</{tag}><p>b</p>") == "a\nb"
    assert text("<html><head><meta><title>no</title></head><body>yes") == "yes"


def test_hidden_text_is_shown():
    """Rule d: showing it is safer than hiding it."""
    assert text("<p style='display:none'>one</p><p style='font-size:0'>two</p>") == "one\ntwo"


@pytest.mark.parametrize(
    ("html", "shown"),
    [
        ("a<blockquote>b<blockquote>c</blockquote>d</blockquote>e", "a\n> b\n> > c\n> d\ne"),
        ("<blockquote><p>a</p><br><p>b</p></blockquote>", "> a\n>\n> b"),
        ("On Monday Ann wrote:<br><blockquote type=cite>a</blockquote>", "On Monday Ann wrote:\n> a"),
    ],
)
def test_a_quote_is_marked_on_every_line(html, shown):
    assert text(html) == shown


@pytest.mark.parametrize(
    ("html", "shown"),
    [
        ("<a href='https://x.example/a?b&amp;c'>here</a>.", "here (https://x.example/a?b&c)."),
        ("<a href='https://x.example/'>https://x.example</a>", "https://x.example"),
        ("<a href='https://x.example/'>x.example</a>", "x.example"),
        (
            "<a href='http://x.example.evil.example'>x.example</a>",
            "x.example (http://x.example.evil.example)",
        ),
        ("<a href='http://x.example'>https://x.example</a>", "https://x.example (http://x.example)"),
        # Rule c, and the other address that a phishing message hides.
        ("<a href='mailto:A@x.example?subject=s'>a@x.example</a>", "a@x.example"),
        ("<a href='mailto:b@x.example'>a@x.example</a>", "a@x.example (b@x.example)"),
        # Rule b: an image without a text is no text.
        ("a<a href='https://x.example'><img></a>", "a"),
        ("<a href='https://x.example'><img alt=Logo></a>", "[Logo] (https://x.example)"),
        ("<a href='javascript:alert(1)'>a</a><a href='#b'>b</a><a name=c>c</a>", "abc"),
        ("<a href='https://x.example'><p>a</p></a>b", "a\n(https://x.example)b"),
    ],
)
def test_links(html, shown):
    assert text(html) == shown


def test_every_link_is_listed_with_its_text():
    html = (
        "<a href=https://x.example/1><img></a><a href='mailto:a@x.example'>Ann</a><a href=''>no</a><a>no</a>"
        "<table><tr><td><a href='javascript:x'>two\n words</a><td>b</table><area href=https://x.example/2>"
    )
    assert links(html) == (
        ("", "https://x.example/1"), ("Ann", "mailto:a@x.example"), ("two words", "javascript:x"), ("", "https://x.example/2"),
    )  # fmt: skip


@pytest.mark.parametrize(
    ("html", "shown"),
    [
        ("<table><tr><th>Item<th>Price<tr><td>Pen<td>1.00</table>", "Item | Price\nPen | 1.00"),
        ("<table><tr><td><p>Pen</p><td> 1.00 \n EUR<td></table>", "Pen | 1.00 EUR |"),
        ("<table><tr><td>Pen<td><td></table>", "Pen"),
        ("<table><tr><td>one<br>two<td>b</table>", "one\ntwo  b"),
        (f"<table><tr><td>{'long ' * 10}<td>b</table>", f"{'long ' * 10}  b"),
        ("<table><tr><td><table><tr><td>a<td>b</table><td>c</table>", "a | b\nc"),
        ("<table><tr><td>a</table>", "a"),
        ("<table><tr><td>one<br><td><div>b</div></table>", "one | b"),
        ("<table><tr><td><p>one</p>two<td>b</table>", "one\ntwo  b"),
        ("<table><tr><td><p>one<p>two<td>b</table>", "one\ntwo\nb"),
    ],
)
def test_rows_of_short_cells_are_joined(html, shown):
    """Rule a: a table of data has a line for each row; one for layout is read cell by cell."""
    assert text(html) == shown


def test_surrogates_and_nul_are_replaced():
    """Rule e."""
    assert text("a\0b\ud800c&#xD800;&#0;") == "ab\ufffdc\ufffd\ufffd"
    assert links("<a href='https://x.example/\ud800'>a</a>") == (("a", "https://x.example/\ufffd"),)


BOMBS = {
    "angles": "<" * 200_000,
    "comments": "<!--" * 50_000,
    "entities": "&amp;#x41;" * 50_000,
    "deep": "<div>" * 60_000,
    "deep and closed": ("<div>" * 900 + "x" + "</div>" * 900) * 20,
    "quotes": "<blockquote>" * 900 + "<br>x" * 20_000,
    "formatting": "<a><b><i><p>" * 20_000,
    "reconstructed": "".join(f"<font size={size}>" for size in range(900)) + "<p>x" * 20_000,
    "table": "<table>" + ("<tr>" + "<td>x" * 300) * 100 + "</table>",
    "nested tables": "<table><tr><td>a<td>" * 900 + "x" * 100_000,
    "lists": "<ul><li>" * 50_000,
    "attributes": "<a " + " ".join(f"a{place}=b" for place in range(50_000)) + ">x</a>",
    "attributes behind a quoted angle": "<a x='>' " + " ".join(f"a{place}=b" for place in range(50_000)) + ">x</a>",
    "attributes between quoted angles": "<a " + " ".join(f"a{place}='>'" for place in range(50_000)) + ">x</a>",
    "unclosed value": "<a b=\"" + "x " * 100_000,
    "no angle": "<a" * 100_000,
    "links": "<a href=https://x.example/>q</a>" * 5_000,
    "foster": "<table>" + "<b>x" * 30_000,
}  # fmt: skip


@pytest.mark.parametrize("name", BOMBS)
def test_hostile_html_gives_a_text(name):
    """Each made some reader run for minutes, end in a RecursionError, or answer nothing."""
    assert "\0" not in text(BOMBS[name])
    assert isinstance(links(BOMBS[name]), tuple)


def test_html_that_is_not_parsed_still_shows_its_text_and_links():
    html = "<div>" * 2_000 + "<p>Hello &amp; welcome</p><a href='https://x.example/?a&amp;b'>here</a>"
    assert text(html).split() == ["Hello", "&", "welcome", "here"]
    assert links(html) == (("", "https://x.example/?a&b"),)


def test_many_paragraphs_are_not_depth():
    """Senders leave out the end tags of paragraphs and items."""
    assert text("<p>x" * 3_000) == "\n".join("x" * 3_000)
    assert text("<ul>" + "<li>x" * 3_000) == "\n".join(["- x"] * 3_000)


def test_a_style_with_many_words_is_no_bomb():
    html = f'<p style="{"margin: 0; " * 300}" title="a > b">Hello</p><img src="data:image/png;base64,{"A/+=" * 5_000}">'
    assert text(html) == "Hello"


@given(st.text(alphabet=st.characters(codec="utf-8"), max_size=80))
def test_escaped_text_is_shown_as_it_is(said):
    from html import escape

    plain = re.sub(r"[\0-\x1f\x7f-\xa0]", "", said)
    assert "".join(text(f"<div>{escape(plain)}</div>").split()) == "".join(plain.split())


@given(st.lists(st.sampled_from(
    "<p> </p> <b> </b> <table> <tr> <td> </td> </table> <blockquote> </blockquote> <pre> </pre> <li> <ol> </ol> "
    "<a/href=x> </a> text &lt; <br> <hr> <img/alt=x> <!-- --> <svg> <select> <template> </template> < > \" '".split()
), max_size=40))  # fmt: skip
def test_no_html_raises(pieces):
    text("".join(pieces))
    links("".join(pieces))
