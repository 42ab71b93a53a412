"""brood in the place of cuckoo_distributed: the services as links with the original settings files, each in a folder of
its own as on a machine of its own, between RabbitMQ, a sandbox and CRITs."""

import json
import os
import signal
import subprocess
import sys
import unittest

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [os.path.join(HERE, "..", "support"), os.path.join(HERE, "..", "cli")]
from command import PROGRAM, clean_environment
from crits_site import CritsSite
from crits_stand_in import KEY
from rabbitmq import RabbitMq
from site_of_brood import Site, wait_for

DEADLINE = 240
ANALYSES = 20


class Machine:
    """A folder with one service's link and its SERVICE.conf.json beside it, as the Go program had."""

    def __init__(self, site, name, service, settings):
        self.folder = site.folder / name
        self.folder.mkdir()
        self.link = self.folder / service
        self.link.symlink_to(os.path.abspath(PROGRAM))
        (self.folder / f"{service}.conf.json").write_text(json.dumps(settings))
        self.log_path = self.folder / "log.txt"

    def start(self, *options):
        with self.log_path.open("a") as log:
            self.process = subprocess.Popen([str(self.link), *options], cwd=self.folder, stdout=log, stderr=log,
                                            env=clean_environment())
        return self

    def stop(self):
        self.process.send_signal(signal.SIGTERM)
        code = self.process.wait(30)
        assert code == 0, self.log_path.read_text()[-3000:]

    def written(self):
        """Everything below the folder that is no database."""
        return "".join(path.read_text(errors="replace") for path in self.folder.rglob("*")
                       if path.is_file() and path.suffix in (".txt", ".log"))


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
        return [Machine(site, "feeder", "feed_cuckoo", common | feed),
                Machine(site, "feeder-2", "feed_cuckoo", common | feed),
                Machine(site, "checker", "check_results", common | {"ConsumerQueue": checks, "ProducerQueue": parse,
                                                                   "PrefetchCount": 100, "WaitBetweenRequests": 1}),
                Machine(site, "parser", "parse_and_submit", common | quick),
                Machine(site, "parser-dropped", "parse_and_submit", common | slow),
                Machine(site, "overseer", "overseer", common | {"ConsumerQueue": "worker/failed", "PrefetchCount": 100,
                                                              "DumpDir": "dump"})]

    def test_every_analysis_is_finished_in_crits_by_unchanged_files_on_machines_of_their_own(self):
        with RabbitMq() as node, CritsSite() as crits, Site({"sandboxd": {"engine": "static", "duration": "50ms"}}) as site:
            sandbox = site.start_sandbox()
            machines = self.machines(site, node, f"http://127.0.0.1:{sandbox.port}")
            for machine in machines:
                self.addCleanup(machine.start().process.kill)
            wait_for(lambda: "the service runs" in machines[0].log_path.read_text(), 60, machines[0].log_path.read_text)
            for i in range(ANALYSES):
                node.http("POST", "/api/exchanges/%2F/amq.default/publish",
                          {"properties": {"delivery_mode": 2, "content_type": "text/plain"}, "routing_key": "worker/feed_cuckoo",
                           "payload": crits.new_analysis(f"sample-{i}").decode(), "payload_encoding": "string"})
            logs = lambda: "".join(machine.log_path.read_text()[-1500:] for machine in machines)
            self.assertEqual(set(crits.wait_ended(DEADLINE, logs)), {"completed"})
            queued = lambda: {each["name"]: each.get("messages", 0) for each in node.http("GET", "/api/queues/%2F")}
            wait_for(lambda: not any(queued().values()), 60, queued)
            self.assertFalse(crits.crits.problems, crits.crits.problems)
            self.assertEqual(crits.repeated(), 0)
            self.assertEqual(site.statistics()["tasks_created"], ANALYSES)
            wait_for(lambda: not site.tasks(), 30, "CuckooCleanup of the chain's second instance")
            for machine in machines:
                machine.stop()
                self.assertNotIn(KEY, machine.written())
            self.assertNotIn("worker/blacklist_processor", queued(), "no queue that nobody asked for")


if __name__ == "__main__":
    unittest.main()
