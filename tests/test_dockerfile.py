"""The Dockerfile's plain rules; no image is built here. `hadolint Dockerfile` says more."""

from __future__ import annotations

import re
from pathlib import Path

REPOSITORY = Path(__file__).parents[1]


def _instructions() -> list[tuple[str, str]]:
    text = (REPOSITORY / "Dockerfile").read_text(encoding="utf-8")
    lines = [line for line in text.splitlines() if not line.lstrip().startswith("#")]
    whole = "\n".join(lines).replace("\\\n", " ").splitlines()
    parts = [line.split(maxsplit=1) for line in whole if line.strip()]
    return [(part[0].upper(), " ".join(part[1].split())) for part in parts]


def _last_stage() -> list[tuple[str, str]]:
    every = _instructions()
    begins = max(i for i, (name, _) in enumerate(every) if name == "FROM")
    return every[begins:]


def test_every_base_is_slim_and_named_with_its_release() -> None:
    bases = [rest.split()[0] for name, rest in _instructions() if name == "FROM"]
    assert bases
    assert all(re.fullmatch(r"python:\$\{PYTHON\}-slim-\w+", base) for base in bases)


def test_people_come_in_as_nobody_special() -> None:
    stage = _last_stage()
    users = [i for i, (name, _) in enumerate(stage) if name == "USER"]
    assert stage[users[-1]][1] not in {"root", "0"}
    assert all(i < users[-1] for i, (name, _) in enumerate(stage) if name in {"RUN", "COPY"})


def test_models_are_fetched_where_every_user_finds_them() -> None:
    stage = _last_stage()
    place = next(i for i, one in enumerate(stage) if "DUCHENNE_MODELS=" in one[1])
    fetch = next(i for i, one in enumerate(stage) if "duchenne models fetch" in one[1])
    assert place < fetch


def test_data_is_a_volume_and_duchenne_the_entry() -> None:
    stage = dict(_last_stage())
    assert stage["VOLUME"] == '["/data"]'
    assert stage["WORKDIR"] == "/data"
    assert stage["ENTRYPOINT"] == '["duchenne"]'


def test_whatever_is_copied_is_let_in() -> None:
    let_in = (REPOSITORY / ".dockerignore").read_text(encoding="utf-8").splitlines()
    assert "*" in let_in, "pictures and recordings of the checkout stay out of the image"
    copied = [rest for name, rest in _instructions() if name == "COPY" and "--from" not in rest]
    for path in (word for rest in copied for word in rest.split()[:-1]):
        assert f"!{path}" in let_in
        assert (REPOSITORY / path).exists()
