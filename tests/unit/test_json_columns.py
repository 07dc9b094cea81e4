"""JSON without the module ``json``: the same texts and values, and the same failures."""

import json
import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tix.domain import json_columns

SCALARS = (
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text()
)
VALUES = st.recursive(
    SCALARS, lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner), max_leaves=20
)


@given(VALUES)
def test_a_value_is_written_and_read_as_json_does(value):
    assert json_columns.encoder()(value) == json.dumps(value)
    assert json_columns.compact(value) == json.dumps(value, separators=(",", ":"))
    assert json_columns.loads(json.dumps(value)) == value
    assert json_columns.loads(json.dumps(value, indent=1, ensure_ascii=False)) == value


@pytest.mark.parametrize("text", ["", " ", "[1", "[1]x", "{'a': 1}", "nul", '"\n"', "\ufeff1", "[" * 100_000])
def test_what_is_no_json_fails_as_with_json(text):
    with pytest.raises((ValueError, RecursionError)) as ours:
        json_columns.loads(text)
    with pytest.raises((ValueError, RecursionError)) as theirs:
        json.loads(text)
    assert (type(ours.value), str(ours.value)) == (type(theirs.value), str(theirs.value))


@pytest.mark.parametrize("value", [float("nan"), float("inf"), {"a": -float("inf")}])
def test_what_json_has_no_number_for_is_refused(value):
    with pytest.raises(ValueError, match="not JSON compliant"):
        json_columns.encoder()(value)


def test_it_does_without_the_c_parts():
    code = (
        "import sys; sys.modules['_json'] = None\n"
        "from tix.domain.json_columns import compact, loads\n"
        "assert compact({'a': ['ä', 1]}) == '{\"a\":[\"\\\\u00e4\",1]}'\n"
        "assert loads('[1, {}]') == [1, {}]"
    )
    subprocess.run([sys.executable, "-c", code], check=True)
