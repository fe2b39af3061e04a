"""Attacks of an unprivileged user on the installed service: 611 on the host is notified all the same."""
import json
import re
import time

from forged_owners import AS_SUBORDINATE
from hanging import HANGING, LISTENING
from machine import until
from receiver import received
from service_view import AS_NOBODY, LISTEN

# Two intervals of the shipped config and a second.
IN_TIME = 21

# The same with a scan each second, and a second to ask for it.
SCANNED_EACH_SECOND = 4

# Each attack runs in a process group of its own and prints a line once it is ready.
START = "import os, resource, socket, sys, time; os.setpgrp();" \
        " most = resource.getrlimit(resource.RLIMIT_NOFILE)[1];" \
        " resource.setrlimit(resource.RLIMIT_NOFILE, (most, most)); share = min(5000, most - 50)\n"
READY = "\nprint('ready', flush=True); time.sleep(600)\n"

# Forks processes that each hold their share of what hold() returns for a number.
SHARED = """
def spread(count, hold):
    left, right = os.pipe()
    parts = range(0, count, share)
    for first in parts:
        if os.fork() == 0:
            all = [hold(i) for i in range(first, min(first + share, count))]
            os.write(right, b'.')
            time.sleep(600); os._exit(0)
    for _ in parts:
        os.read(left, 1)
"""

# 3,000,000 descriptors of one file, and a listener that loses its only process every 0.9 s.
DESCRIPTORS = START + SHARED + """
share = min(20000, most - 50)
null = os.open('/dev/null', 0)
spread(3000000, lambda i: os.dup(null))
print('ready', flush=True)
while True:
    s = socket.socket(); s.bind(('127.0.0.1', 0)); s.listen()
    if os.fork() == 0:
        time.sleep(0.9); os._exit(0)
    s.close(); time.sleep(0.9)
"""

NAMESPACES = START + """
import ctypes
c = ctypes.CDLL(None)
left, right = os.pipe()
for _ in range(400):
    if os.fork() == 0:
        made = c.unshare(0x50000000)
        os.write(right, b'.')
        time.sleep(600); os._exit(0)
for _ in range(400):
    os.read(left, 1)
""" + READY

# Listeners on 611 of 12,000 addresses, in a namespace of the user.
DECOYS = START + SHARED + """
def listener(i):
    s = socket.socket(); s.bind(('127.%d.%d.%d' % (1 + i // 65025, i // 255 % 255, 1 + i % 255), 611)); s.listen(1)
    return s
spread(12000, listener)
""" + READY

# 300,000 bound UDP sockets.
SOCKETS = START + SHARED + """
def bound(i):
    s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM); s.bind(('127.%d.0.1' % (1 + i // 20000), 20000 + i % 20000))
    return s
spread(300000, bound)
""" + READY

# 600 processes with a listener each, whose program and script have paths of 3,900 characters. One of them is not in Latin-1,
# so that each character takes two bytes of memory.
LONG_PATHS = START + """
import shutil
folder = '/tmp/long'
while len(os.fsencode(folder)) < 3700:
    folder += '/' + chr(8364) + 'd' * 240
os.makedirs(folder, exist_ok=True)
shutil.copy(os.path.realpath('/usr/bin/python3'), folder + '/python3')
with open(folder + '/server', 'w') as file:
    file.write(open(sys.argv[0]).read().partition('# The server' + ':')[2])
os.execve(folder + '/python3', ['python3', folder + '/server'], {'PYTHONHOME': '/usr'})
# The server:
import os, socket, time
left, right = os.pipe()
for i in range(600):
    if os.fork() == 0:
        s = socket.socket(); s.bind(('127.9.0.1', 20000 + i)); s.listen(1)
        os.write(right, b'.')
        time.sleep(600); os._exit(0)
for _ in range(600):
    os.read(left, 1)
""" + READY

