"""A RabbitMQ node of the tests' own: its ports, folders, cookie and name daemon; nothing of the system's is used.

As a program it serves another one: `rabbitmq.py` starts a node, prints where it is as one line of JSON, obeys
commands on standard input (see COMMANDS), each answered by one line, and ends with its input.
"""

import base64
import http.client
import json
import os
import pathlib
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.parse

SERVER = pathlib.Path("/usr/lib/rabbitmq/bin/rabbitmq-server")
STARTS_WITHIN = 120


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def openssl(*arguments, cwd):
    subprocess.run(["openssl", *arguments], cwd=cwd, check=True, capture_output=True)


def make_certificates(folder):
    """An authority, a certificate of it for localhost, and an authority that has signed nothing."""
    for name in ("ca", "stranger"):
        openssl("req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2",
                "-subj", f"/CN=brood test {name}", "-keyout", f"{name}.key", "-out", f"{name}.pem", cwd=folder)
    openssl("req", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-subj", "/CN=localhost",
            "-keyout", "server.key", "-out", "server.csr", cwd=folder)
    (folder / "names").write_text("subjectAltName=DNS:localhost\n")
    openssl("x509", "-req", "-in", "server.csr", "-CA", "ca.pem", "-CAkey", "ca.key", "-CAcreateserial", "-days", "2",
            "-extfile", "names", "-out", "server.pem", cwd=folder)


