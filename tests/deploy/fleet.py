# SPDX-License-Identifier: GPL-2.0-only
"""Serves recorded endpoints, runs Prometheus with the alert rules on them, and prints
the alerts that fire:

    fleet.py PROMETHEUS RULES FOLDER EXPECTED...

EXPECTED are alerts like PasidPolicyNotAttached:unprotected. The program ends soon after
all of them fire, or after two minutes. FOLDER contains a file MACHINE.prom for each
machine; an additional machine `down` does not answer. The duration (`for`) of every
alert is set to one second."""
import http.server
import json
import pathlib
import re
import socket
import subprocess
import sys
import tempfile
import threading
import time
import urllib.request

prometheus, rules, folder, *expected = sys.argv[1:]


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def serve(path):
    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            self.send_response(200)
            self.send_header("Content-Type", "text/plain; version=0.0.4")
            self.end_headers()
            self.wfile.write(path.read_bytes())

        def log_message(self, *_):
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return server.server_address[1]


def alerts(port):
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/api/v1/alerts", timeout=5) as answer:
            rows = json.load(answer)["data"]["alerts"]
    except OSError:
        return set()
    return {f"{row['labels']['alertname']}:{row['labels']['instance']}" for row in rows if row["state"] == "firing"}


machines = {path.stem: serve(path) for path in sorted(pathlib.Path(folder).glob("*.prom"))}
machines["down"] = free_port()
with tempfile.TemporaryDirectory() as work:
    work = pathlib.Path(work)
    text = pathlib.Path(rules).read_text()
    (work / "rules.yml").write_text(re.sub(r"(?m)^( *for:).*", r"\1 1s", text))
    (work / "prometheus.yml").write_text(json.dumps({
        "global": {"scrape_interval": "1s", "scrape_timeout": "1s", "evaluation_interval": "1s"},
        "rule_files": ["rules.yml"],
        "scrape_configs": [{
            "job_name": "pasidctl",
            "static_configs": [{"targets": [f"127.0.0.1:{port}"], "labels": {"instance": name}}
                               for name, port in machines.items()],
        }]}))
    port = free_port()
    with open(work / "log", "w") as log, subprocess.Popen(
            [prometheus, f"--config.file={work}/prometheus.yml", f"--storage.tsdb.path={work}/data",
             f"--web.listen-address=127.0.0.1:{port}"], stdout=log, stderr=log) as server:
        try:
            firing, end = set(), time.monotonic() + 120
            while not firing >= set(expected) and time.monotonic() < end and server.poll() is None:
                time.sleep(0.5)
                firing = alerts(port)
            time.sleep(3)
            firing = alerts(port)
        finally:
            server.terminate()
    print(*sorted(firing), sep="\n")
    if not firing >= set(expected):
        sys.exit((work / "log").read_text()[-2000:])
