"""Trains our networks; needs the extra `train`."""
