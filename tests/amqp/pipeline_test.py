"""The pipeline on RabbitMQ: one process, each service alone while the broker and services are killed, and what a
start says when the broker cannot be used."""

import json
import os
import random
import signal
import sys
import unittest

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [os.path.join(HERE, "..", "support"), os.path.join(HERE, "..", "cli")]
from command import FAILED, OK, USAGE, CommandCase, brood, lines_of
from invariants import judge
from rabbitmq import RabbitMq, free_port
from site_of_brood import BAD, SERVICES, Site, wait_for

DEADLINE = 240


def queues(node, vhost):
    """Queue -> messages that wait or are in somebody's hands, as RabbitMQ counts them."""
    return {queue["name"]: queue.get("messages", 0) for queue in node.http("GET", f"/api/queues/{vhost}")}


class Pipeline(CommandCase):
    @classmethod
    def setUpClass(cls):
        cls.node = RabbitMq().__enter__()
        cls.addClassCleanup(cls.node.close)

    def site(self, vhost, **broker):
        self.node.make_vhost(vhost)
        site = Site({"broker": dict(url=self.node.url(vhost), **broker),
                     "sandboxd": {"engine": "replay", "report_bytes": "10KB", "machines": 4, "duration": "50ms",
                                  "threads": 2},
                     "feed_cuckoo": {"upload_deadline": "3s", "look_again_after": "2s"},
                     "parse_and_submit": {"cuckoo_cleanup": True}})
        return self.enterContext(site) if hasattr(self, "enterContext") else self._enter(site)

    def _enter(self, site):
        site.__enter__()
        self.addCleanup(lambda: site.__exit__(None, None, None))
        return site

    def assert_all_ended(self, site, vhost):
        site.wait_ended(DEADLINE)
        wait_for(lambda: not any(queues(self.node, vhost).values()), 60, lambda: queues(self.node, vhost))
        found = judge(site)
        print(f"\n{self.id()}: {found}, {len(site.sightings)} samples", file=sys.stderr)
        found.require_nothing_wrong()

    def test_one_process_works_on_plain_durable_queues_of_the_original_names(self):
        site = self.site("one")
        # The rights that docs/rabbitmq.md names, and no more.
        self.node.http("PUT", "/api/users/brood", {"password": "hunter2", "tags": ""})
        self.node.http("PUT", "/api/permissions/one/brood",
                       {"configure": "^worker/.*", "write": r"^(worker/.*|amq\.default)$", "read": "^worker/.*"})
        site.settings["broker"]["url"] = self.node.url("one", user="brood", password="hunter2")
        site.write_config()
        site.start_sandbox()
        process = site.start("run")
        bad = site.put("bad", BAD)
        for i in range(20):
            site.put(f"good-{i}", os.urandom(100))
        self.assert_all_ended(site, "one")
        self.assertEqual(site.records.of(bad)["state"], "scored")
        self.assertFalse(site.records.messages(), "the embedded queue was used")
        declared = {queue["name"]: queue for queue in self.node.http("GET", "/api/queues/one")}
        for name in ("worker/feed_cuckoo", "worker/feed_cuckoo/urgent", "worker/check_results",
                     "worker/parse_and_submit", "worker/failed", "worker/cleanup", "worker/blacklist_processor"):
            queue = declared[name]
            self.assertEqual((queue["durable"], queue["auto_delete"], queue["arguments"], queue["type"]),
                             (True, False, {}, "classic"))
        _, metrics = site.api("GET", "/metrics")
        self.assertIn(b"brood_broker_connections 7", metrics)
        self.assertIn(b"brood_broker_reconnects_total 0", metrics)
        process.stop()
        self.assertNotIn("hunter2", site.all_logs())

    def test_a_message_that_its_failure_record_has_no_room_for_is_in_a_persons_hands_as_any_other(self):
        site = self.site("large", max_message="1MiB")
        site.start_sandbox()
        site.start("run")
        site.wait_api()
        body = json.dumps({"payload": {}, "file": {"name": "large.exe", "data": ""}, "sample": "sha256:" + "0" * 64,
                           "submission": "1" * 32, "padding": "x" * ((1 << 20) - 500)})
        self.node.http("POST", "/api/exchanges/large/amq.default/publish",
                       {"properties": {}, "routing_key": "worker/feed_cuckoo", "payload": body, "payload_encoding": "string"})
        dead = lambda: lines_of(brood("dead", "list", "--state", "dead", "--json", cwd=site.folder))
        letter, = wait_for(dead, 60, site.all_logs)
        self.assertEqual((letter["queue"], letter["name"]), ("worker/feed_cuckoo", "large.exe"))
        self.assertEqual(brood("dead", "retry", letter["key"], cwd=site.folder).code, OK)
        wait_for(lambda: len(site.lines("a message is given up")) == 2, 60, site.all_logs)
        self.assertEqual([again["key"] for again in wait_for(dead, 30, site.all_logs)], [letter["key"]])
        dump, = (site.folder / "dump").iterdir()
        self.assertEqual(json.loads(dump.read_text())["Msg"], body)

    def test_services_and_broker_are_killed_and_nothing_is_lost(self):
        dice = random.Random(7)
        site = self.site("killed", queue_type="quorum", start_within="10m")
        site.start_sandbox()
        running = {name: site.start(name) for name in SERVICES}
        for name, process in running.items():
            wait_for(lambda: "the service runs" in process.log(), 60, f"{name} runs")
        for wave in range(6):
            for i in range(25):
                site.put(f"sample-{wave}-{i}", dice.randbytes(200))
            wait_for(lambda: len(site.records.ended()) > wave * 25 + dice.randrange(15), DEADLINE, "work goes on")
            if wave % 3 == 2:
                self.node.kill()
                self.node.start()
            for name in dice.sample(SERVICES, 2):
                running[name].kill()
                running[name] = site.start(name)
        self.assert_all_ended(site, "killed")
        types = {queue["type"] for queue in self.node.http("GET", "/api/queues/killed")}
        self.assertEqual(types, {"quorum"})
        for process in running.values():
            wait_for(lambda: "the service runs" in process.log(), 30, process.log)
            process.stop()

    def test_a_wrong_password_ends_the_start_with_a_sentence_and_stays_secret(self):
        site = self.site("refused")
        site.settings["broker"]["url"] = self.node.url("refused", password="hunter2")
        site.write_config()
        for command in (("run",), ("check_results",)):
            said = brood(*command, "--config", site.config, cwd=site.folder)
            self.assertEqual(said.code, FAILED)
            self.assertIn(f"RabbitMQ at 127.0.0.1:{self.node.port} does not let the user guest into the vhost refused",
                          said.err)
            self.assertNotIn("hunter2", said.out + said.err)

    def test_a_server_that_is_not_there_is_waited_for_and_then_named(self):
        site = self.site("away", start_within="1s")
        port = free_port()
        site.settings["broker"]["url"] = f"amqp://guest:hunter2@127.0.0.1:{port}/"
        site.write_config()
        said = brood("run", "--config", site.config, cwd=site.folder)
        self.assertEqual(said.code, FAILED)
        self.assertIn(f"RabbitMQ at 127.0.0.1:{port} cannot be reached", said.err)
        self.assertNotIn("hunter2", said.out + said.err)

    def test_a_stop_while_the_server_is_waited_for_is_heeded(self):
        site = self.site("waiting", start_within="1h")
        site.settings["broker"]["url"] = f"amqp://guest:guest@127.0.0.1:{free_port()}/"
        site.write_config()
        process = site.start("feed_cuckoo")
        wait_for(lambda: "RabbitMQ is away" in process.log(), 30, "it says that it waits")
        process.stop()

    def test_a_queue_of_another_type_is_told_with_what_to_do(self):
        site = self.site("type")
        self.node.http("PUT", "/api/queues/type/worker%2Ffeed_cuckoo", {"durable": True,
                                                                        "arguments": {"x-queue-type": "quorum"}})
        said = brood("run", "--config", site.config, cwd=site.folder)
        self.assertEqual(said.code, FAILED)
        self.assertIn("cannot declare the queue worker/feed_cuckoo", said.err)
        self.assertIn("See broker.queue_type", said.err)

    def test_settings_are_checked_and_shown_without_the_password(self):
        site = self.site("shown")
        site.settings["broker"]["url"] = "amqp://user:hunter2@rabbit.example:5673/cuckoo"
        site.write_config()
        shown = brood("config", "show", "--config", site.config, cwd=site.folder)
        self.assertEqual(shown.code, OK)
        self.assertIn("amqp://user:[secret]@rabbit.example:5673/cuckoo", shown.out)
        self.assertNotIn("hunter2", shown.out)
        site.settings["broker"]["url"] = "http://user:hunter2@rabbit.example"
        site.settings["broker"]["hosts"] = ["rabbit2:port"]
        site.write_config()
        said = brood("config", "check", "--config", site.config, cwd=site.folder)
        self.assertEqual(said.code, USAGE, said)
        told = said.out + said.err
        self.assertIn("must begin with amqp:// or amqps://", told)
        self.assertIn("rabbit2", told)
        self.assertNotIn("hunter2", told)


if __name__ == "__main__":
    unittest.main()
