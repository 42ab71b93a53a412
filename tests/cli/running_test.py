"""What a person does with a running brood: submit, status, blacklist, whitelist; and how it starts and stops."""

import hashlib
import json
import os
import signal
import stat
import subprocess
import time
import unittest
import urllib.parse

from command import (CommandCase, EICAR, FAILED, OK, PROGRAM, UNREACHABLE, USAGE, brood, clean_environment, lines_of,
                     on_a_terminal)
from site_of_brood import BAD, Site, wait_for


class SiteCase(CommandCase):
    """One running brood for all the tests of a class."""

    @classmethod
    def setUpClass(cls):
        cls.site = Site().__enter__()
        cls.addClassCleanup(lambda: cls.site.__exit__(None, None, None))
        cls.run_process = cls.site.start("run")
        cls.site.api("GET", "/health_check")
        cls.samples = cls.site.folder / "samples"
        cls.samples.mkdir()

    def brood(self, *arguments, **options):
        return brood(*arguments, cwd=self.site.folder, **options)

    def make(self, name, content):
        path = self.samples / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
        return path

    def submit(self, *arguments):
        said = self.brood("submit", "--json", *arguments)
        return said.code, lines_of(said)


class Submit(SiteCase):
    def test_a_bad_file_is_blacklisted_and_a_good_one_is_not(self):
        bad, good = self.make("bad", BAD + os.urandom(50)), self.make("good", os.urandom(50))
        code, (first, second) = self.submit("--wait", bad, good)
        self.assertEqual(code, OK)
        self.assertEqual((first["file"], first["outcome"]), (str(bad), "new"))
        self.assertEqual((first["submission"]["state"], first["submission"]["blacklisted"]), ("scored", True))
        self.assertEqual((second["submission"]["state"], second["submission"]["blacklisted"]), ("scored", False))

    def test_known_content_is_counted_and_with_again_analysed_once_more(self):
        content = BAD + os.urandom(50)
        code, (first,) = self.submit("--wait", self.make("once", content))
        code, (second,) = self.submit("--wait", self.make("twice", content))
        self.assertEqual((code, second["outcome"]), (OK, "counted"))
        self.assertEqual(second["submission"]["id"], first["submission"]["id"])
        code, (third,) = self.submit("--wait", "--again", self.samples / "twice")
        self.assertEqual((code, third["submission"]["state"]), (OK, "scored"))
        self.assertNotEqual(third["outcome"], "counted")

    def test_a_folder_means_its_files_and_refuses_the_rest_one_by_one(self):
        self.make("tree/a", os.urandom(40))
        self.make("tree/deep/b", os.urandom(40))
        self.make("tree/empty", b"")
        os.symlink("a", self.samples / "tree" / "link")
        os.mkfifo(self.samples / "tree" / "pipe")
        code, lines = self.submit("--wait", self.samples / "tree")
        self.assertEqual(code, FAILED)
        said = {os.path.relpath(line["file"], self.samples / "tree"): line for line in lines}
        self.assertEqual(set(said), {"a", "deep/b", "empty", "link", "pipe"})
        for name in ("a", "deep/b"):
            self.assertEqual(said[name]["submission"]["state"], "scored", said[name])
        for name, reason in (("empty", "is empty"), ("link", "symbolic link"), ("pipe", "named pipe")):
            self.assertIn(reason, said[name]["error"])
            self.assertIn(str(self.samples / "tree" / name), said[name]["error"])

    def test_a_missing_file_is_refused_and_the_others_go_on(self):
        code, (first, second) = self.submit("absent", self.make("there", os.urandom(40)))
        self.assertEqual(code, FAILED)
        self.assertEqual(first["error"], "absent does not exist")
        self.assertEqual(second["outcome"], "new")

    def test_names_that_command_a_terminal_are_shown_harmless(self):
        path = self.make("a\x1b[31m\n\u202egpj.exe", os.urandom(40))
        said = self.brood("submit", path)
        self.assertEqual(said.code, OK, said)
        self.assertEqual(len(said.out.splitlines()), 2)
        self.assertNotIn("\x1b", said.out)
        self.assertNotIn("\u202e", said.out)

    def test_progress_is_shown_on_a_terminal_and_not_in_a_pipe(self):
        code, shown = on_a_terminal(("submit", "--wait", self.make("seen", os.urandom(40))), self.site.folder)
        self.assertEqual(code, OK, shown)
        self.assertIn("analysed 0 of 1", shown)
        self.assertIn("\r", shown)
        said = self.brood("submit", "--wait", self.make("piped", os.urandom(40)))
        self.assertEqual((said.code, said.err), (OK, ""))
        self.assertNotIn("analysed", said.out)
        self.assertNotIn("\r", said.out)

    def test_ctrl_c_ends_the_wait(self):
        process = subprocess.Popen([PROGRAM, "submit", "--wait", str(self.make("slow", os.urandom(40)))],
                                   cwd=self.site.folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                                   env=clean_environment(BROOD_API_LISTEN_PORT="1", BROOD_BROOD_STATE_DIR="nowhere"))
        time.sleep(1)
        process.send_signal(signal.SIGINT)
        self.assertEqual(process.wait(10), -signal.SIGINT)


