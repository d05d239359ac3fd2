"""What the service takes for a whole request: the catalogue's own names in the carriers, and none of its prose."""

from __future__ import annotations

from datetime import date

import pytest

from assistant.expected_phrasing import expected_phrasing
from assistant.house import NLU_DATA
from skills.media.catalogue import Item
from skills.turn import MediaKind
from voice.completeness import SentenceEnds

ITEMS = (
    Item(
        id="one",
        kind=MediaKind.TALK,
        medium="audio",
        title="The Weight of Zinc",
        creator="Ottoline Quarrington",
        series="Metals After Midnight",
        published=date(2026, 1, 1),
        duration_s=60,
        tags=("zinc", "galvanising"),
        description="Nobody who reads this out is asking for a talk. It ends in a saxophone.",
    ),
    Item(
        id="two",
        kind=MediaKind.TALK,
        medium="audio",
        title="The Weight of Zinc and Other Stories",
        creator="Ottoline Quarrington",
        published=date(2026, 1, 1),
        duration_s=60,
    ),
)
ENDS = SentenceEnds(expected_phrasing(NLU_DATA, ITEMS))


@pytest.mark.parametrize(
    "text",
    [
        "play something about galvanising",
        "find me a talk about zinc",
        "play something by ottoline quarrington",
        "play metals after midnight",
        "play the weight of zinc and other stories",
        "play the newest talk",
        "find me a talk about zinc please",
        "what is playing",
        "play number two",
    ],
)
def test_a_request_that_names_what_there_is_is_whole(text: str) -> None:
    assert ENDS(text) > 0.55


@pytest.mark.parametrize(
    "text", ["play the weight of", "play metals after", "find me a", "play something by", "turn the"]
)
def test_the_beginning_of_one_is_not(text: str) -> None:
    assert ENDS(text) < 0.25


def test_a_title_that_begins_a_longer_one_is_less_surely_over() -> None:
    assert ENDS("play the weight of zinc") < ENDS("play the weight of zinc and other stories")


def test_the_catalogues_prose_is_no_request() -> None:
    assert not any("saxophone" in sentence for sentence, _ in expected_phrasing(NLU_DATA, ITEMS).sentences)


def test_an_empty_catalogue_leaves_the_commands() -> None:
    ends = SentenceEnds(expected_phrasing(NLU_DATA, ()))
    assert ends("turn it up") > 0.55
    assert 0.0 <= ends("play something by ottoline") <= 1.0
