"""Folding, queries and snippets, with a real FTS5 table as the judge."""

import sqlite3

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tix.domain.search import MOST_TERMS, Term, fold, parse_query, snippet

SAMPLES = "aÄßŁøæ éİıﬁ½漢字かガｶﾞ한글 हिन्दी مَرْحَبًا Ελλάς 🤖😀-\"*:^()+'\0\ud800\ue000_\n"
TEXTS = st.one_of(st.text(st.characters()), st.text(st.sampled_from(SAMPLES)))

# Letters for Python, no letters for the tables of SQLite's unicode61: the vowel signs of New Tai Lue.
NOT_FOR_SQLITE = {chr(code) for code in range(0x19B0, 0x19CA)}


def index(*documents):
    """The search index as the store makes it."""
    db = sqlite3.connect(":memory:")
    db.execute(
        "CREATE VIRTUAL TABLE f USING fts5(body, content='', tokenize='unicode61 remove_diacritics 0')"
    )
    db.executemany("INSERT INTO f(rowid, body) VALUES (?, ?)", enumerate(map(fold, documents), 1))
    return db


def found(db, term):
    """The documents that hold a term."""
    return [row for (row,) in db.execute("SELECT rowid FROM f WHERE f MATCH ?", (term.text,))]


def hits(document, *arguments):
    """Whether a document has all that is wanted and none of what is not."""
    db, query = index(document), parse_query(arguments)
    assert query.wanted or query.unwanted
    return all(found(db, t) for t in query.wanted) and not any(found(db, t) for t in query.unwanted)


@given(st.one_of(st.text(), TEXTS))
def test_folding_twice_is_folding_once(text):
    """Folded text is folded."""
    assert fold(fold(text)) == fold(text)


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("Straße STRASSE ẞ", "strasse strasse ss"),
        ("Łódź Ørsted Đorđe Æsop Œuvre Þór ısı İ", "lodz orsted dorde aesop oeuvre thor isi i"),
        ("ÉCOLE e\u0301cole", "ecole ecole"),
        ("ﬁle ① ２", "file 1 2"),
        ("Ελλάς", "ελλασ"),
        ("漢字abc", "漢 字 abc"),
        ("ｶﾞ ガ が か", "ガ ガ が か"),
        ("한글", "한 글"),
        ("hello🤖you", "hello you"),
    ],
)
def test_what_folds_alike(text, folded):
    """Case, accents, ligatures and widths fold; CJK characters stand apart; signs are gaps."""
    assert fold(text) == folded


@given(TEXTS)
@example('"')
@example("NEAR(a b, 5)")
@example("body:vpn OR {x y}: z")
@example("^a + b* * -")
@example("-")
@example('-"')
@example('"*')
@example("𞤀*")
@example("a\0b")
def test_no_text_makes_fts5_complain(text):
    """Whatever is typed, every term is an expression FTS5 takes."""
    db = index("a b vpn")
    query = parse_query([text, f'"{text}', f"-{text}", f"{text}*"], [text])
    for term in (*query.wanted, *query.unwanted):
        found(db, term)


@pytest.mark.parametrize(
    "text", ["x" * 100_000, "漢" * 100_000, "a b " * 25_000, '"' + "a b " * 25_000 + '"', '"' * 100_000]
)
def test_long_queries_are_taken(text):
    """A hundred kilobytes of query stay a query, of a bounded number of terms."""
    db = index("a b x 漢")
    query = parse_query([text])
    assert len(query.wanted) <= MOST_TERMS
    for term in query.wanted:
        found(db, term)


def test_a_thousand_words_are_cut_to_the_first():
    """Of many distinct terms the first 64 count; repeated ones count once."""
    query = parse_query([f"w{n // 2}" for n in range(1000)])
    assert [term.words for term in query.wanted] == [(f"w{n}",) for n in range(MOST_TERMS)]


@given(TEXTS)
def test_a_text_finds_itself(text):
    """A document is found by its own words, together as a phrase and apart."""
    text = "".join(char for char in text if char not in NOT_FOR_SQLITE and char not in '"\0')[:300]
    db = index(text)
    for term in parse_query([f'"{text}"', text.replace("*", " ").replace("-", " ")]).wanted:
        assert found(db, term) == [1]


@given(st.lists(st.sampled_from(["Äpfel", "vpn", "漢字", "naïve", "x1"]), min_size=1), st.data())
def test_a_beginning_finds_the_word(words, data):
    """Each beginning of a word with a star finds the text it is in."""
    word = data.draw(st.sampled_from(words))
    cut = data.draw(st.integers(1, len(word)))
    assert hits(" ".join(words), f"{word[:cut].upper()}*")


