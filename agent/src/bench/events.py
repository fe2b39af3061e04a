#!/usr/bin/env python3
"""Measures how listeners between two scans are detected by the running daemon.

    mvn -q -DskipTests package
    agent/src/bench/events.py [--tries 100] [--openings 100000] [--connections 20000] [--rounds 5] [--only NAME,...]

Needs Linux, root, and tracefs at /sys/kernel/tracing; runs in its own network namespace. Starts the daemon of
agent/target/portcurfew with the shipped scan interval (10 s) and a webhook receiver in this script, and prints one line per
measurement:

  brief    listeners on closed ports that live 1, 20 and 300 ms, over TCP4, TCP6 and UDP: how many are reported with the right
           program, and the time from listen() to the request of the webhook
  churn    the cost of a connection that is accepted and closed: with the daemon, with the daemon without events, and then
           with the tracepoint and its filter too, which this script opens and nobody reads, in interleaved rounds
  idle     resident memory, threads and CPU of a daemon with events and of one without, in interleaved rounds
  flood    OPENINGS openings in about 10 s by one user and one opening by another: whether the other is reported with its
           owner, and the number of lost events
"""
import argparse
import contextlib
import ctypes
import http.server
import json
import mmap
import os
import re
import signal
import socket
import statistics
import struct
import subprocess
import sys
import tempfile
import threading
import time
import urllib.request

HOME = os.path.join(os.path.dirname(os.path.abspath(__file__)), "../../target/portcurfew")
POLICY = """
version: 1
default: allow
rules:
  - {name: npmp-gui, ports: [611, 7611], expect: closed, severity: critical}
""" + "".join(
    # A rule for each: the openings of one program beyond four of one rule would be a count in the first.
    f"  - {{name: port-{port}, ports: [{port}], expect: closed, severity: critical}}\n"
    for port in range(20_000, 21_000)
)
CONFIG = """
policy: {folder}/policy.yaml
scan: {{every: 10s}}
cross_check: {{every: 24h}}
events: {{tcp: {events}, udp: {events}}}
state: {folder}/state
web: {{listen: "127.0.0.1:{web}"}}
notify:
  receivers:
    - name: here
      webhook: {{url: "http://127.0.0.1:{hook}/"}}
"""
PAUSE = 2.2
# Arguments: family, type, port, seconds. Prints the time of listen() or bind(), then ends at once.
BRIEF = """
import socket, sys, time
kind = getattr(socket, sys.argv[2])
s = socket.socket(getattr(socket, sys.argv[1]), kind)
s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
s.bind(("::1" if sys.argv[1] == "AF_INET6" else "127.0.0.1", int(sys.argv[3])))
at = time.monotonic()
if kind == socket.SOCK_STREAM: s.listen()
time.sleep(float(sys.argv[4]))
s.close()
print(at)
"""
FLOOD = """
import os, socket, sys, time
os.setgroups([]); os.setgid(65534); os.setuid(65534)
total = int(sys.argv[1]); begin = time.monotonic()
for i in range(total):
    s = socket.socket(); s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    s.bind(("127.0.0.2", 10000 + i % 40000)); s.listen(); s.close()
    ahead = begin + 10 * i / total - time.monotonic()
    if ahead > 0.002: time.sleep(ahead)
print(time.monotonic() - begin)
"""


def arguments():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--tries", type=int, default=100)
    parser.add_argument("--openings", type=int, default=100_000)
    parser.add_argument("--connections", type=int, default=20_000)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--only", default="brief,churn,idle,flood")
    parser.add_argument("--agent", default=os.path.join(HOME, "bin/portcurfew"), help="the command of the daemon")
    return parser.parse_args()


def inside():
    """Enters a network namespace of its own, so that port 611 is free and nobody is disturbed."""
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.unshare(0x40000000) != 0:
        sys.exit("needs root: " + os.strerror(ctypes.get_errno()))
    subprocess.run(["ip", "link", "set", "lo", "up"], check=True)


class Hook:
    """Receives the notifications and the monotonic time of each."""

    def __init__(self):
        self.messages = []
        hook = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_POST(self):
                at = time.monotonic()
                body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                hook.messages.append((at, body))
                self.send_response(200)
                self.end_headers()

            def log_message(self, *words):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def port(self):
        return self.server.server_address[1]

    def firing(self, since, endpoint):
        """The first message about an endpoint since a time; a flapping alert counts too."""
        for at, body in list(self.messages):
            for alert in body["alerts"]:
                if at >= since and endpoint in alert["annotations"]["summary"] and body["status"] == "firing":
                    return at, alert
        return None


