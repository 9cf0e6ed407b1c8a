"""Whether there is a screen; asked before a camera is switched on and networks are loaded."""

from __future__ import annotations

import os
import sys
from typing import Final

import pygame

from duchenne.errors import DuchenneError

# What SDL falls back to where there is no screen: windows that nobody sees.
_UNSEEN: Final = {"offscreen", "dummy"}
_NO_SCREEN: Final = (
    "There is no screen to open a window on: run `duchenne serve` instead, and look at its page in "
    "a browser."
)


class DisplayError(DuchenneError):
    """There is no screen to open a window on."""


def open_display() -> None:
    """Make sure that there is a screen.

    Raises:
        DisplayError: there is none.
    """
    screens = ("DISPLAY", "WAYLAND_DISPLAY", "SDL_VIDEODRIVER")
    if sys.platform == "linux" and not any(os.environ.get(name) for name in screens):
        # Looking any further, SDL's helpers would complain on the terminal.
        raise DisplayError(_NO_SCREEN)
    try:
        pygame.display.init()
        driver = pygame.display.get_driver()
    except pygame.error:
        driver = ""
    wanted = os.environ.get("SDL_VIDEODRIVER", "")
    if not driver or (driver in _UNSEEN and driver != wanted):
        pygame.display.quit()
        raise DisplayError(_NO_SCREEN)


def close_display() -> None:
    """Close the window."""
    pygame.display.quit()
