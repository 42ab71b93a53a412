"""The ways of a submission on which the crash points lie. Each scenario takes a point, returns what it saw."""

import base64
import hashlib
import json
import random

from crits_site import CritsSite
from invariants import judge
from site_of_brood import BAD, Site, wait_for

PASSES = (1, 3)  # killed when the point is passed for the first time, then for the third

# Small hands, so that a third pass comes with few samples.
SMALL_HANDS = {
    "submit_binary": {"workers": 2, "in_hand": 2},
    "feed_cuckoo": {"workers": 2, "prefetch_count": 4},
    "check_results": {"workers": 1},
    "parse_and_submit": {"workers": 2, "prefetch_count": 2, "cuckoo_cleanup": True},
    "blacklist_processor": {"workers": 1, "prefetch_count": 2, "batch": 1},
    "overseer": {"max_refeeds": 1},
}

DEADLINE = 60


def put_wave(site, wave, name="sample"):
    """Six contents, each second one known to the rule as bad, and three of them once more."""
    dice = random.Random(wave)
    bad = set()
    for i in range(6):
        content = dice.randbytes(600) + (BAD if i % 2 else b"")
        sha256 = site.put(f"{name}-{wave}-{i}", content)
        if i % 2:
            bad.add(sha256)
        if i < 3:
            site.put(f"{name}-{wave}-{i}-again", content)
    return bad


def kill_at(site, point, passes):
    process = site.start("run", crash_at=f"{point}:{passes}")
    process.wait_killed(DEADLINE, f"{point}:{passes}")


def finish(site, refed=0):
    """Started again without a crash point everything ends, and the program stops as it should."""
    process = site.start("run")
    site.wait_ended(DEADLINE)
    site.wait_queues_empty()
    found = judge(site, refed)
    found.require_nothing_wrong()
    process.stop()
    return found


def check_verdicts(site, bad):
    for row in site.records.submissions():
        expected = ("scored", row["sha256"] in bad, 2.5 if row["sha256"] in bad else 0.0)
        assert (row["state"], bool(row["blacklisted"]), row["score"]) == expected, (expected, row)
    entries = [entry["sha256"] for entry in site.records.blacklist() if entry["type"] == "hash"]
    assert sorted(entries) == sorted(bad), f"blacklist {entries}, expected {bad}"


def on_the_way(point):
    """Files from the watched folder to their verdict; each kill finds a fresh wave."""
    with Site(SMALL_HANDS) as site:
        site.start_sandbox()
        bad = set()
        for wave, passes in enumerate(PASSES):
            bad |= put_wave(site, wave)
            kill_at(site, point, passes)
        found = finish(site)
        check_verdicts(site, bad)
        assert not site.tasks(), f"tasks left in the sandbox: {site.tasks()}"
        return f"{found}, {len(site.sightings)} scored"


def fed_anew(point):
    """Kills right before uploads; when the marker is nowhere they are fed anew, and killed there again."""
    with Site(SMALL_HANDS) as site:
        site.start_sandbox()
        bad = set()
        for wave in range(3):
            bad |= put_wave(site, wave)
            kill_at(site, "feed_cuckoo.feeding_written", 2)
        for passes in (1, 2):
            kill_at(site, point, passes)
        found = finish(site)
        check_verdicts(site, bad)
        return f"{found}, {len(site.sightings)} scored"


def failing(point):
    """Every task fails in the sandbox: it is fed again once, then given up with the reason."""
    with Site(SMALL_HANDS) as site:
        site.start_sandbox()
        for wave, passes in enumerate(PASSES):
            put_wave(site, wave, "fault=failed.")
            kill_at(site, point, passes)
        found = finish(site, refed=len(site.sightings))
        for row in site.records.submissions():
            assert row["state"] == "failed" and "failed_analysis" in row["reason"], row
        dumped = [path.name for path in (site.folder / "dump").glob("[!.]*.json")]  # a kill may leave a draft
        assert len(dumped) == len(site.sightings), f"{len(dumped)} dumps of {len(site.sightings)} failures: {dumped}"
        assert site.statistics()["tasks_created"] == 2 * len(site.sightings), site.statistics()
        return f"{found}, {len(dumped)} failed with a reason"


def failure_record(content, name):
    """As a Go service writes it: a message that failed for a passing reason."""
    body = {"payload": {}, "file": {"name": name, "data": base64.b64encode(content).decode()},
            "crits_data": {"analysis_id": name, "object_id": name}}
    return json.dumps({"Service": "feed_cuckoo", "Queue": "worker/feed_cuckoo", "Error": "connection refused",
                       "Desc": "the node was away", "Msg": json.dumps(body)}).encode()


def put_letters(site, wave):
    """Four messages that failed elsewhere wait in worker/failed."""
    for i in range(4):
        content = f"letter {wave} {i}".encode() * 50
        site.letters.add(hashlib.sha256(content).hexdigest())
        site.publish("worker/failed", failure_record(content, f"letter-{wave}-{i}"))


