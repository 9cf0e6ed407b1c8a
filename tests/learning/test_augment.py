from __future__ import annotations

import pytest

torch = pytest.importorskip("torch", reason="learning needs the extra: train")

from torch import Tensor

from duchenne.learning.augment import augment, mix, to_input
from duchenne.learning.configs import Augmentation, Mixing

NOTHING = Augmentation(flip=False, rotation=0.0, brightness=0.0, contrast=0.0)


def _pictures() -> Tensor:
    generator = torch.Generator().manual_seed(0)
    noise: Tensor = torch.randint(0, 256, (6, 48, 48), generator=generator, dtype=torch.uint8)
    return noise


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
    changed = augment(to_input(_pictures()), Augmentation(True, 45.0, 0.9, 0.9, 0.3, 0.5, 1.0))
    assert changed.shape == (6, 1, 48, 48)
    assert -1.0 <= float(changed.min()) <= float(changed.max()) <= 1.0


def test_brightness_scales_the_grey_value() -> None:
    torch.manual_seed(0)
    grey = to_input(torch.full((64, 48, 48), 100, dtype=torch.uint8))
    changed = (augment(grey, Augmentation(False, 0.0, 0.2, 0.0)) + 1.0) * 127.5
    levels = changed.mean(dim=(1, 2, 3))
    assert 79.9 <= float(levels.min()) < 90
    assert 110 < float(levels.max()) <= 120.1


def _square(side: int) -> Tensor:
    pictures: Tensor = torch.full((32, 1, 48, 48), -1.0)
    half = side // 2
    pictures[:, :, 24 - half : 24 + half, 24 - half : 24 + half] = 1.0
    return pictures


def _bright(pictures: Tensor) -> Tensor:
    return (pictures > 0).float().sum((1, 2, 3))


def test_zoom_makes_the_face_larger_or_smaller_by_its_factor() -> None:
    torch.manual_seed(0)
    recipe = Augmentation(False, 0.0, 0.0, 0.0, zoom=0.25)
    sides = _bright(augment(_square(24), recipe)).sqrt()
    assert 17.0 <= float(sides.min()) < 20.0
    assert 28.0 < float(sides.max()) <= 31.0


def test_a_shift_moves_the_face_and_keeps_its_size() -> None:
    torch.manual_seed(0)
    moved = augment(_square(12), Augmentation(False, 0.0, 0.0, 0.0, shift=0.1))
    columns = (moved > 0).float().sum((1, 2))
    centres = (columns * torch.arange(48.0)).sum(1) / columns.sum(1)
    assert float((centres - 23.5).abs().max()) <= 5.3
    assert float(centres.std()) > 1.5
    assert float((_bright(moved) - 144).abs().max()) <= 26


def test_erasing_paints_over_some_pictures_and_leaves_the_rest() -> None:
    torch.manual_seed(0)
    before = torch.zeros(400, 1, 48, 48)
    after = augment(before, Augmentation(False, 0.0, 0.0, 0.0, erasing=0.25))
    shares = (after != 0).float().mean((1, 2, 3))
    assert 0.17 < float((shares > 0).float().mean()) < 0.33
    assert float(shares[shares > 0].min()) > 0.01
    assert float(shares.max()) < 0.23


@pytest.mark.parametrize("recipe", [Mixing(mixup=0.5), Mixing(cutmix=1.0), Mixing(0.5, 1.0)])
def test_mixed_pictures_carry_their_labels_in_the_same_proportions(recipe: Mixing) -> None:
    torch.manual_seed(0)
    # Picture i is of grey value i / 10 all over, and its label says so: the mean tells the shares.
    values = torch.arange(8.0) / 10.0
    pictures = values.view(-1, 1, 1, 1).expand(8, 1, 48, 48)
    for _ in range(20):
        mixed, shares = mix(pictures, torch.eye(8), recipe)
        torch.testing.assert_close(mixed.mean((1, 2, 3)), shares @ values, atol=1e-4, rtol=0)
        torch.testing.assert_close(shares.sum(1), torch.ones(8))


def test_no_mixing_leaves_the_batch_alone() -> None:
    pictures, shares = torch.rand(4, 1, 48, 48), torch.eye(4)
    for recipe in (Mixing(), Mixing(mixup=1.0, probability=0.0)):
        mixed, same = mix(pictures, shares, recipe)
        assert mixed is pictures
        assert same is shares
