#!/usr/bin/env python3
"""One hop over a RabbitMQ of its own, brood beside a minimal loop on librabbitmq, in turns.

usage: bench/queue_hop.py BUILD_FOLDER [ROUNDS [MESSAGES]]
"""

import pathlib
import statistics
import subprocess
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "tests/support"))
from rabbitmq import RabbitMq


def main():
    program = pathlib.Path(sys.argv[1]) / "brood_queue_hop"
    rounds = int(sys.argv[2]) if len(sys.argv) > 2 else 5
    messages = sys.argv[3] if len(sys.argv) > 3 else "20000"
    ways = {"loop": ("loop", "1"), "a stage, 1 settles at once": ("runner", "1"), "a stage, 2 settle at once": ("runner", "2"),
            "the port, 1 caller": ("port", "1"), "the port, 8 callers": ("port", "8")}
    print("## Hop over RabbitMQ: consume, publish confirmed, acknowledge; 1 KB, prefetch 100\n")
    print("| queue | way | hops/s, median | of the loop, median of the rounds |\n| --- | --- | --- | --- |")
    with RabbitMq() as node:
        for queue in ("classic", "quorum"):
            node.make_vhost(queue)
            found = {way: [] for way in ways}
            for _ in range(rounds):
                for way, (name, threads) in ways.items():
                    done = subprocess.run([program, node.url(queue), queue, name, messages, threads], check=True,
                                          capture_output=True, text=True)
                    found[way].append(float(done.stdout))
                for name in ("hop%2Fin", "hop%2Fout"):
                    node.http("DELETE", f"/api/queues/{queue}/{name}/contents")
            for way in ways:
                ratio = statistics.median(own / loop for own, loop in zip(found[way], found["loop"]))
                print(f"| {queue} | {way} | {statistics.median(found[way]):,.0f} | {ratio:.2f} |", flush=True)


if __name__ == "__main__":
    main()
