"""Malformed things of every kind: each gives one clear message that says what and where, and the pipeline goes on."""

import hashlib
import json
import os
import sys
import time
import unittest

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "support"))
from site_of_brood import BAD, RULE, Site, wait_for

DEADLINE = 60

# One failure is enough to be given up, so that the end is soon seen.
AT_ONCE = {
    "overseer": {"max_attempts": 0, "max_refeeds": 0},
    "check_results": {"max_wait": "1s", "default_timeout": "0s"},
    "sandboxd": {"machines": 8},
}


class SiteCase(unittest.TestCase):
    SETTINGS = AT_ONCE

    def setUp(self):
        self.site = Site(self.SETTINGS).__enter__()
        # After what the test itself says; with the failure, so that the folder can be kept.
        self.addCleanup(lambda: self.site.__exit__(None, self.failed(), None))
        self.site.start_sandbox()
        self.run_process = self.site.start("run")
        self.site.api("GET", "/health_check")

    def failed(self):
        result = self._outcome.result
        return True if any(case is self for case, _ in result.failures + result.errors) else None

    def assert_goes_on(self):
        """A good sample put now is scored, and the program ends as it should."""
        sha256 = self.site.put(f"good-{time.monotonic_ns()}", BAD + os.urandom(100))
        self.site.wait_ended(DEADLINE, [sha256])
        self.assertEqual(self.site.records.of(sha256)["state"], "scored")
        self.assertTrue(self.run_process.alive())
        self.run_process.stop()

    def failure_of(self, name, content=None):
        """Puts a sample, waits until it ended failed, returns its reason."""
        sha256 = self.site.put(name, content or name.encode() * 30)
        self.site.wait_ended(DEADLINE, [sha256])
        record = self.site.records.of(sha256)
        self.assertEqual(record["state"], "failed", record)
        line = self.site.wait_log(f"a message is given up .*submission={record['id']}")
        print(f"\n  {record['stage']}: {record['reason']}\n  {line}", file=sys.stderr)
        return record["stage"] + ": " + record["reason"]


class MalformedMessage(SiteCase):
    QUEUES = ("worker/feed_cuckoo", "worker/check_results", "worker/parse_and_submit", "worker/blacklist_processor",
              "worker/cleanup", "worker/failed")

    def test_a_message_that_is_not_json_is_given_up_with_its_queue_and_kept(self):
        bodies = {queue: f"no JSON at all, for {queue}".encode() for queue in self.QUEUES}
        for queue, body in bodies.items():
            self.site.publish(queue, body)
        for queue, body in bodies.items():
            line = self.site.wait_log(f"a message is given up .*queue={queue}")
            print("\n  " + line, file=sys.stderr)
        self.assertEqual(len(self.site.lines("a message is given up")), len(bodies))
        kept = {json.loads(path.read_text())["Msg"].encode() for path in (self.site.folder / "dump").glob("*.json")}
        self.assertEqual(kept, set(bodies.values()))
        self.assert_goes_on()

    def test_bytes_that_are_no_text_are_kept_as_they_were(self):
        self.site.publish("worker/feed_cuckoo", b"\xff\xfe\x00 no text")
        print("\n  " + self.site.wait_log("a message is given up .*queue=worker/feed_cuckoo"), file=sys.stderr)
        dumped = [path.read_text() for path in (self.site.folder / "dump").glob("*.json")]
        self.assertEqual(len(dumped), 1)
        self.assertIn("//4AIG5vIHRleHQ=", dumped[0])
        self.assert_goes_on()


class MalformedReport(SiteCase):
    def test_a_report_whose_connection_breaks(self):
        self.assertIn("parse_and_submit: ", self.failure_of("fault=cut_report.1"))
        self.assert_goes_on()

    def test_a_report_cut_in_the_middle(self):
        self.assertIn("parse_and_submit: ", self.failure_of("fault=truncated_report.1"))
        self.assert_goes_on()

    def test_a_task_that_is_reported_and_has_no_report(self):
        self.assertIn("says reported but has no report", self.failure_of("fault=no_report.1"))
        self.assert_goes_on()


class TroubleInTheSandbox(SiteCase):
    def test_a_failed_task(self):
        self.assertIn("the sandbox says failed_analysis", self.failure_of("fault=failed.1"))
        self.assert_goes_on()

    def test_a_task_that_never_ends(self):
        self.assertIn("the task was still running", self.failure_of("fault=never_ends.1"))
        self.assert_goes_on()

    def test_answers_500_about_one_task(self):
        reason = self.failure_of("fault=server_error.1")
        self.assertIn("500", reason)
        self.assert_goes_on()


class AnswersFiveHundred(SiteCase):
    SETTINGS = {"sandboxd": {"fault_server_error": 0.2}, "overseer": {"max_attempts": 10}}

    def test_a_sandbox_that_answers_500_now_and_then_costs_nothing(self):
        for i in range(20):
            self.site.put(f"sample-{i}", os.urandom(300))
        self.site.wait_ended(DEADLINE)
        self.assertEqual(self.site.records.states(), {"scored": 20})
        self.assertEqual(self.site.statistics()["same_custom_twice"], 0)
        self.run_process.stop()


