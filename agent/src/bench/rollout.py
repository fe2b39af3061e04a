#!/usr/bin/env python3
"""Measures a roll-out: bundles from one nginx, and the merging of many hosts' files.

    rollout.py [SECONDS]

10,000 clients look once with an ETag and once without, each at a random moment of SECONDS (default 300).
`baseline merge` and `report` run over the files of 10, 100 and 1,000 hosts. PORTCURFEW names the program.
"""
import asyncio
import json
import os
import random
import subprocess
import sys
import tempfile
import time

CLIENTS = 10_000
PROGRAM = os.environ.get("PORTCURFEW", "agent/target/portcurfew/bin/portcurfew")
PORT = 18_611


def nginx(folder):
    with open(f"{folder}/nginx.conf", "w") as out:
        out.write(
            f"daemon off; master_process off; pid {folder}/pid; error_log {folder}/error.log;\n"
            "events { worker_connections 4096; }\n"
            f"http {{ access_log off; client_body_temp_path {folder}/b; proxy_temp_path {folder}/p;\n"
            f"fastcgi_temp_path {folder}/f; uwsgi_temp_path {folder}/u; scgi_temp_path {folder}/s;\n"
            f"server {{ listen 127.0.0.1:{PORT}; root {folder}; }} }}\n"
        )
    server = subprocess.Popen(["nginx", "-c", f"{folder}/nginx.conf"])
    time.sleep(1)
    return server


async def look(path, etag):
    reader, writer = await asyncio.open_connection("127.0.0.1", PORT)
    match = f"If-None-Match: {etag}\r\n" if etag else ""
    writer.write(f"GET {path} HTTP/1.1\r\nHost: localhost\r\n{match}Connection: close\r\n\r\n".encode())
    answer = await reader.read(-1)
    writer.close()
    return answer


async def client(moment, etag, seen):
    await asyncio.sleep(moment)
    begun = time.monotonic()
    answer = await look("/policy-bundle.tar.gz", etag)
    size = len(answer)
    if not etag:
        size += len(await look("/policy-bundle.tar.gz.sig", None))
    seen.append((begun, time.monotonic() - begun, size, answer[9:12]))


async def looks(etag, seconds):
    seen = []
    await asyncio.gather(*(client(random.uniform(0, seconds), etag, seen) for _ in range(CLIENTS)))
    by_second = {}
    for begun, *_ in seen:
        by_second[int(begun)] = by_second.get(int(begun), 0) + 1
    times = sorted(took for _, took, _, _ in seen)
    status = {one[3].decode() for one in seen}
    print(
        f"{'with' if etag else 'without'} ETag: {len(seen)} clients in {seconds} s, status {status}, "
        f"{sum(one[2] for one in seen) / 1e6:.1f} MB, peak {max(by_second.values())} clients/s, "
        f"median {times[len(times) // 2] * 1e3:.1f} ms, 99% {times[len(times) * 99 // 100] * 1e3:.1f} ms"
    )


def bundles(seconds):
    with tempfile.TemporaryDirectory() as folder:
        os.chmod(folder, 0o755)
        with open(f"{folder}/policy-bundle.tar.gz", "wb") as out:
            out.write(os.urandom(8 * 1024))
        with open(f"{folder}/policy-bundle.tar.gz.sig", "wb") as out:
            out.write(b"x" * 512)
        server = nginx(folder)
        try:
            answer = asyncio.run(look("/policy-bundle.tar.gz", None)).decode("latin-1")
            etag = next(line[6:] for line in answer.split("\r\n") if line.startswith("ETag: "))
            asyncio.run(looks(etag, seconds))
            asyncio.run(looks(None, seconds))
        finally:
            server.terminate()
            server.wait()


def listener(port, program):
    owner = {"pid": port, "executable": f"/usr/sbin/{program}", "user": "root", "elsewhere": False}
    return {"protocol": "tcp", "address": "0.0.0.0", "port": port, "namespace": "host", "owners": [owner]}


def scan(host):
    ports = [(22, "sshd"), (80, "nginx"), (9100, "node_exporter")]
    ports += [(10_000 + random.randrange(200), "service") for _ in range(20)]
    return {"schema": 1, "host": host, "listeners": [listener(*one) for one in dict(ports).items()]}


def report(host):
    rules = [
        {"rule": f"rule-{n}", "required": f"tcp {n} closed", "controls": ["pci-dss:2.2.4"], "because": "x" * 80,
         "status": random.choice(["pass", "pass", "pass", "fail", "not reviewed"]), "found": []}
        for n in range(1, 101)
    ]
    counts = {"authorized": 10, "found": 23, "found_authorized": 20, "unauthorized": 1, "without_rule": 2}
    return {"schema": 1, "host": host, "from": "2026-11-01T00:00:00Z", "to": "2026-11-26T00:00:00Z",
            "complete": True, "policy": "policy.yaml", "digest": "0123456789abcdef", "counts": counts,
            "rules": rules, "gaps": [], "without_rule": [], "silences": [], "changes": []}


def timed(*command):
    begun = time.monotonic()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    error = process.stderr.read()
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode != 0:
        sys.exit(error.decode())
    return f"{time.monotonic() - begun:.1f} s, {usage.ru_utime + usage.ru_stime:.1f} s of CPU, {usage.ru_maxrss / 1024:.0f} MiB"


def files():
    with tempfile.TemporaryDirectory() as folder:
        for hosts in (10, 100, 1_000):
            for kind, make in (("scan", scan), ("report", report)):
                for n in range(hosts):
                    with open(f"{folder}/{kind}-{n}.json", "w") as out:
                        json.dump(make(f"host-{n}"), out)
            scans = [f"{folder}/scan-{n}.json" for n in range(hosts)]
            reports = [f"{folder}/report-{n}.json" for n in range(hosts)]
            print(f"{hosts} hosts, baseline merge:", timed(PROGRAM, "baseline", "merge", "--out", f"{folder}/b.yaml", *scans))
            for form in ("html", "oscal"):
                print(f"{hosts} hosts, report {form}:", timed(PROGRAM, "report", "--format", form, "--out", f"{folder}/r", *reports))


if __name__ == "__main__":
    bundles(float(sys.argv[1]) if len(sys.argv) > 1 else 300)
    files()
