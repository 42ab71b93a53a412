#!/usr/bin/env python3
"""A stand-in for CRITs: the three calls that results go through, as a real one (2016, Django 1.11) answered them.

usage: crits_stand_in.py [--port N]      prints "http://127.0.0.1:PORT" and runs until its input ends

Under /_test/ a test looks at it and makes it fail:
  GET  /_test/state                  {"analyses", "samples", "relations", "requests", "problems"}
  POST /_test/analysis  JSON         {"analysis_id", "object_id"}: CRITs knows this analysis from now on
  POST /_test/fault     JSON         {"kind": "500" | "503" | "lost" | "slow", "times": n, "call": "services" | …}
"lost": the request is done, the connection ends without an answer.
"""
import argparse
import hashlib
import http.server
import json
import re
import sys
import threading
import time
import urllib.parse

from python2_literal import LiteralError, evaluate

USER, KEY = "crits", "0123456789abcdef0123456789abcdef01234567"
MAX_BODY = 2_621_440       # Django's DATA_UPLOAD_MAX_MEMORY_SIZE
MAX_DOCUMENT = 16_777_216  # MongoDB's
OBJECT_ID = "6b01f626405ea78eaef8d266"
OBJECT_CONTENT = b"MZ the analysed sample\n"
SORRY = {"error_message": "Sorry, this request could not be processed. Please try again later."}
CSRF = ("\n<!DOCTYPE html>\n<html lang=\"en\">\n<head><title>403 Forbidden</title></head>\n<body>"
        "<h1>Forbidden <span>(403)</span></h1>\n<p>CSRF verification failed. Request aborted.</p></body>\n</html>\n")


class Uncaught(Exception):
    """Ends as 500, like any exception in CRITs."""


def bson_size(value):
    """Roughly what a value takes in MongoDB, key not included."""
    if isinstance(value, dict):
        return 5 + sum(2 + len(str(key).encode()) + bson_size(item) for key, item in value.items())
    if isinstance(value, (list, tuple)):
        return 5 + sum(2 + len(str(i)) + bson_size(item) for i, item in enumerate(value))
    if isinstance(value, str):
        return 5 + len(value.encode())
    return 8


