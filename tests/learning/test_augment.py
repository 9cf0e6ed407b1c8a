from __future__ import annotations

import pytest

torch = pytest.importorskip("torch", reason="learning needs the extra: train")

from duchenne.learning.augment import augment, to_input
from duchenne.learning.configs import Augmentation

NOTHING = Augmentation(flip=False, rotation=0.0, brightness=0.0, contrast=0.0)


def _pictures() -> torch.Tensor:
    generator = torch.Generator().manual_seed(0)
    return torch.randint(0, 256, (6, 48, 48), generator=generator, dtype=torch.uint8)


def test_grey_values_become_minus_one_to_one() -> None:
    made = to_input(torch.tensor([[[0, 255]]], dtype=torch.uint8))
    assert made.tolist() == [[[[-1.0, 1.0]]]]


def test_a_recipe_of_nothing_changes_nothing() -> None:
    pictures = to_input(_pictures())
    torch.testing.assert_close(augment(pictures, NOTHING), pictures, atol=1e-5, rtol=0)


def test_flipping_gives_the_picture_or_its_mirror_image() -> None:
    torch.manual_seed(0)
    pictures = to_input(_pictures())
    changed = augment(pictures, Augmentation(True, 0.0, 0.0, 0.0))
    same = [torch.allclose(c, p, atol=1e-5) for c, p in zip(changed, pictures, strict=True)]
    mirror = [
        torch.allclose(c, p.flip(-1), atol=1e-5) for c, p in zip(changed, pictures, strict=True)
    ]
    assert all(a != b for a, b in zip(same, mirror, strict=True))
    assert any(same)
    assert any(mirror)


def test_every_change_stays_in_range() -> None:
    torch.manual_seed(0)
    changed = augment(to_input(_pictures()), Augmentation(True, 45.0, 0.9, 0.9))
    assert changed.shape == (6, 1, 48, 48)
    assert -1.0 <= float(changed.min()) <= float(changed.max()) <= 1.0


def test_brightness_scales_the_grey_value() -> None:
    torch.manual_seed(0)
    grey = to_input(torch.full((64, 48, 48), 100, dtype=torch.uint8))
    changed = (augment(grey, Augmentation(False, 0.0, 0.2, 0.0)) + 1.0) * 127.5
    levels = changed.mean(dim=(1, 2, 3))
    assert 79.9 <= float(levels.min()) < 90
    assert 110 < float(levels.max()) <= 120.1
