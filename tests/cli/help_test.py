"""`--help` of every command teaches; what is no command is told with what there is and what was meant."""

import re
import unittest

from command import CommandCase, OK, USAGE, brood

FIRST = "First steps:"


def commands_of(*path):
    """The sub-commands that a --help names, each with its words."""
    found, listing = [], False
    for line in brood(*path, "--help").out.splitlines():
        if re.fullmatch(r"(Subcommands|Services, each alone):", line):
            listing = True
        elif listing and re.match(r"  [a-z]", line):
            found.append((*path, line.split()[0]))
        else:
            listing = False
    return found


class Help(CommandCase):
    def test_every_command_has_one_with_an_example_or_its_settings(self):
        top = commands_of()
        self.assertGreaterEqual(len(top), 16, top)
        below = [command for parent in top for command in commands_of(*parent)]
        self.assertGreaterEqual(len(below), 9, below)
        for command in top + below:
            said = brood(*command, "--help")
            self.assertEqual((said.code, said.err), (OK, ""), command)
            self.assertIn("Usage: brood " + " ".join(command), said.out)
            self.assertRegex(said.out, r"Examples?: |Settings, in \[", command)
            self.assertNotIn(FIRST, said.out, command)

    def test_the_programs_own_names_first_steps_and_exit_codes(self):
        said = brood("--help")
        self.assertEqual(said.code, OK)
        self.assertIn(FIRST, said.out)
        self.assertIn("Exit codes: 0", said.out)

    def test_an_unknown_command_is_told_with_what_there_is(self):
        said = brood("submitt", "file")
        self.assertEqual((said.code, said.out), (USAGE, ""))
        self.assertIn("no command 'submitt'", said.err)
        self.assertIn("submit,", said.err)
        said = brood("rules", "chek")
        self.assertEqual(said.code, USAGE)
        self.assertIn("brood rules: there is no command 'chek'; did you mean check? There are: check, test.", said.err)
        said = brood("status", "--jsno")
        self.assertEqual((said.code, said.out), (USAGE, ""))
        self.assertIn("brood status: there is no option '--jsno'; did you mean --json?", said.err)
        said = brood("submit", "--wiat")
        self.assertEqual(said.code, USAGE)
        self.assertIn("did you mean --wait?", said.err)
        self.assertEqual(brood("status", "--jsno", "--help").code, OK)

    def test_a_missing_command_and_an_unknown_option_are_wrong_command_lines(self):
        for arguments in ((), ("rules",), ("status", "--no-such-option"), ("blacklist", "ad", "hash", "x")):
            said = brood(*arguments)
            self.assertEqual(said.code, USAGE, arguments)
            self.assertIn("--help", said.err, arguments)

    def test_the_version_is_told(self):
        self.assertRegex(brood("--version").out, r"^brood \d+\.\d+\.\d+\n$")

    def test_libcurl_and_its_libraries_are_loaded_by_what_asks_a_server_alone(self):
        loading = {"LD_DEBUG": "files"}
        self.assertNotIn("libcurl", brood("--version", environment=loading).err)
        self.assertIn("libcurl", brood("status", environment={**loading, "BROOD_API_LISTEN_PORT": "1"}).err)


if __name__ == "__main__":
    unittest.main(verbosity=2)
