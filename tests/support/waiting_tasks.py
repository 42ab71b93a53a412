"""Many tasks waiting in a sandbox at once, and what brood asks of the sandbox until all are done."""

import re

from site_of_brood import Site, wait_for

POLL_EVERY, STATUS_EVERY = 0.2, 0.4  # seconds


def settings(count):
    return {"sandbox": {"max_pending": 2 * count, "status_every": f"{int(STATUS_EVERY * 1000)}ms",
                        "wait_between_requests": f"{int(POLL_EVERY * 1000)}ms"},
            "sandboxd": {"engine": "replay", "report_bytes": 5_000, "machines": 1, "duration": "1h"},
            "submit_binary": {"in_hand": 1_000},
            "feed_cuckoo": {"upload_deadline": "30s", "look_again_after": "30s"},
            "check_results": {"prefetch_count": count + 100},
            "parse_and_submit": {"cuckoo_cleanup": True}}


def metric(site, name):
    """The sum of a metric of the running program over its labels."""
    text = site.api("GET", "/metrics")[1].decode()
    return sum(float(value) for value in re.findall(rf"^{name}(?:\{{.*\}})? (\S+)$", text, re.M))


class Waiting:
    """Everything that was asked of the sandbox, by call, and in how many polls."""

    def __init__(self, count, requests, polls, views_of_polls):
        self.count, self.requests, self.polls, self.views_of_polls = count, requests, polls, views_of_polls

    def per_task(self, call):
        return self.requests[call] / self.count

    def others(self):
        """Requests that are neither one of the three nor one of a poll."""
        return {call: times for call, times in self.requests.items()
                if times and call not in ("create", "report", "delete", "list", "status", "statistics")}


def run(count, deadline):
    """All tasks wait at once in the sandbox for a second; then it is started anew with machines that are quick."""
    with Site(settings(count)) as site:
        slow = site.start_sandbox()
        for number in range(count):
            site.put(f"s{number}", b"sample %d" % number)
        site.start("run")
        site.wait_api()
        wait_for(lambda: site.statistics()["requests"]["create"] >= count, deadline, "all tasks are made")
        polls = metric(site, "brood_sandbox_polls_total")
        wait_for(lambda: metric(site, "brood_sandbox_polls_total") > polls + 1 / POLL_EVERY, deadline, "some polls more")
        before = site.statistics()["requests"]
        slow.stop()
        site.settings["sandboxd"].update({"machines": 64, "duration": "300ms"})
        site.write_config()
        site.start_sandbox(port=slow.port)
        wait_for(lambda: site.statistics()["requests"]["delete"] >= count, deadline,
                 lambda: f"all tasks are deleted: {site.statistics()}")
        site.wait_ended(deadline)
        polls, views = metric(site, "brood_sandbox_polls_total"), metric(site, "brood_sandbox_views_total")
        after = site.statistics()["requests"]
        return Waiting(count, {call: times + before.get(call, 0) for call, times in after.items()}, polls,
                       views)
