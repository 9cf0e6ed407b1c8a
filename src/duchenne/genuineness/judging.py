"""Verdicts about the expressions of a recording: genuine, posed, or undecided and why."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final, Literal, get_args

import numpy as np
from numpy.typing import NDArray

from duchenne.errors import DataError
from duchenne.expressions import Expression, find_expressions
from duchenne.expressions.doubts import why_none
from duchenne.faces.blendshapes import BLENDSHAPES
from duchenne.genuineness.abstention import View, grounds, rows_of, unsure
from duchenne.genuineness.clip_inputs import MARGIN_S, clip_inputs
from duchenne.genuineness.clip_model import LEAST_CLIPS, Baseline, KernelModel
from duchenne.genuineness.judgements import Judgements
from duchenne.genuineness.models import Models, shipped
from duchenne.genuineness.options import AS_ONE, INSTEAD
from duchenne.genuineness.reasons import ClipView, clip_reasons, still_reasons
from duchenne.genuineness.smile_evidence import smile_evidence
from duchenne.genuineness.verdict import CLIP, STILL, Genuineness, Reason, Verdict
from duchenne.recording.recording import Recording

From = Literal["clip", "aus", "landmarks"]
SOURCES: Final[tuple[From, ...]] = get_args(From)

ONE_FRAME: Final[From] = "aus"
"""What a single picture is judged from, unless something else is asked for."""

_SCORES: Final = [f"bs_{name}" for name in BLENDSHAPES]


@dataclass(frozen=True, eq=False)
class Display:
    """One expression, ready to be judged.

    Attributes:
        expression: which.
        source: what is looked at.
        inputs: (inputs,) of the model of that source; None where they cannot be had.
        why: grounds for saying nothing, whatever the model makes of it.
    """

    expression: Expression
    source: From
    inputs: NDArray[np.float64] | None
    why: tuple[str, ...] = ()


def judge(
    recording: Recording,
    *,
    whole: bool = False,
    source: From = "clip",
    expressions: Sequence[Expression] | None = None,
    baselines: Mapping[int, Baseline] | None = None,
    models: Models | None = None,
) -> Judgements:
    """How far each displayed expression resembles spontaneous recordings rather than posed ones.

    Each is judged by itself unless ``baselines`` are given: a person's middle helps where that
    person shows spontaneous and posed displays, and misleads where all are of one kind. A single
    picture is judged from its Action Units, as weaker evidence.

    Args:
        recording: as ``duchenne.analyze`` makes it; tables of other programs hold no landmarks and
            can be judged from ``aus`` only.
        whole: the recording is one expression, from its first frame to its last.
        source: ``clip`` looks at the whole course of an expression; ``aus`` and ``landmarks`` look
            at one frame, its apex.
        expressions: of the recording; by default those that ``find_expressions`` finds.
        baselines: how a person usually looks, by face id (``own_baselines`` of what ``look`` gave).
        models: to judge with; by default the shipped ones.

    Returns:
        Each expression with its verdict, in the order of ``find_expressions``; empty where no
        expression was found.

    Raises:
        DataError: as ``find_expressions``, or another source.
        ModelError: a model is missing.
    """
    displays = look(recording, whole=whole, source=source, expressions=expressions, models=models)
    return decide(displays, baselines, models)


def look(
    recording: Recording,
    *,
    whole: bool = False,
    source: From = "clip",
    expressions: Sequence[Expression] | None = None,
    models: Models | None = None,
) -> tuple[Display, ...]:
    """The first half of ``judge``: what the models need of each expression.

    The recording itself is no longer needed afterwards, so that one person's expressions can be
    gathered from many recordings before any is judged.
    """
    if source not in SOURCES:
        raise DataError(f"A verdict comes from {', '.join(SOURCES)}, not from {source!r}.")
    if expressions is None:
        expressions = find_expressions(recording, whole=whole or _is_still(recording))
    known = shipped() if models is None else models
    return tuple(_look_at(recording, expression, source, known) for expression in expressions)


def why_nothing(recording: Recording) -> str:
    """Why a recording has no expression that a verdict could be about, as a phrase."""
    why = why_none(recording)
    if not recording.face_ids:
        return why
    strongest = max(found.intensity for found in find_expressions(recording, whole=True))
    return f"{why}; taken as one expression ({AS_ONE}), its strength is {strongest:.1f} of 5"


def own_baselines(displays: Iterable[Display], models: Models | None = None) -> dict[int, Baseline]:
    """Each face's own baseline, for the faces that have enough expressions."""
    by_face: dict[int, list[Display]] = {}
    for display in displays:
        by_face.setdefault(display.expression.face_id, []).append(display)
    found = {face_id: baseline_of(mine, models) for face_id, mine in by_face.items()}
    return {face_id: baseline for face_id, baseline in found.items() if baseline is not None}


def baseline_of(displays: Iterable[Display], models: Models | None = None) -> Baseline | None:
    """How one person usually looks on camera; None with too few expressions that were seen well."""
    good = [d.inputs for d in displays if d.source == "clip" and d.inputs is not None and not d.why]
    if len(good) < LEAST_CLIPS:
        return None
    known = shipped() if models is None else models
    return Baseline.from_inputs(known.clips(by_person=True), np.stack(good))


