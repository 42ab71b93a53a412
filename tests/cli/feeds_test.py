"""Third-party lists from end to end: a server on this machine, `brood feeds`, the API, and the verdict with its reason."""

import http.server
import json
import os
import re
import subprocess
import threading
import time
import unittest

from command import PROGRAM, CommandCase, FAILED, OK, USAGE, brood, clean_environment, lines_of
from site_of_brood import Site, wait_for

BAD_ADDRESS = "203.0.113.7"
RULE = {"info": {"type": "hash"}, "rules": {"3rd_party_blacklist": [{"rules": "C&C", "score": 2.5}]}}
REPORT = {"info": {"id": 1, "version": "2.0.7", "platform": "windows"},
          "target": {"category": "file", "file": {"name": "a", "md5": "0" * 32, "sha256": "0" * 64}},
          "behavior": {"processes": [{"process_name": "a.exe", "pid": 1, "command_line": "a.exe"}]},
          "network": {"hosts": [BAD_ADDRESS, "10.0.0.9"]}}


class ListServer:
    """A server of one list that behaves as the test says; counts what it is asked."""

    def __init__(self):
        self.text, self.status, self.etag, self.kind, self.location = "", 200, "", "text/plain", ""
        self.hang = False
        self.asked, self.unchanged = 0, 0
        self.done = threading.Event()
        outer = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self):
                outer.answer(self)

            def log_message(self, *arguments):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self.server.server_port}/bad.txt"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def answer(self, request):
        self.asked += 1
        if self.hang:
            self.done.wait(60)
            return
        same = self.etag and request.headers.get("If-None-Match") == self.etag
        self.unchanged += bool(same)
        body = b"" if same else self.text.encode()
        request.send_response(304 if same else self.status)
        for name, value in (("ETag", self.etag), ("Location", self.location), ("Content-Type", self.kind)):
            if value:
                request.send_header(name, value)
        request.send_header("Content-Length", str(len(body)))
        request.end_headers()
        request.wfile.write(body)

    def close(self):
        self.done.set()
        self.server.shutdown()
        self.server.server_close()


class FeedsCase(CommandCase):
    def setUp(self):
        self.list = ListServer()
        self.addCleanup(self.list.close)
        self.site = Site({"sandboxd": {"engine": "replay", "reports": "recorded"},
                          "feeds": {"timeout": "2s", "update_every": "1h"}}, rules=RULE).__enter__()
        self.addCleanup(lambda: self.site.__exit__(None, None, None))
        recorded = self.site.folder / "recorded"
        recorded.mkdir()
        (recorded / "one.json").write_text(json.dumps(REPORT))
        self.configure()

    def configure(self, **feeds):
        self.site.settings["feeds"].update(feeds)
        self.site.write_config()
        with open(self.site.config, "a") as config:
            config.write(f'[[feeds.list]]\ncategory = "C&C"\nurl = "{self.list.url}"\n')

    def brood(self, *arguments):
        return brood(*arguments, cwd=self.site.folder)

    def update(self, *arguments):
        said = self.brood("feeds", "update", "--json", *arguments)
        (line,) = lines_of(said)
        return said.code, line

    def in_force(self):
        (line,) = lines_of(self.brood("feeds", "list", "--json"))
        return line

    def verdict(self, name):
        path = self.site.folder / name
        path.write_bytes(os.urandom(50))
        said = self.brood("submit", "--json", "--wait", path)
        self.assertEqual(said.code, OK, said)
        submission = lines_of(said)[0]["submission"]
        self.assertEqual(submission["state"], "scored", submission)
        return submission


