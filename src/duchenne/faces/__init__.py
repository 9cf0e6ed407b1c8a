"""Faces: detection, tracking, 478 landmarks, head pose, 52 blendshapes, aligned crops."""

from duchenne.faces.blendshapes import BLENDSHAPES
from duchenne.faces.detectors import DETECTORS
from duchenne.faces.faces import LANDMARKS, POSE, Faces
from duchenne.faces.networks import FaceNetworks
from duchenne.faces.tracker import FaceTracker

__all__ = [
    "BLENDSHAPES",
    "DETECTORS",
    "LANDMARKS",
    "POSE",
    "FaceNetworks",
    "FaceTracker",
    "Faces",
]