def sent_again(point):
    """Failed messages go back to their queue after a delay, once, and end scored."""
    with Site(SMALL_HANDS) as site:
        site.start_sandbox()
        site.letters = set()
        first = site.start("run")
        site.api("GET", "/health_check")
        first.stop()
        for wave, passes in enumerate(PASSES):
            put_letters(site, wave)
            kill_at(site, point, passes)
            site.records.make_letters_due()
        process = site.start("run")
        site.wait_ended(DEADLINE, site.letters)
        site.wait_queues_empty()
        counts = site.statistics()
        assert counts["tasks_created"] == len(site.letters), counts
        assert {row["state"] for row in site.records.submissions()} == {"scored"}, site.records.submissions()
        process.stop()
        return f"{len(site.letters)} letters, each detonated once"


def put_refused(site, wave):
    """Four messages are given up at once, because nobody has their samples; then somebody has."""
    process = site.start("run")
    site.wait_api()
    contents = [f"refused {wave} {i}".encode() * 50 for i in range(4)]
    for i, content in enumerate(contents):
        sha256 = hashlib.sha256(content).hexdigest()
        site.letters.add(sha256)
        site.publish("worker/feed_cuckoo", json.dumps({
            "payload": {}, "file": {"name": f"refused-{wave}-{i}", "data": ""}, "sample": "sha256:" + sha256,
            "submission": hashlib.sha256(sha256.encode()).hexdigest()[:32]}).encode())
    wait_for(lambda: states_of_letters(site).count("dead") >= 4, DEADLINE, lambda: states_of_letters(site))
    for content in contents:
        status, _ = site.api("PUT", "/api/v1/samples/" + hashlib.sha256(content).hexdigest(), content)
        assert status == 201, status
    process.stop()


def states_of_letters(site):
    return [row["state"] for row in site.records.dead_letters()]


def dumps(site):
    return list((site.folder / "dump").iterdir())


def tell(site, *words, **options):
    """`brood dead …` beside no running brood; its process."""
    return site.start("dead", *words, **options)


def retried(point):
    """A person has dead letters sent again: each is detonated once, and no dump is left of it."""
    with Site(SMALL_HANDS) as site:
        site.start_sandbox()
        site.letters = set()
        for wave, passes in enumerate(PASSES):
            put_refused(site, wave)
            assert tell(site, "retry", "--all").popen.wait(DEADLINE) == 0
            kill_at(site, point, passes)
            site.records.make_letters_due()
        process = site.start("run")
        site.wait_ended(DEADLINE, site.letters)
        wait_for(lambda: set(states_of_letters(site)) == {"sent"}, DEADLINE, lambda: states_of_letters(site))
        site.wait_queues_empty()
        assert site.statistics()["tasks_created"] == len(site.letters), site.statistics()
        assert {row["state"] for row in site.records.submissions()} == {"scored"}, site.records.submissions()
        assert not dumps(site), dumps(site)
        process.stop()
        return f"{len(site.letters)} letters sent again by a person, each detonated once"


def dropped(point):
    """The command that drops letters is killed: the one it had in hand is dead still, and is dropped then."""
    with Site(SMALL_HANDS) as site:
        site.start_sandbox()
        site.letters = set()
        drop = ("drop", "--all", "--yes", "--reason", "a test")
        for wave, passes in enumerate(PASSES):
            put_refused(site, wave)
            tell(site, *drop, crash_at=f"{point}:{passes}").wait_killed(DEADLINE, point)
            assert states_of_letters(site).count("dead") == 5 - passes, states_of_letters(site)
            assert all(row["failure"] for row in site.records.dead_letters())
            assert tell(site, *drop).popen.wait(DEADLINE) == 0
            assert set(states_of_letters(site)) == {"dropped"} and not dumps(site), (states_of_letters(site), dumps(site))
        return f"{len(site.letters)} letters dropped"


def sandbox_killed(point):
    """The sandbox dies under the running pipeline and comes back where it was."""
    with Site(SMALL_HANDS) as site:
        sandbox = site.start_sandbox(crash_at=f"{point}:{PASSES[0]}")
        process = site.start("run")
        bad = put_wave(site, 0)
        sandbox.wait_killed(DEADLINE, point)
        sandbox = site.start_sandbox(sandbox.port, crash_at=f"{point}:{PASSES[1]}")
        bad |= put_wave(site, 1)
        sandbox.wait_killed(DEADLINE, point)
        site.start_sandbox(sandbox.port)
        site.wait_ended(DEADLINE)
        site.wait_queues_empty()
        found = judge(site)
        found.require_nothing_wrong()
        check_verdicts(site, bad)
        process.stop()
        return f"{found}, {len(site.sightings)} scored"


