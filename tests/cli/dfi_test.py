"""The settings file and the programs of the DFI blacklisting system go on working: config.cfg as it is, started by links
that bear the scripts' names."""

import hashlib
import json
import os
import pathlib
import signal
import subprocess
import tempfile
import unittest
import urllib.request

from command import PROGRAM, CommandCase, OK, USAGE, brood, clean_environment
from site_of_brood import BAD, RULE, free_port, wait_for

CONFIG = """[Servers]
# The Cuckoo server where binaries will be submitted to
cuckoo_server_ip = 127.0.0.1
cuckoo_api_port = {sandbox}
{engine}
[Settings]
# The IP this application's API will listen on
api_listen_ip = 127.0.0.1
api_listen_port = {api}
blacklist_score = 2.0
binary_directory = binaries
log_level = info
"""
ENGINE = "elasticsearch_server_ip = 127.0.0.1\nelasticsearch_port = 9200\n"
PROGRAMS = ("submit_binary.py", "report_hoarder.py", "blacklist_processor.py", "api_start.py")
# Intervals are short, so that waiting is not what a test does.
QUICK = {"BROOD_SANDBOX_WAIT_BETWEEN_REQUESTS": "100ms", "BROOD_SANDBOX_STATUS_EVERY": "200ms",
         "BROOD_SUBMIT_BINARY_SCAN_EVERY": "100ms", "BROOD_SUBMIT_BINARY_SETTLE_FOR": "0s",
         "BROOD_CHECK_RESULTS_LOOK_EVERY": "100ms"}


class Dfi(CommandCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)
        self.sandbox, self.api = free_port(), free_port()

    def write(self, engine="", more=""):
        text = CONFIG.format(sandbox=self.sandbox, api=self.api, engine=engine)
        (self.folder / "config.cfg").write_text(text + more)

    def link(self, name, folder=None):
        link = (folder or self.folder) / name
        link.parent.mkdir(exist_ok=True)
        link.symlink_to(os.path.abspath(PROGRAM))
        return link

    def start(self, words, **environment):
        log = open(self.folder / f"{pathlib.Path(words[0]).name}.log", "ab")
        self.addCleanup(log.close)
        process = subprocess.Popen([str(word) for word in words], cwd=self.folder, stdout=log, stderr=log,
                                   env=clean_environment(**QUICK, **environment))
        self.addCleanup(lambda: (process.kill(), process.wait()))
        return process

    def logs(self):
        return "".join(file.read_text(errors="replace")[-2000:] for file in self.folder.glob("*.log"))

    def get(self, path):
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.api}{path}", timeout=30) as answer:
                return answer.read().decode()
        except OSError:
            return None

    def health(self):
        return json.loads(self.get("/health_check") or "{}")

    def run_link(self, link, *arguments):
        return subprocess.run([str(link), *arguments], cwd=link.parent, capture_output=True, text=True, timeout=60,
                              env=clean_environment())

    def start_programs(self, **environment):
        """A sandbox and the four, by links in the folder; they are alive as the API says it."""
        (self.folder / "rules").mkdir()
        (self.folder / "rules" / "hashrules.json").write_text(json.dumps(RULE))
        (self.folder / "binaries").mkdir()
        self.start([PROGRAM, "sandbox"], BROOD_SANDBOXD_LISTEN_PORT=str(self.sandbox), BROOD_SANDBOXD_STORAGE="sandbox")
        running = {name: self.start([self.link(name)], **environment) for name in PROGRAMS}
        wait_for(lambda: set(self.health().values()) == {"True"}, 120, lambda: f"{self.health()}\n{self.logs()}")
        return running

    def assert_analyses(self):
        """A bad file that is put into the folder ends on the blacklist."""
        (self.folder / "staged").write_bytes(BAD)
        (self.folder / "staged").rename(self.folder / "binaries" / "bad.exe")
        md5 = hashlib.md5(BAD).hexdigest()
        wait_for(lambda: md5 in (self.get("/hash/get/all") or ""), 120, self.logs)
        # By a process that has another process's entry within a second.
        wait_for(lambda: self.get("/blacklist/exist/hash?id=" + md5) == "True", 30, self.logs)
        self.assertFalse((self.folder / "binaries" / "bad.exe").exists())

    def assert_stops(self, running):
        for process in running.values():
            process.terminate()
        for process in running.values():
            self.assertEqual(process.wait(30), 0, self.logs())
        for bad in ("AddressSanitizer", "LeakSanitizer", "runtime error:"):
            self.assertNotIn(bad, self.logs())


class Settings(Dfi):
    def test_the_file_is_checked_and_shown_as_it_is(self):
        self.write(ENGINE, "num_vms = 4\nblacklist_scoer = 3\n")
        said = brood("config", "check", cwd=self.folder)
        self.assertEqual(said.code, OK, said)
        self.assertIn("num_vms: has no effect: finished tasks are found by polling lists", said.err)
        self.assertIn("blacklist_scoer: unknown, it is left out; did you mean blacklist_score?", said.err)
        said = brood("config", "show", "-config", "config.cfg", cwd=self.folder)
        self.assertIn("http://127.0.0.1:9200", said.out)
        self.assertIn("config.cfg:3 (cuckoo_server_ip)", said.out)

    def test_a_wrong_value_is_a_problem_that_names_file_and_key(self):
        self.write(ENGINE, "api_listen_port = many\n")
        said = self.run_link(self.link("report_hoarder.py"))
        self.assertEqual(said.returncode, USAGE, said)
        self.assertIn("(api_listen_port): api.listen_port", said.stderr)

    def test_it_becomes_a_brood_toml_that_says_the_same(self):
        self.write(ENGINE)
        said = brood("config", "import", "config.cfg", "-o", "brood.toml", cwd=self.folder)
        self.assertEqual((said.code, said.out, said.err), (OK, "", ""))
        said = brood("config", "show", cwd=self.folder)
        self.assertEqual((said.code, said.err), (OK, ""))
        for part in (f"http://127.0.0.1:{self.sandbox}", 'kind = "opensearch"', f"listen_port = {self.api}"):
            self.assertIn(part, said.out)

    def test_indice_management_is_indices_and_finds_the_file_above_its_folder(self):
        self.write()
        link = self.link("IndiceManagement.py", self.folder / "utils")
        said = self.run_link(link, "-ba")
        self.assertEqual(said.returncode, USAGE, said)
        self.assertIn('store.kind is "sqlite"', said.stderr)
        self.assertIn("../config.cfg: elasticsearch_server_ip: is not given", said.stderr)
        self.assertIn("create", self.run_link(link, "--help").stdout)


class Programs(Dfi):
    def test_the_four_programs_analyse_and_blacklist_and_the_api_knows_who_lives(self):
        self.write()
        running = self.start_programs()
        self.assert_analyses()
        running["report_hoarder.py"].send_signal(signal.SIGKILL)
        wait_for(lambda: self.health().get("ReportProcessTask") == "False", 20, lambda: str(self.health()))
        self.assertEqual(self.health()["CuckooBinarySubmitTask"], "True")
        running.pop("report_hoarder.py").wait()
        self.assert_stops(running)


if __name__ == "__main__":
    unittest.main()
