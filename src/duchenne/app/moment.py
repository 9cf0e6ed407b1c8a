"""The last second of a stream, held still: what was displayed, and the verdict about it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from duchenne.app.memory import Look
from duchenne.emotion.labels import EMOTIONS
from duchenne.errors import DataError
from duchenne.expressions import Expression, find_expressions
from duchenne.expressions.doubts import why_none
from duchenne.expressions.naming import APEX_S
from duchenne.genuineness.judging import SOURCES, From, judge
from duchenne.genuineness.models import Models
from duchenne.genuineness.verdict import CLIP, Genuineness, Judged, judged_dict
from duchenne.recording.recording import Recording


@dataclass(frozen=True, eq=False)
class FrozenFace:
    """One face of a frozen moment.

    Attributes:
        face_id: its number in the stream.
        emotions: (7,) float32, mean probabilities around the apex, in the order of ``EMOTIONS``.
        expression: what was judged.
        genuineness: the verdict about it.
    """

    face_id: int
    emotions: NDArray[np.float32]
    expression: Expression
    genuineness: Genuineness

    @property
    def emotion(self) -> str:
        """What is displayed, one of ``EMOTIONS``: the most probable around the apex."""
        return EMOTIONS[int(np.argmax(self.emotions))]

    @property
    def probability(self) -> float:
        """Of that emotion, 0 to 1."""
        return float(self.emotions.max())

    def to_dict(self) -> dict[str, Any]:
        """JSON-ready: the emotions of the moment, and the expression with its verdict."""
        shares = zip(EMOTIONS, self.emotions.tolist(), strict=True)
        return judged_dict(self.expression, self.genuineness) | {
            "displayed": self.emotion,
            "emotions": {name: round(share, 4) for name, share in shares},
        }


@dataclass(frozen=True, eq=False)
class Frozen:
    """A moment that was looked at closely.

    Attributes:
        source: what was judged: ``aus``, ``landmarks`` or ``clip``.
        look: the frame at which the largest face displayed most, with its pixels.
        faces: those seen in the moment, the largest first; empty where nobody was.
        moment: what was judged; it can be judged from another source too.
    """

    source: From
    look: Look
    faces: tuple[FrozenFace, ...]
    moment: Moment

    @property
    def recording(self) -> Recording:
        """The last ten seconds; its times begin at 0."""
        return self.moment.recording

    def to_dict(self) -> dict[str, Any]:
        """JSON-ready; without the picture and the recording."""
        return {"source": self.source, "faces": [face.to_dict() for face in self.faces]}


@dataclass(frozen=True, eq=False)
class Moment:
    """The last second of a stream; the stream may go on meanwhile.

    Attributes:
        looks: of the last second, at least one, with their pixels.
        start: the stream's time (s) at which the recordings' times are 0.
        recording: the last ten seconds.
        just_now: the last second of it, on the same clock.
        models: to judge with.
    """

    looks: tuple[Look, ...]
    start: float
    recording: Recording
    just_now: Recording
    models: Models

    def judge(self, source: From = "aus") -> Frozen:
        """What was displayed, and the verdict about it.

        Args:
            source: ``aus`` and ``landmarks`` judge the frame of the last second in which a face
                displayed most; ``clip`` the course of its last expression in ten seconds.

        Raises:
            DataError: another source.
            ModelError: a model of verdicts is missing.
        """
        if source not in SOURCES:
            raise DataError(f"A verdict comes from {', '.join(SOURCES)}, not from {source!r}.")
        if source == "clip":
            judged = self._judge_course()
        else:
            judged = judge(self.just_now, whole=True, source=source, models=self.models)
        ranked = sorted((self._face(*one) for one in judged), key=lambda f: -self._area(f.face_id))
        at = ranked[0].expression.apex_s if ranked else self._seconds(self.looks[-1])
        shown = min(self.looks, key=lambda look: abs(self._seconds(look) - at))
        return Frozen(source, shown, tuple(ranked), self)

    def _judge_course(self) -> tuple[Judged, ...]:
        """The last expression of each face that is there; where it has none, the reason."""
        present = find_expressions(self.just_now, whole=True)
        # Of one face, later expressions take the place of earlier ones.
        latest = {found.face_id: found for found in find_expressions(self.recording)}
        chosen = [latest[face.face_id] for face in present if face.face_id in latest]
        judged = judge(self.recording, source="clip", expressions=chosen, models=self.models)
        why = (f"in the last ten seconds, {why_none(self.recording)}",)
        nothing = Genuineness(None, "undecided", None, (), self.models.name("clip"), CLIP, why)
        missing = [face for face in present if face.face_id not in latest]
        return (*judged, *((face, nothing) for face in missing))

    def _face(self, expression: Expression, verdict: Genuineness) -> FrozenFace:
        table = self.recording.table
        away = np.abs(table["timestamp"].to_numpy() - expression.apex_s)
        mine = table["face_id"].to_numpy() == expression.face_id
        near = mine & (away <= max(APEX_S, float(away[mine].min())) + 1e-6)
        means = self.recording.emotions[near].to_numpy(np.float32).mean(axis=0)
        return FrozenFace(expression.face_id, means, expression, verdict)

    def _area(self, face_id: int) -> float:
        rows = self.just_now.face(face_id)
        return float((rows["face_width"] * rows["face_height"]).mean())

    def _seconds(self, look: Look) -> float:
        """When a look was, by the recordings' clock."""
        return look.frame.time - self.start
