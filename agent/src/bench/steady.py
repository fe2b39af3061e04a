#!/usr/bin/env python3
"""Measures the CPU of a steady scan of the running daemon beside that of alternative commands.

    mvn -q -DskipTests package
    agent/src/bench/steady.py [--listeners 4] [--processes 300] [--connections 9000] [--scans 60] [--warm 600]
                              [--events auto|off] [--threads] [--containers 0]

Needs Linux and root; runs in its own network and pid namespace. Opens a load (PROCESSES processes with LISTENERS TCP
listeners and 20 files each, CONNECTIONS established loopback connections in one more process), runs the daemon of
agent/target/portcurfew with `scan.every: 1s` and measures the CPU of the whole process over SCANS scans, after WARM seconds.
In the same minutes it measures the CPU of each peer's process. Prints one table; the ratio compares one run of the peer to one
scan. The dump of the listeners is measured in a loop and, since caches are cold after a pause, once a second like a scan too.

A daemon at one scan a second is warm only after some minutes: Java interprets code that runs once a scan for its first 200
runs, and after 5 minutes the compiler still uses a fifth of the CPU. With `--listeners 34` there are 10,000 listeners;
PORTCURFEW_JAVA_OPTIONS=-Xmx64m limits the heap. `--threads` adds the CPU of each thread, `--events off` leaves the events of the
kernel out, which other processes of the machine cause as well. `--containers 50` measures once more beside 50 idle network
namespaces with an interface and a process each, a minute after they were made, and once more without them; the ratio is to
the mean of both measurements without.
"""
import argparse
import os
import re
import resource
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request

HOME = os.path.join(os.path.dirname(os.path.abspath(__file__)), "../../target")
PEERS = {
    "ss -H -tulpn": ["ss", "-H", "-tulpn"],
    "ss -H -tuln": ["ss", "-H", "-tuln"],
    "netstat -tulpn": ["netstat", "-tulpn"],
    "lsof -nP -iTCP -sTCP:LISTEN": ["lsof", "-nP", "-iTCP", "-sTCP:LISTEN"],
}
# linux/posix-timers.h, as clock_getcpuclockid(3) uses it.
CPUCLOCK_SCHED = 2
SETTLED = 60


def arguments():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--processes", type=int, default=300)
    parser.add_argument("--listeners", type=int, default=4)
    parser.add_argument("--connections", type=int, default=9000)
    parser.add_argument("--scans", type=int, default=60)
    parser.add_argument("--warm", type=int, default=600)
    parser.add_argument("--events", choices=["auto", "off"], default="auto")
    parser.add_argument("--threads", action="store_true")
    parser.add_argument("--containers", type=int, default=0)
    return parser.parse_args()


def load(args):
    """Forks the load; returns the end of a pipe. Closing it ends the load."""
    end, ours = os.pipe()
    ready, report = os.pipe()
    for number in range(args.processes + 1):
        if os.fork() == 0:
            os.close(ours)
            kept = hold(args, number)
            os.write(report, b".")
            os.read(end, 1)
            os._exit(len(kept) * 0)
    for _ in range(args.processes + 1):
        os.read(ready, 1)
    return ours


def hold(args, number):
    hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    if number < args.processes:
        return [socket.create_server(("127.0.0.1", 0)) for _ in range(args.listeners)] + [
            open("/dev/null") for _ in range(20)
        ]
    server = socket.create_server(("127.0.0.1", 0), backlog=4096)
    kept = [server]
    for _ in range(args.connections):
        kept += [socket.create_connection(server.getsockname()), server.accept()[0]]
    return kept


def idle_containers(count):
    """Starts processes in network namespaces of their own, each with an interface."""
    inside = "ip link set lo up; ip link add eth0 type veth peer name peer0; ip link set eth0 up; exec sleep 7200"
    return [subprocess.Popen(["unshare", "--net", "sh", "-c", inside]) for _ in range(count)]


def peer(command):
    """Returns the median CPU seconds of nine runs."""
    runs = []
    for _ in range(9):
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        runs.append(after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)
    return statistics.median(runs)


def java(name, *words):
    """Runs a benchmark of the test tree and returns its figure in seconds."""
    jars = os.path.join(HOME, "portcurfew/lib/*")
    classes = os.pathsep.join([os.path.join(HOME, "classes"), os.path.join(HOME, "test-classes"), jars])
    flags = ["-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC"]
    out = subprocess.run(["java", *flags, "-cp", classes, name, *words], capture_output=True, text=True, check=True).stdout
    return float(re.search(r"([\d.]+) ms", out).group(1)) / 1000


