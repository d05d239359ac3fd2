"""What the terminal shows: a last line that is rewritten in place, and above it what was said and what plays."""

from __future__ import annotations

import shutil
from typing import TextIO

from assistant.talk.effects import Phase
from skills.turn import Card, Play, Playback

CLEAR_LINE = "\r\x1b[K"

SIGNS = {Playback.PLAYING: "playing", Playback.PAUSED: "paused", Playback.STOPPED: "stopped", Playback.ENDED: "ended"}


class Screen:
    """Writes to `out`; where that is no terminal, only whole lines and no partial results. `word` wakes it, if any."""

    def __init__(self, out: TextIO, word: str = "") -> None:
        self._out = out
        self._word = word
        self._live = out.isatty()
        self._phase = ""

    def phase(self, phase: Phase) -> None:
        """What the assistant does."""
        what = f'waiting for "{self._word}"' if phase is Phase.WAITING else phase.value
        self._phase = f"[{what} ...]"
        if self._live:
            self._status(self._phase)
        else:
            self._write(self._phase + "\n")

    def partial(self, text: str) -> None:
        """What was heard so far."""
        if self._live:
            self._status(f"{self._phase} {printable(text)}")

    def heard(self, text: str) -> None:
        """What was heard."""
        self._line(f"you:  {printable(text)}")

    def answer(self, text: str, cards: tuple[Card, ...]) -> None:
        """What was answered, and the items that go with it."""
        self._line(f"sori: {printable(text)}")
        for number, card in enumerate(cards, start=1):
            about = ", ".join(part for part in (card.subtitle, card.kind) if part)
            self._line(printable(f"      {number}. {card.title}" + (f" ({about})" if about else "")))

    def player(self, playback: Playback, item: Play, problem: str = "") -> None:
        """What the player does with which item."""
        what = SIGNS.get(playback) or f"cannot play{f' ({problem})' if problem else ''}"
        by = f" by {item.creator}" if item.creator else ""
        self._line(printable(f"      {what}: {item.title}{by}"))

    def problem(self, message: str) -> None:
        """Something went wrong."""
        self._line(f"!     {printable(message)}")

    def end(self) -> None:
        """Leave the cursor on a line of its own."""
        if self._live:
            self._write(CLEAR_LINE)

    def _line(self, text: str) -> None:
        self._write(f"{CLEAR_LINE}{text}\n{self._phase}" if self._live else f"{text}\n")

    def _status(self, text: str) -> None:
        # A line that wraps cannot be rewritten, and the end of a long partial is what is new.
        width = shutil.get_terminal_size().columns - 1
        self._write(CLEAR_LINE + text[-width:])

    def _write(self, text: str) -> None:
        self._out.write(text)
        self._out.flush()


def printable(text: str) -> str:
    """The text without control characters, which could steer the terminal."""
    return "".join(character if character.isprintable() else " " for character in text)
