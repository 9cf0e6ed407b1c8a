"""Who is who: which person each followed face is, over absences and crossings.

Three kinds of evidence, all logarithms of how much likelier "the same person" is: where a face's
motion pointed to, its size, and its shape. Their sum decides, by the best assignment of all faces
in question, against a new person at 0.

Faces that overlap (IoU above 0.2), or that stand where one vanished, come into doubt: landmarks
may have slid from one to the other. When they are apart again for 0.3 s, the shapes seen since are
held against those known from before. Where an exchange is worth more than 3 nats, they change
numbers from then on; rows already written stay as they are.

Right on films of two London faces (110 pixels wide, 12 pairs that no number here was chosen on):
crossings 12 of 12, meeting and turning back 12 of 12, places exchanged while both were hidden for
1 or 1.6 s 36 of 36 (smiling afterwards or not), for 0.4 s 6 of 12; out of the picture and back on
the same side 12 of 12, on the other side 8 of 12.

What this cannot do: tell twins, and rarely siblings; tell faces by shape that are turned by more
than 30 degrees against each other, under 50 pixels wide or half hidden (there motion decides);
notice a cut to another person's face at the very same place; know anybody after two seconds. The
doubtful newcomer counts as the one who just left: of strangers who came into the empty picture
about a second after somebody left it, 16 of 24 were given that number.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from duchenne.faces.assignment import best_assignment
from duchenne.faces.landmarker import Located
from duchenne.faces.people import Person, Spot, TrackerState, extended, motion_evidence
from duchenne.faces.regions import iou
from duchenne.faces.shape import FaceShape

REMEMBER_S: Final = 2.0

_TOUCH_IOU: Final = 0.2
_APART_S: Final = 0.3
_MARGIN: Final = 3.0
# Four of five faces that come up within two seconds of a loss are the lost one again.
_RETURNS: Final = float(np.log(4.0))
_NEVER: Final = -1e6


@dataclass(frozen=True, eq=False)
class _View:
    """A face in the present frame."""

    box: NDArray[np.float32]
    spot: Spot
    shape: FaceShape


class Identities:
    """Gives followed faces the numbers of persons.

    The follower of faces names each by a handle of its own, which lasts as long as it follows;
    this class says who that is. Nothing here feeds back into where faces are looked for, so that
    landmarks never depend on anything before the last fresh start.
    """

    def __init__(self) -> None:
        self._views: dict[int, _View] = {}
        self._area = 0.0
        self.restore(TrackerState(0, None, ()))

    def state(self) -> TrackerState:
        """Everybody remembered, as after ``let_go``."""
        people = tuple(self._people[i] for i in sorted(self._people))
        return TrackerState(self._next_id, self._time, people)

    def restore(self, state: TrackerState) -> None:
        """Go on as the one whose state this is, after its ``let_go``."""
        self._people = {person.track_id: person for person in state.people}
        self._next_id = state.next_id
        self._time = state.time
        self.let_go()

    def let_go(self) -> None:
        """A fresh start: handles begin anew, persons stay remembered."""
        self._ids: dict[int, int] = {}

    def name(
        self, faces: dict[int, Located], shape: tuple[int, ...], time: float
    ) -> dict[int, int]:
        """The track id of each face of the next frame.

        Args:
            faces: by handle.
            shape: of the frame, (H, W, ...).
            time: of the frame, in seconds.
        """
        self._area = float(shape[0] * shape[1])
        self._views = {handle: _view(face, time) for handle, face in sorted(faces.items())}
        self._ids = {handle: i for handle, i in self._ids.items() if handle in faces}
        self._forget(time)
        newcomers = [handle for handle in self._views if handle not in self._ids]
        if newcomers:
            self._admit(newcomers, time)
        touching = self._touching()
        for handle, view in self._views.items():
            self._observe(handle, view, touching, time)
        self._settle(time)
        self._time = time
        return dict(self._ids)

    def _forget(self, time: float) -> None:
        """Whoever has been away for two seconds, unless no frame came in between."""
        visible = set(self._ids.values())
        gone = {
            i
            for i, person in self._people.items()
            if i not in visible
            and time - person.seen > REMEMBER_S
            and (self._time is None or person.seen < self._time)
        }
        self._people = {
            i: replace(person, rivals=person.rivals - gone) if person.rivals & gone else person
            for i, person in self._people.items()
            if i not in gone
        }

    def _admit(self, newcomers: list[int], time: float) -> None:
        """Newcomers are lost persons or new ones."""
        visible = set(self._ids.values())
        decided = self._decide(newcomers, sorted(self._people.keys() - visible))
        for handle, known in decided.items():
            view = self._views[handle]
            person = self._new_person(view, time) if known is None else self._people[known]
            self._ids[handle] = person.track_id
            self._people[person.track_id] = replace(
                person, touched=time, recent=FaceShape.unknown(), box=view.box, seen=time
            )

    def _new_person(self, view: _View, time: float) -> Person:
        track_id, self._next_id = self._next_id, self._next_id + 1
        unknown = FaceShape.unknown()
        return Person(track_id, view.box, time, (), unknown, unknown, frozenset(), time)

    def _decide(self, handles: list[int], ids: list[int]) -> dict[int, int | None]:
        """The best assignment of faces to these persons; None is a new person."""
        scores = np.full((len(handles), len(ids) + len(handles)), _NEVER)
        for row, handle in enumerate(handles):
            for column, i in enumerate(ids):
                scores[row, column] = self._score(handle, i)
            if handle not in self._ids:
                scores[row, len(ids) + row] = 0.0
        columns = best_assignment(scores)
        return {
            handle: ids[column] if column < len(ids) else None
            for handle, column in zip(handles, columns.tolist(), strict=True)
        }

    def _score(self, handle: int, track_id: int) -> float:
        view, person = self._views[handle], self._people[track_id]
        motion = motion_evidence(person.path, view.spot, self._area)
        own = self._ids.get(handle)
        if own is not None:
            shape = self._people[own].recent.evidence(person.shape)
            return motion + shape + (_MARGIN if own == track_id else 0.0)
        stayed = (Spot.from_box(person.box, person.seen),)
        motion = max(motion, motion_evidence(stayed, view.spot, self._area))
        # Who comes out from behind another is half hidden yet, and may be either: shape waits.
        emerges = not person.rivals.isdisjoint(self._ids.values())
        shape = 0.0 if emerges else view.shape.evidence(person.shape)
        return _RETURNS + motion + shape

    def _group(self, track_id: int) -> set[int]:
        """All who may have been taken for each other, from one of them."""
        group, ahead = {track_id}, [track_id]
        while ahead:
            ahead = [i for j in ahead for i in self._people[j].rivals - group]
            group.update(ahead)
        return group

    def _exchange(self, ids: dict[int, int | None]) -> None:
        """Give faces in doubt these numbers: what was seen of late goes with the face."""
        before = {handle: self._people[self._ids[handle]] for handle in ids}
        for handle, i in ids.items():
            if i is None or i == self._ids[handle]:
                continue
            seen = before[handle]
            self._people[i] = replace(
                self._people[i],
                box=seen.box, seen=seen.seen, recent=seen.recent, touched=seen.touched,
            )  # fmt: skip
            self._ids[handle] = i

    def _touching(self) -> dict[int, set[int]]:
        """For each person, whom it overlaps now; who is lost still stands where last seen."""
        boxes = {i: self._views[handle].box for handle, i in self._ids.items()}
        visible = sorted(boxes)
        boxes |= {i: person.box for i, person in self._people.items() if i not in boxes}
        touching: dict[int, set[int]] = {i: set() for i in boxes}
        others = sorted(boxes)
        if len(others) < 2:
            return touching
        stacked = np.stack([boxes[i] for i in others])
        for i in visible:
            for place in np.flatnonzero(iou(stacked, boxes[i]) > _TOUCH_IOU):
                if (j := others[place]) != i:
                    touching[i].add(j)
                    touching[j].add(i)
        return touching

    def _observe(
        self, handle: int, view: _View, touching: dict[int, set[int]], time: float
    ) -> None:
        i = self._ids[handle]
        person = replace(self._people[i], box=view.box, seen=time)
        if touching[i]:
            person = replace(
                person,
                rivals=person.rivals | touching[i], touched=time, recent=FaceShape.unknown(),
            )  # fmt: skip
            for j in touching[i]:
                other = self._people[j]
                self._people[j] = replace(other, rivals=other.rivals | {i})
        elif person.rivals:
            person = replace(person, recent=person.recent.merged(view.shape))
        else:
            path = extended(person.path, view.spot)
            person = replace(person, path=path, shape=person.shape.merged(view.shape))
        self._people[i] = person

    def _settle(self, time: float) -> None:
        """End doubts whose faces have been apart long enough."""
        handles = {i: handle for handle, i in self._ids.items()}
        for i in sorted(handles):
            if not self._people[i].rivals:
                continue
            group = self._group(i)
            faces = [handles[j] for j in sorted(group) if j in handles]
            people = [self._people[self._ids[handle]] for handle in faces]
            if all(time - p.touched >= _APART_S and p.recent.weight > 0 for p in people):
                self._exchange(self._decide(faces, sorted(group)))
                self._believe(group)
                handles = {i: handle for handle, i in self._ids.items()}

    def _believe(self, group: set[int]) -> None:
        visible = {i: handle for handle, i in self._ids.items()}
        for i in group:
            person = replace(self._people[i], rivals=frozenset())
            if i in visible:
                person = replace(
                    person,
                    shape=person.shape.merged(person.recent),
                    recent=FaceShape.unknown(),
                    path=(self._views[visible[i]].spot,),
                )
            self._people[i] = person


def _view(face: Located, time: float) -> _View:
    box = face.box
    return _View(box, Spot.from_box(box, time), FaceShape.from_landmarks(face.landmarks))
