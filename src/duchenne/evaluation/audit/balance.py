"""How many items of each label there are: in all, and of each person, source and group."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from duchenne.evaluation.audit.items import AuditSet
from duchenne.evaluation.audit.probes import grouping


@dataclass(frozen=True, eq=False)
class Balance:
    """Counts.

    Attributes:
        labels: items of each label.
        tables: name of a group to its values (rows) by labels (columns).
        people: people of each label, at least one item each; empty where nobody is named.
        items_a_person: least, median and most items of one person; None where nobody is named.
    """

    labels: pd.Series
    tables: dict[str, pd.DataFrame]
    people: pd.Series
    items_a_person: tuple[int, float, int] | None

    @classmethod
    def of(cls, data: AuditSet) -> Balance:
        """Count a data set."""
        labels = pd.Series(data.label).value_counts().reindex(list(data.classes))
        groups = dict(grouping(data))
        if len(set(data.split.tolist())) > 1:
            groups["split"] = data.split
        tables = {name: _table(values, data) for name, values in groups.items()}
        named = data.subject != ""
        whom = pd.DataFrame({"label": data.label[named], "subject": data.subject[named]})
        people = whom.groupby("label")["subject"].nunique()
        each = whom["subject"].value_counts().to_numpy()
        spread = (int(each.min()), float(np.median(each)), int(each.max())) if each.size else None
        return cls(labels, tables, people, spread)

    @property
    def ratio(self) -> float:
        """The largest label's items for each of the smallest's."""
        return float(self.labels.max() / self.labels.min())

    def to_dict(self) -> dict[str, Any]:
        """JSON-ready."""
        return {
            "labels": {str(k): int(v) for k, v in self.labels.items()},
            "people": {str(k): int(v) for k, v in self.people.items()},
            "items_a_person": self.items_a_person,
            "groups": {
                name: {str(k): {str(c): int(v) for c, v in row.items()} for k, row in t.iterrows()}
                for name, t in self.tables.items()
            },
        }


def _table(values: object, data: AuditSet) -> pd.DataFrame:
    return pd.crosstab(pd.Series(values, name="group"), pd.Series(data.label, name="label"))