class Crits:
    """What CRITs knows. All of it under one lock."""

    def __init__(self):
        self.lock = threading.Lock()
        self.samples, self.analyses, self.relations = {}, {}, []
        self.requests, self.problems, self.faults = [], [], []
        self.add_sample("sample.exe", OBJECT_CONTENT, OBJECT_ID)

    def add_sample(self, name, content, sample_id=None):
        md5 = hashlib.md5(content).hexdigest()
        for known, sample in self.samples.items():
            if sample["md5"] == md5:
                return known, False
        sample_id = sample_id or hashlib.sha256(content).hexdigest()[:24]
        self.samples[sample_id] = {"md5": md5, "name": name, "bytes": len(content)}
        return sample_id, True

    def take_fault(self, call):
        with self.lock:
            for fault in self.faults:
                if fault["times"] > 0 and fault.get("call") in (None, call):
                    fault["times"] -= 1
                    return fault["kind"]
        return None

    def services(self, form):
        """POST /api/v1/services/: result, then log, then finish."""
        object_type, object_id = form.get("object_type"), form.get("object_id")
        analysis_id = form.get("analysis_id")
        answer = {"return_code": 1, "type": object_type}
        if not (object_type and object_id and analysis_id):
            return {**answer, "message": "Need an object type, object id, and analysis id."}
        message, failed = "", False
        if form.get("result"):
            complaint = self.check_lists(form)
            if complaint:
                return {**answer, "message": complaint}
            problem = self.add_results(object_type, object_id, analysis_id, form)
            failed, message = failed or bool(problem), message + problem
        analysis = self.analyses.get(analysis_id)
        if form.get("log_message"):
            if analysis is None:
                failed, message = True, message + ", Could not find task to add log to."
            else:
                analysis["log"].append([form.get("log_level") or "info", form["log_message"]])
        if form.get("finish") and analysis is not None:
            analysis["finished"] += 1
            analysis["status"] = "error" if form.get("status") == "error" else "completed"
        return {"return_code": int(failed), "message": message, "type": object_type, "id": object_id,
                "url": "/api/v1/samples/%s/" % object_id}

    @staticmethod
    def check_lists(form):
        if not (form.get("result_type") and form.get("result_subtype")):
            return "When adding a result, result, result_type and result_subtype are needed."
        if not form.get("result_is_batch"):
            return ""
        try:
            lengths = {len(json.loads(form[name])) for name in ("result", "result_type", "result_subtype")}
        except ValueError as problem:
            raise Uncaught("bad JSON: %s" % problem) from problem
        if len(lengths) != 1:
            return "When adding results in batch result, result_type, and result_subtype must have the same length!"
        return "An empty batch adds nothing." if lengths == {0} else ""

    def add_results(self, object_type, object_id, analysis_id, form):
        if object_type != "Sample" or not re.fullmatch("[0-9a-f]{24}", object_id):
            raise Uncaught("object_type or object_id is none")
        if object_id not in self.samples:
            return ", Could not find object to add results to."
        lists = [form["result"], form["result_type"], form["result_subtype"]]
        lists = [json.loads(text) for text in lists] if form.get("result_is_batch") else [[text] for text in lists]
        items = []
        for result, data, subtype in zip(*lists):
            item = {"subtype": subtype, "result": result}
            try:
                value = evaluate(data)
                item.update(value if isinstance(value, dict) else self.pairs(value))
            except LiteralError as problem:
                self.problems.append("%s: %.200s" % (problem, data))
                raise Uncaught("literal: %s" % problem) from problem
            items.append(item)
        analysis = self.analyses.get(analysis_id)
        if analysis is None:
            return ""  # dropped without a word
        size = analysis["bytes"] + sum(bson_size(item) for item in items)
        if size > MAX_DOCUMENT:
            raise Uncaught("the document is too large")
        analysis["bytes"] = size
        analysis["results"] += items
        return ""

    @staticmethod
    def pairs(value):
        if value not in ([], ()):
            raise LiteralError("no dictionary")
        return {}

    def post_sample(self, form, files):
        answer = {"type": "Sample", "return_code": 1}
        if form.get("upload_type") not in ("file", "metadata"):
            return {**answer, "message": "Must specify an upload type."}
        if "filedata" not in files:
            return {**answer, "message": "Upload type of 'file' but no file uploaded."}
        name, content = files["filedata"]
        if not form.get("source"):
            return {**answer, "message": "Missing source information."}
        if form["source"] != "test":
            return {**answer, "message": "User does not have permission to add object using source %s." % form["source"]}
        if not content:
            return {**answer, "message": "At least MD5 hash is required."}
        done = {"return_code": 0, "type": "Sample"}
        if content[:4] in (b"\xd4\xc3\xb2\xa1", b"\xa1\xb2\xc3\xd4"):
            return {**done, "message": "Success: a PCAP was added."}
        sample_id, new = self.add_sample(name, content)
        md5 = self.samples[sample_id]["md5"]
        return {**done, "id": sample_id, "url": "/api/v1/samples/%s/" % sample_id,
                "message": "Success: %s sample <a href=\"/samples/details/%s/\">%s.</a>"
                           % ("Added new" if new else "Updated", md5, md5)}

    def patch_sample(self, left, form):
        answer = {"type": "Sample", "return_code": 1, "id": left}
        if left not in self.samples:
            return None
        if form.get("action") != "forge_relationship":
            return {**answer, "message": "'%s' is not a valid action." % form.get("action")}
        right = form.get("right_id")
        if right not in self.samples or form.get("right_type") != "Sample":
            return {**answer, "message": "Failed to get right TLO"}
        if right == left:
            return {**answer, "message": "Cannot forge relationship to oneself"}
        if form.get("rel_type") != "Related To":
            return {**answer, "message": "Could not find relationship type"}
        if [left, right] in self.relations:
            return {**answer, "message": "Relationship already exists"}
        self.relations.append([left, right])
        return {**answer, "return_code": 0, "message": "success!"}

    def state(self):
        with self.lock:
            return {"analyses": self.analyses, "samples": self.samples, "relations": self.relations,
                    "requests": self.requests, "problems": self.problems}


