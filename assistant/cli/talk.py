"""`./sori talk`: hands-free, with this machine's microphone and loudspeaker.

There is no echo cancellation here, unlike in a browser: the microphone hears the loudspeaker. So nobody is listened to
while the assistant speaks, unless the user says with `--barge-in` that there are headphones, and what plays is turned
down for as long as the microphone is listened to. With `--wake` that is only after the wake word, which is looked for
on this machine.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import sys
import threading

from assistant.cli.interrupts import stop_on_signals
from assistant.client import service
from assistant.errors import StartError
from assistant.settings import load_settings
from assistant.setup.environments import SetupError
from assistant.talk.devices import Devices, find_devices, loudspeaker, microphone
from assistant.talk.errors import TalkError
from assistant.talk.screen import Screen
from assistant.talk.talker import Talker, TalkOptions
from voice.errors import VoiceError
from voice.wake.gate import Gate
from voice.wake.opening import open_detector

LEAVE_WITHIN_S = 3.0


def run(options: argparse.Namespace) -> int:
    """Talk until Ctrl-C."""
    stop_on_signals()
    settings = load_settings(data_dir=options.data_dir)
    try:
        detector = open_detector(options.wake) if options.wake else None
        how = TalkOptions(options.barge_in, Gate(detector) if detector else None, options.listener)
        screen = Screen(sys.stdout, detector.phrase if detector else "")
        devices = find_devices()
        print(f"Microphone: {devices.microphone.name}; loudspeaker: {devices.loudspeaker.name}. Ctrl-C ends.")
        with service(settings) as client:
            asyncio.run(_talk(client.url, devices, screen, how))
    except (StartError, TalkError, VoiceError) as error:
        raise SetupError(str(error)) from error
    except KeyboardInterrupt:
        pass
    return 0


async def _talk(url: str, devices: Devices, screen: Screen, options: TalkOptions) -> None:
    talker = Talker(url, devices.microphone.rate, devices.loudspeaker.rate, screen, options)
    speaker = loudspeaker(devices.loudspeaker, talker.sound.fill, talker.fail)
    with speaker as talker.latency_s, microphone(devices.microphone, talker.from_microphone, talker.fail):
        try:
            await talker.run()
        except asyncio.CancelledError:
            _leave_soon()
            raise


def _leave_soon() -> None:
    """Ctrl-C has to end it, also where a sound driver does not let go of its device."""

    def leave() -> None:
        sys.stdout.flush()
        os._exit(0)

    timer = threading.Timer(LEAVE_WITHIN_S, leave)
    timer.daemon = True
    timer.start()