# Eight executables of 1 GiB whose digest a rule demands.
LARGE = START + """
import shutil
for i in range(8):
    path = '/var/tmp/large-%d' % i
    shutil.copy(os.path.realpath('/usr/bin/python3'), path)
    os.truncate(path, 1 << 30)
    if os.fork() == 0:
        s = socket.socket(); s.bind(('127.8.0.%d' % (1 + i), 6137)); s.listen(); s.set_inheritable(True)
        os.execve(path, ['python3', '-c', 'import time; time.sleep(600)'], {'PYTHONHOME': '/usr'})
""" + READY

# 400 silent connections to the web server; each opens anew once it is closed.
CONNECTIONS = START + """
import select
def connect():
    return socket.create_connection(('127.0.0.1', 10611))
all = [connect() for _ in range(400)]
print('ready', flush=True)
end = time.time() + 600
while time.time() < end:
    for closed in select.select(all, [], [], 1)[0]:
        all.remove(closed); closed.close(); all.append(connect())
"""


class Attacks:
    """Test steps for a machine with a running service and a receiver."""

    def attack(self, name, code, command=AS_NOBODY + "python3", words=""):
        """Starts an attack and returns the command that ends it."""
        script, pid, out = ("/var/tmp/%s%s" % (name, end) for end in (".py", ".pid", ".out"))
        self.m.write(script, code)
        self.m.start("echo $$ > %s; exec %s %s %s > %s 2>&1" % (pid, command, script, words, out))
        try:
            until("the attack is ready", 60, lambda: "ready" in self.m.sh("cat " + out, check=False).stdout)
        except AssertionError:
            raise AssertionError("the attack does not start: " + self.m.sh("cat " + out, check=False).stdout)
        return "python3 -c 'import os; os.killpg(int(open(\"%s\").read()), 9)'" % pid

    def notifies_611_beside(self, end):
        """Opens 611 on the host beside an attack, and returns the times until both notifications."""
        time.sleep(12)
        pid, _ = self.active()
        # Each attack has an address of its own: an alert that changes six times is flapping.
        self.addresses = getattr(self, "addresses", 10) + 1
        address = "127.0.0.%d" % self.addresses
        closing = self.listener("python3", LISTEN, address, "611")
        _, opened = until("611 of the host is notified", IN_TIME, lambda: self.host_611("firing", address))
        self.m.sh(closing)
        _, closed = until("its end is notified", 2 * IN_TIME, lambda: self.host_611("resolved", address))
        self.m.sh(end)
        assert self.m.show("MainPID") == pid, "the service was restarted"
        return "opened: %.1f s, closed: %.1f s" % (opened, closed)

    def host_611(self, state, address):
        return [labels for _, status, labels in received(self.m)
                if status == state and labels.get("port") == "611"
                and labels.get("namespace") == "host" and labels.get("address") == address]

    def notifies_611_beside_many_descriptors(self):
        return self.notifies_611_beside(self.attack("descriptors", DESCRIPTORS))

    def notifies_611_beside_400_idle_namespaces(self):
        return self.notifies_611_beside(self.attack("namespaces", NAMESPACES))

    def notifies_611_beside_300000_sockets_of_a_user(self):
        return self.notifies_611_beside(self.attack("sockets", SOCKETS))

    def notifies_611_beside_12000_decoys(self):
        inside = AS_NOBODY + "unshare -Urn sh -c 'ip link set lo up; exec python3 \"$@\"' sh"
        return self.notifies_611_beside(self.attack("decoys", DECOYS, inside))

    def notifies_611_beside_600_owners_with_long_paths(self):
        end = self.attack("paths", LONG_PATHS)
        # The search for so many owners goes on for several scans.
        until("paths are left out", 150, lambda: self.gaps("left out: the long ones of their users"))
        return self.notifies_611_beside(end)

    def notifies_611_at_once(self, address):
        """Opens 611 beside an attack, with a scan each second."""
        closing = self.listener("python3", LISTEN, address, "611")
        _, opened = until("611 of the host is notified", SCANNED_EACH_SECOND, lambda: self.host_611("firing", address))
        self.m.sh(closing)
        _, closed = until("its end is notified", 2 * SCANNED_EACH_SECOND, lambda: self.host_611("resolved", address))
        return "opened: %.1f s, closed: %.1f s" % (opened, closed)

    def notifies_611_beside_large_executables(self):
        """With a scan each second, so that the digests are not ready before."""
        end = self.attack("large", LARGE)
        until("their digests are awaited", 10, lambda: len(self.without_digest()) == 8)
        note = self.notifies_611_at_once("127.0.0.8")
        left = len(self.without_digest())
        assert left, "the digests were ready before"
        self.m.sh(end + "; rm /var/tmp/large-*")
        return "%s, %d of 8 digests left" % (note, left)

    def without_digest(self):
        return [one for one in self.listeners_on(6137) if one["verdict"] == "finding"
                and not any("sha256" in owner for owner in one["owners"])]

    def notifies_611_beside_processes_that_hang(self):
        """With a scan each second, so without the pauses of the others; user 65534 is left out for some minutes then."""
        self.m.sh("mknod -m 666 /var/tmp/fuse c 10 229")
        end = self.attack("hanging", START + HANGING + READY)
        until("his processes are left out", 10, lambda: self.gaps("the processes of uid 65534"))
        note = self.notifies_611_at_once("127.0.0.9")
        owners = [one["owners"] for one in self.of_user_that_hangs()]
        assert owners == [[], []], owners
        self.m.sh(end)
        until("they have ended", SCANNED_EACH_SECOND, lambda: not self.of_user_that_hangs())
        self.m.sh("rm -r /var/tmp/fuse /var/tmp/hanging-*")
        return note

    def reports_a_brief_listener_beside_a_read_of_an_event_that_hangs(self):
        """Of another user than above, who is left out already."""
        self.m.sh("mknod -m 666 /var/tmp/fuse c 10 229")
        end = self.attack("listening", START + LISTENING + READY, AS_SUBORDINATE + "python3")
        read = "timeout -s KILL 1 readlink /proc/$(head -n 1 /var/tmp/listening.out)/exe; test $? = 137"
        until("a read of it hangs", 10, lambda: self.m.sh(read, check=False).returncode == 0)
        alert, took = self.brief("SOCK_STREAM", "127.0.7.4", 611, 0.02)
        # It has ended when another thread reads it; the kernel has reported its program.
        assert [owner["executable"][:16] for owner in alert["owners"]] == ["/usr/bin/python3"], alert
        # The read of the process as its event arrives may come before it hangs; that of a look a moment later does not.
        stopped = re.search("hangs; another thread (reads|judges) events without", self.journal())
        assert stopped, "no thread of events was stopped"
        self.m.sh(end + "; rm -r /var/tmp/fuse /var/tmp/hanging-*")
        return "after %.1f s, with its owner" % took

    def of_user_that_hangs(self):
        return [one for one in json.loads(self.get("/api/v1/listeners"))["listeners"] if one["port"] in (6121, 6122)]

    def serves_metrics_beside_400_silent_connections(self):
        end = self.attack("connections", CONNECTIONS)
        slowest = 0
        for _ in range(10):
            start = time.monotonic()
            self.get("/-/ready")
            slowest = max(slowest, time.monotonic() - start)
            time.sleep(1)
        self.m.sh(end)
        return "slowest of 10: %.2f s" % slowest


EACH_SECOND = ["notifies_611_beside_large_executables", "notifies_611_beside_processes_that_hang",
               "reports_a_brief_listener_beside_a_read_of_an_event_that_hangs"]
STEPS = [name for name in vars(Attacks) if name.startswith(("notifies_611_beside_", "serves_")) and name not in EACH_SECOND]
