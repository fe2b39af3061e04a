#!/usr/bin/env python3
"""Counts the notifications of an ordinary day on a host, compressed into two minutes, and fails if one is wrong.

    mvn -q -DskipTests package
    agent/src/bench/ordinary_day.py [--events]

Needs Linux, root and iproute2; runs in network, pid and mount namespaces of its own. The policy denies what no rule allows; the
baseline is learned by the agent from the services of the morning: ssh, a web server with workers, a resolver, a required service.
Then the day: workers and sessions come and go, the resolver asks from hundreds of random ports, a VPN interface with a service
on its address comes and goes, a package upgrade replaces the file of a running service, the required service crashes in a loop,
ten containers come and go, the agent restarts. Five things change for real: port 611 opens and closes, an unknown program opens
a port, another program takes the port of the web server, the required service is away. The script prints each notification
beside the change that it is about. Events of the kernel are for the whole machine, so --events is for a machine without other work.
"""
import argparse
import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time

HOME = os.path.join(os.path.dirname(os.path.abspath(__file__)), "../../target/portcurfew")
CONFIG = """
scan: {every: 1s}
state: %(folder)s/state
policy: %(folder)s/policy.yaml
web: {listen: "127.0.0.1:10611"}
events: %(events)s
notify:
  receivers:
    - {name: alerts, file: {path: %(folder)s/alerts.json}}
"""
# The differences of this host, by hand: what no baseline of one moment can know.
SITE = """
version: 1
rules:
  - {name: portcurfew, ports: 10611, protocol: tcp, expect: allowed, address: loopback}
  - {name: npmp-gui, ports: 611, expect: closed, severity: critical}
  - {name: resolver, owner: [{executable: %(programs)s/resolver, user: nobody}], expect: allowed}
  - {name: api, ports: 8443, protocol: tcp, expect: required, for: 5s}
  - {name: vpn, ports: 1194, protocol: udp, expect: allowed, address: day0}
  - {name: shop, ports: 8080, protocol: tcp, namespace: others, expect: allowed, by: [{executable: %(programs)s/shop}]}
"""
POLICY = "version: 1\ndefault: deny\ninclude: [site.yaml, baseline.yaml]\nrules: []\n"
FIRST = "version: 1\ndefault: allow\ninclude: [site.yaml]\nrules: []\n"
PRELUDE = """
import ctypes, os, random, signal, socket, sys, time
ctypes.CDLL(None).prctl(1, signal.SIGKILL)
def tcp(address, port, family=socket.AF_INET):
    s = socket.socket(family)
    s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    s.bind((address, port))
    s.listen()
    return s
def udp(address, port):
    s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    s.bind((address, port))
    return s
def nobody():
    os.setgroups([]); os.setgid(65534); os.setuid(65534)
"""


class Host:
    """The programs of the host: copies of python below a folder that only root can write."""

    def __init__(self, folder):
        self.programs = os.path.join(folder, "programs")
        os.mkdir(self.programs, 0o755)
        self.running = []

    def install(self, name):
        path = os.path.join(self.programs, name)
        fresh = path + ".dpkg-new"
        shutil.copy(os.path.realpath("/usr/bin/python3"), fresh)
        os.chmod(fresh, 0o755)
        os.rename(fresh, path)
        return path

    def run(self, name, script, *prefix):
        path = os.path.join(self.programs, name)
        if not os.path.exists(path):
            self.install(name)
        process = subprocess.Popen(
            [*prefix, path, "-c", PRELUDE + script], stdin=subprocess.DEVNULL, start_new_session=True)
        self.running.append(process)
        return process

    def end(self, *processes):
        for process in processes:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()


SSH = """
held = [tcp('0.0.0.0', 22)]
while True:
    if os.fork() == 0:
        time.sleep(3); os._exit(0)
    time.sleep(1)
    try:
        while os.waitpid(-1, os.WNOHANG)[0]: pass
    except ChildProcessError: pass
"""
WEB = """
held = [tcp('0.0.0.0', 80)]
workers = []
while True:
    while len(workers) < 4:
        pid = os.fork()
        if pid == 0:
            nobody()
            time.sleep(random.uniform(2, 8)); os._exit(0)
        workers.append(pid)
    workers.remove(os.waitpid(-1, 0)[0])
"""
RESOLVER = """
held = [udp('127.0.0.1', 53), tcp('127.0.0.1', 53)]
nobody()
asking = []
time.sleep(QUIET)
while True:
    try: asking.append(udp('0.0.0.0', random.randrange(1024, 65536)))
    except OSError: pass
    if len(asking) > 20: asking.pop(random.randrange(len(asking))).close()
    time.sleep(0.05)
"""
API = "held = [tcp('127.0.0.1', 8443)]\ntime.sleep(9999)\n"
SHOP = "held = [tcp('0.0.0.0', 8080)]\ntime.sleep(9999)\n"


