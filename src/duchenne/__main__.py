"""``python -m duchenne``: the command ``duchenne``, where a shell does not find that."""

from duchenne.cli import main

if __name__ == "__main__":
    main()
