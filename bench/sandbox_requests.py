#!/usr/bin/env python3
"""What brood asks of a sandbox while 10, 100 and 10,000 tasks wait there.

usage: bench/sandbox_requests.py BUILD_FOLDER [TASKS...]

`brood run` and the replay sandbox as processes of their own; a poll every 200 ms, tasks deleted when they are read.
"""
import os
import pathlib
import sys
import time

ROOT = pathlib.Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "tests/support"))


def main():
    # Looked at when it is imported.
    os.environ["BROOD_PROGRAM"] = str(pathlib.Path(sys.argv[1]).resolve() / "brood")
    import waiting_tasks
    counts = [int(count) for count in sys.argv[2:]] or [10, 100, 10_000]
    print("| tasks that wait | create, report, delete per task | lists per poll | status per poll | anything else "
          "| polls | seconds |\n| --- | --- | --- | --- | --- | --- | --- |")
    for count in counts:
        began = time.monotonic()
        seen = waiting_tasks.run(count, deadline=900)
        three = ", ".join(f"{seen.per_task(call):.2f}" for call in ("create", "report", "delete"))
        print(f"| {count:,} | {three} | {seen.requests['list'] / seen.polls:.2f} "
              f"| {seen.requests['status'] / seen.polls:.2f} | {seen.others() or 'nothing'} | {seen.polls:.0f} "
              f"| {time.monotonic() - began:.0f} |", flush=True)


if __name__ == "__main__":
    main()
