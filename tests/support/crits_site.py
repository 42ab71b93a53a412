"""A stand-in for CRITs beside a site: analyses that CRITs waits for, and what became of them."""

import base64
import collections
import json
import random
import threading

import crits_stand_in
from site_of_brood import wait_for


class CritsSite:
    """A context manager: CRITs as a server in this process."""

    def __init__(self):
        self.server = crits_stand_in.Server()
        self.crits = self.server.crits
        self.url = self.server.url
        self.asked = []
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def __enter__(self):
        return self

    def __exit__(self, kind, error, trace):
        self.server.shutdown()
        self.server.server_close()

    def start_analysis(self):
        """CRITs starts one; its id."""
        analysis_id = f"11111111-2222-3333-4444-{len(self.asked):012}"
        with self.crits.lock:
            self.crits.analyses[analysis_id] = {"results": [], "log": [], "finished": 0, "bytes": 0,
                                                "status": "started"}
        self.asked.append(analysis_id)
        return analysis_id

    def new_analysis(self, name, content=None, url=None, **more):
        """CRITs starts an analysis; the message that its service would publish."""
        analysis_id = self.start_analysis()
        content = content if content is not None else b"MZ" + random.Random(name).randbytes(500)
        message = {
            "crits_data": {"crits_url": self.url if url is None else url, "analysis_id": analysis_id,
                           "object_type": "Sample", "object_id": crits_stand_in.OBJECT_ID,
                           "username": crits_stand_in.USER, "api_key": crits_stand_in.KEY, "md5": "00",
                           "source": "test"},
            "file": {"name": name, "data": base64.b64encode(content).decode()},
            "payload": {"custom": ""}, **more}
        return json.dumps(message).encode()

    def state(self, analysis_id):
        return self.crits.analyses[analysis_id]

    def wait_ended(self, seconds, more=lambda: ""):
        """Waits until every analysis is completed or ended with an error; their states."""
        def states():
            return [self.state(analysis_id)["status"] for analysis_id in self.asked]
        wait_for(lambda: "started" not in states(), seconds,
                 lambda: f"every analysis ends in CRITs: {collections.Counter(states())}\n{more()}")
        return states()

    def repeated(self):
        """Batches that stand in an analysis more than once, over all analyses."""
        count = 0
        for analysis_id in self.asked:
            batches = collections.defaultdict(collections.Counter)
            for item in self.state(analysis_id)["results"]:
                batches[item["batch"]][item["item"]] += 1
            count += sum(max(times.values()) - 1 for times in batches.values())
        return count

    def finished_again(self):
        """Finishes beyond the first, over all analyses."""
        return sum(max(0, self.state(analysis_id)["finished"] - 1) for analysis_id in self.asked)
