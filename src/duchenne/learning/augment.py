"""Random changes of whole batches of grey pictures, in plain torch (torchvision needs CUDA)."""

from __future__ import annotations

import math

import torch
from torch import Tensor
from torch.nn import functional

from duchenne.learning.configs import Augmentation, Mixing

_ERASED = (0.02, 0.2)
"""Least and largest share of a picture that random erasing paints over (Zhong et al. 2020)."""


def to_input(pictures: Tensor) -> Tensor:
    """(N, 48, 48) uint8 to the networks' (N, 1, 48, 48) float in [-1, 1]."""
    return pictures.unsqueeze(1).float().div_(127.5).sub_(1.0)


def augment(pictures: Tensor, recipe: Augmentation) -> Tensor:
    """Flip, turn, zoom, shift, change brightness and contrast, and erase, each picture by itself.

    Args:
        pictures: (N, 1, H, W) in [-1, 1]; random numbers come from torch's global generator.

    Returns:
        (N, 1, H, W) in [-1, 1].
    """
    lit = _jitter(_move(pictures, recipe), recipe).clamp_(-1.0, 1.0)
    return _erase(lit, recipe.erasing) if recipe.erasing else lit


def mix(pictures: Tensor, shares: Tensor, recipe: Mixing) -> tuple[Tensor, Tensor]:
    """Mixup or CutMix of a batch with itself in another order; as it is where neither is asked for.

    Args:
        pictures: (N, 1, H, W).
        shares: (N, K) class shares.

    Returns:
        The same shapes.
    """
    kinds = [k for k in ("mixup", "cutmix") if getattr(recipe, k)]
    if not kinds or float(torch.rand(())) >= recipe.probability:
        return pictures, shares
    kind = kinds[int(torch.randint(len(kinds), ()))]
    alpha = torch.tensor(float(getattr(recipe, kind)))
    kept = float(torch.distributions.Beta(alpha, alpha).sample())
    others = torch.randperm(len(pictures), device=pictures.device)
    if kind == "mixup":
        mixed = kept * pictures + (1.0 - kept) * pictures[others]
    else:
        mixed, kept = _cut(pictures, pictures[others], kept)
    return mixed, kept * shares + (1.0 - kept) * shares[others]


def _cut(pictures: Tensor, others: Tensor, kept: float) -> tuple[Tensor, float]:
    """A rectangle of the others; the share kept is that of the pixels, borders cut off."""
    height, width = pictures.shape[-2:]
    size = math.sqrt(1.0 - kept)
    top, bottom = _span(height, size)
    left, right = _span(width, size)
    mixed = pictures.clone()
    mixed[..., top:bottom, left:right] = others[..., top:bottom, left:right]
    return mixed, 1.0 - (bottom - top) * (right - left) / (height * width)


def _span(side: int, share: float) -> tuple[int, int]:
    middle, half = int(torch.randint(side, ())), round(side * share) / 2.0
    return max(int(middle - half), 0), min(int(middle + half), side)


def _move(pictures: Tensor, recipe: Augmentation) -> Tensor:
    count, device = len(pictures), pictures.device
    angle = _uniform(count, math.radians(recipe.rotation), device)
    mirror = torch.ones(count, device=device)
    if recipe.flip:
        mirror -= 2.0 * torch.randint(0, 2, (count,), device=device)
    # The grid says where each pixel comes from, so that a larger face needs a smaller grid.
    scale = 1.0 / (1.0 + _uniform(count, recipe.zoom, device)) if recipe.zoom else 1.0
    theta = torch.zeros(count, 2, 3, device=device)
    theta[:, 0, 0], theta[:, 0, 1] = scale * mirror * angle.cos(), -scale * mirror * angle.sin()
    theta[:, 1, 0], theta[:, 1, 1] = scale * angle.sin(), scale * angle.cos()
    if recipe.shift:
        theta[:, 0, 2] = _uniform(count, 2.0 * recipe.shift, device)
        theta[:, 1, 2] = _uniform(count, 2.0 * recipe.shift, device)
    grid = functional.affine_grid(theta, list(pictures.shape), align_corners=False)
    # Repeated borders look like the pictures' own; black corners would be a new kind of picture.
    return functional.grid_sample(pictures, grid, padding_mode="border", align_corners=False)


def _jitter(pictures: Tensor, recipe: Augmentation) -> Tensor:
    count, device = len(pictures), pictures.device
    light = 1.0 + _uniform(count, recipe.brightness, device).view(-1, 1, 1, 1)
    contrast = 1.0 + _uniform(count, recipe.contrast, device).view(-1, 1, 1, 1)
    # Brightness scales the grey value, whose zero lies at -1 in the networks' range.
    lit = (pictures + 1.0) * light - 1.0
    mean = lit.mean(dim=(1, 2, 3), keepdim=True)
    return (lit - mean) * contrast + mean


def _erase(pictures: Tensor, probability: float) -> Tensor:
    count, device = len(pictures), pictures.device
    height, width = pictures.shape[-2:]
    low, high = _ERASED
    area = low + torch.rand(count, device=device) * (high - low)
    ratio = torch.exp(_uniform(count, math.log(3.0), device))
    tall, wide = (area * ratio).sqrt() * height, (area / ratio).sqrt() * width
    row, column = (_inside(side, size) for side, size in ((height, tall), (width, wide)))
    erased = (row.unsqueeze(2) & column.unsqueeze(1)).unsqueeze(1)
    erased &= (torch.rand(count, device=device) < probability).view(-1, 1, 1, 1)
    return torch.where(erased, torch.rand_like(pictures) * 2.0 - 1.0, pictures)


def _inside(side: int, size: Tensor) -> Tensor:
    """(N, side) bool: a span of ``size`` pixels, somewhere within the side."""
    first = torch.rand_like(size) * (side - size).clamp(min=0.0)
    place = torch.arange(side, device=size.device)
    return (place >= first.unsqueeze(1)) & (place < (first + size).unsqueeze(1))


def _uniform(count: int, limit: float, device: torch.device) -> Tensor:
    return (torch.rand(count, device=device) * 2.0 - 1.0) * limit
