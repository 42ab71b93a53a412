"""`brood dead`: messages that failed are listed, shown, sent again and dropped, over the API and without one."""

import hashlib
import json
import os
import unittest

from command import CommandCase, FAILED, OK, UNREACHABLE, USAGE, brood, lines_of
from crits_site import CritsSite
from crits_stand_in import KEY
from site_of_brood import Site, wait_for

# What fails is given up at once.
IMPATIENT = {"overseer": {"max_attempts": 0, "first_delay": "0s", "max_refeeds": 0}}


def without_node(task, key="k3y-that-nobody-may-see"):
    """A message that check_results refuses for good: its sandbox is not configured."""
    return json.dumps({"TaskId": task, "CuckooURL": "http://127.0.0.1:9/", "CritsData": {
        "analysis_id": "", "object_id": "", "api_key": key}}).encode()


class DeadCase(CommandCase):
    def brood(self, *arguments, **options):
        said = brood("dead", *arguments, cwd=self.site.folder, **options)
        self.assertNotIn("k3y", said.out + said.err)
        self.assertNotIn(KEY, said.out + said.err)
        return said

    def listed(self, *arguments):
        said = self.brood("list", "--json", *arguments)
        self.assertEqual(said.code, OK, said)
        return lines_of(said)

    def wait_dead(self, count, *arguments):
        wait_for(lambda: len(self.listed("--state", "dead", *arguments)) == count, 30,
                 lambda: f"{count} dead letters: {self.listed('--state', 'all')}\n{self.site.all_logs()[-3000:]}")
        return self.listed("--state", "dead", *arguments)

    def dumps(self):
        folder = self.site.folder / "dump"
        return sorted(path.stem for path in folder.glob("*.json")) if folder.exists() else []


class WithApi(DeadCase):
    """One running brood for all the tests; each leaves no dead letter behind."""

    @classmethod
    def setUpClass(cls):
        cls.site = Site(IMPATIENT).__enter__()
        cls.addClassCleanup(lambda: cls.site.__exit__(None, None, None))
        cls.site.start("run")
        cls.site.wait_api()

    def tearDown(self):
        self.brood("drop", "--all", "--yes", "--reason", "the test is over")

    def test_a_letter_is_listed_and_shown_with_all_but_its_key(self):
        self.site.publish("worker/check_results", without_node(4711))
        letter, = self.wait_dead(1)
        said = self.brood("list")
        self.assertEqual((said.code, said.err), (OK, ""))
        head, row = said.out.splitlines()
        for title in ("ID", "SINCE", "STATE", "QUEUE", "SUBMISSION", "SHA-256", "TASK", "FAILED", "REASON"):
            self.assertIn(title, head)
        for part in (letter["key"][:12], "dead", "worker/check_results", "4711", "127.0.0.1:9"):
            self.assertIn(part, row)
        said = self.brood("show", letter["key"][:8])
        self.assertEqual((said.code, said.err), (OK, ""))
        self.assertRegex(said.out, r"(?m)^id +" + letter["key"])
        self.assertRegex(said.out, r"(?m)^stage +check_results")
        self.assertIn('"api_key":"[secret]"', said.out)
        shown = json.loads(self.brood("show", "--json", letter["key"]).out)
        self.assertEqual((shown["task"], shown["message"]["TaskId"]), (4711, 4711))

    def test_a_retry_that_fails_once_more_counts_anew_and_is_dumped_again(self):
        self.site.publish("worker/feed_cuckoo", json.dumps({
            "payload": {"options": "fault=no_report"}, "file": {"name": "lost.exe", "data": "TVo="}}).encode())
        letter, = self.wait_dead(1, "--queue", "worker/parse_and_submit")
        self.assertEqual(self.dumps(), [letter["key"]])
        said = self.brood("retry", letter["key"][:12])
        self.assertEqual((said.code, said.err), (OK, ""))
        self.assertIn("goes back to worker/parse_and_submit", said.out)
        wait_for(lambda: len(self.site.lines("a message is given up.*" + letter["key"])) == 2, 30, "it is given up again")
        again, = self.wait_dead(1)
        self.assertEqual((again["key"], again["attempts"]), (letter["key"], 1), "the count is a fresh one")
        self.assertEqual(self.dumps(), [letter["key"]])

    def test_a_retry_goes_through_the_pipeline_once_what_was_wrong_is_put_right(self):
        content, submission = os.urandom(500), os.urandom(16).hex()
        sha256 = hashlib.sha256(content).hexdigest()
        self.site.publish("worker/feed_cuckoo", json.dumps({
            "payload": {}, "file": {"name": "a.exe", "data": ""}, "sample": "sha256:" + sha256, "sha256": sha256,
            "submission": submission}).encode())
        letter, = self.wait_dead(1)
        self.assertEqual(self.state_of(submission), "failed", "nobody has the sample")
        self.assertEqual(self.site.api("POST", "/api/v1/submissions?name=a.exe", content)[0], 201)
        self.assertEqual(self.brood("retry", letter["key"]).code, OK)
        wait_for(lambda: self.state_of(submission) == "scored", 30, lambda: self.site.all_logs()[-3000:])
        self.assertEqual(self.dumps(), [])
        self.assertEqual([line["key"] for line in self.listed()], [])
        sent, = [line for line in self.listed("--state", "sent") if line["key"] == letter["key"]]
        said = self.brood("retry", sent["key"])
        self.assertEqual((said.code, said.out), (OK, f"{sent['key'][:12]} is back on worker/feed_cuckoo already\n"))

    def state_of(self, submission):
        return json.loads(self.site.api("GET", "/api/v1/submissions/" + submission)[1]).get("state")

    def test_all_means_all_that_are_dead_of_a_queue(self):
        for task in range(3):
            self.site.publish("worker/check_results", without_node(task))
        self.site.publish("worker/cleanup", b"no JSON, k3y")
        self.wait_dead(4)
        said = self.brood("drop", "--all", "--queue", "worker/check_results", "--yes", "--reason", "known", "--json")
        self.assertEqual(said.code, OK, said)
        self.assertEqual([line["state"] for line in lines_of(said)], ["dropped"] * 3)
        letter, = self.wait_dead(1)
        self.assertEqual(letter["queue"], "worker/cleanup")
        self.assertEqual(self.dumps(), [letter["key"]])
        self.assertIn("no JSON", self.brood("show", letter["key"]).out)
        dropped = [line for line in self.listed("--state", "dropped") if line["note"] == "known"]
        self.assertEqual(len(dropped), 3)
        self.assertEqual({line["state"] for line in self.listed()}, {"dead"})
        self.assertEqual(self.brood("retry", "--all", "--queue", "worker/nothing").out, "There is no dead letter.\n")

    def test_what_was_dropped_cannot_be_sent_and_says_so(self):
        self.site.publish("worker/check_results", without_node(1))
        letter, = self.wait_dead(1)
        said = self.brood("drop", letter["key"], "--reason", "a test of ours")
        self.assertEqual((said.code, said.out), (OK, f"{letter['key'][:12]} is dropped: a test of ours\n"))
        self.assertEqual(self.dumps(), [])
        self.assertRegex(self.brood("show", letter["key"]).out, r"(?m)^dropped +a test of ours")
        self.assert_says(self.brood("retry", letter["key"]), FAILED, letter["key"], "409", "was dropped")
        self.assertNotIn("k3y", "".join(row["failure"] for row in self.site.records.dead_letters()))

    def test_what_is_no_id_is_told_and_the_others_go_on(self):
        self.site.publish("worker/check_results", without_node(1))
        letter, = self.wait_dead(1)
        for wrong in ("xyz", "../../metrics", "0" * 65):
            self.assert_says(self.brood("show", wrong), FAILED, wrong, "no dead letter's id")
        self.assert_says(self.brood("show", "0" * 64), FAILED, "404", "no such dead letter")
        self.assert_says(self.brood("retry", "00000000"), FAILED, "no dead letter 00000000")
        said = self.brood("drop", "xyz", letter["key"], "--reason", "known")
        self.assertEqual(said.code, FAILED)
        self.assertIn("is dropped", said.out)
        self.assertIn("xyz", said.err)

    def test_wrong_command_lines_change_nothing(self):
        self.site.publish("worker/check_results", without_node(1))
        letter, = self.wait_dead(1)
        for wrong in (("retry",), ("drop", "--reason", "x"), ("drop", "--all", "--reason", "x"), ("drop", letter["key"]),
                      ("retry", "--all", letter["key"]), ("retry", "--queue", "q", letter["key"]), ("show",), (),
                      ("list", "--state", "buried"), ("list", "--limit", "0")):
            self.assertEqual(self.brood(*wrong).code, USAGE, wrong)
        self.assertEqual(self.wait_dead(1), [letter])

    def test_without_the_token_letters_are_seen_and_stay_as_they_are(self):
        self.site.publish("worker/check_results", without_node(1))
        letter, = self.wait_dead(1)
        token = self.site.state / "api.token"
        hidden = token.rename(self.site.state / "hidden.token")
        try:
            self.assertEqual(self.brood("show", letter["key"]).code, OK)
            for change in (("retry", letter["key"]), ("drop", letter["key"], "--reason", "x")):
                self.assert_says(self.brood(*change), FAILED, "401", "Authorization: Bearer")
        finally:
            hidden.rename(token)
        self.assertEqual(self.wait_dead(1), [letter])