def ip(*words):
    subprocess.run(["ip", *words], check=True)


class Agent:
    """The daemon of the distribution, and the notifications that it sent."""

    def __init__(self, args, folder):
        self.launcher = os.path.join(args.home, "bin/portcurfew")
        self.folder = folder
        self.config = os.path.join(folder, "portcurfew.yaml")
        self.process = None

    def start(self):
        log = open(os.path.join(self.folder, "log"), "a")
        self.process = subprocess.Popen(
            [self.launcher, "run", "--config", self.config], stdin=subprocess.DEVNULL, stdout=log, stderr=log)

    def stop(self):
        self.process.send_signal(signal.SIGTERM)
        self.process.wait(30)

    def call(self, *words):
        return subprocess.run([self.launcher, *words, "--config", self.config], stdout=subprocess.PIPE, text=True)

    def event_sources(self):
        return re.findall(r"events of the kernel are read from (\w+)", open(os.path.join(self.folder, "log")).read())

    def notifications(self):
        path = os.path.join(self.folder, "alerts.json")
        if not os.path.exists(path):
            return []
        # Each alert of a summary has a line of its own.
        return [one for one in map(json.loads, open(path)) if one.get("event.reason") != "summary"]


def short(notification):
    """Returns reason, kind, port and message of a line in ECS form."""
    return tuple(notification.get(key) for key in ("event.reason", "event.action", "server.port", "message"))


def crash_loop(host, seconds):
    """The service is up for three seconds, then away for three; returns the number of times that it went away."""
    end, away = time.monotonic() + seconds, 0
    while time.monotonic() < end:
        api = host.run("api", API)
        time.sleep(3)
        host.end(api)
        away += 1
        time.sleep(3)
    return away


def containers(host, number):
    """Each container is a process in a network namespace of its own."""
    started = [host.run("shop", SHOP, "unshare", "--net") for _ in range(number)]
    time.sleep(3)
    host.end(*started)


def day(host, agent):
    """Returns the number of real changes, in the words of the expected notifications."""
    changes = []
    for _ in range(2):
        ip("link", "add", "day0", "type", "veth", "peer", "name", "day1")
        ip("address", "add", "10.61.8.1/24", "dev", "day0")
        ip("link", "set", "day0", "up")
        vpn = host.run("vpn", "held = [udp('10.61.8.1', 1194)]\ntime.sleep(9999)\n")
        time.sleep(4)
        host.end(vpn)
        ip("link", "del", "day0")
        time.sleep(1)
    containers(host, 5)
    containers(host, 5)
    host.install("ssh")
    time.sleep(3)
    replaced = json.loads(agent.call("scan", "--output", "json").stdout)["owners_replaced"]
    print("owners of a replaced file: %d" % replaced)
    assert replaced >= 1, "the upgrade is not shown"

    backdoor = host.run("unknown", "held = [tcp('0.0.0.0', 611)]\ntime.sleep(9999)\n")
    time.sleep(4)
    host.end(backdoor)
    changes += [("open", 611), ("open", 611)]
    time.sleep(3)
    unknown = host.run("unknown", "held = [tcp('0.0.0.0', 9999)]\ntime.sleep(9999)\n")
    time.sleep(4)
    host.end(unknown)
    changes += [("unlisted", 9999), ("unlisted", 9999)]
    return changes


def main():
    args = arguments()
    folder = tempfile.mkdtemp(prefix="portcurfew-day-", dir="/var/lib")
    os.chmod(folder, 0o755)
    host = Host(folder)
    agent = Agent(args, folder)
    try:
        wrong = measure(args, folder, host, agent)
        if wrong:
            print(open(os.path.join(folder, "log")).read()[-3000:])
        return 1 if wrong else 0
    finally:
        for process in host.running:
            process.kill()
        if agent.process and agent.process.poll() is None:
            agent.process.kill()
            agent.process.wait()
        shutil.rmtree(folder)


