"""SIGTERM and Ctrl-C: a service ends in order from its first moment on, any other command ends at once."""

import os
import pathlib
import re
import signal
import subprocess
import tempfile
import time
import unittest

from command import CommandCase, OK, PROGRAM, SOURCE, clean_environment

SERVICES = (("run", "--quiet", "--api.listen_port=0", f"--rules.folder={SOURCE}/rules"),
            ("sandbox", "--listen-port", "0"), ("overseer",), ("submit_binary",))
OTHERS = (("status",), ("config", "show"), ("overseer", "--resubmitDumped"))


def wait_main_begins(process):
    """Until the program ignores SIGXFSZ: main does so right after it holds the signals that stop it."""
    end = time.monotonic() + 30
    while time.monotonic() < end and process.poll() is None:
        status = pathlib.Path(f"/proc/{process.pid}/status").read_text()
        if int(re.search(r"SigIgn:\s*([0-9a-f]+)", status)[1], 16) >> (signal.SIGXFSZ - 1) & 1:
            return
    raise AssertionError("main does not begin")


def have_sigterm_waiting():
    """In the child: the signal comes as soon as the program lets it."""
    signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGTERM])
    os.kill(os.getpid(), signal.SIGTERM)


class Signals(CommandCase):
    def start(self, *arguments, **options):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        process = subprocess.Popen([PROGRAM, *arguments], cwd=folder.name, env=clean_environment(),
                                   stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, **options)
        self.addCleanup(process.communicate)
        self.addCleanup(process.kill)
        return process

    def end_of(self, process):
        code = process.wait(60)
        return code, process.stderr.read().decode()

    def test_a_service_that_is_stopped_while_it_starts_ends_in_order(self):
        for arguments in SERVICES:
            for stop in (signal.SIGTERM, signal.SIGINT):
                process = self.start(*arguments)
                wait_main_begins(process)
                process.send_signal(stop)
                code, said = self.end_of(process)
                self.assertEqual(code, OK, f"{arguments} {stop}: {said}")

    def test_another_command_ends_at_once_by_a_signal_that_came_before(self):
        for arguments in OTHERS:
            process = self.start(*arguments, preexec_fn=have_sigterm_waiting)
            code, said = self.end_of(process)
            self.assertEqual(code, -signal.SIGTERM, f"{arguments}: {said}")

    def test_another_command_ends_at_once_on_ctrl_c(self):
        process = self.start("report", "filter", "-")
        wait_main_begins(process)
        process.send_signal(signal.SIGINT)
        self.assertEqual(self.end_of(process)[0], -signal.SIGINT)


if __name__ == "__main__":
    unittest.main(verbosity=2)
