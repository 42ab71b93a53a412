"""A site of the DFI blacklisting system moves: its six indices, on a real Elasticsearch, are imported; brood answers its
calls alike and goes on where it stood, and nothing is counted twice."""

import hashlib
import http.client
import json
import os
import sys
import time
import unittest

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [os.path.join(HERE, "..", "support"), os.path.join(HERE, "..", "cli")]
from command import FAILED, OK, CommandCase, brood, lines_of, on_a_terminal
from search_engine import SearchEngine
from site_of_brood import BAD, Site, wait_for

# The document type of each index, and its fields, as the original's mappings and programs have them; its `string`
# is `text` or `keyword` by now.
DATE = {"type": "date", "format": "strict_date_optional_time||epoch_millis"}
INDICES = {
    "queue": ("item", {"timestamp": DATE, "task_id": {"type": "integer"}}),
    "hashes": ("item", {"timestamp": DATE, "count": {"type": "integer"}}),
    "cuckoo": ("report", {"md5": {"type": "keyword"}, "processed": {"type": "boolean"}}),
    "blacklist": ("hash", {"last_change": DATE, "score": {"type": "float"},
                           "reason": {"properties": {"signature_name": {"type": "text"}, "data": {"type": "text"}}}}),
    "whitelist": ("subnet", {"owner": {"type": "text"}}),
    "third_party_blacklist": ("C&C", {"location": {"type": "text"}}),
}
NOW = int(time.time() * 1000)
HOUR = 3_600_000
SEEN_BEFORE = b"a file that the old site has analysed"


def sha256(content):
    return hashlib.sha256(content).hexdigest()


def md5(content):
    return hashlib.md5(content).hexdigest()


def old_site():
    """Its documents: index → id → source. More hashes and addresses than an engine hands out at a time."""
    hashes = {sha256(b"%d" % i): {"timestamp": NOW - i * HOUR, "counter": 1 + i % 7} for i in range(1200)}
    hashes[sha256(SEEN_BEFORE)] = {"timestamp": NOW - 9 * HOUR, "counter": 3}
    hashes[sha256(BAD)] = {"timestamp": NOW - HOUR, "counter": 2}  # its task waits in the queue
    blacklist = {md5(b"%d" % i): {"last_change": NOW - i * HOUR, "score": 2.0 + i,
                                  "reason": [{"reason": "mutex", "data": ["a", "b"]}, {"reason": "vt_score", "data": 7}]}
                 for i in range(30)}
    addresses = {f"198.51.{i // 250}.{i % 250}": {"location": f"http://lists.test/{i % 2}"} for i in range(700)}
    return {
        "queue": {sha256(BAD): {"timestamp": NOW, "task_id": 7}},
        "hashes": hashes,
        "cuckoo": {sha256(b"0"): {"md5": md5(b"0"), "processed": True}},
        "blacklist": blacklist,
        "whitelist": {"192.168.0.0/16": {"owner": "private"}, "10.0.0.0/8": {"owner": "us"}},
        "third_party_blacklist": addresses,
    }


def fill(engine, site):
    for index, (kind, fields) in INDICES.items():
        engine.http("PUT", f"/{index}?include_type_name=true", {"mappings": {kind: {"properties": fields}}})
        lines = []
        for key, source in site[index].items():
            lines += [json.dumps({"index": {"_index": index, "_type": kind, "_id": key}}), json.dumps(source)]
        connection = http.client.HTTPConnection("127.0.0.1", engine.port, timeout=60)
        connection.request("POST", "/_bulk?refresh=true", "\n".join(lines) + "\n",
                           {"Content-Type": "application/x-ndjson"})
        answer = json.loads(connection.getresponse().read())
        connection.close()
        assert answer["errors"] is False, answer


