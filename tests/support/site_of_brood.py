"""One installation of brood in a folder of its own: settings, processes, the watched folder."""

import hashlib
import http.client
import json
import os
import pathlib
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.parse

from records import Records

PROGRAM = os.environ.get("BROOD_PROGRAM", "")
PUBLISH = os.environ.get("BROOD_PUBLISH", "")

SERVICES = ("submit_binary", "feed_cuckoo", "check_results", "parse_and_submit", "cleanup",
            "blacklist_processor", "overseer")

# A file whose bytes hold this is blacklisted by the rule below; the score is exact, so a repeat would show.
BAD = b"\nbrood-test-marker-that-a-rule-knows\n"
RULE = {"info": {"type": "hash", "description": "Test content that is known to be bad."},
        "rules": {"string": [{"description": "The marker of the tests.", "rules": [BAD.decode().strip()],
                              "score": 2.5}]}}

# Intervals are short, so that waiting is not what a test does.
SETTINGS = {
    "brood": {"state_dir": "state", "log_level": "info"},
    "sandbox": {"max_pending": 50, "status_every": "200ms", "wait_between_requests": "100ms"},
    "rules": {"folder": "rules"},
    "api": {"listen_port": 0},
    "submit_binary": {"binary_directory": "incoming", "scan_every": "100ms", "settle_for": "0s"},
    "feed_cuckoo": {"upload_deadline": "1s", "look_again_after": "1s"},
    "check_results": {"look_every": "100ms"},
    "cleanup": {"retry_every": "200ms"},
    "overseer": {"first_delay": "200ms", "max_delay": "1s"},
    "sandboxd": {"engine": "static", "storage": "sandbox", "faults_on_request": True},
}


def wait_for(condition, seconds, what):
    """Waits until condition() is true and returns its value; fails with `what` after `seconds`."""
    end = time.monotonic() + seconds
    while True:
        value = condition()
        if value:
            return value
        if time.monotonic() > end:
            raise AssertionError(f"after {seconds} s still not so: {what() if callable(what) else what}")
        time.sleep(0.03)


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def toml_value(value):
    if isinstance(value, bool):
        return "true" if value else "false"
    return json.dumps(value) if isinstance(value, (str, list)) else str(value)


class Process:
    """A started brood; its log is a file."""

    def __init__(self, site, arguments, crash_at=None, environment=None):
        self.name = arguments[0]
        self.log_path = site.logs / f"{len(list(site.logs.iterdir())):03}-{self.name}.log"
        variables = dict(os.environ, **(environment or {}))
        variables.pop("BROOD_CRASH_AT", None)
        if crash_at:
            variables["BROOD_CRASH_AT"] = crash_at
        # Through a pipe: a limit on the program's files is none on its log.
        with open(self.log_path, "wb") as log:
            self.copier = subprocess.Popen(["cat"], stdin=subprocess.PIPE, stdout=log)
        self.popen = subprocess.Popen([PROGRAM, *arguments, "--config", str(site.config)], cwd=site.folder,
                                      stdout=self.copier.stdin, stderr=self.copier.stdin, env=variables)
        self.copier.stdin.close()

    def log(self):
        return self.log_path.read_text(errors="replace")

    def alive(self):
        """Once it is dead its log is complete."""
        if self.popen.poll() is None:
            return True
        self.copier.wait()
        return False

    def kill(self):
        self.popen.kill()
        self.popen.wait()
        self.copier.wait()

    def wait_killed(self, seconds, what):
        """Waits until the process kills itself at its crash point."""
        wait_for(lambda: not self.alive(), seconds, f"{what}: the process dies at its crash point")
        code = self.popen.returncode
        assert code == -signal.SIGKILL, f"{what}: ended with {code} instead of SIGKILL\n{self.log()[-3000:]}"

    def stop(self, seconds=10):
        """SIGTERM; returns how long it took. Anything but exit code 0 in time is a failure."""
        began = time.monotonic()
        self.popen.terminate()
        try:
            code = self.popen.wait(seconds)
        except subprocess.TimeoutExpired:
            raise AssertionError(f"{self.name} does not end within {seconds} s of SIGTERM\n{self.log()[-3000:]}")
        self.copier.wait()
        assert code == 0, f"{self.name} ends with {code} after SIGTERM\n{self.log()[-3000:]}"
        return time.monotonic() - began


