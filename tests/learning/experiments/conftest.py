"""A network that trains in no time, for frames and for sequences."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest


@pytest.fixture(scope="module", autouse=True)
def tiny_networks() -> Iterator[None]:
    """``tiny_frames`` and ``tiny_clips``: a few averages and a linear layer."""
    pytest.importorskip("torch", reason="learning needs the extra: train")
    from torch import Tensor, nn

    from duchenne.learning.networks import FACTS, NetworkFacts
    from duchenne.learning.networks.further import FURTHER_FACTS

    class TinyFrames(nn.Module):
        def __init__(self, classes: int, side: int = 16) -> None:
            super().__init__()
            self.pool = nn.Sequential(nn.AdaptiveAvgPool2d(8), nn.Flatten(), nn.BatchNorm1d(64))
            self.fc = nn.Linear(64, classes)

        def forward(self, pictures: Tensor) -> Tensor:
            logits: Tensor = self.fc(self.pool(pictures))
            return logits

    class TinyClips(TinyFrames):
        def forward(self, clips: Tensor) -> Tensor:
            return super().forward(clips.mean(2))

    FACTS["tiny_frames"] = NetworkFacts(TinyFrames, 16, 1, "fc", "made up")
    FURTHER_FACTS["tiny_clips"] = NetworkFacts(TinyClips, 16, 1, "fc", "made up")
    yield
    del FACTS["tiny_frames"], FURTHER_FACTS["tiny_clips"]


@pytest.fixture(autouse=True)
def no_drawing(monkeypatch: pytest.MonkeyPatch) -> None:
    """Pictures take longer than these trainings; others test how they look."""
    from duchenne.evaluation.video_sets import two_task_scores
    from duchenne.learning.experiments import networks_on_crops

    def touch(figure: object, path: Path) -> None:
        path.write_bytes(b"")

    monkeypatch.setattr(two_task_scores, "_confusion", lambda report, title: None)
    for module in (two_task_scores, networks_on_crops):
        monkeypatch.setattr(module, "save_figure", touch)
