"""A JSON array element by element: the same values, the same complaints as the standard library's reader."""

import io
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tix.errors import InvalidValue
from tix.importers import json_stream

# What a store can hold; the rest has a test of its own.
_TEXTS = st.text(st.characters(codec="utf-8", exclude_characters="\0"))
_SCALARS = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | _TEXTS
_VALUES = st.recursive(
    _SCALARS, lambda inner: st.lists(inner) | st.dictionaries(_TEXTS, inner), max_leaves=12
)


def _elements(text: str, chunk: int, monkeypatch_: pytest.MonkeyPatch) -> list[Any]:
    monkeypatch_.setattr(json_stream, "_CHUNK_BYTES", chunk)
    return list(json_stream.elements(io.BytesIO(text.encode())))


@given(
    values=st.lists(_VALUES),
    chunk=st.integers(1, 40),
    is_ascii=st.booleans(),
    indent=st.none() | st.integers(0, 3),
)
def test_elements_are_those_of_the_whole(values: list[Any], chunk: int, is_ascii: bool, indent: int | None):
    """Wherever the text is cut, a number, an escape and a character of four bytes come out whole."""
    text = json.dumps(values, ensure_ascii=is_ascii, indent=indent)
    with pytest.MonkeyPatch.context() as patch:
        assert _elements(text.encode(errors="replace").decode(), chunk, patch) == json.loads(
            text.encode(errors="replace").decode()
        )


@pytest.mark.parametrize("chunk", [1, 2, 3, 7, 1 << 20])
def test_what_no_store_can_hold_is_gone_from_texts_and_keys_at_any_depth(chunk: int, monkeypatch):
    r"""U+0000 is removed, half a surrogate pair becomes U+FFFD; whole pairs, and a backslash before u0000, stay."""
    text = r'[{"a\u0000": ["\uD83D b", {"\udc00": "\ud83d\ude00"}]}, "\\u0000", [[1, "\u0000"]]]'
    assert _elements(text, chunk, monkeypatch) == [
        {"a": ["\ufffd b", {"\ufffd": "😀"}]}, r"\u0000", [[1, ""]],
    ]  # fmt: skip


@pytest.mark.parametrize("chunk", [1, 2, 3, 1 << 20])
@pytest.mark.parametrize("text", ['{"a": 1}', "12", '"s"', " null ", "\ufeff[1]"])
def test_a_value_that_is_no_array_is_the_one_element(text: str, chunk: int, monkeypatch):
    whole = json.loads(text.lstrip("\ufeff"))
    assert _elements(text, chunk, monkeypatch) == (whole if isinstance(whole, list) else [whole])


@pytest.mark.parametrize("chunk", [1, 2, 3, 7, 1 << 20])
@pytest.mark.parametrize(
    "text",
    [
        "[1 2]",
        "[1,",
        "[1,]",
        "[1] x",
        "",
        "[",
        '{"a":1',
        '[\n{"a":1},\n{"b":}]',
        "nope",
        "[1,2",
        "\n\n[1,\n  o]",
    ],
)
def test_what_is_no_json_is_refused_at_its_place(text: str, chunk: int, monkeypatch):
    with pytest.raises(json.JSONDecodeError) as expected:
        json.loads(text)
    with pytest.raises(InvalidValue) as found:
        _elements(text, chunk, monkeypatch)
    error = expected.value
    place = f" at line {error.lineno}, column {error.colno}"
    assert str(found.value).endswith(place)
    assert str(found.value).startswith("not valid JSON: ")


@pytest.mark.parametrize("chunk", [1, 2, 5, 1 << 20])
def test_a_byte_that_is_no_utf_8_is_named_by_its_offset(chunk: int, monkeypatch):
    monkeypatch.setattr(json_stream, "_CHUNK_BYTES", chunk)
    with pytest.raises(InvalidValue, match=r"offset 6$"):
        list(json_stream.elements(io.BytesIO(b'\xef\xbb\xbf["a\xff"]')))


@given(values=st.lists(_VALUES), chunk=st.integers(1, 40), indent=st.none() | st.integers(0, 3))
def test_the_lists_of_an_object_are_read_one_by_one_and_the_rest_last(
    values: list[Any], chunk: int, indent: int | None
):
    values = json.loads(json.dumps(values).encode(errors="replace"))
    whole = {"before": [1], "issues": values, "after": {"issues": 2}, "users": [3]}
    expected = [*(("issues", value) for value in values), ("users", 3)]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(json_stream, "_CHUNK_BYTES", chunk)
        data = json.dumps(whole, indent=indent).encode(errors="replace")
        told = list(json_stream.records(io.BytesIO(data), ("issues", "users")))
    assert told[:-1] == expected
    assert told[-1] == (json_stream.REST, {"before": [1], "after": {"issues": 2}})


@pytest.mark.parametrize(
    "text", ['{"issues": [1 2]}', '{"issues": [1],}', '{"issues" [1]}', '{"issues": [1]', "{,}", "{1: 2}"]
)
def test_an_object_that_is_no_json_is_refused(text: str):
    with pytest.raises(InvalidValue, match="not valid JSON"):
        list(json_stream.records(io.BytesIO(text.encode()), ("issues",)))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("[1, [2, 3]]", [(None, 1), (None, 2), (None, 3)]),
        ('{"a": 1}\n{"a": 2}\n', [(None, {"a": 1}), (None, {"a": 2})]),
        ('{"issues": []}', [("", {})]),
        ("{}", [(None, {})]),
        ('{"issues": 3}', [(None, {"issues": 3})]),
    ],
)
def test_other_values_stand_in_no_list(text: str, expected: list[Any]):
    assert list(json_stream.records(io.BytesIO(text.encode()), ("issues",))) == expected
