#!/usr/bin/env python3
"""The service in CRITs: its configuration, what it publishes, and that it tells no secret."""
import ast
import base64
import hashlib
import http.server
import json
import pathlib
import sys
import threading
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "support"))
from crits_stubs import FOLDER, Connector, Sample, ServiceConfigError, Task, load_service  # noqa: E402

# As the original stored it, key by key.
STORED = {"rabbit_address": "10.0.0.1", "rabbit_port": "5672", "rabbit_user": "guest", "rabbit_pw": "planted:p@ss/word",
          "rabbit_key": "worker/feed_cuckoo", "rabbit_exchange": "", "crits_api_key": "planted-api-key"}


TOKEN = "planted-token-of-broods-api"


class Brood:
    """brood's API as far as samples go: answers with these statuses, one after the other."""

    def __init__(self, *statuses):
        self.got, answers = [], list(statuses)
        brood = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_PUT(self):
                body = self.rfile.read(int(self.headers["Content-Length"]))
                brood.got.append((self.path, self.headers["Authorization"], body))
                answer = b'{"error": "of the test"}'
                self.send_response(answers.pop(0))
                self.send_header("Location", brood.url + "/elsewhere")
                self.send_header("Content-Length", str(len(answer)))
                self.end_headers()
                self.wfile.write(answer)

            do_GET = do_PUT

            def log_message(self, *_):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = "http://127.0.0.1:%s" % self.server.server_port
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.server.shutdown()
        self.server.server_close()


