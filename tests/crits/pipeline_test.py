#!/usr/bin/env python3
"""Messages of the CRITs service through the whole program: every analysis ends in CRITs, and no key is told."""
import hashlib
import json
import pathlib
import stat
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "support"))
import crits_stand_in  # noqa: E402
from crits_site import CritsSite  # noqa: E402
from planted import Planted  # noqa: E402
from crits_stubs import Connector, Sample, Task, load_service  # noqa: E402
from site_of_brood import Site, wait_for  # noqa: E402

DEADLINE = 60


def logs_of(site):
    return lambda: site.all_logs()[-4000:]


class CritsPipeline(unittest.TestCase):
    def test_an_analysis_gets_its_results_and_ends(self):
        with CritsSite() as crits, Site() as site:
            site.start_sandbox()
            site.start("run")
            site.wait_api()
            for i in range(5):
                site.publish("worker/feed_cuckoo", crits.new_analysis(f"s{i}.exe"))
            self.assertEqual(set(crits.wait_ended(DEADLINE, logs_of(site))), {"completed"})
            site.wait_queues_empty()
            self.assertEqual(crits.crits.problems, [])
            self.assertEqual(crits.repeated(), 0)
            for analysis_id in crits.asked:
                analysis = crits.state(analysis_id)
                self.assertEqual([item["subtype"] for item in analysis["results"]][0], "info")
                self.assertEqual(analysis["finished"], 1)
            self.require_no_key(site)

    def test_what_the_service_in_crits_publishes_goes_all_the_way(self):
        package = load_service()
        with CritsSite() as crits, Site() as site:
            site.start_sandbox()
            site.start("run")
            site.wait_api()
            brood = {"brood_url": (site.state / "api.address").read_text().strip(),
                     "brood_token": (site.state / "api.token").read_text().strip()}
            for kind, more in (("inline", {}), ("reference", brood), ("reference", brood)):
                service = package.CuckooDistributedService()
                config = service.get_config({"rabbit_key": "worker/feed_cuckoo", "crits_api_key": crits_stand_in.KEY,
                                             "crits_url": crits.url, **more})
                service.current_task = Task(crits.start_analysis(), crits_stand_in.USER)
                content = b"MZ \x00\xff " + kind.encode()
                service.run(Sample(f"{kind}.exe", content, crits_stand_in.OBJECT_ID), config)
                self.assertEqual(service.told, [("info", "The sample waits for a sandbox.")])
                body, _, queue = Connector.published[-1]
                self.assertEqual(body["file"]["data"] == "", kind == "reference")
                self.assertEqual(body.get("sample"), {"inline": None}.get(
                    kind, "sha256:" + hashlib.sha256(content).hexdigest()))
                site.publish(queue, json.dumps(body).encode())
            self.assertEqual(crits.wait_ended(DEADLINE, logs_of(site)), ["completed"] * 3)
            for analysis_id in crits.asked:
                self.assertEqual(crits.state(analysis_id)["results"][0]["subtype"], "info")
            self.assertEqual(site.statistics()["tasks_created"], 3)
            self.require_no_key(site)
            self.assertNotIn(brood["brood_token"], site.all_logs())

    def test_an_analysis_that_is_given_up_ends_with_its_reason(self):
        settings = {"overseer": {"max_attempts": 0, "first_delay": "0s", "max_refeeds": 0}}
        with CritsSite() as crits, Site(settings) as site:
            site.start_sandbox()
            site.start("run")
            site.wait_api()
            site.publish("worker/feed_cuckoo", crits.new_analysis(
                "lost.exe", payload={"custom": "", "options": "fault=no_report"}))
            self.assertEqual(crits.wait_ended(DEADLINE, logs_of(site)), ["error"])
            log = crits.state(crits.asked[0])["log"]
            self.assertEqual(log[-1][0], "error")
            self.assertIn("reported but has no report", log[-1][1])
            dumps = wait_for(lambda: [path for path in (site.folder / "dump").iterdir() if path.suffix == ".json"], 10,
                             "the message is dumped")
            for path in dumps:
                self.assertEqual(stat.S_IMODE(path.stat().st_mode), 0o600)
            self.require_no_key(site)

    def test_a_crits_that_is_not_allowed_gets_nothing(self):
        with CritsSite() as crits, CritsSite() as other, Site({"overseer": {"first_delay": "0s"}}) as site:
            site.settings["crits"] = {"allow": [crits.url]}
            site.write_config()
            site.start_sandbox()
            site.start("run")
            site.wait_api()
            site.publish("worker/feed_cuckoo", crits.new_analysis("good.exe"))
            site.publish("worker/feed_cuckoo", other.new_analysis("bad.exe"))
            self.assertEqual(crits.wait_ended(DEADLINE, logs_of(site)), ["completed"])
            site.wait_log("a message is given up.*" + other.url)
            self.assertEqual(other.crits.requests, [])
            self.require_no_key(site)

    def test_crits_down_for_a_while_loses_nothing(self):
        with CritsSite() as crits, Site({"overseer": {"max_attempts": 100}}) as site:
            crits.crits.faults.append({"kind": "503", "times": 25})
            crits.crits.faults.append({"kind": "lost", "times": 2, "call": "services"})
            site.settings["crits"] = {"first_delay": "10ms"}
            site.write_config()
            site.start_sandbox()
            site.start("run")
            site.wait_api()
            for i in range(4):
                site.publish("worker/feed_cuckoo", crits.new_analysis(f"s{i}.exe"))
            self.assertEqual(set(crits.wait_ended(DEADLINE, logs_of(site))), {"completed"})
            self.assertLessEqual(crits.repeated(), 2, "one for each answer that was lost")
            self.require_no_key(site)

    def require_no_key(self, site):
        """Neither in what the API tells nor in any file, but for what keeps messages."""
        Planted(key=crits_stand_in.KEY).require_kept_in(site.folder, {"state/brood.db*": {"key"},
                                                                      "dump/*.json": {"key"}})
        for path in ("/metrics", "/api/v1/dead", "/api/v1/submissions", "/health_check"):
            self.assertNotIn(crits_stand_in.KEY, site.api("GET", path)[1].decode(), path)


if __name__ == "__main__":
    unittest.main()
