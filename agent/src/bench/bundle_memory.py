#!/usr/bin/env python3
"""Measures the memory of agents with policy bundles beside agents without, all as apt installs them.

    mvn -q -DskipTests package
    agent/src/bench/bundle_memory.py [--minutes 10] [--every 10s] [--rounds 1] [ARM ...]

Needs Linux, root, nginx, curl, openssl and ssh-keygen. One nginx serves a signed bundle by http and by https and accepts heartbeats by
https. The arms run at the same time, each with the shipped policy and no network but loopback, and look for the bundle each
EVERY: none, file, curl (a file that fetch-bundle of the package fetches by https each EVERY), http, https, host-trust (https with
the authorities of the host instead of a ca_file), beats (heartbeats over https) and beats-https (the same with a bundle over https). After MINUTES it prints for each arm the resident memory, its
anonymous part and its mapped files in MiB, and how much more that is than for the arm without a bundle (beats for beats-https).
"""
import argparse
import os
import shutil
import subprocess
import sys
import tempfile
import time

from fleet import CONFIG, Processes, bundle, free_port, until, write
from footprint import installed

AUTHORITIES = "/etc/ssl/certs/ca-certificates.crt"
ARMS = {
    "none": ("", False),
    "file": ("file", False),
    "curl": ("curl", False),
    "http": ("http", False),
    "https": ("https", False),
    "host-trust": ("host-trust", False),
    "beats": ("", True),
    "beats-https": ("https", True),
}


def arguments():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--minutes", type=float, default=10)
    parser.add_argument("--every", default="10s")
    parser.add_argument("--rounds", type=int, default=1)
    parser.add_argument("--home", help="an installation to measure instead of the built package")
    parser.add_argument("arms", nargs="*", metavar="ARM", help="some of " + ", ".join(ARMS))
    chosen = parser.parse_args()
    chosen.arms = chosen.arms or list(ARMS)
    return chosen


def certificate(work):
    """Creates a certificate for localhost, which the authorities of this mount namespace include."""
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2", "-subj", "/CN=localhost",
         "-addext", "subjectAltName=DNS:localhost", "-keyout", work + "/server.key", "-out", work + "/server.crt"], check=True, capture_output=True)
    with open(work + "/authorities.crt", "w") as all_of_them, open(AUTHORITIES) as hosts, open(work + "/server.crt") as own:
        all_of_them.write(hosts.read() + own.read())
    subprocess.run(["mount", "--bind", work + "/authorities.crt", AUTHORITIES], check=True)


def nginx(processes, plain, secure):
    work = processes.work
    config = write(work, "nginx.conf", f"""
daemon off; master_process off; pid {work}/pid; error_log {work}/error.log;
events {{}}
http {{
  access_log {work}/access.log; client_body_temp_path {work}/b; proxy_temp_path {work}/p;
  fastcgi_temp_path {work}/f; uwsgi_temp_path {work}/u; scgi_temp_path {work}/s;
  server {{
    listen 127.0.0.1:{plain}; listen 127.0.0.1:{secure} ssl; root {work};
    ssl_certificate {work}/server.crt; ssl_certificate_key {work}/server.key;
    location /beat {{ return 200; }}
  }}
}}
""")
    processes.start("nginx", "nginx", "-c", config)
    time.sleep(1)


def fetch(processes, home, url, every):
    """Fetches the bundle again and again, as the timer of the package does."""
    folder = processes.work + "/fetched"
    os.makedirs(folder)
    processes.start("fetch", "env", "-C", folder, "BUNDLE_URL=" + url, f"CURL_CA_BUNDLE={processes.work}/server.crt",
                    "sh", "-c", 'while :; do "$0"; sleep "$1"; done', home + "/bin/fetch-bundle", every)
    until("the bundle is fetched", 60, lambda: os.path.exists(folder + "/policy-bundle.tar.gz"))