def write(folder, name, text):
    with open(os.path.join(folder, name), "w") as file:
        file.write(text)


def learn(agent):
    """A process that starts or ends during a look has no owner in it, which stops learning; so it is tried again."""
    for _ in range(5):
        if agent.call("baseline", "learn", "--out", os.path.join(agent.folder, "baseline.yaml")).returncode == 0:
            return
        time.sleep(1)
    raise RuntimeError("nothing was learned")


def measure(args, folder, host, agent):
    start = time.monotonic()
    values = {"folder": folder, "programs": host.programs, "events": "{tcp: auto, udp: auto}" if args.events else "{tcp: off, udp: off}"}
    write(folder, "portcurfew.yaml", CONFIG % values)
    write(folder, "site.yaml", SITE % values)
    write(folder, "policy.yaml", FIRST)
    web = host.run("web", WEB)
    host.run("ssh", SSH)
    host.run("resolver", RESOLVER.replace("QUIET", "20"))
    api = host.run("api", API)
    time.sleep(2)
    learn(agent)
    write(folder, "policy.yaml", POLICY)
    agent.start()
    time.sleep(8)
    morning = len(agent.notifications())
    sources = agent.event_sources()
    print("event sources: " + (", ".join(sources) or "none"))
    assert bool(sources) == args.events, "events are not as requested"

    changes = day(host, agent)
    agent.stop()
    agent.start()
    time.sleep(6)
    host.end(api)
    away = crash_loop(host, 36)
    api = host.run("api", API)
    changes += [("missing", 8443)] * (2 * away)
    host.end(web)
    thief = host.run("unknown", "held = [tcp('0.0.0.0', 80)]\ntime.sleep(9999)\n")
    time.sleep(4)
    host.end(thief)
    changes += [("wrong-owner", 80), ("wrong-owner", 80)]
    time.sleep(4)
    return report(agent, changes, morning, time.monotonic() - start)


def report(agent, changes, morning, took):
    left = list(changes)
    wrong = []
    sent = agent.notifications()
    for notification in sent:
        reason, kind, port, text = short(notification)
        about = [change for change in left if change == (kind, port)]
        print("%-5s %-10s %-14s %-6s %s" % ("" if about else "WRONG", reason, kind or "", port or "", text))
        if about:
            left.remove(about[0])
        else:
            wrong.append(text)
    wrong += wrong_alerts(agent, changes)
    missed = set(changes) - {change for change in changes if left.count(change) < changes.count(change)}
    print("%d notifications for %d real changes, %d before the day began; %.0f s" % (len(sent), len(changes), morning, took))
    wrong += ["no notification about %s on %d" % change for change in missed]
    for text in wrong:
        print("WRONG: " + text[:600])
    return wrong


def wrong_alerts(agent, changes):
    """Returns the alerts that are about no change, since a summary lists only the latest message of each."""
    wrong, left = [], list(changes)
    for alert in json.loads(agent.call("alerts", "--output", "json").stdout)["alerts"]:
        about = (alert["kind"], alert.get("endpoint", {}).get("port"))
        if alert["state"] == "pending":
            continue
        print("      alert      %-14s %-6s %s to %s %s %s" % (
            *about, alert["starts_at"], alert["ends_at"], alert.get("cause", ""), alert["message"]))
        if about in left:
            left.remove(about)
        else:
            wrong.append("alert " + alert["message"])
    return wrong


def arguments():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--home", default=HOME, help="the distribution")
    parser.add_argument("--events", action="store_true", help="with the events of the kernel")
    return parser.parse_args()


if __name__ == "__main__":
    if os.environ.get("PORTCURFEW_DAY") != "inside":
        os.environ["PORTCURFEW_DAY"] = "inside"
        # Network namespaces with a name belong to the machine, not to this host.
        inside = "ip link set lo up && mkdir -p /run/netns && mount -t tmpfs day /run/netns && exec \"$@\""
        os.execvp("unshare", ["unshare", "--net", "--pid", "--fork", "--kill-child", "--mount", "--mount-proc",
                              "sh", "-c", inside, "sh", sys.executable, os.path.abspath(__file__), *sys.argv[1:]])
    sys.exit(main())
