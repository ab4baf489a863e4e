# SPDX-License-Identifier: Apache-2.0
"""A running picket's API over its Unix socket, for the tests' Python programs. Any thread, a connection each."""
import http.client
import json
import socket


class UnixConnection(http.client.HTTPConnection):
    """As HTTPConnection, but to a socket file."""

    def __init__(self, path, timeout):
        super().__init__("localhost", timeout=timeout)
        self.path = path

    def connect(self):
        self.sock = socket.socket(socket.AF_UNIX)
        self.sock.settimeout(self.timeout)
        self.sock.connect(self.path)


class Api:
    """What goes wrong between the two ends is an OSError or an HTTPException."""

    def __init__(self, path, timeout=20):
        self.path = path
        self.timeout = timeout

    def ask(self, method, target, body=None):
        """Status, and the JSON of the body (None without one)."""
        connection = UnixConnection(self.path, self.timeout)
        try:
            headers = {} if body is None else {"Content-Type": "application/json"}
            connection.request(method, target, None if body is None else json.dumps(body), headers)
            answer = connection.getresponse()
            text = answer.read()
            return answer.status, json.loads(text) if text else None
        finally:
            connection.close()

    def pages(self, target):
        """All items of a list."""
        cursor = ""
        while True:
            status, page = self.ask("GET", target + ("&cursor=" + cursor if cursor else ""))
            if status != 200:
                raise http.client.HTTPException(f"{target}: {status}")
            yield from page["items"]
            cursor = page.get("next")
            if not cursor:
                return

    def events(self):
        """(name, data) of the stream, until the daemon ends it."""
        connection = UnixConnection(self.path, self.timeout)
        try:
            connection.request("GET", "/api/v1/stream")
            name = ""
            for line in connection.getresponse():
                if not line.endswith(b"\n"):
                    return
                if line.startswith(b"event: "):
                    name = line[7:-1].decode()
                elif line.startswith(b"data: "):
                    yield name, json.loads(line[6:])
        finally:
            connection.close()
