"""What a service does when its parts die, when it is told to stop, and when it cannot start."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx
import psutil
import pytest

from assistant.running import ServiceLock, find_running
from tests.service.listener import listening
from tests.service.running import DATA, SORI, Running, eventually, running_service
from tests.service.speech import FOUND, QUESTION

TURNS = "/api/v1/turns"
RASA, VOICE = "assistant.rasa_worker", "voice.synthesis_worker"
TURN_TIMEOUT_S = 3
AGAIN_WITHIN_S = 60
GONE_WITHIN_S = 10
REFUSED_WITHIN_S = 45


@pytest.fixture(scope="module")
def data_dir(service: Running, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A prepared data directory of its own: what may break here disturbs nobody else."""
    copy = tmp_path_factory.mktemp("own") / "data"
    shutil.copytree(service.data_dir, copy, ignore=shutil.ignore_patterns("run", "sori.db*", "secret.key"))
    return copy


@pytest.fixture(scope="class")
def own(data_dir: Path) -> Iterator[Running]:
    """A service to be broken; every test leaves it mended."""
    with running_service(data_dir, environment={"SORI_TURN_TIMEOUT_S": str(TURN_TIMEOUT_S)}) as running:
        yield running


def ask(service: Running, text: str = QUESTION) -> httpx.Response:
    with service.http as http:
        return http.post(TURNS, json={"text": text})


def well(service: Running) -> None:
    eventually(lambda: service.health()["status"] == "ok", AGAIN_WITHIN_S, "the service is well again")
    assert ask(service).json()["reply"]["cards"][0]["title"] == FOUND


class TestPartsThatDie:
    def test_rasa_killed_in_mid_turn(self, own: Running) -> None:
        """The turn ends at once with an apology; until Rasa is back, every turn and /health say so plainly."""
        rasa = own.child(RASA)
        with ThreadPoolExecutor() as threads:
            rasa.suspend()
            turn = threads.submit(ask, own)
            eventually(lambda: rasa.net_connections("unix"), 5, "Rasa has the service's connection")
            rasa.kill()
            started = time.monotonic()
            response = turn.result()
        assert time.monotonic() - started < TURN_TIMEOUT_S
        assert response.status_code == 503
        assert response.json()["failure"]["code"] == "dialogue_unavailable"
        assert "sorry" in response.json()["reply"]["speech"]

        with own.http as http:
            health = http.get("/health")
            assert (health.status_code, health.json()["status"]) == (503, "degraded")
            assert health.json()["parts"]["storage"] == "ready"
            assert http.get("/").status_code == 200
        away = ask(own)
        assert (away.status_code, away.json()["failure"]["code"]) == (503, "dialogue_unavailable")
        well(own)
        assert own.metric("sori_dialogue_restarts") == 1
        assert own.child(RASA).pid != rasa.pid

    async def test_rasa_hangs_and_the_apology_is_spoken(self, own: Running) -> None:
        rasa = own.child(RASA)
        async with listening(own) as listener:
            rasa.suspend()
            try:
                started = time.monotonic()
                reply = await listener.ask(QUESTION)
                assert time.monotonic() - started < TURN_TIMEOUT_S + 5
            finally:
                rasa.resume()
            assert "sorry" in reply["speech"]
            assert any(message["type"] == "chunk" for message in listener.received)
            assert (await listener.ask(QUESTION))["cards"][0]["title"] == FOUND
        assert own.metric("sori_turns_total", failure="dialogue_timeout") == 1

    async def test_the_voice_killed_before_a_reply_and_in_the_middle_of_one(self, own: Running) -> None:
        async with listening(own) as listener:
            await listener.ask("help")
            own.child(VOICE).kill()
            await listener.ask("help")
            await listener.send("text", text=QUESTION)
            await listener.until("audio_begin")
            own.child(VOICE).kill()
            await listener.until("audio_end", completed=True)
        assert listener.kinds.count("audio_end") == 3


class TestStops:
    def test_killed_it_leaves_no_child_and_ctrl_c_stops_every_one(self, data_dir: Path) -> None:
        """And after being killed, it starts again on the same data."""
        with running_service(data_dir) as killed:
            children = killed.children()
            assert len(children) >= 2
            killed.process.kill()
            _, alive = psutil.wait_procs(children, timeout=GONE_WITHIN_S)
            assert alive == []
        with running_service(data_dir) as stopped:
            well(stopped)
            children = stopped.children()
            stopped.process.send_signal(signal.SIGINT)
            assert stopped.process.wait(GONE_WITHIN_S) == 0
            _, alive = psutil.wait_procs(children, timeout=1)
            assert alive == []
        assert "Traceback" not in "".join(stopped.said)


