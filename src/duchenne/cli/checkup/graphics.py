"""Whether there is a GPU that a training could use."""

from __future__ import annotations

import json
from collections.abc import Callable
from importlib.metadata import PackageNotFoundError, version
from importlib.util import find_spec
from typing import Final

from duchenne.cli.checkup.asking import Answer, Question
from duchenne.cli.checkup.finding import Finding

# Loading PyTorch takes a second or two, which nobody who only analyses should wait for.
_SECONDS: Final = 2.0
_PATIENT_SECONDS: Final = 60.0
_CODE: Final = """
import json, torch
cuda = torch.cuda.is_available()
names = [torch.cuda.get_device_name(n) for n in range(torch.cuda.device_count())] if cuda else []
mps = torch.backends.mps.is_available()
print(json.dumps({"gpus": names + ["Apple's (MPS)"] * mps}))
"""
_NO_NEED: Final = "analysing runs on the processor and needs none"


def ask_torch(*, patient: bool) -> Callable[[], tuple[Finding, ...]]:
    """Begin to look; the function returned waits for the findings.

    Args:
        patient: wait for PyTorch up to a minute, not two seconds.
    """
    if find_spec("torch") is None:
        absent = Finding("PyTorch", "absent", f"not installed, so not asked; {_NO_NEED}")
        return lambda: (absent,)
    question = Question(["-c", _CODE], _PATIENT_SECONDS if patient else _SECONDS)
    return lambda: (_finding(question.answer(), patient),)


def find_onnxruntime() -> Finding:
    """What ONNX Runtime could run on; ours runs on the processor, whatever it says."""
    try:
        import onnxruntime
    except ImportError as error:
        return Finding("ONNX Runtime", "fault", f"cannot be loaded: {error}", needed=True)
    providers = ", ".join(onnxruntime.get_available_providers())
    return Finding("ONNX Runtime", "ok", f"offers {providers}; duchenne uses the processor")


def _finding(answer: Answer, patient: bool) -> Finding:
    try:
        built = version("torch")
    except PackageNotFoundError:
        built = "of unknown version"
    if not answer.in_time and patient:
        detail = f"{built}, was still loading after {_PATIENT_SECONDS:.0f} s"
        return Finding("PyTorch", "fault", detail, "try again when the machine is less busy")
    if not answer.in_time:
        detail = f"{built}, was still loading after {_SECONDS:.0f} s"
        return Finding("PyTorch", "ok", f"{detail}; --check waits for it")
    if answer.code != 0 or not answer.lines:
        remedy = "install it anew: pip install --force-reinstall torch"
        return Finding("PyTorch", "fault", f"{built}, cannot be loaded", remedy)
    gpus: list[str] = json.loads(answer.lines[-1])["gpus"]
    found = ", ".join(gpus) if gpus else f"sees no GPU: trainings are slow; {_NO_NEED}"
    return Finding("PyTorch", "ok", f"{built}, {found}")
