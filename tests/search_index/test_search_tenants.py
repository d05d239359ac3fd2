"""What one tenant has is neither found, nor counted, nor learnt from the answers by another."""

from __future__ import annotations

import pytest

from search_index import Document, Exists, Index, Query, Weights

WORDS_ONLY = Weights(words=1, meaning=0)
MINE = [
    "red kettle for tea",
    "blue kettle for coffee",
    "green lamp for reading",
    "kettle lamp for two rooms",
    "red SM-G960F phone",
]
QUESTIONS = [
    Query("red kettle", tenant="mine", weights=WORDS_ONLY),
    Query("ketle", tenant="mine", weights=WORDS_ONLY),
    Query("lam", tenant="mine", weights=WORDS_ONLY, prefix=True),
    Query("secrt", tenant="mine", weights=WORDS_ONLY),
    Query("sec", tenant="mine", weights=WORDS_ONLY, prefix=True),
    Query("SM-G960F", tenant="mine", weights=WORDS_ONLY),
    Query("kettle", tenant="mine"),
    Query("red ketttle for tee", tenant="mine", weights=Weights(1, 1, 1), facets=("kind",)),
    Query(like="0", tenant="mine"),
]


@pytest.mark.parametrize("mine", ["mine", ""])
def test_what_another_tenant_writes_changes_no_answer(index: Index, mine: str) -> None:
    """Not the score of a rare word, nor what a misspelt one is taken for, nor what a typed one is completed to.

    (Their titles are as long as ours on average: that one number is shared, see decision 0016.)
    """
    index.upsert(Document(str(n), {"title": title, "kind": "k"}, tenant=mine) for n, title in enumerate(MINE))

    def answers() -> list[list[tuple[str, float]]]:
        found = [index.search(Query(**{**vars(query), "tenant": mine})) for query in QUESTIONS]
        return [[(hit.id, pytest.approx(hit.score, rel=1e-4)) for hit in one.hits] for one in found]

    before = answers()
    assert before[0][0][0] == "0"
    assert before[3] == before[4] == []
    assert before[5][0][0] == "4"
    index.upsert(
        Document(f"x{n}", {"title": f"{word} secret SM-G960F", "kind": "k"}, tenant="theirs")
        for n, word in enumerate(["red", "ketle", "lamps", "lamb", "red kettles"] * 30)
    )
    assert answers() == before
    index.delete_where(Exists("id"), tenant="theirs")
    assert answers() == before
