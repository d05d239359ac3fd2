"""An acoustic model as Kaldi files: `am/final.mdl`, `am/global_cmvn.stats` and the configuration in `conf`."""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np

from voice.acoustic_model import SUBSAMPLING, AcousticModel, Layer
from voice.kaldi.binary import KaldiWriter
from voice.kaldi.phones import SILENCE_PHONE, PhoneTable

STAY = 0.5
LEARNING_RATE = 0.001
"""Read and ignored in decoding."""
CMN_FRAMES = 1_000
"""How many frames the global mean is said to come from; Kaldi counts them as 200 at most."""
SEARCH = {
    "beam": 8.0,
    "lattice-beam": 4.0,
    "min-active": 50,
    "max-active": 2_000,
    # Determinised by phones, every sequence of phones that `[unk]` may be would be kept.
    "phone-determinize": "false",
}
"""Bounds of the search; docs/decisions/0010 has what wider ones cost, for the same words."""
CHUNK_FRAMES = 12
"""Of features, put through the network at once. With Kaldi's 20 a word stands in the partial result 190 ms after its
end (median of 436 words of orders by people), with 12 after 130 ms, for 0.002 CPU-seconds a second more; 9 and 6 cost
another 0.004 and gain 10 ms. The words are the same.
"""
LONGEST_S = 120
"""Vosk cuts an utterance after this long, and not before: the end of a turn is found elsewhere."""


def write_acoustic(model: AcousticModel, folder: Path) -> None:
    """Write `am` and `conf` of a Vosk folder."""
    (folder / "am").mkdir(parents=True, exist_ok=True)
    (folder / "conf").mkdir(exist_ok=True)
    (folder / "am/final.mdl").write_bytes(final_mdl(model))
    (folder / "am/global_cmvn.stats").write_bytes(_cmn(model))
    (folder / "conf/fbank.conf").write_text("".join(f"--{name}={value}\n" for name, value in model.features.items()))
    options = {
        "acoustic-scale": model.acoustic_scale,
        "frame-subsampling-factor": SUBSAMPLING,
        "frames-per-chunk": CHUNK_FRAMES,
        **SEARCH,
        "endpoint.silence-phones": SILENCE_PHONE,
        **{f"endpoint.rule{rule}.min-trailing-silence": LONGEST_S for rule in range(1, 5)},
        "endpoint.rule5.min-utterance-length": LONGEST_S,
    }
    (folder / "conf/model.conf").write_text("".join(f"--{name}={value}\n" for name, value in options.items()))


def final_mdl(model: AcousticModel) -> bytes:
    """The transition model followed by the network."""
    writer = KaldiWriter()
    _write_transitions(writer, PhoneTable(model.units))
    _write_network(writer, model)
    return writer.to_bytes()


def _write_transitions(writer: KaldiWriter, phones: PhoneTable) -> None:
    """One topology for all phones, and for each phone its state and density."""
    count = len(phones.names)
    writer.token("<TransitionModel>", "<Topology>")
    writer.integers(range(1, count + 1))
    writer.integers([-1] + [0] * count)
    writer.integer(1)  # topology entries
    writer.integer(2)  # states of it, the last of which only ends it
    writer.integer(0)
    writer.integer(2)
    for target, probability in ((0, STAY), (1, 1.0 - STAY)):
        writer.integer(target)
        writer.real(probability)
    writer.integer(-1)
    writer.integer(0)
    writer.token("</Topology>", "<Triples>")
    writer.integer(count)
    for phone, density in enumerate(phones.densities, start=1):
        for value in (phone, 0, density):
            writer.integer(value)
    writer.token("</Triples>", "<LogProbs>")
    writer.vector([0.0] + [math.log(STAY), math.log(1.0 - STAY)] * count)
    writer.token("</LogProbs>", "</TransitionModel>")


def _write_network(writer: KaldiWriter, model: AcousticModel) -> None:
    """Affine layers, each over its inputs' appended frames, and rectified; the last one's logits are normalised."""
    last = model.layers[-1]
    nodes = [f"input-node name=input dim={len(model.cmn_mean)}"]
    for layer in model.layers:
        nodes.append(f"component-node name={layer.name}.affine component={layer.name}.affine input={_append(layer)}")
        nodes.append(f"component-node name={layer.name} component={layer.name} input={layer.name}.affine")
    nodes.append(f"output-node name=output input={last.name} objective=linear")
    writer.token("<Nnet3>")
    writer.lines("\n" + "\n".join(nodes) + "\n\n")
    writer.token("<NumComponents>")
    writer.integer(2 * len(model.layers))
    for layer in model.layers:
        writer.token("<ComponentName>", f"{layer.name}.affine", "<AffineComponent>", "<LearningRate>")
        writer.real(LEARNING_RATE)
        writer.token("<LinearParams>")
        writer.compressed(layer.weight)
        writer.token("<BiasParams>")
        writer.vector(layer.bias)
        writer.token("</AffineComponent>", "<ComponentName>", layer.name)
        _write_nonlinearity(writer, "LogSoftmaxComponent" if layer is last else "RectifiedLinearComponent", layer)
    writer.token("</Nnet3>", "<LeftContext>")
    writer.integer(0)
    writer.token("<RightContext>")
    writer.integer(0)
    writer.token("<Priors>")
    writer.vector(np.exp(model.log_priors))


def _write_nonlinearity(writer: KaldiWriter, kind: str, layer: Layer) -> None:
    """A component without parameters; the statistics it keeps in training are empty."""
    writer.token(f"<{kind}>", "<Dim>")
    writer.integer(len(layer.bias))
    for statistics in ("<ValueAvg>", "<DerivAvg>"):
        writer.token(statistics)
        writer.vector([])
    writer.token("<Count>")
    writer.double(0.0)
    writer.token(f"</{kind}>")


def _append(layer: Layer) -> str:
    """The descriptor of a layer's input: frames counted in steps of the features, whatever layer they come from."""
    terms = [f"Offset({source}, {offset})" if offset else source for source, offset in layer.inputs]
    return f"Append({', '.join(terms)})"


def _cmn(model: AcousticModel) -> bytes:
    """Statistics with the model's mean; the variance is written for the format and never used."""
    mean = np.asarray(model.cmn_mean, np.float64)
    sums = np.append(mean * CMN_FRAMES, CMN_FRAMES)
    squares = np.append((mean**2 + 1.0) * CMN_FRAMES, 0.0)
    writer = KaldiWriter()
    writer.doubles(np.stack([sums, squares]))
    return writer.to_bytes()
