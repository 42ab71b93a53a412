"""`brood report filter` and `brood report show`: real reports of every dialect, from a file, packed, from a pipe; and what is no report."""

import fcntl
import gzip
import json
import os
import pathlib
import pty
import re
import struct
import subprocess
import tempfile
import termios
import unittest

from command import CommandCase, FAILED, OK, PROGRAM, SHARED, USAGE, brood, clean_environment, unpacked

REPORTS = SHARED / "reports"

SMALL = {"info": {"score": 3.5, "version": "2.0.7"}, "signatures": [{"name": "one", "severity": 3}],
         "target": {"file": {"name": "a.exe", "md5": "d41d8cd98f00b204e9800998ecf8427e"}}}


def comparable(document):
    """API calls and options compare as sets; expected documents have no notes."""
    document = dict(document)
    document.pop("parse_notes", None)
    document.pop("processed", None)
    document["cuckoo_options"] = sorted(filter(None, document["cuckoo_options"].split(",")))
    document["api_call"] = sorted((call["name"], call["times"]) for call in document["api_call"])
    return document


class RealReports(CommandCase):
    def setUp(self):
        if not REPORTS.is_dir():
            self.skipTest("the recorded reports are not here")
        self.names = sorted(path.name for path in REPORTS.glob("*.json.gz"))
        self.assertGreater(len(self.names), 40)

    def test_each_gives_the_document_that_is_expected(self):
        compared = 0
        for name in self.names:
            said = brood("report", "filter", REPORTS / name)
            self.assertEqual((said.code, said.err), (OK, ""), name)
            document = json.loads(said.out)
            self.assertEqual(document["processed"], False, name)
            expected = REPORTS / "expected" / name
            if not expected.exists():
                continue
            compared += 1
            with self.subTest(name):
                self.assertEqual(comparable(document), comparable(json.loads(unpacked(expected))))
        self.assertEqual(compared, 40)

    def test_file_pipe_and_packed_file_give_the_same(self):
        for name in self.names[::13]:
            packed, plain = (REPORTS / name).read_bytes(), unpacked(REPORTS / name)
            with tempfile.NamedTemporaryFile(suffix=".json") as file:
                file.write(plain)
                file.flush()
                told = {brood("report", "filter", REPORTS / name).out, brood("report", "filter", file.name).out,
                        brood("report", "filter", "-", stdin=plain).out, brood("report", "filter", "-", stdin=packed).out}
            self.assertEqual(len(told), 1, name)

    def test_one_that_is_cut_is_refused_and_never_half_a_result(self):
        plain = unpacked(REPORTS / self.names[0])
        for size in (1, 100, len(plain) // 2, len(plain) - 40):
            self.assert_says(brood("report", "filter", "-", stdin=plain[:size]), FAILED, "brood: -: ")
        packed = (REPORTS / self.names[0]).read_bytes()
        self.assert_says(brood("report", "filter", "-", stdin=packed[:len(packed) // 2]), FAILED, "brood: -: ")


class SmallReports(CommandCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)

    def make(self, name, content):
        (self.folder / name).write_bytes(content)
        return self.folder / name

    def test_what_cannot_be_read_is_counted_in_the_notes(self):
        said = brood("report", "filter", "-", stdin=json.dumps({**SMALL, "signatures": "none", "strings": [1, {}]}).encode())
        document = json.loads(said.out)
        self.assertEqual((document["signature"], document["string"], document["score"]), ([], ["1"], 3.5))
        self.assertEqual({note["path"] for note in document["parse_notes"]}, {"signatures", "strings[]"})

    def test_a_file_that_is_not_there_or_no_file_is_named(self):
        absent = self.folder / "absent.json"
        self.assert_says(brood("report", "filter", absent), FAILED, absent, "No such file")
        self.assert_says(brood("report", "filter", self.folder), FAILED, self.folder, "directory")

    def test_what_is_no_report_is_named_with_the_reason(self):
        page = self.make("page.json", b"<!DOCTYPE HTML><html><title>500 Internal Server Error</title></html>")
        self.assert_says(brood("report", "filter", page), FAILED, page)
        empty = self.make("empty.json", b"")
        self.assert_says(brood("report", "filter", empty), FAILED, empty, "empty")
        cut = self.make("cut.json", json.dumps(SMALL).encode()[:-10])
        self.assert_says(brood("report", "filter", cut), FAILED, cut)
        bad = self.make("damaged.json.gz", gzip.compress(json.dumps(SMALL).encode())[:20] + b"\0" * 40)
        self.assert_says(brood("report", "filter", bad), FAILED, bad)

    def test_show_prints_a_summary_without_colours_into_a_pipe(self):
        said = brood("report", "show", "-", stdin=gzip.compress(json.dumps(SMALL).encode()), environment={"TERM": "xterm"})
        self.assertEqual((said.code, said.err), (OK, ""))
        self.assertRegex(said.out, r"File +a\.exe")
        self.assertRegex(said.out, r"Score +3\.5")
        self.assertIn("3 one", said.out)
        self.assertNotIn("\x1b", said.out)

    def test_show_fits_the_terminal_and_colours_it_unless_told_not_to(self):
        report = self.make("wide.json", json.dumps({**SMALL, "strings": ["w" * 500]}).encode())
        for no_colour in ("", "1"):
            shown = self.on_a_terminal(60, report, {"TERM": "xterm", "NO_COLOR": no_colour})
            self.assertEqual("\x1b[" in shown, no_colour == "", shown)
            plain = re.sub(r"\x1b\[\d*m", "", shown)
            self.assertEqual(max(map(len, plain.splitlines())), 60, shown)

    def on_a_terminal(self, columns, report, variables):
        outer, inner = pty.openpty()
        fcntl.ioctl(inner, termios.TIOCSWINSZ, struct.pack("HHHH", 24, columns, 0, 0))
        done = subprocess.run([PROGRAM, "report", "show", report], stdout=inner, stderr=subprocess.PIPE,
                              env=clean_environment(**variables), timeout=60)
        shown = os.read(outer, 65536).decode()
        os.close(inner)
        os.close(outer)
        self.assertEqual((done.returncode, done.stderr), (OK, b""))
        return shown

    def test_show_names_what_is_no_report(self):
        other = self.make("other.json", b'{"name": "package", "version": "1.0"}')
        self.assert_says(brood("report", "show", other), FAILED, other, "no sandbox report")
        cut = self.make("cut.json", json.dumps(SMALL).encode()[:-10])
        self.assert_says(brood("report", "show", cut), FAILED, cut, "breaks off")
        self.assert_says(brood("report", "show", self.folder / "absent.json"), FAILED, "No such file")
        self.assertEqual(brood("report", "show").code, USAGE)

    def test_no_file_named_is_a_wrong_command_line(self):
        self.assertEqual(brood("report", "filter").code, USAGE)

    def test_a_full_disk_and_a_reader_that_goes_are_no_success(self):
        report = self.make("report.json", json.dumps({**SMALL, "strings": ["x" * 100] * 20_000}).encode())
        with open("/dev/full", "wb") as full:
            done = subprocess.run([PROGRAM, "report", "filter", report], stdout=full, stderr=subprocess.PIPE,
                                  env=clean_environment(), timeout=60)
        self.assertEqual(done.returncode, FAILED)
        self.assertIn(b"No space left", done.stderr)
        piped = subprocess.Popen([PROGRAM, "report", "filter", report], stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                                 env=clean_environment())
        piped.stdout.close()
        self.assertEqual((piped.stderr.read(), piped.wait(60)), (b"", FAILED))
        piped.stderr.close()


if __name__ == "__main__":
    unittest.main(verbosity=2)