class Daemon:
    def __init__(self, agent, folder, hook, web, events="auto"):
        os.makedirs(folder, exist_ok=True)
        self.web = web
        with open(os.path.join(folder, "policy.yaml"), "w") as file:
            file.write(POLICY)
        self.config = os.path.join(folder, "portcurfew.yaml")
        self.values = {"folder": folder, "web": web, "hook": hook.port()}
        self.write(events)
        self.log = open(os.path.join(folder, "log"), "w")
        command = agent.split() + ["run", "--config", self.config]
        self.process = subprocess.Popen(command, stdout=self.log, stderr=subprocess.STDOUT)
        while not self.ready():
            if self.process.poll() is not None:
                sys.exit("the daemon ended: " + open(self.log.name).read())
            time.sleep(0.2)
        time.sleep(2)

    def write(self, events):
        with open(self.config + ".new", "w") as file:
            file.write(CONFIG.format(events=events, **self.values))
        os.rename(self.config + ".new", self.config)

    def use(self, events):
        """Reloads the daemon with other events, and waits until it uses them."""
        self.write(events)
        self.process.send_signal(signal.SIGHUP)
        while (self.metric("portcurfew_event_source_up") > 0) != (events == "auto"):
            time.sleep(0.1)
        time.sleep(0.5)

    def ready(self):
        try:
            return urllib.request.urlopen(f"http://127.0.0.1:{self.web}/-/ready").status == 200
        except OSError:
            return False

    def metric(self, name):
        text = urllib.request.urlopen(f"http://127.0.0.1:{self.web}/metrics").read().decode()
        return sum(float(line.split()[-1]) for line in text.splitlines() if re.match(name + r"(\{| )", line))

    def memory(self):
        with open(f"/proc/{self.process.pid}/status") as file:
            text = file.read()
        return int(re.search(r"VmRSS:\s+(\d+)", text)[1]) / 1024, int(re.search(r"Threads:\s+(\d+)", text)[1])

    def cpu(self):
        with open(f"/proc/{self.process.pid}/stat") as file:
            fields = file.read().rsplit(")", 1)[1].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def end(self):
        self.process.send_signal(signal.SIGTERM)
        self.process.wait()


def brief(args, folder, hook):
    """Each try has a port of its own, since an alert that still fires would only go on."""
    daemon = Daemon(args.agent, os.path.join(folder, "brief"), hook, 10_612)
    ports = iter(range(20_000, 21_000))
    for family, kind, word in [("AF_INET", "SOCK_STREAM", "tcp"), ("AF_INET6", "SOCK_STREAM", "tcp"), ("AF_INET", "SOCK_DGRAM", "udp")]:
        for seconds in [0.001, 0.02, 0.3]:
            one_kind(args, hook, [next(ports) for _ in range(args.tries)], family, kind, word, seconds)
    memory, threads = daemon.memory()
    print(f"brief: {memory:.0f} MiB resident, {threads} threads, {daemon.metric('portcurfew_events_lost_total'):.0f} events lost")
    daemon.end()


def one_kind(args, hook, ports, family, kind, word, seconds):
    python = os.path.realpath("/usr/bin/python3")
    address = "[::1]" if family == "AF_INET6" else "127.0.0.1"
    reported, owned, times = 0, 0, []
    for port in ports:
        since = time.monotonic()
        out = subprocess.run([python, "-c", BRIEF, family, kind, str(port), str(seconds)], capture_output=True, text=True)
        listened = float(out.stdout)
        # A receiver takes ten notifications at once and then one a second; more are a summary.
        time.sleep(PAUSE)
        found = hook.firing(since, f"{word} {address}:{port}")
        while found is None and time.monotonic() < listened + 3:
            time.sleep(0.001)
            found = hook.firing(since, f"{word} {address}:{port}")
        if found:
            reported += 1
            times.append(found[0] - listened)
            owned += python in found[1]["annotations"].get("owner", "")
    spread = ""
    if times:
        times.sort()
        p95 = times[max(0, int(len(times) * 0.95) - 1)]
        spread = f"; median {1000 * statistics.median(times):.1f} ms, p95 {1000 * p95:.1f} ms"
    print(
        f"brief {word} {address} {1000 * seconds:g} ms: {reported} of {len(ports)} reported, {owned} with the program{spread}",
        flush=True,
    )


def connections(count):
    server = socket.socket()
    server.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    server.bind(("127.0.0.1", 0))
    server.listen()
    begin = time.process_time()
    for _ in range(count):
        client = socket.create_connection(server.getsockname())
        peer, _ = server.accept()
        peer.close()
        client.close()
    return 1e6 * (time.process_time() - begin) / count


