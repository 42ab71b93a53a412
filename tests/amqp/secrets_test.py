"""Keys, tokens and passwords are planted, everything that can go wrong goes wrong, and whatever is written or told
holds none of them; the files that must hold one are for their owner alone."""

import base64
import json
import os
import sys
import unittest

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [os.path.join(HERE, "..", "support"), os.path.join(HERE, "..", "cli")]
import crits_stand_in
from command import FAILED, OK, CommandCase, brood
from crits_site import CritsSite
from planted import Planted
from rabbitmq import RabbitMq, free_port
from site_of_brood import Site, wait_for

SECRETS = {"crits_key": crits_stand_in.KEY, "wrong_key": "badbadbadbadbadbadbadbadbadbadbadbadbad1",
           "url_password": "planted-url-passw0rd", "sandbox_token": "planted-sandbox-t0ken",
           "other_token": "planted-0ther-token", "broker_password": "planted-br0ker/p@ss",
           "wrong_password": "planted-wr0ng-passw0rd"}
IN_MESSAGES = {"crits_key", "wrong_key", "url_password"}


class Secrets(CommandCase):
    def test_no_secret_is_told_whatever_goes_wrong(self):
        with RabbitMq() as node, CritsSite() as crits, Site({
                "brood": {"log_level": "debug"}, "crits": {"first_delay": "10ms", "allow": [crits.url]},
                "overseer": {"max_attempts": 1, "max_refeeds": 0, "first_delay": "50ms"},
                "sandboxd": {"engine": "static", "duration": "50ms", "token": SECRETS["sandbox_token"]}}) as site:
            self.node, self.crits, self.site, self.told = node, crits, site, []
            self.start()
            self.fail_everywhere()
            self.planted = Planted(api_token=(site.state / "api.token").read_text().strip(), **SECRETS)
            self.ask_everything()
            self.start_with_a_wrong_password()
            self.import_a_file_with_a_password()
            for where, text in self.told:
                self.planted.require_not_told(text, where)
            self.planted.require_not_told(site.all_logs(), "a log")
            for state in crits.asked:
                self.planted.require_not_told(json.dumps(crits.state(state)), "the analysis in CRITs")
            self.assertEqual(self.search_files() & IN_MESSAGES, IN_MESSAGES, "the search finds what is there")
            self.forget_everything()

    def start(self):
        self.node.http("PUT", "/api/users/brood", {"password": SECRETS["broker_password"], "tags": ""})
        self.node.http("PUT", "/api/permissions/%2F/brood", {"configure": ".*", "write": ".*", "read": ".*"})
        self.site.settings["broker"] = {"url": self.url_of(SECRETS["broker_password"])}
        self.sandbox_port = free_port()
        self.write_config()
        self.sandbox = self.site.start_sandbox(port=self.sandbox_port)
        self.run = self.site.start("run")
        self.site.wait_api()

    def url_of(self, password):
        return self.node.url(user="brood", password=password.replace("/", "%2F").replace("@", "%40"))

    def write_config(self):
        self.site.write_config()
        with self.site.config.open("a") as config:
            config.write(f'[[sandbox.node]]\nurl = "http://127.0.0.1:{self.sandbox_port}"\n'
                         f'token = "{SECRETS["sandbox_token"]}"\n')
        self.site.config.chmod(0o600)

    def publish(self, queue, body):
        self.node.http("POST", "/api/exchanges/%2F/amq.default/publish",
                       {"properties": {"delivery_mode": 2}, "routing_key": queue, "payload_encoding": "base64",
                        "payload": base64.b64encode(body).decode()})

    def fail_everywhere(self):
        """Each of these is given up, but for the first and the last."""
        good = self.crits.new_analysis("good.exe")
        self.publish("worker/feed_cuckoo", good)
        wait_for(lambda: self.crits.state(self.crits.asked[0])["status"] == "completed", 60, self.logs)
        self.publish("worker/feed_cuckoo", self.crits.new_analysis("key.exe").replace(
            crits_stand_in.KEY.encode(), SECRETS["wrong_key"].encode()))
        self.publish("worker/feed_cuckoo", self.crits.new_analysis(
            "url.exe", url=f"http://crits:{SECRETS['url_password']}@127.0.0.1:1/?api_key={crits_stand_in.KEY}"))
        self.publish("worker/feed_cuckoo", self.crits.new_analysis("stranger.exe", url="http://127.0.0.1:1"))
        self.publish("worker/feed_cuckoo", good[:-20])  # breaks off in the middle
        self.publish("worker/feed_cuckoo", good.replace(b'"data": "', b'"data": "!'))
        self.publish("worker/failed", good)  # no failure's record
        self.publish("worker/check_results", json.dumps({
            "TaskId": 1, "CuckooURL": f"http://u:{SECRETS['url_password']}@127.0.0.1:1/?key={SECRETS['wrong_key']}",
            "CritsData": {"api_key": crits_stand_in.KEY}}).encode())
        self.publish("worker/failed", json.dumps({  # as a service of cuckoo_distributed writes it
            "Service": "parse_and_submit", "Queue": "worker/parse_and_submit", "Desc": crits_stand_in.KEY,
            "Error": f"Post {self.crits.url}/api/v1/services/?username=u&api_key={crits_stand_in.KEY}: refused",
            "Msg": json.dumps({"TaskId": 2, "CuckooURL": "http://127.0.0.1:1", "CritsData": {
                "api_key": crits_stand_in.KEY}})}).encode())
        self.wait_dead(8)
        self.crits.crits.faults.append({"kind": "500", "times": 30, "call": "services"})
        self.publish("worker/feed_cuckoo", self.crits.new_analysis("500.exe"))
        self.wait_dead(9)
        self.sandbox_goes_and_comes_with_another_token()

    def sandbox_goes_and_comes_with_another_token(self):
        self.sandbox.kill()
        self.publish("worker/feed_cuckoo", self.crits.new_analysis("later.exe"))
        trouble = lambda: json.loads(self.site.api("GET", "/api/v1/status")[1])["nodes"][0]["trouble"]
        wait_for(trouble, 60, self.logs)
        gone = trouble()
        self.site.settings["sandboxd"]["token"] = SECRETS["other_token"]
        self.write_config()
        self.sandbox = self.site.start_sandbox(port=self.sandbox_port)
        wait_for(lambda: trouble() not in ("", gone), 60, lambda: trouble() + self.logs())
        self.told.append(("the node's trouble", gone + trouble()))

    def ask_everything(self):
        for path in ("/metrics", "/health_check", "/api/v1/status", "/api/v1/dead", "/api/v1/submissions",
                     "/api/v1/blacklist", "/api/v1/whitelist", *(f"/api/v1/dead/{key}" for key in self.keys())):
            status, body = self.site.api("GET", path)
            self.assertEqual(status, 200, path)
            self.told.append((path, body))
        address = (self.site.state / "api.address").read_text().strip()
        for path in ("/api/v1/dead/0/retry", f"/api/v1/dead/{self.keys()[0]}/drop", "/nothing"):
            told = self.site.http("POST", address + path, b"{}", {"Authorization": "Bearer " + SECRETS["wrong_key"]})
            self.assertIn(told[0], (401, 404), path)
            self.told.append((path, told[1]))
        for words in (("status",), ("status", "--json"), ("dead", "list"), ("dead", "list", "--json", "--state", "all"),
                      ("config", "show"), ("config", "check"), *(("dead", "show", key) for key in self.keys()),
                      *(("dead", "show", "--json", key) for key in self.keys())):
            self.ask(OK, *words)

    def ask(self, code, *words, **options):
        said = brood(*words, cwd=self.site.folder, environment={"BROOD_BROOD_LOG_LEVEL": "debug"}, **options)
        self.assertEqual(said.code, code, (words, said))
        self.told.append((" ".join(words), said.out + said.err))
        return said

    def start_with_a_wrong_password(self):
        said = self.ask(FAILED, "feed_cuckoo", "--broker.url=" + self.url_of(SECRETS["wrong_password"]))
        self.assertIn("cannot declare", said.err + said.out)
        self.ask(2, "run", "--broker.url=http://u:" + SECRETS["wrong_password"] + "@h")

    def import_a_file_with_a_password(self):
        original = self.site.folder / "overseer.conf.json"
        original.write_text(json.dumps({"Amqp": self.url_of(SECRETS["broker_password"]), "ConsumerQueue": "worker/failed"}))
        original.chmod(0o600)
        self.ask(OK, "config", "import", original.name, "--output", "imported.toml")
        self.ask(OK, "config", "show", "--config", "imported.toml")

    def search_files(self):
        """Which secrets stand where they may; elsewhere there is none."""
        return self.planted.require_kept_in(self.site.folder, {
            "brood.toml": {"sandbox_token", "other_token", "broker_password", "crits_key"},
            "overseer.conf.json": {"broker_password"}, "imported.toml": {"broker_password"},
            "state/api.token": {"api_token"}, "state/brood.db*": IN_MESSAGES, "dump/*.json": IN_MESSAGES})

    def forget_everything(self):
        """What a person drops is nowhere any more."""
        self.ask(OK, "dead", "drop", "--all", "--yes", "--reason", "the test is over")
        self.assertEqual([path for path in (self.site.folder / "dump").iterdir()], [])
        for key in self.keys():
            self.planted.require_not_told(self.ask(OK, "dead", "show", key).out, "a dropped letter")

    def keys(self):
        return [letter["key"] for letter in json.loads(self.site.api("GET", "/api/v1/dead")[1])["items"]]

    def wait_dead(self, count):
        dead = lambda: json.loads(self.site.api("GET", "/api/v1/dead?state=dead")[1])["items"]
        wait_for(lambda: len(dead()) == count, 90, lambda: f"{count} dead letters: {dead()}\n{self.logs()}")

    def logs(self):
        return self.site.all_logs()[-6000:]


if __name__ == "__main__":
    unittest.main(verbosity=2)