class Site:
    """A context manager: on leaving it kills what still runs, looks for sanitizer reports, removes the folder."""

    def __init__(self, settings=None, rules=RULE):
        assert PROGRAM, "BROOD_PROGRAM names the program to test"
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="brood-test-"))
        self.logs = self.folder / "logs"
        self.incoming = self.folder / "incoming"
        self.state = self.folder / "state"
        self.config = self.folder / "brood.toml"
        self.rules = self.folder / "rules"
        for folder in (self.logs, self.incoming, self.rules, self.folder / "staging"):
            folder.mkdir()
        self.settings = {name: dict(section) for name, section in SETTINGS.items()}
        for name, section in (settings or {}).items():
            self.settings.setdefault(name, {}).update(section)
        self.sandbox_ports = []
        self.processes = []
        self.sightings = {}  # SHA-256 -> how many files of that content were put
        self.records = Records(self.state)
        self.write_rules(rules)
        self.write_config()

    def write_rules(self, rules):
        (self.rules / "test.json").write_text(rules if isinstance(rules, str) else json.dumps(rules))

    def write_config(self):
        lines = []
        for name, section in self.settings.items():
            lines.append(f"[{name}]")
            lines += [f"{key} = {toml_value(value)}" for key, value in section.items()]
        for port in self.sandbox_ports:
            lines += ["[[sandbox.node]]", f'url = "http://127.0.0.1:{port}"', "parallel = 8"]
        self.config.write_text("\n".join(lines) + "\n")

    def start(self, *arguments, **options):
        process = Process(self, arguments, **options)
        self.processes.append(process)
        return process

    def start_sandbox(self, port=None, storage="sandbox", crash_at=None):
        """`brood sandbox` on a port that stays the same; it is in the settings of what is started after."""
        if port is None:
            port = free_port()
            self.sandbox_ports.append(port)
            self.write_config()
        own = {"BROOD_SANDBOXD_LISTEN_PORT": str(port), "BROOD_SANDBOXD_STORAGE": storage}
        process = self.start("sandbox", crash_at=crash_at, environment=own)
        process.port = port
        wait_for(lambda: "sandbox listens at" in process.log() or not process.alive(), 30, "the sandbox starts")
        assert process.alive() or crash_at, process.log()
        return process

    def put(self, name, content):
        """A file appears in the watched folder, complete."""
        staged = self.folder / "staging" / name
        staged.write_bytes(content)
        staged.rename(self.incoming / name)
        sha256 = hashlib.sha256(content).hexdigest()
        self.sightings[sha256] = self.sightings.get(sha256, 0) + 1
        return sha256

    def publish(self, queue, body):
        """Puts a message of any bytes into a queue, from outside."""
        done = subprocess.run([PUBLISH, str(self.state / "brood.db"), queue], input=body, timeout=60,
                              capture_output=True)
        assert done.returncode == 0, done.stderr.decode()

    def http(self, method, url, body=None, headers=None):
        """Status and body of one call."""
        parts = urllib.parse.urlsplit(url)
        connection = http.client.HTTPConnection(parts.hostname, parts.port, timeout=30)
        try:
            path = parts.path + ("?" + parts.query if parts.query else "")
            connection.request(method, path, body, headers or {})
            answer = connection.getresponse()
            return answer.status, answer.read()
        finally:
            connection.close()

    def wait_api(self):
        """`brood run` is up: its queues are declared."""
        wait_for(lambda: (self.state / "api.address").exists(), 30, "the API starts")

    def api(self, method, path, body=None):
        address = wait_for(lambda: (self.state / "api.address").exists(), 30, "the API starts") and \
            (self.state / "api.address").read_text().strip()
        token = (self.state / "api.token").read_text().strip()
        return self.http(method, address + path, body, {"Authorization": "Bearer " + token})

    def statistics(self, port=None):
        """What the sandbox counted; asked again where it answers with a fault that it was told to show."""
        for _ in range(20):
            status, body = self.http("GET", f"http://127.0.0.1:{port or self.sandbox_ports[0]}/brood/statistics")
            if status == 200:
                break
        assert status == 200, body
        return json.loads(body)

    def tasks(self, port=None):
        """Every task that the sandbox has, as it lists them."""
        status, body = self.http("GET", f"http://127.0.0.1:{port or self.sandbox_ports[0]}/tasks/list/1000000")
        assert status == 200, body
        return json.loads(body)["tasks"]

    def all_logs(self):
        return "".join(path.read_text(errors="replace") for path in sorted(self.logs.iterdir()))

    def lines(self, pattern):
        """The log lines that match."""
        return [line for line in self.all_logs().splitlines() if re.search(pattern, line)]

    def wait_log(self, pattern, seconds=30):
        """Waits for a log line that matches; returns it."""
        return wait_for(lambda: self.lines(pattern), seconds,
                        lambda: f"a log line like {pattern}\n{self.all_logs()[-4000:]}")[0]

    def wait_ended(self, seconds, expected=None):
        """Waits until every content that was put has ended: scored, or failed with a reason."""
        wanted = set(self.sightings if expected is None else expected)
        wait_for(lambda: wanted <= self.records.ended(), seconds,
                 lambda: f"every submission ends; waiting for {self.records.not_ended(wanted)}\n"
                         f"messages {self.records.messages()}\n{self.all_logs()[-4000:]}")

    def wait_queues_empty(self, seconds=20):
        wait_for(lambda: not self.records.messages(), seconds,
                 lambda: f"the queues are empty: {self.records.messages()}")

    def __enter__(self):
        return self

    def __exit__(self, kind, error, trace):
        for process in self.processes:
            if process.alive():
                process.popen.send_signal(signal.SIGCONT)
                process.kill()
        logs = self.all_logs()
        if error is not None and os.environ.get("BROOD_TEST_KEEP"):
            print(f"kept: {self.folder}", file=sys.stderr)
        else:
            shutil.rmtree(self.folder, ignore_errors=True)
        for bad in ("AddressSanitizer", "LeakSanitizer", "runtime error:"):
            at = logs.find(bad)
            assert at < 0, logs[max(0, at - 500):at + 5000]
