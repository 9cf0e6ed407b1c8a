"""The vectors that a shipped emotion network makes of crops, computed once and kept on disk."""

from __future__ import annotations

import hashlib
import tempfile
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

import numpy as np
from filelock import FileLock
from numpy.typing import NDArray
from tqdm import tqdm

from duchenne.errors import ModelError
from duchenne.evaluation.datasets.pedfe import SIDE, fer_crop
from duchenne.evaluation.video_sets.crop_set import CropSet
from duchenne.files import in_one_step
from duchenne.weights.card import ModelCard, load_card
from duchenne.weights.session import open_session

_BLOCK: Final = 1024
_AT_A_TIME: Final = 128


@dataclass(frozen=True, eq=False)
class Embeddings:
    """What a network knows of each crop before it decides.

    Attributes:
        vectors: (n, d) float32, the input of its last layer.
        maps: (n, d, h, w) float32, the feature maps whose mean that is.
    """

    vectors: NDArray[np.float32]
    maps: NDArray[np.float32]


def embed(crops: CropSet, network: str, folder: Path) -> Embeddings:
    """Embed every crop that is not embedded yet; a call after a kill goes on.

    Args:
        crops: (n, side, side) grey; those of 112 pixels are brought to FER-2013's place and size
            first (``pedfe.fer_crop``).
        network: a shipped emotion network, such as ``emotion_compact``.
        folder: gets a folder of blocks, named after the network and the crops.

    Raises:
        ModelError: no such network, or it averages no feature maps before its last layer.
    """
    card = load_card(network)
    place = folder / f"{network}-{_digest(crops, card)}"
    place.mkdir(parents=True, exist_ok=True)
    firsts = range(0, len(crops.pixels), _BLOCK)
    if _missing(place, firsts):
        # Experiments that run side by side share these blocks: the second waits for the first.
        with FileLock(place / ".lock"):
            _embed_missing(crops, card, place, _missing(place, firsts))
    vectors, maps = zip(*(_read(_block(place, first)) for first in firsts), strict=True)
    return Embeddings(np.concatenate(vectors), np.concatenate(maps).astype(np.float32))


def _missing(place: Path, firsts: range) -> list[int]:
    return [first for first in firsts if not _block(place, first).is_file()]


def _embed_missing(crops: CropSet, card: ModelCard, place: Path, missing: list[int]) -> None:
    session = _session(card) if missing else None
    for first in tqdm(missing, desc="embedding", unit="block", leave=False, disable=None):
        vectors, maps = _run(session, card, crops.pixels[first : first + _BLOCK])
        with in_one_step(_block(place, first)) as fresh, fresh.open("wb") as file:
            np.savez(file, vectors=vectors, maps=maps.astype(np.float16))


def _read(block: Path) -> tuple[NDArray[np.float32], NDArray[np.float16]]:
    with np.load(block) as arrays:
        return arrays["vectors"], arrays["maps"]


def _block(place: Path, first: int) -> Path:
    return place / f"{first:08d}.npz"


def _digest(crops: CropSet, card: ModelCard) -> str:
    known = hashlib.sha256(card.sha256.encode())
    known.update(repr(crops.pixels.shape).encode())
    known.update(np.ascontiguousarray(crops.pixels).data)
    return known.hexdigest()[:12]


def _session(card: ModelCard) -> Any:
    """The network with two more outputs: what its last layer gets, and the maps before the mean."""
    import onnx

    model = onnx.load(card.path)
    makers = {name: node for node in model.graph.node for name in node.output}
    last = [node for node in model.graph.node if node.op_type == "Gemm"]
    node = makers.get(last[-1].input[0]) if last else None
    while node is not None and node.op_type in ("Reshape", "Flatten"):
        node = makers.get(node.input[0])
    if node is None or node.op_type not in ("ReduceMean", "GlobalAveragePool"):
        raise ModelError(f"{card.name} averages no feature maps: take emotion_compact.")
    for name in (last[-1].input[0], node.input[0]):
        more = onnx.helper.make_tensor_value_info(name, onnx.TensorProto.FLOAT, None)
        model.graph.output.append(more)
    with tempfile.TemporaryDirectory() as folder:
        onnx.save(model, Path(folder) / card.file)
        return open_session(replace(card, folder=Path(folder)))


def _run(
    session: Any, card: ModelCard, pixels: NDArray[np.uint8]
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    if pixels.shape[1] == SIDE:
        pixels = np.stack([fer_crop(crop) for crop in pixels])
    name, scale, offset = session.get_inputs()[0].name, card.input.scale, card.input.offset
    found = []
    for first in range(0, len(pixels), _AT_A_TIME):
        values = pixels[first : first + _AT_A_TIME, None].astype(np.float32)
        found.append(session.run(None, {name: values * np.float32(scale) + np.float32(offset)})[1:])
    vectors, maps = (np.concatenate(parts) for parts in zip(*found, strict=True))
    return vectors, maps