class Lists(SiteCase):
    MD5 = "0123456789abcdef0123456789abcdef"

    def entries(self, name, *arguments):
        said = self.brood(name, "--json", *arguments)
        self.assertEqual((said.code, said.err), (OK, ""))
        return lines_of(said)

    def test_the_blacklist_takes_and_loses_an_entry(self):
        said = self.brood("blacklist", "add", "hash", self.MD5, "--reason", "seen in the wild")
        self.assertEqual((said.code, said.out), (OK, f"hash {self.MD5} is on the blacklist\n"), said)
        entry, = [entry for entry in self.entries("blacklist", "--type", "hash") if entry["value"] == self.MD5]
        self.assertIn("seen in the wild", json.dumps(entry))
        self.assertIn(self.MD5, self.brood("blacklist").out)
        said = self.brood("blacklist", "remove", "hash", self.MD5, "--json")
        self.assertEqual(lines_of(said), [{"type": "hash", "value": self.MD5, "blacklisted": False}])
        self.assertEqual([entry for entry in self.entries("blacklist") if entry["value"] == self.MD5], [])
        self.assert_says(self.brood("blacklist", "remove", "hash", self.MD5), FAILED, "404", "not on the blacklist")

    def test_the_limit_is_told_where_there_is_more(self):
        for i in range(3):
            self.brood("blacklist", "add", "hash", f"{i:032x}")
        self.assertEqual(len(self.entries("blacklist", "--limit", "2")), 2)
        self.assertIn("More than 2 entries", self.brood("blacklist", "--limit", "2").out)
        self.assertEqual(self.brood("blacklist", "--limit", "0").code, USAGE)

    def test_a_whitelisted_hash_is_not_blacklisted_any_more(self):
        content = BAD + os.urandom(50)
        path = self.make("ours", content)
        said = self.brood("whitelist", "add", "--kind", "hash", hashlib.md5(content).hexdigest(), "--owner", "us")
        self.assertEqual(said.code, OK, said)
        self.assertIn({"kind": "hash", "value": hashlib.md5(content).hexdigest(), "owner": "us"},
                      [{key: entry[key] for key in ("kind", "value", "owner")} for entry in self.entries("whitelist")])
        time.sleep(1.2)  # "effective within a second"
        code, (line,) = self.submit("--wait", path)
        self.assertEqual((code, line["submission"]["state"], line["submission"]["blacklisted"]), (OK, "scored", False))
        said = self.brood("whitelist", "remove", "--kind", "hash", hashlib.md5(content).hexdigest())
        self.assertEqual(said.code, OK, said)
        self.assertEqual([entry for entry in self.entries("whitelist") if entry["kind"] == "hash"], [])

    def test_a_new_whitelist_has_what_ships_and_what_is_removed_stays_away(self):
        mine = {entry["value"]: entry["owner"] for entry in self.entries("whitelist")}
        self.assertEqual(mine["10.0.0.0/8"], "default: private")
        self.assertIn("windowsupdate.com", mine)
        self.assertEqual(self.brood("whitelist", "remove", "10.0.0.0/8").code, OK)
        self.site.start("blacklist_processor")  # which looks after the whitelist at its start as well
        self.site.wait_log("the service runs.*blacklist_processor")
        self.assertNotIn("10.0.0.0/8", [entry["value"] for entry in self.entries("whitelist")])
        said = self.brood("whitelist", "load", "--default")
        self.assertEqual(said.code, OK, said)
        self.assertIn("10.0.0.0/8", [entry["value"] for entry in self.entries("whitelist")])

    def test_a_whitelist_is_loaded_from_a_file_or_every_wrong_line_is_told(self):
        path = self.make("ours.txt", b"# ours\n203.0.113.0/24 head office\nintranet.example\n")
        said = self.brood("whitelist", "load", path, "--owner", "us")
        self.assertEqual((said.code, said.out, said.err), (OK, "2 entries are on the whitelist\n", ""))
        entries = {entry["value"]: (entry["kind"], entry["owner"]) for entry in self.entries("whitelist")}
        self.assertEqual(entries["203.0.113.0/24"], ("subnet", "head office"))
        self.assertEqual(entries["intranet.example"], ("domain", "us"))
        bad = self.make("bad.txt", b"203.0.113.0/33\nfine.example\na..b\n")
        said = self.brood("whitelist", "load", bad)
        self.assertEqual((said.code, said.out), (FAILED, ""))
        self.assertRegex(said.err, r"bad.txt:1: .*\n.*bad.txt:3: ")
        self.assertNotIn("fine.example", [entry["value"] for entry in self.entries("whitelist")])
        self.assertEqual(self.brood("whitelist", "load").code, USAGE)

    def test_what_is_no_value_is_refused_with_a_sentence(self):
        self.assert_says(self.brood("whitelist", "add", "no subnet at all"), FAILED, "400")
        self.assert_says(self.brood("blacklist", "add", "hash", "xyz"), FAILED, "400")
        self.assertEqual(self.brood("whitelist", "add", "--kind", "planet", "x").code, USAGE)


