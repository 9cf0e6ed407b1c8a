"""What every training does around its epochs: make its folder, compare recipes, stop cleanly."""

from __future__ import annotations

import contextlib
import signal
import threading
from collections.abc import Iterator, Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any, Protocol

from lightning.pytorch import Callback, LightningDataModule, LightningModule, Trainer
from lightning.pytorch.callbacks import EarlyStopping

from duchenne.errors import DataError
from duchenne.learning.callbacks import quiet
from duchenne.learning.checkpoints import BestCheckpoint, LastCheckpoint, RunFolder


class Recipe(Protocol):
    """What every recipe says about its training; a frozen dataclass."""

    @property
    def precision(self) -> Any:
        """Lightning's name of it."""

    @property
    def clip(self) -> float | None:
        """Largest norm of a step's gradient."""

    @property
    def patience(self) -> int | None:
        """Epochs without a better accuracy before the training ends."""

    @property
    def depends_on_its_length(self) -> bool:
        """Whether another number of epochs means another learning rate from the start."""


def make_folder(path: Path) -> RunFolder:
    """The run folder, made where it is not there yet.

    Raises:
        DataError: it cannot be made.
    """
    try:
        path.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise DataError(f"{path} cannot be made ({error.strerror}): choose another.") from error
    return RunFolder(path)


def changed_settings(begun: Mapping[str, Any], now: Mapping[str, Any]) -> list[str]:
    """Names of the settings that differ; compared where both speak, for older runs know fewer."""
    changed = []
    for name in begun.keys() & now.keys():
        then, wanted = begun[name], now[name]
        if isinstance(then, Mapping) and isinstance(wanted, Mapping):
            changed += [f"{name} ({inner})" for inner in changed_settings(then, wanted)]
        elif then != wanted:
            changed.append(name)
    return sorted(changed)


def check_resumable(state: Mapping[str, Any], config: Recipe, goal: int, folder: RunFolder) -> None:
    """Refuse to go on with a run that was begun with other settings.

    Args:
        state: the run's last checkpoint.
        config: the recipe to go on with.
        goal: epochs wanted in all.
        folder: the run's.

    Raises:
        DataError: another recipe, or another length where the learning rate depends on it.
    """
    now: dict[str, Any] = asdict(config)  # type: ignore[call-overload]
    changed = [name for name in changed_settings(state.get("recipe", {}), now) if name != "epochs"]
    if changed:
        raise DataError(
            f"{folder.path} was begun with another {', '.join(changed)}: choose another folder "
            "of runs, or delete it."
        )
    planned = state.get("planned_epochs", goal)
    if config.depends_on_its_length and planned != goal:
        raise DataError(
            f"{folder.path} was begun with {planned} epochs, on which its learning rate depends: "
            f"go on with {planned} epochs, or delete it."
        )


def fit(
    module: LightningModule,
    batches: LightningDataModule,
    config: Recipe,
    folder: RunFolder,
    goal: int,
    callbacks: list[Callback],
) -> None:
    """Train up to ``goal`` epochs, from the last checkpoint where there is one.

    Args:
        module: what is trained.
        batches: its data.
        config: the recipe.
        folder: gets the best and the last checkpoint.
        goal: epochs in all.
        callbacks: those of this kind of training, called before the checkpoints are written.
    """
    callbacks = [*callbacks, BestCheckpoint(folder), LastCheckpoint(folder)]
    if config.patience is not None:
        callbacks.append(EarlyStopping("val_accuracy", mode="max", patience=config.patience))
    with quiet(), own_interrupt():
        trainer = Trainer(
            max_epochs=goal,
            accelerator="auto",
            devices=1,
            precision=config.precision,
            logger=False,
            default_root_dir=folder.path,
            gradient_clip_val=config.clip,
            callbacks=callbacks,
            num_sanity_val_steps=0,
            enable_model_summary=False,
            enable_progress_bar=False,
        )
        resume = folder.last if folder.last.exists() else None
        trainer.fit(module, batches, ckpt_path=resume, weights_only=True)


@contextlib.contextmanager
def own_interrupt() -> Iterator[None]:
    """Ctrl-C raises KeyboardInterrupt; Lightning alone would exit and leave Ctrl-C ignored."""
    in_main = threading.current_thread() is threading.main_thread()
    before = signal.getsignal(signal.SIGINT)
    try:
        yield
    except SystemExit as stop:
        raise KeyboardInterrupt from stop
    finally:
        if in_main:
            signal.signal(signal.SIGINT, before)
