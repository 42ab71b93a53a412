#!/usr/bin/env python3
"""Large reports from the sandbox to CRITs and the store: the peak of parse_and_submit's memory.

usage: bench/large_report.py BUILD_FOLDER [MEGABYTES REPORTS]...      500 1 and 500 4 unless told otherwise

The replay sandbox, each service and a stand-in for CRITs are processes of their own. Of several reports all are there
before the first one is fetched. The texts of a report are all different, so that CRITs gets as many as it takes.
"""
import os
import pathlib
import re
import subprocess
import sys
import time

ROOT = pathlib.Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "tests/support"))


def memory(process):
    """Megabytes: the largest resident size so far, what it is now, and what of that no other process shares."""
    status = pathlib.Path(f"/proc/{process.popen.pid}/status").read_text()
    return {name: int(re.search(rf"{name}:\s+(\d+) kB", status)[1]) * 1024 / 1e6
            for name in ("VmHWM", "VmRSS", "RssAnon")}


def run(build, megabytes, count):
    from crits_site import CritsSite
    from site_of_brood import Site, wait_for

    def start(site, name):
        service = site.start(name)
        wait_for(lambda: "the service runs" in service.log(), 30, f"{name} starts")
        return service

    with CritsSite() as crits, Site({"sandboxd": {"engine": "replay", "reports": "reports"}}) as site:
        (site.folder / "reports").mkdir()
        report = site.folder / "reports" / ("0" * 64 + ".json")  # so named it is not read at the start
        subprocess.run([build / "brood_reports", "--write", report, str(megabytes)], check=True)
        site.start_sandbox()
        for name in ("feed_cuckoo", "check_results"):
            start(site, name)
        for number in range(count):
            site.publish("worker/feed_cuckoo", crits.new_analysis(f"s{number}.exe"))
        wait_for(lambda: site.records.messages() == {"worker/parse_and_submit": count}, 60, "all are reported")
        parse = start(site, "parse_and_submit")
        began = time.monotonic()
        before = memory(parse)
        states = crits.wait_ended(1800, parse.log)
        assert set(states) == {"completed"}, states
        seconds = time.monotonic() - began
        wait_for(lambda: len(site.records.reports()) == count, 60, "all are stored")
        time.sleep(0.5)
        return before, memory(parse), seconds


def main():
    build = pathlib.Path(sys.argv[1]).resolve()
    # Looked at when it is imported.
    os.environ["BROOD_PROGRAM"] = str(build / "brood")
    os.environ["BROOD_PUBLISH"] = str(build / "brood_bench_publish")
    given = [int(number) for number in sys.argv[2:]] or [500, 1, 500, 4]
    print("| report, MB | reports | at the start, MB | peak, MB | after it, MB | seconds |\n| --- | --- | --- | --- | --- "
          "| --- |")
    for megabytes, count in zip(given[::2], given[1::2]):
        before, after, seconds = run(build, megabytes, count)
        print(f"| {megabytes} | {count} | {before['VmHWM']:.1f} | {after['VmHWM']:.1f} | {after['VmRSS']:.1f} "
              f"| {seconds:.0f} |", flush=True)


if __name__ == "__main__":
    main()
