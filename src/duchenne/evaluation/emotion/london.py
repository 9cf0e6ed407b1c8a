"""An emotion network on the Face Research Lab London Set: neutral beside smiling, group by group.

DeBruine and Jones 2017, doi 10.6084/m9.figshare.5047666, CC BY 4.0. Each person is pictured once
with a neutral face and once smiling on request; the pictures go through the whole pipeline.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import pandas as pd

from duchenne.errors import DataError, reason
from duchenne.evaluation.emotion.scores import as_figure
from duchenne.evaluation.statistics.intervals import (
    Estimate,
    bootstrap_interval,
    finite_or_none,
    wilson_interval,
)
from duchenne.evaluation.statistics.ranking import area_under_curve
from duchenne.recording.analyzer import Analyzer
from duchenne.recording.recording import Recording
from duchenne.weights.card import ModelCard
from duchenne.weights.facts import Result

if TYPE_CHECKING:
    from matplotlib.figure import Figure

FEW: Final = 10
"""Below this many people a group's numbers carry no claim."""

_GROUPS: Final = {"gender": "face_gender", "ethnicity": "face_eth"}
_POSES: Final = ("neutral", "smiling")


@dataclass(frozen=True)
class GroupResult:
    """The people of one group.

    Attributes:
        group: everybody, gender or ethnicity.
        name: which one, as the data set words it.
        people: how many, with both pictures.
        auc: of happy's probability less neutral's, smiling against neutral; drawn over people.
        accuracy: share of pictures with the right one of the two on top; drawn over people.
        both_right: share of people with both pictures right; Wilson, so that a small group's
            interval stays wide even where all are right.
    """

    group: str
    name: str
    people: int
    auc: Estimate
    accuracy: Estimate
    both_right: Estimate

    @property
    def few(self) -> bool:
        """Too few people for a claim about the group."""
        return self.people < FEW

    @classmethod
    def from_faces(cls, group: str, name: str, faces: pd.DataFrame) -> GroupResult:
        """Measure rows with columns person, smiling (bool), margin (happy less neutral)."""
        margin, smiling = faces["margin"].to_numpy(), faces["smiling"].to_numpy(bool)
        people = faces["person"].to_numpy()
        right = (margin > 0) == smiling
        both = pd.Series(right).groupby(people).all()
        return cls(
            group,
            name,
            len(both),
            bootstrap_interval(
                lambda rows: area_under_curve(margin[rows], smiling[rows]), len(faces), people
            ),
            bootstrap_interval(lambda rows: float(right[rows].mean()), len(faces), people),
            wilson_interval(int(both.sum()), len(both)),
        )

    def to_dict(self) -> dict[str, Any]:
        """JSON-ready."""
        return {
            "group": self.group,
            "name": self.name,
            "people": self.people,
            "too_few_for_a_claim": self.few,
            "auc": self.auc.to_dict(),
            "accuracy": self.accuracy.to_dict(),
            "both_right": self.both_right.to_dict(),
        }


@dataclass(frozen=True, eq=False)
class LondonResult:
    """An emotion network on the London set.

    Attributes:
        model: its name.
        sha256: of its file.
        faces: a row a picture: person, smiling, happy, neutral, margin, gender, ethnicity.
        without_face: pictures in which no face was found; their people are left out.
        groups: everybody, then each gender and ethnicity, larger groups first.
    """

    model: str
    sha256: str
    faces: pd.DataFrame
    without_face: tuple[str, ...]
    groups: tuple[GroupResult, ...]

    def to_dict(self) -> dict[str, Any]:
        """JSON-ready."""
        return {
            "data": "Face Research Lab London Set",
            "model": self.model,
            "sha256": self.sha256,
            "pictures": len(self.faces),
            "without_face": list(self.without_face),
            "groups": [group.to_dict() for group in self.groups],
        }

    def results(self) -> list[Result]:
        """What goes into the model's card: everybody, and groups large enough for a claim."""
        command = "duchenne evaluate emotion-transfer --london DIR --update-card"
        command += f" --model {self.model}"
        large = [group for group in self.groups if not group.few]
        return [
            Result(
                f"London faces, {'everybody' if group.name == group.group else group.name}",
                2 * group.people,
                command,
                (as_figure("AUC", group.auc), as_figure("accuracy", group.accuracy)),
            )
            for group in large
        ]

    def to_frame(self) -> pd.DataFrame:
        """A row a group."""
        return pd.DataFrame([_flat(self.model, group) for group in self.groups])

    def to_text(self) -> str:
        """For the terminal."""
        width = max(len(_title(group)) for group in self.groups)
        lines = [
            f"{self.model} on the London faces, {len(self.faces)} pictures: neutral or smiling",
            f"Without a face, left out: {', '.join(self.without_face) or 'none'}",
            "",
            f"{'':{width}} people  AUC (95 %)                   pictures right             "
            "people with both right",
        ]
        lines += [
            f"{_title(group):{width}} {group.people:6d}  {_decimal(group.auc)}  "
            f"{_percent(group.accuracy):25}  {_percent(group.both_right)}"
            f"{'  *' if group.few else ''}"
            for group in self.groups
        ]
        if any(group.few for group in self.groups):
            lines += ["", f"* Fewer than {FEW} people: too few for a claim about the group."]
        return "\n".join(lines)

    def save(self, folder: Path) -> None:
        """Write ``london.csv`` (groups) and ``london_faces.csv`` into a folder that is there."""
        self.to_frame().to_csv(folder / "london.csv", index=False)
        self.faces.to_csv(folder / "london_faces.csv", index=False)

    def plot(self) -> Figure:
        """AUC and accuracy of each group of people, with intervals."""
        from duchenne.evaluation.emotion.showing import plot_london

        return plot_london(self)

    def _repr_html_(self) -> str:
        from duchenne.evaluation.emotion.showing import london_html

        return london_html(self)


