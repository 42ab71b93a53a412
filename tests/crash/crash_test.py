"""Kills the program at every crash point of its code, starts it again and looks that nothing was lost or done twice.

  crash_test.py                    every point
  crash_test.py PREFIX…            the points that begin so
  crash_test.py --shard I/N        every N-th point, from the I-th
"""

import os
import sys
import time
import traceback

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "support"))
import crash_points
import scenarios


def rows():
    """Point -> the scenario in which it is passed."""
    return {point: scenarios.of(point) for point in crash_points.in_code()}


def chosen(points, arguments):
    if arguments[:1] == ["--shard"]:
        index, count = map(int, arguments[1].split("/"))
        return points[index::count]
    return [point for point in points if not arguments or any(point.startswith(prefix) for prefix in arguments)]


def run(point, scenario):
    began = time.monotonic()
    try:
        what = scenario(point)
    except Exception:
        print(f"FAILED  {point}\n{traceback.format_exc()}", flush=True)
        return False
    print(f"ok      {point}: {what}, {time.monotonic() - began:.1f} s", flush=True)
    return True


def main():
    table = rows()
    untested = [point for point, scenario in table.items() if scenario is None]
    assert not untested, f"crash points without a test, add them to scenarios.py: {untested}"
    gone = [name for name in crash_points.in_table() if not any(point.endswith(name.strip("…")) for point in table)]
    assert not gone, f"ARCHITECTURE.md names crash points that the code has not: {gone}"
    points = chosen(sorted(table), sys.argv[1:])
    assert points, f"no crash point begins with {sys.argv[1:]}"
    failed = [point for point in points if not run(point, table[point])]
    print(f"{len(points)} crash points, {len(failed)} failed {failed or ''}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
