"""Runs brood as a person does, and gives back what it said."""

import collections
import gzip
import json
import os
import pathlib
import pty
import select
import subprocess
import sys
import time
import unittest

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "support"))

PROGRAM = os.environ.get("BROOD_PROGRAM", "")
SOURCE = pathlib.Path(__file__).resolve().parents[2]
SHARED = pathlib.Path(os.environ.get("BROOD_SHARED", SOURCE.parent / "shared"))

# A harmless text that every scanner knows as a test "virus"; in two halves so that this file is not one.
EICAR = b"X5O!P%@AP[4\\PZX54(P^)7CC)7}$EICAR-STANDARD-" + b"ANTIVIRUS-TEST-FILE!$H+H*"

OK, FAILED, USAGE, UNREACHABLE = 0, 1, 2, 3

Said = collections.namedtuple("Said", "code out err")


def clean_environment(**variables):
    """The environment without settings of brood."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("BROOD_")}
    return {**kept, **variables}


def brood(*arguments, cwd=None, stdin=b"", environment=None, timeout=120):
    """One command to its end. A sanitizer's report fails the test."""
    assert PROGRAM, "BROOD_PROGRAM names the program to test"
    done = subprocess.run([PROGRAM, *map(str, arguments)], cwd=cwd, input=stdin, capture_output=True,
                          env=clean_environment(**(environment or {})), timeout=timeout)
    said = Said(done.returncode, done.stdout.decode(errors="replace"), done.stderr.decode(errors="replace"))
    for bad in ("AddressSanitizer", "LeakSanitizer", "runtime error:"):
        assert bad not in said.err, said.err
    return said


def on_a_terminal(arguments, cwd):
    """Runs the program with a terminal as its standard error and output; what the terminal got, and the code."""
    master, slave = pty.openpty()
    process = subprocess.Popen([PROGRAM, *map(str, arguments)], cwd=cwd, stdin=subprocess.DEVNULL, stdout=slave, stderr=slave,
                               env=clean_environment(TERM="xterm"))
    os.close(slave)
    got, end = b"", time.monotonic() + 60
    while time.monotonic() < end and select.select([master], [], [], 60)[0]:
        try:
            got += os.read(master, 65_536)
        except OSError:  # the other side is closed
            break
    os.close(master)
    return process.wait(60), got.decode()


class CommandCase(unittest.TestCase):
    maxDiff = 4000

    def assert_says(self, said, code, *parts):
        """The exit code, and on standard error one line with all the parts; nothing on standard output."""
        self.assertEqual(said.code, code, said)
        self.assertEqual(said.out, "", said)
        self.assertEqual(len(said.err.strip().splitlines()), 1, said.err)
        for part in parts:
            self.assertIn(str(part), said.err)


def lines_of(said):
    """The JSON lines of a command."""
    return [json.loads(line) for line in said.out.splitlines()]


def unpacked(path):
    return gzip.decompress(path.read_bytes())