class Update(FeedsCase):
    """`brood feeds update` with nothing else running."""

    def test_a_list_is_in_force_with_where_it_is_from_and_when(self):
        self.list.text = f"# list\n{BAD_ADDRESS}\n198.51.100.0/24 ; a net\n2001:db8::1\nbroken line\n"
        code, line = self.update()
        self.assertEqual((code, line["became"], line["entries"], line["before"], line["skipped"]), (OK, "updated", 3, 0, 1))
        state = self.in_force()
        self.assertEqual((state["category"], state["source"], state["entries"], state["trouble"]),
                         ("C&C", self.list.url, 3, ""))
        self.assertAlmostEqual(state["fetched"] / 1000, time.time(), delta=60)
        said = self.brood("feeds")
        self.assertRegex(said.out, rf"C&C +3 +20\d\d-\d\d-\d\d \d\d:\d\d:\d\d +up to date +{re.escape(self.list.url)}")

    def test_a_list_that_has_not_changed_is_not_sent_again(self):
        self.list.text, self.list.etag = f"{BAD_ADDRESS}\n", '"one"'
        self.assertEqual(self.update()[1]["became"], "updated")
        code, line = self.update()
        self.assertEqual((code, line["became"], line["entries"]), (OK, "unchanged", 1))
        self.assertEqual((self.list.asked, self.list.unchanged), (2, 1))

    def test_what_is_no_list_leaves_the_former_one_in_force(self):
        self.list.text = f"{BAD_ADDRESS}\n192.0.2.1\n192.0.2.2\n"
        self.assertEqual(self.update()[0], OK)

        def refused(why, **behaviour):
            before = dict(vars(self.list))
            vars(self.list).update(behaviour)
            code, line = self.update()
            vars(self.list).update({name: before[name] for name in behaviour})
            self.assertEqual((code, line["became"]), (FAILED, "failed"), line)
            self.assertIn(why, line["trouble"])
            state = self.in_force()
            self.assertEqual((state["entries"], state["trouble"]), (3, line["trouble"]))

        refused("a page", text="<html><body>We are moving</body></html>")
        refused("a page", kind="text/html")
        refused("answered 500", status=500)
        refused("1 entries after 3", text="192.0.2.1\n")
        refused("0 entries after 3", text="# all gone\n")
        refused("most of its lines", text="Too many requests,\nplease wait\n")
        refused("another scheme or host", status=302, location="https://127.0.0.1:1/bad.txt")
        refused("another scheme or host", status=302, location="http://localhost:9200/_all")
        refused("redirects", status=302, location="file:///etc/passwd")
        refused("", hang=True)
        said = self.brood("feeds", "update")
        self.assertEqual((said.code, said.err), (OK, ""))
        self.assertEqual(self.in_force()["trouble"], "")

    def test_a_shrunken_list_is_taken_by_force(self):
        self.list.text = f"{BAD_ADDRESS}\n192.0.2.1\n192.0.2.2\n"
        self.update()
        self.list.text = f"{BAD_ADDRESS}\n"
        said = self.brood("feeds", "update")
        self.assertEqual((said.code, said.out), (FAILED, ""))
        self.assertIn("--force", said.err)
        self.assertIn("the 3 former entries stay", said.err)
        code, line = self.update("--force")
        self.assertEqual((code, line["became"], line["entries"]), (OK, "updated", 1))

    def test_a_list_is_cleared_by_its_category(self):
        self.list.text = f"{BAD_ADDRESS}\n"
        self.update()
        self.assertEqual(self.brood("feeds", "clear").code, USAGE)
        self.assert_says(self.brood("feeds", "clear", "spam"), FAILED, "no such list")
        said = self.brood("feeds", "clear", "C&C")
        self.assertEqual((said.code, said.err), (OK, ""))
        self.assertIn("1 entries are out of force until its next update", said.out)
        self.assertEqual(self.in_force()["entries"], 0)

    def test_the_original_script_updates(self):
        self.list.text = f"{BAD_ADDRESS}\n"
        link = self.site.folder / "ThirdPartyBlacklist.py"
        link.symlink_to(os.path.abspath(PROGRAM))
        said = subprocess.run([str(link)], cwd=self.site.folder, capture_output=True, text=True, timeout=60,
                              env=clean_environment())
        self.assertEqual((said.returncode, said.stderr), (OK, ""))
        self.assertIn("updated, 1 entries", said.stdout)

    def test_nothing_is_fetched_that_nobody_has_turned_on(self):
        self.site.config.write_text('[brood]\nstate_dir = "state"\n')
        said = self.brood("feeds", "update")
        self.assert_says(said, FAILED, "no such list is configured", "brood feeds shipped")
        self.assertIn("shipped = [", self.brood("feeds", "shipped").out)
        names = {line["name"] for line in lines_of(self.brood("feeds", "shipped", "--json"))}
        self.assertLessEqual({"feodo", "spamhaus-drop", "et-compromised", "blocklist-de", "cins-army"}, names)
        said = self.brood("config", "check", "--feeds.shipped=feodoo")
        self.assertEqual(said.code, USAGE)
        self.assertIn("did you mean feodo?", said.err + said.out)


