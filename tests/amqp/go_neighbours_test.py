"""brood's services among services of cuckoo_distributed on one RabbitMQ: a Go service in the middle drops every key that
it does not know, and its messages have none. Each position of ours, with kills: every analysis ends, nothing is lost,
nothing is detonated twice."""

import os
import sys
import unittest

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [os.path.join(HERE, "..", "support"), os.path.join(HERE, "..", "cli")]
from crits_site import CritsSite
from crits_stand_in import KEY
from go_services import GoCheckResults, GoFeedCuckoo
from invariants import judge
from original_service import KEPT, OriginalService
from planted import Planted
from rabbitmq import RabbitMq
from site_of_brood import BAD, Site, wait_for

DEADLINE = 240
ANALYSES = 20


class GoNeighbours(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.node = RabbitMq().__enter__()
        cls.addClassCleanup(cls.node.close)

    def queued(self, vhost):
        return {each["name"]: each.get("messages", 0) for each in self.node.http("GET", f"/api/queues/{vhost}")}

    def enter(self, context):
        entered = context.__enter__()
        self.addCleanup(lambda: context.__exit__(None, None, None))
        return entered

    def start_machines(self, vhost, site, sandbox, names):
        common = {"Amqp": self.node.url(vhost), "FailedQueue": "worker/failed", "VerifySSL": True, "LogFile": "",
                  "LogLevel": "info"}
        own = {"feed_cuckoo": {"ProducerQueue": "worker/check_results", "CuckooURL": sandbox, "MaxPending": 50},
               "check_results": {"ProducerQueue": "worker/parse_and_submit", "WaitBetweenRequests": 1},
               "parse_and_submit": {"ProducerQueue": "", "PushApiCallsMax": 100, "CuckooCleanup": True,
                                    "EnabledParsers": ["info", "signatures", "behavior", "dropped"]},
               "overseer": {"ConsumerQueue": "worker/failed", "DumpDir": "dump"}}
        machines = {name: OriginalService(site.folder / f"{vhost}-{name}", name,
                                          common | {"ConsumerQueue": f"worker/{name}", "PrefetchCount": 10} | own[name])
                    for name in names}
        for machine in machines.values():
            machine.start()
            self.addCleanup(lambda machine=machine: machine.process.kill())
            wait_for(machine.runs, 60, machine.log)
        return machines

    def declare(self, vhost, *queues):
        for queue in queues:
            self.node.http("PUT", f"/api/queues/{vhost}/worker%2F{queue}", {"durable": True, "arguments": {}})

    def ask_of_crits(self, vhost, crits):
        for i in range(ANALYSES):
            self.node.http("POST", f"/api/exchanges/{vhost}/amq.default/publish",
                           {"properties": {"delivery_mode": 2, "content_type": "text/plain"},
                            "routing_key": "worker/feed_cuckoo",
                            "payload": crits.new_analysis(f"{vhost}-{i}").decode(), "payload_encoding": "string"})

    def kill_twice(self, crits, *machines):
        """Whenever some more analyses have ended."""
        for round_ in (1, 2):
            ended = lambda: sum(crits.state(each)["status"] != "started" for each in crits.asked)
            wait_for(lambda: ended() >= round_ * ANALYSES // 3, DEADLINE, "work goes on")
            for machine in machines:
                machine.process.kill()
                machine.process.wait()
                machine.start()

    def require_all_done(self, vhost, site, crits, machines, kills):
        logs = lambda: "".join(machine.log()[-1500:] for machine in machines.values())
        self.assertEqual(set(crits.wait_ended(DEADLINE, logs)), {"completed"})
        wait_for(lambda: not any(self.queued(vhost).values()), 60, lambda: f"{self.queued(vhost)}\n{logs()}")
        self.assertFalse(crits.crits.problems, crits.crits.problems)
        self.assertLessEqual(crits.repeated(), kills)
        self.assertEqual(site.statistics()["tasks_created"], ANALYSES)
        wait_for(lambda: not site.tasks(), 30, lambda: f"every task is deleted: {site.tasks()}\n{logs()}")
        print(f"\n{self.id()}: {ANALYSES} analyses, repeated batches {crits.repeated()}, kills {kills}", file=sys.stderr)
        for machine in machines.values():
            machine.stop()
            Planted(key=KEY).require_kept_in(machine.folder, KEPT)

    def test_a_go_check_results_between_our_feed_cuckoo_and_our_parse_and_submit(self):
        vhost = "checker"
        self.node.make_vhost(vhost)
        with CritsSite() as crits, Site({"sandboxd": {"engine": "static", "duration": "50ms"}}) as site:
            sandbox = f"http://127.0.0.1:{site.start_sandbox().port}"
            machines = self.start_machines(vhost, site, sandbox, ["feed_cuckoo", "parse_and_submit", "overseer"])
            checker = self.enter(GoCheckResults(self.node, vhost))
            self.ask_of_crits(vhost, crits)
            self.kill_twice(crits, machines["parse_and_submit"], machines["feed_cuckoo"])
            self.require_all_done(vhost, site, crits, machines, kills=2)
            self.assertGreaterEqual(checker.handled, ANALYSES)
            self.assertFalse(checker.failed)

    def test_a_go_feed_cuckoo_before_our_check_results(self):
        vhost = "feeder"
        self.node.make_vhost(vhost)
        with CritsSite() as crits, Site({"sandboxd": {"engine": "static", "duration": "50ms"}}) as site:
            sandbox = f"http://127.0.0.1:{site.start_sandbox().port}"
            machines = self.start_machines(vhost, site, sandbox, ["check_results", "parse_and_submit", "overseer"])
            self.declare(vhost, "feed_cuckoo")
            feeder = self.enter(GoFeedCuckoo(self.node, vhost, sandbox))
            self.ask_of_crits(vhost, crits)
            self.kill_twice(crits, machines["parse_and_submit"], machines["check_results"])
            self.require_all_done(vhost, site, crits, machines, kills=2)
            self.assertEqual((feeder.handled, feeder.failed), (ANALYSES, []))

    def test_both_kinds_of_each_service_side_by_side(self):
        vhost = "both"
        self.node.make_vhost(vhost)
        with CritsSite() as crits, Site({"sandboxd": {"engine": "static", "duration": "50ms"}}) as site:
            sandbox = f"http://127.0.0.1:{site.start_sandbox().port}"
            machines = self.start_machines(vhost, site, sandbox,
                                           ["feed_cuckoo", "check_results", "parse_and_submit", "overseer"])
            feeder = self.enter(GoFeedCuckoo(self.node, vhost, sandbox))
            checker = self.enter(GoCheckResults(self.node, vhost))
            self.ask_of_crits(vhost, crits)
            self.require_all_done(vhost, site, crits, machines, kills=0)
            self.assertFalse(feeder.failed + checker.failed)

    def test_a_go_feed_cuckoo_for_our_own_submissions_gets_their_samples_inside(self):
        vhost = "own"
        self.node.make_vhost(vhost)
        with Site({"broker": {"url": self.node.url(vhost), "max_message": "1MiB"},
                   "feed_cuckoo": {"interop": "go"},
                   "sandboxd": {"engine": "static", "duration": "50ms"},
                   "parse_and_submit": {"cuckoo_cleanup": True}}) as site:
            sandbox = f"http://127.0.0.1:{site.start_sandbox().port}"
            ours = {name: site.start(name) for name in ("submit_binary", "check_results", "parse_and_submit", "cleanup",
                                                        "blacklist_processor", "overseer")}
            for process in ours.values():
                wait_for(lambda: "the service runs" in process.log(), 60, process.log)
            feeder = self.enter(GoFeedCuckoo(self.node, vhost, sandbox))
            bad = site.put("bad", BAD)
            for i in range(ANALYSES - 1):
                site.put(f"good-{i}", os.urandom(1000))
            large = site.incoming / "large"
            large.write_bytes(os.urandom(900_000))
            for name in ("check_results", "parse_and_submit"):
                wait_for(lambda: site.records.ended(), DEADLINE, "work goes on")
                ours[name].kill()
                ours[name] = site.start(name)
            site.wait_ended(DEADLINE)
            wait_for(lambda: not any(self.queued(vhost).values()), 60, lambda: self.queued(vhost))
            self.assertEqual(site.records.of(bad)["state"], "scored")
            self.assertEqual((feeder.handled, feeder.failed), (ANALYSES, []))
            self.assertEqual(site.statistics()["tasks_created"], ANALYSES)
            wait_for(lambda: not site.tasks(), 30, "every task is deleted, by the marker that its message brought")
            self.assertRegex(site.wait_log("a file is refused"), "large.*broker.max_message")
            large.unlink()
            found = judge(site)
            print(f"\n{self.id()}: {found}", file=sys.stderr)
            found.require_nothing_wrong()


if __name__ == "__main__":
    unittest.main()
