"""Stand-ins for the Go services feed_cuckoo and check_results of cuckoo_distributed: what they read, keep and send, over a
real RabbitMQ and a real sandbox. They know nothing of brood's own keys and headers, so these are gone behind them."""

import base64
import http.client
import json
import threading
import urllib.parse
import uuid

CRITS_KEYS = ("crits_url", "analysis_id", "object_type", "object_id", "username", "api_key", "md5", "source")


class Unreadable(Exception):
    """A message that the Go service fails; the text is its Desc."""


def texts(value):
    """map[string]string"""
    if not isinstance(value, dict) or not all(isinstance(each, str) for each in value.values()):
        raise Unreadable("Could not decode json!")
    return value


def crits_data(value):
    if value is None:
        raise Unreadable("crits struct doesn't exist!")
    value = texts(value)
    return {key: value.get(key, "") for key in CRITS_KEYS}


def marshal(value):
    """As Go's encoding/json writes it."""
    text = json.dumps(value, separators=(",", ":"), ensure_ascii=False)
    for character in "<>&\u2028\u2029":
        text = text.replace(character, f"\\u{ord(character):04x}")
    return text


class GoService:
    """A thread that takes from its queue and passes on what it made of each message, until it is closed."""

    name = queue = ""

    def __init__(self, node, vhost):
        self.node, self.vhost = node, vhost
        self.handled, self.failed = 0, []
        self.stopped = threading.Event()
        self.thread = threading.Thread(target=self.run, daemon=True)

    def __enter__(self):
        self.thread.start()
        return self

    def __exit__(self, *_):
        self.stopped.set()
        self.thread.join()

    def run(self):
        while not self.stopped.wait(0.05):
            for body in self.take():
                try:
                    self.handle(json.loads(body))
                    self.handled += 1
                except (Unreadable, ValueError) as error:
                    self.failed.append(str(error))
                    self.send("worker/failed", {"Service": self.name, "Queue": self.queue, "Error": str(error),
                                                "Desc": "Error in msg!", "Msg": body})
            self.look()

    def look(self):
        """What else is done now and then."""

    def take(self):
        answer = self.node.http("POST", f"/api/queues/{self.vhost}/{urllib.parse.quote(self.queue, safe='')}/get",
                                {"count": 10, "ackmode": "ack_requeue_false", "encoding": "base64"})
        return [base64.b64decode(each["payload"]).decode() for each in answer] if isinstance(answer, list) else []

    def send(self, queue, message):
        self.node.http("POST", f"/api/exchanges/{self.vhost}/amq.default/publish",
                       {"properties": {"delivery_mode": 2, "content_type": "text/plain"}, "routing_key": queue,
                        "payload": marshal(message), "payload_encoding": "string"})


def ask(url, method, path, body=None, headers=None):
    """One call of a sandbox; its answer's JSON."""
    parts = urllib.parse.urlsplit(url)
    connection = http.client.HTTPConnection(parts.hostname, parts.port, timeout=60)
    try:
        connection.request(method, path, body, headers or {})
        answer = connection.getresponse()
        text = answer.read()
        if answer.status != 200:
            raise Unreadable(f"[{answer.status}] {text[:200]}")
        return json.loads(text)
    finally:
        connection.close()


class GoFeedCuckoo(GoService):
    name, queue = "feed_cuckoo", "worker/feed_cuckoo"

    def __init__(self, node, vhost, sandbox):
        super().__init__(node, vhost)
        self.sandbox = sandbox

    def handle(self, message):
        file = texts(message.get("file") or {})
        if not file.get("name") or not file.get("data"):
            raise Unreadable("file map layout invalid!")
        crits = crits_data(message.get("crits_data"))
        task = self.upload(file["name"], base64.b64decode(file["data"], validate=True), texts(message.get("payload") or {}))
        self.send("worker/check_results", {"TaskId": task, "CuckooURL": self.sandbox, "CritsData": crits})

    def upload(self, name, content, fields):
        border = uuid.uuid4().hex
        parts = [f'--{border}\r\nContent-Disposition: form-data; name="file"; filename="{name}"\r\n'
                 "Content-Type: application/octet-stream\r\n\r\n".encode() + content + b"\r\n"]
        parts += [f'--{border}\r\nContent-Disposition: form-data; name="{key}"\r\n\r\n{value}\r\n'.encode()
                  for key, value in fields.items()]
        return ask(self.sandbox, "POST", "/tasks/create/file", b"".join(parts) + f"--{border}--\r\n".encode(),
                   {"Content-Type": f"multipart/form-data; boundary={border}"})["task_id"]


class GoCheckResults(GoService):
    """One that is stopped loses what it waits for: the real one leaves its messages unacknowledged."""

    name, queue = "check_results", "worker/check_results"

    def __init__(self, node, vhost):
        super().__init__(node, vhost)
        self.watched = {}

    def handle(self, message):
        if not isinstance(message.get("TaskId"), int) or not message["TaskId"] or not message.get("CuckooURL"):
            raise Unreadable("No CuckooURL / TaskId!")
        kept = {"CuckooURL": message["CuckooURL"], "TaskId": message["TaskId"],
                "CritsData": crits_data(message.get("CritsData"))}
        self.watched[kept["CritsData"]["analysis_id"]] = kept

    def look(self):
        for analysis, message in list(self.watched.items()):
            if ask(message["CuckooURL"], "GET", f"/tasks/view/{message['TaskId']}")["task"]["status"] == "reported":
                self.send("worker/parse_and_submit", message)
                del self.watched[analysis]
