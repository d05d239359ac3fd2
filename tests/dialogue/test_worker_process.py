"""The worker as a process: who is let in, what becomes of broken frames, and what follows when it is killed."""

from __future__ import annotations

import asyncio
import os
import signal
import struct
import subprocess
import sys
import time
from pathlib import Path

import pytest

from assistant.dialogue import Dialogue, DialogueError, WorkerState
from assistant.dialogue.client import WorkerClient
from assistant.rasa_worker import frames
from assistant.rasa_worker.frames import MAX_FRAME
from tests.dialogue.conftest import RASA_PYTHON, ROOT, MakeDialogue, Service

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def test_a_wrong_token_is_refused_and_the_worker_goes_on(dialogue: Dialogue, service: Service) -> None:
    for token in ("wrong", "", "ü" * 50):
        with pytest.raises(DialogueError) as caught:
            await WorkerClient.connect(dialogue._socket, token, service.act, service.word, lambda: None)
        assert caught.value.code == "dialogue_refused"
    assert (await dialogue.turn("w-token", "hello")).understanding.intent == "greet"


async def test_a_second_service_is_refused(dialogue: Dialogue, service: Service) -> None:
    with pytest.raises(DialogueError, match="another service"):
        await WorkerClient.connect(dialogue._socket, dialogue._token, service.act, service.word, lambda: None)


async def test_the_socket_is_for_this_user_alone(dialogue: Dialogue) -> None:
    assert dialogue._socket.stat().st_mode & 0o777 == 0o600
    assert dialogue._socket.parent.stat().st_mode & 0o777 == 0o700


@pytest.mark.parametrize(
    "garbage",
    [
        struct.pack(">I", MAX_FRAME + 1) + b"x" * 1000,
        struct.pack(">I", 7) + b"not js}",
        struct.pack(">I", 2) + b"[]",
        struct.pack(">I", 40) + b"cut",
        b"GET / HTTP/1.1\r\n\r\n",
        b"",
    ],
)
async def test_a_stranger_who_sends_garbage_is_shown_out(dialogue: Dialogue, service: Service, garbage: bytes) -> None:
    reader, writer = await asyncio.open_unix_connection(dialogue._socket)
    writer.write(garbage)
    writer.write_eof()
    async with asyncio.timeout(5):
        answer = await reader.read()
    assert b"ready" not in answer
    writer.close()
    assert (await dialogue.turn("w-garbage", "hello")).understanding.intent == "greet"


async def test_broken_frames_within_the_connection_do_not_end_the_worker(dialogue: Dialogue, service: Service) -> None:
    """What is not JSON or not a request gets an error, and the turns on the same line go on."""
    assert dialogue._client is not None
    dialogue._client._writer.write(struct.pack(">I", 3) + b"{!}")
    dialogue._client._writer.write(frames.encode({"op": "result", "call": "no number"}))
    dialogue._client._writer.write(frames.encode({"op": "turn", "id": None}))
    with pytest.raises(DialogueError, match="unknown_op"):
        await dialogue._client.request({"op": "launch"}, 5)
    for broken in (
        {"op": "turn", "conversation": 7, "text": "hello", "face": "media"},
        {"op": "turn", "conversation": "w-broken", "text": "hello", "face": "kitchen"},
        {"op": "understand", "texts": ["hello"], "face": "kitchen"},
        {"op": "understand", "texts": ["hello"]},
    ):
        with pytest.raises(DialogueError, match="bad_request"):
            await dialogue._client.request(broken, 5)
    assert (await dialogue.turn("w-broken", "hello")).understanding.intent == "greet"


async def test_killed_in_mid_turn_the_turn_fails_at_once_and_the_next_one_works(
    make_dialogue: MakeDialogue,
) -> None:
    service = Service()
    dialogue = make_dialogue(service)
    await dialogue.start()
    try:
        service.gate.clear()
        turn = asyncio.create_task(dialogue.turn("k", "find me a talk", timeout_s=30))
        await service.entered.wait()
        pid = dialogue.state.pid
        assert pid is not None
        os.kill(pid, signal.SIGKILL)
        killed = time.monotonic()
        with pytest.raises(DialogueError) as caught:
            await turn
        assert time.monotonic() - killed < 1.0
        assert (caught.value.code, caught.value.retryable) == ("dialogue_unavailable", True)

        with pytest.raises(DialogueError) as while_away:
            await dialogue.turn("k", "hello")
        assert while_away.value.code == "dialogue_unavailable"

        service.gate.set()
        await dialogue.ready(timeout_s=60)
        assert (await dialogue.turn("k", "hello")).understanding.intent == "greet"
        assert (dialogue.state.state, dialogue.state.restarts) == (WorkerState.READY, 1)
        assert dialogue.state.pid not in (None, pid)
    finally:
        started = time.monotonic()
        await dialogue.stop()
    assert time.monotonic() - started < 5
    assert (dialogue.state.state, dialogue.state.pid) == (WorkerState.STOPPED, None)


async def test_a_worker_that_cannot_start_is_given_up_with_its_reason(tmp_path: Path) -> None:
    service, folder = Service(), tmp_path / "s"
    dialogue = Dialogue(
        rasa_python=RASA_PYTHON,
        model=tmp_path / "none.tar.gz",
        socket_dir=folder,
        on_action=service.act,
        on_response=service.word,
    )
    with pytest.raises(DialogueError, match=r"there is no model at .*none\.tar\.gz"):
        await dialogue.start()


async def test_an_interpreter_that_is_not_there_is_named(tmp_path: Path) -> None:
    service = Service()
    dialogue = Dialogue(
        rasa_python=tmp_path / "python",
        model=tmp_path / "m",
        socket_dir=tmp_path,
        on_action=service.act,
        on_response=service.word,
    )
    with pytest.raises(DialogueError, match=r"tmp.*/python"):
        await dialogue.start()


async def test_no_worker_outlives_a_service_that_is_killed(model: Path, tmp_path: Path) -> None:
    """The service gets no chance to say goodbye: the worker notices that the pipe it holds is closed."""
    script = f"""
import asyncio
from pathlib import Path
from assistant.dialogue import Dialogue

async def main():
    never = asyncio.Event()
    dialogue = Dialogue(rasa_python=Path({str(RASA_PYTHON)!r}), model=Path({str(model)!r}),
                        socket_dir=Path({str(tmp_path / "s")!r}), on_action=None, on_response=None)
    await dialogue.start()
    print(dialogue.state.pid, flush=True)
    await never.wait()

asyncio.run(main())
"""
    with subprocess.Popen([sys.executable, "-c", script], cwd=ROOT, stdout=subprocess.PIPE, text=True) as starter:
        assert starter.stdout is not None
        worker = int(await asyncio.to_thread(starter.stdout.readline))
        handle = os.pidfd_open(worker)
        starter.kill()
    ended = asyncio.Event()
    asyncio.get_running_loop().add_reader(handle, ended.set)
    try:
        async with asyncio.timeout(5):
            await ended.wait()
    finally:
        asyncio.get_running_loop().remove_reader(handle)
        os.close(handle)