class Daemon:
    def __init__(self, folder, events):
        config = os.path.join(folder, "portcurfew.yaml")
        with open(config, "w") as file:
            file.write("scan: {every: 1s}\ncross_check: {every: 24h}\n")
            if events == "off":
                file.write("events: {tcp: off, udp: off}\n")
            file.write(f'state: {folder}/state\nweb: {{listen: "127.0.0.1:0"}}\n')
        self.log = open(os.path.join(folder, "log"), "w+")
        launcher = os.path.join(HOME, "portcurfew/bin/portcurfew")
        self.process = subprocess.Popen([launcher, "run", "--config", config], stdout=self.log, stderr=self.log)

    def text(self):
        self.log.seek(0)
        return self.log.read()

    def url(self):
        for _ in range(300):
            found = re.search(r"http://\S+/metrics", self.text())
            if found:
                return found.group(0)
            time.sleep(0.1)
        sys.exit("the daemon does not start:\n" + self.text())

    def page(self):
        return urllib.request.urlopen(self.url(), timeout=10).read().decode()

    def scans(self):
        return sum(float(n) for n in re.findall(r'portcurfew_scans_total\{outcome="\w+"\} (\S+)', self.page()))

    def durations(self):
        """Returns the scan duration histogram of the daemon: the number of scans for each upper bound in seconds."""
        found = re.findall(r'portcurfew_scan_duration_seconds_bucket\{le="([\d.]+)"\} (\S+)', self.page())
        return {float(bound): float(count) for bound, count in found}

    def cpu(self):
        """Returns the CPU seconds of the process with those of its ended threads, in nanoseconds: /proc/PID/stat counts in 10 ms."""
        return time.clock_gettime(~self.process.pid << 3 | CPUCLOCK_SCHED)

    def threads(self):
        """Returns the CPU seconds of each thread by its name."""
        spent = {}
        for task in os.listdir(f"/proc/{self.process.pid}/task"):
            try:
                with open(f"/proc/{self.process.pid}/task/{task}/comm") as file:
                    name = file.read().strip()
                with open(f"/proc/{self.process.pid}/task/{task}/schedstat") as file:
                    spent[name] = spent.get(name, 0) + int(file.read().split()[0]) / 1e9
            except FileNotFoundError:
                continue
        return spent

    def resident(self):
        with open(f"/proc/{self.process.pid}/status") as file:
            return int(re.search(r"VmRSS:\s+(\d+)", file.read()).group(1)) / 1024

    def steady(self, scans):
        """Returns the CPU seconds of a scan and the 95th percentile of its duration; includes the requests that count the scans."""
        bounds, first, before = self.durations(), self.scans(), self.cpu()
        time.sleep(scans)
        spent, ended = self.cpu() - before, self.scans() - first
        quick = {bound: count - bounds[bound] for bound, count in self.durations().items()}
        return spent / ended, min((bound for bound in quick if quick[bound] >= 0.95 * ended), default=float("inf"))

    def end(self):
        self.process.terminate()
        self.process.wait(timeout=10)


def inside():
    """Runs this script again in new namespaces, where no other process opens sockets."""
    if os.environ.get("STEADY_INSIDE"):
        subprocess.run(["ip", "link", "set", "lo", "up"], check=True)
        return
    os.environ["STEADY_INSIDE"] = "1"
    alone = ["unshare", "--net", "--pid", "--fork", "--mount-proc"]
    os.execvp(alone[0], [*alone, sys.executable, *sys.argv])


def main():
    args = arguments()
    inside()
    keep = load(args)
    with tempfile.TemporaryDirectory() as folder:
        daemon = Daemon(folder, args.events)
        time.sleep(args.warm)
        before = daemon.threads()
        scan, slow = daemon.steady(args.scans)
        after = daemon.threads()
        resident = daemon.resident()
        beside = again = 0
        if args.containers:
            idle = idle_containers(args.containers)
            time.sleep(SETTLED)
            before = daemon.threads()
            beside, _ = daemon.steady(args.scans)
            after = daemon.threads()
            for process in idle:
                process.kill()
                process.wait()
            time.sleep(SETTLED / 6)
            again, _ = daemon.steady(args.scans)
        print(f"{args.processes * args.listeners + 1} listeners, {2 * args.connections} connected sockets")
        print(f"steady scan of the daemon: {1000 * scan:.2f} ms of CPU, {resident:.0f} MiB resident")
        if args.containers:
            alone = (scan + again) / 2
            print(f"beside {args.containers} idle containers: {1000 * beside:.2f} ms of CPU, {beside / alone:.2f} times")
            print(f"alone again: {1000 * again:.2f} ms of CPU")
        print(f"95 of 100 scans took at most {1000 * slow:g} ms")
        rows = {name: peer(command) for name, command in PEERS.items()}
        daemon.end()
    rows["OSHI getConnections"] = java("io.portcurfew.observe.oshi.OshiBench")
    rows["dump of the listeners alone"] = java("io.portcurfew.observe.linux.DumpBench")
    rows["the same, one a second"] = java("io.portcurfew.observe.linux.DumpBench", "paced")
    os.close(keep)
    if args.threads:
        # Of the last measurement.
        spent = {name: seconds - before.get(name, 0) for name, seconds in after.items()}
        for name, seconds in sorted(spent.items(), key=lambda row: -row[1])[:12]:
            print(f"  thread {name:21} {1000 * seconds / args.scans:8.2f} ms")
    for name, seconds in rows.items():
        print(f"{name:30} {1000 * seconds:8.2f} ms = {seconds / scan:6.1f} scans")


if __name__ == "__main__":
    main()
