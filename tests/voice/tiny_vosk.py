"""A Vosk model of two phones, silence and noise, whose one word is `hello`: it hears that in anything loud.

Small enough to be written by hand, and a whole model to the library: text `final.mdl` (Kaldi's nnet3), a decoding
graph in OpenFst's binary form, and the configuration beside them.
"""

from __future__ import annotations

import math
import struct
from pathlib import Path

BINS = 40
LOUD = 8.0
"""Mean log energy of the mel bins between silence and noise."""

MODEL = """<TransitionModel>
<Topology>
<TopologyEntry> <ForPhones> 1 2 </ForPhones>
<State> 0 <PdfClass> 0 <Transition> 0 0.5 <Transition> 1 0.5 </State>
<State> 1 </State>
</TopologyEntry>
</Topology>
<Triples> 2
1 0 0
2 0 1
</Triples>
<LogProbs>
 [ 0 {half} {half} {half} {half} ]
</LogProbs>
</TransitionModel>
<Nnet3>

input-node name=input dim={bins}
component-node name=a component=a input=input
component-node name=s component=s input=a
output-node name=output input=s objective=linear

<NumComponents> 2
<ComponentName> a <AffineComponent> <LearningRate> 0.001 <LinearParams>  [
  {zeros}
  {weights} ]
<BiasParams>  [ 0 {bias} ]
</AffineComponent>
<ComponentName> s <LogSoftmaxComponent> <Dim> 2 <ValueAvg>  [ ]
<DerivAvg>  [ ]
<Count> 0 </LogSoftmaxComponent>
</Nnet3>
<LeftContext> 0 <RightContext> 0 <Priors>  [ ]
"""

ARCS = ((0, 2, 0, 1), (1, 1, 0, 1), (1, 4, 1, 2), (2, 3, 0, 2), (2, 2, 0, 1))
"""From state, transition id, word, to state: silence, then any number of words with silence between them."""


def write_model(path: Path) -> Path:
    for folder in ("am", "conf", "graph/phones"):
        (path / folder).mkdir(parents=True)
    slope = 2.0
    (path / "am/final.mdl").write_text(
        MODEL.format(
            half=math.log(0.5),
            bins=BINS,
            zeros=" ".join(["0"] * BINS),
            weights=" ".join([str(slope / BINS)] * BINS),
            bias=-slope * LOUD,
        )
    )
    (path / "conf/fbank.conf").write_text(f"--num-mel-bins={BINS}\n--dither=0\n")
    (path / "conf/model.conf").write_text(
        "--beam=13\n--lattice-beam=6\n--acoustic-scale=1.0\n--frame-subsampling-factor=3\n--endpoint.silence-phones=1\n"
    )
    (path / "graph/words.txt").write_text("<eps> 0\nhello 1\n")
    (path / "graph/phones/word_boundary.int").write_text("1 nonword\n2 singleton\n")
    (path / "graph/HCLG.fst").write_bytes(graph())
    return path


def graph() -> bytes:
    """The arcs as an OpenFst `vector` machine over the standard semiring."""

    def text(value: str) -> bytes:
        return struct.pack("<i", len(value)) + value.encode()

    states = 3
    header = struct.pack("<i", 2125659606) + text("vector") + text("standard")
    header += struct.pack("<iiQqqq", 2, 0, 3, 0, states, len(ARCS))
    body = b""
    for state in range(states):
        leaving = [arc for arc in ARCS if arc[0] == state]
        body += struct.pack("<fq", 0.0 if state else math.inf, len(leaving))
        body += b"".join(struct.pack("<iifi", label, word, 0.7, to) for _, label, word, to in leaving)
    return header + body
