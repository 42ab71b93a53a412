"""What the store of a site on OpenSearch holds, read beside the running program, with the names of Records."""

import time

from records import Records

PAGE = 10_000


class EngineRecords(Records):
    """Messages still lie in the state folder, or in RabbitMQ. While the engine is away, reads wait for it."""

    def __init__(self, state, engine, prefix):
        super().__init__(state)
        self.engine, self.prefix = engine, prefix

    def _documents(self, index, kind):
        """Every document of one type, what was written just now too."""
        name = self.prefix + index
        end = time.monotonic() + 120
        while True:
            try:
                self.engine.http("POST", f"/{name}/_refresh")
                found = self.engine.http("POST", f"/{name}/_search",
                                         {"size": PAGE, "query": {"term": {"type": kind}}, "sort": ["id"]})
                break
            except (OSError, AssertionError):
                if time.monotonic() > end:
                    raise
                time.sleep(0.2)
        if "hits" not in found:  # there is no such index yet
            return []
        return [hit["_source"] for hit in found["hits"]["hits"]]

    def submissions(self):
        return self._documents("queue", "item")

    def of(self, sha256):
        rows = [row for row in self.submissions() if row["sha256"] == sha256]
        return max(rows, key=lambda row: row["timestamp"], default=None)

    def ended(self):
        return {row["sha256"] for row in self.submissions()
                if row["state"] == "scored" or (row["state"] == "failed" and row["reason"])}

    def states(self):
        states = {}
        for row in self.submissions():
            states[row["state"]] = states.get(row["state"], 0) + 1
        return states

    def hashes(self):
        return {row["id"]: row["counter"] for row in self._documents("hashes", "hash")}

    def blacklist(self):
        return self._documents("blacklist", "hash")

    def dead_letters(self):
        return [dict(row, key=row["id"]) for row in self._documents("queue", "letter")]

    def reports(self):
        return self._documents("cuckoo", "report")
