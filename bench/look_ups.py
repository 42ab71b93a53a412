#!/usr/bin/env python3
"""Look-ups of the blacklist beside a fixed answer of nginx, in turns, over 64 connections on 127.0.0.1.

usage: bench/look_ups.py PROGRAM [--entries 100000] [--reports 100000] [--rounds 9] [--seconds 2]

`brood run` with the blacklist's values in memory, its default, and with api.blacklist_memory = 0, so that each look-up
reads SQLite; nginx as its package brings it, answering True to anything. wrk asks; every second hash that it asks for
is listed. Measured twice: with one thread for each (on two cores neither then waits for the other's core: this is
where the times mean something), and with as many threads as cores for each. In each round everyone is asked once; what
is compared is the ratio within a round. Needs the packages of the group `bench`.
"""
import argparse
import contextlib
import json
import os
import pathlib
import signal
import socket
import sqlite3
import statistics
import subprocess
import tempfile
import time
import urllib.request

ROOT = pathlib.Path(__file__).resolve().parents[1]
CONNECTIONS = 64
TICKS = os.sysconf("SC_CLK_TCK")

NGINX = """daemon off;
worker_processes {threads};
pid {site}/nginx.pid;
error_log {site}/nginx.log;
events {{ worker_connections 1024; }}
http {{
  access_log off;
  keepalive_requests 1000000000;
  default_type text/plain;
  server {{ listen 127.0.0.1:{port}; location / {{ return 200 "True"; }} }}
}}
"""

# Asks for 1,024 hashes in turn: the listed ones are the numbers from 0 on, the others are never listed.
WRK = """local requests, n = {}, 0
function init()
  for i = 1, 1024 do
    local number = i % 2 == 0 and (i * 97) % ENTRIES or i * 97
    requests[i] = wrk.format("GET", string.format("/blacklist/exist/hash?id=%s%031x", i % 2 == 0 and "0" or "f", number))
  end
end
function request() n = n % 1024 + 1 return requests[n] end
function done(summary, latency)
  local e = summary.errors
  io.write(string.format('\\n{"requests": %d, "us": %d, "p50": %d, "p99": %d, "bad": %d}\\n', summary.requests,
    summary.duration, latency:percentile(50), latency:percentile(99), e.status + e.read + e.connect + e.write + e.timeout))
end
"""


def wait_for(url, wanted):
    for _ in range(600):
        with contextlib.suppress(OSError):
            with urllib.request.urlopen(url, timeout=10) as answer:
                if answer.read().decode() == wanted:
                    return
        time.sleep(0.1)
    raise SystemExit(f"{url} never answered {wanted}")


@contextlib.contextmanager
def running(command, **more):
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, **more)
    try:
        yield process
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(60)


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def write_config(site, port, memory, threads=1):
    (site / "brood.toml").write_text(
        f'[brood]\nstate_dir = "{site}/data"\n[rules]\nfolder = "{ROOT}/rules"\n[api]\nlisten_port = {port}\n'
        f'threads = {threads}\nblacklist_memory = "{memory}"\n[submit_binary]\nbinary_directory = "{site}/files"\n')


def fill(site, entries, reports):
    """Puts entries and reports where a stopped brood finds them."""
    now = int(time.time() * 1000)
    with contextlib.closing(sqlite3.connect(site / "data/brood.db")) as records, records:
        records.executemany(
            "INSERT INTO blacklist(id, type, value, sha256, last_change, reason, score, origin) "
            "VALUES('hash:' || ?1, 'hash', ?1, '', ?2, '[]', 2.5, 'rule')",
            ((f"0{number:031x}", now - number) for number in range(entries)))
    document = json.dumps({"processed": True, "score": 2.5, "string": ["x" * 900]})
    with contextlib.closing(sqlite3.connect(site / "data/reports.db")) as store, store:
        store.executemany("INSERT INTO cuckoo VALUES(?1, ?2, 0, '', '', ?3, 1)",
                          ((number, f"{number:064x}", now - number) for number in range(1, reports + 1)))
        store.executemany("INSERT INTO cuckoo_documents VALUES(?1, ?2)",
                          ((number, document) for number in range(1, reports + 1)))


