"""https and logins: what speaks TLS stands in front of a real OpenSearch, and what was sent is looked at there."""

import os
import pathlib
import socket
import ssl
import sys
import tempfile
import threading
import unittest

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [os.path.join(HERE, "..", "support"), os.path.join(HERE, "..", "cli")]
from command import FAILED, OK, CommandCase, brood
from rabbitmq import make_certificates
from search_engine import SearchEngine


class TlsFront:
    """Takes TLS connections for localhost and hands their bytes on; keeps what clients sent."""

    def __init__(self, port, certificate, key):
        self.upstream, self.sent = port, b""
        self.context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self.context.load_cert_chain(certificate, key)
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self):
        while True:
            try:
                connection, _ = self.listener.accept()
            except OSError:
                return
            threading.Thread(target=self._serve, args=(connection,), daemon=True).start()

    def _serve(self, connection):
        try:
            client = self.context.wrap_socket(connection, server_side=True)
        except (OSError, ssl.SSLError):
            return
        server = socket.create_connection(("127.0.0.1", self.upstream))
        threading.Thread(target=self._pump, args=(server, client), daemon=True).start()
        self._pump(client, server, keep=True)

    def _pump(self, source, sink, keep=False):
        try:
            while data := source.recv(65536):
                if keep:
                    self.sent += data
                sink.sendall(data)
        except (OSError, ssl.SSLError):
            pass
        finally:
            sink.close()

    def close(self):
        self.listener.close()


class Tls(CommandCase):
    @classmethod
    def setUpClass(cls):
        cls.engine = SearchEngine("opensearch").__enter__()
        cls.addClassCleanup(cls.engine.close)
        folder = tempfile.TemporaryDirectory(prefix="brood-test-tls-")
        cls.addClassCleanup(folder.cleanup)
        cls.folder = pathlib.Path(folder.name)
        make_certificates(cls.folder)

    def setUp(self):
        self.front = TlsFront(self.engine.port, self.folder / "server.pem", self.folder / "server.key")
        self.addCleanup(self.front.close)

    def indices(self, command, host="localhost", **store):
        settings = {"STORE_KIND": "opensearch", "STORE_HOSTS": f"https://{host}:{self.front.port}",
                    **{f"STORE_{name.upper()}": value for name, value in store.items()}}
        return brood("indices", command, cwd=self.folder,
                     environment={f"BROOD_{name}": str(value) for name, value in settings.items()})

    def test_a_certificate_of_the_given_authority_is_trusted_and_the_password_is_sent(self):
        said = self.indices("create", ca_file=self.folder / "ca.pem", user="brood", password="hunter2")
        self.assertEqual(said.code, OK, said)
        self.assertIn(b"Authorization: Basic YnJvb2Q6aHVudGVyMg==\r\n", self.front.sent)

    def test_an_api_key_is_sent_in_the_place_of_a_password(self):
        said = self.indices("status", ca_file=self.folder / "ca.pem", api_key="aWQ6a2V5")
        self.assertIn("OpenSearch 2.19", said.out, said)
        self.assertIn(b"Authorization: ApiKey aWQ6a2V5\r\n", self.front.sent)

    def test_a_strangers_certificate_gets_no_password(self):
        for trust in ({}, {"ca_file": self.folder / "stranger.pem"}):
            said = self.indices("create", user="brood", password="hunter2", **trust)
            self.assertEqual(said.code, FAILED, said)
            self.assertIn("certificate", said.err)
            self.assertNotIn("hunter2", said.err)
        self.assertEqual(self.front.sent, b"")

    def test_a_certificate_for_another_name_gets_none_either(self):
        said = self.indices("create", host="127.0.0.1", ca_file=self.folder / "ca.pem", api_key="aWQ6a2V5")
        self.assertEqual(said.code, FAILED, said)
        self.assertEqual(self.front.sent, b"")

    def test_only_a_check_that_is_off_takes_any(self):
        self.assertEqual(self.indices("create", verify_ssl="false").code, OK)


if __name__ == "__main__":
    unittest.main()
