"""The crash points that the code has, read from the source, so that a new one without a test is noticed."""

import pathlib
import re

PROJECT = pathlib.Path(__file__).resolve().parents[2]
SOURCE = PROJECT / "src"


def _is_program(path):
    return not path.name.endswith("_test.cpp") and path.parent.name not in ("testing", "contract")


def in_code():
    """Those named where they stand, and the two that the runner puts around each stage's Settle."""
    points = set()
    for path in SOURCE.rglob("*.cpp"):
        if _is_program(path):
            points.update(re.findall(r'\bCrashPoint\("([^"]+)"\)', path.read_text()))
    for path in (SOURCE / "stages").rglob("*.hpp"):
        for stage in re.findall(r'Name\(\) const override \{ return "([^"]+)"; \}', path.read_text()):
            points.update({f"{stage}.before_settle", f"{stage}.after_settle"})
    return sorted(points)


def in_table():
    """Those that the table in ARCHITECTURE.md names; `…marked` is short for any point that ends so."""
    text = (PROJECT / "ARCHITECTURE.md").read_text()
    section = text.split("## Killed between any two lines")[1].split("\n## ")[0]
    rows = [line for line in section.splitlines() if line.startswith("|")]
    return set(re.findall(r"`((?:[a-z_]+\.|…)[a-z_]+)`", "\n".join(rows)))
