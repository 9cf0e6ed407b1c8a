"""The library: a folder for each entry, and an index that can always be rebuilt from them."""

from __future__ import annotations

import contextlib
import shutil
import sqlite3
import threading
from collections.abc import Iterator
from dataclasses import fields, replace
from pathlib import Path
from typing import Any, Final

from filelock import FileLock, Timeout

from duchenne.app.server.entry import Entry, State, is_id
from duchenne.errors import DataError

INDEX: Final = "index.sqlite"
_LOCK: Final = ".library.lock"
_MOST: Final = 500

_COLUMNS: Final = [f.name for f in fields(Entry)]
_TABLE: Final = f"CREATE TABLE IF NOT EXISTS entries ({', '.join(_COLUMNS)}, PRIMARY KEY (id))"


class Library:
    """Entries on the disk.

    The folders are the truth; the index only makes searching quick. A missing, damaged or outdated
    index is rebuilt when the library is opened, so a crash at any moment costs nothing.

    Args:
        folder: of the library; made where it is missing.

    Raises:
        DataError: the folder cannot be used, or another server uses it.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        try:
            folder.mkdir(parents=True, exist_ok=True)
            self._lock = FileLock(folder / _LOCK)
            self._lock.acquire(timeout=0)
        except Timeout:
            raise DataError(
                f"Another server uses the library {folder}: stop it, or choose another library."
            ) from None
        except OSError as error:
            raise DataError(
                f"The library {folder} cannot be used ({error.strerror}): choose another library."
            ) from error
        self._busy = threading.Lock()
        self._index = self._opened()

    def close(self) -> None:
        """Give the folder back."""
        self._index.close()
        self._lock.release()

    def add(self, entry: Entry) -> Path:
        """Make the folder of a new entry; returns it."""
        folder = self.folder / entry.id
        folder.mkdir()
        self.put(entry)
        return folder

    def put(self, entry: Entry) -> Entry:
        """Keep what is newly known of an entry; returns it."""
        entry.write(self.folder_of(entry.id))
        with self._busy, self._index:
            _insert(self._index, entry)
        return entry

    def change(self, entry_id: str, state: State, **more: Any) -> Entry:
        """Keep an entry's new state, and whatever else has become known."""
        return self.put(replace(self.get(entry_id), state=state, **more))

    def get(self, entry_id: str) -> Entry:
        """One entry.

        Raises:
            DataError: there is none.
        """
        return Entry.read(self.folder_of(entry_id))

    def folder_of(self, entry_id: str) -> Path:
        """The folder of an entry.

        Raises:
            DataError: there is none of this id.
        """
        folder = self.folder / entry_id if is_id(entry_id) else None
        if folder is None or not folder.is_dir() or folder.is_symlink():
            raise DataError("The library holds nothing by this name: it may have been deleted.")
        return folder

    def search(self, text: str = "", kind: str = "") -> list[Entry]:
        """Entries whose title or emotion contain every word, the newest first, at most 500."""
        where, values = ["1"], []
        if kind:
            where.append("kind = ?")
            values.append(kind)
        for word in text.split():
            where.append("(title || ' ' || emotion) LIKE ? ESCAPE '\\'")
            values.append(f"%{_literally(word)}%")
        query = f"SELECT id FROM entries WHERE {' AND '.join(where)} ORDER BY created DESC LIMIT ?"
        with self._busy:
            ids = [row[0] for row in self._index.execute(query, [*values, _MOST])]
        found = []
        for entry_id in ids:
            with contextlib.suppress(DataError):
                found.append(self.get(entry_id))
        return found

    def unfinished(self) -> list[Entry]:
        """What still waits, or was cut off, the oldest first."""
        entries = [e for e in self._on_disk() if e.state in {"waiting", "running"}]
        return sorted(entries, key=lambda entry: entry.created)

    def delete(self, entry_id: str) -> None:
        """Take an entry away for good.

        Raises:
            DataError: there is none.
        """
        folder = self.folder_of(entry_id)
        with self._busy, self._index:
            self._index.execute("DELETE FROM entries WHERE id = ?", [entry_id])
        shutil.rmtree(folder)

    def rebuild(self) -> int:
        """Rebuild the index from the folders; returns how many entries there are."""
        entries = list(self._on_disk())
        with self._busy, self._index:
            self._index.execute("DELETE FROM entries")
            for entry in entries:
                _insert(self._index, entry)
        return len(entries)

    def _opened(self) -> sqlite3.Connection:
        path = self.folder / INDEX
        try:
            index = _connect(path)
            self._index = index
            self.rebuild()
        except sqlite3.DatabaseError:
            for name in (INDEX, f"{INDEX}-wal", f"{INDEX}-shm"):
                (self.folder / name).unlink(missing_ok=True)
            self._index = index = _connect(path)
            self.rebuild()
        return index

    def _on_disk(self) -> Iterator[Entry]:
        for folder in self.folder.iterdir():
            if is_id(folder.name) and folder.is_dir() and not folder.is_symlink():
                with contextlib.suppress(DataError):
                    yield Entry.read(folder)


def _connect(path: Path) -> sqlite3.Connection:
    index = sqlite3.connect(path, check_same_thread=False)
    index.execute("PRAGMA journal_mode = WAL")
    present = [row[1] for row in index.execute("PRAGMA table_info(entries)")]
    if present and present != _COLUMNS:
        index.execute("DROP TABLE entries")
    index.execute(_TABLE)
    index.commit()
    return index


def _insert(index: sqlite3.Connection, entry: Entry) -> None:
    values = [" ".join(v) if isinstance(v, tuple) else v for v in entry.to_dict().values()]
    marks = ", ".join("?" * len(values))
    index.execute(f"INSERT OR REPLACE INTO entries VALUES ({marks})", values)


def _literally(word: str) -> str:
    return word.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
