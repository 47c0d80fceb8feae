"""The ways to run a model folder: `tiny` (our own plain-torch nets), `transformers` and `onnx`."""
