"""Nobody knows whether an upload arrived: its sender was killed, its answer was lost, or its sandbox is gone."""

import os
import signal
import sys
import time
import unittest

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "support"))
from invariants import wait_at_rest
from site_of_brood import Site, wait_for

DEADLINE = 60


def state_of(site, sha256):
    record = site.records.of(sha256)
    return record["state"] if record else None


class UploadInDoubt(unittest.TestCase):
    def finish(self, site):
        wait_at_rest(site, DEADLINE, self, lambda: f", sandbox {site.statistics()}")

    def test_an_upload_that_arrives_after_its_sender_was_killed_is_found(self):
        with Site({"sandbox": {"status_every": "1h"}, "feed_cuckoo": {"upload_deadline": "4s"}}) as site:
            sandbox = site.start_sandbox()
            process = site.start("run")
            site.put("warm-up", b"the sandbox's status is known after this")
            site.wait_ended(DEADLINE)
            sandbox.popen.send_signal(signal.SIGSTOP)  # connections are taken by the kernel, nothing is read
            sha256 = site.put("in-flight", b"sent, and not yet read by the sandbox" * 20)
            wait_for(lambda: state_of(site, sha256) == "feeding", DEADLINE, "the upload has begun")
            time.sleep(0.5)
            process.kill()
            site.start("run")
            sandbox.popen.send_signal(signal.SIGCONT)
            self.finish(site)
            self.assertEqual(site.statistics()["tasks_created"], 2)

    def test_an_upload_whose_answer_is_lost_is_found(self):
        with Site() as site:
            site.start_sandbox()
            site.start("run")
            for i in range(4):
                site.put(f"fault=lost_answer.{i}", f"content {i}".encode() * 50)
            self.finish(site)
            self.assertEqual(site.statistics()["tasks_created"], 4)

    def test_a_sandbox_that_stays_away_loses_its_upload_to_another(self):
        with Site({"feed_cuckoo": {"dead_after": "2s"}, "check_results": {"dead_after": "2s"},
                   "parse_and_submit": {"cuckoo_cleanup": True}}) as site:
            first = site.start_sandbox()
            process = site.start("run", crash_at="feed_cuckoo.uploaded:1")
            sha256 = site.put("moved", b"analysed by the second sandbox" * 20)
            process.wait_killed(DEADLINE, "feed_cuckoo.uploaded")
            first.kill()
            second = site.start_sandbox(storage="second")
            site.start("run")
            site.wait_ended(DEADLINE)
            self.assertIn(str(second.port), site.records.of(sha256)["node"])
            site.start_sandbox(first.port)
            wait_for(lambda: not site.tasks(first.port), 30,
                     lambda: f"the orphan is deleted when its sandbox is back; it has {site.tasks(first.port)}")
            site.wait_queues_empty()
            self.assertEqual(len(site.records.reports()), 1)


if __name__ == "__main__":
    unittest.main(verbosity=2)
