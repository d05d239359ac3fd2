"""microWakeWord's networks, each trained for one phrase (package pymicro-wakeword; its models are inside)."""

from __future__ import annotations

from pymicro_wakeword import MicroWakeWord, MicroWakeWordFeatures, Model

from voice.errors import ModelError, WakeError
from voice.wake.detector import Wake

HOP = 160
REFRACTORY = 16_000
"""Samples after a wake word in which there is no second one."""
LATENESS = 2_400
"""Samples between the end of a word and its detection, which took 70 to 440 ms: no first syllable is lost."""
TYPICAL_SAMPLES = 12_000
"""The engine does not say where a phrase began: 0.75 s is what it takes."""
_MODELS = {
    "alexa": Model.ALEXA,
    "hey jarvis": Model.HEY_JARVIS,
    "hey mycroft": Model.HEY_MYCROFT,
    "okay nabu": Model.OKAY_NABU,
}


def trained_phrases() -> frozenset[str]:
    """The phrases there are networks for."""
    return frozenset(_MODELS)


class MicroDetector:
    """A `WakeDetector` for one of `trained_phrases`.

    Raises WakeError(`wake_phrase_unknown`), ModelError(`model_missing`).
    """

    def __init__(self, phrase: str) -> None:
        if phrase not in _MODELS:
            raise WakeError("wake_phrase_unknown", f"There is no network for {phrase!r}.")
        self.phrase = phrase
        try:
            self._model = MicroWakeWord.from_builtin(_MODELS[phrase])
        except (OSError, ValueError, RuntimeError) as error:
            raise ModelError("model_missing", f"The network for {phrase!r} cannot be loaded: {error}") from error
        self._features = MicroWakeWordFeatures()
        self._samples = 0
        self._deaf_until = 0

    def process(self, pcm: bytes) -> Wake | None:
        """Take 16 kHz mono 16-bit PCM of any length."""
        wake = None
        for features in self._features.process_streaming(pcm):
            self._samples += HOP
            probability = self._model.process_streaming_prob(features)
            if probability is None or probability <= self._model.probability_cutoff or self._samples < self._deaf_until:
                continue
            self._deaf_until = self._samples + REFRACTORY
            end = self._samples - LATENESS
            wake = Wake(self.phrase, max(0, end - TYPICAL_SAMPLES), end, probability)
        return wake

    def reset(self) -> None:
        """Forget the sound so far."""
        self._features.reset()
        self._model.reset()

    def close(self) -> None:
        """Free the network."""
        self._model.close()
