"""cuckoo_distributed's services, two of each, started by its own settings files, between RabbitMQ, two sandboxes and
CRITs; services and the broker are killed with -9, again and again, and one sandbox is down for a while.

At the end every analysis is finished or failed in CRITs, none is lost, and little is told twice. BROOD_CHAOS_SEED repeats
a run's choices, BROOD_CHAOS_ANALYSES and BROOD_CHAOS_KILLS change its size.
"""

import collections
import os
import random
import sys
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "support"))
from crits_site import CritsSite
from crits_stand_in import KEY
from original_service import KEPT, OriginalService
from planted import Planted
from rabbitmq import RabbitMq
from site_of_brood import Site, wait_for

SEED = int(os.environ.get("BROOD_CHAOS_SEED") or random.SystemRandom().randrange(10**9))
ANALYSES = int(os.environ.get("BROOD_CHAOS_ANALYSES", "2000"))
KILLS = int(os.environ.get("BROOD_CHAOS_KILLS", "40"))
DEADLINE = 600
BROKER_EVERY = 8  # one kill of so many falls on RabbitMQ
DOWN, UP = 0.3, 0.6  # the part of the kills between which the second sandbox is down

# What a killed feeder may have uploaded is waited for minutes long otherwise.
VARIABLES = {"BROOD_FEED_CUCKOO_UPLOAD_DEADLINE": "5s", "BROOD_FEED_CUCKOO_LOOK_AGAIN_AFTER": "2s"}
SANDBOX = {"sandboxd": {"engine": "replay", "report_bytes": "20KB", "machines": 4, "duration": "50ms", "threads": 2}}


def settings_of(service, node, sandbox):
    """The original's keys and no other."""
    common = {"Amqp": node.url(), "ConsumerQueue": f"worker/{service}", "FailedQueue": "worker/failed", "LogFile": "",
              "LogLevel": "info"}
    own = {
        "feed_cuckoo": {"ProducerQueue": "worker/check_results", "CuckooURL": sandbox, "PrefetchCount": 5,
                        "CheckFreeSpace": False, "MaxPending": 50},
        "check_results": {"ProducerQueue": "worker/parse_and_submit", "PrefetchCount": 100, "WaitBetweenRequests": 1},
        "parse_and_submit": {"PrefetchCount": 10, "PushApiCallsMax": 100, "CuckooCleanup": True,
                             "EnabledParsers": ["info", "signatures", "behavior"]},
        "overseer": {"ConsumerQueue": "worker/failed", "PrefetchCount": 100, "DumpDir": "dump"},
    }
    return common | own[service]


class Lab:
    def __init__(self, site, node, crits, dice):
        self.site, self.node, self.crits, self.dice = site, node, crits, dice
        self.kills = collections.Counter()
        self.sandboxes = [site.start_sandbox(storage=f"sandbox-{i}") for i in range(2)]
        self.services = [
            OriginalService(site.folder / "lab" / f"{service}-{i}", service,
                            settings_of(service, node, f"http://127.0.0.1:{self.sandboxes[i].port}"),
                            runs_in=site.folder / "lab", variables=VARIABLES)
            for service in ("feed_cuckoo", "check_results", "parse_and_submit", "overseer") for i in range(2)]
        for service in self.services:
            service.start()
        for service in self.services:
            wait_for(service.runs, 60, lambda: f"{service.service} runs\n{service.log()[-2000:]}")

    def close(self):
        for service in self.services:
            if service.process is not None and service.alive():
                service.kill()

    def publish(self, numbers):
        for i in numbers:
            body = self.crits.new_analysis(f"sample-{i}.exe").decode()
            # Answered when the broker has confirmed it.
            self.node.http("POST", "/api/exchanges/%2F/amq.default/publish",
                           {"properties": {"delivery_mode": 2, "content_type": "text/plain"}, "payload": body,
                            "routing_key": "worker/feed_cuckoo", "payload_encoding": "string"})

    def kill_one(self, number):
        if number % BROKER_EVERY == BROKER_EVERY - 1:
            self.node.kill()
            self.node.start()
            self.kills["the broker"] += 1
            return
        service = self.dice.choice(self.services)
        assert service.alive(), f"{service.service} ended by itself\n{service.log()[-3000:]}"
        service.kill()
        service.start()
        self.kills[service.service] += 1

    def run(self):
        """One wave of messages before each kill, which falls on a random moment of the wave's way."""
        for kill in range(KILLS):
            if kill == int(KILLS * DOWN):
                self.sandboxes[1].kill()
            if kill == int(KILLS * UP):
                self.site.start_sandbox(port=self.sandboxes[1].port, storage="sandbox-1")
            self.publish(range(ANALYSES * kill // KILLS, ANALYSES * (kill + 1) // KILLS))
            time.sleep(self.dice.uniform(0.0, 0.6))
            self.kill_one(kill)

    def queued(self):
        return {each["name"]: each["messages"] for each in self.node.http("GET", "/api/queues/%2F") if each.get("messages")}

    def logs(self):
        return f"queues {self.queued()}\n" + "".join(f"--- {each.folder.name}\n{each.log()[-1200:]}" for each in self.services)


def main():
    dice = random.Random(SEED)
    print(f"seed {SEED}", flush=True)
    began = time.monotonic()
    with RabbitMq() as node, CritsSite() as crits, Site(SANDBOX) as site:
        lab = Lab(site, node, crits, dice)
        try:
            lab.run()
            print(f"{ANALYSES} analyses asked for, {sum(lab.kills.values())} kills, {time.monotonic() - began:.0f} seconds",
                  flush=True)
            ends = collections.Counter(crits.wait_ended(DEADLINE, lab.logs))
            wait_for(lambda: not lab.queued(), 120, lambda: f"the queues are empty\n{lab.logs()}")
            tasks = [site.statistics(sandbox.port) for sandbox in lab.sandboxes]
            print(f"analyses {sum(ends.values())}: {dict(ends)}, lost {ANALYSES - sum(ends.values())}; "
                  f"batches told twice {crits.repeated()}, finished twice {crits.finished_again()}; "
                  f"tasks made {sum(each['tasks_created'] for each in tasks)}; kills {dict(lab.kills)}; seed {SEED}, "
                  f"{time.monotonic() - began:.0f} seconds", flush=True)
            for service in lab.services:
                wait_for(service.runs, 60, lambda: f"{service.service} runs\n{service.log()[-2000:]}")
                service.stop()
            Planted(key=KEY).require_kept_in(site.folder / "lab", KEPT)
        finally:
            lab.close()
        assert sum(ends.values()) == ANALYSES and sum(lab.kills.values()) == KILLS
        assert not crits.crits.problems, crits.crits.problems
        assert crits.repeated() <= lab.kills["parse_and_submit"], "more than one batch for each kill of parse_and_submit"


if __name__ == "__main__":
    main()
