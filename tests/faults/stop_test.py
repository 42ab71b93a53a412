"""SIGTERM: every service ends with exit code 0 within ten seconds, under load, and gives back what it has in hand."""

import os
import signal
import sys
import time
import unittest

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "support"))
from invariants import wait_at_rest
from site_of_brood import SERVICES, Site, wait_for

DEADLINE = 120


class Stop(unittest.TestCase):
    def stop_and_look(self, site, process):
        took = process.stop(10)
        self.assertEqual(site.records.in_hand(process.popen.pid), 0, f"{process.name} keeps messages in its hands")
        return took

    def start_all(self, site):
        running = {name: site.start(name) for name in SERVICES}
        for process in running.values():
            wait_for(lambda: "the service runs" in process.log(), 30, f"{process.name} runs")
        return running

    def test_each_service_under_load(self):
        with Site({"sandboxd": {"duration": "200ms", "machines": 4}}) as site:
            site.start_sandbox()
            running = self.start_all(site)
            for i in range(150):
                site.put(f"sample-{i}", os.urandom(1000))
            wait_for(lambda: site.records.ended(), DEADLINE, "work is under way")
            for name in SERVICES:
                took = self.stop_and_look(site, running[name])
                print(f"\n  {name} ended in {took:.1f} s", file=sys.stderr)
                running[name] = site.start(name)
            wait_at_rest(site, DEADLINE, self)

    def test_each_service_while_the_sandbox_answers_nothing(self):
        with Site({"feed_cuckoo": {"upload_deadline": "30s"}, "sandboxd": {"duration": "300ms"}}) as site:
            sandbox = site.start_sandbox()
            running = self.start_all(site)
            for i in range(40):
                site.put(f"sample-{i}", os.urandom(1000))
            wait_for(lambda: site.records.ended(), DEADLINE, "work is under way")
            sandbox.popen.send_signal(signal.SIGSTOP)
            time.sleep(1)
            took = {name: self.stop_and_look(site, running[name]) for name in SERVICES}
            print("\n  " + ", ".join(f"{name} {seconds:.1f} s" for name, seconds in took.items()), file=sys.stderr)
            sandbox.popen.send_signal(signal.SIGCONT)
            site.settings["feed_cuckoo"]["upload_deadline"] = "2s"
            site.write_config()
            self.start_all(site)
            wait_at_rest(site, DEADLINE, self)

    def test_the_sandbox_under_load(self):
        with Site({"sandboxd": {"duration": "1s"}}) as site:
            sandbox = site.start_sandbox()
            site.start("run")
            for i in range(20):
                site.put(f"sample-{i}", os.urandom(1000))
            wait_for(lambda: site.records.ended(), DEADLINE, "work is under way")
            print(f"\n  sandbox ended in {sandbox.stop(10):.1f} s", file=sys.stderr)
            site.start_sandbox(sandbox.port)
            wait_at_rest(site, DEADLINE, self)

    def test_all_in_one_process_under_load(self):
        with Site({"sandboxd": {"duration": "200ms"}}) as site:
            site.start_sandbox()
            for i in range(100):
                site.put(f"sample-{i}", os.urandom(1000))
            for _ in range(3):
                process = site.start("run")
                before = len(site.records.ended())
                wait_for(lambda: len(site.records.ended()) > before + 5, DEADLINE, "work is under way")
                took = self.stop_and_look(site, process)
                print(f"\n  brood run ended in {took:.1f} s", file=sys.stderr)
            site.start("run")
            wait_at_rest(site, DEADLINE, self)


if __name__ == "__main__":
    unittest.main(verbosity=2)