def test_the_grammar_of_a_query():
    """Blanks part words, quotes make a phrase, a star a beginning, a minus what is not wanted."""
    query = parse_query(['VPN "a  Phrase" wor* -no -"not this"', "TLS"], ["old thing", '"two words"'])
    assert query.wanted == (
        Term('"vpn"', ("vpn",)),
        Term('"a phrase"', ("a", "phrase")),
        Term('"wor" *', ("wor",), prefix=True),
        Term('"tls"', ("tls",)),
    )
    assert [term.words for term in query.unwanted] == [
        ("no",), ("not", "this"), ("old",), ("thing",), ("two", "words"),
    ]  # fmt: skip


@pytest.mark.parametrize("text", ["", " ", "-", "!!!", "😀", "🤖", '""', "-*", "***", "\0", "\ud800", "…"])
def test_what_has_no_word_asks_for_nothing(text):
    """A term without letter or digit is dropped."""
    assert parse_query([text], [text])[:2] == ((), ())


@pytest.mark.parametrize(
    ("document", "arguments", "expected"),
    [
        ("Zürich ist weit", ["zurich"], True),
        ("Zürich ist weit", ["ZÜRICH", "weit"], True),
        ("Zürich ist weit", ["zurich -weit"], False),
        ("Zürich ist weit", ['"ist zurich"'], False),
        ("これは漢字テストです", ["字テ"], True),
        ("これは漢字テストです", ["字ス"], False),
        ("회의실 예약", ["의실"], True),
        ("don't foo_bar a@b.example", ["don't", "bar", "a@b.example"], True),
        ("hello🤖", ["hello"], True),
        ("world", ["wor"], False),
        ("world", ["wor*"], True),
    ],
)
def test_what_is_found(document, arguments, expected):
    """Folding, phrases, beginnings and CJK, through a real index."""
    assert hits(document, *arguments) is expected


@example("0:1000", ["1"], 5)
@given(TEXTS, st.lists(TEXTS, max_size=3), st.integers(5, 120))
def test_a_snippet_is_one_line_of_its_size(text, arguments, size):
    """A snippet has no line end, is no longer than asked, and is the text where that fits."""
    words = [word for term in parse_query(arguments).wanted for word in term.words]
    cut = snippet(text, words, size)
    assert len(cut) <= size
    assert cut.split() == cut.split(" ") or cut == ""
    whole = " ".join(text.split())
    if len(whole) <= size:
        assert cut == whole
    assert cut.strip("…").strip() in whole


@given(
    st.text(st.sampled_from("abc ßﬁ½Äİ.漢🤖\n"), max_size=400),
    st.sampled_from(["Zürich", "ﬃx", "STRAẞE", "字テスト", "vpn"]),
    st.text(st.sampled_from("abc ßﬁ½Äİ.漢🤖\n"), max_size=400),
)
def test_a_snippet_shows_the_match(before, word, after):
    """The word is in the snippet, in the spelling of the text, though folding changes lengths."""
    (term,) = parse_query([word]).wanted
    assert word in snippet(f"{before} {word} {after}", term.words, 40)


def test_snippets():
    """Cut at words where there are some, marked where cut; the beginning without a match."""
    text = "The quick brown fox, " * 10 + "Zürich jumps\nover the lazy dog. " * 10
    assert snippet(text, ["zurich"], 40) == "…fox, Zürich jumps over the lazy dog.…"
    assert snippet(text, ["nothing"], 20) == "The quick brown…"
    assert snippet("wordy then word", ["word"], 9).endswith("word")
    assert snippet("these are wordy things", ["wor"], 12) == "…wordy…"
    assert (
        snippet("日本語" * 50 + " テスト " + "日本語" * 50, ["テスト"], 20)
        == "…日本語 テスト 日本語日本語日本語日…"
    )
    assert snippet("", ["x"]) == ""


X20, X23 = "x" * 20, "x" * 23


