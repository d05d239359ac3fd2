"""Real parts: Rasa's own environment, a model that is really trained (once; later runs find it), the real worker."""

from __future__ import annotations

import asyncio
import json
import subprocess
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from pathlib import Path

import pytest
import pytest_asyncio

from assistant.dialogue import ActionCall, ActionResult, Dialogue, ResponseCall

ROOT = Path(__file__).parents[2]
RASA_PYTHON = ROOT / ".envs" / "rasa" / "bin" / "python"
TRAINING_LIMIT = 600


@pytest.fixture(scope="session")
def model() -> Path:
    """The model for the present training data."""
    data = ROOT / "data" / "test"  # where the service tests train too: once is enough
    command: list[str | Path] = [RASA_PYTHON, "-m", "assistant.rasa_worker.train", "--data-dir", data]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=TRAINING_LIMIT)
    assert done.returncode == 0, done.stderr[-2000:]
    return Path(json.loads(done.stdout.splitlines()[-1])["model"])


@dataclass
class Service:
    """Stands where the service stands: notes what Rasa asks of it, and can be told to take its time over an action."""

    actions: list[ActionCall] = field(default_factory=list)
    responses: list[ResponseCall] = field(default_factory=list)
    entered: asyncio.Event = field(default_factory=asyncio.Event)
    gate: asyncio.Event = field(default_factory=asyncio.Event)
    events: list[dict[str, object]] = field(default_factory=list)
    failure: Exception | None = None

    def __post_init__(self) -> None:
        self.gate.set()

    async def act(self, call: ActionCall) -> ActionResult:
        self.actions.append(call)
        self.entered.set()
        await self.gate.wait()
        if self.failure is not None:
            raise self.failure
        return ActionResult(list(self.events))

    async def word(self, call: ResponseCall) -> str:
        self.responses.append(call)
        return call.variants[0]

    def reset(self) -> None:
        self.__init__()  # type: ignore[misc]


MakeDialogue = Callable[..., Dialogue]


@pytest.fixture(scope="session")
def make_dialogue(model: Path, tmp_path_factory: pytest.TempPathFactory) -> MakeDialogue:
    def make(service: Service, **options: int) -> Dialogue:
        folder = tmp_path_factory.mktemp("socket")
        folder.chmod(0o700)
        return Dialogue(
            rasa_python=RASA_PYTHON,
            model=model,
            socket_dir=folder,
            on_action=service.act,
            on_response=service.word,
            **options,
        )

    return make


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def shared(make_dialogue: MakeDialogue) -> AsyncIterator[tuple[Dialogue, Service]]:
    """One worker for all tests that leave it well."""
    service = Service()
    dialogue = make_dialogue(service, max_conversations=40)
    await dialogue.start()
    yield dialogue, service
    await dialogue.stop()


@pytest.fixture
def service(shared: tuple[Dialogue, Service]) -> Service:
    shared[1].reset()
    return shared[1]


@pytest.fixture
def dialogue(shared: tuple[Dialogue, Service]) -> Dialogue:
    return shared[0]
