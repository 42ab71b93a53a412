"""The crash points that the code has, read from the source, so that a new one without a test is noticed."""

import pathlib
import re

SOURCE = pathlib.Path(__file__).resolve().parents[2] / "src"


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