def policy(work, kind, urls, every):
    if not kind:
        return CONFIG + "/policy.yaml"
    location = {"file": work + "/policy-bundle.tar.gz", "curl": work + "/fetched/policy-bundle.tar.gz", "http": urls["http"] + "/policy-bundle.tar.gz"}.get(kind, urls["https"] + "/policy-bundle.tar.gz")
    more = f", ca_file: {work}/server.crt" if kind == "https" else ""
    return f"{{bundle: '{location}', allowed_signers: {work}/allowed_signers, every: {every}{more}}}"


def agent(processes, home, name, urls, every):
    kind, beats = ARMS[name]
    folder = os.path.join(processes.work, name)
    os.makedirs(folder, mode=0o750)
    notify = f"""notify:
  heartbeat: {{receiver: hook, every: 60s}}
  receivers: [{{name: hook, match: {{rule: none}}, webhook: {{url: "{urls['https']}/beat", ca_file: {processes.work}/server.crt}}}}]
""" if beats else ""
    config = write(folder, "portcurfew.yaml", f'policy: {policy(processes.work, kind, urls, every)}\nstate: {folder}/state\nweb: {{listen: "127.0.0.1:0"}}\n{notify}')
    process = processes.start(name, os.path.join(home, "bin/portcurfew"), "run", "--config", config)
    log = os.path.join(processes.work, name + ".log")
    until(name + " has scanned", 60, lambda: "metrics are at" in open(log).read())
    if kind:
        until(name + " has a bundle", 60, lambda: "policy-bundle-1/policy.yaml" in open(log).read())
    return process


def memory(process):
    """Returns resident, anonymous and file-backed MiB."""
    found = {}
    with open(f"/proc/{process.pid}/status") as status:
        for line in status:
            name, _, value = line.partition(":")
            if name in ("VmRSS", "RssAnon", "RssFile"):
                found[name] = int(value.split()[0]) / 1024
    return found["VmRSS"], found["RssAnon"], found["RssFile"]


def measure(home, work, chosen):
    processes = Processes(work)
    try:
        os.makedirs(work)
        certificate(work)
        bundle(work)
        for name in ("policy-bundle.tar.gz", "policy-bundle.tar.gz.sig"):
            os.chmod(os.path.join(work, name), 0o644)
        plain, secure = free_port(), free_port()
        nginx(processes, plain, secure)
        urls = {"http": f"http://localhost:{plain}", "https": f"https://localhost:{secure}"}
        if "curl" in chosen.arms:
            fetch(processes, home, urls["https"] + "/policy-bundle.tar.gz", chosen.every)
        running = {name: agent(processes, home, name, urls, chosen.every) for name in chosen.arms}
        time.sleep(60 * chosen.minutes)
        seen = {name: memory(process) for name, process in running.items()}
        for name, values in seen.items():
            base = seen.get("beats" if name == "beats-https" else "none")
            more = f", more {' '.join(f'{value - other:+.1f}' for value, other in zip(values, base))}" if base else ""
            print(f"{name:12} RSS {values[0]:.1f} anonymous {values[1]:.1f} files {values[2]:.1f}{more}", flush=True)
        requests = sum(1 for _ in open(work + "/access.log"))
        print(f"{requests} requests at nginx, load {os.getloadavg()[0]:.1f}", flush=True)
    finally:
        processes.stop()
        subprocess.run(["umount", AUTHORITIES], check=False)


def main():
    chosen = arguments()
    if not os.environ.get("PORTCURFEW_BUNDLE_MEMORY_INSIDE"):
        os.execvpe("unshare", ["unshare", "--net", "--mount", "--pid", "--fork", "--mount-proc", sys.executable, *sys.argv],
                   dict(os.environ, PORTCURFEW_BUNDLE_MEMORY_INSIDE="1"))
    subprocess.run(["ip", "link", "set", "lo", "up"], check=True)
    work = tempfile.mkdtemp(prefix="portcurfew-bundle-memory-")
    os.chmod(work, 0o755)
    try:
        home = chosen.home or installed(os.path.join(work, "package"))[0]
        for number in range(chosen.rounds):
            measure(home, os.path.join(work, str(number)), chosen)
    finally:
        shutil.rmtree(work, ignore_errors=True)


if __name__ == "__main__":
    main()
