"""Rasa as the service sees it: start it, understand texts, take turns, stop it."""

from __future__ import annotations

import secrets
import time
from collections.abc import Sequence
from pathlib import Path

from assistant.dialogue.client import OnAction, OnResponse, WorkerClient
from assistant.dialogue.errors import DialogueError
from assistant.dialogue.messages import DialogueTurn, Json, read_understanding
from assistant.dialogue.supervisor import Command, Supervisor, WorkerStatus
from skills.face import Face
from skills.skill import Understanding

ROOT = Path(__file__).parents[2]
TURN_TIMEOUT = 10.0
"""Seconds for a turn, waiting for its place in the conversation included."""


class Dialogue:
    """Understanding and dialogue by Rasa in its own process.

    `on_action` runs what Rasa decides on; `on_response` words what Rasa says. Both run in the caller's event loop while
    the turn waits. Turns of one conversation are taken in the order they were asked for. The
    worker remembers the `max_conversations` used last.
    """

    def __init__(
        self,
        *,
        rasa_python: Path,
        model: Path,
        socket_dir: Path,
        on_action: OnAction,
        on_response: OnResponse,
        max_conversations: int = 2_000,
    ) -> None:
        self._socket = socket_dir / "rasa.sock"
        self._token = secrets.token_urlsafe(32)
        self._on_action = on_action
        self._on_response = on_response
        self._client: WorkerClient | None = None
        paths = ("--model", str(model.resolve()), "--socket", str(self._socket))
        arguments = ("-m", "assistant.rasa_worker", *paths, "--max-conversations", str(max_conversations))
        # One thread: a turn is short, and the other processes of the machine want the rest.
        environment = {"SORI_WORKER_TOKEN": self._token, "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
        self._supervisor = Supervisor(Command((str(rasa_python), *arguments), environment, ROOT), self._connect)

    @property
    def state(self) -> WorkerStatus:
        """The worker's state, process id, number of restarts and last log lines."""
        return self._supervisor.status

    async def start(self) -> None:
        """Start the worker and return when it serves; raises DialogueError where it does not."""
        await self._supervisor.start()

    async def ready(self, timeout_s: float) -> None:
        """Wait until the worker serves (again); raises DialogueError('dialogue_unavailable') after the time."""
        await self._supervisor.settled(timeout_s)

    async def stop(self) -> None:
        """End the worker; turns under way fail with 'dialogue_unavailable'."""
        await self._supervisor.stop()
        if self._client is not None:
            await self._client.close()
            self._client = None

    async def turn(
        self,
        conversation: str,
        text: str,
        metadata: Json | None = None,
        timeout_s: float = TURN_TIMEOUT,
        face: Face = Face.MEDIA,
    ) -> DialogueTurn:
        """Take one turn. `metadata` comes back with each call to an action or a response.

        Raises DialogueError: its codes are listed there; the retryable ones left the conversation as it was, save that
        an action may already have run.
        """
        started = time.perf_counter()
        request: Json = {
            "op": "turn",
            "conversation": conversation,
            "text": text,
            "face": face.value,
            "metadata": metadata or {},
            "timeout_ms": timeout_s * 1_000,
        }
        answer = await self._connected().request(request, timeout_s)
        return DialogueTurn.from_frame(answer, (time.perf_counter() - started) * 1_000)

    async def understand(
        self, texts: Sequence[str], timeout_s: float = TURN_TIMEOUT, face: Face = Face.MEDIA
    ) -> tuple[Understanding, ...]:
        """What is understood of each of at most ten texts outside any conversation; raises DialogueError.

        Changes nothing. Texts understood together take half the time of one after the other.
        """
        answer = await self._connected().request(
            {"op": "understand", "texts": list(texts), "face": face.value}, timeout_s
        )
        return tuple(read_understanding(frame) for frame in answer["understandings"])

    async def forget(self, conversation: str, timeout_s: float = TURN_TIMEOUT) -> None:
        """Have the worker drop what it remembers of a conversation; raises DialogueError."""
        await self._connected().request({"op": "forget", "conversation": conversation}, timeout_s)

    async def remembered(self, timeout_s: float = TURN_TIMEOUT) -> int:
        """How many conversations the worker remembers, which also shows that it answers; raises DialogueError."""
        answer = await self._connected().request({"op": "ping"}, timeout_s)
        return int(answer["conversations"])

    async def _connect(self) -> None:
        self._client = await WorkerClient.connect(
            self._socket, self._token, self._on_action, self._on_response, on_lost=self._supervisor.lost
        )

    def _connected(self) -> WorkerClient:
        if self._client is None or not self._client.connected:
            raise DialogueError("dialogue_unavailable", f"Rasa's worker is {self.state.state.value}")
        return self._client
