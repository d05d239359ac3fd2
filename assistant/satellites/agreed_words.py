"""Which words of partial transcripts can be passed on where nothing can be taken back."""

from __future__ import annotations


class AgreedWords:
    """Words that two partial transcripts in a row begin with.

    Wyoming's transcript chunks add up, while a recogniser's partials change their minds, mostly about the last word.
    Source: local agreement, Liu, Spanakis and Niehues, "Low-Latency Sequence-to-Sequence Speech Recognition and
    Translation by Partial Hypothesis Selection", Interspeech 2020.
    """

    def __init__(self) -> None:
        self._last: list[str] = []
        self._passed_on: list[str] = []

    def add(self, partial: str) -> str:
        """The words that have just become certain enough, ready to be joined to those before; often none."""
        words = partial.split()
        agreed = 0
        while agreed < min(len(words), len(self._last)) and words[agreed] == self._last[agreed]:
            agreed += 1
        self._last = words
        return self._pass_on(words[:agreed])

    def finish(self, final: str) -> str:
        """What the final transcript adds; nothing where it contradicts what was passed on."""
        return self._pass_on(final.split())

    def _pass_on(self, words: list[str]) -> str:
        known = len(self._passed_on)
        if words[:known] != self._passed_on or len(words) == known:
            return ""
        self._passed_on = words
        return " " * bool(known) + " ".join(words[known:])
