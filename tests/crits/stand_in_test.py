#!/usr/bin/env python3
"""The stand-in for CRITs behaves as a real one did: against recorded exchanges where they are, and made-up ones."""
import json
import os
import pathlib
import re
import sys
import threading
import unittest
import urllib.error
import urllib.parse
import urllib.request

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "support"))
import crits_stand_in  # noqa: E402
from python2_literal import LiteralError, evaluate  # noqa: E402

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
RECORDED = pathlib.Path(os.environ.get("BROOD_SHARED", ROOT.parent / "shared")) / "contracts" / "crits.jsonl"
ANALYSIS = "11111111-2222-3333-4444-555555555555"
KNOWN = "6b01f681405ea78eaef8d26a"  # a sample that the recorded CRITs had


class Python2Literal(unittest.TestCase):
    def test_values_that_python_2_takes(self):
        for text, value in [
            ("{}", {}), ("[]", []), ('{"a": 1, "b": [-2, 3.5]}', {"a": 1, "b": [-2, 3.5]}),
            ("{u'a': True, 'n': None}", {"a": True, "n": None}), ('{"k":"é😀"}', {"k": "é😀"}),
            (r'{"k":"\n\t\"\\\b\f\r"}', {"k": "\n\t\"\\\b\f\r"}), (r'{"k":"\x01\x41"}', {"k": "\x01A"}),
            ('{"n": 123456789012345678901234567890}', {"n": 123456789012345678901234567890}),
            (r'{"k":"A\/"}', {"k": "A\\/"}), (r'{"k":"\u0041"}', {"k": r"\u0041"}), (r"u'\u0041'", "A"),
            ('""', ""), ("[" * 90 + "]" * 90, eval("[" * 90 + "]" * 90)),
        ]:
            found = evaluate(text)
            found = found.decode() if isinstance(found, bytes) else found
            self.assertEqual(found, value, text)

    def test_values_that_python_2_refuses(self):
        for text in ['{"k":true}', '{"k":null}', '{"k":NaN}', "", " {}", "{", '{"a"}', '{"a":1} x', "[" * 200 + "]" * 200,
                     '{"k":"a\nb"}', '{"k":"a\0"}', r'{"k":"\x4"}', r'{"k":"\xff"}', '{"k":"open', "name", "1 + x"]:
            with self.assertRaises(LiteralError, msg=text):
                evaluate(text)


