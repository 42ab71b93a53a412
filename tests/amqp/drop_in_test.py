"""brood in the place of cuckoo_distributed: the services as links with the original settings files, each in a folder of
its own as on a machine of its own, between RabbitMQ, a sandbox and CRITs."""

import os
import sys
import unittest

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [os.path.join(HERE, "..", "support"), os.path.join(HERE, "..", "cli")]
from command import OK, brood, lines_of
from crits_site import CritsSite
from crits_stand_in import KEY
from original_service import KEPT, OriginalService
from planted import Planted
from rabbitmq import RabbitMq
from site_of_brood import Site, wait_for

DEADLINE = 240
ANALYSES = 20


class DropIn(unittest.TestCase):
    def machines(self, site, node, sandbox):
        common = {"Amqp": node.url(), "FailedQueue": "worker/failed", "VerifySSL": True, "LogFile": "", "LogLevel": "info"}
        checks, parse, dropped = "worker/check_results", "worker/parse_and_submit", "worker/parse_and_submit_dropped"
        feed = {"ConsumerQueue": "worker/feed_cuckoo", "ProducerQueue": checks, "CuckooURL": sandbox, "CheckFreeSpace": False,
                "PrefetchCount": 1, "MaxPending": 50}
        quick = {"ConsumerQueue": parse, "ProducerQueue": dropped, "PrefetchCount": 10, "PushApiCallsMax": 100,
                 "CuckooCleanup": False, "EnabledParsers": ["info", "signatures", "behavior"]}
        slow = {"ConsumerQueue": dropped, "ProducerQueue": parse, "PrefetchCount": 10, "PushApiCallsMax": 100,
                "CuckooCleanup": True, "EnabledParsers": ["dropped"]}
        machine = lambda name, service, settings: OriginalService(site.folder / name, service, settings)
        return [machine("feeder", "feed_cuckoo", common | feed),
                machine("feeder-2", "feed_cuckoo", common | feed),
                machine("checker", "check_results", common | {"ConsumerQueue": checks, "ProducerQueue": parse,
                                                                   "PrefetchCount": 100, "WaitBetweenRequests": 1}),
                machine("parser", "parse_and_submit", common | quick),
                machine("parser-dropped", "parse_and_submit", common | slow),
                machine("overseer", "overseer", common | {"ConsumerQueue": "worker/failed", "PrefetchCount": 100,
                                                              "DumpDir": "dump"})]

    def test_every_analysis_is_finished_in_crits_by_unchanged_files_on_machines_of_their_own(self):
        with RabbitMq() as node, CritsSite() as crits, Site({"sandboxd": {"engine": "static", "duration": "50ms"}}) as site:
            sandbox = site.start_sandbox()
            machines = self.machines(site, node, f"http://127.0.0.1:{sandbox.port}")
            for machine in machines:
                self.addCleanup(machine.start().process.kill)
            wait_for(machines[0].runs, 60, machines[0].log)
            for i in range(ANALYSES):
                node.http("POST", "/api/exchanges/%2F/amq.default/publish",
                          {"properties": {"delivery_mode": 2, "content_type": "text/plain"}, "routing_key": "worker/feed_cuckoo",
                           "payload": crits.new_analysis(f"sample-{i}").decode(), "payload_encoding": "string"})
            logs = lambda: "".join(machine.log()[-1500:] for machine in machines)
            self.assertEqual(set(crits.wait_ended(DEADLINE, logs)), {"completed"})
            queued = lambda: {each["name"]: each.get("messages", 0) for each in node.http("GET", "/api/queues/%2F")}
            wait_for(lambda: not any(queued().values()), 60, queued)
            self.assertFalse(crits.crits.problems, crits.crits.problems)
            self.assertEqual(crits.repeated(), 0)
            self.assertEqual(site.statistics()["tasks_created"], ANALYSES)
            wait_for(lambda: not site.tasks(), 30, "CuckooCleanup of the chain's second instance")
            self.require_dead_letters_in_hand(node, machines[-1])
            for machine in machines:
                machine.stop()
                Planted(key=KEY).require_kept_in(machine.folder, KEPT)
            self.assertNotIn("worker/blacklist_processor", queued(), "no queue that nobody asked for")

    def require_dead_letters_in_hand(self, node, overseer):
        """In the overseer's folder `brood dead` finds its letters by its settings file, without an API."""
        def dead(*words):
            said = brood("dead", *words, cwd=overseer.folder)
            self.assertEqual(said.code, OK, said)
            return said
        node.http("POST", "/api/exchanges/%2F/amq.default/publish",
                  {"properties": {}, "routing_key": "worker/feed_cuckoo", "payload": "no JSON", "payload_encoding": "string"})
        letter, = wait_for(lambda: lines_of(dead("list", "--json")), 60, overseer.log)
        self.assertEqual((letter["queue"], letter["state"]), ("worker/feed_cuckoo", "dead"))
        given_up = lambda: overseer.log().count("a message is given up")
        dead("retry", letter["key"][:12])
        wait_for(lambda: given_up() == 2, 60, overseer.log)
        wait_for(lambda: lines_of(dead("list", "--json", "--state", "dead")), 60, overseer.log)
        dead("drop", letter["key"], "--reason", "no message of ours")
        self.assertEqual(list((overseer.folder / "dump").iterdir()), [])


if __name__ == "__main__":
    unittest.main()