def read_multipart(content_type, body):
    """Fields and files of a body, as Django reads them: a name is cut at its last backslash."""
    boundary = re.search(r'boundary="?([^";]+)', content_type)[1].encode()
    form, files = {}, {}
    for part in body.split(b"--" + boundary)[1:-1]:
        head, _, data = part[2:-2].partition(b"\r\n\r\n")
        text = head.decode("utf-8", "replace")
        name = re.search(r'[^e]name="([^"]*)"', text)[1]
        file_name = re.search(r'filename="((?:[^"\\]|\\.)*)"', text)
        if file_name:
            plain = re.sub(r"\\(.)", r"\1", file_name[1])
            files[name] = (re.split(r"[\\/]", plain)[-1], data)
        else:
            form[name] = data.decode("utf-8", "replace")
    return form, files


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.0"

    def log_message(self, *args):
        pass

    @property
    def crits(self):
        return self.server.crits

    def answer(self, status, body, kind="application/json"):
        data = body if isinstance(body, bytes) else body.encode()
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def do_GET(self):
        if self.path == "/_test/state":
            return self.answer(200, json.dumps(self.crits.state()))
        return self.answer(405, "", "text/html; charset=utf-8")

    def do_POST(self):
        self.handle_call("POST")

    def do_PATCH(self):
        self.handle_call("PATCH")

    def handle_call(self, method):
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        if self.path.startswith("/_test/"):
            return self.control(json.loads(body))
        url = urllib.parse.urlsplit(self.path)
        call = url.path.rstrip("/").split("/")[3] if url.path.count("/") >= 3 else ""
        with self.crits.lock:
            self.crits.requests.append({"call": method + " " + call, "bytes": len(body)})
        fault = self.crits.take_fault(call)
        if fault == "slow":
            time.sleep(0.3)
        if fault in ("500", "503"):
            return self.answer(int(fault), json.dumps(SORRY))
        status, text, kind = self.reply(method, url, body)
        if fault == "lost":
            return self.connection.close()
        return self.answer(status, text, kind)

    def control(self, wish):
        with self.crits.lock:
            if self.path == "/_test/analysis":
                self.crits.analyses[wish["analysis_id"]] = {"results": [], "log": [], "finished": 0, "bytes": 0,
                                                            "status": "started"}
            else:
                self.crits.faults.append(wish)
        return self.answer(200, "{}")

    def reply(self, method, url, body):
        html = "text/html; charset=utf-8"
        if not url.path.endswith("/"):
            return 403, CSRF, "text/html"
        form, files, problem = self.read(body)
        if problem == 500:
            return 500, json.dumps(SORRY), "application/json"
        if not self.authorized(method, url, form):
            return 401, "", html
        if problem:
            return problem, json.dumps(SORRY), "application/json"
        with self.crits.lock:
            try:
                if method == "POST" and url.path == "/api/v1/services/":
                    found = self.crits.services(form)
                elif method == "POST" and url.path == "/api/v1/samples/":
                    found = self.crits.post_sample(form, files)
                elif method == "PATCH" and re.fullmatch("/api/v1/samples/[^/]*/", url.path):
                    found = self.crits.patch_sample(url.path.split("/")[4], form)
                else:
                    found = None
            except Uncaught:
                return 500, json.dumps(SORRY), "application/json"
        if found is None:
            return 404, "", html
        return 200, json.dumps(found), "application/json"

    def read(self, body):
        """Fields, files, and the status of a refusal, if any."""
        kind = self.headers.get("Content-Type", "")
        if not body or len(body) > MAX_BODY:
            return {}, {}, 500
        if kind.startswith("application/x-www-form-urlencoded"):
            form = dict(urllib.parse.parse_qsl(body.decode(), keep_blank_values=True))
            return form, {}, None if kind == "application/x-www-form-urlencoded" else 415
        if kind.startswith("multipart/form-data"):
            return (*read_multipart(kind, body), None)
        if kind.startswith("application/json"):
            return json.loads(body), {}, None
        return {}, {}, 415

    def authorized(self, method, url, form):
        header = self.headers.get("Authorization")
        if header:
            return header == "ApiKey %s:%s" % (USER, KEY)
        query = dict(urllib.parse.parse_qsl(url.query))
        for given in (query, form if method == "POST" else {}):
            if given.get("username") == USER and given.get("api_key") == KEY:
                return True
        return False


class Server(http.server.ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 64

    def __init__(self, port=0):
        super().__init__(("127.0.0.1", port), Handler)
        self.crits = Crits()
        self.url = "http://127.0.0.1:%d" % self.server_address[1]


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--port", type=int, default=0)
    server = Server(parser.parse_args().port)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    print(server.url, flush=True)
    sys.stdin.read()


if __name__ == "__main__":
    main()
