"""One thing that the doctor looked at."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any, Literal

State = Literal["ok", "absent", "fault"]


@dataclass(frozen=True)
class Finding:
    """One thing, as it is.

    Attributes:
        name: what it is.
        state: ``ok``; ``absent``: not there, and only some verbs want it; ``fault``: not as it
            should be.
        detail: what was found, in words.
        remedy: what to do about it, a command where one does it; empty: nothing to do.
        needed: whether ``duchenne analyze`` cannot do without it.
    """

    name: str
    state: State
    detail: str
    remedy: str = ""
    needed: bool = False

    @property
    def prevents(self) -> bool:
        """Whether the main job cannot run because of this."""
        return self.needed and self.state != "ok"

    def to_dict(self) -> dict[str, Any]:
        """For JSON."""
        return asdict(self)


@dataclass(frozen=True)
class Section:
    """Findings that belong together.

    Attributes:
        name: for programs.
        title: for people.
        findings: at least one, but for ``variables``.
    """

    name: str
    title: str
    findings: tuple[Finding, ...]
