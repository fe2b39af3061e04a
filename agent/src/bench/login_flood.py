#!/usr/bin/env python3
"""Measures what a flood of wrong passwords costs the agent, and whether its scrapes are still served.

    mvn -q -DskipTests package
    agent/src/bench/login_flood.py [--clients 0,16,32,128,400] [--seconds 20] [--servers plain,ec,rsa] [--floods password,hello,networks]

Needs Linux, root, openssl and iproute2. The agent runs in one network namespace and its clients in another. Each client of a
flood connects again as soon as it has an answer or its connection is closed. Floods: `password` sends another wrong password on
each connection, `hello` only the first bytes of TLS, which cost a client nothing, `networks` sends wrong passwords from 1,000
addresses. Beside it one scraper of the same address and one of another address connect anew each second, with the right
password and the usual limit of 10 s. Prints the CPU time of the agent's process as a share of one core, the flood's
connections a second, and for each scraper how many scrapes were served and the longest of these.
"""
import argparse
import asyncio
import base64
import collections
import contextlib
import itertools
import json
import os
import shutil
import ssl
import subprocess
import sys
import tempfile
import time

from fleet import HASH, HOME, ROOT, Processes, until, write

AGENT, FLOOD, OTHER = "10.61.1.1", "10.61.1.2", "10.61.1.3"
PORT = 10611
KEYS = {"ec": ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256"], "rsa": ["-newkey", "rsa:2048"]}
TICK = os.sysconf("SC_CLK_TCK")
LIMIT = 10


def arguments():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--clients", default="0,16,32,128,400")
    parser.add_argument("--seconds", type=float, default=20)
    parser.add_argument("--servers", default="plain,ec,rsa")
    parser.add_argument("--floods", default="password")
    parser.add_argument("--inside", nargs=4, metavar=("FLOOD", "SERVER", "CLIENTS", "HELLO"), help=argparse.SUPPRESS)
    return parser.parse_args()


def run(*command):
    subprocess.run(command, check=True, capture_output=True)


@contextlib.contextmanager
def namespaces():
    """Two namespaces with a cable between; the second has a thousand addresses more."""
    here, there = f"pcagent-{os.getpid()}", f"pcflood-{os.getpid()}"
    try:
        for name in (here, there):
            run("ip", "netns", "add", name)
            run("ip", "-n", name, "link", "set", "lo", "up")
        run("ip", "link", "add", "pc0", "netns", here, "type", "veth", "peer", "name", "pc1", "netns", there)
        for name, device, addresses in ((here, "pc0", [AGENT]), (there, "pc1", [FLOOD, OTHER])):
            for address in addresses:
                run("ip", "-n", name, "address", "add", address + "/24", "dev", device)
            run("ip", "-n", name, "link", "set", device, "up")
        run("ip", "-n", here, "route", "add", "10.62.0.0/16", "via", FLOOD)
        run("ip", "-n", there, "route", "add", "local", "10.62.0.0/16", "dev", "lo")
        yield here, there
    finally:
        for name in (here, there):
            subprocess.run(["ip", "netns", "delete", name], capture_output=True)


@contextlib.contextmanager
def agent(namespace, server):
    """An agent that scans once in 5 minutes; gives its process."""
    work = tempfile.mkdtemp(prefix="portcurfew-flood-")
    processes = Processes(work)
    web = f"basic_auth_users: {{prometheus: {HASH}}}\n"
    if server in KEYS:
        run("openssl", "req", "-x509", *KEYS[server], "-nodes", "-days", "2", "-subj", "/CN=localhost", "-keyout", work + "/server.key", "-out", work + "/server.crt")
        web = "tls_server_config: {cert_file: server.crt, key_file: server.key}\n" + web
    write(work, "web-config.yml", web)
    config = write(
        work, "portcurfew.yaml",
        f'policy: {ROOT}/config/policy.yaml\nstate: {work}/state\nscan: {{every: 5m}}\nevents: {{tcp: off, udp: off}}\n'
        f'web: {{listen: "{AGENT}:{PORT}", config_file: web-config.yml}}\n')
    try:
        process = processes.start("agent", "ip", "netns", "exec", namespace, HOME + "/bin/portcurfew", "run", "--config", config)
        until("the agent has scanned", 60, lambda: "metrics are at" in open(work + "/agent.log").read())
        yield process
    finally:
        processes.stop()
        shutil.rmtree(work, ignore_errors=True)


def cpu(process):
    """Seconds of CPU time, of the kernel's work for it too."""
    with open(f"/proc/{process.pid}/stat") as stat:
        fields = stat.read().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / TICK


def request(password):
    login = base64.b64encode(f"prometheus:{password}".encode()).decode()
    return f"GET /metrics HTTP/1.1\r\nHost: {AGENT}\r\nAuthorization: Basic {login}\r\nConnection: close\r\n\r\n".encode()


async def ask(server, source, password):
    """The status of one request on a connection of its own; empty if it was closed without an answer."""
    trust = None
    if server in KEYS:
        trust = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        trust.check_hostname, trust.verify_mode = False, ssl.CERT_NONE
    try:
        reader, writer = await asyncio.open_connection(AGENT, PORT, ssl=trust, local_addr=(source, 0))
    except OSError:
        return ""
    try:
        writer.write(request(password))
        answer = await reader.read()
        return answer[9:12].decode()
    except OSError:
        return ""
    finally:
        writer.transport.abort()


def hello():
    """The first message of a client of TLS."""
    incoming, outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
    trust = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    trust.check_hostname, trust.verify_mode = False, ssl.CERT_NONE
    with contextlib.suppress(ssl.SSLWantReadError):
        trust.wrap_bio(incoming, outgoing).do_handshake()
    return outgoing.read()


async def greet(first):
    """Sends the first message, waits for the first bytes of the answer and leaves."""
    try:
        reader, writer = await asyncio.open_connection(AGENT, PORT, local_addr=(FLOOD, 0))
    except OSError:
        return ""
    try:
        writer.write(first)
        return "hello" if await reader.read(1) else ""
    except OSError:
        return ""
    finally:
        writer.transport.abort()


async def until_end(end, seen, once):
    while time.monotonic() < end:
        seen[await once() or "closed"] += 1
        await asyncio.sleep(0)


async def scraper(end, server, source, times):
    """Scrapes each second; a scrape that is not served counts as none."""
    while time.monotonic() < end:
        begin = time.monotonic()
        try:
            status = await asyncio.wait_for(ask(server, source, "correct horse"), LIMIT)
        except asyncio.TimeoutError:
            status = ""
        took = time.monotonic() - begin
        times.append(took if status == "200" else None)
        await asyncio.sleep(max(0, 1 - took))


def source(flood, number):
    return f"10.62.{number // 250 % 4}.{1 + number % 250}" if flood == "networks" else FLOOD


async def flood(kind, server, clients, seconds):
    end = time.monotonic() + seconds
    seen, number, first = collections.Counter(), itertools.count(), hello()

    async def once():
        if kind == "hello":
            return await greet(first)
        mine = next(number)
        return await ask(server, source(kind, mine), f"wrong-{os.getpid()}-{mine}")

    await asyncio.wait([asyncio.ensure_future(step) for step in [asyncio.sleep(seconds)] + [until_end(end, seen, once) for _ in range(clients)]], timeout=seconds)
    print(json.dumps(seen), flush=True)
    os._exit(0)


async def scrape(server, seconds):
    end = time.monotonic() + seconds
    same, other = [], []
    await asyncio.gather(scraper(end, server, FLOOD, same), scraper(end, server, OTHER, other))
    print(json.dumps([same, other]))


def inside(namespace, *words):
    return subprocess.Popen(
        ["ip", "netns", "exec", namespace, sys.executable, os.path.abspath(__file__), "--inside", *words], stdout=subprocess.PIPE, text=True)


def served(times):
    good = [one for one in times if one is not None]
    return f"{len(good)} of {len(times)}" + (f", longest {max(good):.1f} s" if good else "")


def measure(process, there, kind, server, clients, seconds):
    # The scrapers have logged in before, as in a fleet.
    inside(there, "none", server, "0", "3").communicate()
    flooder = inside(there, kind, server, str(clients), str(seconds + 5))
    time.sleep(2)
    scrapers = inside(there, "none", server, "0", str(seconds))
    begin, spent = time.monotonic(), cpu(process)
    time.sleep(seconds)
    share = (cpu(process) - spent) / (time.monotonic() - begin)
    same, other = json.loads(scrapers.communicate()[0])
    seen = json.loads(flooder.communicate()[0])
    rates = ", ".join(f"{name} {count / (seconds + 5):.0f}/s" for name, count in sorted(seen.items()))
    print(f"{server:5} {kind:8} {clients:4} clients: {100 * share:5.1f} % of a core; {rates}; same address {served(same)}; other address {served(other)}", flush=True)


def main():
    chosen = arguments()
    if chosen.inside:
        kind, server, clients, seconds = chosen.inside
        asyncio.run(scrape(server, float(seconds)) if kind == "none" else flood(kind, server, int(clients), float(seconds)))
        return
    print(f"load before: {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores", flush=True)
    for server, kind in itertools.product(chosen.servers.split(","), chosen.floods.split(",")):
        if server == "plain" and kind == "hello":
            continue
        with namespaces() as (here, there), agent(here, server) as process:
            time.sleep(15)
            idle = cpu(process)
            time.sleep(5)
            print(f"{server:5} idle: {100 * (cpu(process) - idle) / 5:.1f} % of a core", flush=True)
            for clients in chosen.clients.split(","):
                measure(process, there, kind, server, int(clients), chosen.seconds)


if __name__ == "__main__":
    main()
