"""What `make install` puts where, and that it works from there."""

import configparser
import os
import pathlib
import re
import shutil
import subprocess
import tempfile
import unittest

from command import OK, SOURCE, clean_environment

BUILD = pathlib.Path(os.environ["BROOD_PROGRAM"]).parent


def unit_of(path):
    parser = configparser.RawConfigParser(strict=False)
    parser.optionxform = str
    parser.read(path)
    return parser


class Install(unittest.TestCase):
    def setUp(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="brood-test-"))
        self.addCleanup(shutil.rmtree, self.folder)
        self.install()

    def install(self):
        environment = clean_environment(DESTDIR=str(self.folder))
        subprocess.run(["cmake", "--install", str(BUILD)], check=True, env=environment, stdout=subprocess.DEVNULL)

    def place(self, path):
        """Where an installed path lies in this test's folder."""
        return self.folder / path.lstrip("/")

    def find(self, name):
        found = list(self.folder.rglob(name))
        self.assertEqual(len(found), 1, f"{name}: {found}")
        return found[0]

    def run_installed(self, *arguments):
        program = next(self.folder.rglob("bin/brood"))
        return subprocess.run([program, *map(str, arguments)], cwd=self.folder, env=clean_environment(), text=True,
                              capture_output=True, timeout=120)

    def test_the_unit_starts_what_was_installed_with_the_settings_that_were_installed(self):
        command = unit_of(self.find("brood.service"))["Service"]["ExecStart"].split()
        self.assertTrue(os.access(self.place(command[0]), os.X_OK), command)
        settings = self.place(command[command.index("--config") + 1])
        self.assertTrue(settings.is_file(), command)
        said = self.run_installed("config", "check", "--config", settings)
        self.assertEqual((said.returncode, said.stderr), (OK, ""), said)
        rules = re.search(r'^\[rules\]\nfolder = "(.*)"$', settings.read_text(), re.M)[1]
        said = self.run_installed("rules", "check", self.place(rules))
        self.assertEqual(said.returncode, OK, said)

    def test_the_user_of_the_unit_is_one_that_is_made(self):
        user = unit_of(self.find("brood.service"))["Service"]["User"]
        self.assertRegex(self.find("brood.conf").read_text(), rf"(?m)^u {user} ")

    def test_a_second_install_leaves_settings_and_rules_of_the_site_alone(self):
        command = unit_of(self.find("brood.service"))["Service"]["ExecStart"].split()
        settings = self.place(command[command.index("--config") + 1])
        settings.write_text("# ours\n")
        own_rule = settings.parent / "rules" / "10_test_file.json"
        own_rule.unlink()
        self.install()
        self.assertEqual(settings.read_text(), "# ours\n")
        self.assertFalse(own_rule.exists())

    def test_the_documents_that_the_readme_names_are_there(self):
        for name in re.findall(r"\(docs/([a-z_]+\.md)\)", (SOURCE / "README.md").read_text()):
            self.find(name)


if __name__ == "__main__":
    unittest.main()
