"""`brood backup` beside a running brood, and a site that goes on from the copy."""

import json
import os
import shutil
import stat
import unittest

from command import CommandCase, FAILED, OK, brood
from site_of_brood import BAD, Site, wait_for

MANY = 60


class Backup(CommandCase):
    def setUp(self):
        self.site = Site({"sandboxd": {"engine": "replay", "machines": 2, "duration": "300ms", "report_bytes": 20_000}})
        self.site.__enter__()
        self.addCleanup(lambda: self.site.__exit__(None, None, None))
        self.copy = self.site.folder / "copy"

    def backup(self, *arguments):
        return brood("--config", self.site.config, *arguments, "backup", self.copy, cwd=self.site.folder)

    def restore(self):
        self.site.state.rename(self.site.folder / "lost")
        shutil.copytree(self.copy, self.site.state)

    def test_work_that_was_under_way_is_done_from_the_copy(self):
        self.site.start_sandbox()
        running = self.site.start("run")
        self.site.wait_api()
        for number in range(MANY):
            self.site.put(f"sample-{number}", BAD + os.urandom(200))
        wait_for(lambda: len(self.site.records.submissions()) == MANY, 60, "all files are taken in")
        wait_for(lambda: len(self.site.records.ended()) > 5, 60, "some are done")
        said = self.backup("--json")
        self.assertEqual(said.code, OK, said)
        told = {line["name"]: line["files"] for line in map(json.loads, said.out.splitlines())}
        self.assertEqual((told["brood.db"], told["reports.db"], told["samples"]), (1, 1, MANY))
        running.kill()
        done = len(self.site.records.ended())
        self.restore()
        self.assertLess(len(self.site.records.ended()), MANY, f"the copy is of a site with work to do; {done} at the kill")
        self.site.start("run")
        self.site.wait_ended(120)
        self.site.wait_queues_empty()
        self.assertEqual(set(self.site.records.hashes().values()), {1})
        self.assertEqual(len(self.site.records.reports()), MANY)

    def test_nobody_else_can_read_it(self):
        self.site.start_sandbox()
        self.site.start("run")
        self.site.wait_api()
        self.site.put("one", BAD)
        self.site.wait_ended(60)
        self.assertEqual(self.backup().code, OK)
        for path in [self.copy, *self.copy.rglob("*")]:
            self.assertEqual(stat.S_IMODE(path.stat().st_mode) & 0o077, 0, path)

    def test_what_stands_in_the_way_is_named(self):
        self.assert_says(self.backup(), FAILED, "holds no records of brood", self.site.state)
        self.site.start_sandbox()
        self.site.start("run")
        self.site.wait_api()
        self.copy.mkdir()
        (self.copy / "mine").write_text("kept")
        self.assert_says(self.backup(), FAILED, self.copy, "is not empty")
        self.assertEqual([path.name for path in self.copy.iterdir()], ["mine"])


if __name__ == "__main__":
    unittest.main()
