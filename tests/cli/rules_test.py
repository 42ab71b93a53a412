"""`brood rules check` and `brood rules test`: what they say of good and bad rules, and the shape of their JSON lines."""

import json
import pathlib
import re
import tempfile
import unittest

from command import CommandCase, FAILED, OK, SOURCE, USAGE, brood, lines_of

CASES = SOURCE / "tests" / "rules"
MD5 = "44d88612fea8a8f36de82e1278abb02f"
RAW = {"info": {"score": 1.0}, "target": {"file": {"name": "a.exe", "md5": MD5}},
       "signatures": [{"name": "steals", "severity": 3}], "network": {"hosts": ["10.1.2.3", "8.8.4.4"]},
       "strings": ["evil marker", "evil\tmarker \u202e"]}
RULE = {"info": {"type": "hash", "description": "for the tests"},
        "rules": {"string": [{"description": "m", "rules": ["evil*"], "score": 1.5}],
                  "signature_name": [{"description": "s", "rules": ["steals"], "score": 1.0}]}}


class RuleCase(CommandCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)
        (self.folder / "rules").mkdir()
        self.rule(RULE)
        self.report = self.folder / "report.json"
        self.report.write_text(json.dumps(RAW))

    def rule(self, content, name="one.json"):
        (self.folder / "rules" / name).write_text(content if isinstance(content, str) else json.dumps(content))

    def changed(self, key, rules):
        return {"info": RULE["info"], "rules": {key: rules}}


class Check(RuleCase):
    def test_the_shipped_rules_are_good(self):
        said = brood("rules", "check", SOURCE / "rules")
        self.assertEqual(said.code, OK, said)
        self.assertRegex(said.out, r"\d+ ")

    def test_it_tells_how_texts_are_looked_for_and_what_is_slow(self):
        self.rule(self.changed("string", [{"rules": ["fine*", "!REGEX!(?=slow)"], "score": 1}]), "more.json")
        said = brood("rules", "check", self.folder / "rules")
        self.assertEqual(said.code, OK, said)
        self.assertRegex(said.out, r"texts: \d+ looked up, 2 decided by Hyperscan, 1 found by Hyperscan")
        slow = [line for line in said.out.splitlines() if line.startswith("slow: ")]
        self.assertEqual(len(slow), 1, said)
        self.assertIn("!REGEX!(?=slow)", slow[0])

    def test_the_folder_of_the_settings_is_the_default(self):
        self.assertEqual(brood("rules", "check", cwd=self.folder).code, OK)
        self.assertEqual(brood("rules", "check", "--rules.folder=nowhere", cwd=self.folder).code, FAILED)

    def test_each_problem_of_each_file_is_told_at_once_with_file_key_and_value(self):
        self.rule(self.changed("no_such_key", [{"rules": ["x"], "score": 1}]), "a.json")
        self.rule(self.changed("string", [{"rules": ["re:(unclosed"], "score": 1}]), "b.json")
        self.rule(self.changed("string", [{"rules": ["fine"], "score": "much"}]), "c.json")
        self.rule("{ no JSON", "d.json")
        said = brood("rules", "check", self.folder / "rules")
        self.assertEqual((said.code, said.out), (FAILED, ""))
        for file, part in (("a.json", "no_such_key"), ("c.json", "score"), ("d.json", "")):
            self.assertTrue([line for line in said.err.splitlines() if file in line and part in line], said.err)

    def test_a_folder_that_is_not_there_is_named(self):
        said = brood("rules", "check", self.folder / "absent")
        self.assert_says(said, FAILED, self.folder / "absent")

    def test_the_broken_files_of_the_cases_are_refused(self):
        self.assertEqual(brood("rules", "check", CASES / "broken_files" / "rules").code, FAILED)


