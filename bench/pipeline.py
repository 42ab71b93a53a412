#!/usr/bin/env python3
"""The whole pipeline, end to end: files in the watched folder until every submission is scored.

usage: bench/pipeline.py PROGRAM [--samples 5000] [--report-bytes 50000] [--runs 3]

Embedded queue and store, the replay sandbox without waiting as a process of its own, HTTP between them. Prints for each
run samples/s, CPU per sample by step (a step is a service's threads), database commits and sandbox requests per sample,
and the medians. What is timed is from when the files are there, all at once, to the last verdict; how long `brood run`
takes to start (it compiles the rules of a new site) is printed beside it, and its CPU counts in the steps.
"""
import argparse
import json
import os
import pathlib
import re
import signal
import statistics
import subprocess
import tempfile
import time
import urllib.request

TICKS = os.sysconf("SC_CLK_TCK")


def get(url):
    with urllib.request.urlopen(url, timeout=30) as answer:
        return json.load(answer)


def cpu_by_thread(pid):
    """Seconds of CPU by thread name. Threads that have ended are not in it."""
    seconds = {}
    for task in pathlib.Path(f"/proc/{pid}/task").iterdir():
        try:
            stat = (task / "stat").read_text()
        except OSError:
            continue
        name = stat[stat.index("(") + 1 : stat.rindex(")")]
        fields = stat[stat.rindex(")") + 2 :].split()
        seconds[name] = seconds.get(name, 0) + (int(fields[11]) + int(fields[12])) / TICKS
    return seconds


def write_samples(folder, count):
    folder.mkdir()
    for number in range(count):
        (folder / f"sample-{number:06}.bin").write_bytes(b"sample %d\n" % number + os.urandom(1000) + b"\0" * 3000)


def write_config(site, root, url):
    (site / "brood.toml").write_text(
        f"""
[brood]
state_dir = "{site}/data"
log_level = "info"
[rules]
folder = "{root}/rules"
[api]
listen_port = 0
[sandbox]
max_pending = 2000
status_every = "250ms"
wait_between_requests = "500ms"
[[sandbox.node]]
url = "{url}"
parallel = 16
[submit_binary]
binary_directory = "{site}/incoming"
scan_every = "200ms"
settle_for = "0s"
[feed_cuckoo]
prefetch_count = 256
workers = 12
[check_results]
look_every = "100ms"
[parse_and_submit]
prefetch_count = 256
workers = 8
[blacklist_processor]
prefetch_count = 512
batch = 32
"""
    )


def start_sandbox(program, site, report_bytes):
    process = subprocess.Popen(
        [program, "sandbox", "--sandboxd.engine=replay", "--sandboxd.listen_port=0", "--sandboxd.machines=64",
         f"--sandboxd.report_bytes={report_bytes}", f"--sandboxd.storage={site}/sandbox", "--brood.log_level=error"],
        stdout=subprocess.PIPE, text=True, cwd=site)
    url = re.search(r"http://\S+", process.stdout.readline())[0]
    return process, url


def one_run(program, root, site, samples, report_bytes):
    site.mkdir()
    processes = []
    try:
        write_samples(site / "prepared", samples)
        (site / "incoming").mkdir()
        sandbox, url = start_sandbox(program, site, report_bytes)
        processes.append(sandbox)
        write_config(site, root, url)
        started = time.monotonic()
        brood = subprocess.Popen([program, "run", "--config", f"{site}/brood.toml", "--quiet"], cwd=site,
                                 stderr=(site / "run.log").open("w"))
        processes.append(brood)
        api = wait_for_api(site)
        began = time.monotonic()
        (site / "prepared").rename(site / "incoming" / "all")
        while get(f"{api}/api/v1/status")["submissions"].get("scored", 0) < samples:
            if brood.poll() is not None or time.monotonic() - began > 600:
                raise SystemExit("the run did not end:\n" + (site / "run.log").read_text()[-2000:])
            time.sleep(0.1)
        seconds = time.monotonic() - began
        steps = cpu_by_thread(brood.pid)
        steps["sandbox (its own process)"] = sum(cpu_by_thread(sandbox.pid).values())
        requests = get(f"{url}/brood/statistics")["requests"]
        brood.send_signal(signal.SIGTERM)
        brood.wait(30)
        writes = re.search(r"works=(\d+) transactions=(\d+)", (site / "run.log").read_text())
        return {"seconds": seconds, "start": began - started, "steps": steps, "requests": requests,
                "transactions": int(writes[2]), "works": int(writes[1])}
    finally:
        for process in processes:
            process.kill()
            process.wait()


def wait_for_api(site):
    for _ in range(600):
        try:
            return (site / "data" / "api.address").read_text().strip()
        except OSError:
            time.sleep(0.05)
    raise SystemExit("brood did not start:\n" + (site / "run.log").read_text()[-2000:])


def report(runs, samples):
    rate = statistics.median(samples / run["seconds"] for run in runs)
    print(f"\nsamples/s, median of {len(runs)}: {rate:.0f}")
    print(f"start-up: {statistics.median(run['start'] for run in runs):.2f} s")
    names = sorted({name for run in runs for name in run["steps"]},
                   key=lambda name: -statistics.median(run["steps"].get(name, 0) for run in runs))
    print("\n| step | CPU µs per sample |\n| --- | --- |")
    total = 0
    for name in names:
        cost = statistics.median(run["steps"].get(name, 0) for run in runs) / samples * 1e6
        total += cost
        if cost >= 0.5:
            print(f"| {name} | {cost:.0f} |")
    print(f"| all | {total:.0f} |")
    for key, label in (("transactions", "database commits (one fdatasync each)"), ("works", "database works")):
        print(f"{label} per sample: {statistics.median(run[key] for run in runs) / samples:.2f}")
    requests = {call: statistics.median(run["requests"].get(call, 0) for run in runs) / samples
                for call in runs[0]["requests"]}
    print("sandbox requests per sample: " + ", ".join(f"{call} {each:.2f}" for call, each in requests.items() if each))


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("program")
    parser.add_argument("--samples", type=int, default=5000)
    parser.add_argument("--report-bytes", type=int, default=50_000)
    parser.add_argument("--runs", type=int, default=3)
    options = parser.parse_args()
    root = pathlib.Path(__file__).resolve().parent.parent
    runs = []
    # All sites go at the end: for minutes ext4 passes over the inodes of deleted files one by one when it makes new ones.
    with tempfile.TemporaryDirectory(prefix="brood-bench-") as folder:
        for number in range(options.runs):
            site = pathlib.Path(folder) / str(number)
            run = one_run(os.path.abspath(options.program), root, site, options.samples, options.report_bytes)
            runs.append(run)
            rate = options.samples / run["seconds"]
            print(f"run {number + 1}: {rate:.0f} samples/s in {run['seconds']:.1f} s", flush=True)
    report(runs, options.samples)


if __name__ == "__main__":
    main()
