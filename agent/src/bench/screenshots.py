#!/usr/bin/env python3
"""Takes the pictures of the documents from a real agent, as root, after a build:

    agent/src/bench/screenshots.py

In namespaces of its own it opens some ports, runs the agent of the distribution and opens its pages in
Debian's Chromium. Python's standard library alone."""

import os
import pathlib
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request

ROOT = pathlib.Path(__file__).resolve().parents[3]
PROGRAM = os.environ.get("PORTCURFEW", str(ROOT / "agent/target/portcurfew/bin/portcurfew"))
PAGE = "http://127.0.0.1:10611"
PICTURES = {"status-page.png": ("/", "1280,1240"), "status-page-whole.png": ("/", "1280,1960"),
            "explain-page.png": ("/explain/611", "1000,900")}
CHROMIUM = ["chromium", "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
            "--disable-background-networking", "--disable-component-update", "--disable-sync", "--hide-scrollbars"]

CONFIG = """policy: policy.yaml
scan: {{every: 1s}}
events: {{udp: off}}
state: {state}
web: {{listen: "127.0.0.1:10611"}}
"""
POLICY = """version: 1
default: allow
rules:
  - {name: npmp-gui, ports: 611, expect: closed, severity: critical, because: "Registered as npmp-gui, purpose never documented.", runbook: "https://runbooks.example.org/611"}
  - {name: database, ports: 5432, protocol: tcp, expect: allowed, address: loopback}
  - {name: web, ports: [80, 443], protocol: tcp, expect: required}
"""


def listen(port, address="0.0.0.0"):
    """A server of its own process: the table shows its owner."""
    return subprocess.Popen(["/usr/bin/python3", "-m", "http.server", str(port), "--bind", address],
                            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd="/")


def wait_for(path):
    for _ in range(300):
        try:
            with urllib.request.urlopen(PAGE + path, timeout=2) as answer:
                return answer.read()
        except OSError:
            time.sleep(0.2)
    sys.exit("the agent does not answer " + path)


def inside(folder):
    subprocess.run(["ip", "link", "set", "lo", "up"], check=True)
    socket.sethostname("web-1")
    (folder / "policy.yaml").write_text(POLICY)
    (folder / "portcurfew.yaml").write_text(CONFIG.format(state=folder / "state"))
    started = [listen(22), listen(80), listen(443), listen(5432, "127.0.0.1"), listen(8080)]
    started.append(subprocess.Popen([PROGRAM, "run", "--config", str(folder / "portcurfew.yaml")],
                                    stdout=subprocess.DEVNULL, stderr=subprocess.STDOUT))
    wait_for("/-/ready")
    started.pop(4).kill()
    started.append(listen(611))
    while b"npmp-gui" not in wait_for("/"):
        time.sleep(0.5)
    time.sleep(3)
    for name, (path, size) in PICTURES.items():
        target = ROOT / "agent/docs" / name
        subprocess.run(CHROMIUM + [f"--user-data-dir={folder / 'browser'}", f"--window-size={size}",
                                   f"--screenshot={target}", PAGE + path],
                       check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        print(target)
    for process in started:
        process.terminate()


def main():
    if len(sys.argv) > 1:
        inside(pathlib.Path(sys.argv[1]))
        return
    with tempfile.TemporaryDirectory() as folder:
        own = ["unshare", "--net", "--uts", "--pid", "--fork", "--mount-proc", "--kill-child"]
        sys.exit(subprocess.run(own + [sys.executable, __file__, folder], check=False).returncode)


if __name__ == "__main__":
    main()
