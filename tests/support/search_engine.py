"""An OpenSearch or Elasticsearch node of the tests' own: its port, its folder; nothing of the system's is used.

As a program it serves another one: `search_engine.py opensearch` starts a node, prints its port as one line of JSON,
obeys commands on standard input (see COMMANDS), each answered by one line, and ends with its input.
"""

import http.client
import json
import os
import pathlib
import shutil
import signal
import subprocess
import sys
import tempfile
import time

HERE = pathlib.Path(__file__).resolve().parent
FETCH = HERE.parent.parent / "tools/fetch_jars"
MAIN = {"opensearch": "OpenSearchNode.java", "elasticsearch": "ElasticsearchNode.java"}
STARTS_WITHIN = 180
# Its folder outlives the node even so, and no test waits for a disk.
MEMORY = "/dev/shm" if os.access("/dev/shm", os.W_OK) and shutil.disk_usage("/dev/shm").free > 2 << 30 else None
# A node of a few test documents; the first lines keep its start short.
JAVA = ["java", "-Xshare:auto", "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Xms256m", "-Xmx512m"]
SETTINGS = ["transport.port=0", "network.host=127.0.0.1", "discovery.type=single-node", "cluster.name=brood-test",
            "cluster.routing.allocation.disk.threshold_enabled=false", "action.destructive_requires_name=true"]


class SearchEngine:
    """`settings` are further ones of the node, "name=value"."""

    def __init__(self, kind, settings=()):
        self.kind, self.more = kind, list(settings)
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="brood-search-engine-", dir=MEMORY))
        (self.folder / "config").mkdir()
        self.port, self.process = 0, None

    def start(self):
        """On the port it had before, if it had one."""
        main = HERE / "search_engine" / MAIN[self.kind]
        jars = subprocess.run([str(FETCH), str(main.parent / f"{self.kind}.lock")], check=True, capture_output=True,
                              text=True).stdout.strip()
        with open(self.folder / "console", "wb") as console:
            self.process = subprocess.Popen(
                [*JAVA, "-cp", jars, str(main), f"path.home={self.folder}", f"http.port={self.port}", *SETTINGS,
                 *self.more], cwd=self.folder, stdin=subprocess.DEVNULL, stdout=console, stderr=console)
        self.port = self._await_port()
        return self

    def _await_port(self):
        end = time.monotonic() + STARTS_WITHIN
        while True:
            for line in self.log().splitlines():
                if line.startswith("listening on "):
                    return int(line.split()[-1])
            assert self.process.poll() is None, f"{self.kind} does not start:\n{self.log()}"
            assert time.monotonic() < end, f"{self.kind} does not start within {STARTS_WITHIN} s:\n{self.log()}"
            time.sleep(0.05)

    def log(self):
        return (self.folder / "console").read_text(errors="replace")[-5000:]

    def kill(self):
        """As a power cut: nothing is written any more."""
        if self.process is not None:
            self.process.kill()
            self.process.wait()
            self.process = None

    def freeze(self):
        """Its connections stay, and it says nothing."""
        self.process.send_signal(signal.SIGSTOP)

    def thaw(self):
        self.process.send_signal(signal.SIGCONT)

    def close(self):
        self.kill()
        shutil.rmtree(self.folder, ignore_errors=True)

    def __enter__(self):
        try:
            return self.start()
        except BaseException:
            self.close()
            raise

    def __exit__(self, *_):
        self.close()

    def url(self):
        return f"http://127.0.0.1:{self.port}"

    def http(self, method, path, body=None):
        """One request; its answer's JSON."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        try:
            connection.request(method, path, json.dumps(body) if body is not None else None,
                               {"Content-Type": "application/json"})
            answer = connection.getresponse()
            text = answer.read()
            assert answer.status < 300 or answer.status == 404, (method, path, answer.status, text)
            return json.loads(text) if text else None
        finally:
            connection.close()

    def fill_disk(self, indices):
        """What the engine itself does to indices when its disk is full."""
        self.http("PUT", f"/{indices}/_settings", {"index.blocks.read_only_allow_delete": True})

    def free_disk(self, indices):
        self.http("PUT", f"/{indices}/_settings", {"index.blocks.read_only_allow_delete": None})


COMMANDS = {
    "kill": lambda node: node.kill(),
    "start": lambda node: node.start(),
    "freeze": lambda node: node.freeze(),
    "thaw": lambda node: node.thaw(),
    "fill_disk": lambda node, indices: node.fill_disk(indices),
    "free_disk": lambda node, indices: node.free_disk(indices),
}


def serve():
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # the node goes with us
    with SearchEngine(sys.argv[1]) as node:
        print(json.dumps({"port": node.port}), flush=True)
        for line in sys.stdin:
            words = line.split()
            try:
                COMMANDS[words[0]](node, *words[1:])
                print("ok", flush=True)
            except Exception as error:  # told to the test, which then fails
                print(f"error {error!r}".replace("\n", " "), flush=True)


if __name__ == "__main__":
    serve()