class CritsService(unittest.TestCase):
    def setUp(self):
        self.package = load_service()
        self.type = self.package.CuckooDistributedService
        self.service = self.type()
        self.service.current_task = Task("1111", "analyst")
        self.config = self.type.get_config(STORED)

    def run_with(self, content=b"MZ\x00\xff", **more):
        self.service.run(Sample("a.exe", content, "6b01"), dict(self.config, **more))
        return Connector.published[-1] if Connector.published else None

    def test_it_takes_the_originals_place(self):
        self.assertEqual(self.type.name, "Cuckoo_Distributed")
        self.assertEqual(self.type.template, "cd_service_template.html")
        self.assertTrue((FOLDER / "cuckoo_distributed_service" / "templates" / self.type.template).exists())
        self.assertTrue(self.type.distributed)
        self.assertEqual(self.type.supported_types, ["Sample"])

    def test_what_was_stored_stays_and_what_is_new_has_its_default(self):
        for key, value in STORED.items():
            self.assertEqual(self.config[key], value)
        self.assertEqual((self.config["crits_url"], self.config["rabbit_ssl"]), ("", False))
        self.assertEqual((self.config["brood_url"], self.config["brood_token"]), ("", ""))
        self.type.parse_config(self.config)
        self.assertEqual(self.type.get_config(None)["rabbit_key"], "worker/feed_cuckoo")

    def test_a_configuration_that_cannot_work_is_told(self):
        for wrong, told in [({"rabbit_pw": ""}, "RabbitMQ password"), ({"rabbit_port": "70000"}, "port"),
                            ({"rabbit_port": "amqp"}, "port"), ({"crits_url": "crits.example"}, "CRITs URL"),
                            ({"crits_url": "http://user:pw@crits.example"}, "CRITs URL"), ({"crits_api_key": None}, "API")]:
            with self.assertRaises(ServiceConfigError) as raised:
                self.type.parse_config(dict(self.config, **wrong))
            self.assertIn(told, str(raised.exception))

    def test_the_message_is_as_feed_cuckoo_takes_it(self):
        body, exchange, key = self.run_with(crits_url="https://crits.example/")
        self.assertEqual((exchange, key), ("", "worker/feed_cuckoo"))
        self.assertEqual(json.loads(json.dumps(body)), {
            "payload": {},
            "file": {"name": "a.exe", "data": base64.b64encode(b"MZ\x00\xff").decode()},
            "crits_data": {"crits_url": "https://crits.example", "analysis_id": "1111", "object_type": "Sample",
                           "object_id": "6b01", "username": "analyst", "api_key": "planted-api-key", "md5": "00",
                           "source": "test"}})
        self.assertEqual(self.service.told, [("info", "The sample waits for a sandbox.")])
        self.assertEqual(Connector.released, 1)

    def test_what_a_run_chooses_goes_to_the_sandbox_as_texts(self):
        body, _, _ = self.run_with(package="dll", timeout=120, priority=None, machine="", options="a=b")
        self.assertEqual(body["payload"], {"package": "dll", "timeout": "120", "options": "a=b"})

    def test_a_password_may_hold_anything(self):
        self.run_with()
        self.assertEqual(Connector.opened[0][1], "amqp://guest:planted%3Ap%40ss%2Fword@10.0.0.1:5672")
        self.run_with(rabbit_ssl=True, rabbit_vhost="a/b", rabbit_address="::1")
        self.assertEqual(Connector.opened[1][1], "amqps://guest:planted%3Ap%40ss%2Fword@[::1]:5672/a%2Fb")
        self.assertEqual(Connector.opened[1][2]["cert_reqs"], 2, "certificates are checked")

    def test_the_key_under_which_the_original_read_the_exchange_works_too(self):
        self.assertEqual(self.run_with(rabbit_exch="other")[1], "other")

    def test_a_failure_is_told_without_secrets(self):
        Connector.failure = "cannot connect to %s with planted:p@ss/word and planted-api-key"
        self.assertIsNone(self.run_with())
        level, sentence = self.service.told[0]
        self.assertEqual(level, "error")
        for secret in ("planted:p@ss/word", "planted%3Ap%40ss%2Fword", "planted-api-key"):
            self.assertNotIn(secret, sentence)
        self.assertIn("10.0.0.1", sentence)

    def test_what_crits_shows_and_keeps_holds_no_secret(self):
        details = self.type.get_config_details(self.config)
        self.assertEqual(details["RabbitMQ password"], "[secret]")
        self.assertNotIn("planted-api-key", str(details))
        saved = dict(self.config)
        self.type.save_runtime_config(saved)
        self.assertNotIn("planted", str(saved))

    def test_a_sample_without_content_is_refused(self):
        sample = Sample("a", b"", "6b01")
        self.type.valid_for(sample)
        sample.filedata.grid_id = None
        with self.assertRaises(ServiceConfigError):
            self.type.valid_for(sample)

    def test_a_sample_without_name_goes_under_its_md5(self):
        self.service.run(Sample(None, b"x", "6b01", md5="abcd"), self.config)
        self.assertEqual(Connector.published[0][0]["file"]["name"], "abcd")

    def test_with_broods_api_a_message_carries_a_reference(self):
        with Brood(201, 200) as brood:
            for _ in range(2):  # the second time brood has it already
                body, _, _ = self.run_with(b"MZ\x00\xff", brood_url=brood.url + "/", brood_token=TOKEN)
                sha256 = hashlib.sha256(b"MZ\x00\xff").hexdigest()
                self.assertEqual((body["sample"], body["file"]), ("sha256:" + sha256, {"name": "a.exe", "data": ""}))
            self.assertEqual(brood.got, [("/api/v1/samples/" + sha256, "Bearer " + TOKEN, b"MZ\x00\xff")] * 2)
        self.assertEqual(self.service.told, [("info", "The sample waits for a sandbox.")] * 2)

    def test_where_broods_api_does_not_answer_the_sample_travels_in_the_message(self):
        with Brood(503) as brood:
            url = brood.url
            body, _, _ = self.run_with(b"MZ", brood_url=url, brood_token=TOKEN)
        again, _, _ = self.run_with(b"MZ", brood_url=url, brood_token=TOKEN)
        for message in (body, again):
            self.assertEqual(message["file"]["data"], base64.b64encode(b"MZ").decode())
            self.assertNotIn("sample", message)
        told = [sentence for level, sentence in self.service.told if level == "info"]
        self.assertIn("brood answers 503: of the test", told[0])
        self.assertIn("cannot be reached", told[2])
        self.assertNotIn(TOKEN, str(self.service.told))

    def test_where_broods_api_refuses_nothing_is_published_and_the_token_goes_nowhere_else(self):
        with Brood(413, 401, 302) as brood:
            for status in (413, 401, 302):
                self.assertIsNone(self.run_with(b"MZ", brood_url=brood.url, brood_token=TOKEN))
                level, sentence = self.service.told[-1]
                self.assertEqual(level, "error")
                self.assertIn("brood answers %s" % status, sentence)
                self.assertNotIn(TOKEN, sentence)
            self.assertEqual(len(brood.got), 3, "no redirection is followed")

    def test_broods_url_needs_its_token(self):
        for wrong, told in [({"brood_url": "http://b"}, "token"), ({"brood_url": "b:80", "brood_token": TOKEN}, "brood URL"),
                            ({"brood_url": "http://b", "brood_token": "two\r\nlines-and-more"}, "token")]:
            with self.assertRaises(ServiceConfigError) as raised:
                self.type.parse_config(dict(self.config, **wrong))
            self.assertIn(told, str(raised.exception))
        config = dict(self.config, brood_url="http://b", brood_token=TOKEN)
        self.type.parse_config(config)
        self.assertNotIn(TOKEN, str(self.type.get_config_details(config)))
        self.type.save_runtime_config(config)
        self.assertNotIn(TOKEN, str(config))

    def test_forms_are_made(self):
        form, html = self.type.generate_config_form(self.config)
        self.assertIs(form, self.package.forms.CuckooDistributedConfigForm)
        self.assertEqual(html[0], "services_config_form.html")
        self.assertEqual(self.type.generate_runtime_form("analyst", self.config, "Sample", "6b01")[0],
                         "services_run_form.html")
        self.assertEqual(self.type.bind_runtime_form("analyst", {"package": "exe"}).data, {"package": "exe"})

    def test_nothing_in_it_is_unknown_to_python_2(self):
        newer = (ast.JoinedStr, ast.AnnAssign, ast.Nonlocal, ast.AsyncFunctionDef, ast.YieldFrom, ast.NamedExpr,
                 ast.Starred)
        for path in (FOLDER / "cuckoo_distributed_service").glob("*.py"):
            for node in ast.walk(ast.parse(path.read_text())):
                self.assertNotIsInstance(node, newer, path)
                if isinstance(node, (ast.FunctionDef, ast.Lambda)):
                    self.assertFalse(node.args.kwonlyargs, path)
                if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "super":
                    self.assertTrue(node.args, path)
            self.assertTrue(path.read_text().isascii(), path)


