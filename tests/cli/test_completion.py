"""Completion as real shells do it; those that are not installed are skipped."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from duchenne.cli import VERBS
from duchenne.cli.completion import SHELLS, completion_script
from tests.cli.running import Runner


@pytest.fixture
def duchenne(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Runner:
    return Runner(monkeypatch, capsys)


@pytest.fixture
def program(tmp_path: Path) -> Path:
    """A folder with this very duchenne in it, as pip would install it."""
    script = tmp_path / "bin" / "duchenne"
    script.parent.mkdir()
    script.write_text(f"#!{sys.executable}\nfrom duchenne.cli import main\nmain()\n")
    script.chmod(0o755)
    return script.parent


def _bash(program: Path, *words: str) -> list[str]:
    """What Tab offers after the words, in a real bash."""
    if shutil.which("bash") is None:
        pytest.skip("no bash here")
    line = " ".join(f'"{word}"' for word in words)
    code = f"""
    source <(duchenne completion bash) || exit 1
    complete -p duchenne >/dev/null || exit 1
    COMP_WORDS=({line}); COMP_CWORD={len(words) - 1}
    _duchenne_completion duchenne
    printf '%s\\n' "${{COMPREPLY[@]}}"
    """
    done = subprocess.run(
        ["bash", "--norc", "-c", code],
        env=os.environ | {"PATH": f"{program}{os.pathsep}{os.environ['PATH']}"},
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout.split()


@pytest.mark.parametrize(
    ("words", "offered"),
    [
        (("duchenne", "sync"), {"synchrony"}),
        (("duchenne", "models", ""), {"fetch", "list"}),
        (("duchenne", "genuineness", "--same"), {"--same-person"}),
        (("duchenne", "genuineness", "--from", ""), {"clip", "aus", "landmarks"}),
        (("duchenne", "completion", ""), set(SHELLS)),
        (("duchenne", "nothing-such", ""), set(VERBS)),  # an unknown word is passed over
    ],
)
def test_bash_completes(program: Path, words: tuple[str, ...], offered: set[str]) -> None:
    assert set(_bash(program, *words)) == offered


@pytest.mark.parametrize("shell", SHELLS)
def test_the_shell_can_read_the_script(shell: str, tmp_path: Path) -> None:
    if shutil.which(shell) is None:
        pytest.skip(f"no {shell} here")
    script = tmp_path / "script"
    script.write_text(completion_script(shell))
    subprocess.run([shell, "-n", str(script)], check=True)


@pytest.mark.parametrize(
    ("shell", "place"),
    [
        ("bash", "data/bash-completion/completions/duchenne"),
        ("zsh", "data/zsh/site-functions/_duchenne"),
        ("fish", "config/fish/completions/duchenne.fish"),
    ],
)
def test_installing_writes_one_file(
    duchenne: Runner, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, shell: str, place: str
) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    done = duchenne("completion", shell, "--install")
    assert done.code == 0
    assert f"Written to {tmp_path / place}" in done.out
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == [tmp_path / place]
    assert (tmp_path / place).read_text() == duchenne("completion", shell).out


def test_the_shell_is_taken_from_the_environment(
    duchenne: Runner, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SHELL", "/usr/bin/fish")
    assert "complete --no-files --command duchenne" in duchenne("completion").out
    monkeypatch.setenv("SHELL", "/bin/csh")
    done = duchenne("completion")
    assert (done.code, done.out) == (2, "")
    assert "bash|zsh|fish" in done.err
