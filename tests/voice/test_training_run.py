"""A whole training, small and real: from sentences to a model that Vosk loads and hears them with."""

from __future__ import annotations

import subprocess
import sys
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch

from tests.voice.tiny_training import RECIPE, SENTENCES, VOCABULARY, VOICES, train_tiny
from voice.acoustic_model import SUBSAMPLING, AcousticModel
from voice.audio import Audio
from voice.errors import ModelError
from voice.models import SHIPPED
from voice.pocketsphinx_engine import PocketsphinxRecogniser
from voice.recogniser import RATE
from voice.training.adaptation import LEAST_AGREED, Synthetic, adapt
from voice.training.adapting import adapt_folder, read_recordings
from voice.training.batches import load_clips
from voice.training.errors import TrainingError
from voice.training.network import Network
from voice.training.publishing import ACOUSTIC, publish
from voice.training.synthesis import Line, speak
from voice.training.train import FINE_TUNING
from voice.training.versions import keep_version, restore_version
from voice.vosk_engine import VoskRecogniser


def quiet(*_: object) -> None:
    """Progress nobody looks at."""


@pytest.fixture(scope="module")
def work(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("training")


@pytest.fixture(scope="module")
def model(work: Path) -> AcousticModel:
    return train_tiny(work, quiet)


@pytest.fixture(scope="module")
def folder(model: AcousticModel, work: Path) -> Path:
    publish(model, VOCABULARY, work / "vosk")
    return work / "vosk"


def spoken(text: str) -> Audio:
    (sound,) = speak([Line(text, VOICES[0], tract=1.0, stretch=1.0, pitch=1.0, swing=20.0)])
    silence = np.random.default_rng(1).normal(0, 3, RATE // 2)
    return Audio(np.concatenate([silence, sound * 20_000, silence]).astype(np.int16), RATE)


def test_shipped_model_learns_a_domain_that_vosk_then_hears(work: Path, tmp_path: Path) -> None:
    learnt = train_tiny(
        work, quiet, replace(FINE_TUNING, epochs=2, rate=1e-4), start=AcousticModel.load(SHIPPED / ACOUSTIC)
    )
    publish(learnt, VOCABULARY, tmp_path / "vosk")
    with closing(VoskRecogniser(tmp_path / "vosk", tmp_path / "cache", VOCABULARY)) as recogniser:
        for text in SENTENCES:
            with closing(recogniser.open()) as stream:
                stream.feed(spoken(text).pcm)
                assert stream.finish().text == text
    assert "| parameters |" in (tmp_path / "vosk" / "MODEL.md").read_text()


def test_training_killed_half_way_ends_with_the_same_bytes(model: AcousticModel, tmp_path: Path) -> None:
    model.save(tmp_path / "whole.npz")
    work = tmp_path / "killed"
    _train_until("network", work)
    assert not (work / "model.npz").exists()
    train_tiny(work, quiet).save(tmp_path / "again.npz")
    assert (tmp_path / "again.npz").read_bytes() == (tmp_path / "whole.npz").read_bytes()


def _train_until(step: str, work: Path) -> None:
    """Train in a process of its own that is killed as soon as it says it is past a step."""
    command = [sys.executable, "-m", "tests.voice.tiny_training", str(work)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as training:
        assert training.stdout is not None
        said = any(line.startswith(step) for line in training.stdout)
        training.kill()
    assert said, f"it never came to {step}"


def test_exported_layers_compute_what_the_network_does(model: AcousticModel) -> None:
    features = np.random.default_rng(2).normal(0, 1, (90, 40)).astype(np.float32)
    network = Network(RECIPE.shape, len(model.units), 0.0)
    network.start_from(model.layers)
    network.eval()
    left, right = model.context
    padded = np.pad(features, ((left, right), (0, 0)), mode="edge")[None]
    with torch.no_grad():
        theirs = torch.log_softmax(network(torch.from_numpy(padded)), dim=2)[0].numpy()
    ours = model.log_posteriors(features)
    assert len(ours) == len(features) // SUBSAMPLING
    assert np.allclose(ours, theirs[: len(ours)], atol=1e-3)


def test_saved_model_is_the_same_but_for_the_rounding_of_weights(model: AcousticModel, tmp_path: Path) -> None:
    model.save(tmp_path / "model.npz")
    stored = AcousticModel.load(tmp_path / "model.npz")
    assert stored.units == model.units
    assert stored.context == model.context == (13, 13)
    assert all(
        np.allclose(a.weight, b.weight, rtol=1e-3, atol=1e-6) for a, b in zip(stored.layers, model.layers, strict=True)
    )


@pytest.mark.parametrize("content", [b"", b"no archive", b"PK\x03\x04 broken"])
def test_what_is_no_model_is_said_to_be_none(content: bytes, tmp_path: Path) -> None:
    (tmp_path / "model.npz").write_bytes(content)
    with pytest.raises(ModelError) as caught:
        AcousticModel.load(tmp_path / "model.npz")
    assert caught.value.code == "model_invalid"


def test_adaptation_that_improves_nothing_is_not_kept(model: AcousticModel, work: Path, tmp_path: Path) -> None:
    start = AcousticModel.load(SHIPPED / ACOUSTIC)
    recordings = [spoken(text) for text in SENTENCES * 4]

    def listen(candidate: AcousticModel) -> VoskRecogniser:
        publish(candidate, VOCABULARY, tmp_path / "vosk")
        return VoskRecogniser(tmp_path / "vosk", tmp_path / "cache", VOCABULARY)

    clips = load_clips(sorted(work.glob("features-*/*.npz"))[:1])
    adapted = adapt(
        start,
        recordings,
        listen,
        PocketsphinxRecogniser(tmp_path / "pocketsphinx", VOCABULARY),
        Synthetic(clips, clips[:5]),
        tmp_path / "work",
        recipe=replace(FINE_TUNING, epochs=1, rate=0.0),
        progress=quiet,
    )
    assert adapted.agreed >= LEAST_AGREED
    assert not adapted.improved
    assert adapted.model is start


def test_nothing_is_learnt_from_people_who_were_not_asked(folder: Path, tmp_path: Path) -> None:
    with pytest.raises(TrainingError) as caught:
        adapt_folder(folder, tmp_path, "  ", VOCABULARY, tmp_path / "work", progress=quiet)
    assert caught.value.code == "consent_missing"
    assert not (tmp_path / "work").exists()


def test_folder_without_recordings_is_said_to_have_none(tmp_path: Path) -> None:
    (tmp_path / "broken.wav").write_bytes(b"RIFF")
    with pytest.raises(TrainingError) as caught:
        read_recordings(tmp_path)
    assert caught.value.code == "recordings_missing"


@pytest.fixture
def current(tmp_path: Path) -> Path:
    return tmp_path / "adapted" / "current"


def test_adapted_models_can_be_gone_back_from_one_by_one(model: AcousticModel, folder: Path, current: Path) -> None:
    assert [keep_version(model, folder, current) for _ in range(2)] == [1, 2]
    assert current.resolve().name == "2"
    assert (current / "am" / "final.mdl").is_file()
    assert restore_version(current) == 1
    assert current.resolve().name == "1"
    assert restore_version(current) is None
    assert not current.exists()
    with pytest.raises(TrainingError) as caught:
        restore_version(current)
    assert caught.value.code == "nothing_to_restore"
