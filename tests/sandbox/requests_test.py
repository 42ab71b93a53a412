#!/usr/bin/env python3
"""What brood asks of a sandbox does not grow with the number of tasks that wait there."""
import pathlib
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "support"))
import waiting_tasks  # noqa: E402

# In each poll running and reported, in every third pending and completed, in every fourth the three that end badly.
LISTS_PER_POLL = 2 + 2 / 3 + 3 / 4


class Requests(unittest.TestCase):
    def require_few(self, count):
        seen = waiting_tasks.run(count, deadline=180)
        print(f"{count} tasks waiting: {seen.requests} in {seen.polls:.0f} polls, "
              f"{seen.views_of_polls:.0f} views")
        for call in ("create", "report", "delete"):
            self.assertEqual(seen.requests[call], count, call)
        others = seen.others()
        # Where the machine is so busy that a minute goes by between a report and its deletion.
        self.assertLessEqual(others.pop("view", 0), count // 20)
        self.assertEqual(others, {}, "nothing else is asked of a task")
        self.assertLessEqual(seen.requests["list"], LISTS_PER_POLL * (seen.polls + 1) + 6)
        self.assertLessEqual(seen.requests["status"], 3 * seen.polls + 10)

    def test_ten_tasks(self):
        self.require_few(10)

    def test_a_hundred_tasks(self):
        self.require_few(100)

    def test_five_hundred_tasks(self):
        self.require_few(500)


if __name__ == "__main__":
    unittest.main()
