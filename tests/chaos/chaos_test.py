"""Each stage as a process of its own on one state folder; random ones are killed with -9, again and again.

At the end nothing is lost, detonated twice, stored twice or stuck. BROOD_CHAOS_SEED repeats a run's choices,
BROOD_CHAOS_SAMPLES and BROOD_CHAOS_KILLS change its size. With the argument `faults` the sandbox goes wrong meanwhile:
tasks fail, are replaced, vanish from lists, have no report; answers are lost or are 500.
"""

import os
import random
import sys
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "support"))
from invariants import judge
from site_of_brood import SERVICES, Site, wait_for

SEED = int(os.environ.get("BROOD_CHAOS_SEED") or random.SystemRandom().randrange(10**9))
SAMPLES = int(os.environ.get("BROOD_CHAOS_SAMPLES", "500"))
KILLS = int(os.environ.get("BROOD_CHAOS_KILLS", "40"))
DEADLINE = 600

SETTINGS = {
    "sandboxd": {"engine": "replay", "report_bytes": "20KB", "machines": 4, "duration": "50ms", "threads": 2},
    # Generous: on a busy machine the sandbox may read an upload a second after its sender died.
    "feed_cuckoo": {"upload_deadline": "3s", "look_again_after": "2s"},
    "parse_and_submit": {"cuckoo_cleanup": True},
}

FAULTS = {"fault_failed": 0.05, "fault_recovered": 0.05, "fault_no_report": 0.03, "fault_missing_from_lists": 0.03,
          "fault_server_error": 0.02, "fault_lost_answer": 0.02, "fault_cut_report": 0.02,
          "fault_truncated_report": 0.02}


class Chaos:
    def __init__(self, site, dice):
        self.site = site
        self.dice = dice
        self.kills = 0
        self.in_hand = 0  # messages that were in the hands of what was killed
        self.running = {name: site.start(name) for name in SERVICES}

    def put(self, numbers):
        for i in numbers:
            content = self.dice.randbytes(self.dice.randrange(100, 4000))
            self.site.put(f"sample-{i}", content)
            if i % 20 == 0:
                self.site.put(f"again-{i}", content)

    def kill_one(self):
        name = self.dice.choice(SERVICES)
        process = self.running[name]
        assert process.alive(), f"{name} ended by itself with {process.popen.returncode}\n{process.log()[-3000:]}"
        self.in_hand += self.site.records.in_hand(process.popen.pid)
        process.kill()
        self.running[name] = self.site.start(name)
        self.kills += 1

    def run(self):
        """One wave of samples before each kill, which falls on a random moment of the wave's way."""
        for kill in range(KILLS):
            self.put(range(SAMPLES * kill // KILLS, SAMPLES * (kill + 1) // KILLS))
            time.sleep(self.dice.uniform(0.0, 0.6))
            self.kill_one()

    def stop(self):
        for process in self.running.values():
            wait_for(lambda: "the service runs" in process.log(), 30, f"{process.name} runs")
            process.stop()


def main(faults):
    dice = random.Random(SEED)
    print(f"seed {SEED}", flush=True)
    began = time.monotonic()
    settings = dict(SETTINGS, sandboxd=SETTINGS["sandboxd"] | (FAULTS if faults else {}))
    with Site(settings) as site:
        site.start_sandbox()
        chaos = Chaos(site, dice)
        chaos.run()
        try:
            site.wait_ended(DEADLINE - (time.monotonic() - began))
            site.wait_queues_empty(60)
        except AssertionError as stuck:
            print(stuck)
        # A task that the sandbox lost or spoilt is rightly made again, as another attempt.
        found = judge(site, refed=SAMPLES if faults else 0)
        left = [] if faults else site.tasks()
        if left:
            found.details.append(f"{len(left)} tasks were not deleted in the sandbox")
        chaos.stop()
        print(f"{found}, kills {chaos.kills}, seed {SEED}, {time.monotonic() - began:.0f} seconds")
        print(f"in hand when killed {chaos.in_hand}, states {site.records.states()}, sandbox {site.statistics()}")
        assert chaos.kills == KILLS
        found.require_nothing_wrong()


if __name__ == "__main__":
    main(faults=sys.argv[1:] == ["faults"])
