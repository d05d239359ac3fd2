"""A text cut to what is said aloud."""

from __future__ import annotations

from skills.shopping.deciding.reviews.polarity import sentences

SPOKEN_WORDS = 32


def brief(text: str, words: int = SPOKEN_WORDS) -> str:
    """As many whole sentences as fit into so many words, at least the first; a first that is far too long is cut."""
    said: list[str] = []
    for sentence in sentences(text):
        if said and len(" ".join([*said, sentence]).split()) > words:
            break
        said.append(sentence)
    first = said[0].split() if said else []
    if len(said) == 1 and len(first) > words + 8:
        return " ".join(first[:words]).rstrip(",;:") + " and so on."
    return " ".join(said)