class Contacts(CommandCase):
    """Rules of the types ip, domain and url over a report with connections."""

    NETWORK = {"hosts": ["203.0.113.7", "198.51.100.9"],
               "domains": [{"domain": "c2.bad.example", "ip": "203.0.113.7"},
                           {"domain": "update.good.example", "ip": "198.51.100.9"}],
               "tcp": [{"src": "10.0.0.5", "sport": 1025, "dst": "203.0.113.7", "dport": 8080},
                       {"src": "10.0.0.5", "sport": 1026, "dst": "198.51.100.9", "dport": 8080}],
               "http": [{"uri": f"http://{host}:8080/gate.php", "user-agent": "Agent", "method": "POST", "body": "",
                         "host": f"{host}:8080", "path": "/gate.php"} for host in ("C2.Bad.example", "update.good.example")]}
    KEYS = {"http_path": [{"rules": "/gate.php", "score": 1.5}], "tcp_port": [{"rules": 8080, "score": 0.5}]}

    def setUp(self):
        self.site = Site({"sandboxd": {"engine": "replay", "reports": "recorded"}}).__enter__()
        self.addCleanup(lambda: self.site.__exit__(None, None, None))
        for kind in ("ip", "domain", "url"):
            rule = {"info": {"type": kind}, "rules": self.KEYS}
            (self.site.rules / f"{kind}.json").write_text(json.dumps(rule))
        recorded = self.site.folder / "recorded"
        recorded.mkdir()
        report = {"info": {"id": 1, "version": "2.0.7", "platform": "windows"},
                  "target": {"category": "file", "file": {"name": "a", "md5": "0" * 32, "sha256": "0" * 64}},
                  "behavior": {"processes": [{"process_name": "a.exe", "pid": 1, "command_line": "a.exe"}]},
                  "network": self.NETWORK}
        (recorded / "one.json").write_text(json.dumps(report))
        self.site.start("run")
        self.site.api("GET", "/health_check")

    def brood(self, *arguments):
        return brood(*arguments, cwd=self.site.folder)

    def submit(self, name):
        path = self.site.folder / name
        path.write_bytes(os.urandom(50))
        said = self.brood("submit", "--json", "--wait", path)
        self.assertEqual(said.code, OK, said)
        return lines_of(said)[0]["submission"]

    def listed(self, kind):
        return {entry["value"]: entry for entry in lines_of(self.brood("blacklist", "--json", "--type", kind))}

    def test_what_a_sample_contacted_is_listed_and_what_is_whitelisted_is_not(self):
        for arguments in (["198.51.100.0/24"], ["--kind", "domain", "good.example"]):
            said = self.brood("whitelist", "add", *arguments)
            self.assertEqual(said.code, OK, said)
        time.sleep(1.1)  # a change of a whitelist counts within a second
        self.assertEqual(self.submit("first")["state"], "scored")
        values = {"ip": "203.0.113.7", "domain": "c2.bad.example", "url": "http://c2.bad.example:8080/gate.php"}
        for kind, value in values.items():
            entries = self.listed(kind)
            self.assertEqual(list(entries), [value])
            entry = entries[value]
            self.assertEqual((entry["origin"], entry["score"]), ("rule", 2.0))
            self.assertEqual(entry["reasons"], [{"reason": "http_path", "data": "/gate.php"},
                                                {"reason": "tcp_port", "data": "8080"}])
            path = f"/blacklist/exist/{kind}?id={urllib.parse.quote(value, safe='')}"
            self.assertEqual(self.site.api("GET", path), (200, b"True"))
        self.assertEqual(self.listed("hash"), {})

        self.assertEqual(self.brood("whitelist", "remove", "198.51.100.0/24").code, OK)
        time.sleep(1.1)
        self.submit("second")
        self.assertEqual(set(self.listed("ip")), {"203.0.113.7", "198.51.100.9"})
        self.assertEqual(set(self.listed("domain")), {"c2.bad.example"})