class WithoutApi(DeadCase):
    def test_where_services_run_alone_it_works_on_the_records_and_overseer_sends(self):
        with CritsSite() as crits, Site(IMPATIENT) as self.site:
            self.site.start_sandbox()
            sends = [self.site.start(name) for name in ("feed_cuckoo", "check_results", "overseer")]
            self.site.wait_log("the service runs")
            self.site.publish("worker/feed_cuckoo", crits.new_analysis("refused.exe", payload={
                "options": "fault=no_report"}))
            parse = self.site.start("parse_and_submit")
            letter, = self.wait_dead(1)
            self.assertEqual(crits.wait_ended(30), ["error"])
            said = self.brood("list")
            self.assertIn("no API answers", said.err)
            self.assertIn(letter["key"][:12], said.out)
            sends[-1].stop()
            said = self.brood("retry", "--all")
            self.assertEqual(said.code, OK, said)
            for _ in range(2):  # twice is once
                self.assertEqual(self.brood("retry", letter["key"]).code, OK)
            self.assertEqual([line["state"] for line in self.listed()], ["delayed"])
            self.assertEqual(self.dumps(), [letter["key"]], "it stays until the queue has the message")
            self.site.start("overseer")
            wait_for(lambda: len(self.site.lines("a message is given up")) == 2, 30, self.site.all_logs)
            letter, = self.wait_dead(1)
            self.assertEqual(self.brood("drop", letter["key"], "--reason", "known").code, OK)
            self.assertEqual(self.dumps(), [])
            self.assertTrue(parse.alive())

    def test_where_there_is_nothing_it_says_so(self):
        with Site() as self.site:
            said = self.brood("list", "--api.listen_port=9")
            self.assert_says(said, UNREACHABLE, "http://127.0.0.1:9", "brood run")
            self.assertFalse(self.site.state.exists(), "looking makes nothing")


if __name__ == "__main__":
    unittest.main(verbosity=2)
