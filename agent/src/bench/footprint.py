#!/usr/bin/env python3
"""Measures the resources of the installed agent beside those of alternatives.

    mvn -q -DskipTests package
    agent/src/bench/footprint.py [--minutes 10] [--load]

Needs Linux and root. Unpacks the package with a runtime as apt installs it (with its class archive), starts one daemon that
scans every second and one with the shipped interval of 10 s, each with a receiver of every kind and an accepted heartbeat.
After MINUTES it reads the kernel's figures of each: resident and proportional memory, threads, and CPU of the second half of
that time, children included; "most" is the maximum of the samples in that half, during which a cross-check runs. With --load
it runs one daemon beside the sockets that steady.py opens. Installed peers (prometheus-node-exporter, monit, samhain) run with
Debian's configuration and are measured in the same minutes. Afterwards it stops them and times starts and scans. Everything
runs in its own network and pid namespace, so that other listeners cause no work; samhain's database exists only for the run.
"""
import argparse
import glob
import http.server
import os
import re
import shutil
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time

HERE = os.path.dirname(os.path.abspath(__file__))
TARGET = os.path.normpath(os.path.join(HERE, "../../target"))
TICK = os.sysconf("SC_CLK_TCK")
PEERS = {
    "prometheus-node-exporter": ["prometheus-node-exporter", "--web.listen-address=127.0.0.1:0"],
    "monit": ["monit", "-I", "-d", "10", "-c", "{work}/monitrc"],
    "samhain": ["samhain", "-t", "check", "-p", "none", "-m", "none", "--forever", "--foreground"],
}


def arguments():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--minutes", type=float, default=10)
    parser.add_argument("--load", action="store_true")
    parser.add_argument("--processes", type=int, default=300)
    parser.add_argument("--listeners", type=int, default=4)
    parser.add_argument("--connections", type=int, default=9000)
    return parser.parse_args()


def installed(work):
    """Unpacks the package into a folder and creates its class archive; returns the folder and the package size."""
    deb = glob.glob(os.path.join(TARGET, "portcurfew_*.deb"))[0]
    subprocess.run(["dpkg-deb", "-x", deb, work], check=True)
    home = os.path.join(work, "usr/lib/portcurfew")
    subprocess.run([os.path.join(home, "bin/make-archive")], check=True)
    return home, os.path.getsize(deb)


NOTIFY = """
notify:
  heartbeat: {receiver: heart, every: 60s}
  receivers:
    - {name: heart, severity: critical, webhook: {url: "http://127.0.0.1:%(port)d/"}}
    - {name: am, alertmanager: {urls: ["http://127.0.0.1:%(port)d"]}}
    - {name: mail, email: {server: "127.0.0.1:25", security: none, from: a@example.org, to: b@example.org}}
    - {name: logs, syslog: {server: "127.0.0.1:514", transport: udp}}
    - {name: chat, slack: {url_file: %(work)s/url}}
    - {name: pager, pagerduty: {routing_key_file: %(work)s/key}}
    - {name: page, command: {run: [/bin/true]}}
    - {name: shipped, file: {path: %(work)s/%(name)s.json}}
"""


class Sink(http.server.BaseHTTPRequestHandler):
    """Accepts and counts all notifications."""

    beats = 0

    def do_POST(self):
        Sink.beats += 1
        self.rfile.read(int(self.headers["Content-Length"]))
        self.send_response(200)
        self.end_headers()

    def log_message(self, *_):
        pass


def receivers(work):
    """Creates the secrets of the receivers in config() and a server; returns its port."""
    for name, text in (("url", "https://127.0.0.1:9/services/T/B/X"), ("key", "0123456789abcdef0123456789abcdef")):
        path = os.path.join(work, name)
        with open(os.open(path, os.O_WRONLY | os.O_CREAT, 0o600), "w") as file:
            file.write(text)
    server = http.server.HTTPServer(("127.0.0.1", 0), Sink)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return server.server_port


def config(work, name, every, port=None):
    path = os.path.join(work, name + ".yaml")
    with open(path, "w") as file:
        file.write('state: %s/%s.state\nweb: {listen: "127.0.0.1:0"}\nscan: {every: %s}\n' % (work, name, every))
        if port:
            file.write(NOTIFY % {"port": port, "work": work, "name": name})
    return path


def start(command, log=os.devnull, **more):
    with open(log, "w") as out:
        return subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=out, stderr=subprocess.STDOUT, **more)


def daemon(run, work, name, every, port):
    """Starts a daemon with a receiver of every kind; its output goes to a log file."""
    return start([run, "run", "--config", config(work, name, every, port)], os.path.join(work, name + ".log"))


def notified(work):
    """Yields the alerts of the daemons: a daemon that sent one was not idle and keeps the memory of it."""
    for log in sorted(glob.glob(os.path.join(work, "*.log"))):
        with open(log) as lines:
            yield from (line.rstrip()[:200] for line in lines if " CRITICAL " in line or " WARNING " in line)


def samhain_database(work):
    """Creates the database without which samhain ends immediately. Its path is built in, so a bind mount in this mount namespace replaces the folder."""
    for name in ("lib", "log"):
        folder, place = os.path.join(work, "samhain-" + name), "/var/%s/samhain" % name
        os.makedirs(folder, mode=0o700)
        os.makedirs(place, exist_ok=True)
        subprocess.run(["mount", "--bind", folder, place], check=True)
    start(["samhain", "-t", "init", "-p", "none", "-m", "none"]).wait()


