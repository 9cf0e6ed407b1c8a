"""One of every public noun, made up; whatever it is named after is a script."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
from tests.evaluation.audit.made_up_sets import clean_set
from tests.expressions.made_up import bump, clock, recording_of, rows, smile
from tests.pedfe_clips import clip_table
from tests.recording.made_up import faces, metadata

from duchenne.action_units.names import ACTION_UNITS
from duchenne.emotion.labels import EMOTIONS
from duchenne.evaluation.action_units.checks import ActionUnitEvaluation
from duchenne.evaluation.action_units.measures import Measure
from duchenne.evaluation.audit.balance import Balance
from duchenne.evaluation.audit.finding import Verdict
from duchenne.evaluation.audit.leaks import find_leaks
from duchenne.evaluation.audit.result import Audit
from duchenne.evaluation.audit.shortcuts import Shortcut
from duchenne.evaluation.building.builder import Built
from duchenne.evaluation.datasets.near_copies import NearCopies
from duchenne.evaluation.distances.own_samples import OwnSamples
from duchenne.evaluation.distances.results import DistanceStudy, Nested, Protocol, Result, Settings
from duchenne.evaluation.distances.shares import Part
from duchenne.evaluation.emotion.attribute_network import AttributeEvaluation
from duchenne.evaluation.emotion.comparison import NetworkComparison, NetworkRow
from duchenne.evaluation.emotion.cross_data import ClipResult, PedfeResult
from duchenne.evaluation.emotion.explore import Exploration
from duchenne.evaluation.emotion.london import GroupResult, LondonResult
from duchenne.evaluation.emotion.scores import EmotionEvaluation
from duchenne.evaluation.emotion.targets import TARGETS
from duchenne.evaluation.genuineness.evaluation import GenuinenessEvaluation
from duchenne.evaluation.genuineness.smile_scores import SmileEvaluation, SmileScores
from duchenne.evaluation.machine import Circumstances
from duchenne.evaluation.statistics.calibration import Calibration
from duchenne.evaluation.statistics.intervals import Estimate
from duchenne.evaluation.statistics.metrics import ClassificationReport
from duchenne.evaluation.statistics.subject_folds import subject_folds
from duchenne.evaluation.video_sets.two_task_scores import PairedScores, TwoTaskScores
from duchenne.expressions import Expression, Expressions, find_expressions
from duchenne.genuineness.judgements import Judgements
from duchenne.genuineness.verdict import Genuineness, Reason
from duchenne.genuineness.verdict import Verdict as GenuinenessVerdict
from duchenne.media import Frame
from duchenne.recording import Recording
from duchenne.synchrony import Aligned, Synchrony
from duchenne.synchrony import Settings as SynchronySettings
from duchenne.synchrony.peaks import Agreement
from duchenne.weights.card import ModelCard, load_card

HOSTILE = "<script>alert('$x')</script> & " + 40 * "very long "
SIX = ("anger", "disgust", "fear", "happiness", "sadness", "surprise")
RANDOM = np.random.default_rng(5)


def two_smiles(name: str = HOSTILE) -> Recording:
    """Ten seconds of two smiles, and of a second face that frowns; both are gone for a second."""
    times = clock(10, 25)
    both = {key: v + smile(times, 5, 7, 3)[key] for key, v in smile(times, 1, 3).items()}
    both["emotion_neutral"] = 1 - both["emotion_happy"]
    frown = {f"AU{unit}_r": bump(times, 2, 4, 3) for unit in ("04", "07", "23")}
    frown["emotion_angry"] = bump(times, 2, 4, 0.8)
    seen = (times < 8) | (times > 9)
    recording = recording_of(rows(times, both, 0, seen), rows(times, frown, 1, seen))
    return named(recording, name)


def picture(count: int = 1, name: str = HOSTILE) -> Recording:
    """One frame of so many faces."""
    one = clock(0.04, 25)
    values = {"AU12_r": np.array([3.2]), "emotion_happy": np.array([0.9])}
    each = [rows(one, values | {"emotion_neutral": np.array([0.1])}, face) for face in range(count)]
    return named(recording_of(*each), name)


def faceless(frames: int = 20) -> Recording:
    """Frames in which nobody is seen."""
    times = clock(frames / 10, 10)
    return recording_of(rows(times, {}, 0, np.zeros(len(times), bool)))


def named(recording: Recording, name: str) -> Recording:
    source = replace(recording.metadata.source, name=name, path=name)
    return replace(recording, metadata=metadata(source=source, person=name, warnings=(name,)))


def frame() -> Frame:
    return Frame(RANDOM.integers(0, 255, (60, 90, 3), dtype=np.uint8), 7, 0.28)


def expressions() -> Expressions:
    return find_expressions(two_smiles())


def expression() -> Expression:
    return replace(expressions()[0], warnings=(HOSTILE,))


def verdict(p: float | None = 0.86, band: float = 0.12) -> Genuineness:
    reasons = (
        Reason("The lip corners rose slowly and smoothly.", contribution=1.4),
        Reason("The cheeks rose with them.", contribution=0.6),
        Reason(f"The head tilted. {HOSTILE}", "against", contribution=-0.5),
        Reason("The display was brief.", "beside"),
    )
    if p is None:
        return Genuineness(None, "undecided", None, (), "genuineness", why=(HOSTILE,), band=band)
    away = abs(p - 0.5) <= band
    name: GenuinenessVerdict = "undecided" if away else "genuine" if p > 0.5 else "posed"
    why = ("it is near the middle",) if away else ()
    return Genuineness(p, name, max(p, 1 - p), reasons, HOSTILE, why=why, band=band)


def judgements() -> Judgements:
    verdicts = (verdict(), verdict(0.2), verdict(None))
    return Judgements(zip(expressions(), verdicts, strict=False))


def people(count: int = 5) -> tuple[str, ...]:
    return (HOSTILE, *(f"viewer {place}" for place in range(1, count)))


def aligned() -> Aligned:
    common = np.sin(np.arange(500) / 12)
    values = common + 0.6 * RANDOM.normal(size=(3, 5, 500)).cumsum(axis=2) / 6
    values[0, 1, 100:160] = np.nan
    return Aligned(values, people(), ("AU12_r", "AU06_r", HOSTILE), 25.0)


def synchrony(window: float = 4.0) -> Synchrony:
    return Synchrony.from_aligned(
        aligned(), SynchronySettings(window=window, surrogates=19, jobs=1)
    )


def agreement() -> Agreement:
    r = np.array([0.5, np.nan])
    share = RANDOM.uniform(0, 1, 30)
    return Agreement(people(), share, 0.7, ("mean", HOSTILE), r, r / 10, r / 10, 200)


def shortcut(name: str, value: float, p: float) -> Shortcut:
    auc = Estimate(value, value - 0.06, min(1.0, value + 0.05)) if p <= 0.05 else None
    return Shortcut(name, "single", value, 0.62, p, RANDOM.normal(0.5, 0.05, 99), auc)


def audit() -> Audit:
    data = replace(clean_set(1), name=HOSTILE)
    asked = [("brightness", 0.91, 0.003), (HOSTILE, 0.68, 0.01), ("file size", 0.53, 0.8)]
    verdicts = (Verdict("bad", "light", HOSTILE, "AUC 0.91", "Film again."),)
    shortcuts = tuple(shortcut(*one) for one in asked)
    return Audit(data, 0.7, shortcuts, None, find_leaks(data), Balance.of(data), (), verdicts)


def report(classes: tuple[str, ...] = SIX, rows_: int = 240) -> ClassificationReport:
    labels = RANDOM.integers(0, len(classes), rows_)
    wrong = RANDOM.random(rows_) < 0.3
    named_ = np.where(wrong, RANDOM.integers(0, len(classes), rows_), labels)
    return ClassificationReport.from_predictions(labels, named_, classes)


def study() -> DistanceStudy:
    clips = clip_table(6)
    parts = tuple(
        Part(f"{share:.2f}", 72, 60 * share, Estimate(v, v - 0.1, v + 0.1))
        for share, v in zip((0.1, 0.4, 1.0), (0.3, 0.5, 0.6), strict=True)
    )
    result = Result(Settings(), {"kfold": report(), "loso": report()}, {})
    nested: dict[Protocol, Nested] = {"kfold": Nested(report(), {}), "loso": Nested(report(), {})}
    own = object.__new__(OwnSamples)
    return DistanceStudy(
        "loso", SIX, clips, result, result, nested, (), (), {"kfold": parts, "loso": parts},
        None, own, (),
    )  # fmt: skip


def genuineness_evaluation() -> GenuinenessEvaluation:
    clips = clip_table(8)
    p = np.clip(np.where(clips["type"] == "genuine", 0.6, 0.4) + RANDOM.normal(0, 0.2, 96), 0, 1)
    return GenuinenessEvaluation.from_predictions(HOSTILE, clips, p, subject_folds(clips, 4))


def smiles() -> SmileEvaluation:
    kind = np.arange(40) % 2 == 0
    p = np.clip(kind * 0.4 + RANDOM.uniform(0, 0.6, (2, 40)), 0, 1)
    scores = SmileScores.from_repeats((HOSTILE, "UvA-NEMO"), p, kind, np.arange(40))
    return SmileEvaluation((scores, replace(scores, model="onset")), (HOSTILE,))


def calibration() -> Calibration:
    labels = RANDOM.integers(0, 7, 300)
    logits = 4 * np.eye(7)[labels] + 3 * RANDOM.normal(size=(300, 7))
    return Calibration.from_logits(logits, labels, 1.7)


def emotion_evaluation() -> EmotionEvaluation:
    whole = report(EMOTIONS)
    return EmotionEvaluation(
        HOSTILE, "00", "PrivateTest", TARGETS["fer7"], 0, whole, 3, whole, calibration(), HOSTILE
    )


def comparison() -> NetworkComparison:
    row = NetworkRow(
        HOSTILE, "00", TARGETS["fer7"], report(EMOTIONS), None, 0, calibration(), 10, 1.5, {},
        None, None, None,
    )  # fmt: skip
    networks = (row, replace(row, name="other", whole=report(EMOTIONS)))
    made = object.__new__(Circumstances)
    return NetworkComparison("PrivateTest", networks, 3, 240, (), made, 2)


def london() -> LondonResult:
    estimate = Estimate(0.97, 0.95, 0.99)
    groups = tuple(
        GroupResult("gender", name, count, estimate, estimate, estimate)
        for name, count in (("everybody", 102), (HOSTILE, 53), ("male", 9))
    )
    return LondonResult(HOSTILE, "00", pd.DataFrame({"person": ["1"]}), (), groups)


def pedfe() -> PedfeResult:
    clips = clip_table(4)
    scores = RANDOM.dirichlet(np.ones(6), len(clips))
    kinds = tuple(ClipResult.from_clips(kind, clips, scores) for kind in ("all", "genuine"))
    return PedfeResult(HOSTILE, "00", len(clips), 0, kinds)


def attributes() -> AttributeEvaluation:
    return AttributeEvaluation(HOSTILE, 240, {"emotion": report(EMOTIONS), HOSTILE: report()})


def exploration() -> Exploration:
    averages = RANDOM.uniform(0, 255, (7, 48, 48))
    averages[2] = np.nan
    pairs = np.zeros((0, 2), np.int64)
    near = object.__new__(NearCopies)
    none = np.zeros((3, 3), np.int64)
    return Exploration(
        None, RANDOM.integers(0, 999, (3, 7)), averages, (), pairs[:, 0], (), (), none, near,
        pairs[:, 0] > 0, none, HOSTILE,
    )  # fmt: skip


def two_tasks() -> TwoTaskScores:
    clips = clip_table(4)
    joint = RANDOM.dirichlet(np.ones(12), len(clips)).reshape(-1, 6, 2)
    return TwoTaskScores.from_joint(clips, SIX, joint)


def paired() -> PairedScores:
    return PairedScores(48, {"emotion": Estimate(0.1, -0.02, 0.2), HOSTILE: Estimate(0, -0.1, 0.1)})


def unit_checks() -> ActionUnitEvaluation:
    measures = [
        Measure("synthetic", unit, "r, neutral known", 100, Estimate(r, r - 0.05, r + 0.03))
        for unit, r in zip(ACTION_UNITS, np.linspace(0.6, 0.95, len(ACTION_UNITS)), strict=True)
    ]
    odd = Measure("blinks", "AU45", "found", 20, Estimate(0.9, 0.8, 0.95))
    return ActionUnitEvaluation((*measures, odd), None, (HOSTILE,))


def card() -> ModelCard:
    return replace(load_card("genuineness"), name=HOSTILE, summary=HOSTILE, limits=(HOSTILE,))


def built() -> Built:
    return Built(10, 3, 1, (HOSTILE,), ())


PLOTTED: dict[str, Callable[[], Any]] = {
    "recording": two_smiles,
    "picture": lambda: picture(2),
    "frame": frame,
    "faces": lambda: faces(2),
    "verdict": verdict,
    "judgements": judgements,
    "synchrony": synchrony,
    "one window": lambda: synchrony(np.inf),
    "aligned": aligned,
    "agreement": agreement,
    "audit": audit,
    "distance study": study,
    "genuineness evaluation": genuineness_evaluation,
    "smile evaluation": smiles,
    "classification": report,
    "calibration": calibration,
    "emotion evaluation": emotion_evaluation,
    "network comparison": comparison,
    "london": london,
    "pedfe": pedfe,
    "attributes": attributes,
    "exploration": exploration,
    "two tasks": two_tasks,
    "paired": paired,
    "unit checks": unit_checks,
    "card": card,
}
"""Those that plot themselves."""

SHOWN = PLOTTED | {"expression": expression, "expressions": expressions, "built": built}
"""Those that a notebook shows as a table."""
