# SPDX-License-Identifier: Apache-2.0
"""The HTTP API of a picket that does not exist: a few made-up objects on a Unix socket, in a thread. A test may
replace any answer, to see what the command line does with one that a real picket never gives."""
import json
import os
import socketserver
import threading
from http.server import BaseHTTPRequestHandler
from urllib.parse import parse_qs, urlsplit


def incident(number, **other):
    return {"id": f"{number:016x}", "type": "port_scan", "subject": "10.0.0.5", "policy": "port_scan",
            "severity": "high", "confidence": 0.9, "reason": "400 ports of one host", "status": "open",
            "active": True, "opened": "2026-11-21T03:00:00.000Z", "last": "2026-11-21T03:00:09.000Z",
            "closed": None, "findings": 3, "targets": ["10.0.0.9"], "targets_more": 0,
            "measures": {"ports": 400}, "note": "", "changed_by": "", "changed": None, **other}


COUNTERS = [
    {"name": "flood.victims", "policy": "flood", "key": ["dst"], "measures": ["packets", "bytes"],
     "table": "dst", "window_seconds": 10},
    {"name": "scan.tries", "policy": "scan", "key": ["src", "dst"], "measures": ["ports"],
     "table": "src,dst", "window_seconds": 60},
]


class FakeApi:
    """Serves until the `with` block ends. `asked` holds (method, path, query, headers) of each request;
    `answers[(method, path)] = (status, body)` comes first; a body that is bytes is sent as it is."""

    def __init__(self, path):
        self.path = path
        self.asked, self.answers = [], {}
        self.incidents = {one["id"]: one for one in
                          (incident(0xabcd000000000001), incident(0xabcd000000000002),
                           incident(0x1234000000000003, subject="10.0.0.6\x1b[31m"))}
        self.healthy = True

    def __enter__(self):
        outer = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def address_string(self):
                return "socket"

            def log_message(self, *_):
                pass

            def handle_one(self):
                outer.handle(self)

            do_GET = do_POST = do_PATCH = do_DELETE = handle_one

        class Server(socketserver.ThreadingUnixStreamServer):
            daemon_threads = True
            block_on_close = False

        self.server = Server(self.path, Handler)
        threading.Thread(target=self.server.serve_forever, args=(0.05,), daemon=True).start()
        return self

    def __exit__(self, *_):
        self.server.shutdown()
        self.server.server_close()
        os.unlink(self.path)

    def handle(self, request):
        url = urlsplit(request.path)
        query = {key: values[0] for key, values in parse_qs(url.query).items()}
        body = request.rfile.read(int(request.headers.get("Content-Length", 0)))
        self.asked.append((request.command, url.path, query, dict(request.headers)))
        given = self.answers.get((request.command, url.path))
        status, answer = given or self.answer(request.command, url.path, query, json.loads(body or b"null"))
        data = answer if isinstance(answer, bytes) else json.dumps(answer).encode()
        try:
            request.send_response(status)
            request.send_header("Content-Type", "application/json")
            request.send_header("Content-Length", str(len(data)))
            request.end_headers()
            request.wfile.write(data)
        except BrokenPipeError:
            pass

    def answer(self, method, path, query, body):
        parts = path.removeprefix("/api/v1/").split("/")
        if parts == ["status"]:
            return 200, {"version": "0.0", "pid": 1, "time": "2026-11-21T03:10:00.000Z", "uptime_seconds": 90,
                         "health": {"ok": self.healthy, "reasons": [] if self.healthy else ["a source is down"]}}
        if parts == ["counters"] and "counter" not in query:
            return 200, {"items": COUNTERS, "next": None}
        if parts == ["counters"]:
            counter = next((one for one in COUNTERS if one["name"] == query["counter"]), None)
            if counter is None:
                return 404, {"title": "Not Found", "status": 404, "detail": "there is no such counter"}
            item = {"key": {key: "10.0.0.5" for key in counter["key"]},
                    "values": {name: 1234567 for name in counter["measures"]}}
            return 200, {"counter": counter, "time": "2026-11-21T03:10:00.000Z", "rows": 1, "items": [item]}
        if parts == ["reload"]:
            return 200, {"applied": True, "problems": [], "changed": ["log.level"], "needs_restart": []}
        if parts == ["incidents"]:
            return self.many(method, query, body)
        one = self.incidents.get(parts[1]) if parts[0] == "incidents" else None
        if one is None:
            return 404, {"title": "Not Found", "status": 404, "detail": "there is no such incident"}
        if parts[-1] == "explain":
            return 200, {"incident": one, "first": None, "latest": None, "policy": None,
                         "sentences": ["10.0.0.5 tried 400 ports, the limit is 100."],
                         "measures": [{"name": "ports", "value": 400, "limit": 100, "margin": 4.0}]}
        return 200, one

    def many(self, method, query, body):
        if method == "GET":
            # A page holds two, so that every list of three has a second one.
            at, limit = int(query.get("cursor", 0)), min(2, int(query.get("limit", 2)))
            items = list(self.incidents.values())
            more = at + limit < len(items)
            return 200, {"items": items[at:at + limit], "next": str(at + limit) if more else None}
        known = [id for id in body["ids"] if id in self.incidents]
        missing = [id for id in body["ids"] if id not in self.incidents]
        if method == "DELETE":
            for id in known:
                del self.incidents[id]
            return 200, {"deleted": known, "missing": missing}
        for id in known:
            self.incidents[id].update({key: value for key, value in body.items() if key != "ids"})
        return 200, {"changed": [self.incidents[id] for id in known], "missing": missing}