def cpu(pid):
    """Returns the CPU seconds of a process and of its ended children."""
    fields = open("/proc/%d/stat" % pid).read().rpartition(")")[2].split()
    return sum(map(int, fields[11:15])) / TICK


def status(pid):
    """Returns resident MiB and number of threads."""
    text = open("/proc/%d/status" % pid).read()
    return (int(re.search(r"VmRSS:\s+(\d+)", text).group(1)) / 1024, int(re.search(r"Threads:\s+(\d+)", text).group(1)))


def proportional(pid):
    rollup = open("/proc/%d/smaps_rollup" % pid).read()
    return int(re.search(r"\nPss:\s+(\d+)", rollup).group(1)) / 1024


def ready(home, work):
    """Returns the milliseconds from the start of the daemon to its READY=1."""
    path = os.path.join(work, "notify")
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as listener:
        listener.bind(path)
        listener.settimeout(30)
        start_time = time.monotonic()
        started = start([home + "/bin/portcurfew", "run", "--config", config(work, "ready", "10s")],
                       env=dict(os.environ, NOTIFY_SOCKET=path))
        listener.recv(4096)
        took = time.monotonic() - start_time
    os.unlink(path)
    started.terminate()
    started.wait()
    return took * 1000


def scan(home, work):
    start_time = time.monotonic()
    start([home + "/bin/portcurfew", "scan", "--config", config(work, "scan", "10s")]).wait()
    return (time.monotonic() - start_time) * 1000


def alive(processes):
    return {name: process for name, process in processes.items() if process.poll() is None}


def watch(processes, seconds):
    """Samples memory and threads and returns the maximum of each process."""
    end = time.monotonic() + seconds
    most = {}
    while time.monotonic() < end:
        for name, process in alive(processes).items():
            rss, threads = status(process.pid)
            before = most.get(name, (0, 0))
            most[name] = (max(before[0], rss), max(before[1], threads))
        time.sleep(min(0.73, max(0.0, end - time.monotonic())))
    return most


def main():
    args = arguments()
    if not os.environ.get("PORTCURFEW_FOOTPRINT_INSIDE"):
        os.execvpe("unshare", ["unshare", "--net", "--mount", "--pid", "--fork", "--mount-proc", sys.executable, *sys.argv],
                   dict(os.environ, PORTCURFEW_FOOTPRINT_INSIDE="1"))
    work = tempfile.mkdtemp(prefix="portcurfew-footprint-")
    processes = {}
    try:
        home, size = installed(work)
        subprocess.run(["ip", "link", "set", "lo", "up"], check=True)
        if args.load:
            sys.path.insert(0, HERE)
            from steady import load
            args.end = load(args)
        with open(os.path.join(work, "monitrc"), "w") as file:
            file.write("set daemon 10\nset statefile %s/monit.state\nset idfile %s/monit.id\n"
                       "set pidfile %s/monit.pid\ncheck system here\n  if memory usage > 99%% then exec /bin/true\n"
                       % (work, work, work))
        os.chmod(os.path.join(work, "monitrc"), 0o600)
        run, port = home + "/bin/portcurfew", receivers(work)
        processes["portcurfew, every 1s"] = daemon(run, work, "one", "1s", port)
        if not args.load:
            processes["portcurfew, every 10s"] = daemon(run, work, "ten", "10s", port)
            if shutil.which("samhain"):
                samhain_database(work)
            for name, command in PEERS.items():
                if shutil.which(command[0]):
                    processes[name] = start([part.replace("{work}", work) for part in command])
        half = args.minutes * 30
        time.sleep(half)
        before = {name: cpu(process.pid) for name, process in alive(processes).items()}
        most = watch(processes, half)
        print("load average %s; after %g minutes%s" % (open("/proc/loadavg").read().split()[0:3], args.minutes,
                                                    " beside %d listeners" % (args.processes * args.listeners)
                                                    if args.load else ""))
        print("%-28s %8s %8s %8s %8s %8s %8s" % ("", "RSS MiB", "most", "PSS MiB", "threads", "most", "CPU %"))
        for name, process in alive(processes).items():
            used = (cpu(process.pid) - before[name]) / half * 100 if name in before else float("nan")
            (rss, threads), pss = status(process.pid), proportional(process.pid)
            print("%-28s %8.1f %8.1f %8.1f %8d %8d %8.2f" % (name, rss, most[name][0], pss, threads, most[name][1], used))
        for name in sorted(set(processes) - set(alive(processes))):
            print("%-28s has ended" % name)
        for line in notified(work):
            print("alert meanwhile: " + line)
        for name in set(PEERS) & set(alive(processes)):
            # samhain reads the whole disk, which would slow down the next measurements.
            processes[name].kill()
        if not args.load:
            print("ready after ms, of 7:  %s" % row([ready(home, work) for _ in range(7)]))
            print("scan takes ms, of 15:  %s" % row([scan(home, work) for _ in range(15)]))
        print("package: %.1f MB; %d heartbeats received" % (size / 1e6, Sink.beats))
    finally:
        for process in processes.values():
            process.kill()
            process.wait()
        shutil.rmtree(work)


def row(values):
    return "min %.0f, median %.0f, max %.0f" % (min(values), statistics.median(values), max(values))


if __name__ == "__main__":
    # Cleans up after SIGTERM too.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    main()
