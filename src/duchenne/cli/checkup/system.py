"""The machine, the interpreter, this duchenne, and the environment variables that steer it."""

from __future__ import annotations

import os
import platform
import sys
from importlib.metadata import version
from pathlib import Path
from typing import Final

import duchenne
from duchenne.cli.checkup.finding import Finding

OURS: Final = {
    "DUCHENNE_LIBRARY": "recordings of the web page",
    "DUCHENNE_MODELS": "model files",
    "DUCHENNE_OPENFACE": "OpenFace's programs",
    "DUCHENNE_TOKEN": "what browsers must show to the web page",
}
"""The variables that the package reads; a test looks for others in the source."""

# Read by our tests alone.
_TESTS: Final = {"DUCHENNE_FUZZ", "DUCHENNE_SHARED_DATA"}
# Other people's, which change what we do.
_OTHERS: Final = ("OMP_NUM_THREADS", "PYTHONPATH", "SDL_VIDEODRIVER", "XDG_CACHE_HOME")
_SECRET: Final = "DUCHENNE_TOKEN"


def find_system() -> tuple[Finding, ...]:
    """Python, system, cores, duchenne."""
    usable, all_of_them = usable_cores(), os.cpu_count() or 1
    cores = str(usable) if usable == all_of_them else f"{usable} of {all_of_them} may be used"
    place = Path(duchenne.__file__).parent
    return (
        Finding("duchenne", "ok", f"{version('duchenne')}, {place}"),
        Finding("Python", "ok", f"{platform.python_version()}, {sys.executable}"),
        Finding("system", "ok", f"{platform.platform()}, {platform.machine()}"),
        Finding("cores", "ok", cores),
    )


def find_variables() -> tuple[Finding, ...]:
    """Those that are set; never the token itself."""
    names = sorted(name for name in os.environ if name.startswith("DUCHENNE_"))
    names += [name for name in _OTHERS if name in os.environ]
    return tuple(_variable(name) for name in names)


def _variable(name: str) -> Finding:
    value = "set (not shown)" if name == _SECRET else os.environ[name]
    if name.startswith("DUCHENNE_") and name not in OURS and name not in _TESTS:
        known = ", ".join(OURS)
        return Finding(name, "fault", f"{value}, read by nothing", f"misspelt? there are {known}")
    meaning = f" ({OURS[name]})" if name in OURS else ""
    return Finding(name, "ok", f"{value}{meaning}")


def usable_cores() -> int:
    """What this process may use: fewer than the machine has, in containers and on clusters."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