def test_looking_for_a_service_never_stops_one_from_starting(tmp_path: Path) -> None:
    """`./sori ask` looks again and again while the service that it started takes the lock."""
    with ThreadPoolExecutor() as threads:
        looking = threads.submit(lambda: [find_running(tmp_path) for _ in range(2_000)])
        while not looking.done():
            with ServiceLock(tmp_path):
                pass
        assert not any(looking.result())


class TestStartsThatFail:
    def test_a_busy_port(self, tmp_path: Path) -> None:
        """Said at once, before anything is trained."""
        with socket.create_server(("127.0.0.1", 0)) as taken:
            port = taken.getsockname()[1]
            said = refused("--port", str(port), "--data-dir", str(tmp_path / "new"))
        assert f"port {port} on 127.0.0.1 is taken" in said
        assert "--port" in said

    def test_an_address_of_another_machine(self, tmp_path: Path) -> None:
        assert "192.0.2.1" in refused("--host", "192.0.2.1", "--port", "0", "--data-dir", str(tmp_path / "new"))

    def test_a_second_service_is_told_where_the_first_one_is(self, service: Running) -> None:
        said = refused("--port", "0", "--data-dir", str(DATA))
        assert service.url in said
        assert str(service.process.pid) in said
        assert service.health()["status"] == "ok"

    def test_a_data_directory_that_cannot_be_written(self, tmp_path: Path) -> None:
        (tmp_path / "file").touch()
        for place in ("/proc/sori", tmp_path / "file" / "data", tmp_path / "file"):
            assert f"the data directory {place} cannot be written" in refused("--port", "0", "--data-dir", str(place))

    @pytest.mark.parametrize(
        ("toml", "named"),
        [
            ("port = ", "not valid TOML"),
            ("prot = 8000", "Did you mean port?"),
            ("port = 70000", "70000"),
            ('voice_rate_wpm = "fast"', "voice_rate_wpm"),
            ('log_level = "loud"', "log_level"),
        ],
    )
    def test_a_broken_settings_file(self, tmp_path: Path, toml: str, named: str) -> None:
        settings = tmp_path / "sori.toml"
        settings.write_text(toml)
        said = refused("--data-dir", str(tmp_path / "new"), environment={"SORI_SETTINGS": str(settings)})
        assert named in said
        assert str(settings) in said

    @pytest.mark.parametrize(
        ("variable", "value", "named"),
        [("SORI_PROT", "80", "Did you mean SORI_PORT?"), ("SORI_TURN_TIMEOUT_S", "0", "SORI_TURN_TIMEOUT_S is '0'")],
    )
    def test_a_wrong_variable(self, variable: str, value: str, named: str) -> None:
        assert named in refused(environment={variable: value})

    def test_a_full_disk(self, data_dir: Path, tmp_path: Path) -> None:
        """Everything but the index is there, and the index does not fit."""
        kept = ("models", "rasa", "recordings")
        room = sum(file.stat().st_blocks * 512 for name in kept for file in (data_dir / name).rglob("*")) + 400_000
        disk = tmp_path / "disk"
        disk.mkdir()
        mounted = subprocess.run(
            ["mount", "-t", "tmpfs", "-o", f"size={room}", "tmpfs", disk], capture_output=True, check=False
        )
        if mounted.returncode:
            pytest.skip(f"a small disk cannot be mounted here: {mounted.stderr.decode().strip()}")
        try:
            for name in kept:
                shutil.copytree(data_dir / name, disk / name)
            said = refused("--port", "0", "--data-dir", str(disk))
            assert "full" in said or "No space left" in said
        finally:
            subprocess.run(["umount", "--lazy", disk], check=True)


def refused(*arguments: str, environment: Mapping[str, str] | None = None) -> str:
    """A start that fails with status 1 and a message, which is returned, instead of a traceback."""
    done = subprocess.run(
        [SORI, "demo", *arguments],
        capture_output=True,
        text=True,
        timeout=REFUSED_WITHIN_S,
        check=False,
        env={**os.environ, **(environment or {})},
    )
    message = done.stderr.strip().splitlines()
    assert done.returncode == 1, done.stderr
    assert "Traceback" not in done.stderr
    assert len(message) == 1, done.stderr
    assert message[0].startswith("sori: ")
    return message[0]
