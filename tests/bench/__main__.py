"""`make bench`: runs every benchmark, prints the table, writes `var/bench.json`; `make bench ARGS="relay"` runs some."""

import asyncio
import importlib
import json
import os
import platform
import sys
import tempfile
from pathlib import Path

from rich.console import Console
from rich.table import Table

from tests.bench.figures import Counter, Figure, Limit, Ratio, Report
from tests.bench.ground import ground

BENCHMARKS = ("admission", "relay", "projection", "latency", "startup")
RESULT = Path("var/bench.json")


async def main(names: list[str]) -> None:
    console, report = Console(), Report()
    with tempfile.TemporaryDirectory(prefix="rencontres-bench-", ignore_cleanup_errors=True) as folder:
        for name in names or BENCHMARKS:
            module = importlib.import_module(f"tests.bench.{name}")
            console.print(f"[dim]{(module.__doc__ or name).splitlines()[0]}[/dim]")
            async with ground(Path(folder) / name) as where:
                figures = await module.measure(where)
            report.figures.extend(figures)
            for figure in figures:
                console.print("  " + _line(figure))
    _write(report)
    console.print(_table(report))
    console.print(f"written to {RESULT}")


def _write(report: Report) -> None:
    RESULT.parent.mkdir(exist_ok=True)
    machine = {"cpus": os.cpu_count(), "python": platform.python_version(), "system": platform.platform()}
    RESULT.write_text(json.dumps({"machine": machine, "figures": report.as_json()}, indent=2) + "\n")


def _table(report: Report) -> Table:
    table = Table("figure", "measured", "ceiling or limit", "ratio", "bar", "")
    for figure in report.figures:
        match figure:
            case Ratio():
                bar = "" if figure.bar is None else f"≥ {figure.bar}"
                table.add_row(
                    figure.name,
                    _number(figure.value, figure.unit),
                    _number(figure.ceiling, figure.unit),
                    f"{figure.ratio:.2f}",
                    bar,
                    _verdict(met=figure.met),
                )
            case Limit():
                limit = f"≤ {_number(figure.limit, figure.unit)}"
                table.add_row(figure.name, _number(figure.value, figure.unit), limit, "", "", _verdict(met=figure.met))
            case Counter():
                table.add_row(figure.name, _number(figure.value, figure.unit), "", "", "", "")
    return table


def _line(figure: Figure) -> str:
    ratio = f" = {figure.ratio:.2f} of {_number(figure.ceiling, figure.unit)}" if isinstance(figure, Ratio) else ""
    return f"{figure.name}: {_number(figure.value, figure.unit)}{ratio}"


def _number(value: float, unit: str) -> str:
    return f"{value:,.0f} {unit}" if abs(value) >= 100 else f"{value:.3g} {unit}"


def _verdict(*, met: bool | None) -> str:
    return {True: "[green]met[/green]", False: "[red]not met[/red]", None: ""}[met]


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1:]))
