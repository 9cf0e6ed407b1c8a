"""Opens our ONNX files: one thread, no telemetry."""

from __future__ import annotations

from typing import Any

from duchenne.errors import ModelError, reason
from duchenne.weights.card import ModelCard


def open_session(card: ModelCard) -> Any:
    """The card's weight file, ready to run on one thread.

    Raises:
        ModelError: ONNX Runtime cannot run the file.
    """
    # Imported here: it takes a tenth of a second that `duchenne --help` need not wait for.
    import onnxruntime

    onnxruntime.disable_telemetry_events()
    options = onnxruntime.SessionOptions()
    # One thread that sleeps between frames: a second one collapses on a busy machine (STACK.md).
    options.intra_op_num_threads = 1
    options.inter_op_num_threads = 1
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    options.log_severity_level = 3
    try:
        return onnxruntime.InferenceSession(card.path, options, ["CPUExecutionProvider"])
    except Exception as error:  # ONNX Runtime's errors have no base class of their own
        raise ModelError(f"{card.path} cannot be run by ONNX Runtime: {reason(error)}.") from error
