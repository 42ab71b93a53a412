"""tools/fetch_jars: what it fetches is what the lock file says, and what is there is not fetched again."""

import functools
import hashlib
import http.server
import os
import pathlib
import subprocess
import tempfile
import threading
import unittest

TOOL = pathlib.Path(__file__).resolve().parents[2] / "tools/fetch_jars"
JAR = b"not really a jar"
PATH = "org/example/thing/1.2/thing-1.2.jar"


class Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *_):
        pass


class FetchJars(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="brood-test-jars-")
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)
        self.jar = self.folder / "repository" / PATH
        self.jar.parent.mkdir(parents=True)
        self.jar.write_bytes(JAR)
        self.server = http.server.ThreadingHTTPServer(
            ("127.0.0.1", 0), functools.partial(Quiet, directory=self.folder / "repository"))
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        self.addCleanup(self.server.server_close)
        self.addCleanup(self.server.shutdown)

    def fetch(self, digest, **variables):
        lock = self.folder / "some.lock"
        lock.write_text(f"# a comment\n{digest}  org.example:thing:1.2\n")
        environment = dict(os.environ, HOME=str(self.folder), **variables)
        environment.pop("XDG_CACHE_HOME", None)
        return subprocess.run([TOOL, lock], env=environment, capture_output=True, text=True, timeout=60)

    @property
    def url(self):
        return f"http://127.0.0.1:{self.server.server_port}"

    def test_a_jar_is_fetched_once_and_then_kept(self):
        digest = hashlib.sha256(JAR).hexdigest()
        done = self.fetch(digest, MAVEN_REPOSITORY=self.url)
        self.assertEqual(done.returncode, 0, done)
        self.assertEqual(pathlib.Path(done.stdout.strip()).read_bytes(), JAR)
        self.jar.unlink()
        self.assertEqual(self.fetch(digest, MAVEN_REPOSITORY=self.url).stdout, done.stdout)
        pathlib.Path(done.stdout.strip()).write_bytes(b"spoiled")
        self.assertNotEqual(self.fetch(digest, MAVEN_REPOSITORY=self.url).returncode, 0, "it is looked at each time")

    def test_a_jar_with_another_digest_is_refused_and_not_kept(self):
        done = self.fetch("0" * 64, MAVEN_REPOSITORY=self.url)
        self.assertNotEqual(done.returncode, 0)
        self.assertIn("org.example:thing:1.2 has the SHA-256", done.stderr)
        self.assertEqual(list(self.folder.rglob("thing-1.2.*.jar")), [])

    def test_the_mirror_of_mavens_own_settings_is_asked(self):
        settings = self.folder / ".m2/settings.xml"
        settings.parent.mkdir()
        settings.write_text('<settings xmlns="http://maven.apache.org/SETTINGS/1.0.0"><mirrors><mirror><id>m</id>'
                            f"<mirrorOf>*</mirrorOf><url>{self.url}/</url></mirror></mirrors></settings>")
        self.assertEqual(self.fetch(hashlib.sha256(JAR).hexdigest()).returncode, 0)

    def test_what_is_not_there_is_named(self):
        self.jar.unlink()
        done = self.fetch(hashlib.sha256(JAR).hexdigest(), MAVEN_REPOSITORY=self.url)
        self.assertNotEqual(done.returncode, 0)
        self.assertIn("cannot fetch " + self.url + "/" + PATH, done.stderr)


if __name__ == "__main__":
    unittest.main()