DEBIANS = "/usr/lib/python3/dist-packages"


class ResultsPage(unittest.TestCase):
    def render(self, results, status="completed"):
        for name in [name for name in sys.modules if name.split(".")[0] == "django"]:
            del sys.modules[name]  # those of the stubs
        if DEBIANS not in sys.path:
            sys.path.append(DEBIANS)  # another Python than Debian's finds python3-django there too
        from django.template import Context, Engine
        folder = FOLDER / "cuckoo_distributed_service" / "templates"
        template = Engine().from_string((folder / "cd_service_template.html").read_text())
        return template.render(Context({"analysis": {"results": results, "status": status}}))

    @staticmethod
    def item(number, subtype, result, **data):
        return dict({"subtype": subtype, "result": result, "batch": number // 1_000_000, "item": number}, **data)

    def test_a_batch_that_stands_there_twice_is_shown_once(self):
        first = [self.item(1_000_000, "info", "win7", started="yesterday"), self.item(1_000_001, "file", "same"),
                 self.item(1_000_002, "file", "same")]
        second = [self.item(2_000_000, "mutex", "m")]
        once, twice = self.render(first + second), self.render(first + first + second + second)
        self.assertEqual(once.split(), twice.split())
        self.assertEqual(once.count("<td>same</td>"), 2, "two results that only look the same are two")
        self.assertEqual([once.count("<h4>%s</h4>" % name) for name in ("info", "file", "mutex")], [1, 1, 1])
        self.assertNotIn("Batch", once)

    def test_arguments_of_calls_are_shown_and_markup_is_text(self):
        page = self.render([self.item(1_000_000, "api_call", "NtClose",
                                      arguments=[{"name": "Handle", "value": "<script>"}])])
        self.assertIn("Handle=&lt;script&gt;", page)
        self.assertNotIn("<script>", page)

    def test_results_of_the_original_are_shown_as_they_come(self):
        page = self.render([{"subtype": "file", "result": "a"}, {"subtype": "file", "result": "a", "k": "v"}])
        self.assertEqual(page.count("<td>a</td>"), 2)

    def test_an_empty_page_says_why(self):
        self.assertIn("waits for a sandbox", self.render([], "started"))
        self.assertIn("no results", self.render([]))


if __name__ == "__main__":
    unittest.main()