class Try(RuleCase):
    def test_a_json_line_has_exactly_the_documented_members(self):
        for arguments in (("--json", "rules", "test"), ("rules", "--json", "test"), ("rules", "test", "--json")):
            said = brood(*arguments, "--rules", self.folder / "rules", self.report)
            self.assertEqual((said.code, said.err), (OK, ""), said)
            line, = lines_of(said)
            self.assertEqual(list(line), ["file", "type", "value", "score", "blacklisted", "reasons"])
            self.assertEqual((line["file"], line["type"], line["value"], line["score"], line["blacklisted"]),
                             (str(self.report), "hash", MD5, 2.5, True))
            self.assertEqual([list(reason) for reason in line["reasons"]], [["reason", "data"]] * len(line["reasons"]))
            self.assertIn({"reason": "signature_name", "data": "steals"}, line["reasons"])
            self.assertIn({"reason": "string", "data": "evil\tmarker \u202e"}, line["reasons"])

    def test_a_filtered_document_gives_the_same_from_a_file_and_from_a_pipe(self):
        filtered = brood("report", "filter", self.report).out.encode()
        (self.folder / "filtered.json").write_bytes(filtered)
        raw = self.try_json(self.report)
        for got in (self.try_json(self.folder / "filtered.json"), self.try_json("-", stdin=filtered),
                    self.try_json("-", stdin=self.report.read_bytes())):
            self.assertEqual([{**line, "file": ""} for line in got], [{**line, "file": ""} for line in raw])

    def try_json(self, *arguments, **options):
        said = brood("rules", "test", "--json", "--rules", self.folder / "rules", *arguments, **options)
        self.assertEqual((said.code, said.err), (OK, ""), said)
        return lines_of(said)

    def test_lists_hide_what_is_whitelisted_and_answer_third_party_rules(self):
        self.rule(self.changed("3rd_party_blacklist", [{"rules": ["feed"], "score": 3}]), "third.json")
        lists = self.folder / "lists"
        (lists / "third_party").mkdir(parents=True)
        self.assertEqual(self.try_json("--lists", lists, self.report)[0]["score"], 2.5)
        (lists / "third_party" / "feed.txt").write_text("10.1.2.3\n")
        self.assertEqual(self.try_json("--lists", lists, self.report)[0]["score"], 5.5)
        self.assertEqual(self.try_json(self.report)[0]["score"], 2.5)
        (lists / "whitelist.txt").write_text("10.0.0.0/8\n")
        self.assertEqual(self.try_json("--lists", lists, self.report)[0]["score"], 2.5)

    def test_text_shows_every_match_and_the_total_and_commands_no_terminal(self):
        said = brood("rules", "test", "--rules", self.folder / "rules", self.report)
        self.assertEqual(said.code, OK, said)
        self.assertIn("2.5", said.out)
        self.assertIn("signature_name: steals", said.out)
        self.assertIsNone(re.search(r"[\x00-\x08\x0b-\x1f\x7f]", said.out))

    def test_text_names_the_value_that_matched_and_the_object_that_a_group_lacks(self):
        self.rule({"info": RULE["info"], "rules": {
            "string": [{"rules": ["evil?marker"], "score": 1, "group_id": 7}],
            "mutex": [{"rules": ["DC_MUTEX-*"], "score": 1, "group_id": 7}]}}, "group.json")
        said = brood("rules", "test", "--rules", self.folder / "rules", self.report)
        self.assertEqual(said.code, OK, said)
        self.assertIn("string: evil marker  (matched by evil*)", said.out)
        self.assertRegex(said.out, r"nearly: group 7 .* 2 objects .*: mutex: DC_MUTEX-\*")

    def test_one_bad_report_is_named_and_the_others_are_tried(self):
        page = self.folder / "page.html"
        page.write_text("<html>")
        said = brood("rules", "test", "--json", "--rules", self.folder / "rules", page, self.report, "absent.json")
        self.assertEqual(said.code, FAILED)
        self.assertEqual(len(lines_of(said)), 1)
        self.assertEqual(len(said.err.splitlines()), 2, said.err)
        self.assertIn(str(page), said.err)
        self.assertIn("absent.json", said.err)

    def test_the_cases_of_the_rules_have_their_verdicts_here_too(self):
        tried = 0
        for case in sorted(CASES.iterdir()):
            if not (case / "report.json").exists() or not (case / "expected.json").exists():
                continue
            if "error" in json.loads((case / "expected.json").read_text()) or case.name == "broken_files":
                continue
            lists = ("--lists", case / "lists") if (case / "lists").is_dir() else ()
            said = brood("rules", "test", "--json", "--rules", case / "rules", *lists, case / "report.json")
            self.assertEqual(said.code, OK, (case.name, said))
            tried += 1
        self.assertGreater(tried, 40)

    def test_no_report_is_a_wrong_command_line(self):
        self.assertEqual(brood("rules", "test").code, USAGE)


if __name__ == "__main__":
    unittest.main(verbosity=2)
