"""A microphone into which a test speaks at the moment it chooses, instead of Chromium's, which plays a file once."""

from __future__ import annotations

import base64

import numpy as np
from numpy.typing import NDArray
from playwright.async_api import Page

RATE = 16_000

SCRIPT = """(() => {
  const open = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);
  let voice = null;
  navigator.mediaDevices.getUserMedia = async (wanted) => {
    // Chromium's own device answers for the permission and for what its track can do.
    const device = await open(wanted);
    const settings = device.getAudioTracks()[0].getSettings();
    device.getTracks().forEach((track) => track.stop());
    const context = voice?.context ?? new AudioContext({ sampleRate: 16000 });
    voice ??= new GainNode(context);
    const stream = voice.connect(new MediaStreamAudioDestinationNode(context, { channelCount: 1 })).stream;
    stream.getAudioTracks()[0].getSettings = () => settings;
    await context.resume();
    return stream;
  };
  window.speakIntoMicrophone = (encoded) => {
    const bytes = Uint8Array.from(atob(encoded), (character) => character.charCodeAt(0));
    const samples = Float32Array.from(new Int16Array(bytes.buffer), (sample) => sample / 32768);
    const buffer = voice.context.createBuffer(1, samples.length, voice.context.sampleRate);
    buffer.copyToChannel(samples, 0);
    const source = new AudioBufferSourceNode(voice.context, { buffer });
    source.connect(voice);
    source.start();
    return new Promise((ended) => { source.onended = () => ended(); });
  };
})()"""


async def install(page: Page) -> None:
    """To be called before the page is opened."""
    await page.add_init_script(SCRIPT)


async def speak(page: Page, samples: NDArray[np.int16], *, to_the_end: bool = False) -> None:
    """Speak, at `RATE`, into the microphone that the page has opened; before and after, it is silent."""
    speaking = "window.speakIntoMicrophone(encoded)"
    script = f"encoded => {speaking}" if to_the_end else f"encoded => {{ {speaking}; }}"
    await page.evaluate(script, base64.b64encode(samples.tobytes()).decode())