class Status(SiteCase):
    def test_shows_services_queues_nodes_and_submissions(self):
        said = self.brood("status")
        self.assertEqual((said.code, said.err), (OK, ""))
        for part in ("SERVICE", "IN HAND", "feed_cuckoo", "worker/check_results", "http://127.0.0.1:", "scored"):
            self.assertIn(part, said.out)
        status = json.loads(self.brood("status", "--json").out)
        self.assertTrue(all(service["alive"] for service in status["services"]), status)

    def test_shows_what_a_service_has_in_hand(self):
        code, _ = self.submit(self.make("fault=never_ends", os.urandom(40)))
        self.assertEqual(code, OK)

        def waiting():
            status = json.loads(self.brood("status", "--json").out)
            return {service["name"]: service["in_hand"] for service in status["services"]}["check_results"]
        self.assertEqual(wait_for(waiting, 30, "check_results has the task in hand"), 1)
        self.assertRegex(self.brood("status").out, r"check_results +yes +1\n")

    def test_follows_a_submission(self):
        code, (line,) = self.submit("--wait", self.make("followed", os.urandom(40)))
        said = self.brood("status", line["submission"]["id"])
        self.assertEqual((said.code, said.err), (OK, ""))
        self.assertRegex(said.out, r"state +scored")
        self.assertEqual(json.loads(self.brood("status", "--json", line["submission"]["id"]).out)["state"], "scored")

    def test_an_unknown_submission_is_told(self):
        for wrong in ("nonsense", "../../metrics", "0" * 32):
            self.assert_says(self.brood("status", wrong), FAILED, "404", "no such submission")


class StartAndStop(CommandCase):
    def test_nothing_runs_is_an_exit_code_of_its_own_and_names_the_address(self):
        with Site() as site:
            for arguments in (("status",), ("blacklist",), ("whitelist",), ("blacklist", "add", "hash", "0" * 32),
                              ("submit", str(site.config)), ("submit", "--wait", "--timeout", "0.2", str(site.config))):
                said = brood(*arguments, "--api.listen_port=9", cwd=site.folder)
                self.assert_says(said, UNREACHABLE, "http://127.0.0.1:9", "brood run")

    def test_a_full_start_keeps_its_token_to_itself_and_stops_in_time(self):
        with Site() as site:
            run = site.start("run")
            site.api("GET", "/health_check")
            wait_for(lambda: "Stop with Ctrl-C" in run.log(), 10, "it says what runs")
            token_file = site.state / "api.token"
            self.assertEqual(stat.S_IMODE(token_file.stat().st_mode), 0o600)
            token = token_file.read_text().strip()
            self.assertGreaterEqual(len(token), 32)
            (site.folder / "eicar.com").write_bytes(EICAR)
            told = [brood(*arguments, cwd=site.folder, environment={"BROOD_BROOD_LOG_LEVEL": "debug"})
                    for arguments in (("submit", "--wait", "eicar.com"), ("status",), ("status", "--json"),
                                      ("blacklist", "add", "hash", "1" * 32), ("config", "show"))]
            for said in told:
                self.assertEqual(said.code, OK, said)
                self.assertNotIn(token, said.out + said.err)
            address = (site.state / "api.address").read_text().strip()
            self.assertNotIn(token, site.http("GET", address + "/metrics")[1].decode())
            self.assertLess(run.stop(10), 10)
            self.assertNotIn(token, site.all_logs())

    def test_a_changed_token_is_refused_with_a_sentence(self):
        with Site() as site:
            site.start("run")
            site.api("GET", "/health_check")
            (site.state / "api.token").write_text("0" * 64)
            self.assert_says(brood("blacklist", "add", "hash", "1" * 32, cwd=site.folder), FAILED, "401")

    def test_ctrl_c_stops_it_as_well_and_it_starts_again_on_the_same_folder(self):
        with Site() as site:
            for _ in range(2):
                run = site.start("run", "--quiet")
                wait_for(lambda: (site.state / "api.address").exists(), 30, "the API starts")
                wait_for(lambda: brood("status", cwd=site.folder).code == OK, 30, "it answers")
                run.popen.send_signal(signal.SIGINT)
                self.assertEqual(run.popen.wait(10), OK)

    def test_a_second_one_on_the_same_folder_says_why_it_cannot(self):
        with Site() as site:
            site.start("run")
            site.api("GET", "/health_check")
            said = brood("run", cwd=site.folder, timeout=30)
            self.assertEqual(said.code, FAILED)
            self.assertIn("sandbox.port", said.err)

    def test_broken_rules_stop_the_start_with_every_problem(self):
        with Site(rules="{ no JSON") as site:
            said = brood("run", cwd=site.folder, timeout=30)
            self.assertEqual(said.code, FAILED)
            self.assertIn("test.json", said.err)


if __name__ == "__main__":
    unittest.main(verbosity=2)
