"""What is decided about old mail, whatever it says."""

from hypothesis import given
from hypothesis import strategies as st

from tix.domain.mail.automatic import PERSON, Sign
from tix.domain.mail.intake import Facts, decide

FACTS = st.builds(
    Facts,
    sign=st.sampled_from([PERSON, Sign("list", "x"), Sign("automatic", "x"), Sign("loop", "x")]),
    sender=st.sampled_from(["ana@x.example", None]),
    person=st.sampled_from(["requester", "staff", "inactive", "unknown"]),
    verdict=st.sampled_from(["verified", "failed", "unknown"]),
    client=st.booleans(),
    found_by=st.sampled_from([None, "id", "plus-address", "earlier-mail", "tag"]),
    takes_part=st.booleans(),
    closed=st.sampled_from(["no", "follow-up"]),  # nobody is answered, so nothing is declined
    unknown_allowed=st.just(True),
    duplicate=st.just(False),
    imported=st.just(True),
    is_note=st.booleans(),
)


@given(FACTS)
def test_nobody_is_answered(facts: Facts):
    assert decide(facts).outcome != "declined"


@given(FACTS.map(lambda facts: facts._replace(is_note=True)))
def test_an_internal_note_is_never_public(facts: Facts):
    assert decide(facts).outcome in ("mentioned", "ignored", "quarantined", "recorded")


@given(FACTS.filter(lambda facts: not facts.takes_part))
def test_who_does_not_take_part_writes_nothing_that_the_requester_reads(facts: Facts):
    assert decide(facts).outcome != "appended"


@given(FACTS.filter(lambda facts: facts.verdict == "failed" or facts.found_by == "tag"))
def test_an_agent_is_not_believed_where_the_check_failed_or_only_the_subject_names_the_ticket(facts: Facts):
    if facts.person == "staff":
        assert decide(facts).outcome != "appended"