class SiteMoves(CommandCase):
    @classmethod
    def setUpClass(cls):
        cls.engine = SearchEngine("elasticsearch").__enter__()
        cls.addClassCleanup(cls.engine.close)
        cls.old = old_site()
        fill(cls.engine, cls.old)

    def site(self, settings=None):
        site = Site(settings).__enter__()
        self.addCleanup(lambda: site.__exit__(None, None, None))
        return site

    def command(self, site, *arguments):
        return brood(*arguments, "--config", site.config, cwd=site.folder)

    def moved(self, site, *more):
        said = self.command(site, "import", "--json", "--from", self.engine.url(), *more)
        self.assertEqual(said.code, OK, said)
        return lines_of(said)[0]

    def dump(self, site):
        said = self.command(site, "export")
        self.assertEqual(said.code, OK, said)
        return said.out.splitlines()

    def counters(self, site):
        documents = [json.loads(line) for line in self.dump(site)]
        return {each["_id"]: each["_source"]["counter"] for each in documents if each["_index"] == "hashes"}

    def answers(self, site, path):
        status, body = site.api("GET", path)
        self.assertEqual(status, 200, body)
        return body.decode()

    def test_it_is_imported_answers_alike_goes_on_and_counts_nothing_twice(self):
        site = self.site()
        self.assertEqual(self.moved(site, "--dry-run")["hashes"], {"read": 1202, "new": 0})
        self.assertFalse(site.state.exists(), "a dry run writes nothing")
        self.assertEqual(self.moved(site), {
            "hashes": {"read": 1202, "new": 1202}, "blacklist": {"read": 30, "new": 30},
            "whitelist": {"read": 2, "new": 2}, "third_party_blacklist": {"read": 700, "new": 700},
            "waiting": 1, "left": {}, "bad": 0, "dry_run": False})
        was = {key: source["counter"] for key, source in self.old["hashes"].items()}
        self.assertEqual(self.counters(site), was)
        site.start_sandbox()
        process = site.start("run")
        self.assert_answers_alike(site)
        self.assert_goes_on(site)
        again = self.moved(site)
        self.assertEqual([again[index]["new"] for index in INDICES if index in again], [0, 0, 0, 0])
        self.assertEqual(self.counters(site), {**was, sha256(SEEN_BEFORE): 4, sha256(BAD): 3})
        self.assert_answers_alike(site, more={md5(BAD)})
        process.stop()

    def assert_answers_alike(self, site, more=frozenset()):
        """The calls of the original's manual, against what its engine held."""
        listed = set(self.old["blacklist"])
        self.assertEqual(set(json.loads(self.answers(site, "/hash/get/all"))), listed | more)
        self.assertEqual(set(json.loads(self.answers(site, f"/hash/get/{5 * 3600 + 1800}"))),
                         {md5(b"%d" % i) for i in range(6)} | more)
        for i in (0, 29):
            self.assertEqual(self.answers(site, f"/blacklist/exist/hash?id={md5(b'%d' % i)}"), "True")
        self.assertEqual(self.answers(site, f"/blacklist/exist/hash?id={md5(b'no such')}"), "False")
        entry = next(each for each in json.loads(self.answers(site, "/api/v1/blacklist?limit=100"))["items"]
                     if each["value"] == md5(b"3"))
        self.assertEqual((entry["origin"], entry["score"], entry["last_change"]), ("import", 5.0, NOW - 3 * HOUR))
        self.assertEqual(entry["reasons"], [{"reason": "mutex", "data": "a"}, {"reason": "mutex", "data": "b"},
                                            {"reason": "vt_score", "data": "7"}])
        subnets = json.loads(self.answers(site, "/api/v1/whitelist"))["items"]
        owners = {each["value"]: each["owner"] for each in subnets}
        for subnet, source in self.old["whitelist"].items():
            self.assertEqual(owners.get(subnet), source["owner"])

    def assert_goes_on(self, site):
        """A hash that is known is counted and not analysed; one whose task was waited for is analysed now."""
        site.put("seen-before", SEEN_BEFORE)
        wait_for(lambda: not any(site.incoming.iterdir()), 60, site.all_logs)
        self.assertEqual(site.tasks(), [], "it was analysed again")
        self.assertEqual(self.counters(site)[sha256(SEEN_BEFORE)], 4)
        site.put("waited for", BAD)
        wait_for(lambda: md5(BAD) in self.answers(site, "/hash/get/all"), 120, site.all_logs)
        self.assertEqual(len(site.tasks()), 1)

    def test_an_export_imported_elsewhere_gives_the_same(self):
        site = self.site()
        self.moved(site)
        there = self.dump(site)
        (site.folder / "records.json").write_text("\n".join(there) + "\n")
        other = self.site({"store": {"kind": "opensearch", "hosts": [self.engine.url()], "index_prefix": "new-",
                                     "refresh_every": "100ms"}})
        for new in (1202, 0):
            said = self.command(other, "import", "--json", site.folder / "records.json")
            self.assertEqual(said.code, OK, said)
            self.assertEqual(lines_of(said)[0]["hashes"]["new"], new)
        # A search may lag a moment behind.
        wait_for(lambda: sorted(self.dump(other)) == sorted(there), 30, "both dumps are the same")
        back = self.site()
        said = self.command(back, "import", "--json", "--from", self.engine.url(), "--index-prefix", "new-")
        self.assertEqual(said.code, OK, said)
        self.assertEqual(self.dump(back), there)

    def test_a_person_at_a_terminal_sees_how_far_it_is(self):
        site = self.site()
        code, seen = on_a_terminal(["import", "--from", self.engine.url(), "--config", site.config], site.folder)
        self.assertEqual(code, OK, seen)
        self.assertIn("hashes 500 of 1202", seen)
        self.assertRegex(seen, r"hashes +1202 +1202")
        self.assertIn("1 samples wait in the queue there", seen)

    def test_bad_lines_are_named_and_left_out(self):
        site = self.site()
        (site.folder / "bad.json").write_text(
            '{"_index":"hashes","_type":"item","_id":"%s","_source":{"counter":2}}\nno json\n'
            '{"_index":"hashes","_type":"item","_id":"short","_source":{"counter":2}}\n' % sha256(b"x"))
        said = self.command(site, "import", site.folder / "bad.json")
        self.assertEqual(said.code, FAILED, said)
        self.assertIn("bad.json:2: it is no JSON", said.err)
        self.assertIn("bad.json:3: its _id is no SHA-256, left out", said.err)
        self.assertIn("2 could not be read", said.out)
        self.assertEqual(self.counters(site), {sha256(b"x"): 2})


if __name__ == "__main__":
    unittest.main()
