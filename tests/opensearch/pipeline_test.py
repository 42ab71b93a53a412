"""The pipeline on a real OpenSearch, killed -9, paused and full on the way; on a real Elasticsearch; and what a start
and `brood indices` say."""

import os
import random
import sys
import unittest

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [os.path.join(HERE, "..", "support"), os.path.join(HERE, "..", "cli")]
from command import FAILED, OK, USAGE, CommandCase, brood, lines_of
from engine_records import EngineRecords
from invariants import wait_at_rest
from search_engine import SearchEngine
from site_of_brood import BAD, SERVICES, Site, free_port, wait_for

DEADLINE = 300
INDICES = ["queue", "hashes", "cuckoo", "blacklist", "whitelist", "third_party_blacklist"]


def settings(engine_url, prefix, **store):
    return {"store": dict(kind="opensearch", hosts=[engine_url], index_prefix=prefix, refresh_every="100ms",
                          **{"timeout": "5s", **store}),
            "sandboxd": {"engine": "replay", "report_bytes": "10KB", "machines": 4, "duration": "50ms", "threads": 2},
            "feed_cuckoo": {"upload_deadline": "3s", "look_again_after": "2s"},
            "parse_and_submit": {"cuckoo_cleanup": True}}


class OnEngine(CommandCase):
    KIND = "opensearch"

    @classmethod
    def setUpClass(cls):
        cls.engine = SearchEngine(cls.KIND).__enter__()
        cls.addClassCleanup(cls.engine.close)

    def site(self, prefix, **store):
        site = Site(settings(self.engine.url(), prefix, **store))
        site.records = EngineRecords(site.state, self.engine, prefix)
        site.__enter__()
        self.addCleanup(lambda: site.__exit__(None, None, None))
        return site

    def command(self, site, *arguments):
        return brood(*arguments, "--config", site.config, cwd=site.folder)


class Pipeline(OnEngine):
    def test_one_process_keeps_its_records_in_the_six_indices_and_no_others(self):
        site = self.site("one-")
        site.start_sandbox()
        process = site.start("run")
        bad = site.put("bad", BAD)
        for i in range(20):
            site.put(f"good-{i}", os.urandom(100))
        wait_at_rest(site, DEADLINE, self)
        self.assertEqual(site.records.of(bad)["state"], "scored")
        self.assertFalse((site.state / "reports.db").exists(), "the embedded store was used")
        made = {row["index"] for row in self.engine.http("GET", "/_cat/indices/*?format=json&h=index")}
        self.assertEqual({name for name in made if name.startswith("one-")}, {"one-" + name for name in INDICES})
        self.assertEqual(made, {name for name in made if "-" in name}, "an index beside the six was made")
        _, metrics = site.api("GET", "/metrics")
        self.assertIn(b"brood_store_requests_total", metrics)
        process.stop()

    def test_services_and_the_engine_are_killed_paused_and_full_and_nothing_is_lost(self):
        dice = random.Random(11)
        site = self.site("killed-")
        site.start_sandbox()
        running = {name: site.start(name) for name in SERVICES}
        for name, process in running.items():
            wait_for(lambda: "the service runs" in process.log(), 120, f"{name} runs")
        waves = [self.kill_engine, self.pause_engine, self.fill_engine]
        for wave, harm in enumerate(waves):
            for i in range(15):
                site.put(f"sample-{wave}-{i}", dice.randbytes(200))
            wait_for(lambda: len(site.records.ended()) > wave * 15 + dice.randrange(8), DEADLINE, "work goes on")
            harm(site)
            name = dice.choice(SERVICES)
            running[name].kill()
            running[name] = site.start(name)
        wait_at_rest(site, DEADLINE, self)
        for process in running.values():
            wait_for(lambda: "the service runs" in process.log(), 60, process.log)
            process.stop()

    def kill_engine(self, site):
        self.engine.kill()
        site.put("while it was away", os.urandom(50))
        self.engine.start()

    def pause_engine(self, site):
        self.engine.freeze()
        site.put("while it slept", os.urandom(50))
        site.wait_log("search engine at .* asked to", 60)
        self.engine.thaw()

    def fill_engine(self, site):
        self.engine.fill_disk("killed-*")
        site.put("while it was full", os.urandom(50))
        site.wait_log("once its disk has room", 60)
        self.engine.free_disk("killed-*")

    def test_a_stop_while_the_engine_says_nothing_takes_no_longer_than_others(self):
        site = self.site("stopped-", timeout="10m")
        site.start_sandbox()
        process = site.start("run")
        site.put("first", os.urandom(100))
        site.wait_ended(DEADLINE)
        self.engine.freeze()
        self.addCleanup(self.engine.thaw)
        site.put("second", os.urandom(100))
        wait_for(lambda: (site.incoming / "second").exists(), 5, "the file is there")
        process.stop()


