"""`brood completion`: bash completes what is typed; zsh takes the script where there is a zsh."""

import shutil
import subprocess
import unittest

from command import CommandCase, OK, USAGE, brood


def bash_completes(*words):
    """What bash offers for the last of the words."""
    script = brood("completion", "bash").out
    line = " ".join(f"'{word}'" for word in ("brood", *words))
    ask = f'{script}\nCOMP_WORDS=({line}) COMP_CWORD={len(words)}\n_brood\nprintf "%s\\n" "${{COMPREPLY[@]}}"'
    done = subprocess.run(["bash", "--norc", "-c", ask], capture_output=True, text=True, timeout=60)
    assert (done.returncode, done.stderr) == (0, ""), done
    return done.stdout.split()


class Completion(CommandCase):
    def test_bash_completes_commands(self):
        self.assertEqual(bash_completes("sub"), ["submit", "submit_binary"])
        self.assertEqual(bash_completes("rules", ""), ["check", "test"])
        self.assertIn("feed_cuckoo", bash_completes(""))

    def test_bash_completes_options_of_a_command_and_of_the_program(self):
        self.assertEqual(bash_completes("submit", "--wa"), ["--wait"])
        self.assertEqual(bash_completes("submit", "--js"), ["--json"])
        self.assertEqual(bash_completes("feed_cuckoo", "--upload-d"), ["--upload-deadline"])

    def test_bash_takes_no_value_for_a_command_and_leaves_files_to_bash(self):
        self.assertEqual(bash_completes("--config", "rules", "sub"), ["submit", "submit_binary"])
        self.assertEqual(bash_completes("--config", "ru"), [])
        self.assertEqual(bash_completes("rules", "check", ""), [])

    def test_every_script_is_one_that_its_shell_can_read(self):
        for shell in ("bash", "zsh"):
            said = brood("completion", shell)
            self.assertEqual((said.code, said.err), (OK, ""))
            if shutil.which(shell):
                read = subprocess.run([shell, "-n"], input=said.out, capture_output=True, text=True, timeout=60)
                self.assertEqual((read.returncode, read.stderr), (0, ""))

    def test_another_shell_is_refused_with_those_that_there_are(self):
        said = brood("completion", "fish")
        self.assertEqual((said.code, said.out), (USAGE, ""))
        self.assertIn("bash", said.err)


if __name__ == "__main__":
    unittest.main(verbosity=2)
