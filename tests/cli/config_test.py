"""`brood config`: every problem at once, where each value comes from, and no secret in any of it."""

import pathlib
import tempfile
import unittest

from command import CommandCase, OK, SOURCE, USAGE, brood

SECRET = "correct-horse-battery-staple"


class Config(CommandCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)

    def write(self, text, name="brood.toml"):
        (self.folder / name).write_text(text)

    def config(self, *arguments, **options):
        return brood("config", *arguments, cwd=self.folder, **options)

    def assert_line(self, text, *parts):
        self.assertTrue([line for line in text.splitlines() if all(part in line for part in parts)], (parts, text))

    def test_without_a_file_the_defaults_are_in_force(self):
        said = self.config("check")
        self.assertEqual((said.code, said.err), (OK, ""))
        self.assertIn("all defaults", said.out)

    def test_every_problem_is_told_at_once_with_its_line(self):
        self.write("[feed_cuckoo]\nworkers = 0\nwrokers = 3\n\n[no_such_section]\nx = 1\n\n[api]\nlisten_port = \"many\"\n"
                   "[[sandbox.node]]\nparallel = 2\n")
        said = self.config("check", environment={"BROOD_CLEANUP_WORKERS": "-1"})
        self.assertEqual((said.code, said.out), (USAGE, ""))
        self.assert_line(said.err, "brood.toml:2", "feed_cuckoo.workers")
        self.assert_line(said.err, "brood.toml:3", "wrokers", "workers")
        self.assert_line(said.err, "brood.toml:5", "no_such_section")
        self.assert_line(said.err, "brood.toml:9", "api.listen_port")
        self.assert_line(said.err, "needs its url")
        self.assert_line(said.err, "BROOD_CLEANUP_WORKERS")

    def test_every_command_refuses_to_start_on_wrong_settings(self):
        self.write("[api]\nlisten_prot = 1\n")
        for command in (("run",), ("feed_cuckoo",), ("sandbox",), ("status",), ("submit", "x"), ("rules", "check")):
            said = brood(*command, cwd=self.folder)
            self.assertEqual((said.code, said.out), (USAGE, ""), command)
            self.assertIn("brood.toml:2", said.err)
            self.assertIn("listen_prot", said.err)

    def test_what_is_no_toml_is_told_with_its_line(self):
        self.write("[api]\nlisten_port = = 1\n")
        said = self.config("check")
        self.assertEqual(said.code, USAGE)
        self.assertIn("brood.toml:2", said.err)

    def test_a_file_that_is_named_must_be_there(self):
        said = self.config("check", "--config", "absent.toml")
        self.assertEqual(said.code, USAGE)
        self.assertIn("absent.toml", said.err)

    def test_the_command_line_wins_over_the_environment_and_that_over_the_file(self):
        self.write("[feed_cuckoo]\nworkers = 2\nprefetch_count = 3\n[cleanup]\nworkers = 4\n")
        said = self.config("show", "--feed_cuckoo.workers=7",
                           environment={"BROOD_FEED_CUCKOO_WORKERS": "5", "BROOD_FEED_CUCKOO_PREFETCH_COUNT": "6"})
        self.assertEqual((said.code, said.err), (OK, ""))
        self.assert_line(said.out, "workers = 7", "option", "feed_cuckoo.workers")
        self.assert_line(said.out, "prefetch_count = 6", "environment BROOD_FEED_CUCKOO_PREFETCH_COUNT")
        self.assert_line(said.out, "workers = 4", "brood.toml:5")

    def test_a_service_takes_its_own_settings_as_plain_options(self):
        said = brood("feed_cuckoo", "--prefetch-count", "0", "--workers=many", cwd=self.folder)
        self.assertEqual(said.code, USAGE)
        self.assert_line(said.err, "feed_cuckoo.prefetch_count", "0")
        self.assert_line(said.err, "feed_cuckoo.workers", "many")
        self.assertEqual(brood("cleanup", "--upload-deadline", "1s", cwd=self.folder).code, USAGE)

    def test_a_wrong_option_is_named(self):
        said = self.config("check", "--feed_cuckoo.wrokers=1", "--nowhere.x=1", "--api.listen_port=0x")
        self.assertEqual(said.code, USAGE)
        for part in ("feed_cuckoo.wrokers", "nowhere", "listen_port"):
            self.assertIn(part, said.err)

    def test_secrets_are_never_printed(self):
        (self.folder / "token").write_text(SECRET + "-file\n")
        self.write(f'[sandboxd]\ntoken = "{SECRET}"\n[[sandbox.node]]\nurl = "http://user:{SECRET}@cuckoo:8090"\n'
                   'token_file = "token"\n')
        for arguments in (("show",), ("check",), ("check", "--nowhere.x=1"), ("check", f"--sandboxd.tokn={SECRET}")):
            said = self.config(*arguments)
            self.assertNotIn(SECRET, said.out + said.err, arguments)
        shown = self.config("show").out
        self.assertGreaterEqual(shown.count("[secret]"), 2, shown)

    def test_the_defaults_are_the_file_that_ships_and_load(self):
        said = self.config("show", "--defaults")
        self.assertEqual(said.out, (SOURCE / "config" / "brood.toml").read_text())
        self.write(said.out)
        self.assertEqual(self.config("check").code, OK)


if __name__ == "__main__":
    unittest.main(verbosity=2)
