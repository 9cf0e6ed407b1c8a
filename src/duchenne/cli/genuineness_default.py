"""What ``train`` and ``evaluate genuineness --model default`` do."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click
from tqdm import tqdm

from duchenne.cli.extras import training_extra
from duchenne.cli.saying import in_json

if TYPE_CHECKING:
    import pandas as pd

    from duchenne.evaluation.genuineness.evaluation import GenuinenessEvaluation
    from duchenne.evaluation.genuineness.rows import GenuinenessRows
    from duchenne.learning.genuineness_default import Tried

PARTS_FILE: Final = "parts.csv"


def train(data: Path, out: Path | None, ship: bool, as_json: bool = False) -> None:
    """Cross-validate every shipped model, then fit each on everybody and write it."""
    with training_extra():
        from duchenne.learning.genuineness_export import export_shipped
    from duchenne.weights.card import WEIGHTS

    rows = _read(data, out)
    tried = _try(rows)
    evaluations = [one.evaluation for models in tried.values() for one in models]
    if as_json:
        click.echo(in_json({"evaluations": [one.to_dict() for one in evaluations]}))
    else:
        _show(evaluations)
    if out is not None:
        evaluations[0].save(out)
    for folder in [out, *([WEIGHTS] if ship else [])]:
        if folder is None:
            continue
        folder.mkdir(parents=True, exist_ok=True)
        for name, models in tried.items():
            card = export_shipped(rows, name, models, folder)
            click.echo(f"Written to {card.path}.", err=True)


def evaluate(data: Path, out: Path | None, as_json: bool, update_card: bool) -> None:
    """The shipped weights on people they have not seen; else their recipe, fold by fold."""
    from duchenne.errors import DataError
    from duchenne.evaluation.genuineness.parts import parts_text
    from duchenne.evaluation.genuineness.shipped import evaluate_shipped, strangers

    if update_card:
        raise DataError("The cards get their figures from duchenne train genuineness --ship.")
    rows = _read(data, out)
    if strangers(rows):
        evaluations = evaluate_shipped(rows)
        facts: list[dict[str, Any]] = [one.to_dict() for one in evaluations]
        parts = None
    else:
        tried = [one for models in _try(rows).values() for one in models]
        parts = _parts(tried[0])
        evaluations = [one.evaluation for one in tried]
        facts = [one.to_dict() for one in tried]
    found = facts[0] | {"others": facts[1:]}
    if as_json:
        click.echo(in_json(found))
    else:
        _show(evaluations)
        if parts is not None:
            click.echo(f"\n{parts_text(parts)}")
    if out is not None:
        evaluations[0].save(out)
        if parts is not None:
            parts.round(4).to_csv(out / PARTS_FILE, index=False)
        text = json.dumps(found, indent=2, allow_nan=False)
        (out / "metrics.json").write_text(text + "\n", encoding="utf-8")
        click.echo(f"Written to {out}.", err=True)


def _parts(tried: Tried) -> pd.DataFrame:
    from duchenne.evaluation.genuineness.parts import parts_table

    return parts_table(tried.evaluation.clips, tried.without)


def _read(data: Path, out: Path | None) -> GenuinenessRows:
    """The clips as the models see them; kept in ``out``, where a second run finds them."""
    from duchenne.evaluation.datasets.pedfe_frames import read_clip_frames, read_judged_clips
    from duchenne.evaluation.genuineness.rows import GenuinenessRows
    from duchenne.expressions.track import canonical_face

    clips = read_judged_clips(data)
    kept = None if out is None else out / f"clips-{_stamp(data)}.npz"
    if kept is not None and kept.is_file():
        return GenuinenessRows.load(clips, kept)
    frames = read_clip_frames(data, clips, canonical_face())
    with tqdm(total=len(clips), desc="clips", unit="clip", leave=False, disable=None) as bar:
        rows = GenuinenessRows.from_frames(clips, frames, bar.update)
    if kept is not None:
        kept.parent.mkdir(parents=True, exist_ok=True)
        rows.save(kept)
    return rows


def _stamp(data: Path) -> str:
    """Changes whenever one of the two tables does."""
    from hashlib import sha256

    facts = [(data / name).stat() for name in ("clips.csv", "frames.parquet")]
    told = repr([(fact.st_size, fact.st_mtime_ns) for fact in facts])
    return sha256(told.encode()).hexdigest()[:12]


def _try(rows: GenuinenessRows) -> dict[str, list[Tried]]:
    with training_extra():
        from duchenne.learning.genuineness_default import SHIPPED, try_shipped
    from duchenne.evaluation.statistics.subject_folds import subject_folds

    total = len(SHIPPED) * len(subject_folds(rows.clips))
    with tqdm(total=total, desc="folds", unit="fold", leave=False, disable=None) as bar:
        return {
            name: list(try_shipped(rows, name, lambda _: bar.update()).values()) for name in SHIPPED
        }


def _show(evaluations: list[GenuinenessEvaluation]) -> None:
    click.echo(evaluations[0].to_text())
    click.echo("")
    width = max(len(one.model) for one in evaluations)
    for one in evaluations:
        scores = one.scores
        click.echo(
            f"{one.model:{width}}  {scores.rows:5d} clips  "
            f"accuracy {scores.accuracy.value:.3f} ({scores.accuracy.low:.3f}-"
            f"{scores.accuracy.high:.3f})  AUC {scores.auc.value:.3f} "
            f"({scores.auc.low:.3f}-{scores.auc.high:.3f})  ECE {scores.ece.value:.3f}"
        )
