"""Text that comes in pieces, as sentences that can be spoken already."""

from __future__ import annotations

from assistant.errors import ServiceError
from voice.sentences import MAX_TEXT, sentences


class SentenceBuffer:
    """Collects pieces of a text; what follows a sentence shows that it has ended."""

    def __init__(self) -> None:
        self._rest = ""
        self._length = 0

    def add(self, piece: str) -> list[str]:
        """The sentences that this piece completes.

        Raises:
            ServiceError: `text_too_long`, over 5,000 characters in all.
        """
        self._length += len(piece)
        if self._length > MAX_TEXT:
            raise ServiceError("text_too_long", f"A text to be spoken has at most {MAX_TEXT} characters.")
        self._rest += piece
        *complete, last = list(sentences(self._rest)) or [""]
        if complete:
            self._rest = self._rest[self._rest.rindex(last) :]
        return complete

    def finish(self) -> list[str]:
        """The sentences of what is left."""
        rest, self._rest = self._rest, ""
        return list(sentences(rest))
