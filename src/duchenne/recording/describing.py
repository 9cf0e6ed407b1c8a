"""What is read off the faces of one frame: emotions, and raw readings of their muscles."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from duchenne.action_units.readings import readings
from duchenne.action_units.recipes import READINGS
from duchenne.emotion.classifier import DEFAULT, EmotionClassifier
from duchenne.emotion.crops import grey_crops
from duchenne.emotion.labels import EMOTIONS
from duchenne.faces import Faces
from duchenne.faces import model_file as landmarker
from duchenne.faces.canonical import CanonicalFace
from duchenne.faces.geometry import to_canonical
from duchenne.media.frame import Frame
from duchenne.recording.metadata import Model
from duchenne.weights.card import load_card


class Describer:
    """Describes faces that were found, for files and for streams alike.

    Args:
        face: the canonical head.
        emotion_model: name of a shipped emotion network, or an ``.onnx`` file beside its card.

    Raises:
        ModelError: a model file is missing, damaged or without its card.
    """

    def __init__(self, face: CanonicalFace, emotion_model: str | Path = DEFAULT) -> None:
        self._face = face
        self._classifier = EmotionClassifier(emotion_model)
        self._units = load_card("action_units")

    @property
    def models(self) -> tuple[Model, ...]:
        """What the numbers come from: the landmarks, the emotions, the Action Units."""
        cards = (self._classifier.card, self._units)
        return (
            Model("face_landmarker", landmarker.NAME, landmarker.SHA256, landmarker.LICENCE),
            *(Model(c.name, c.file, c.sha256, c.licence) for c in cards),
        )

    def emotions(self, frame: Frame, faces: Faces) -> NDArray[np.float32]:
        """Probabilities (n, 7) of the displayed emotions of the n faces of a frame."""
        if len(faces) == 0:
            return np.zeros((0, len(EMOTIONS)), np.float32)
        return self._classifier.predict(grey_crops(frame.pixels, faces.landmarks))

    def readings(self, faces: Faces) -> NDArray[np.float32]:
        """Raw readings (n, 31) in the order of ``READINGS``, not freed of the face at rest."""
        if len(faces) == 0:
            return np.zeros((0, len(READINGS)), np.float32)
        return readings(to_canonical(faces.landmarks, self._face), faces.blendshapes)
