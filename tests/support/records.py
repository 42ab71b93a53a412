"""What the store and the queue of a state folder hold, read beside the running program."""

import contextlib
import pathlib
import sqlite3


class Records:
    def __init__(self, state):
        self.database = pathlib.Path(state) / "brood.db"
        self.reports_database = pathlib.Path(state) / "reports.db"

    def _rows(self, database, query, *values):
        if not database.exists():
            return []
        with contextlib.closing(sqlite3.connect(f"file:{database}?mode=ro", uri=True, timeout=30)) as connection:
            connection.row_factory = sqlite3.Row
            try:
                return [dict(row) for row in connection.execute(query, values)]
            except sqlite3.OperationalError as error:
                if "no such table" in str(error):
                    return []
                raise

    def submissions(self):
        return self._rows(self.database, "SELECT * FROM queue")

    def of(self, sha256):
        """The record of the submission that analyses this content; None if there is none."""
        rows = self._rows(self.database, "SELECT * FROM queue WHERE sha256 = ? ORDER BY seq DESC LIMIT 1", sha256)
        return rows[0] if rows else None

    def ended(self):
        """The contents that are scored, or failed with a reason."""
        rows = self._rows(self.database, "SELECT sha256 FROM queue WHERE state = 'scored' OR "
                                         "(state = 'failed' AND reason != '')")
        return {row["sha256"] for row in rows}

    def not_ended(self, wanted):
        ended = self.ended()
        rows = {row["sha256"]: row for row in self.submissions()}
        return [(sha256[:12], rows[sha256]["state"] if sha256 in rows else "no record")
                for sha256 in sorted(set(wanted) - ended)][:20]

    def states(self):
        rows = self._rows(self.database, "SELECT state, count(*) AS n FROM queue GROUP BY state")
        return {row["state"]: row["n"] for row in rows}

    def hashes(self):
        """SHA-256 -> sightings counted."""
        return {row["sha256"]: row["counter"] for row in self._rows(self.database, "SELECT * FROM hashes")}

    def blacklist(self):
        return self._rows(self.database, "SELECT * FROM blacklist")

    def dead_letters(self):
        return self._rows(self.database, "SELECT * FROM dead_letters")

    def reports(self):
        return self._rows(self.reports_database, "SELECT * FROM cuckoo")

    def messages(self):
        """Queue -> messages that wait or are in somebody's hands."""
        rows = self._rows(self.database, """
            SELECT name, count(*) AS n FROM broker_queue JOIN
              (SELECT queue FROM broker_ready UNION ALL SELECT queue FROM broker_held) AS m ON m.queue = broker_queue.id
            GROUP BY name""")
        return {row["name"]: row["n"] for row in rows}

    def in_hand(self, pid):
        """Messages that this process holds."""
        rows = self._rows(self.database, "SELECT count(*) AS n FROM broker_held JOIN broker_holder ON "
                                         "broker_holder.id = holder WHERE pid = ?", pid)
        return sum(row["n"] for row in rows)

    def make_letters_due(self):
        """Turns the clock on for letters that a killed overseer had reserved. Nothing else may run meanwhile."""
        with contextlib.closing(sqlite3.connect(self.database, timeout=30)) as connection:
            connection.execute("UPDATE dead_letters SET due = 0 WHERE state = 'delayed'")
            connection.commit()
