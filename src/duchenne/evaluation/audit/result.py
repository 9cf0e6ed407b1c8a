"""The audit of a data set: run it, keep it, say it."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from duchenne.errors import DataError
from duchenne.evaluation.audit.balance import Balance
from duchenne.evaluation.audit.chance import ALPHA, PERMUTATIONS
from duchenne.evaluation.audit.finding import BAR, Evidence, Verdict
from duchenne.evaluation.audit.gaps import Content, content_model
from duchenne.evaluation.audit.items import AuditSet
from duchenne.evaluation.audit.leaks import Leaks, find_leaks
from duchenne.evaluation.audit.model_check import ModelCheck, Scorer, check_model
from duchenne.evaluation.audit.shortcuts import Shortcut, find_shortcuts
from duchenne.evaluation.audit.verdicts import verdicts

if TYPE_CHECKING:
    from matplotlib.figure import Figure

MARKS = {"bad": "✗", "note": "!", "good": "✓"}


@dataclass(frozen=True, eq=False)
class Audit:
    """Whether a data set teaches the expression, or something else.

    Attributes:
        data: what was audited.
        bar: AUC from which a shortcut is bad.
        shortcuts: every question with its answer, findings first, the strongest first.
        content: a small model of the content under several folds; None without content.
        leaks: copies, and people in several splits.
        balance: counts.
        models: models that were audited with it.
        verdicts: plain words, the worst first.
    """

    data: AuditSet
    bar: float
    shortcuts: tuple[Shortcut, ...]
    content: Content | None
    leaks: Leaks
    balance: Balance
    models: tuple[ModelCheck, ...]
    verdicts: tuple[Verdict, ...]

    @property
    def passed(self) -> bool:
        """Whether nothing beats the bar."""
        return all(verdict.level != "bad" for verdict in self.verdicts)

    @property
    def headline(self) -> str:
        """The worst finding, or that there is none."""
        worst = self.verdicts[0] if self.verdicts else None
        if worst is None or worst.level == "good":
            return "No shortcut was found among those that were looked for."
        return worst.text

    def to_dict(self) -> dict[str, Any]:
        """JSON-ready."""
        return {
            "data": self.data.name,
            "kind": self.data.kind,
            "items": len(self.data),
            "measured": len(self.data.known()),
            "labels": list(self.data.classes),
            "bar": self.bar,
            "alpha": ALPHA,
            "permutations": PERMUTATIONS,
            "passed": self.passed,
            "headline": self.headline,
            "verdicts": [verdict.to_dict() for verdict in self.verdicts],
            "shortcuts": [one.to_dict() for one in self.shortcuts],
            "content": None if self.content is None else self.content.to_dict(),
            "leaks": self.leaks.to_dict(self.data.names),
            "balance": self.balance.to_dict(),
            "models": [model.to_dict() for model in self.models],
            "unreadable": list(self.data.unreadable),
            "notes": list(self.data.notes),
        }

    def to_frame(self) -> pd.DataFrame:
        """A row a question: how well it tells the labels apart, what chance does, p."""
        rows = []
        for one in self.shortcuts:
            told = one.to_dict()
            bounds = told.pop("interval") or {}
            rows.append(told | {end: bounds.get(end) for end in ("low", "high")})
        return pd.DataFrame(rows)

    def to_text(self) -> str:
        """For the terminal."""
        count = f"{self.data.name}: {len(self.data):,} items, {len(self.data.classes)} labels"
        lines = [f"{count}. {self.headline}", ""]
        for verdict in self.verdicts:
            lines.append(f"{MARKS[verdict.level]} {verdict.text}")
            lines.append(f"    {verdict.evidence}")
            if verdict.advice:
                lines.append(f"    -> {verdict.advice}")
        return "\n".join([*lines, *(f"note: {note}" for note in self.data.notes)])

    def save(self, folder: Path) -> None:
        """Write audit.json and audit.csv, into a folder that is made where it is not there."""
        folder.mkdir(parents=True, exist_ok=True)
        text = json.dumps(self.to_dict(), indent=2, ensure_ascii=False, allow_nan=False) + "\n"
        (folder / "audit.json").write_text(text, encoding="utf-8")
        self.to_frame().to_csv(folder / "audit.csv", index=False)

    def plot(self) -> Figure:
        """Each question's AUC with its interval, what chance does (a tick), and the bar."""
        from duchenne.evaluation.audit.showing import plot_audit

        return plot_audit(self)

    def _repr_html_(self) -> str:
        from duchenne.evaluation.audit.showing import audit_html

        return audit_html(self)


def run_audit(
    data: AuditSet,
    scorers: Sequence[Scorer] = (),
    *,
    bar: float = BAR,
    seed: int = 0,
    on_step: Callable[[str], object] | None = None,
) -> Audit:
    """Audit a data set, and models on it.

    Args:
        data: the items, measured.
        scorers: models to audit with it.
        bar: AUC from which a shortcut is bad, above 0.5.
        seed: of folds, shuffles, samples and bootstraps.
        on_step: told the name of each step as it begins.

    Raises:
        DataError: the bar makes no sense, the items cannot be audited (``AuditSet.check``), or a
            model cannot score them.
    """
    if not 0.5 < bar <= 1:
        raise DataError(f"The bar is an AUC above 0.5 and up to 1, not {bar:g}.")
    told = on_step or (lambda _: None)
    data.check().known().check()
    told("copies")
    leaks = find_leaks(data)
    told("shortcuts")
    shortcuts = tuple(find_shortcuts(data, seed))
    told("folds")
    content = content_model(data, seed)
    models = tuple(check_model(data, scorer, seed, told) for scorer in scorers)
    balance = Balance.of(data)
    evidence = Evidence(data, shortcuts, content, leaks, balance, models, bar)
    said = verdicts(evidence)
    return Audit(data, bar, shortcuts, content, leaks, balance, models, said)