@pytest.mark.parametrize(
    ("text", "words", "size", "cut"),
    [
        # A third of the room before the match, the rest behind it; each side from or to a whole word.
        ("abcd " * 20 + "match " + "efgh " * 20, ["match"], 30, "…abcd match efgh efgh efgh…"),
        # What the short end leaves over is given to the beginning, and the other way round.
        ("abcd " * 20 + "match end", ["match"], 30, "…abcd abcd abcd abcd match end"),
        ("ab match " + "efgh " * 20, ["match"], 30, "ab match efgh efgh efgh efgh…"),
        ("ab match end", ["match"], 30, "ab match end"),
        # A word of twenty letters is left out whole, of a longer one an end is shown.
        ("x" * 24 + " yyy match", ["match"], 30, "…yyy match"),
        ("x" * 25 + " yy match", ["match"], 30, f"…{X20} yy match"),
        ("x" * 50 + " match", ["match"], 30, f"…{X23} match"),
        ("match yyy " + "x" * 50, ["match"], 30, "match yyy…"),
        ("match yy " + "x" * 50, ["match"], 30, f"match yy {X20}…"),
        # Hardly any room.
        ("abcdefghij kl", ["abcdefghij"], 10, "abcdefghij"),
        ("abcdefghi jk", ["abcdefghi"], 10, "abcdefghi…"),
        ("jk abcdefghi", ["abcdefghi"], 10, "…abcdefghi"),
        ("abcdefghijk", ["abcdefghijk"], 10, "abcdefghij"),
        # Of two beginnings of one word the longer.
        ("abc d wordy and more of it", ["wo", "wor"], 11, "…wordy and…"),
        # Blanks count once, and what lies four sizes away is not shown.
        ("word" + " " * 116 + "match", ["match"], 30, "word match"),
        ("word" + " " * 130 + "match", ["match"], 30, "…match"),
        ("match" + " " * 130 + "word", ["match"], 30, "match…"),
        ("word" + " " * 117 + "match", ["match"], 30, "…ord match"),
        # One long word has no end near: it is left out whole.
        ("match " + "x" * 50, ["match"], 20, "match…"),
        ("a  b\n\tmatch\u00a0 c", ["match"], 30, "a b match c"),
        # Nothing to find: the beginning.
        ("x" * 100, [], 80, "x" * 79 + "…"),
        ("  one two", ["nothing"], 30, "one two"),
    ],
)
def test_snippets_by_hand(text, words, size, cut):
    assert snippet(text, words, size) == cut


def test_a_snippet_has_eighty_characters():
    assert len(snippet("x" * 100, [])) == 80


@pytest.mark.parametrize(
    ("text", "words", "cut"),
    [
        ("a sword, a word here", ["word"], "…a word here"),  # not inside another word
        ("a wordy one, a word", ["word"], "…one, a word"),  # whole before a beginning
        ("a wordy one and more", ["word"], "a wordy one…"),
        ("then abc or def", ["def", "abc"], "…abc or def"),  # the first of several
        ("xx wordwo word end", ["wo", "word"], "…word end"),
        ("für das Über ßtück", ["uber"], "…Über ßtück"),
        ("für das Übermaß", ["uber"], "…das Übermaß"),
        ("Übermaß und das Über", ["uber"], "…das Über"),
        ("das Übermaßstabelle", ["uber"], "…Übermaßsta…"),
        ("für das 漢abc dort", ["abc"], "…漢abc dort"),  # beside a character that is a word of its own
        ("für das ganze Haus", ["nothing"], "für das…"),
        ("διάλογος και λόγος", ["λογοσ"], "…και λόγος"),
        (
            "これはとても長い文で漢字テストです",
            ["漢字"],
            "…長い文で漢字テストです",
        ),  # found inside, where nothing parts words
        ("これは漢字テストですから見る", ["漢字"], "これは漢字テストですか…"),
    ],
)
def test_which_match_is_shown(text, words, cut):
    assert snippet(text, words, 12) == cut


def test_how_much_a_query_may_be():
    """64 terms, and a thousand characters of each; what is longer is looked up by its beginning."""
    assert len(parse_query([f"w{number}" for number in range(70)]).wanted) == 64
    (whole,), (cut,) = parse_query(["x" * 1000]).wanted, parse_query(["x" * 1001]).wanted
    assert (whole.prefix, cut.prefix) == (False, True)
    assert whole.words == cut.words == ("x" * 1000,)


@pytest.mark.parametrize(
    ("text", "terms"),
    [
        ("wor**", [('"wor" *', ("wor",), True)]),
        ('"two words"*', [('"two words" *', ("two", "words"), True)]),
        ('"two words', [('"two words"', ("two", "words"), False)]),
        ("foo-bar", [('"foo-bar"', ("foo", "bar"), False)]),
        ("漢字", [('"漢 字"', ("漢字",), False)]),
        ("a\ue000", [('"a\ue000"', ("a\ue000",), False)]),  # private letters are letters
        ("Don't", [('"don\'t"', ("don", "t"), False)]),
    ],
)
def test_terms(text, terms):
    assert [tuple(term)[:3] for term in parse_query([text]).wanted] == terms
    assert [tuple(term)[:3] for term in parse_query([], [text]).unwanted] == terms
    assert [tuple(term)[:3] for term in parse_query([f"-{text}"]).unwanted] == terms


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("\ue000x", "\ue000x"),
        ("a\u0301b", "ab"),
        ("½", "1 2"),
        ("tschüß, ®", "tschuss,  "),
        ("ĸŋ ħ ŧ ƒ", "kn h t f"),
        ("漢ab漢", "漢 ab 漢"),
    ],
)
def test_signs_are_gaps(text, folded):
    assert fold(text) == folded
