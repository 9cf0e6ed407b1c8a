"""Action Units: FACS intensities from 0 to 5 of 17 facial muscles' movements."""

from duchenne.action_units.intensities import intensities
from duchenne.action_units.names import ACTION_UNITS

__all__ = ["ACTION_UNITS", "intensities"]
