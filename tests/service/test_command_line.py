"""The command line as a user runs it."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path

import pytest

from tests.service.running import DATA, SORI, Running
from tests.service.speech import FOUND, QUESTION, RATE, encoded, in_a_room, loudness, samples, say

WITHIN_S = 60
COMMANDS = {
    "demo": "--port",
    "ask": "conversation",
    "hear": "ANSWER.wav",
    "talk": "microphone",
    "models": "Vosk",
    "index": "snapshot",
    "doctor": "missing or wrong",
    "test": "pytest",
}


def sori(
    *arguments: str | Path, given: bytes = b"", environment: Mapping[str, str] | None = None, command: Path = SORI
) -> subprocess.CompletedProcess[bytes]:
    """Run `./sori` to its end."""
    return subprocess.run(
        [command, *arguments],
        input=given,
        capture_output=True,
        timeout=WITHIN_S,
        check=False,
        env={**os.environ, **(environment or {})},
    )


def failed(done: subprocess.CompletedProcess[bytes], *named: str) -> None:
    """Exit status 1 and one clear message on standard error."""
    said = done.stderr.decode()
    assert done.returncode == 1, said
    assert said.startswith("sori: ")
    assert "Traceback" not in said
    assert done.stdout == b""
    for name in named:
        assert name in said


class TestHelp:
    def test_no_argument_shows_what_there_is(self) -> None:
        done = sori()
        assert done.returncode == 0
        for command in COMMANDS:
            assert f"\n    {command} " in done.stdout.decode()
        assert sori("--help").stdout == done.stdout

    @pytest.mark.parametrize("command", COMMANDS)
    def test_every_command_explains_itself(self, command: str) -> None:
        done = sori(command, "--help")
        assert done.returncode == 0
        assert COMMANDS[command] in done.stdout.decode()

    @pytest.mark.parametrize(
        "arguments", [["--loud"], ["demo", "--loud"], ["dance"], ["demo", "--port", "many"], ["hear"], ["ask", "--js"]]
    )
    def test_what_does_not_exist_is_a_usage_error(self, arguments: list[str]) -> None:
        done = sori(*arguments)
        assert done.returncode == 2
        assert b"usage: ./sori" in done.stderr
        assert done.stdout == b""


@pytest.mark.usefixtures("service")
class TestAsk:
    def test_once(self) -> None:
        done = sori("ask", "--data-dir", DATA, *QUESTION.split())
        assert done.returncode == 0, done.stderr
        assert f"1. {FOUND}" in done.stdout.decode()
        assert f"[player: play {FOUND}]" in done.stdout.decode()

    def test_json_is_the_whole_turn(self) -> None:
        turn = json.loads(sori("ask", "--json", "--data-dir", DATA, QUESTION).stdout)
        assert turn["transcript"] == QUESTION
        assert turn["alternatives"] == [{"text": QUESTION, "confidence": 1.0}]
        assert turn["understanding"]["intent"] == "find_media"
        assert turn["understanding"]["entities"]
        assert turn["reply"]["cards"][0]["title"] == FOUND
        assert turn["trace"]["stages_ms"]

    def test_lines_through_a_pipe_are_one_conversation(self) -> None:
        lines = f"{QUESTION}\nthe second one\n".encode()
        done = sori("ask", "--json", "--data-dir", DATA, given=lines)
        decoder, rest, turns = json.JSONDecoder(), done.stdout.decode().strip(), []
        while rest:
            turn, end = decoder.raw_decode(rest)
            turns.append(turn)
            rest = rest[end:].strip()
        first, second = turns
        assert second["reply"]["directives"][0]["item"] == first["reply"]["cards"][1]["item"]

    def test_a_reader_that_leaves_early_is_no_error(self) -> None:
        done = subprocess.run(
            f'"{SORI}" ask --json --data-dir "{DATA}" help | head -c 1',
            shell=True,
            capture_output=True,
            timeout=WITHIN_S,
            check=False,
        )
        assert (done.stdout, done.stderr) == (b"{", b"")

    def test_too_long_a_question_is_refused(self) -> None:
        failed(sori("ask", "--data-dir", DATA, "x" * 1001), "text")


@pytest.mark.usefixtures("service")
class TestHear:
    def test_speech_of_another_engine_finds_the_item(self, tmp_path: Path) -> None:
        """From a recording to a spoken answer."""
        question, answer = tmp_path / "question.wav", tmp_path / "answer.wav"
        question.write_bytes(say())
        done = sori("hear", question, "-o", answer, "--data-dir", DATA)
        assert done.returncode == 0, done.stderr
        assert f'Heard: "{QUESTION}"' in done.stdout.decode()
        assert f"1. {FOUND}" in done.stdout.decode()
        spoken = samples(answer.read_bytes())
        assert loudness(spoken) > 300
        assert len(spoken) > 2 * RATE

    def test_standard_input_in_another_format(self) -> None:
        recording = encoded(in_a_room(say(), before=0.3, after=0.3), "mp3", "libmp3lame", RATE)
        turn = json.loads(sori("hear", "-", "--json", "--data-dir", DATA, given=recording).stdout)
        assert turn["transcript"] == QUESTION
        assert turn["alternatives"][0]["confidence"] > 0
        assert turn["reply"]["cards"][0]["title"] == FOUND
        assert "recognition" in turn["trace"]["stages_ms"]
        assert "audio" not in turn

    def test_what_cannot_be_heard_leaves_no_answer(self, tmp_path: Path) -> None:
        """A message that names the file, status 1, and nothing written, not even half."""
        (tmp_path / "empty.wav").touch()
        (tmp_path / "letter.wav").write_text("Dear Sori, " * 100)
        (tmp_path / "broken.wav").write_bytes(say()[:60])
        before = sorted(tmp_path.iterdir())
        for name in ("missing.wav", "empty.wav", "letter.wav", "broken.wav", "."):
            path = tmp_path / name
            failed(sori("hear", path, "-o", tmp_path / "answer.wav", "--data-dir", DATA), str(path))
        failed(sori("hear", "-", "-o", tmp_path / "answer.wav", "--data-dir", DATA), "empty")
        assert sorted(tmp_path.iterdir()) == before

    def test_an_answer_that_cannot_be_written_is_said_before_asking(self, tmp_path: Path) -> None:
        question = tmp_path / "question.wav"
        question.write_bytes(say())
        failed(sori("hear", question, "-o", tmp_path / "no" / "answer.wav", "--data-dir", DATA), "answer.wav")


class TestAround:
    def test_doctor(self, service: Running) -> None:
        done = sori("doctor", "--data-dir", DATA)
        assert done.returncode == 0, done.stdout
        assert "running" in done.stdout.decode()
        findings = json.loads(sori("doctor", "--json", "--data-dir", DATA).stdout)
        assert {finding["subject"] for finding in findings} >= {"Python", "disk", "settings", "dialogue model", "index"}
        assert all(finding["state"] in ("ok", "note", "missing") for finding in findings)

    def test_doctor_names_a_wrong_setting(self) -> None:
        done = sori("doctor", environment={"SORI_PORT": "high"})
        assert done.returncode == 1
        assert "SORI_PORT is 'high'" in done.stdout.decode()

    def test_models(self, tmp_path: Path) -> None:
        done = sori("models", "--data-dir", tmp_path)
        assert done.returncode == 0
        assert "pocketsphinx" in done.stdout.decode()
        failed(sori("models", "--data-dir", tmp_path, "klingon"), "klingon", "pocketsphinx")
        assert sori("models", "--data-dir", tmp_path, "pocketsphinx").returncode == 0
        assert "* pocketsphinx" in sori("models", "--data-dir", tmp_path).stdout.decode()

    def test_without_python_3_11_it_says_where_to_get_one(self, tmp_path: Path) -> None:
        """With nothing around but the tools of a bare system."""
        tools = tmp_path / "bin"
        tools.mkdir()
        for tool in ("sh", "cat", "dirname", "readlink"):
            (tools / tool).symlink_to(shutil.which(tool) or tool)
        script = tmp_path / "clone" / "sori"
        script.parent.mkdir()
        shutil.copy(SORI, script)
        done = subprocess.run(
            [script, "demo"],
            capture_output=True,
            timeout=WITHIN_S,
            check=False,
            env={"PATH": str(tools), "HOME": str(tmp_path)},
        )
        failed(done, "Python 3.11 was not found", "apt install python3.11", "SORI_PYTHON")
