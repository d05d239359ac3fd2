"""What training hears is what Vosk hears, spoiled within bounds, with every frame labelled."""

from __future__ import annotations

import itertools
from pathlib import Path

import kaldi_native_fbank as knf
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.voice.tiny_training import VOICES
from voice.acoustic_model import LOG_MELS
from voice.features import BINS, GLOBAL_FRAMES, WINDOW, frame_count, log_mels, running_cmn
from voice.pronounce import dictionary_lines
from voice.recogniser import Vocabulary
from voice.training.alignment import Aligner
from voice.training.augmentation import FULL_SCALE, QUIETEST_DB, at_level, mixed, spoil
from voice.training.noises import coloured_noise, not_speech
from voice.training.speech import NO_PHONE, PHONES, labels
from voice.training.synthesis import Line, speak
from voice.training.texts import MAX_WORDS, utterances
from voice.training.units import choose_units, count_pairs, unit_table

TEXT = "play some jazz and stop"
seeds = st.integers(0, 2**32)


@pytest.fixture(scope="module")
def clip() -> np.ndarray:
    (sound,) = speak([Line(TEXT, VOICES[0], tract=1.0, stretch=1.0, pitch=1.0, swing=20.0)])
    quiet = np.random.default_rng(1).normal(0, 3, 8_000)
    return np.concatenate([quiet, sound * 20_000, quiet]).astype(np.int16)


def kaldi(samples: np.ndarray) -> np.ndarray:
    options = knf.FbankOptions()
    options.frame_opts.samp_freq = float(LOG_MELS["sample-frequency"])
    options.frame_opts.dither = float(LOG_MELS["dither"])
    options.mel_opts.num_bins = int(LOG_MELS["num-mel-bins"])
    options.mel_opts.low_freq = float(LOG_MELS["low-freq"])
    options.mel_opts.high_freq = float(LOG_MELS["high-freq"])
    options.use_energy = False
    bank = knf.OnlineFbank(options)
    bank.accept_waveform(16_000, samples.astype(np.float32).tolist())
    bank.input_finished()
    return np.array([bank.get_frame(index) for index in range(bank.num_frames_ready)])


def test_log_mels_are_kaldis(clip: np.ndarray) -> None:
    theirs, ours = kaldi(clip), log_mels(clip)
    assert ours.shape == theirs.shape == (frame_count(len(clip)), BINS)
    assert np.abs(ours - theirs).max() < 2e-3


@given(samples=st.integers(0, 1_200))
def test_frames_are_those_that_fit(samples: int) -> None:
    assert len(log_mels(np.ones(samples))) == frame_count(samples)


@settings(max_examples=10, deadline=None)
@given(seed=seeds, frames=st.integers(1, 900))
def test_running_mean_is_that_of_the_window_topped_up_with_the_global_one(seed: int, frames: int) -> None:
    dice = np.random.default_rng(seed)
    features, mean = dice.normal(5, 3, (frames, BINS)).astype(np.float32), dice.normal(5, 1, BINS)
    found = running_cmn(features, mean)
    for frame in {0, frames // 2, frames - 1}:
        window = features[max(0, frame + 1 - WINDOW) : frame + 1].astype(np.float64)
        lent = min(WINDOW - len(window), GLOBAL_FRAMES)
        expected = (window.sum(axis=0) + lent * mean) / (len(window) + lent)
        assert np.allclose(found[frame], features[frame] - expected, atol=1e-3)


@settings(max_examples=15, deadline=None)
@given(seed=seeds)
def test_spoiled_sound_keeps_its_length_and_its_scale(clip: np.ndarray, seed: int) -> None:
    dice = np.random.default_rng(seed)
    sound = (clip / FULL_SCALE).astype(np.float32)
    heard = at_level(spoil(sound, [sound, not_speech(16_000, dice)], dice), dice)
    assert len(heard) == len(clip)
    assert np.isfinite(heard).all()
    assert FULL_SCALE * 10 ** (QUIETEST_DB / 20) - 1 <= np.abs(heard).max() <= FULL_SCALE
    assert (heard == np.round(heard)).all()


@given(snr_db=st.floats(-5, 40), seed=seeds)
@settings(max_examples=10, deadline=None)
def test_background_lies_as_far_below_as_was_asked(clip: np.ndarray, snr_db: float, seed: int) -> None:
    sound = (clip / FULL_SCALE).astype(np.float32)
    noise = coloured_noise(len(sound), np.random.default_rng(seed))
    added = mixed(sound, noise, snr_db).astype(np.float64) - sound
    assert 10 * np.log10((sound.astype(np.float64) ** 2).mean() / (added**2).mean()) == pytest.approx(snr_db, abs=0.1)


def test_alignment_covers_the_clip_in_order_and_says_the_words(clip: np.ndarray, tmp_path: Path) -> None:
    dictionary = tmp_path / "words.dict"
    dictionary.write_text("\n".join(dictionary_lines(TEXT.split())) + "\n")
    aligner = Aligner(dictionary)
    segments = aligner.align(clip, TEXT)
    assert segments is not None
    assert segments[0].start == 0
    assert all(before.end == after.start for before, after in itertools.pairwise(segments))
    assert frame_count(len(clip)) - segments[-1].end <= 2
    assert " ".join(segment.phone for segment in segments if segment.phone != "SIL").startswith("P L EY S AH M JH AE Z")
    assert [segment.previous for segment in segments if segment.phone == "EY"] == ["L"]
    phone, previous = labels(segments, frame_count(len(clip)))
    assert PHONES[phone[20]] == "SIL"
    assert previous[20] == NO_PHONE
    assert aligner.align(clip, "basket of shoes " * 20) is None


def test_units_are_phones_and_the_pairs_heard_often_enough() -> None:
    phone = np.array([0, 5, 5, 7, 7, 7], np.uint8)
    previous = np.array([NO_PHONE, NO_PHONE, NO_PHONE, 5, 5, 5], np.uint8)
    units = choose_units(count_pairs(phone, previous), least=3)
    assert units == (*PHONES, f"{PHONES[5]}-{PHONES[7]}")
    targets = unit_table(units)[previous, phone]
    assert [units[target] for target in targets] == ["SIL", "AW", "AW", "AW-B", "AW-B", "AW-B"]


def test_every_word_is_said_about_equally_often() -> None:
    said = utterances(Vocabulary.of("play " * 40), ["one", "two", "three"], 400, seed=1, random_share=0.5)
    counts = {word: sum(text.count(word) for text in said) for word in ("one", "two", "three")}
    assert max(counts.values()) - min(counts.values()) <= 1
    assert all(1 <= len(text) <= MAX_WORDS for text in said)
    assert said == utterances(Vocabulary.of("play " * 40), ["one", "two", "three"], 400, seed=1, random_share=0.5)