def decide(
    displays: Iterable[Display],
    baselines: Mapping[int, Baseline] | None = None,
    models: Models | None = None,
) -> Judgements:
    """The second half of ``judge``.

    Args:
        displays: what ``look`` gave.
        baselines: how a person usually looks, by face id.
        models: to judge with; by default the shipped ones.
    """
    known = shipped() if models is None else models
    own = baselines or {}
    return Judgements(
        (display.expression, _decide(display, own.get(display.expression.face_id), known))
        for display in displays
    )


def _look_at(recording: Recording, expression: Expression, source: From, models: Models) -> Display:
    view = View.of(recording, expression)
    one_frame = view.frames <= 1
    chosen = ONE_FRAME if one_frame and source == "clip" and _is_still(recording) else source
    why = grounds(view, still=chosen != "clip")
    if not view.frames:
        return Display(expression, chosen, None, why)
    try:
        inputs = _inputs(recording, expression, chosen, models)
    except DataError as error:
        return Display(expression, chosen, None, (*why, _phrase(error, chosen)))
    if not np.isfinite(inputs).any():
        return Display(expression, chosen, None, (*why, "nothing of the face was measured"))
    return Display(expression, chosen, inputs, why)


def _is_still(recording: Recording) -> bool:
    return len(np.unique(recording.table["frame"].to_numpy())) == 1


def _inputs(
    recording: Recording, expression: Expression, source: From, models: Models
) -> NDArray[np.float64]:
    if source == "clip":
        first, last = expression.onset_s - MARGIN_S, expression.offset_s + MARGIN_S
        times = recording.table["timestamp"].to_numpy()
        near = np.flatnonzero((times >= first) & (times <= last))
        part = _part(recording, int(near[0]), int(near[-1]) + 1)
        _check(part, source)
        return clip_inputs(part, expression.face_id, first, last)
    rows = rows_of(recording, expression)
    times = recording.table["timestamp"].to_numpy()[rows]
    apex = int(rows[int(np.argmin(np.abs(times - expression.apex_s)))])
    part = _part(recording, apex, apex + 1)
    _check(part, source)
    return models.still(source).inputs_of(part, 0)


def _check(recording: Recording, source: From) -> None:
    """Tables of other programs lack what two of the models look at: say so in a person's words."""
    missing = [] if source == "aus" or recording.has_landmarks else ["landmarks"]
    if source == "clip" and not _has_blendshapes(recording):
        missing.append("blendshapes")
    if missing:
        raise DataError(
            f"{' and '.join(missing)} are needed, and this recording by "
            f"{recording.metadata.tool} has none: analyse the source with duchenne, or judge with "
            f"{INSTEAD}"
        )


def _has_blendshapes(recording: Recording) -> bool:
    try:
        recording.require(_SCORES)
    except DataError:
        return False
    return True


def _part(recording: Recording, first: int, last: int) -> Recording:
    """Some rows of a recording: the models look at each expression's own only."""
    points = recording.landmarks_of(np.arange(first, last)) if recording.has_landmarks else None
    rows = recording.table.slice(first, last - first)
    return replace(recording, table=rows, path=None, _landmarks=points)


def _decide(display: Display, baseline: Baseline | None, models: Models) -> Genuineness:
    evidence = CLIP if display.source == "clip" else STILL
    if display.inputs is None:
        name = models.name(display.source)
        return Genuineness(None, "undecided", None, (), name, evidence, display.why)
    own = baseline if display.source == "clip" else None
    model = _model(display.source, models, by_person=own is not None)
    judgement = model.judge(display.inputs[None], own)
    p, familiarity = float(judgement.p_genuine[0]), float(judgement.familiarity[0])
    why = (*display.why, *unsure(p, familiarity, model.band, model.least_familiarity))
    verdict: Verdict = "undecided" if why else "genuine" if p > 0.5 else "posed"
    return Genuineness(
        p_genuine=p,
        verdict=verdict,
        confidence=max(p, 1 - p),
        # A display that was seen badly has numbers too, but nobody should lean on them.
        reasons=() if display.why else _reasons(display, model, own, p, models),
        model=model.card.name + (f", beside {own.clips} of the person" if own else ""),
        evidence=evidence,
        why=why,
        band=model.band,
        familiarity=familiarity,
    )


def _model(source: From, models: Models, *, by_person: bool) -> KernelModel:
    return models.clips(by_person=by_person) if source == "clip" else models.still(source)


def _reasons(
    display: Display, model: KernelModel, baseline: Baseline | None, p: float, models: Models
) -> tuple[Reason, ...]:
    assert display.inputs is not None
    if display.source != "clip":
        return still_reasons(model, display.inputs, p)
    emotion = display.expression.emotion
    view = ClipView(model, models.reference(), display.inputs, emotion, baseline)
    return (*clip_reasons(view, p), *smile_evidence(display.expression, models.smiles()))


def _phrase(error: DataError, source: From) -> str:
    text = str(error).rstrip(".")
    instead = "" if source != "clip" or INSTEAD in text else f", or judge with {INSTEAD}"
    return f"{text[0].lower() if text.startswith('This') else text[0]}{text[1:]}{instead}"
