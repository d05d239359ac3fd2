from __future__ import annotations

import io

from hypothesis import given
from hypothesis import strategies as st

from assistant.talk.effects import Phase
from assistant.talk.screen import CLEAR_LINE, Screen
from skills.turn import Card, Play, Playback


class Terminal(io.StringIO):
    """A terminal that keeps what was written to it."""

    def isatty(self) -> bool:
        return True


def test_partials_are_rewritten_in_place_and_the_answer_stays() -> None:
    out = Terminal()
    screen = Screen(out)
    screen.phase(Phase.LISTENING)
    screen.partial("find me")
    screen.partial("find me a talk")
    screen.heard("find me a talk")
    lines = out.getvalue().replace(CLEAR_LINE, "\n").splitlines()
    assert lines == [
        "",
        "[listening ...]",
        "[listening ...] find me",
        "[listening ...] find me a talk",
        "you:  find me a talk",
        "[listening ...]",
    ]


def test_in_a_file_there_are_whole_lines_and_no_partials() -> None:
    out = io.StringIO()
    screen = Screen(out)
    screen.phase(Phase.LISTENING)
    screen.partial("find me")
    screen.heard("find me a talk")
    screen.end()
    assert out.getvalue() == "[listening ...]\nyou:  find me a talk\n"


@given(text=st.text())
def test_what_comes_from_outside_cannot_steer_the_terminal(text: str) -> None:
    out = io.StringIO()
    screen = Screen(out)
    screen.heard(text)
    screen.answer(text, (Card(item="talk-1", title=text, subtitle=text),))
    screen.player(Playback.FAILED, Play(item="talk-1", title=text, creator=text, url="/"), text)
    screen.problem(text)
    assert all(character.isprintable() or character == "\n" for character in out.getvalue())
    assert out.getvalue().count("\n") == 5
