"""Changed rules are applied again to the reports that are stored, while the services run."""

import hashlib
import unittest

from command import CommandCase, FAILED, OK, brood, lines_of
from running_test import on_a_terminal
from site_of_brood import Site

DEADLINE = 60


def md5(content):
    return hashlib.md5(content).hexdigest()


def rule(text, score=2.5):
    return {"info": {"type": "hash"}, "rules": {"string": [{"rules": [text], "score": score}]}}


class Retrohunt(CommandCase):
    def setUp(self):
        self.site = Site().__enter__()
        self.addCleanup(lambda: self.site.__exit__(None, None, None))
        self.site.write_rules(rule("first-text"))
        self.first, self.second = b"\nfirst-text\n" * 30, b"\nsecond-text\n" * 30
        self.process = self.site.start("run")
        for name, content in (("first", self.first), ("second", self.second)):
            self.site.put(name, content)
        self.site.wait_ended(DEADLINE)
        self.site.wait_queues_empty()

    def hunt(self, *arguments):
        return brood("retrohunt", *arguments, cwd=self.site.folder)

    def listed(self):
        return {row["value"]: row["score"] for row in self.site.records.blacklist()}

    def test_a_dry_run_shows_what_would_change_and_the_real_one_changes_it(self):
        self.assertEqual(self.listed(), {md5(self.first): 2.5})
        self.assertIn("2 reports read", self.hunt("--dry-run").out)
        self.site.write_rules(rule("second-text", 3.5))
        said = self.hunt("--dry-run")
        self.assertEqual(said.code, OK, said)
        changes = [f"+ hash {md5(self.second)} 3.5 string: second-text", f"- hash {md5(self.first)} 2.5 string: first-text"]
        self.assertEqual(said.out.splitlines()[:2], changes)
        self.assertIn("1 entries to be added, 0 to be changed, 1 to be removed", said.out)
        self.assertEqual(self.listed(), {md5(self.first): 2.5}, "nothing is written")
        said = self.hunt()
        self.assertEqual((said.code, said.out.splitlines()[:2]), (OK, changes), said)
        self.assertEqual(self.listed(), {md5(self.second): 3.5})
        self.assertEqual(self.hunt("--json").out.count("\n"), 1, "nothing is left to do")

    def test_json_has_each_change_and_the_sum(self):
        self.site.write_rules(rule("first-text", 9))
        said = self.hunt("--json")
        change, summary = lines_of(said)
        self.assertEqual((change["change"], change["type"], change["value"]), ("changed", "hash", md5(self.first)))
        self.assertEqual((change["before"]["score"], change["after"]["score"]), (2.5, 9.0))
        self.assertEqual(change["after"]["reasons"], [{"reason": "string", "data": "first-text"}])
        self.assertEqual((summary["finished"], summary["dry_run"], summary["reports"], summary["changed"]), (True, False, 2, 1))

    def test_what_a_person_put_there_stays(self):
        status, _ = self.site.api("PUT", f"/api/v1/blacklist/hash/{md5(self.first)}", b"{}")
        self.assertIn(status, (200, 201))
        self.site.write_rules(rule("none has this"))
        said = self.hunt()
        self.assertIn("1 entries were left alone: a person or an import put them there", said.out)
        self.assertIn(md5(self.first), self.listed())

    def test_progress_is_shown_on_a_terminal_and_not_in_a_pipe(self):
        code, text = on_a_terminal(["retrohunt", "--dry-run"], self.site.folder)
        self.assertEqual(code, OK, text)
        self.assertIn("0 of 2 reports", text)
        self.assertNotIn(" of 2 reports", self.hunt("--dry-run").err)

    def test_broken_rules_are_told_and_nothing_is_changed(self):
        self.site.write_rules("{")
        said = self.hunt()
        self.assertEqual((said.code, said.out), (FAILED, ""))
        self.assertIn("test.json", said.err)
        self.assertEqual(self.listed(), {md5(self.first): 2.5})

    def test_a_folder_without_reports_is_told(self):
        self.assert_says(brood("retrohunt", "--brood.state_dir=elsewhere", cwd=self.site.folder), FAILED,
                         "there are no reports", "elsewhere/reports.db", "brood.state_dir")


class SeenAgain(CommandCase):
    def test_the_same_file_twice_at_once_waits_for_the_one_result(self):
        with Site({"sandboxd": {"duration": "2s"}}) as site:
            sandbox = site.start_sandbox()
            site.start("run")
            site.wait_api()
            for name in ("a", "b"):
                (site.folder / name).write_bytes(b"the same content " * 20)
            both = [site.start("submit", "--wait", "--json", name) for name in ("a", "b")]
            for process in both:
                self.assertEqual(process.popen.wait(DEADLINE), OK, process.log())
            self.assertEqual(len(site.records.submissions()), 1)
            self.assertEqual(list(site.records.hashes().values()), [2])
            self.assertEqual(site.statistics(sandbox.port)["tasks_created"], 1)

    def test_a_failure_is_the_one_for_both(self):
        with Site({"sandboxd": {"duration": "1s"}, "overseer": {"max_refeeds": 0}}) as site:
            site.start_sandbox()
            site.start("run")
            site.wait_api()
            for name in ("fault=failed.a", "fault=failed.b"):
                (site.folder / name).write_bytes(b"the same content " * 20)
            both = [site.start("submit", "--wait", "--json", name) for name in ("fault=failed.a", "fault=failed.b")]
            for process in both:
                self.assertEqual(process.popen.wait(DEADLINE), FAILED, process.log())
                self.assertFalse(process.alive())
                self.assertIn("failed_analysis", process.log())
            self.assertEqual(len(site.records.submissions()), 1)

    def test_a_kill_between_them_leaves_none_waiting(self):
        with Site({"sandboxd": {"duration": "5s"}}) as site:
            site.start_sandbox()
            process = site.start("run")
            site.wait_api()
            (site.folder / "a").write_bytes(b"the same content " * 20)
            self.assertEqual(brood("submit", "a", cwd=site.folder).code, OK)
            process.kill()
            site.start("run")
            site.wait_api()
            said = brood("submit", "--wait", "--json", "a", cwd=site.folder)
            self.assertEqual((said.code, lines_of(said)[0]["outcome"]), (OK, "joined"), said)
            self.assertEqual({row["state"] for row in site.records.submissions()}, {"scored"})
            self.assertEqual(len(site.records.submissions()), 1)


if __name__ == "__main__":
    unittest.main()
