"""A comparison of networks as a flat table and as text."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from duchenne.evaluation.emotion.targets import TALK_EMOTIONS
from duchenne.evaluation.statistics.intervals import Estimate, finite_or_none
from duchenne.evaluation.statistics.metrics import ClassificationReport
from duchenne.evaluation.statistics.paired import PairedDifference

if TYPE_CHECKING:
    from duchenne.evaluation.emotion.comparison import NetworkComparison, NetworkRow

Cells = dict[str, object]


def frame(comparison: NetworkComparison) -> pd.DataFrame:
    """A row a network; bounds of 95 % intervals in ``_low`` and ``_high``."""
    about: Cells = vars(comparison.circumstances) | {"split": comparison.split}
    return pd.DataFrame([about | _cells(row) for row in comparison.networks])


def _cells(row: NetworkRow) -> Cells:
    cells: Cells = {
        "network": row.name,
        "sha256": row.sha256,
        "target": row.target.name,
        "left_out": row.left_out,
        "parameters": row.parameters,
        "megabytes": finite_or_none(row.megabytes),
        "temperature": row.calibration.temperature,
        "nll_at_1": finite_or_none(row.calibration.before.nll),
        "nll": finite_or_none(row.calibration.after.nll),
        "brier": finite_or_none(row.calibration.after.brier),
        "ece_at_1": finite_or_none(row.calibration.before.ece),
        "ece": finite_or_none(row.calibration.after.ece),
    }
    for batch, ms in row.speed.items():
        cells |= {f"ms_a_face_batch{batch}_{k}": v for k, v in ms.to_dict().items()}
    cells |= _figures(row.whole, "")
    if row.without_copies is not None:
        cells |= _figures(row.without_copies, "_without_copies")
    cells["reference"] = row.reference
    if row.difference is not None:
        cells |= _paired(row.difference, "")
    if row.difference_without_copies is not None:
        cells |= _paired(row.difference_without_copies, "_without_copies")
    return cells


def _figures(report: ClassificationReport, suffix: str) -> Cells:
    cells: Cells = {f"rows{suffix}": report.rows}
    cells |= _estimate(f"accuracy{suffix}", report.accuracy)
    cells |= _estimate(f"macro_f1{suffix}", report.macro_f1)
    for name, estimate in zip(report.names, report.f1_intervals, strict=True):
        cells |= _estimate(f"f1_{name}{suffix}", estimate)
    return cells


def _paired(difference: PairedDifference, suffix: str) -> Cells:
    return _estimate(f"difference{suffix}", difference.accuracy) | {
        f"only_this{suffix}": difference.only_first,
        f"only_reference{suffix}": difference.only_second,
        # Not rounded: small p values are the ones of interest.
        f"mcnemar_p{suffix}": float(f"{difference.p:.4g}"),
    }


def _estimate(name: str, estimate: Estimate) -> Cells:
    return {
        name: finite_or_none(estimate.value),
        f"{name}_low": finite_or_none(estimate.low),
        f"{name}_high": finite_or_none(estimate.high),
    }


def text(comparison: NetworkComparison) -> str:
    """The networks, how they differ, and the talk's table."""
    width = max(len("network"), *(len(row.name) for row in comparison.networks))
    lines = [f"FER-2013 {comparison.split}, {comparison.rows:,} rows, {_copies(comparison)}"]
    if comparison.warning:
        lines.append(f"Warning: {comparison.warning}.")
    lines += ["", f"{'network':{width}}  classes   rows  accuracy (95 %)         macro F1"
              "     ECE  parameters      MB  ms a face  CPU ms"]  # fmt: skip
    lines += [_line(row, width) for row in comparison.networks]
    apart = [row for row in comparison.networks if row.without_copies is not None]
    if comparison.copies and apart:
        lines += ["", "Without the copies of Training rows"]
        lines += [
            f"{row.name:{width}}  {row.target.name:8}{row.without_copies.rows:6,}  "
            f"{_percent(row.without_copies.accuracy)}  {row.without_copies.macro_f1.value:8.4f}"
            for row in apart
            if row.without_copies is not None
        ]
    differences = [_difference(row, width) for row in comparison.networks if row.difference]
    if differences:
        lines += ["", "Accuracy less the reference's, same rows (McNemar's exact test)"]
        lines += differences
    return "\n".join([*lines, "", *_talk(comparison, width)])


def _copies(comparison: NetworkComparison) -> str:
    if comparison.copies is None:
        return "copies of Training rows unknown"
    return f"{comparison.copies:,} of them copies of Training rows"


def _line(row: NetworkRow, width: int) -> str:
    parameters = "-" if row.parameters is None else f"{row.parameters:,}"
    return (
        f"{row.name:{width}}  {row.target.name:8}{row.whole.rows:6,}  "
        f"{_percent(row.whole.accuracy)}  {row.whole.macro_f1.value:8.4f}  "
        f"{row.calibration.after.ece:6.4f}  {parameters:>10}  {row.megabytes:6.2f}  "
        f"{row.speed[1].median:9.2f}  {row.speed[1].cpu:6.2f}"
    )


def _difference(row: NetworkRow, width: int) -> str:
    assert row.difference is not None
    value, low, high = (
        100 * x for x in (getattr(row.difference.accuracy, n) for n in ("value", "low", "high"))
    )
    found = (
        f"{row.name:{width}}  {value:+.2f} points ({low:+.2f} to {high:+.2f}) to {row.reference}, "
        f"p = {row.difference.p:.2g}"
    )
    rest = row.difference_without_copies
    if rest is None:
        return found
    return f"{found}; without copies {100 * rest.accuracy.value:+.2f}, p = {rest.p:.2g}"


def _talk(comparison: NetworkComparison, width: int) -> list[str]:
    width = max(width, *(len(row.network) for row in comparison.talk))
    kinds = max(len(row.kind) for row in comparison.talk)
    heads = "".join(f"{name:>10}" for name in TALK_EMOTIONS)
    lines = ["The talk's five classes, F1", f"{'':{width}}  {'':{kinds}}{heads}"]
    for row in comparison.talk:
        cells = "".join(f"{estimate.value:10.2f}" for estimate in row.f1)
        lines.append(f"{row.network:{width}}  {row.kind:{kinds}}{cells}")
    return lines


def _percent(estimate: Estimate) -> str:
    value, low, high = (100 * x for x in (estimate.value, estimate.low, estimate.high))
    return f"{value:5.2f} % ({low:5.2f} to {high:5.2f})"
