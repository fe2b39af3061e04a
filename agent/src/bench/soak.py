#!/usr/bin/env python3
"""Runs the daemon for a long time on a host that never rests, and prints its resources each minute.

    mvn -q -DskipTests package
    agent/src/bench/soak.py [--minutes 60] [--openings 10] [--memory 5,25] [--full-disk 3-6]

Needs Linux, root and setpriv; runs in its own network and pid namespace. The daemon of agent/target/portcurfew scans once a second and
has a receiver for all alerts, which accepts them, and a heartbeat. A process opens OPENINGS listeners a second, each for half a
second to three seconds; every twentieth of them is on port 611, which must be closed. Each row has the figures at the end of a
minute: resident memory, descriptors, threads, the size of the database with its log, the CPU seconds of that minute, the
notifications received so far and the load of the machine. The last rows compare the ends of the quarters.
After the minutes of --memory it prints the parts of the memory after a collection, by jcmd of a JDK: those of the JVM with more
than 0.1 MiB, the resident parts of the process, and the classes with the most live bytes.
With --full-disk the state lies on a file system of its own that has no free block from the end of the first minute to the end
of the second one; the last line is what `history --verify` says when the daemon has ended.
"""
import argparse
import glob
import http.server
import os
import random
import re
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time

HOME = os.path.join(os.path.dirname(os.path.abspath(__file__)), "../../target/portcurfew")
TICK = os.sysconf("SC_CLK_TCK")
CONFIG = """
scan: {every: 1s}
state: %(folder)s/state
web: {listen: "127.0.0.1:0"}
notify:
  heartbeat: {receiver: hook, every: 60s}
  receivers:
    - {name: hook, webhook: {url: "http://127.0.0.1:%(port)d/"}}
"""


def arguments():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--minutes", type=int, default=60)
    parser.add_argument("--openings", type=int, default=10, help="listeners opened a second")
    parser.add_argument("--home", default=HOME, help="the distribution")
    parser.add_argument("--memory", default="", help="the minutes after which the parts of the memory are printed")
    parser.add_argument("--full-disk", default="", help="the minutes when the disk of the state fills and has space again")
    return parser.parse_args()


class Sink(http.server.BaseHTTPRequestHandler):
    """Accepts and counts all notifications."""

    received = 0

    def do_POST(self):
        Sink.received += 1
        self.rfile.read(int(self.headers["Content-Length"]))
        self.send_response(200)
        self.end_headers()

    def log_message(self, *_):
        pass


def sink():
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Sink)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return server.server_port


def listener(port):
    """Opens a listener; returns None if the port is taken."""
    opened = socket.socket()
    opened.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        opened.bind(("0.0.0.0", port))
        opened.listen()
        return opened
    except OSError:
        opened.close()
        return None


def churn(openings):
    """Opens listeners at this rate for ever; runs in a process of its own."""
    chance = random.Random(611)
    kept, number, start = [], 0, time.monotonic()
    while True:
        now = time.monotonic()
        while number < (now - start) * openings:
            number += 1
            opened = listener(611 if number % 20 == 0 else chance.randrange(20000, 30000))
            if opened:
                kept.append((now + chance.uniform(0.5, 3), opened))
        for end, opened in kept:
            if end <= now:
                opened.close()
        kept = [one for one in kept if one[0] > now]
        time.sleep(0.02)


def fork_churn(openings):
    pid = os.fork()
    if pid == 0:
        churn(openings)
    return pid


def cpu(pid):
    """Returns the CPU seconds of a process and of its ended children."""
    fields = open("/proc/%d/stat" % pid).read().rpartition(")")[2].split()
    return sum(map(int, fields[11:15])) / TICK


class Disk:
    """The file system of the state, which is full for some minutes."""

    def __init__(self, minutes, folder):
        self.full, self.free = map(int, minutes.split("-")) if minutes else (0, 0)
        self.filler = os.path.join(folder, "state", "filler")
        if minutes:
            os.mkdir(os.path.dirname(self.filler), 0o700)
            subprocess.run(["mount", "-t", "tmpfs", "-o", "size=64m,mode=700", "none", os.path.dirname(self.filler)], check=True)

    def at(self, minute):
        if minute == self.full:
            with open(self.filler, "wb", buffering=0) as file:
                while write(file, b"0" * 65536) or write(file, b"0" * 4096):
                    pass
        if minute == self.free and os.path.exists(self.filler):
            os.remove(self.filler)

    def end(self, home, config):
        if self.full:
            command = [os.path.join(home, "bin/portcurfew"), "history", "--verify", "--config", config]
            verified = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
            print("%s (status %d)" % (verified.stdout.strip(), verified.returncode))
            subprocess.run(["umount", os.path.dirname(self.filler)], check=True)


def write(file, block):
    """Returns False if there is no space for the block."""
    try:
        return file.write(block) == len(block)
    except OSError:
        return False


class Row:
    """The figures of the daemon at one moment."""

    def __init__(self, pid, state):
        text = open("/proc/%d/status" % pid).read()
        self.rss = int(re.search(r"VmRSS:\s+(\d+)", text).group(1)) / 1024
        self.threads = int(re.search(r"Threads:\s+(\d+)", text).group(1))
        self.descriptors = len(os.listdir("/proc/%d/fd" % pid))
        self.database = sum(os.path.getsize(file) for file in glob.glob(state + "/portcurfew.db*")) / 1024
        self.cpu = cpu(pid)


