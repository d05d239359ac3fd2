"""Decoding graphs and model folders for Vosk, in the formats of Kaldi and OpenFst."""

from voice.kaldi.acoustic import write_acoustic
from voice.kaldi.english import build_english
from voice.kaldi.folder import (
    GrammarOptions,
    build_model,
    compile_vocabulary,
    is_ours,
    read_grammar,
    write_grammar,
    write_variant,
)
from voice.kaldi.grammar import Grammar

__all__ = [
    "Grammar",
    "GrammarOptions",
    "build_english",
    "build_model",
    "compile_vocabulary",
    "is_ours",
    "read_grammar",
    "write_acoustic",
    "write_grammar",
    "write_variant",
]
