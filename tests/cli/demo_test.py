"""`tools/demo`: from a few files to a blacklist, twice, and nothing is left running."""

import os
import pathlib
import shutil
import socket
import subprocess
import tempfile
import unittest

from command import OK, PROGRAM, SOURCE, clean_environment


def processes_below(folder):
    """Those whose working directory is the folder or below it."""
    found = []
    for process in pathlib.Path("/proc").iterdir():
        try:
            if process.name.isdigit() and pathlib.Path(os.readlink(process / "cwd")).is_relative_to(folder):
                found.append(int(process.name))
        except OSError:
            continue
    return found


class Demo(unittest.TestCase):
    def setUp(self):
        """A clone as git gives it: what the demo needs, and nothing that a build has left."""
        folder = tempfile.TemporaryDirectory(prefix="brood-demo-")
        self.addCleanup(folder.cleanup)
        self.clone = pathlib.Path(folder.name)
        (self.clone / "tools").mkdir()
        shutil.copy(SOURCE / "tools" / "demo", self.clone / "tools" / "demo")
        shutil.copytree(SOURCE / "rules", self.clone / "rules")

    def demo(self, program=PROGRAM, **variables):
        done = subprocess.run([self.clone / "tools" / "demo", program], capture_output=True, text=True, timeout=180,
                              cwd="/", env=clean_environment(**variables))
        self.assertEqual(processes_below(self.clone), [])
        return done

    def rows(self, table):
        """The rows of the first table by file name: its cells."""
        found = {}
        for line in table.splitlines():
            if line.startswith("files/"):
                cells = [cell.strip() for cell in line.split("  ") if cell.strip()]
                found[cells[0].removeprefix("files/")] = cells
        return found

    def assert_verdicts(self, done):
        self.assertEqual((done.returncode, done.stderr), (OK, ""), done)
        rows = self.rows(done.stdout)
        self.assertEqual(len(rows), 7, done.stdout)
        self.assertEqual({name for name, cells in rows.items() if cells[4] == "yes"}, {"eicar.com", "eicar-again.com"})
        self.assertEqual(rows["ls"][2:5], ["scored", "0.0", "no"])
        self.assertEqual(sorted(rows[name][2] for name in ("eicar.com", "eicar-again.com")), ["scored", "scored, counted"])
        self.assertIn("eicar", rows["eicar.com"][5])
        self.assertIn("44d88612fea8a8f36de82e1278abb02f", done.stdout)

    def test_runs_twice_with_the_usual_ports_taken(self):
        taken = []
        for port in (8081, 8090):
            taker = socket.socket()
            self.addCleanup(taker.close)
            taker.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                taker.bind(("127.0.0.1", port))
                taker.listen()
            except OSError:
                pass  # then another program has it, which is as well
            taken.append(taker)
        self.assert_verdicts(self.demo())
        self.assert_verdicts(self.demo())

    def test_shows_the_log_where_brood_run_ends_early(self):
        (self.clone / "rules" / "broken.json").write_text("{ no JSON")
        done = self.demo()
        self.assertNotEqual(done.returncode, OK)
        self.assertIn("broken.json", done.stderr)
        self.assertIn("demo: brood run ended early; its log stands above", done.stderr)

    def test_says_what_is_missing_without_a_program(self):
        done = self.demo(program="/no/such/brood")
        self.assertEqual(done.returncode, 1)
        self.assertIn("make demo", done.stderr)


if __name__ == "__main__":
    unittest.main(verbosity=2)
