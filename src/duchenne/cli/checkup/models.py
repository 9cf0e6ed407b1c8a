"""Whether the model files are there, whole, and run."""

from __future__ import annotations

import tempfile
from pathlib import Path

from duchenne.cli.checkup.finding import Finding
from duchenne.errors import DuchenneError


def find_landmarker() -> Finding:
    """Google's landmark networks, which are no part of the package."""
    from duchenne.faces import model_file

    path = model_file.models_folder() / model_file.NAME
    if model_file.is_intact(path):
        detail = f"{path}, hash verified, {model_file.LICENCE}"
        return Finding("face_landmarker", "ok", detail, needed=True)
    detail = f"{path} is not the right file" if path.exists() else f"{path} is not there"
    return Finding("face_landmarker", "fault", detail, "duchenne models fetch", needed=True)


def find_weights() -> tuple[Finding, ...]:
    """Our own, each with its card."""
    from duchenne.weights.card import list_cards

    try:
        cards = list_cards()
    except DuchenneError as error:
        return (Finding("weights", "fault", str(error), _REINSTALL, needed=True),)
    found = []
    for card in cards:
        detail = f"sha256 {card.sha256[:12]}, with its card, for {card.task}; {card.licence}"
        try:
            card.verify()
        except DuchenneError as error:
            found.append(Finding(card.name, "fault", str(error), _REINSTALL, needed=True))
        else:
            found.append(Finding(card.name, "ok", detail, needed=True))
    missing = Finding("weights", "fault", "the package holds none", _REINSTALL, needed=True)
    return tuple(found) or (missing,)


def try_main_job(landmarker: Finding) -> Finding:
    """Analyse a made-up picture, so that every network is loaded and run once."""
    if landmarker.prevents:
        return Finding("trial run", "absent", "not tried without the landmark networks")
    try:
        _run()
    except Exception as error:  # whatever it is, this is the place to hear of it
        detail = f"{type(error).__name__}: {error}"
        return Finding("trial run", "fault", detail, "duchenne doctor --json, for a report", True)
    return Finding("trial run", "ok", "a made-up picture was analysed, a face named", needed=True)


def _run() -> None:
    import numpy as np
    from PIL import Image

    from duchenne.emotion.classifier import EmotionClassifier
    from duchenne.genuineness.models import shipped
    from duchenne.recording.analyzer import Analyzer

    with tempfile.TemporaryDirectory(prefix="duchenne-doctor-") as folder:
        picture = Path(folder) / "grey.png"
        Image.new("RGB", (320, 240), (128, 128, 128)).save(picture)
        Analyzer().run(picture)
    # No face, so that the networks behind the landmarks have not run yet.
    classifier = EmotionClassifier()
    classifier.predict(np.zeros((1, *classifier.card.input.size), np.uint8))
    shipped().clips()
    shipped().still("aus")


_REINSTALL = "install duchenne anew: pip install --force-reinstall --no-deps duchenne"