class StandIn(unittest.TestCase):
    def setUp(self):
        self.server = crits_stand_in.Server()
        self.crits = self.server.crits
        self.post_json("/_test/analysis", {"analysis_id": ANALYSIS, "object_id": crits_stand_in.OBJECT_ID},
                       start=True)

    def tearDown(self):
        self.server.shutdown()
        self.server.server_close()

    def post_json(self, path, body, start=False):
        if start:
            threading.Thread(target=self.server.serve_forever, daemon=True).start()
        return self.send("POST", path, json.dumps(body).encode(), {"Content-Type": "application/json"})

    def send(self, method, path, body, headers):
        request = urllib.request.Request(self.server.url + path, data=body, headers=headers, method=method)
        try:
            with urllib.request.urlopen(request, timeout=10) as answer:
                return answer.status, answer.headers["Content-Type"], answer.read().decode()
        except urllib.error.HTTPError as error:
            with error:
                return error.code, error.headers["Content-Type"], error.read().decode()

    def form(self, path="/api/v1/services/", method="POST", **fields):
        body = {"username": crits_stand_in.USER, "api_key": crits_stand_in.KEY, "object_type": "Sample",
                "object_id": crits_stand_in.OBJECT_ID, "analysis_id": ANALYSIS, **fields}
        status, _, text = self.send(method, path, urllib.parse.urlencode(body).encode(),
                                    {"Content-Type": "application/x-www-form-urlencoded"})
        return status, json.loads(text) if text.startswith("{") else text

    def test_a_batch_is_whole_or_not_there(self):
        status, answer = self.form(result='["a","b"]', result_type='["{}","{\\"k\\":true}"]',
                                   result_subtype='["s","t"]', result_is_batch="true", finish="1")
        self.assertEqual((status, answer), (500, crits_stand_in.SORRY))
        self.assertEqual(self.crits.analyses[ANALYSIS]["results"], [])
        self.assertEqual(len(self.crits.problems), 1)

    def test_results_log_and_end_in_one_request(self):
        status, answer = self.form(result='["a"]', result_type='["{\\"k\\":\\"v\\"}"]', result_subtype='["s"]',
                                   result_is_batch="true", log_message="x", finish="0", status="error")
        self.assertEqual((status, answer["return_code"]), (200, 0))
        analysis = self.crits.analyses[ANALYSIS]
        self.assertEqual(analysis["results"], [{"subtype": "s", "result": "a", "k": "v"}])
        self.assertEqual((analysis["status"], analysis["finished"], analysis["log"]), ("error", 1, [["info", "x"]]))

    def test_a_body_over_djangos_limit_is_500(self):
        self.assertEqual(self.form(log_message="x" * crits_stand_in.MAX_BODY)[0], 500)

    def test_a_document_over_mongos_limit_is_500(self):
        for _ in range(15):
            status, _ = self.form(result="x" * 1_200_000, result_type="{}", result_subtype="s")
        self.assertEqual(status, 500)
        self.assertLessEqual(self.crits.analyses[ANALYSIS]["bytes"], crits_stand_in.MAX_DOCUMENT)

    def test_a_lost_answer_is_done_all_the_same(self):
        self.post_json("/_test/fault", {"kind": "lost", "times": 1, "call": "services"})
        with self.assertRaises(OSError):
            self.form(log_message="x")
        self.assertEqual(len(self.crits.analyses[ANALYSIS]["log"]), 1)

    def test_answers_as_recorded(self):
        if not RECORDED.exists():
            self.skipTest("no recorded exchanges at %s" % RECORDED)
        self.crits.add_sample("dropped_a.bin", b"dropped file\n", KNOWN)
        self.crits.add_sample("h.bin", b"header auth", "6b01f681405ea78eaef8d26f")
        self.crits.relations.append([crits_stand_in.OBJECT_ID, KNOWN])
        for line in RECORDED.read_text().splitlines():
            exchange = json.loads(line)
            with self.subTest(exchange["note"]):
                self.compare(exchange)

    def compare(self, exchange):
        asked, wanted = exchange["request"], exchange["response"]
        headers, body = dict(asked["headers"]), asked.get("body", "").encode()
        if asked["files"]:
            headers["Content-Type"], body = multipart(asked)
        elif asked["form"] is not None:
            fields = {name: "x" * 2_600_000 if value == "x repeated 2600000 times" else value
                      for name, value in asked["form"].items()}
            headers.setdefault("Content-Type", "application/x-www-form-urlencoded")
            body = urllib.parse.urlencode(fields).encode()
        status, kind, text = self.send(asked["method"], asked["path"], body, headers)
        self.assertEqual((status, kind), (wanted["status"], wanted["headers"]["Content-Type"]))
        if status == 403:
            return self.assertIn("CSRF verification failed", text)
        return self.assertEqual(without_hash(text), without_hash(wanted["body"]))


def without_hash(body):
    """The answer's object. The recording does not tell the content of samples."""
    return json.loads(re.sub(r"\b[0-9a-f]{32}\b", "MD5", body)) if body else ""


def multipart(asked):
    contents = {"dropped_a.bin": b"dropped file\n", "h.bin": b"header auth"}
    parts = [b'--b\r\nContent-Disposition: form-data; name="%s"\r\n\r\n%s\r\n' % (name.encode(), value.encode())
             for name, value in asked["form"].items()]
    for name, file in asked["files"].items():
        content = contents.get(file["filename"], b"x" * file["bytes"])
        parts.append(b'--b\r\nContent-Disposition: form-data; name="%s"; filename="%s"\r\n'
                     b'Content-Type: application/octet-stream\r\n\r\n%s\r\n'
                     % (name.encode(), file["filename"].encode(), content))
    return "multipart/form-data; boundary=b", b"".join(parts) + b"--b--\r\n"


if __name__ == "__main__":
    unittest.main()