class OnElasticsearch(OnEngine):
    KIND = "elasticsearch"

    def test_one_process_works_on_elasticsearch_7_as_well(self):
        site = self.site("one-")
        site.start_sandbox()
        process = site.start("run")
        bad = site.put("bad", BAD)
        for i in range(10):
            site.put(f"good-{i}", os.urandom(100))
        wait_at_rest(site, DEADLINE, self)
        self.assertEqual(site.records.of(bad)["state"], "scored")
        process.stop()


class Indices(OnEngine):
    def test_they_are_made_shown_and_deleted_and_no_other_index_is_touched(self):
        site = self.site("cli-")
        self.engine.http("PUT", "/cli-other")
        said = self.command(site, "indices", "status")
        self.assertEqual((said.code, said.err), (FAILED, ""), said)
        self.assertEqual(said.out.count("missing"), 6, said.out)
        said = self.command(site, "indices", "create")
        self.assertEqual((said.code, said.out.splitlines()), (OK, [f"cli-{name}: created" for name in INDICES]))
        said = self.command(site, "indices", "create", "--json")
        self.assertEqual(lines_of(said), [{"index": f"cli-{name}", "became": "was there"} for name in INDICES])
        said = self.command(site, "indices", "status")
        self.assertEqual(said.code, OK, said)
        self.assertIn("OpenSearch 2.19", said.out)
        self.assertEqual({row["documents"] for row in lines_of(self.command(site, "indices", "status", "--json"))}, {0})
        self.assertEqual(self.command(site, "indices", "delete").code, USAGE)
        said = self.command(site, "indices", "delete", "--yes", "hashes")
        self.assertEqual(said.out, "cli-hashes: deleted\n", said)
        self.assertEqual(self.command(site, "indices", "status").code, FAILED)
        said = self.command(site, "indices", "delete", "--yes")
        self.assertEqual(said.out.splitlines()[1], "cli-hashes: was not there")
        self.assertEqual(self.command(site, "indices", "delete", "--yes", "cli-other").code, USAGE)
        left = [row["index"] for row in self.engine.http("GET", "/_cat/indices/cli-*?format=json&h=index")]
        self.assertEqual(left, ["cli-other"])

    def test_the_embedded_store_has_none(self):
        said = brood("indices", "status", cwd=self.site("none-").folder, environment={"BROOD_STORE_KIND": "sqlite"})
        self.assert_says(said, USAGE, "store.kind is")

    def test_an_engine_that_is_not_there_is_waited_for_and_then_named(self):
        site = self.site("away-", start_within="1s")
        site.settings["store"]["hosts"] = [f"http://127.0.0.1:{free_port()}"]
        site.write_config()
        said = self.command(site, "run")
        self.assertEqual(said.code, FAILED)
        self.assertIn("the store cannot be used: the search engine at http://127.0.0.1:", said.err)
        said = self.command(site, "indices", "status")
        self.assertEqual(said.code, FAILED)

    def test_a_stop_while_it_is_waited_for_is_heeded(self):
        site = self.site("waiting-", start_within="1h")
        site.settings["store"]["hosts"] = [f"http://127.0.0.1:{free_port()}"]
        site.write_config()
        process = site.start("feed_cuckoo")
        wait_for(lambda: "the search engine is away" in process.log(), 60, "it says that it waits")
        process.stop()

    def test_settings_are_checked_and_shown_without_secrets(self):
        site = self.site("shown-", user="brood", password="hunter2")
        shown = self.command(site, "config", "show")
        self.assertEqual(shown.code, OK, shown)
        self.assertNotIn("hunter2", shown.out)
        site.settings["store"].update(hosts=["ftp://x", "http://a:hunter2@b"], index_prefix="_No", api_key="hunter2")
        site.write_config()
        said = self.command(site, "config", "check")
        self.assertEqual(said.code, USAGE, said)
        for part in ("store.hosts", "store.index_prefix", "store.api_key"):
            self.assertIn(part, said.out + said.err)
        self.assertNotIn("hunter2", said.out + said.err)


if __name__ == "__main__":
    unittest.main()
