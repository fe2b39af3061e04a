#!/usr/bin/env python3
"""Serves the metrics of many simulated hosts, each a copy of a real agent's with values of its own.

    agent/src/bench/simulated_hosts.py SAMPLE HOSTS PORT

SAMPLE is a scrape of a real agent. /sd is the list for http_sd; /h/N/metrics is host N. Counters grow; 1 % of the hosts have
a finding, 0.1 % are blind, and each host is gone for one scrape in a thousand. /open/N opens port 611 on host N, /close/N
closes it.
"""
import asyncio
import gzip
import json
import random
import re
import sys
import time

FINDING, BLIND, GONE = 0.01, 0.001, 0.001
OPEN_RULE = 'portcurfew_rule_compliant{expect="closed",rule="npmp-gui",severity="critical"}'
OPEN_FINDING = 'portcurfew_findings{kind="open",severity="critical"}'
BLIND_FINDING = 'portcurfew_findings{kind="blind",severity="warning"}'
LAST_SCAN = 'portcurfew_last_scan_timestamp_seconds{outcome="complete"}'


class Fleet:
    def __init__(self, sample, hosts):
        self.hosts = hosts
        self.started = time.time()
        self.opened = set(range(0, hosts, round(1 / FINDING)))
        self.blind = set(range(7, hosts, round(1 / BLIND)))
        # The text between the values that differ from host to host.
        self.lines = [line for line in sample.splitlines() if line]
        self.varying = [at for at, line in enumerate(self.lines) if re.match(r"portcurfew_(scans_total|scan_duration|source_d)", line)]

    def page(self, host):
        age = time.time() - self.started
        lines = list(self.lines)
        for at in self.varying:
            name, value = lines[at].rsplit(" ", 1)
            lines[at] = f"{name} {float(value) + (age + host) / 10 if '_total' in name or '_bucket' in name or '_count' in name or '_sum' in name else random.random():.3f}"
        text = "\n".join(lines) + "\n"
        if host in self.opened:
            text = text.replace(OPEN_RULE + " 1.0", OPEN_RULE + " 0.0").replace(OPEN_FINDING + " 0.0", OPEN_FINDING + " 1.0")
        if host in self.blind:
            text = text.replace(OPEN_RULE + " 1.0\n", "").replace(BLIND_FINDING + " 0.0", BLIND_FINDING + " 1.0")
        return re.sub(re.escape(LAST_SCAN) + r" \S+", f"{LAST_SCAN} {time.time():.0f}", text)

    def answer(self, path, port):
        if path == "/sd":
            return 200, "application/json", json.dumps([
                {"targets": [f"127.0.0.1:{port}"], "labels": {"__metrics_path__": f"/h/{host}/metrics", "instance": f"host-{host}:10611", "host": f"host-{host}"}}
                for host in range(self.hosts)])
        kind, number = path.strip("/").split("/")[:2]
        host = int(number)
        if kind == "open":
            self.opened.add(host)
        elif kind == "close":
            self.opened.discard(host)
        elif random.random() < GONE:
            return 503, "text/plain", "gone\n"
        return 200, "text/plain; version=0.0.4", self.page(host)


async def serve(fleet, port):
    async def client(reader, writer):
        try:
            while True:
                head = await reader.readuntil(b"\r\n\r\n")
                status, kind, text = fleet.answer(head.split(b" ")[1].decode(), port)
                body = text.encode()
                coding = ""
                if b"gzip" in head.lower():
                    body, coding = gzip.compress(body, 1), "Content-Encoding: gzip\r\n"
                writer.write(f"HTTP/1.1 {status} x\r\nContent-Type: {kind}\r\n{coding}Content-Length: {len(body)}\r\n\r\n".encode() + body)
                await writer.drain()
        except (asyncio.IncompleteReadError, ConnectionError):
            writer.close()

    server = await asyncio.start_server(client, "127.0.0.1", port, backlog=4096)
    print("ready", flush=True)
    await server.serve_forever()


if __name__ == "__main__":
    with open(sys.argv[1]) as sample:
        asyncio.run(serve(Fleet(sample.read(), int(sys.argv[2])), int(sys.argv[3])))
