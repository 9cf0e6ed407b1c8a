"""Which packages are installed: what every verb needs, and each extra."""

from __future__ import annotations

import sys
from importlib.metadata import PackageNotFoundError, metadata, requires, version
from importlib.util import find_spec
from pathlib import Path
from typing import Final

from packaging.requirements import Requirement

from duchenne.cli.checkup.finding import Finding

PURPOSES: Final = {
    "app": "the web page, `duchenne serve`",
    "cluster": "batches on a Ray cluster, `duchenne batch --ray`",
    "demo": "the public picture of `make demo`",
    "dev": "working on duchenne itself, `make test`",
    "distances": "dynamic time warping in `duchenne evaluate distances`",
    "docs": "building the documentation, `make docs`",
    "live": "the window on a camera, `duchenne live`",
    "notebooks": "opening the notebooks: JupyterLab, and what they train with",
    "train": "training, `duchenne train` and `duchenne experiment`",
    "transfer": "published weights that trainings start from",
}
"""What each extra is for; a test holds the names against pyproject.toml."""

# Each brings a `cv2` of its own, and the last one installed overwrites the others'.
_OTHER_OPENCV: Final = (
    "opencv-python",
    "opencv-contrib-python",
    "opencv-contrib-python-headless",
)


def find_core() -> tuple[Finding, ...]:
    """Every package without which nothing runs, and those that do damage to them."""
    return (*(_core(one) for one in _requirements(None)), *_rivals())


def find_extras() -> tuple[Finding, ...]:
    """Every extra: whether it is there, what it is for, and how to get it."""
    names = sorted(metadata("duchenne").get_all("Provides-Extra") or ())
    return tuple(_extra(name) for name in names)


def install_command(what: str) -> str:
    """How to install something beside this duchenne, by whatever installed it."""
    if (Path(sys.prefix) / "pipx_metadata.json").is_file():
        return f"pipx runpip duchenne install {what}"
    if find_spec("pip") is None:
        return f"uv pip install --python {sys.executable} {what}"
    return f"pip install {what}"


def _requirements(extra: str | None) -> list[Requirement]:
    every = [Requirement(text) for text in requires("duchenne") or ()]
    if extra is None:
        return [one for one in every if one.marker is None or one.marker.evaluate({"extra": ""})]
    return [
        one
        for one in every
        if one.marker is not None
        and "extra" in str(one.marker)
        and one.marker.evaluate({"extra": extra})
    ]


def _core(requirement: Requirement) -> Finding:
    amiss = _amiss(requirement)
    if not amiss:
        return Finding(requirement.name, "ok", version(requirement.name), needed=True)
    remedy = install_command(f"'{requirement.name}{requirement.specifier}'")
    return Finding(requirement.name, "fault", amiss, remedy, needed=True)


def _extra(name: str) -> Finding:
    purpose = PURPOSES.get(name, "")
    wanted = _requirements(name)
    missing = [one.name for one in wanted if not _is_installed(one.name)]
    amiss = [f"not installed: {', '.join(missing)}"] if missing else []
    amiss += [
        f"{one.name} {_amiss(one)}" for one in wanted if one.name not in missing and _amiss(one)
    ]
    if amiss:
        detail = f"for {purpose}; {'; '.join(amiss)}"
        return Finding(name, "absent", detail, install_command(f"'duchenne[{name}]'"))
    return Finding(name, "ok", f"for {purpose}")


def _amiss(requirement: Requirement) -> str:
    """What is wrong with a package; empty: nothing."""
    try:
        found = version(requirement.name)
    except PackageNotFoundError:
        return "is not installed"
    if requirement.specifier.contains(found, prereleases=True):
        return ""
    return f"is {found}, wanted {requirement.specifier}"


def _rivals() -> list[Finding]:
    found = [name for name in _OTHER_OPENCV if _is_installed(name)]
    remedy = "pip uninstall {}, then pip install --force-reinstall --no-deps opencv-python-headless"
    said = "is installed too, and the two overwrite each other's cv2"
    return [Finding(name, "fault", said, remedy.format(name)) for name in found]


def _is_installed(name: str) -> bool:
    try:
        version(name)
    except PackageNotFoundError:
        return False
    return True
