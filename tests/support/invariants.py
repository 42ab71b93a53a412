"""What must hold when a site has come to rest, whatever was done to it on the way."""

import collections
import dataclasses
import sys


@dataclasses.dataclass
class Found:
    lost: int = 0
    detonated_twice: int = 0
    stored_twice: int = 0
    stuck: int = 0
    details: list = dataclasses.field(default_factory=list)

    def __str__(self):
        return (f"lost {self.lost}, detonated twice {self.detonated_twice}, stored twice {self.stored_twice}, "
                f"stuck {self.stuck}")

    def require_nothing_wrong(self):
        wrong = self.lost or self.detonated_twice or self.stored_twice or self.stuck or self.details
        assert not wrong, f"{self}\n" + "\n".join(self.details)


def wait_at_rest(site, deadline, test, more=""):
    """Waits until all that was put has ended, prints what was found, and requires that nothing is wrong. `more` is a
    function whose value is printed too."""
    site.wait_ended(deadline)
    site.wait_queues_empty()
    found = judge(site)
    print(f"\n{test.id()}: {found}{more and more()}", file=sys.stderr)
    found.require_nothing_wrong()


def judge(site, refed=0):
    """Counts over everything that was put into the watched folder. `refed`: uploads beyond the first that the
    sandbox's own faults make right."""
    found = Found()
    _count_submissions(site, found)
    _count_tasks(site, found, refed)
    _count_reports(site, found)
    _compare_counters(site, found)
    left = sorted(path.name for path in site.incoming.iterdir())
    if left:
        found.details.append(f"files left in the watched folder: {left[:10]}")
    return found


def _count_submissions(site, found):
    by_content = collections.defaultdict(list)
    for row in site.records.submissions():
        by_content[row["sha256"]].append(row)
    for sha256 in site.sightings:
        rows = by_content[sha256]
        if not rows:
            found.lost += 1
            found.details.append(f"no record of {sha256}")
        elif not any(row["state"] == "scored" or row["state"] == "failed" and row["reason"] for row in rows):
            found.stuck += 1
            found.details.append(f"stuck: {rows}")
        if len(rows) > 1:
            found.details.append(f"several submissions of one content: {rows}")
    messages = site.records.messages()
    if messages:
        found.details.append(f"messages left: {messages}")


def _count_tasks(site, found, refed):
    """Counted by the sandbox when they were made, whatever was deleted since."""
    made = collections.Counter()
    for port in site.sandbox_ports:
        made.update({key: value for key, value in site.statistics(port).items() if isinstance(value, int)})
    found.detonated_twice += made["same_custom_twice"] + max(0, made["submitted_twice"] - refed)
    if found.detonated_twice:
        found.details.append(f"the sandbox counts {dict(made)}")


def _count_reports(site, found):
    reports = collections.Counter(row["submission"] for row in site.records.reports())
    found.stored_twice += sum(n - 1 for n in reports.values())
    unprocessed = [row["id"] for row in site.records.reports() if not row["processed"]]
    if unprocessed:
        found.details.append(f"reports that nobody scored: {unprocessed}")
    for row in site.records.submissions():
        if row["state"] == "scored" and reports[row["id"]] == 0:
            found.lost += 1
            found.details.append(f"scored without a report: {row}")


def _compare_counters(site, found):
    counted = site.records.hashes()
    for sha256, times in site.sightings.items():
        if counted.get(sha256) != times:
            found.details.append(f"{sha256}: seen {times} times, counted {counted.get(sha256)}")
