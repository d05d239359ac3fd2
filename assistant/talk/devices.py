"""This machine's microphone and loudspeaker, through PortAudio.

PortAudio calls back from a thread of its own, which must never wait; what it brings is handed over at once.
"""

from __future__ import annotations

import importlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from assistant.talk.errors import DeviceError
from assistant.talk.mixer import Samples

MICROPHONE_RATE = 16_000
"""What recognition works with; asked of the microphone first."""

HIGHEST_RATE = 48_000
"""What the voice socket takes at most."""

FRAME_S = 0.02
"""Length of one block of microphone sound."""

NO_PORTAUDIO = (
    "the PortAudio library is missing; install it (Debian and Ubuntu: sudo apt install libportaudio2). "
    "Without it, use ./sori ask, or ./sori hear FILE, or open the page"
)


def _portaudio() -> Any:
    try:
        return importlib.import_module("sounddevice")
    except OSError as error:
        raise DeviceError(NO_PORTAUDIO) from error


@dataclass(frozen=True)
class Device:
    """A device that is there: its name, the kind of stream it takes, and the rate at which it will be opened."""

    name: str
    stream: Callable[..., Any]
    rate: int


@dataclass(frozen=True)
class Devices:
    """The default microphone and the default loudspeaker."""

    microphone: Device
    loudspeaker: Device


def find_devices() -> Devices:
    """Look for both.

    Raises:
        DeviceError: PortAudio or a device is missing, or a device takes neither rate nor form; says what to do instead.
    """
    portaudio = _portaudio()
    return Devices(
        _find(portaudio, "input", "microphone", portaudio.RawInputStream, (MICROPHONE_RATE,)),
        _find(portaudio, "output", "loudspeaker", portaudio.RawOutputStream, ()),
    )


def _find(portaudio: Any, kind: str, name: str, stream: Callable[..., Any], preferred: tuple[int, ...]) -> Device:
    try:
        found = portaudio.query_devices(kind=kind)
    except (portaudio.PortAudioError, ValueError) as error:
        raise DeviceError(
            f"there is no {name} on this machine; use ./sori ask, or ./sori hear FILE, or open the page"
        ) from error
    check = getattr(portaudio, f"check_{kind}_settings")
    problem = ""
    for rate in (*preferred, min(int(found["default_samplerate"]), HIGHEST_RATE), HIGHEST_RATE):
        try:
            check(samplerate=rate, channels=1, dtype="int16")
        except portaudio.PortAudioError as error:
            problem = str(error)
        else:
            return Device(found["name"], stream, rate)
    raise DeviceError(f"the {name} ({found['name']}) cannot be used: {problem}")


@contextmanager
def microphone(device: Device, heard: Callable[[bytes], None], lost: Callable[[DeviceError], None]) -> Iterator[None]:
    """Record for as long as the context lasts: `heard` gets PCM, 16 bit, mono, from the device's thread.

    Raises:
        DeviceError: it cannot be opened, for example because another program holds it.
    """

    def record(pcm: Any, _frames: int, _time: Any, _status: Any) -> None:
        heard(bytes(pcm))

    with _running(device, "microphone", record, lost, blocksize=round(device.rate * FRAME_S)):
        yield


@contextmanager
def loudspeaker(device: Device, fill: Callable[[int], Samples], lost: Callable[[DeviceError], None]) -> Iterator[float]:
    """Play what `fill` returns for as long as the context lasts; yields the device's latency in seconds.

    Raises:
        DeviceError: it cannot be opened.
    """

    def play(block: Any, frames: int, _time: Any, _status: Any) -> None:
        block[:] = fill(frames).tobytes()

    with _running(device, "loudspeaker", play, lost) as stream:
        yield float(stream.latency)


@contextmanager
def _running(
    device: Device, name: str, callback: Callable[..., None], lost: Callable[[DeviceError], None], **more: Any
) -> Iterator[Any]:
    """A stream that runs; when it stops although nobody closed it, the device went away."""
    closing = False

    def stopped() -> None:
        if not closing:
            lost(DeviceError(f"the {name} ({device.name}) has gone; plug it in and start again"))

    try:
        stream = device.stream(
            samplerate=device.rate, channels=1, dtype="int16", callback=callback, finished_callback=stopped, **more
        )
        stream.start()
    except _portaudio().PortAudioError as error:
        raise DeviceError(f"the {name} ({device.name}) cannot be opened: {error}") from error
    try:
        yield stream
    finally:
        closing = True
        stream.abort(ignore_errors=True)
        stream.close(ignore_errors=True)
