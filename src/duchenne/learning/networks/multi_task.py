"""One backbone, and beside each other a layer for each question that is asked of a face.

After Saroop et al. 2021 (arXiv 2110.15028): a shared network, a softmax of its own for emotion,
gender, age and race each. Their dropout rates, 0.6, 0.5, 0.4 and 0.4, belong to the successive
layers of the shared network (they reversed the rising rates of earlier work), not to the heads.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from torch import Tensor, nn

from duchenne.errors import DataError
from duchenne.learning.networks import FACTS, build


class MultiTaskNetwork(nn.Module):
    """(N, 1, 48, 48) in [-1, 1] to a tuple of (N, K) logits, in the order of the heads.

    Args:
        backbone: a name of ``networks.FACTS``; its own last layer is left out.
        heads: how many classes each head has, by name.
        dropouts: rates of the backbone's dropout layers, in order; empty: as they are.
        head_dropout: rate before every head.

    Raises:
        DataError: no such backbone, or one with another number of dropout layers.
    """

    def __init__(
        self,
        backbone: str,
        heads: Mapping[str, int],
        dropouts: Sequence[float] = (),
        head_dropout: float = 0.0,
    ) -> None:
        super().__init__()
        self.head = _head_of(backbone)
        self.backbone = build(backbone, 1)
        last = self.backbone.get_submodule(self.head)
        if not isinstance(last, nn.Linear):
            raise DataError(f"The last layer of {backbone} is no linear one to be replaced.")
        _set_dropouts(self.backbone, backbone, dropouts)
        self.backbone.set_submodule(self.head, nn.Identity())
        self.dropout = nn.Dropout(head_dropout)
        self.heads = nn.ModuleDict({n: nn.Linear(last.in_features, k) for n, k in heads.items()})

    def forward(self, pictures: Tensor) -> tuple[Tensor, ...]:
        shared = self.dropout(self.backbone(pictures))
        return tuple(head(shared) for head in self.heads.values())

    def take_backbone(self, network: nn.Module) -> None:
        """Take over the weights of a whole network of the same name but for its last layer."""
        weights = network.state_dict().items()
        kept = {key: value for key, value in weights if key.rpartition(".")[0] != self.head}
        self.backbone.load_state_dict(kept)


def _head_of(backbone: str) -> str:
    if backbone not in FACTS:
        raise DataError(f"No network {backbone!r}; there are: {', '.join(sorted(FACTS))}.")
    return FACTS[backbone].head


def _set_dropouts(network: nn.Module, name: str, rates: Sequence[float]) -> None:
    layers = [layer for layer in network.modules() if isinstance(layer, nn.Dropout)]
    if rates and len(rates) != len(layers):
        raise DataError(
            f"{len(rates)} dropout rates do not fit {name}, which has {len(layers)} dropout layers."
        )
    for layer, rate in zip(layers, rates, strict=False):
        layer.p = rate
