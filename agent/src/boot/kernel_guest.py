#!/usr/bin/python3
"""The first process of a machine that kernel.py boots: tries each event source and prints a line of JSON for each answer."""
import ctypes
import glob
import json
import os
import pwd
import re
import subprocess
import time
import urllib.request

AGENT = "/usr/lib/portcurfew/bin/portcurfew"
PAGE = "http://127.0.0.1:10612"
MOUNTS = [("proc", "/proc"), ("sysfs", "/sys"), ("devtmpfs", "/dev"), ("tmpfs", "/run"), ("tmpfs", "/tmp"),
          ("tracefs", "/sys/kernel/tracing"), ("securityfs", "/sys/kernel/security"), ("cgroup2", "/sys/fs/cgroup")]
MODULES = ["inet_diag", "tcp_diag", "udp_diag", "raw_diag", "unix_diag", "netlink_diag", "af_packet_diag"]
MODULE_INIT_COMPRESSED_FILE = 4
POWER_OFF = 0x4321FEDC
DROP_IN = "/usr/share/doc/portcurfew/examples/systemd/portcurfew-tracefs.conf"
INSTANCE = "/sys/kernel/tracing/instances/portcurfew"

POLICY = """
version: 1
default: allow
rules:
  - {name: npmp-gui, ports: [611], expect: closed, severity: critical}
"""
CONFIG = """
policy: /etc/kernel-test/policy.yaml
scan: {every: 10s}
cross_check: {every: 24h}
state: %s
web: {listen: "127.0.0.1:10612"}
"""
# The type, the address and the seconds are arguments.
BRIEF = ("import socket, sys, time; s = socket.socket(socket.AF_INET, getattr(socket, sys.argv[1]));"
         " s.bind((sys.argv[2], 611)); sys.argv[1] == 'SOCK_STREAM' and s.listen();"
         " time.sleep(float(sys.argv[3])); s.close()")

# The system calls of each source, without the agent: each opens it, closes a listener, and prints the bytes that came.
# struct perf_event_attr as the agent has it; 298 is perf_event_open, 0x40082406 PERF_EVENT_IOC_SET_FILTER.
TRIES = {
    "perf": """
import mmap, struct
number = int(open("/sys/kernel/tracing/events/sock/inet_sock_set_state/id").read())
attributes = struct.pack("IIQQQQQI", 2, 112, number, 1, 0x406, 1, 1 << 25, 1).ljust(92, b"\\0") + struct.pack("I", 1)
rings = []
for cpu in range(2):
    fd = libc.syscall(298, attributes.ljust(112, b"\\0"), -1, cpu, -1, 8)
    done = fd >= 0 and libc.ioctl(fd, ctypes.c_ulong(0x40082406), b"newstate == 10") == 0
    if not done: sys.exit(errno.errorcode[ctypes.get_errno()])
    rings.append(mmap.mmap(fd, 9 * 4096))
listen()
print(sum(struct.unpack("Q", ring[1024:1032])[0] for ring in rings), "bytes")
""",
    "tracefs": """
folder = "/sys/kernel/tracing/instances/portcurfew/"
open(folder + "events/sock/inet_sock_set_state/format").read()
pipes = [os.open(folder + "per_cpu/cpu%d/trace_pipe_raw" % cpu, os.O_NONBLOCK) for cpu in range(2)]
listen()
total = 0
for pipe in pipes:
    try: total += len(os.read(pipe, 65536))
    except BlockingIOError: pass
print(total, "bytes")
""",
    "destroy": """
groups = socket.socket(16, socket.SOCK_RAW | socket.SOCK_NONBLOCK, 4)
groups.bind((0, 15))
listen(); time.sleep(2)
print(len(groups.recv(8192)), "bytes")
""",
    "map of bpf": """
import struct
fd = libc.syscall(321, 0, struct.pack("IIII", 27, 0, 0, 4096).ljust(72, b"\\0"), 72)
print("made" if fd >= 0 else errno.errorcode[ctypes.get_errno()])
""",
}
BEGIN = """
import ctypes, errno, os, socket, sys, time
libc = ctypes.CDLL(None, use_errno=True)
def listen():
    s = socket.socket(); s.bind(("127.0.0.1", 0)); s.listen(); s.close()
"""
PARANOID = "/proc/sys/kernel/perf_event_paranoid"
NOBODY = pwd.getpwnam("nobody").pw_uid

libc = ctypes.CDLL(None, use_errno=True)


