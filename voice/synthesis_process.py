"""Keeps the speaking process alive: starts it on demand, and replaces it after a crash or a hang."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from voice.errors import SynthesisError
from voice.synthesis_messages import Done, Failed, Ready, Sound, Speak, Stop

START_TIMEOUT_S = 10.0
SILENCE_TIMEOUT_S = 3.0
"""Longest wait for the next buffer; a healthy worker takes a millisecond."""
END_TIMEOUT_S = 0.3
ATTEMPTS = 2

_ROOT = Path(__file__).resolve().parent.parent


class WorkerLostError(Exception):
    """The worker died, or said nothing for too long."""


class SynthesisProcess:
    """One speaking process and the pipe to it. For one thread at a time, except `close` and `pid`."""

    def __init__(self) -> None:
        self._process: subprocess.Popen[bytes] | None = None
        self._pipe: Connection | None = None
        self._closed = False
        self._lock = threading.Lock()
        self.rate = 0
        """Samples per second; known once the worker has started."""
        self.starts = 0
        """Workers started so far: more than one tells of crashes or hangs."""

    @property
    def pid(self) -> int | None:
        """Process id of a worker that is alive."""
        return self._process.pid if self._process and self._process.poll() is None else None

    def start(self) -> None:
        """Start a worker where none is alive; SynthesisError(`synthesis_unavailable`) where it does not come up."""
        if self.pid is not None:
            return
        self._end()
        ours, theirs = socket.socketpair()
        with self._lock:
            if self._closed:
                ours.close()
                theirs.close()
                raise SynthesisError("synthesis_closed", "Speech synthesis has been shut down", retryable=False)
            with theirs:
                self._process = subprocess.Popen(
                    [sys.executable, "-m", "voice.synthesis_worker", str(theirs.fileno())],
                    pass_fds=[theirs.fileno()],
                    stdin=subprocess.DEVNULL,
                    stdout=subprocess.DEVNULL,
                    env={**os.environ, "PYTHONPATH": str(_ROOT)},
                )
            self._pipe = Connection(ours.detach())
        self.starts += 1
        try:
            ready = self._receive(START_TIMEOUT_S)
        except WorkerLostError as error:
            self._end()
            raise SynthesisError("synthesis_unavailable", f"The speech process did not start: {error}") from error
        assert isinstance(ready, Ready)
        self.rate = ready.rate

    def speak(self, order: Speak, stopped: threading.Event) -> Iterator[Sound]:
        """The sound of one sentence, as it is made; ends early, and stops the worker, once `stopped` is set.

        A worker lost in mid-sentence is replaced and the sentence made again; what was handed out already is left
        out, for the same sentence sounds the same to a few samples. SynthesisError when that fails too.
        """
        heard_bytes = heard_words = 0
        for attempt in range(ATTEMPTS):
            complete = False
            try:
                self.start()
                self._send(order)
                skip_bytes, skip_words = heard_bytes, heard_words
                for sound in self._sounds(stopped):
                    fresh = Sound(sound.pcm[skip_bytes:], sound.words[skip_words:])
                    skip_bytes = max(0, skip_bytes - len(sound.pcm))
                    skip_words = max(0, skip_words - len(sound.words))
                    heard_bytes += len(fresh.pcm)
                    heard_words += len(fresh.words)
                    if fresh.pcm or fresh.words:
                        yield fresh
                complete = True
            except WorkerLostError as error:
                if attempt + 1 == ATTEMPTS:
                    raise SynthesisError("synthesis_failed", f"The speech process failed twice: {error}") from error
            except SynthesisError:
                complete = True  # the worker said so itself, and is well
                raise
            finally:
                if not complete:  # what is still in the pipe must not reach the next sentence
                    self._end()
            if complete:
                return

    def kill(self) -> None:
        """End the worker for good; a sentence under way fails at once. May be called from any thread."""
        with self._lock:
            self._closed = True
            if self._process is not None:
                self._process.kill()

    def close(self) -> None:
        """`kill`, and free what is left, once no other thread speaks."""
        self.kill()
        self._end()

    def _sounds(self, stopped: threading.Event) -> Iterator[Sound]:
        """Everything up to the end of the sentence; nothing more is handed out once `stopped` is set."""
        told = False
        while True:
            if stopped.is_set() and not told:
                self._send(Stop())
                told = True
            message = self._receive(SILENCE_TIMEOUT_S)
            if isinstance(message, Done):
                return
            if isinstance(message, Failed):
                raise SynthesisError(message.code, message.message, retryable=message.retryable)
            if not told:
                yield message

    def _send(self, message: Speak | Stop) -> None:
        try:
            assert self._pipe is not None
            self._pipe.send(message)
        except OSError as error:
            raise WorkerLostError(str(error)) from error

    def _receive(self, timeout_s: float) -> Any:
        try:
            assert self._pipe is not None
            if not self._pipe.poll(timeout_s):
                raise WorkerLostError(f"no answer within {timeout_s:g} s")
            return self._pipe.recv()
        except (EOFError, OSError) as error:
            raise WorkerLostError("it ended") from error

    def _end(self) -> None:
        """Close the pipe, which an idle worker takes as the end, and kill one that does not see it."""
        with self._lock:
            process, pipe = self._process, self._pipe
            self._process = self._pipe = None
        if pipe is not None:
            pipe.close()
        if process is not None:
            try:
                process.wait(END_TIMEOUT_S)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
