"""What this server tells of itself."""

from __future__ import annotations

from typing import Any

from wyoming.info import (
    AsrModel,
    AsrProgram,
    Attribution,
    HandleModel,
    HandleProgram,
    Info,
    IntentModel,
    IntentProgram,
    TtsProgram,
    TtsVoice,
    WakeModel,
    WakeProgram,
)

from assistant.house import House
from assistant.version import VERSION
from voice.wake.phrase import ready_made

LANGUAGES = ["en"]


def info(house: House) -> Info:
    """Every service, with the recogniser and the voice of this house."""
    return Info(
        asr=[
            AsrProgram(
                **_artifact("Sori", "Hears what can be asked of Sori"),
                models=[AsrModel(**_artifact(house.recogniser.name, "Speech recognition"), languages=LANGUAGES)],
                supports_transcript_streaming=True,
                requires_external_vad=False,
            )
        ],
        handle=[
            HandleProgram(
                **_artifact("Sori", "Answers"),
                models=[HandleModel(**_artifact("Sori", "Media and shopping"), languages=LANGUAGES)],
            )
        ],
        intent=[
            IntentProgram(
                **_artifact("Sori", "Understands and answers"),
                models=[IntentModel(**_artifact("Sori", "Media and shopping"), languages=LANGUAGES)],
            )
        ],
        tts=[
            TtsProgram(
                **_artifact("Sori", "Speaks"),
                voices=[TtsVoice(**_artifact(house.settings.voice, "eSpeak NG voice"), languages=LANGUAGES)],
                supports_synthesize_streaming=True,
            )
        ],
        wake=[
            WakeProgram(
                **_artifact("Sori", "Waits for a wake word"),
                models=[
                    WakeModel(**_artifact(phrase.text, "Wake word"), languages=LANGUAGES, phrase=phrase.text)
                    for phrase in ready_made()
                ],
            )
        ],
    )


def _artifact(name: str, description: str) -> dict[str, Any]:
    return {
        "name": name,
        "description": description,
        "attribution": Attribution("Sori", ""),
        "installed": True,
        "version": VERSION,
    }