class OddFiles(SiteCase):
    SETTINGS = dict(AT_ONCE, submit_binary={"max_size": "1MiB"})

    def test_what_is_no_sample_is_refused_once_and_left(self):
        outside = self.site.folder / "outside"
        outside.write_bytes(b"must not be followed")
        inside = self.site.incoming
        (inside / "a-link").symlink_to(outside)
        (inside / "a-folder-link").symlink_to(self.site.folder / "rules")
        os.mkfifo(inside / "a-fifo")
        (inside / "an-empty-file").write_bytes(b"")
        (inside / "a-huge-file").write_bytes(b"x" * (2 << 20))
        reasons = {"a-link": "symbolic link", "a-folder-link": "symbolic link", "a-fifo": "fifo",
                   "an-empty-file": "empty", "a-huge-file": "limit"}
        for name, reason in reasons.items():
            print("\n  " + self.site.wait_log(f"incoming/{name} .*{reason}"), file=sys.stderr)
        time.sleep(1)  # ten more passes
        for name in reasons:
            self.assertEqual(len(self.site.lines(f"incoming/{name} ")), 1, self.site.lines(f"incoming/{name} "))
            self.assertTrue((inside / name).is_symlink() or (inside / name).exists())
        self.assertEqual(self.site.records.submissions(), [])
        self.assert_goes_on()

    def test_a_growing_file_is_taken_when_it_is_complete(self):
        path = self.site.incoming / "growing"
        with open(path, "wb") as growing:
            for _ in range(10):
                growing.write(b"piece of a file ")
                growing.flush()
                time.sleep(0.15)
        whole = b"piece of a file " * 10
        self.site.wait_log("left for the next pass .*growing")
        self.site.sightings = {hashlib.sha256(whole).hexdigest(): 1}
        self.site.wait_ended(DEADLINE)
        self.assertEqual(len(self.site.records.submissions()), 1)
        self.assert_goes_on()


class BrokenRules(SiteCase):
    def broken(self):
        rules = json.loads(json.dumps(RULE))
        rules["rules"]["string"][0]["rules"] = ["!REGEX!(unclosed"]
        return json.dumps(rules)

    def test_a_service_refuses_to_start_on_them(self):
        self.run_process.stop()
        self.site.write_rules(self.broken())
        for command in ("run", "blacklist_processor"):
            process = self.site.start(command)
            wait_for(lambda: not process.alive(), DEADLINE, f"{command} refuses to start")
            self.assertEqual(process.popen.returncode, 1)
            self.assertIn("test.json", process.log())
            self.assertIn("(unclosed", process.log())
        print("\n" + process.log(), file=sys.stderr)

    def test_a_running_service_keeps_the_old_ones_until_they_are_mended(self):
        self.site.write_rules(self.broken())
        first = self.site.put("first", BAD + b" first" * 30)
        self.site.wait_ended(DEADLINE, [first])
        for i in range(8):  # rules are looked at now and then, when something is scored
            self.site.put(f"more-{i}", BAD + f" more {i}".encode() * 30)
            time.sleep(0.5)
        line = self.site.wait_log("changed rules are broken")
        print("\n  " + line, file=sys.stderr)
        self.assertIn("test.json", line)
        self.site.wait_ended(DEADLINE)
        self.assertEqual({row["score"] for row in self.site.records.submissions()}, {2.5})
        mended = json.loads(json.dumps(RULE))
        mended["rules"]["string"][0]["score"] = 4.5
        self.site.write_rules(mended)
        for i in range(8):
            self.site.put(f"after-{i}", BAD + f" after {i}".encode() * 30)
            time.sleep(0.5)
        self.site.wait_log("changed rules are in force")
        last = self.site.put("last", BAD + b" last" * 30)
        self.site.wait_ended(DEADLINE)
        self.assertEqual(self.site.records.of(last)["score"], 4.5)
        self.assert_goes_on()


class BrokenSettings(unittest.TestCase):
    def test_every_problem_is_named_at_once_and_nothing_starts(self):
        wrong = {"feed_cuckoo": {"max_pendign": 3, "prefetch_count": -1}, "sandbox": {"max_pending": "many"}}
        with Site(wrong) as site:
            process = site.start("run")
            wait_for(lambda: not process.alive(), DEADLINE, "it refuses to start")
            self.assertEqual(process.popen.returncode, 2)
            for key in ("max_pendign", "prefetch_count", "max_pending", "brood.toml"):
                self.assertIn(key, process.log())
            self.assertFalse(site.state.exists())
            print("\n" + process.log(), file=sys.stderr)


if __name__ == "__main__":
    unittest.main(verbosity=2)
