"""The process that speaks: pyttsx3 with the synchronous eSpeak driver, driven over a pipe.

It is its own interpreter, because eSpeak is not thread-safe and a crash in it must not take the service along. It
imports little, so that it starts fast. It ends when its pipe does, so it never outlives its parent.
"""

from __future__ import annotations

import signal
import sys
from multiprocessing.connection import Connection
from typing import Any

import pyttsx3

from voice import espeak_driver
from voice.errors import SynthesisError
from voice.synthesis_messages import Done, Failed, Ready, Sound, Speak, Stop


class Speaker:
    """Answers the messages of one pipe."""

    def __init__(self, pipe: Connection) -> None:
        self._pipe = pipe
        self._engine: Any = pyttsx3.init(espeak_driver.register())
        self._driver = self._engine.proxy._driver
        self._errors: list[Exception] = []
        self._engine.connect("error", self._note_error)
        pipe.send(Ready(self._driver.sample_rate))

    def serve(self) -> None:
        """Speak until the other end is gone."""
        while True:
            message = self._pipe.recv()
            if isinstance(message, Speak):
                self._pipe.send(self._speak(message))

    def _note_error(self, exception: Exception, **_: object) -> None:
        self._errors.append(exception)

    def _speak(self, order: Speak) -> Done | Failed:
        def receive(pcm: bytes, words: list[tuple[int, int, int]]) -> bool:
            marks = tuple((order.text[start : start + length], start, at) for start, length, at in words)
            if pcm or marks:
                self._pipe.send(Sound(pcm, marks))
            return not (self._pipe.poll() and isinstance(self._pipe.recv(), Stop))

        self._errors.clear()
        self._driver.listener = receive
        for name in ("voice", "rate", "volume"):
            if self._driver.getProperty(name) != getattr(order, name):
                self._engine.setProperty(name, getattr(order, name))
        self._engine.say(order.text)
        self._engine.runAndWait()
        if not self._errors:
            return Done()
        error = self._errors[0]
        if isinstance(error, SynthesisError):
            return Failed(error.code, error.message, error.retryable)
        return Failed("synthesis_failed", f"Speech could not be made: {error}", retryable=True)


def main(descriptor: int) -> None:
    """Serve the pipe given as an inherited file descriptor."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the parent, which then closes the pipe
    with Connection(descriptor) as pipe:
        try:
            Speaker(pipe).serve()
        except (EOFError, BrokenPipeError, ConnectionResetError):
            return


if __name__ == "__main__":
    main(int(sys.argv[1]))
