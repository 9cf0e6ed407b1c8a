"""Looks at a stream frame by frame, remembers its last seconds, and judges them when asked.

The live window and the web server both run on it. It reads faces exactly as an analysis of a file
does; only the face at rest is taken from the minute that has passed, because the rest of a stream
is still to come. One engine serves one stream and one thread.
"""

from __future__ import annotations

import math
from dataclasses import replace
from importlib.metadata import version
from pathlib import Path
from typing import Final

from duchenne.app.memory import REST_S, LastSeconds, Look, RestingFaces, rows_of
from duchenne.app.moment import Frozen, Moment
from duchenne.emotion.classifier import DEFAULT
from duchenne.errors import DataError
from duchenne.faces import FaceNetworks, FaceTracker
from duchenne.faces.canonical import CanonicalFace
from duchenne.genuineness.judging import From
from duchenne.genuineness.models import Models, shipped
from duchenne.media.frame import Frame
from duchenne.recording.describing import Describer
from duchenne.recording.metadata import Metadata, Source
from duchenne.recording.recording import Recording

SECONDS: Final = 10.0
"""How long the engine remembers what it saw."""

MOMENT_S: Final = 1.0
"""What a freeze is about."""

FACES: Final = 4
"""Followed at most, unless asked otherwise: each costs its share of the frames a second."""


class Engine:
    """A frame-by-frame analysis of one stream.

    Args:
        name: of the stream, for its recordings: ``camera:0``.
        max_faces: follow at most this many.
        detector: ``blazeface`` or ``haar``.
        emotion_model: name of a shipped emotion network, or an ``.onnx`` file beside its card.
        models: of verdicts; by default the shipped ones.

    Raises:
        DataError: an unknown detector, or ``max_faces`` below 1.
        ModelError: a model file is missing, damaged or without its card.
    """

    def __init__(
        self,
        *,
        name: str = "camera:0",
        max_faces: int = FACES,
        detector: str = "blazeface",
        emotion_model: str | Path = DEFAULT,
        models: Models | None = None,
    ) -> None:
        networks = FaceNetworks()
        self.name = name
        self.canonical = CanonicalFace.from_bytes(networks.geometry)
        self._options = {"detector": detector, "faces": max_faces, "live": True}
        self._tracker = FaceTracker(max_faces=max_faces, detector=detector, networks=networks)
        self._models = shipped() if models is None else models
        self._describer = Describer(self.canonical, emotion_model)
        self.reset()

    def reset(self) -> None:
        """Forget everything: the next frame begins a new stream."""
        self._tracker.reset()
        self._resting = RestingFaces()
        self._last = LastSeconds(SECONDS, pictures=1.5 * MOMENT_S)
        self._newest: Look | None = None

    def warm_up(self) -> None:
        """Load the models of verdicts, so that the first freeze need not wait for them.

        Raises:
            ModelError: one is missing, or not the one its card describes.
        """
        self._models.still("aus")
        self._models.still("landmarks")

    def look(self, frame: Frame) -> Look:
        """What is seen in the next frame of the stream.

        Raises:
            DataError: its time is no number, or not behind that of the frame before.
        """
        before = -math.inf if self._newest is None else self._newest.frame.time
        if not math.isfinite(frame.time) or frame.time <= before:
            raise DataError(
                f"A frame at {frame.time} s cannot follow one at {before} s: the frames of a "
                "stream come in the order of their times."
            )
        faces = self._tracker.process(frame)
        raw = self._describer.readings(faces)
        self._resting.learn(frame.time, faces, raw)
        units = self._resting.intensities(frame.time, faces, raw)
        seen = Look(frame, faces, self._describer.emotions(frame, faces), raw, units)
        self._last.add(seen)
        self._newest = seen
        return seen

    def recording(self, seconds: float = SECONDS) -> Recording:
        """The last seconds (at most ten) as a recording whose times begin at 0.

        Raises:
            DataError: no frame was looked at yet.
        """
        looks = self._since(seconds)
        return self._recording(looks, looks[0].frame)

    def freeze(self, source: From = "aus") -> Frozen:
        """What was displayed in the last second, and the verdict about it.

        Args:
            source: ``aus`` and ``landmarks`` judge the frame of the last second in which a face
                displayed most; ``clip`` the course of its last expression in ten seconds.

        Raises:
            DataError: no frame was looked at yet, or another source.
            ModelError: a model of verdicts is missing.
        """
        return self.moment().judge(source)

    def moment(self) -> Moment:
        """The last second as it is, which can be judged later and in another thread.

        Raises:
            DataError: no frame was looked at yet.
        """
        looks, just_now = self._since(SECONDS), self._since(MOMENT_S)
        first = looks[0].frame
        return Moment(
            looks=tuple(just_now),
            start=first.time,
            recording=self._recording(looks, first),
            just_now=self._recording(just_now, first),
            models=self._models,
        )

    def metadata(self) -> Metadata:
        """What a recording of this stream says about itself.

        Raises:
            DataError: no frame was looked at yet.
        """
        frame = self._since(SECONDS)[-1].frame
        return Metadata(
            # No file lies behind it: whoever reads the recording cannot look its frames up.
            source=Source(self.name, self.name, "camera", frame.width, frame.height),
            options=self._options | {"neutral": f"auto, of the last {REST_S:g} s"},
            models=self._describer.models,
            version=version("duchenne"),
            complete=True,
        )

    def _since(self, seconds: float) -> list[Look]:
        if self._newest is None:
            raise DataError("Nothing was seen yet: wait for the first picture.")
        return self._last.since(self._newest.frame.time - seconds)

    def _recording(self, looks: list[Look], first: Frame) -> Recording:
        metadata = replace(self.metadata(), frames=len(looks))
        return Recording.from_rows(rows_of(looks, self._resting, first), metadata)
