"""The made-up FER-2013 and the small network that this room tests with."""

from tests.tiny import tiny_fer, tiny_fer_csv, tiny_model

__all__ = ["tiny_fer", "tiny_fer_csv", "tiny_model"]
