"""The thesis' tables with our figures beside its own."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, Final

import pandas as pd

from duchenne.errors import DataError
from duchenne.evaluation.video_sets.two_task_scores import METRICS, PREDICTIONS, PairedScores
from duchenne.learning.experiments.catalogue import EXPERIMENTS, TABLES
from duchenne.learning.experiments.config import Experiment

_TASKS: Final = {"emotion": "emotion", "genuine": "genuine/posed", "overall": "both"}
_THESIS: Final = ", thesis"
_SHOWN: Final = {*_TASKS, "side", "frames", "epochs_run", "weights", "clips", "people"}
_NOTE: Final = (
    "The thesis: SASE-FE, frames, its people to choose by are its people to score. Ours: clips of "
    "people that nothing was trained on or chosen by; 95 % intervals from drawing people."
)


def result_of(experiment: Experiment, out: Path) -> dict[str, Any] | None:
    """What ``metrics.json`` says; None where the experiment has not been run.

    Raises:
        DataError: the file is damaged, or lacks something that the tables show.
    """
    path = out / experiment.name / METRICS
    if not path.is_file():
        return None
    try:
        content: Any = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise DataError(f"{path} is damaged: delete it and run the experiment again.") from error
    if not isinstance(content, dict) or not content.keys() >= _SHOWN:
        raise DataError(f"{path} is not whole: delete it and run the experiment again.")
    return content


def table_frame(table: str, out: Path) -> pd.DataFrame:
    """A row an experiment of one table: the thesis' percent, and ours with intervals.

    Raises:
        DataError: there is no such table.
    """
    if table not in TABLES:
        raise DataError(f"There is no table {table!r}; there are: {', '.join(TABLES)}.")
    rows = [_row(e, result_of(e, out)) for e in EXPERIMENTS.values() if e.table == table]
    return pd.DataFrame(rows)


def table_markdown(table: str, out: Path) -> str:
    """One table for the docs.

    Raises:
        DataError: there is no such table.
    """
    frame = table_frame(table, out)
    scored = [words for words in frame["scored on"].unique() if words]
    lines = [f"### {_heading(table)}", ""]
    if len(scored) == 1:
        # Once above the table: in each row it would make it too wide to read.
        lines += [f"Scored on {scored[0]}.", ""]
    shown = frame.drop(columns=[name for name in frame if _says_nothing(name, frame, scored)])
    lines += [_line(shown.columns), _line(["---"] * shown.shape[1])]
    lines += [_line(row) for row in shown.itertuples(index=False)]
    return "\n".join(lines) + "\n"


def _says_nothing(name: str, frame: pd.DataFrame, scored: list[str]) -> bool:
    if name == "scored on":
        return len(scored) < 2
    return name.endswith(_THESIS) and not frame[name].any()


def tables_markdown(out: Path, tables: tuple[str, ...] = ()) -> str:
    """Several tables, by default all, and what their figures mean.

    Raises:
        DataError: there is no such table.
    """
    parts = [table_markdown(table, out) for table in tables or TABLES]
    return "\n".join([*parts, _NOTE, ""])


def compare(first: str, second: str, out: Path) -> PairedScores:
    """Two finished experiments on the clips that both scored.

    Raises:
        DataError: one has not been run, its table is damaged, or they share no clip.
    """
    tables = []
    for name in (first, second):
        path = out / name / PREDICTIONS
        if not path.is_file():
            raise DataError(f"{out} holds no finished experiment {name}: run it first.")
        try:
            tables.append(pd.read_csv(path, dtype={"code": str, "subject": str}))
        except (OSError, ValueError) as error:
            raise DataError(
                f"{path} is damaged: delete {METRICS} beside it and run the experiment again."
            ) from error
    return PairedScores.from_tables(*tables)


def _heading(table: str) -> str:
    return TABLES[table] if table == "ours" else f"Table {table}. {TABLES[table]}"


def _row(experiment: Experiment, result: dict[str, Any] | None) -> dict[str, str]:
    row = {"experiment": f"`{experiment.name}`", "what": experiment.title}
    for task, name in _TASKS.items():
        value = experiment.thesis.get(task)
        row[name + _THESIS] = "" if value is None else f"{value:.2f}"
        row[f"{name}, ours"] = "" if result is None else _share(result[task]["accuracy"])
    if experiment.table == "ours":
        row = {key: value for key, value in row.items() if not key.endswith(_THESIS)}
    row["run at"] = "not run" if result is None else _size(result)
    row["scored on"] = "" if result is None else _people(result)
    return row


def _size(result: dict[str, Any]) -> str:
    side = f"{result['side']} px, " if result["side"] else ""
    count = result["epochs_run"]
    # Support vector machines have none.
    epochs = f"{count} epoch{'s' if count > 1 else ''}, " if count else ""
    frames = f"{result['frames']} frame{'s' if result['frames'] > 1 else ''}"
    return f"{side}{frames}, {epochs}weights {Path(result['weights']).name}"


def _people(result: dict[str, Any]) -> str:
    return f"{result['clips']} clips of {result['people']} people"


def _share(accuracy: dict[str, float]) -> str:
    value, low, high = (100 * accuracy[key] for key in ("value", "low", "high"))
    return f"{value:.1f} ({low:.1f} to {high:.1f})"


def _line(cells: Any) -> str:
    return "| " + " | ".join(str(cell) for cell in cells) + " |"