def sent_to_crits(point):
    """Analyses of CRITs; killed around a request to it. One worker, so that a kill cuts off one request."""
    settings = {**SMALL_HANDS, "parse_and_submit": {"workers": 1, "prefetch_count": 2}}
    with CritsSite() as crits, Site(settings) as site:
        site.start_sandbox()
        process = site.start("run")
        site.wait_api()
        process.stop()
        for wave, passes in enumerate(PASSES):
            for i in range(6):
                site.publish("worker/feed_cuckoo", crits.new_analysis(f"sample-{wave}-{i}"))
            kill_at(site, point, passes)
        process = site.start("run")
        assert set(crits.wait_ended(DEADLINE, lambda: site.all_logs()[-4000:])) == {"completed"}
        site.wait_queues_empty()
        process.stop()
        assert not crits.crits.problems, crits.crits.problems
        repeated, expected = crits.repeated(), len(PASSES) if point.endswith("crits_sent") else 0
        assert repeated == expected, f"{repeated} requests stand twice in CRITs, {expected} expected"
        return f"{len(crits.asked)} analyses ended, {repeated} requests repeated by {len(PASSES)} kills"


def seen_anew(point):
    """Known contents come again after their time: each is analysed once more, and no sighting is counted twice."""
    settings = {**SMALL_HANDS, "submit_binary": {"workers": 1, "in_hand": 2, "seen_for": "1ms"}}
    with Site(settings) as site:
        site.start_sandbox()
        for wave, passes in enumerate(PASSES):
            contents = [f"content {wave} {i}".encode() * 50 for i in range(4)]
            process = site.start("run")
            for i, content in enumerate(contents):
                site.put(f"first-{wave}-{i}", content)
            site.wait_ended(DEADLINE)
            process.stop()
            for i, content in enumerate(contents):
                site.put(f"second-{wave}-{i}", content)
            kill_at(site, point, passes)
            process = site.start("run")
            wait_for(lambda: len(site.records.submissions()) == 2 * len(site.sightings), DEADLINE,
                     lambda: site.records.states())
            wait_for(lambda: set(site.records.states()) == {"scored"}, DEADLINE, lambda: site.records.states())
            wait_for(lambda: site.records.hashes() == site.sightings, DEADLINE, lambda: site.records.hashes())
            site.wait_queues_empty()
            process.stop()
        assert site.statistics()["tasks_created"] == 2 * len(site.sightings), site.statistics()
        return f"{len(site.sightings)} contents, each analysed twice"


def rule_for(text, score):
    return {"info": {"type": "hash"}, "rules": {"string": [{"rules": [text], "score": score}]}}


def hunted(point):
    """A retro-hunt is killed; the next one goes on, and the blacklist is as if nothing had happened."""
    with Site(SMALL_HANDS) as site:
        site.start_sandbox()
        process = site.start("run")
        contents = [b"\nwhat-all-have\n" + f"report {i}".encode() * 50 for i in range(6)]
        for i, content in enumerate(contents):
            site.put(f"sample-{i}", content)
        site.wait_ended(DEADLINE)
        of_a_person = "44d88612fea8a8f36de82e1278abb02f"
        status, _ = site.api("PUT", f"/api/v1/blacklist/hash/{of_a_person}", b"{}")
        assert status in (200, 201), status
        process.stop()
        all_listed = {hashlib.md5(content).hexdigest() for content in contents}
        for text, expected in (("what-all-have", all_listed), ("what-none-has", set())):
            site.write_rules(rule_for(text, 3.0))
            if point != ("retrohunt.entries_removed" if expected else "retrohunt.entries_written"):
                site.start("retrohunt", crash_at=f"{point}:1").wait_killed(DEADLINE, point)
            hunt = site.start("retrohunt")
            assert hunt.popen.wait(DEADLINE) == 0, hunt.log()
            listed = {row["value"]: row["score"] for row in site.records.blacklist()}
            assert listed.pop(of_a_person, None) == 0.0, "the entry of a person stays"
            assert listed == dict.fromkeys(expected, 3.0), (listed, expected)
        assert not list(site.state.glob("retrohunt*")), "a hunt that is over leaves nothing behind"
        return f"{len(contents)} reports judged anew, twice"


SCENARIOS = {
    on_the_way: ("intake.", "submit_binary.", "feed_cuckoo.", "check_results.", "parse_and_submit.",
                 "blacklist_processor.", "cleanup.", "node_watch.", "broker.", "stage."),
    fed_anew: ("feed_cuckoo.anew_written",),
    failing: ("overseer.",),
    sent_again: ("overseer.letter_written", "overseer_resend."),
    retried: ("overseer_resend.dump_removed",),
    dropped: ("letters.",),
    sandbox_killed: ("sandboxd.",),
    sent_to_crits: ("parse_and_submit.crits_",),
    seen_anew: ("intake.taken_over",),
    hunted: ("retrohunt.",),
}


def of(point):
    """The scenario with the longest beginning of this point's name; None if there is none."""
    fitting = [(len(prefix), scenario) for scenario, prefixes in SCENARIOS.items() for prefix in prefixes
               if point.startswith(prefix)]
    return max(fitting, key=lambda pair: pair[0])[1] if fitting else None
