"""Whose words are whose: conversations and transcripts stay with those they belong to."""

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from assistant.satellites.answering import listener_key
from assistant.satellites.recent_transcripts import KEEP_MAX, KEEP_S, RecentTranscripts
from tests.satellites.test_wire import JSON
from voice.recogniser import Transcript

PEERS = st.sampled_from(["192.168.1.5", "192.168.1.6", "::1"])
CONTEXTS = st.none() | st.dictionaries(
    st.sampled_from(["conversation_id", "satellite_id", "device_id", "other"]), st.sampled_from(["a", "b", ""]) | JSON
)


@given(PEERS, CONTEXTS, PEERS, CONTEXTS)
def test_no_context_makes_one_host_another(
    one: str, context: dict[str, Any] | None, other: str, others: dict[str, Any] | None
) -> None:
    assert listener_key(one, context) == listener_key(one, context)
    if one != other:
        assert listener_key(one, context) != listener_key(other, others)


def test_the_most_exact_name_counts() -> None:
    satellite = {"satellite_id": "kitchen", "device_id": "d1"}
    assert listener_key("p", {**satellite, "conversation_id": "1"}) != listener_key("p", satellite)
    assert listener_key("p", satellite) == listener_key("p", {"satellite_id": "kitchen", "conversation_id": ""})
    assert listener_key("p", {"satellite_id": "kitchen"}) != listener_key("p", {"device_id": "kitchen"})
    assert listener_key("p", {"satellite_id": 7}) == listener_key("p", None) == listener_key("p", {})


def test_what_was_heard_comes_back_once_to_who_heard_it_and_soon() -> None:
    heard, recent = Transcript("play jazz", unknown=0.25), RecentTranscripts()
    recent.keep("p", heard, now=10.0)
    assert recent.take("q", "play jazz", now=11.0) is None
    assert recent.take("p", "play", now=11.0) is None
    assert recent.take("p", "play jazz", now=11.0) == heard
    assert recent.take("p", "play jazz", now=11.0) is None
    recent.keep("p", heard, now=10.0)
    assert recent.take("p", "play jazz", now=10.1 + KEEP_S) is None


def test_transcripts_that_nobody_asks_for_do_not_pile_up() -> None:
    recent = RecentTranscripts()
    for number in range(10 * KEEP_MAX):
        recent.keep("p", Transcript(f"number {number}"), now=0.0)
    kept = [recent.take("p", f"number {number}", now=0.0) for number in range(10 * KEEP_MAX)]
    assert [transcript is not None for transcript in kept] == [False] * 9 * KEEP_MAX + [True] * KEEP_MAX
