"""The settings files and the start scripts of cuckoo_distributed go on working."""

import json
import os
import pathlib
import subprocess
import tempfile
import unittest

from command import PROGRAM, CommandCase, OK, USAGE, brood, clean_environment

FEED = {"Amqp": "amqp://me:rabbit-secret@mq.test:5672", "ConsumerQueue": "in", "ProducerQueue": "checks", "FailedQueue": "bad",
        "VerifySSL": True, "CuckooURL": "http://cuckoo.test:8090", "CheckFreeSpace": False, "PrefetchCount": 1, "MaxPending": 7,
        "LogFile": "", "LogLevel": "info"}


class Original(CommandCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)

    def write(self, name, settings):
        (self.folder / name).write_text(json.dumps(settings))

    def test_a_file_is_checked_and_shown_as_it_is(self):
        self.write("feed_cuckoo.conf.json", FEED)
        said = brood("config", "check", "--config", "feed_cuckoo.conf.json", cwd=self.folder)
        self.assertEqual((said.code, said.err), (OK, ""))
        said = brood("config", "show", "--config", "feed_cuckoo.conf.json", cwd=self.folder)
        self.assertIn("http://cuckoo.test:8090", said.out)
        self.assertIn("feed_cuckoo.conf.json (CuckooURL)", said.out)
        self.assertNotIn("rabbit-secret", said.out + said.err)

    def test_an_unknown_key_is_a_warning_and_a_wrong_value_a_problem(self):
        self.write("feed_cuckoo.conf.json", FEED | {"MaxPendign": 3})
        said = brood("config", "check", "--config", "feed_cuckoo.conf.json", cwd=self.folder)
        self.assertEqual(said.code, OK)
        self.assertIn("warning: feed_cuckoo.conf.json: MaxPendign: unknown", said.err)
        self.write("feed_cuckoo.conf.json", FEED | {"MaxPending": "many"})
        said = brood("config", "check", "--config", "feed_cuckoo.conf.json", cwd=self.folder)
        self.assertEqual(said.code, USAGE)
        self.assertIn("feed_cuckoo.conf.json (MaxPending): sandbox.max_pending", said.err)

    def test_a_link_named_as_a_service_finds_its_file_and_takes_go_options(self):
        self.write("feed_cuckoo.conf.json", FEED | {"CuckooURL": "not a url"})
        link = self.folder / "bin" / "feed_cuckoo"
        link.parent.mkdir()
        link.symlink_to(os.path.abspath(PROGRAM))
        for arguments, where in (([], self.folder), (["-config", "feed_cuckoo.conf.json"], self.folder)):
            said = subprocess.run([str(link), *arguments], cwd=where, capture_output=True, text=True, timeout=60,
                                  env=clean_environment())
            self.assertEqual(said.returncode, USAGE, said.stderr)
            self.assertIn("(CuckooURL): sandbox.node[0].url", said.stderr)
        (self.folder / "feed_cuckoo.conf.json").rename(link.parent / "feed_cuckoo.conf.json")
        said = subprocess.run([str(link)], cwd=self.folder, capture_output=True, text=True, timeout=60,
                                  env=clean_environment())
        self.assertIn("bin/feed_cuckoo.conf.json (CuckooURL)", said.stderr, "beside the program")

    def test_files_become_a_brood_toml_that_says_the_same(self):
        self.write("feed_cuckoo.conf.json", FEED)
        self.write("overseer.conf.json", {"Amqp": FEED["Amqp"], "ConsumerQueue": "bad", "DumpDir": "/var/dump", "VerifySSL": True})
        said = brood("config", "import", "feed_cuckoo.conf.json", "overseer.conf.json", "-o", "brood.toml", cwd=self.folder)
        self.assertEqual((said.code, said.out, said.err), (OK, "", ""))
        self.assertEqual((self.folder / "brood.toml").stat().st_mode & 0o777, 0o600)
        self.assertIn('url = "amqp://me:rabbit-secret@mq.test:5672"', (self.folder / "brood.toml").read_text())
        said = brood("config", "show", cwd=self.folder)
        self.assertEqual((said.code, said.err), (OK, ""))
        for part in ('consumer_queue = "in"', "http://cuckoo.test:8090", "/var/dump"):
            self.assertIn(part, said.out)
        said = brood("config", "import", "feed_cuckoo.conf.json", "-o", "brood.toml", cwd=self.folder)
        self.assertEqual(said.code, USAGE, "nothing is overwritten")

    def test_a_file_that_cannot_be_placed_is_told(self):
        self.write("mine.json", FEED)
        said = brood("config", "import", "mine.json", cwd=self.folder)
        self.assertEqual((said.code, said.out), (USAGE, ""))
        self.assertIn("mine.json: its name does not tell which service", said.err)


if __name__ == "__main__":
    unittest.main()
