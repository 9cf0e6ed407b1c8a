"""Rows of results, one below the other in a CSV that keeps those of earlier runs."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pandas as pd

FOLDER = Path(__file__).resolve().parent / "results"


def append(name: str, rows: list[dict[str, Any]]) -> None:
    """Add rows to results/<name>.csv; columns that either side lacks stay empty."""
    path = FOLDER / f"{name}.csv"
    FOLDER.mkdir(exist_ok=True)
    # As text: what stands there keeps its digits.
    old = [pd.read_csv(path, dtype=str)] if path.exists() else []
    fresh = pd.DataFrame(rows).astype(object)
    pd.concat([*old, fresh]).to_csv(path, index=False, lineterminator="\n")
    print(f"Appended to benchmarks/results/{name}.csv.")