def cpu(process):
    """Seconds of CPU of a process and its children that live."""
    children = pathlib.Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split()
    stats = [pathlib.Path(f"/proc/{pid}/stat").read_text() for pid in [process.pid, *children]]
    fields = [stat[stat.rindex(")") + 2:].split() for stat in stats]
    return sum(int(one[11]) + int(one[12]) for one in fields) / TICKS


def ask(site, server, port, threads, seconds):
    before = cpu(server)
    answer = subprocess.run(["wrk", "-c", str(CONNECTIONS), "-t", str(threads), "-d", f"{seconds}s", "-s", site / "ask.lua",
                             f"http://127.0.0.1:{port}"], check=True, capture_output=True, text=True).stdout
    found = json.loads(answer.strip().splitlines()[-1])
    if found["bad"]:
        raise SystemExit(f"{found['bad']} look-ups failed")
    return {"rate": found["requests"] / found["us"] * 1e6, "p50": found["p50"] / 1000, "p99": found["p99"] / 1000,
            "cpu": (cpu(server) - before) / found["requests"] * 1e6}


def measure(site, options, threads):
    """What each round found, by who was asked."""
    found = {"nginx, a fixed answer": [], "brood, values in memory": [], "brood, SQLite is read": []}
    nginx_port = free_port()
    (site / "nginx.conf").write_text(NGINX.format(site=site, port=nginx_port, threads=threads))
    with running(["nginx", "-c", site / "nginx.conf", "-p", site]) as nginx:
        wait_for(f"http://127.0.0.1:{nginx_port}/", "True")
        for way, memory in (("brood, values in memory", "256MiB"), ("brood, SQLite is read", "0")):
            port = free_port()
            write_config(site, port, memory, threads)
            with running([options.program, "run", "--quiet", "--config", site / "brood.toml"], cwd=site) as brood:
                wait_for(f"http://127.0.0.1:{port}/blacklist/exist/hash?id={0:032x}", "True")
                wait_for(f"http://127.0.0.1:{port}/blacklist/exist/hash?id=f{97:031x}", "False")
                time.sleep(3)
                for _ in range(options.rounds):
                    beside = ask(site, nginx, nginx_port, threads, options.seconds)
                    own = ask(site, brood, port, threads, options.seconds)
                    found["nginx, a fixed answer"].append({**beside, "ratio": 1.0})
                    found[way].append({**own, "ratio": own["rate"] / beside["rate"]})
    return found


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("program", type=pathlib.Path)
    for name, default in (("entries", 100_000), ("reports", 100_000), ("rounds", 9), ("seconds", 2)):
        parser.add_argument(f"--{name}", type=int, default=default)
    options = parser.parse_args()
    options.program = options.program.resolve()
    print(f"## Look-ups of the blacklist: {options.entries:,} entries, {options.reports:,} reports, "
          f"{CONNECTIONS} connections; medians of {options.rounds} rounds\n")
    print("| threads of each | | look-ups/s | of nginx | p50, ms | p99, ms | CPU of the server, µs |\n"
          "| --- | --- | --- | --- | --- | --- | --- |")
    with tempfile.TemporaryDirectory() as folder:
        site = pathlib.Path(folder)
        site.chmod(0o755)  # nginx's workers are somebody else
        (site / "files").mkdir()
        (site / "ask.lua").write_text(WRK.replace("ENTRIES", str(options.entries)))
        port = free_port()
        write_config(site, port, "0")
        with running([options.program, "run", "--quiet", "--config", site / "brood.toml"], cwd=site):
            wait_for(f"http://127.0.0.1:{port}/count/blacklist/all", "0")
        fill(site, options.entries, options.reports)
        for threads in sorted({1, os.cpu_count()}):
            for way, rounds in measure(site, options, threads).items():
                rate, ratio, p50, p99, used = (statistics.median(one[key] for one in rounds)
                                               for key in ("rate", "ratio", "p50", "p99", "cpu"))
                print(f"| {threads} | {way} | {rate:,.0f} | {ratio:.2f} | {p50:.2f} | {p99:.2f} | {used:.1f} |",
                      flush=True)


if __name__ == "__main__":
    main()