class Running(FeedsCase):
    """`brood run` and others beside it."""

    def test_a_list_leads_to_a_verdict_with_its_reason(self):
        self.list.text = f"{BAD_ADDRESS}\n10.0.0.9\n"  # the second is whitelisted from the start
        self.site.start("run")
        self.site.wait_log("a third-party list is in force.*entries=2")
        self.site.wait_api()
        time.sleep(1.1)  # a change counts within a second
        scored = self.verdict("first")
        self.assertTrue(scored["blacklisted"], scored)
        self.assertEqual(scored["reasons"], [{"reason": "3rd_party_blacklist", "data": BAD_ADDRESS}])

    def test_another_process_changes_a_list_and_it_counts_within_a_second(self):
        self.list.text = "192.0.2.1\n192.0.2.2\n"
        self.site.start("run")
        self.site.wait_log("a third-party list is in force")
        self.site.wait_api()
        self.assertFalse(self.verdict("before")["blacklisted"])
        self.list.text = f"192.0.2.1\n192.0.2.2\n{BAD_ADDRESS}\n"
        self.assertEqual(self.update()[0], OK)
        time.sleep(1.1)
        self.assertTrue(self.verdict("after")["blacklisted"])
        self.assertEqual(self.brood("feeds", "clear", "C&C").code, OK)
        time.sleep(1.1)
        self.assertFalse(self.verdict("cleared")["blacklisted"])
        asked = self.list.asked
        self.assertEqual(self.in_force()["entries"], 0)
        self.assertEqual(self.list.asked, asked, "what was cleared waits for its next update")

    def test_the_api_shows_updates_and_clears(self):
        self.list.text = f"{BAD_ADDRESS}\n"
        self.site.start("run")
        self.site.wait_log("a third-party list is in force")
        self.site.wait_api()

        def item():
            return json.loads(self.site.api("GET", "/api/v1/feeds")[1])["items"][0]
        self.assertEqual((item()["entries"], item()["source"], item()["configured"]), (1, self.list.url, True))
        self.list.text = f"{BAD_ADDRESS}\n192.0.2.1\n"
        status, body = self.site.api("POST", "/api/v1/feeds/update")
        self.assertEqual(status, 202, body)
        wait_for(lambda: item()["entries"] == 2, 20, item)
        self.list.status = 503
        self.site.api("POST", "/api/v1/feeds/update")
        wait_for(lambda: "answered 503" in item()["trouble"], 20, item)
        labels = f'{{category="C&C",source="{self.list.url}"}}'
        metrics = self.site.api("GET", "/metrics")[1].decode()
        self.assertIn(f"brood_feeds_entries{labels} 2", metrics)
        self.assertIn(f"brood_feeds_failures_total{labels} 1", metrics)
        wait_for(lambda: "brood_feeds_age_seconds" in self.site.api("GET", "/metrics")[1].decode(), 20, "its age")
        self.assertEqual(self.site.api("DELETE", "/api/v1/feeds?category=C%26C")[0], 204)
        self.assertEqual(item()["entries"], 0)
        self.assertIn("the former one stays in force", self.site.all_logs())

    def test_a_server_that_hangs_holds_up_neither_work_nor_the_stop(self):
        self.configure(timeout="1h")
        self.list.hang = True
        run = self.site.start("run")
        self.site.wait_api()
        wait_for(lambda: self.list.asked, 20, "the list is asked for")
        self.assertFalse(self.verdict("meanwhile")["blacklisted"])
        self.assertLess(run.stop(10), 10)

    def test_a_service_of_its_own_updates_on_schedule(self):
        self.configure(update_every="1s")
        self.list.text = "192.0.2.1\n"
        watch = self.site.start("feeds", "watch")
        wait_for(lambda: self.list.asked >= 2, 30, lambda: watch.log())
        self.list.text = f"192.0.2.1\n{BAD_ADDRESS}\n"
        wait_for(lambda: self.in_force()["entries"] == 2, 30, lambda: watch.log())
        watch.stop(10)


if __name__ == "__main__":
    unittest.main(verbosity=2)
