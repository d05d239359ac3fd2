"""The graphs that the product's encoder is compared with: `python -m benchmarks.encoder_graphs FOLDER`."""

from __future__ import annotations

import sys
from pathlib import Path

import onnx
from onnxruntime.quantization import QuantType, quantize_dynamic

from search_index.onnx_export import carry_sample, fused


def make(folder: Path) -> None:
    """Write `whole.onnx` (32 bits) and `dynamic.onnx` (8 bits, dynamic quantisation)."""
    whole, dynamic = folder / "whole.onnx", folder / "dynamic.onnx"
    model = fused(folder)
    carry_sample(model)
    onnx.save(model, whole)
    types = {"DefaultTensorType": onnx.TensorProto.FLOAT}
    quantize_dynamic(whole, dynamic, weight_type=QuantType.QInt8, per_channel=True, extra_options=types)
    model = onnx.load(dynamic)
    carry_sample(model)
    onnx.save(model, dynamic)


if __name__ == "__main__":
    make(Path(sys.argv[1]))