class RabbitMq:
    """A context manager: the node runs inside it, and nothing is left of it afterwards."""

    def __init__(self, max_message=None, scheduling=2):
        assert SERVER.exists(), "the package rabbitmq-server is missing (make test installs it)"
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="brood-rabbitmq-"))
        for name in ("home", "mnesia", "log", "conf", "tls"):
            (self.folder / name).mkdir()
        make_certificates(self.folder / "tls")
        self.port, self.tls_port, self.http_port = free_port(), free_port(), free_port()
        self.epmd_port, self.dist_port = free_port(), free_port()
        self.epmd = self.server = None
        self._write_settings(max_message)
        self.environment = self._environment(scheduling)

    def _write_settings(self, max_message):
        conf, tls = self.folder / "conf", self.folder / "tls"
        lines = [f"listeners.tcp.1 = 127.0.0.1:{self.port}", f"listeners.ssl.1 = 127.0.0.1:{self.tls_port}",
                 f"ssl_options.cacertfile = {tls}/ca.pem", f"ssl_options.certfile = {tls}/server.pem",
                 f"ssl_options.keyfile = {tls}/server.key", "ssl_options.verify = verify_none",
                 "management.tcp.ip = 127.0.0.1", f"management.tcp.port = {self.http_port}",
                 "disk_free_limit.absolute = 10MB", "log.console = false"]
        if max_message:
            lines.append(f"max_message_size = {max_message}")
        (conf / "rabbitmq.conf").write_text("\n".join(lines) + "\n")
        # Held messages are looked at each second, not each minute, so that consumer_timeout is exact.
        (conf / "advanced.config").write_text("[{rabbit, [{channel_tick_interval, 1000}]}].\n")
        (conf / "plugins").write_text("[rabbitmq_management].\n")
        (conf / "environment").write_text("")

    def _environment(self, scheduling):
        folder = self.folder
        kept = {key: value for key, value in os.environ.items() if not key.startswith(("RABBITMQ_", "ERL_"))}
        return dict(kept, HOME=str(folder / "home"), ERL_EPMD_PORT=str(self.epmd_port), ERL_EPMD_ADDRESS="127.0.0.1",
                    RABBITMQ_NODENAME=f"brood-test-{os.getpid()}@localhost", RABBITMQ_DIST_PORT=str(self.dist_port),
                    RABBITMQ_MNESIA_BASE=str(folder / "mnesia"), RABBITMQ_LOG_BASE=str(folder / "log"),
                    RABBITMQ_CONF_ENV_FILE=str(folder / "conf/environment"),
                    RABBITMQ_CONFIG_FILE=str(folder / "conf/rabbitmq.conf"),
                    RABBITMQ_ADVANCED_CONFIG_FILE=str(folder / "conf/advanced.config"),
                    RABBITMQ_ENABLED_PLUGINS_FILE=str(folder / "conf/plugins"),
                    RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS="-kernel inet_dist_use_interface {127,0,0,1} "
                                                        f"+sbwt none +S {scheduling}:{scheduling}")

    def start(self):
        if self.epmd is None:
            self.epmd = subprocess.Popen(["epmd", "-port", str(self.epmd_port), "-address", "127.0.0.1"],
                                         env=self.environment, stdin=subprocess.DEVNULL)
        with open(self.folder / "log/console", "ab") as console:
            self.server = subprocess.Popen([str(SERVER)], env=self.environment, cwd=self.folder / "home",
                                           stdin=subprocess.DEVNULL, stdout=console, stderr=console,
                                           start_new_session=True)
        end = time.monotonic() + STARTS_WITHIN
        while not (self._listens(self.port) and self._listens(self.tls_port) and self._listens(self.http_port)):
            assert self.server.poll() is None, f"RabbitMQ does not start:\n{self.log()}"
            assert time.monotonic() < end, f"RabbitMQ does not start within {STARTS_WITHIN} s:\n{self.log()}"
            time.sleep(0.1)
        return self

    @staticmethod
    def _listens(port):
        with socket.socket() as probe:
            return probe.connect_ex(("127.0.0.1", port)) == 0

    def log(self):
        files = sorted((self.folder / "log").iterdir())
        return "".join(file.read_text(errors="replace")[-3000:] for file in files)

    def kill(self):
        """As a power cut: nothing is written any more."""
        if self.server is not None:
            os.killpg(self.server.pid, signal.SIGKILL)
            self.server.wait()
            self.server = None
            while any(map(self._listens, (self.port, self.tls_port, self.http_port))):
                time.sleep(0.01)  # the one that listens is a child of the one that we waited for

    def freeze(self):
        """Its connections stay, and it says nothing."""
        os.killpg(self.server.pid, signal.SIGSTOP)

    def thaw(self):
        os.killpg(self.server.pid, signal.SIGCONT)

    def close(self):
        self.kill()
        if self.epmd is not None:
            self.epmd.kill()
            self.epmd.wait()
        shutil.rmtree(self.folder, ignore_errors=True)

    def __enter__(self):
        try:
            return self.start()
        except BaseException:
            self.close()
            raise

    def __exit__(self, *_):
        self.close()

    def url(self, vhost="/", user="guest", password="guest"):
        return f"amqp://{user}:{password}@127.0.0.1:{self.port}/{urllib.parse.quote(vhost, safe='')}"

    def http(self, method, path, body=None):
        """One call of the management interface; its answer's JSON."""
        connection = http.client.HTTPConnection("127.0.0.1", self.http_port, timeout=30)
        try:
            login = base64.b64encode(b"guest:guest").decode()
            connection.request(method, path, json.dumps(body) if body is not None else None,
                               {"Authorization": "Basic " + login, "Content-Type": "application/json"})
            answer = connection.getresponse()
            text = answer.read()
            assert answer.status < 300 or answer.status == 404, (method, path, answer.status, text)
            return json.loads(text) if text else None
        finally:
            connection.close()

    def make_vhost(self, name):
        self.http("PUT", f"/api/vhosts/{name}", {})
        self.allow(name)

    def allow(self, vhost, write=".*"):
        """What guest may write to; an exchange's own name, amq.default for the one that has none."""
        self.http("PUT", f"/api/permissions/{vhost}/guest", {"configure": ".*", "write": write, "read": ".*"})

    def refuse_large(self, vhost, size):
        """From now on messages of `size` bytes and more are refused (basic.nack)."""
        self.http("PUT", f"/api/policies/{vhost}/limit",
                  {"pattern": ".*", "definition": {"max-length-bytes": int(size), "overflow": "reject-publish"}})

    def accept_again(self, vhost):
        self.http("DELETE", f"/api/policies/{vhost}/limit")

    def ready(self, queue, vhost="%2F"):
        found = self.http("GET", f"/api/queues/{vhost}/{urllib.parse.quote(queue, safe='')}")
        return found.get("messages_ready", 0)

    def evaluate(self, expression):
        """Erlang, inside the node; takes seconds."""
        node = self.environment["RABBITMQ_NODENAME"]
        done = subprocess.run(["/usr/lib/rabbitmq/bin/rabbitmqctl", "-n", node, "eval", expression],
                              env=self.environment, capture_output=True, timeout=120, text=True)
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout.strip()


COMMANDS = {
    "kill": lambda node: node.kill(),
    "start": lambda node: node.start(),
    "freeze": lambda node: node.freeze(),
    "thaw": lambda node: node.thaw(),
    "vhost": lambda node, name: node.make_vhost(name),
    "refuse_large": lambda node, vhost, size: node.refuse_large(vhost, size),
    "accept_again": lambda node, vhost: node.accept_again(vhost),
    "forbid_writing": lambda node, vhost: node.allow(vhost, write="^$"),
    "allow_all": lambda node, vhost: node.allow(vhost),
    "delete_queue": lambda node, vhost, name: node.http("DELETE", f"/api/queues/{vhost}/{name}"),
    "eval": lambda node, *words: node.evaluate(" ".join(words)),
}


def serve():
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # the node goes with us
    max_message = int(sys.argv[1]) if len(sys.argv) > 1 else None
    with RabbitMq(max_message) as node:
        print(json.dumps({"port": node.port, "tls_port": node.tls_port, "tls": str(node.folder / "tls")}), flush=True)
        for line in sys.stdin:
            words = line.split()
            try:
                COMMANDS[words[0]](node, *words[1:])
                print("ok", flush=True)
            except Exception as error:  # told to the test, which then fails
                print(f"error {error!r}".replace("\n", " "), flush=True)


if __name__ == "__main__":
    serve()