def evaluate_london(
    analyzer: Analyzer,
    card: ModelCard,
    folder: str | Path,
    on_progress: Callable[[int], object] | None = None,
) -> LondonResult:
    """Run the London pictures through the pipeline and compare neutral with smiling ones.

    Args:
        analyzer: with the network to measure.
        card: of that network.
        folder: with ``london_info.csv`` and pictures such as ``001_smiling.jpg``.
        on_progress: told how many more pictures are done.

    Raises:
        DataError: the folder does not hold the set, or no face was found.
        MediaError: a picture cannot be read.
    """
    pictures = _pictures(Path(folder))
    found: list[dict[str, object]] = []
    missing: list[str] = []
    for picture in pictures.itertuples(index=False):
        scores = _scores(analyzer.run(picture.path))
        if scores is None:
            missing.append(picture.path.name)
        else:
            about = picture._asdict()
            del about["path"]
            found.append(about | scores)
        if on_progress is not None:
            on_progress(1)
    faces = pd.DataFrame(found)
    if not faces.empty:
        # Only people with both pictures, so that each group holds as many of one as of the other.
        faces = faces[faces.groupby("person")["smiling"].transform("size") == len(_POSES)]
    if faces.empty:
        raise DataError(f"No person of {folder} has a face in both pictures.")
    groups = tuple(_groups(faces))
    return LondonResult(
        card.name, card.sha256, faces.reset_index(drop=True), tuple(missing), groups
    )


def _pictures(folder: Path) -> pd.DataFrame:
    path = folder / "london_info.csv"
    if not path.is_file():
        raise DataError(f"No London faces at {folder}: its folder holds london_info.csv.")
    try:
        info = pd.read_csv(path, dtype=str)
    except (OSError, ValueError) as error:
        raise DataError(f"{path} is not a CSV table: {reason(error)}.") from error
    missing = {"face_id", *_GROUPS.values()} - set(info.columns)
    if missing:
        raise DataError(f"{path} lacks the column(s) {', '.join(sorted(missing))}.")
    info = info.fillna("unknown")
    rows = [
        {
            "path": folder / f"{person.face_id}_{pose}.jpg",
            "person": person.face_id,
            "smiling": pose == "smiling",
            **{name: getattr(person, column) for name, column in _GROUPS.items()},
        }
        for person in info.itertuples(index=False)
        for pose in _POSES
    ]
    there = [row for row in rows if Path(str(row["path"])).is_file()]
    if not there:
        raise DataError(f"None of the people in {path} has a picture beside it.")
    return pd.DataFrame(there)


def _scores(recording: Recording) -> dict[str, float] | None:
    """Happy, neutral and their difference in the largest face of a picture."""
    rows = recording.to_frame()
    rows = rows[rows["success"] == 1]
    if rows.empty:
        return None
    face = rows.loc[(rows["face_width"] * rows["face_height"]).idxmax()]
    happy, neutral = float(face["emotion_happy"]), float(face["emotion_neutral"])
    return {"happy": happy, "neutral": neutral, "margin": happy - neutral}


def _groups(faces: pd.DataFrame) -> list[GroupResult]:
    named = [(group, name) for group in _GROUPS for name in faces[group].value_counts().index]
    everybody = GroupResult.from_faces("everybody", "everybody", faces)
    parts = [GroupResult.from_faces(g, name, faces[faces[g] == name]) for g, name in named]
    return [everybody, *parts]


def _title(group: GroupResult) -> str:
    return group.name if group.group == "everybody" else f"{group.group} {group.name}"


def _flat(model: str, group: GroupResult) -> dict[str, object]:
    row: dict[str, object] = {"model": model, "group": group.group, "name": group.name}
    row |= {"people": group.people, "too_few_for_a_claim": group.few}
    for name in ("auc", "accuracy", "both_right"):
        estimate: Estimate = getattr(group, name)
        row[name] = finite_or_none(estimate.value)
        row[f"{name}_low"] = finite_or_none(estimate.low)
        row[f"{name}_high"] = finite_or_none(estimate.high)
    return row


def _decimal(estimate: Estimate) -> str:
    text = f"{estimate.value:.3f} ({estimate.low:.3f} to {estimate.high:.3f})"
    return f"{text:27}"


def _percent(estimate: Estimate) -> str:
    value, low, high = (100 * x for x in (estimate.value, estimate.low, estimate.high))
    return f"{value:5.1f} % ({low:.1f} to {high:.1f})"
