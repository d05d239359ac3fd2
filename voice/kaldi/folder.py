"""Model folders as Vosk loads them: a lasting part, made with OpenFst's tools, and the part a vocabulary changes.

am/final.mdl, am/global_cmvn.stats, conf/        the acoustic model
graph/HCLr.fst, disambig_tid.int, phones/        the lexicon as a graph
graph/open_words.txt                             how likely each word is in any speech
graph/phone_bigrams.txt                          how likely a phone is after another
graph/words.txt, graph/Gr.fst                    the vocabulary
graph/spelled.txt                                how its words sound that are not in HCLr
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from voice.acoustic_model import AcousticModel
from voice.errors import ModelError
from voice.kaldi.acoustic import write_acoustic
from voice.kaldi.fst import Fst
from voice.kaldi.grammar import Garbage, Grammar, Spelling, build_grammar, phone_bigrams
from voice.kaldi.lexicon import Pronunciations, build_hclr
from voice.kaldi.phones import PhoneTable, enter
from voice.kaldi.words import UNKNOWN, WordTable
from voice.language_model import Background, estimate
from voice.pronounce import pronunciations as look_up
from voice.recogniser import Vocabulary
from voice.vocabulary_cache import weigh

LASTING = ("am", "conf", "graph/HCLr.fst", "graph/disambig_tid.int", "graph/phones")
WORDS, GRAMMAR, SPELLED = "graph/words.txt", "graph/Gr.fst", "graph/spelled.txt"
OPEN_WORDS, OPEN_PAIRS, PHONE_BIGRAMS = "graph/open_words.txt", "graph/open_pairs.txt", "graph/phone_bigrams.txt"

UNLIKE, ASIDE = Garbage(0.4, 0.6), Garbage(0.03, 1.4)
"""docs/decisions/0010 has what other values gave."""


@dataclass(frozen=True)
class GrammarOptions:
    """How a vocabulary becomes a language model.

    `order` is the length of its grams. `unlike` is `[unk]` in speech unlike the vocabulary's sentences, its share
    there: unweighted, the probabilities of its phones would outweigh those of words, for the acoustic likelihoods
    beside them have one of much the same size. `aside` is `[unk]` at any point, whatever was said before.
    """

    order: int = 4
    unlike: Garbage = UNLIKE
    aside: Garbage = ASIDE


DEFAULTS = GrammarOptions()


def build_model(
    model: AcousticModel,
    pronunciations: Pronunciations,
    vocabulary: Vocabulary,
    folder: Path,
    *,
    background: Background | None = None,
    options: GrammarOptions = DEFAULTS,
) -> None:
    """Write a complete model folder, whole or not at all; what was there is replaced.

    `pronunciations` are phones without stress by word; `background` is speech in general, and without it the
    vocabulary's words are all that can be said beside `[unk]`.

    Raises ModelError: `tools_missing`, `graph_failed`, `vocabulary_empty`, `vocabulary_weight`.
    """
    with _replacing(folder) as made:
        write_acoustic(model, made)
        phones = PhoneTable(model.units)
        (made / "graph/phones").mkdir(parents=True)
        (made / "graph/phones/word_boundary.int").write_text(phones.boundaries())
        hclr, words = build_hclr(pronunciations, phones)
        words.add(UNKNOWN)
        words.write(made / WORDS)
        (made / "graph/HCLr.fst").write_bytes(hclr)
        # The graph holds no disambiguation symbols, but Vosk wants their list: one id that no transition has.
        (made / "graph/disambig_tid.int").write_text(f"{enter(len(phones.names)) + 1}\n")
        background = background or Background({})
        _write_table(made / OPEN_WORDS, {(word,): share for word, share in background.words.items()})
        _write_table(made / OPEN_PAIRS, background.pairs)
        _write_table(made / PHONE_BIGRAMS, phone_bigrams(pronunciations, phones.phones))
        grammar = compile_vocabulary(made, vocabulary, options)
        write_grammar(grammar.fst, grammar.spelling, made)


def is_ours(folder: Path) -> bool:
    """Whether a model folder was made here, so that another vocabulary can be put in."""
    return (folder / PHONE_BIGRAMS).is_file()


def compile_vocabulary(base: Path, vocabulary: Vocabulary, options: GrammarOptions = DEFAULTS) -> Grammar:
    """Gr of another vocabulary for a folder of ours, in about a second and without tools.

    Raises ModelError: `vocabulary_empty`, `vocabulary_weight`, `model_broken`.
    """
    try:
        words = WordTable.read(base / WORDS)
        open_words = {word: share for (word,), share in _read_table(base / OPEN_WORDS).items()}
        open_pairs = _read_table(base / OPEN_PAIRS)
        follows = {(before, phone): share for (before, phone), share in _read_table(base / PHONE_BIGRAMS).items()}
    except (OSError, ValueError) as error:
        raise ModelError("model_broken", f"{base} is no model that takes a vocabulary: {error}") from error
    weights = weigh(vocabulary)
    spelling = Spelling(words, look_up({word for sentence in weights for word in sentence if word not in words}))
    sentences = [([word for word in sentence if word in spelling], weight) for sentence, weight in weights.items()]
    sentences = [(sentence, weight) for sentence, weight in sentences if sentence]
    if not sentences:
        raise ModelError("vocabulary_empty", "The vocabulary holds no sentence that can be said in English")
    if not open_words:
        said = {word for sentence, _ in sentences for word in sentence}
        open_words = dict.fromkeys(said, 1.0 / len(said))
    general = {word: share * (1.0 - options.unlike.share) for word, share in open_words.items()}
    background = Background({**general, UNKNOWN: options.unlike.share}, open_pairs)
    model = estimate(sentences, options.order, background)
    return build_grammar(model, spelling, follows, options.unlike.phone_weight, options.aside)


def write_variant(base: Path, folder: Path) -> None:
    """Fill a folder with the lasting part of `base`, by links to it."""
    (folder / "graph").mkdir(parents=True, exist_ok=True)
    for name in LASTING:
        (folder / name).symlink_to((base / name).resolve())


def write_grammar(grammar: Fst, spelling: Spelling, folder: Path) -> None:
    """Write what depends on the vocabulary."""
    spelling.words.write(folder / WORDS)
    (folder / GRAMMAR).write_bytes(grammar.to_bytes())
    lines = (
        f"{word} {' '.join(phones)}\n" for word, variants in spelling.pronunciations.items() for phones in variants
    )
    (folder / SPELLED).write_text("".join(lines), encoding="utf-8")


def read_grammar(folder: Path) -> Grammar:
    """What `write_grammar` wrote; ModelError(`model_broken`) where it is not whole."""
    try:
        spelled: dict[str, list[list[str]]] = {}
        for line in (folder / SPELLED).read_text(encoding="utf-8").splitlines():
            word, *phones = line.split()
            spelled.setdefault(word, []).append(phones)
        spelling = Spelling(WordTable.read(folder / WORDS), spelled)
        return Grammar(Fst.from_bytes((folder / GRAMMAR).read_bytes()), spelling)
    except (OSError, ValueError, KeyError) as error:
        raise ModelError("model_broken", f"The vocabulary in {folder} cannot be read: {error}") from error


@contextmanager
def _replacing(folder: Path) -> Iterator[Path]:
    """A folder to write, which takes the place of `folder` where nothing fails."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    scratch = Path(tempfile.mkdtemp(prefix=f".{folder.name}-", dir=folder.parent))
    try:
        made = scratch / "new"
        made.mkdir()
        yield made
        if folder.exists():
            folder.rename(scratch / "old")
        made.rename(folder)
    finally:
        shutil.rmtree(scratch, ignore_errors=True)


def _write_table(path: Path, shares: Mapping[Any, float]) -> None:
    """Probabilities by tuples of names, a line each: the probability and the names, the empty one as a hyphen."""
    lines = (f"{share:.4g} {' '.join(name or '-' for name in names)}\n" for names, share in shares.items())
    path.write_text("".join(lines), encoding="utf-8")


def _read_table(path: Path) -> dict[tuple[str, ...], float]:
    """What `_write_table` wrote; ValueError where a line is something else."""
    lines = (line.split() for line in path.read_text(encoding="utf-8").splitlines())
    return {tuple("" if name == "-" else name for name in names): float(share) for share, *names in lines}