def sh(script):
    done = subprocess.run(["sh", "-c", script], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    return done.stdout.strip()


def mount_all():
    for kind, place in MOUNTS:
        os.makedirs(place, exist_ok=True)
        libc.mount(kind.encode(), place.encode(), kind.encode(), 0, None)
    sh("ip link set lo up")


def load_modules():
    """In any order until no more can be loaded; returns the missing ones, which may be part of the kernel."""
    left = set(MODULES)
    for _ in MODULES:
        for name in sorted(left):
            for path in glob.glob("/modules/%s.ko*" % name):
                with open(path) as file:
                    flags = 0 if path.endswith(".ko") else MODULE_INIT_COMPRESSED_FILE
                    if libc.syscall(313, file.fileno(), b"", flags) == 0:
                        left.discard(name)
    return sorted(left)


def get(path):
    return urllib.request.urlopen(PAGE + path, timeout=60).read().decode()


def until(most, happened):
    end = time.monotonic() + most
    while time.monotonic() < end:
        try:
            value = happened()
            if value:
                return value
        except OSError:
            pass
        time.sleep(0.1)
    return None


def as_nobody(capabilities):
    words = "".join(",+" + name for name in capabilities)
    return ["setpriv", "--reuid=%d" % NOBODY, "--regid=%d" % NOBODY, "--clear-groups", "--inh-caps=-all" + words,
            "--ambient-caps=-all" + words]


def calls(source, capabilities):
    """Makes the system calls of a source without the agent."""
    done = subprocess.run(as_nobody(capabilities) + ["python3", "-c", BEGIN + TRIES[source]], stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, text=True)
    lines = done.stdout.strip().splitlines()
    return lines[-1] if lines else ""


class Agent:
    """The agent as a user with these capabilities; None for root with all of them."""

    number = 0

    def __init__(self, capabilities, inside=()):
        Agent.number += 1
        state = "/run/state-%d" % Agent.number
        os.mkdir(state, 0o700)
        command = [AGENT, "run", "--config", "/etc/kernel-test/portcurfew.yaml"]
        if capabilities is not None:
            os.chown(state, NOBODY, NOBODY)
            command = as_nobody(capabilities) + command
        command = [*inside, *command]
        with open("/etc/kernel-test/portcurfew.yaml", "w") as file:
            file.write(CONFIG % state)
        self.log = "/run/log-%d" % Agent.number
        self.process = subprocess.Popen(command, stdout=open(self.log, "w"), stderr=subprocess.STDOUT, cwd=state)
        self.ready = until(500, lambda: urllib.request.urlopen(PAGE + "/-/ready", timeout=60).status == 200)
        time.sleep(1)

    def sources(self):
        return re.findall(r'portcurfew_event_source_up\{source="(\w+)"\} 1', get("/metrics"))

    def said(self):
        """Returns the words of the log about event sources, without the time."""
        with open(self.log) as file:
            return [re.sub(r"^\S+ ", "", line.strip()) for line in file if "event" in line]

    def end(self):
        self.process.terminate()
        self.process.wait(60)


def alert_at(address):
    for alert in json.loads(get("/api/v1/alerts"))["alerts"]:
        if alert.get("endpoint", {}).get("address") == address and alert["endpoint"]["port"] == 611:
            return alert
    return None


addresses = iter("127.0.7.%d" % number for number in range(1, 250))


def brief(kind, seconds=0.001, before=""):
    """Listens for a moment; returns the source that reported it, with the program if that is known."""
    address = next(addresses)
    sh("%s python3 -c \"%s\" %s %s %s" % (before, BRIEF, kind, address, seconds))
    alert = until(20, lambda: alert_at(address))
    if alert is None:
        return "not reported"
    program = (alert.get("owners") or [{}])[0].get("executable")
    source = alert.get("brief", {}).get("source", "a scan")
    return source + (" with " + os.path.basename(program) if program else " without owner")


def tried(name, capabilities, inside=(), then=None):
    """Starts the agent, opens a listener of 1 ms of each protocol outside of what it is inside, and prints the answers."""
    agent = Agent(capabilities, inside)
    if not agent.ready:
        with open(agent.log) as file:
            answer = {"failed": file.read()[-600:]}
    else:
        answer = {"up": agent.sources(), "tcp": brief("SOCK_STREAM"), "udp": brief("SOCK_DGRAM"), "said": agent.said()}
        if then:
            then()
            answer["tcp after " + then.__name__] = brief("SOCK_STREAM", before="taskset -c 1")
    agent.end()
    say(name, answer)


def say(name, answer):
    print("\nANSWER %s" % json.dumps([name, answer]), flush=True)


def cpu_away():
    """The events of a CPU end when it goes offline, for however short a time."""
    for state in ("0", "1"):
        sh("echo %s > /sys/devices/system/cpu/cpu1/online" % state)
    time.sleep(25)


def make_instance():
    """As root does with the shipped drop-in."""
    with open(DROP_IN) as file:
        script = file.read().replace("\\\n", "").split("'")[1]
    return sh("sh -ec '%s'" % script)


def main():
    mount_all()
    os.makedirs("/etc/kernel-test", exist_ok=True)
    with open("/etc/kernel-test/policy.yaml", "w") as file:
        file.write(POLICY)
    say("kernel", os.uname().release)
    say("lockdown", sh("cat /sys/kernel/security/lockdown"))
    say("missing", ", ".join(load_modules()))
    reads = ["sys_ptrace", "dac_read_search"]
    usual = sh("cat " + PARANOID)
    for level in dict.fromkeys([usual, "2"]):
        sh("echo %s > %s" % (level, PARANOID))
        for right in ("perfmon", "sys_admin"):
            say("calls of perf with CAP_%s, perf_event_paranoid %s" % (right.upper(), level), calls("perf", reads + [right]))
    say("instance", make_instance() or "made")
    say("calls of tracefs", calls("tracefs", reads))
    say("calls of bpf: a ring", calls("map of bpf", ["bpf", "net_admin"]))
    say("calls of destroy", calls("destroy", []))
    if " calls" in open("/proc/cmdline").read():
        return
    tried("tracefs", reads)
    sh("rmdir " + INSTANCE)
    # As portcurfew-events.conf does: maps of BPF count as locked memory before Linux 5.11.
    limit = ["prlimit", "--memlock=%d" % (8 << 20)]
    tried("perf and bpf", reads + ["perfmon", "bpf", "net_admin"], limit, then=cpu_away)
    tried("destroy", reads)


try:
    main()
except BaseException as error:
    say("failed", repr(error))
time.sleep(1)
libc.reboot(POWER_OFF)