class Tracepoint:
    """The events of the source `perf` as the kernel has them, without an agent: one on each CPU, with the filter."""

    FILTER = b"newstate == 10 || (oldstate == 10 && newstate == 7)"

    def __enter__(self):
        libc = ctypes.CDLL(None, use_errno=True)
        with open("/sys/kernel/tracing/events/sock/inet_sock_set_state/id") as file:
            number = int(file.read())
        attributes = struct.pack("IIQQQQQI", 2, 112, number, 1, 0x406, 0, 1 << 25, 1).ljust(92, b"\0")
        attributes = (attributes + struct.pack("I", 1)).ljust(112, b"\0")
        self.files = []
        for cpu in range(os.cpu_count()):
            fd = libc.syscall(298 if os.uname().machine == "x86_64" else 241, attributes, -1, cpu, -1, 8)
            if fd < 0 or libc.ioctl(fd, ctypes.c_ulong(0x40082406), self.FILTER) != 0:
                sys.exit("perf event: " + os.strerror(ctypes.get_errno()))
            # A ring that is never read: an event without one does not write, but counts.
            self.files.append((fd, mmap.mmap(fd, 33 * 4096)))

    def __exit__(self, *error):
        for fd, ring in self.files:
            ring.close()
            os.close(fd)


def churn(args, folder, hook):
    """One daemon, whose events are switched by reloads: a daemon that has just started disturbs its neighbour on the CPU."""
    costs = {"with events": [], "without": [], "with the tracepoint alone": []}
    daemon = Daemon(args.agent, os.path.join(folder, "churn"), hook, 10_613)
    time.sleep(10)
    for _ in range(args.rounds):
        for arm, events in [("with events", "auto"), ("without", "off"), ("with the tracepoint alone", "off")]:
            daemon.use(events)
            with Tracepoint() if arm == "with the tracepoint alone" else contextlib.nullcontext():
                costs[arm].append(connections(args.connections))
    daemon.end()
    for arm, rounds in costs.items():
        shown = ", ".join(f"{one:.2f}" for one in rounds)
        print(f"churn: {statistics.median(rounds):.2f} us of CPU a connection {arm} (rounds of {args.connections}: {shown})")


def idle(args, folder, hook):
    """Half a minute each; the median of the rounds."""
    seen = {"auto": [], "off": []}
    for number in range(args.rounds):
        for events, rounds in seen.items():
            daemon = Daemon(args.agent, os.path.join(folder, f"idle-{events}-{number}"), hook, 10_614, events)
            cpu = daemon.cpu()
            time.sleep(30)
            rounds.append((*daemon.memory(), daemon.cpu() - cpu))
            daemon.end()
    for events, rounds in seen.items():
        memory, threads, cpu = (statistics.median(column) for column in zip(*rounds))
        print(f"idle: events {events}: {memory:.1f} MiB resident, {threads:.0f} threads, {cpu:.2f} s of CPU in 30 s ({rounds})", flush=True)


def flood(args, folder, hook):
    daemon = Daemon(args.agent, os.path.join(folder, "flood"), hook, 10_615)
    python = os.path.realpath("/usr/bin/python3")
    before, cpu = daemon.metric("portcurfew_events_total"), daemon.cpu()
    since = time.monotonic()
    crowd = subprocess.Popen([python, "-c", FLOOD, str(args.openings)], stdout=subprocess.PIPE, text=True)
    time.sleep(5)
    out = subprocess.run([python, "-c", BRIEF, "AF_INET", "SOCK_STREAM", "7611", "0.001"], capture_output=True, text=True)
    listened = float(out.stdout)
    took = float(crowd.communicate()[0])
    time.sleep(2)
    found = hook.firing(since, "tcp 127.0.0.1:7611")
    seen, lost = daemon.metric("portcurfew_events_total") - before, daemon.metric("portcurfew_events_lost_total")
    answer = "not reported"
    if found:
        answer = f"reported after {1000 * (found[0] - listened):.1f} ms, owner: {found[1]['annotations'].get('owner')}"
    print(f"flood: {args.openings} openings in {took:.1f} s; the other opening: {answer}")
    print(f"flood: {seen:.0f} events read, {lost:.0f} counted as lost; {daemon.cpu() - cpu:.1f} s of CPU; {daemon.memory()[0]:.0f} MiB")
    daemon.end()


def main():
    args = arguments()
    inside()
    hook = Hook()
    with tempfile.TemporaryDirectory() as folder:
        for name in args.only.split(","):
            {"brief": brief, "churn": churn, "idle": idle, "flood": flood}[name](args, folder, hook)


if __name__ == "__main__":
    main()
