"""Tracks over real HTTP, decoded by the real FFmpeg."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from assistant.talk.sound import Sound, SoundEvent, Speech, Spoken, TrackBegan, TrackEnded
from assistant.talk.track import Track
from tests.talk.recording import recording
from tests.talk.scripted_service import scripted_service
from tests.talk.soundcard import loudness, tone

RATE = 16_000
WITHIN_S = 10


@pytest.fixture
async def url() -> AsyncIterator[str]:
    async with scripted_service(
        media={"/media/talk.wav": recording(3), "/media/text.wav": b"no sound" * 100}
    ) as service:
        yield service.url


class Events(asyncio.Queue[SoundEvent]):
    """What a `Sound` notifies, for the event loop."""

    def __init__(self) -> None:
        super().__init__()
        self.loop = asyncio.get_running_loop()

    def notify(self, event: SoundEvent) -> None:
        self.loop.call_soon_threadsafe(self.put_nowait, event)


async def play(sound: Sound, events: Events) -> tuple[list[SoundEvent], NDArray[np.int16]]:
    """Draw from the sound as a device does, until something ends."""
    seen: list[SoundEvent] = []
    played = []
    async with asyncio.timeout(WITHIN_S):
        while not seen or isinstance(seen[-1], TrackBegan):
            played.append(await asyncio.to_thread(sound.fill, 320))
            await asyncio.sleep(0)
            while not events.empty():
                seen.append(events.get_nowait())
    return seen, np.concatenate(played)


async def test_a_track_begins_sounds_and_ends(url: str) -> None:
    events = Events()
    sound = Sound(RATE, events.notify)
    track = Track(f"{url}/media/talk.wav", RATE)
    sound.load(track)
    seen, played = await play(sound, events)
    assert seen == [TrackBegan(track), TrackEnded(track, None)]
    assert track.position_ms == pytest.approx(3_000, abs=2)
    assert loudness(played, RATE, 880) == pytest.approx(20_000 * 0.6, rel=0.05)


async def test_an_excerpt_is_cut_at_its_milliseconds(url: str) -> None:
    events = Events()
    sound = Sound(RATE, events.notify)
    track = Track(f"{url}/media/talk.wav", RATE, begin_ms=1_250, end_ms=2_500)
    sound.load(track)
    await play(sound, events)
    assert track.position_ms == pytest.approx(2_500, abs=2)


@pytest.mark.parametrize("path", ["/media/missing.wav", "/media/text.wav"])
async def test_what_cannot_be_played_ends_with_its_reason(url: str, path: str) -> None:
    events = Events()
    sound = Sound(RATE, events.notify)
    track = Track(f"{url}{path}", RATE)
    sound.load(track)
    seen, played = await play(sound, events)
    assert seen == [TrackEnded(track, track.problem)]
    assert "it cannot be played" in str(track.problem)
    assert not played.any()


async def test_a_file_of_this_machine_is_no_recording(tmp_path: Path) -> None:
    """A directive comes from the network; it must not make FFmpeg open what lies here."""
    (tmp_path / "private.wav").write_bytes(recording(1))
    events = Events()
    sound = Sound(RATE, events.notify)
    for url in (f"file://{tmp_path}/private.wav", f"{tmp_path}/private.wav", f"concat:{tmp_path}/private.wav"):
        track = Track(url, RATE)
        sound.load(track)
        seen, played = await play(sound, events)
        assert seen == [TrackEnded(track, track.problem)]
        assert track.problem
        assert not played.any()


async def test_a_held_track_is_silent_and_goes_on_from_there(url: str) -> None:
    events = Events()
    sound = Sound(RATE, events.notify)
    track = Track(f"{url}/media/talk.wav", RATE)
    sound.load(track)
    async with asyncio.timeout(WITHIN_S):
        while not sound.fill(320).any():
            await asyncio.sleep(0)
    sound.hold(True)
    place = track.position_ms
    assert not sound.fill(RATE).any()
    sound.hold(False)
    assert track.position_ms == place
    seen, _ = await play(sound, events)
    assert seen == [TrackBegan(track), TrackBegan(track), TrackEnded(track, None)]


async def test_speech_keeps_its_pitch_and_length_at_another_rate() -> None:
    events = Events()
    sound = Sound(RATE, events.notify)
    speech = Speech(22_050, RATE)
    sound.speak(speech)
    said = tone(440, 1.0, 22_050, 10_000).tobytes()
    for at in range(0, len(said), 1_000):
        speech.feed(said[at : at + 1_000])
    speech.finish()
    seen, played = await play(sound, events)
    assert seen == [Spoken(speech)]
    assert np.flatnonzero(played)[-1] == pytest.approx(RATE, abs=20)
    assert loudness(played, RATE, 440) == pytest.approx(10_000, rel=0.02)


async def test_a_track_whose_address_has_expired_goes_on_at_another(url: str) -> None:
    """It is asked for once, and the recording is not begun again."""
    events, asked = Events(), []
    sound = Sound(RATE, events.notify)

    def renewed(address: str | None) -> Callable[[], str | None]:
        def ask() -> str | None:
            asked.append(address)
            return address

        return ask

    track = Track(f"{url}/media/expired.wav", RATE, 1_000, 2_000, renewed(f"{url}/media/talk.wav"))
    sound.load(track)
    seen, _ = await play(sound, events)
    assert seen == [TrackBegan(track), TrackEnded(track, None)]
    assert track.position_ms == pytest.approx(2_000, abs=2)
    for address in (None, f"{url}/media/expired.wav"):
        again = Track(f"{url}/media/expired.wav", RATE, renewed=renewed(address))
        sound.load(again)
        seen, _ = await play(sound, events)
        assert seen == [TrackEnded(again, again.problem)]
        assert again.problem
    assert len(asked) == 3
