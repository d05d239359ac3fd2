"""What the extractor of spans looks at."""

from __future__ import annotations

import pytest

from assistant.rasa_worker.span_features import commonness, span_features

VOCABULARY = {"by": [5], "play": [2500], "lantern": [9000], "oduya": [10, 11]}


@pytest.mark.parametrize(
    ("word", "expected"), [("by", "0"), ("play", "1"), ("lantern", "3"), ("oduya", "4"), ("unheard", "4")]
)
def test_how_common_a_word_is(word: str, expected: str) -> None:
    assert commonness(VOCABULARY.get(word, [])) == expected


def test_two_names_that_training_has_not_seen_look_alike_from_beside_them() -> None:
    """What stands before and after a name says where it stands, whatever the name is."""
    one, other = (
        span_features(["play", "something", "By", name, "please"], "play_media", lambda word: VOCABULARY.get(word, []))
        for name in ("oduya", "Eskildsen")
    )
    same = {name for name, value in one[3].items() if other[3][name] == value}
    assert {"intent", "word-1", "word+1", "class+0", "classes", "after", "before", "between"} <= same
    assert one[3]["between"] == "by 4 please"
    assert one[0]["word-1"] == one[4]["word+1"] == "-"
