"""A measurement as tables and facts, for spreadsheets and statistics programs."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from duchenne.synchrony.peaks import Agreement
from duchenne.synchrony.synchrony import Synchrony


def write_tables(found: Synchrony, agreement: Agreement | None, folder: Path) -> None:
    """Write CSV files into a folder.

    ``synchrony.csv``: a row a window and feature; ``features.csv``: means with 95 % intervals over
    people; ``windows.csv``: the same over features, and thresholds; ``people.csv``: a row a pair;
    ``moments.csv``: runs of windows above chance; with an agreement ``peaks.csv`` (a row a window)
    and ``agreement.csv`` (a row a feature).
    """
    tables = {
        "synchrony": found.to_frame(),
        "features": features(found),
        "windows": windows(found),
        "people": pairs(found),
        "moments": moments(found),
    }
    if agreement is not None:
        tables["agreement"] = agreement.to_frame()
        tables["peaks"] = _peaks(found, agreement)
    for name, table in tables.items():
        table.to_csv(folder / f"{name}.csv", index=False, float_format="%.6g")


def features(found: Synchrony) -> pd.DataFrame:
    """A row a feature."""
    columns = {"feature": found.features} | _with_interval(found.feature_means)
    return pd.DataFrame(columns | {"share_above": found.shares})


def windows(found: Synchrony) -> pd.DataFrame:
    """A row a window."""
    columns = {"start": found.starts, "end": found.ends} | _with_interval(found.window_means)
    columns |= {"upper": found.upper, "lower": found.lower}
    above = (found.significant == 1).sum(axis=1)
    return pd.DataFrame(columns | {"features_above": above})


def pairs(found: Synchrony) -> pd.DataFrame:
    """A row a pair of people."""
    one, other = np.triu_indices(len(found.people), 1)
    names = np.array(found.people)
    columns = {"person": names[one], "other": names[other], "isc": found.matrix[one, other]}
    return pd.DataFrame(columns)


def moments(found: Synchrony) -> pd.DataFrame:
    """A row a run of windows above chance: from, to, feature, highest t-ISC, where; in time."""
    rows = []
    for feature, name in enumerate(found.features):
        above = np.concatenate([[False], found.significant[:, feature] == 1, [False]])
        for first, stop in np.flatnonzero(np.diff(above.astype(np.int8))).reshape(-1, 2):
            best = first + int(np.nanargmax(found.isc[first:stop, feature]))
            rows.append(
                (
                    found.starts[first],
                    found.ends[stop - 1],
                    name,
                    found.isc[best, feature],
                    found.starts[best],
                    int(found.taking_part[best, feature]),
                )
            )
    columns = ["start", "end", "feature", "isc", "highest_from", "people"]
    return pd.DataFrame(rows, columns=columns).sort_values(["start", "feature"], kind="stable")


def summary(found: Synchrony, agreement: Agreement | None = None) -> dict[str, Any]:
    """What was found, in a few JSON-ready numbers."""
    mean, low, high = np.nanmean(found.feature_means, axis=0).tolist()
    facts: dict[str, Any] = {
        "people": len(found.people),
        "features": len(found.features),
        "windows": len(found.starts),
        "mean_isc": round(float(np.nanmean(found.isc)), 6),
        "share_of_windows_above": round(float((found.significant == 1).any(axis=1).mean()), 6),
        "cells_above": int((found.significant == 1).sum()),
        "cells_below": int((found.significant == -1).sum()),
        "highest_isc": round(float(np.nanmax(found.isc)), 6),
        "settings": found.settings.to_dict(),
        "notes": list(found.notes),
    }
    if len(found.features) == 1:
        facts["interval"] = [round(low, 6), round(high, 6)]
        facts["mean_isc"] = round(mean, 6)
    if agreement is not None:
        facts["peaks"] = {
            "raters": len(agreement.people),
            "highest_share": round(float(agreement.share.max()), 6),
            "threshold": round(agreement.threshold, 6),
            "r_with_mean": _or_none(agreement.r[0]),
            "p_with_mean": _or_none(agreement.p[0]),
        }
    return facts


def _with_interval(means: NDArray[np.float64]) -> dict[str, NDArray[np.float64]]:
    return {"isc": means[:, 0], "low": means[:, 1], "high": means[:, 2]}


def _peaks(found: Synchrony, agreement: Agreement) -> pd.DataFrame:
    columns = {"start": found.starts, "end": found.ends, "share": agreement.share}
    return pd.DataFrame(columns | {"beyond_chance": agreement.share > agreement.threshold})


def _or_none(value: float) -> float | None:
    return round(float(value), 6) if np.isfinite(value) else None
