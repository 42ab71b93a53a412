"""A service of brood in the place of one of cuckoo_distributed: a link of its name with its JSON file beside it."""

import json
import os
import signal
import subprocess

from site_of_brood import PROGRAM

# Where secrets of messages may stand, below the folder that services run in: what keeps messages keeps their keys.
KEPT = {"brood-data/brood.db*": {"key"}, "dump/*.json": {"key"}}


class OriginalService:
    """`folder` gets the link and SERVICE.conf.json, as the Go program had; it runs in `runs_in`, where it keeps its
    state. `variables` are settings that the original's file has no key for."""

    def __init__(self, folder, service, settings, runs_in=None, variables=None):
        self.folder, self.service, self.runs_in = folder, service, runs_in or folder
        self.folder.mkdir(parents=True)
        self.variables = variables or {}
        self.link = folder / service
        self.link.symlink_to(os.path.abspath(PROGRAM))
        (folder / f"{service}.conf.json").write_text(json.dumps(settings))
        self.log_path = folder / "log.txt"
        self.process = None
        self.said_before = 0  # of the log: by earlier processes

    def start(self, *options):
        kept = {key: value for key, value in os.environ.items() if not key.startswith("BROOD_")}
        with self.log_path.open("a") as log:
            self.said_before = log.tell()
            self.process = subprocess.Popen([str(self.link), *options], cwd=self.runs_in, stdout=log, stderr=log,
                                            env=kept | self.variables)
        return self

    def alive(self):
        return self.process.poll() is None

    def log(self):
        return self.log_path.read_text(errors="replace")

    def runs(self):
        """What was started last says that it does."""
        return "the service runs" in self.log()[self.said_before:]

    def kill(self):
        self.process.kill()
        self.process.wait()

    def stop(self):
        self.process.send_signal(signal.SIGTERM)
        code = self.process.wait(30)
        assert code == 0, f"{self.service} ends with {code}\n{self.log()[-3000:]}"
