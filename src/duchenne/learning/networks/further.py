"""Networks of the experiments only, by name: pictures (further ones), and sequences of faces.

Those that the emotion trainings use are ``networks.FACTS``.
"""

from __future__ import annotations

from typing import Final

from duchenne.learning.networks import NetworkFacts
from duchenne.learning.networks.cnn3d import CNN3D, CNNLSTM, RegularisedCNN3D
from duchenne.learning.networks.efficientnet_v2_m import EfficientNetV2M
from duchenne.learning.networks.slow_r50 import SlowR50
from duchenne.learning.networks.vit_b_16 import ViTB16
from duchenne.learning.networks.x3d import X3D

_THESIS: Final = "Gagatsis 2023, Maastricht University, section 4.5; layers after"
_TORCH: Final = "https://download.pytorch.org/models"
_KINETICS: Final = "https://dl.fbaipublicfiles.com/pytorchvideo/model_zoo/kinetics"

PICTURE_FACTS: Final[dict[str, NetworkFacts]] = {
    "efficientnet_v2_m": NetworkFacts(
        EfficientNetV2M,
        480,
        3,
        "classifier.1",
        "Tan and Le 2021, EfficientNetV2: smaller models and faster training",
        f"{_TORCH}/efficientnet_v2_m-dc08266a.pth",
    ),
    "vit_b_16": NetworkFacts(
        ViTB16,
        224,
        3,
        "heads.head",
        "Dosovitskiy et al. 2021, An image is worth 16x16 words",
        f"{_TORCH}/vit_b_16-c867db91.pth",
    ),
}
"""Each maps (N, 1, h, w) grey pictures in [-1, 1] to (N, classes) logits."""

CLIP_FACTS: Final[dict[str, NetworkFacts]] = {
    "cnn3d": NetworkFacts(CNN3D, 64, 3, "fc", f"{_THESIS} Tran et al. 2015, C3D"),
    "cnn3d_regularised": NetworkFacts(
        RegularisedCNN3D, 64, 3, "fc", f"{_THESIS} Tran et al. 2015, C3D"
    ),
    "cnn_lstm": NetworkFacts(CNNLSTM, 64, 3, "fc", f"{_THESIS} Donahue et al. 2015, LRCN"),
    "x3d_s": NetworkFacts(
        X3D,
        160,
        3,
        "blocks.5.proj",
        "Feichtenhofer 2020, X3D: expanding architectures for efficient video recognition",
        f"{_KINETICS}/X3D_S.pyth",
    ),
    "slow_r50": NetworkFacts(
        SlowR50,
        224,
        3,
        "blocks.5.proj",
        "Feichtenhofer et al. 2019, SlowFast networks for video recognition",
        f"{_KINETICS}/SLOW_8x8_R50.pyth",
    ),
}
"""Each maps (N, 1, T, h, w) grey clips in [-1, 1] to (N, classes) logits."""

FURTHER_FACTS: Final[dict[str, NetworkFacts]] = PICTURE_FACTS | CLIP_FACTS
