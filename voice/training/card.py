"""The model card: what a model was made of, how, and how well it does (Mitchell et al. 2019)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

VOICE_LICENCES = (
    ("flite awb, rms, slt, kal, kal16", "Carnegie Mellon University; free to use, with notice (flite's own licence)"),
    ("festival kal_diphone, ked_diphone", "Carnegie Mellon University and University of Edinburgh; free, with notice"),
    ("festival cmu_us_slt_arctic_hts", "CMU Arctic recordings; HTS voice by Nagoya Institute of Technology; free"),
    ("espeak-ng variants", "GPL-3.0 program; its output is not covered by the licence"),
    ("alignment", "pocketsphinx's English model and the CMU dictionary, Carnegie Mellon University, BSD"),
)


def model_card(card: Mapping[str, Any]) -> str:
    """The card in Markdown. `card` holds what `AcousticModel.card` does: names with figures, one level deep."""
    lines = [
        "# An acoustic model of Sori's own",
        "",
        "English, 16 kHz (8 kHz is accepted), for commands and short sentences. It was trained on synthetic speech",
        "alone unless adaptation is named below; it hears American and British voices better than others, and is no",
        "tool for dictation, identification or judging people.",
        "",
        "| what | figure |",
        "| --- | --- |",
        *(f"| {name.replace('_', ' ')} | {_shown(value)} |" for name, value in card.items()),
        "",
        "## Where the sound comes from",
        "",
        *(f"- {voices}: {licence}" for voices, licence in VOICE_LICENCES),
        "",
    ]
    return "\n".join(lines)


def _shown(value: Any) -> str:
    if isinstance(value, float):
        return f"{value:.4g}"
    if isinstance(value, list | tuple):
        return ", ".join(map(_shown, value))
    return str(value).replace("|", "/").replace("\n", " ")
