"""Which results of authentication count, and what they say."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tix.mail.authentication import LONGEST, authserv_ids, parse, verdict


def judged(*values: str, server: str | None = "mx.x", domain: str | None = "bank.example") -> str:
    return verdict([("Authentication-Results", value) for value in values], server, domain)


@pytest.mark.parametrize(
    ("value", "result"),
    [
        ("mx.x; dmarc=pass header.from=bank.example", "verified"),
        ("MX.X 1; dmarc = PASS (p=none) header.from = Bank.Example", "verified"),
        ("mx.x; dmarc=pass header.from=other.example", "unknown"),
        ("mx.x; dmarc=pass", "unknown"),
        ("mx.x; dmarc=fail header.from=bank.example", "failed"),
        ("mx.x; dmarc=fail", "failed"),
        ("mx.x; dmarc=fail header.from=bank.example; dkim=pass header.d=bank.example", "failed"),
        ("mx.x; dmarc=fail header.from=other.example", "unknown"),
        ("mx.x; dmarc=pass header.from=bank.example; dmarc=fail header.from=bank.example", "unknown"),
        ("mx.x; dmarc=none header.from=bank.example; dkim=pass header.d=bank.example", "verified"),
        ("mx.x; dmarc=temperror; spf=pass smtp.mailfrom=a@bank.example", "verified"),
        ("mx.x; dkim=pass header.i=@bank.example", "verified"),
        ("mx.x; dkim=pass header.i=ann@bank.example", "verified"),
        ("mx.x; spf=pass smtp.mailfrom=bank.example", "verified"),
        ("mx.x; dkim=pass header.d=evil.example", "unknown"),
        ("mx.x; dkim=fail header.d=bank.example", "unknown"),
        ("mx.x; dkim=pass header.d=sub.bank.example", "unknown"),
        ("mx.x; spf=pass smtp.helo=bank.example", "unknown"),
        ("mx.x; dkim=pass header.d=evil.example header.d=bank.example", "unknown"),
        ("mx.x; spf=pass smtp.mailfrom=list@lists.example; dkim=fail header.d=bank.example", "unknown"),
        ("mx.x; dkim=pass header.d=evil.example; dkim=pass header.d=bank.example", "verified"),
        ("mx.x; none", "unknown"),
        ("mx.x;", "unknown"),
        ("mx.x", "unknown"),
    ],
)
def test_what_a_header_says(value, result):
    assert judged(value) == result


@pytest.mark.parametrize(
    "value",
    [
        "mx.x; dkim=pass (dmarc=pass header.from=bank.example) header.d=evil.example",
        "mx.x; dkim=pass (\\) ; dmarc=pass header.from=bank.example) header.d=evil.example",
        "mx.x; dkim=pass (( ) ; dmarc=pass header.from=bank.example) header.d=evil.example",
        'mx.x; spf=pass smtp.mailfrom="a; dmarc=pass header.from=bank.example"@evil.example',
        'mx.x; spf=pass smtp.mailfrom="a\\"; dmarc=pass header.from=bank.example"@evil.example',
        'mx.x; spf=pass reason="x header.d=bank.example" smtp.mailfrom=a@evil.example',
        'mx.x; dkim=pass reason="x" "header.d=bank.example" header.d=evil.example',
        'mx.x; spf=pass smtp.mailfrom="@bank.example"@evil.example',
        "mx.x; x-dmarc=pass header.from=bank.example",
        "mx.x; dkim=pass header.d=example",
    ],
)
def test_what_only_looks_like_a_result_is_none(value):
    assert judged(value) == "unknown"


def test_only_the_topmost_header_of_our_server_counts():
    """Trap 51 (jbostoen/itop-jb-mail-to-ticket-automation-v2#262): every sender can add such headers below."""
    passed = "mx.x; dmarc=pass header.from=bank.example"
    assert judged("mx.x; dmarc=fail header.from=bank.example", passed) == "failed"
    assert judged("mx.x; none", passed) == "unknown"
    assert judged("mx.y; dmarc=fail header.from=bank.example", passed) == "verified"
    assert judged("mx.y; dmarc=pass header.from=bank.example") == "unknown"
    assert judged("mx.x.evil.example; dmarc=pass header.from=bank.example") == "unknown"


@pytest.mark.parametrize(
    "damaged",
    [
        "mx.x; spf=pass (unclosed smtp.mailfrom=a@x",
        "mx.x; spf=pass smtp.mailfrom=a)@x",
        'mx.x; spf=pass smtp.mailfrom="a@x',
        "mx.x; spf",
        "mx.x; spf=pass smtp.mailfrom=a@x rubbish",
        "mx.x from=x.example; dmarc=pass header.from=bank.example",  # as Yahoo wrote it
        "mx.x; spf=pass smtp.mailfrom=" + "a" * LONGEST,
    ],
)
def test_a_damaged_header_of_our_server_hides_those_below(damaged):
    """What damaged it may be a part of the sender's address, and a forged header may stand below."""
    assert judged(damaged, "mx.x; dmarc=pass header.from=bank.example") == "unknown"


def test_microsoft_365_has_no_id():
    """With ``-`` only the topmost header of all counts."""
    passed = (
        "spf=pass (sender IP is 192.0.2.1) smtp.mailfrom=bank.example; dkim=pass (signature was verified)"
        " header.d=bank.example;dmarc=pass action=none header.from=bank.example;compauth=pass reason=100"
    )
    assert judged(passed, server="-") == "verified"
    assert judged("mx.x; none", passed, server="-") == "unknown"
    assert judged("spf=none (", passed, server="-") == "unknown"
    assert judged(passed, server="spf=pass") == "unknown"


@pytest.mark.parametrize(
    ("server", "domain"), [(None, "bank.example"), ("", "bank.example"), ("mx.x", None), ("mx.x", "")]
)
def test_nothing_is_known_without_a_server_or_a_domain(server, domain):
    assert judged("mx.x; dmarc=pass header.from=bank.example", server=server, domain=domain) == "unknown"


def test_a_domain_above_counts_but_not_a_part_of_a_name():
    assert judged("mx.x; dkim=pass header.d=bank.example", domain="mail.bank.example") == "verified"
    assert judged("mx.x; dkim=pass header.d=bank.example", domain="mybank.example") == "unknown"


def test_domains_are_compared_in_one_form():
    assert (
        judged("mx.x; dmarc=pass header.from=xn--bcher-kva.example", domain="Bücher.example.") == "verified"
    )
    assert judged("mx.x; dmarc=pass header.from=bücher.example", domain="xn--bcher-kva.example") == "verified"
    assert judged("mx.x; dmarc=pass header.from=" + "ü" * 300, domain="ü" * 300) == "unknown"


def test_the_ids_for_the_set_up():
    headers = [
        ("Authentication-Results", "mx.x; none"), ("authentication-results", "MX.Y 1; spf=pass"),
        ("Authentication-Results", "mx.x; spf=pass (damaged"), ("Authentication-Results", "spf=pass smtp.mailfrom=a"),
        ("Authentication-Results", ""), ("X-Other", "mx.z; none"),
    ]  # fmt: skip
    assert authserv_ids(headers) == ("mx.x", "mx.y", "-")


@given(st.text(alphabet=' ();=/"\\.@abmxpsfdkimnoe-\t', max_size=80))
def test_no_header_raises(value):
    parse(value)
    assert judged(f"{value}; dmarc=pass header.from=bank.example", server="mx.y") == "unknown"


@pytest.mark.parametrize("piece", ["(", '"', "a.b=", " ", ";", "\\", "=", 'a="b" ', "dkim=pass header.d=a;"])
def test_a_hostile_header_is_read_in_one_pass(piece):
    assert judged("mx.x; dkim=pass " + (piece * LONGEST)[: LONGEST - 20]) == "unknown"
