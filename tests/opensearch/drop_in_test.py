"""The programs of the DFI blacklisting system on the Elasticsearch that config.cfg names; and on one that is too old."""

import http.server
import json
import os
import sys
import threading
import unittest

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [os.path.join(HERE, "..", "support"), os.path.join(HERE, "..", "cli")]
import dfi_test
from command import FAILED, OK
from search_engine import SearchEngine

SIX = {"queue", "hashes", "cuckoo", "blacklist", "whitelist", "third_party_blacklist"}


def engine_at(port):
    return f"elasticsearch_server_ip = 127.0.0.1\nelasticsearch_port = {port}\n"


class OnTheEngineOfTheFile(dfi_test.Dfi):
    def test_indices_are_made_and_the_four_programs_work_on_them(self):
        with SearchEngine("elasticsearch") as engine:
            self.write(engine_at(engine.port))
            said = self.run_link(self.link("IndiceManagement.py", self.folder / "utils"), "-ba")
            self.assertEqual(said.returncode, OK, said)
            made = {row["index"] for row in engine.http("GET", "/_cat/indices?format=json&h=index")}
            self.assertEqual(made, SIX)
            running = self.start_programs()
            self.assert_analyses()
            self.assertFalse((self.folder / "brood-data" / "reports.db").exists(), "the embedded store was used")
            self.assertEqual(engine.http("GET", "/blacklist/_count")["count"], 1)
            self.assert_stops(running)
            said = self.run_link(self.folder / "utils" / "IndiceManagement.py", "--delete-all")
            self.assertEqual(said.returncode, OK, said)
            self.assertEqual(engine.http("GET", "/_cat/indices?format=json&h=index"), [])


class TooOld(http.server.BaseHTTPRequestHandler):
    """An Elasticsearch 2 with the original's indices."""

    def do_GET(self):
        body = {"version": {"number": "2.4.6"}} if self.path == "/" else {"queue": {"mappings": {"item": {}}}}
        self.send_response(200)
        self.end_headers()
        self.wfile.write(json.dumps(body).encode())

    def log_message(self, *_):
        pass


class OnAnOldEngine(dfi_test.Dfi):
    def test_a_start_says_that_it_is_too_old_and_what_to_do(self):
        with http.server.ThreadingHTTPServer(("127.0.0.1", 0), TooOld) as server:
            threading.Thread(target=server.serve_forever, daemon=True).start()
            self.write(engine_at(server.server_address[1]))
            said = self.run_link(self.link("submit_binary.py"))
            server.shutdown()
        self.assertEqual(said.returncode, FAILED, said)
        self.assertIn("Elasticsearch 2.4.6 is too old", said.stderr)
        self.assertIn("brood import --from", said.stderr)


if __name__ == "__main__":
    unittest.main()