def daemon(args, folder):
    config = os.path.join(folder, "portcurfew.yaml")
    with open(config, "w") as file:
        file.write(CONFIG % {"folder": folder, "port": sink()})
    log = open(os.path.join(folder, "log"), "w")
    launcher = os.path.join(args.home, "bin/portcurfew")
    # The rights of the shipped unit: events of TCP come from perf, those of UDP without programs in the kernel.
    rights = ["setpriv", "--bounding-set", "-all,+sys_ptrace,+dac_read_search,+perfmon"]
    flags = "-XX:NativeMemoryTracking=summary" if args.memory else ""
    return subprocess.Popen([*rights, launcher, "run", "--config", config], stdin=subprocess.DEVNULL, stdout=log, stderr=log,
                            env=dict(os.environ, PORTCURFEW_JAVA_OPTIONS=flags))


def jcmd(pid, *command):
    return subprocess.run(["jcmd", str(pid), *command], capture_output=True, text=True).stdout


def resident(pid):
    """Returns the resident KiB of a process: malloc's heap, other anonymous memory, and mapped files."""
    parts, name = {"malloc": 0, "anonymous": 0, "files": 0}, ""
    for line in open("/proc/%d/smaps" % pid):
        if re.match(r"[0-9a-f]+-", line):
            path = line.split(None, 5)[5].strip() if len(line.split(None, 5)) > 5 else ""
            name = "malloc" if path == "[heap]" else "files" if path.startswith("/") else "anonymous"
        elif line.startswith("Rss:"):
            parts[name] += int(line.split()[1])
    return parts


def show_memory(pid):
    jcmd(pid, "GC.run")
    native = jcmd(pid, "VM.native_memory", "summary")
    parts = re.findall(r"(?m)^-\s+([\w ]+?) \(reserved=\d+KB, committed=(\d+)KB\)", native)
    print("  JVM: " + ", ".join("%s %.1f" % (name, int(size) / 1024) for name, size in parts if int(size) > 100) + " MiB")
    print("  resident: " + ", ".join("%s %.1f" % (name, size / 1024) for name, size in resident(pid).items()) + " MiB")
    rows = jcmd(pid, "GC.class_histogram").strip().split("\n")
    print("  live: " + " ".join(rows[-1].split()))
    for row in rows[2:14]:
        print("  " + " ".join(row.split()[1:4]), flush=True)


def header():
    print("%6s %9s %12s %8s %13s %8s %14s %6s"
          % ("minute", "RSS MiB", "descriptors", "threads", "database KiB", "CPU s", "notifications", "load"), flush=True)


def show(minute, row, before):
    print("%6d %9.1f %12d %8d %13.0f %8.2f %14d %6s"
          % (minute, row.rss, row.descriptors, row.threads, row.database, row.cpu - before, Sink.received,
             open("/proc/loadavg").read().split()[0]), flush=True)


def run(args, folder):
    disk = Disk(args.full_disk, folder)
    process = daemon(args, folder)
    opener = fork_churn(args.openings)
    rows, before, start = [], 0.0, time.monotonic()
    try:
        header()
        for minute in range(1, args.minutes + 1):
            time.sleep(max(0.0, start + 60 * minute - time.monotonic()))
            if process.poll() is not None:
                sys.exit("the daemon has ended with status %d:\n%s" % (process.returncode, log(folder)))
            rows.append(Row(process.pid, os.path.join(folder, "state")))
            show(minute, rows[-1], before)
            before = rows[-1].cpu
            disk.at(minute)
            if str(minute) in args.memory.split(","):
                show_memory(process.pid)
        summary(rows)
    finally:
        os.kill(opener, signal.SIGKILL)
        process.terminate()
        process.wait()
    disk.end(args.home, os.path.join(folder, "portcurfew.yaml"))


def log(folder):
    with open(os.path.join(folder, "log")) as file:
        return file.read()[-4000:]


def summary(rows):
    for part in (1, 2, 3, 4):
        last = len(rows) * part // 4 - 1
        first = len(rows) * (part - 1) // 4 - 1
        if last > max(first, 0):
            used = rows[last].cpu - (rows[first].cpu if first >= 0 else 0)
            print("quarter %d: RSS %.1f MiB, %d descriptors, %d threads, database %.0f KiB, CPU %.2f s a minute"
                  % (part, rows[last].rss, rows[last].descriptors, rows[last].threads, rows[last].database,
                     used / (last - first)), flush=True)


def main():
    args = arguments()
    if not os.environ.get("PORTCURFEW_SOAK_INSIDE"):
        command = ["unshare", "--net", "--mount", "--pid", "--fork", "--mount-proc", sys.executable, *sys.argv]
        os.execvpe("unshare", command, dict(os.environ, PORTCURFEW_SOAK_INSIDE="1"))
    subprocess.run(["ip", "link", "set", "lo", "up"], check=True)
    with tempfile.TemporaryDirectory(prefix="portcurfew-soak-") as folder:
        run(args, folder)


if __name__ == "__main__":
    # Cleans up after SIGTERM too.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    main()
