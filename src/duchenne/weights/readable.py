"""A model card as Markdown."""

from __future__ import annotations

from typing import Any


def markdown(card: dict[str, Any], reliability: str | None = None) -> str:
    """The readable card, made from the values of its JSON.

    Args:
        card: the values.
        reliability: file name of a plot of confidence beside accuracy, to be shown.
    """
    parts = [
        f"# {card['name']}",
        "<!-- Made from the JSON beside it by duchenne; edit that, not this. -->",
        card["summary"],
        _facts(card),
        "## Numbers",
        _numbers(card["numbers"]),
        *([f"![Confidence beside accuracy]({reliability})"] if reliability else []),
        "## Limits",
        "\n".join(f"- {limit}" for limit in card["limits"]),
        "## Training",
        _table([("", ""), *((_words(k), _value(v)) for k, v in card["training"].items())]),
        "Made again by:",
        f"```\n{card['retrain']}\n```",
    ]
    return "\n\n".join(parts) + "\n"


def _facts(card: dict[str, Any]) -> str:
    size = " x ".join(str(n) for n in card["input"]["size"])
    scale, offset = card["input"]["scale"], card["input"]["offset"]
    scaling = f"value x {scale:.6g} {'-' if offset < 0 else '+'} {abs(offset):.6g}"
    rows = [
        ("", ""),
        ("Task", card["task"]),
        ("File", f"`{card['file']}`, SHA-256 `{card['sha256']}`"),
        ("Licence", card["licence"]),
        ("Data", card["data"]),
        ("Split", card["split"]),
        ("Input", f"{card['input']['meaning']}; {size}, {scaling}"),
        ("Output", ", ".join(card["classes"])),
        ("Temperature", f"{card['temperature']:g}"),
    ]
    return _table([row for row in rows if row == ("", "") or row[1]])


def _numbers(results: list[dict[str, Any]]) -> str:
    if not results:
        return "Not measured yet."
    names = list(dict.fromkeys(f["name"] for r in results for f in r["figures"]))
    rows: list[tuple[str, ...]] = [("", *(r["data"] for r in results))]
    rows.append(("rows", *(f"{r['rows']:,}" for r in results)))
    rows += [(_words(n), *(_figure(r["figures"], n) for r in results)) for n in names]
    commands = "\n".join(f"- {r['data']}: `{r['command']}`" for r in results)
    return f"{_table(rows)}\n\nIn brackets: 95 % intervals. Measured by\n\n{commands}"


def _figure(figures: list[dict[str, Any]], name: str) -> str:
    for figure in figures:
        if figure["name"] == name:
            value = f"{figure['value']:.4f}"
            if figure["low"] is None:
                return value
            return f"{value} ({figure['low']:.4f} to {figure['high']:.4f})"
    return ""


def _table(rows: list[tuple[str, ...]]) -> str:
    lines = ["| " + " | ".join(cell.replace("|", "\\|") for cell in row) + " |" for row in rows]
    lines.insert(1, "|" + " --- |" * len(rows[0]))
    return "\n".join(lines)


def _words(name: str) -> str:
    return name.replace("_", " ")


def _value(value: Any) -> str:
    if isinstance(value, dict):
        return ", ".join(f"{_words(k)} {_value(v)}" for k, v in value.items())
    return str(value)
