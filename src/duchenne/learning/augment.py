"""Random changes of whole batches of grey pictures, in plain torch (torchvision needs CUDA)."""

from __future__ import annotations

import math

import torch
from torch import Tensor
from torch.nn import functional

from duchenne.learning.configs import Augmentation


def to_input(pictures: Tensor) -> Tensor:
    """(N, 48, 48) uint8 to the networks' (N, 1, 48, 48) float in [-1, 1]."""
    return pictures.unsqueeze(1).float().div_(127.5).sub_(1.0)


def augment(pictures: Tensor, recipe: Augmentation) -> Tensor:
    """Flip, turn, and change brightness and contrast of each picture on its own.

    Args:
        pictures: (N, 1, H, W) in [-1, 1]; random numbers come from torch's global generator.

    Returns:
        (N, 1, H, W) in [-1, 1].
    """
    turned = _turn_and_flip(pictures, recipe)
    return _jitter(turned, recipe).clamp_(-1.0, 1.0)


def _turn_and_flip(pictures: Tensor, recipe: Augmentation) -> Tensor:
    count, device = len(pictures), pictures.device
    angle = _uniform(count, math.radians(recipe.rotation), device)
    mirror = torch.ones(count, device=device)
    if recipe.flip:
        mirror -= 2.0 * torch.randint(0, 2, (count,), device=device)
    theta = torch.zeros(count, 2, 3, device=device)
    theta[:, 0, 0], theta[:, 0, 1] = mirror * angle.cos(), -mirror * angle.sin()
    theta[:, 1, 0], theta[:, 1, 1] = angle.sin(), angle.cos()
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


def _uniform(count: int, limit: float, device: torch.device) -> Tensor:
    return (torch.rand(count, device=device) * 2.0 - 1.0) * limit
