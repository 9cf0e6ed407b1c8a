"""A canonical face that is not one is told in a sentence."""

from __future__ import annotations

import pytest

from duchenne.errors import ModelError
from duchenne.faces.canonical import CanonicalFace


@pytest.mark.parametrize("content", [b"", b"\x0a\x02\x18\x01", b"\x12\x02\x08\x01", b"\xff\xff"])
def test_bytes_that_are_no_face_are_refused(content: bytes) -> None:
    with pytest.raises(ModelError, match="canonical face cannot be read"):
        CanonicalFace.from_bytes(content)
