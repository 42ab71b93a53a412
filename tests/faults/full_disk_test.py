"""A full disk, as a limit on the size of files: intake is refused, nothing is lost, work goes on when there is room."""

import os
import resource
import sys
import unittest

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "support"))
from invariants import wait_at_rest
from site_of_brood import Site, wait_for

DEADLINE = 90
ENDLESS = resource.RLIM_INFINITY


def limit_files(process, size):
    """Writes past `size` fail from now on; only the soft limit moves, so that it can be lifted again."""
    resource.prlimit(process.popen.pid, resource.RLIMIT_FSIZE, (size, ENDLESS))


def fill(process):
    """Not one page of the queue, the store or a larger sample can be written."""
    limit_files(process, 4096)


class FullDisk(unittest.TestCase):
    def started(self, site):
        site.start_sandbox()
        process = site.start("run")
        site.put("before", b"there is room for this one" * 20)
        site.wait_ended(DEADLINE)
        return process

    def put_files(self, site):
        for i in range(20):
            site.put(f"file-{i}", os.urandom(500_000 if i % 4 == 0 else 500))

    def judged(self, site):
        wait_at_rest(site, DEADLINE, self, lambda: f", states {site.records.states()}")
        self.assertEqual(site.records.states(), {"scored": len(site.sightings)})

    def assert_api_refuses(self, site):
        """A sample for which there is no room, and one whose record cannot be written."""
        for size in (600_000, 600):
            status, body = site.api("POST", "/api/v1/submissions?name=refused", os.urandom(size))
            self.assertEqual(status, 507, body)
            print(f"\n  {status} {body.decode()}", file=sys.stderr)
        status, _ = site.api("GET", "/api/v1/status")
        self.assertEqual(status, 200)

    def test_intake_is_refused_and_goes_on_when_there_is_room(self):
        with Site() as site:
            process = self.started(site)
            fill(process)
            self.put_files(site)
            print("\n  " + site.wait_log("cannot be taken in yet"), file=sys.stderr)
            self.assert_api_refuses(site)
            self.assertTrue(process.alive())
            self.assertTrue(list(site.incoming.iterdir()), "what was not taken in stays in its folder")
            limit_files(process, ENDLESS)
            self.judged(site)
            status, body = site.api("POST", "/api/v1/submissions?name=taken", b"there is room again" * 30)
            self.assertIn(status, (200, 201, 202), body)
            process.stop()

    def test_a_program_stopped_while_the_disk_is_full_loses_nothing(self):
        with Site() as site:
            process = self.started(site)
            self.put_files(site)
            fill(process)
            site.wait_log("no room|the disk is full")
            process.stop()
            process = site.start("run")
            self.judged(site)
            process.stop()

    def test_a_program_killed_while_the_disk_is_full_loses_nothing(self):
        with Site() as site:
            process = self.started(site)
            self.put_files(site)
            fill(process)
            site.wait_log("no room|the disk is full")
            process.kill()
            process = site.start("run")
            self.judged(site)
            process.stop()

    def test_it_fills_up_in_the_middle_of_the_work_again_and_again(self):
        with Site({"sandboxd": {"duration": "100ms"}}) as site:
            process = self.started(site)
            for wave in range(4):
                for i in range(15):
                    site.put(f"wave-{wave}-{i}", os.urandom(2000))
                wait_for(lambda: site.records.messages(), DEADLINE, "work has begun")
                told = len(site.lines("the disk is full"))
                fill(process)
                wait_for(lambda: len(site.lines("the disk is full")) > told, DEADLINE, "a full disk is told")
                limit_files(process, ENDLESS)
            self.judged(site)
            process.stop()


if __name__ == "__main__":
    unittest.main(verbosity=2)
