"""Moments that a user or root chooses, on the installed service with a scan each second."""
import json
import re
import time

from machine import until
from receiver import received
from service_view import ASK, AS_NOBODY, PLAIN

# Opens a port once a scan has ended and closes it 0.12 s before the next one would come after an interval.
BETWEEN_SCANS = r"""
import re, socket, sys, time, urllib.request
def scans():
    text = urllib.request.urlopen('http://127.0.0.1:10611/metrics').read().decode()
    return sum(map(float, re.findall(r'^portcurfew_scans_total\{.*\} (\S+)$', text, re.M)))
for i in range(1, int(sys.argv[2]) + 1):
    before = scans()
    while scans() == before:
        time.sleep(0.02)
    s = socket.socket(); s.bind(('127.0.%s.%d' % (sys.argv[1], i), 6126)); s.listen()
    time.sleep(0.88)
    s.close()
open('/var/tmp/rounds-' + sys.argv[1], 'w')
"""

# Opens a port that only root may have, each time for longer than an opening waits for its closing.
WRONG_OWNER = """
import socket, time
for i in range(1, 13):
    s = socket.socket(); s.bind(('127.0.6.%d' % i, 6131)); s.listen()
    time.sleep(0.02)
    s.close()
    time.sleep(0.2)
time.sleep(600)
"""

# Takes sockets of the host into a namespace of its own and listens there, each second time until a look finds it open.
TAKEN_ALONG = """
import ctypes, socket, time
taken = []
for i in range(1, 13):
    s = socket.socket(); s.bind(('127.0.8.%d' % i, 6139)); taken.append(s)
assert not ctypes.CDLL(None).unshare(0x50000000)
for i, s in enumerate(taken):
    s.listen()
    time.sleep(0.02 * (i % 2))
    s.close()
    time.sleep(0.2)
time.sleep(600)
"""

# Listens for a moment in a namespace that root made.
MOVED_BY_ROOT = """
import ctypes, socket, time
assert not ctypes.CDLL(None).unshare(0x40000000)
s = socket.socket(); s.bind(('0.0.0.0', 6139)); s.listen(); s.close()
time.sleep(600)
"""

# The only process of a namespace gives its listener to another process and ends.
OUTLIVED = """
import ctypes, os, socket, time
ours, theirs = socket.socketpair()
if os.fork() == 0:
    assert not ctypes.CDLL(None).unshare(0x50000000)
    s = socket.socket(); s.bind(('0.0.0.0', 611)); s.listen()
    socket.send_fds(theirs, [b'.'], [s.fileno()])
    while not os.path.exists('/run/leave'):
        time.sleep(0.05)
    os._exit(0)
kept = socket.recv_fds(ours, 1, 1)
os.wait()
time.sleep(600)
"""

# A child listens in a namespace of its own, hands its sockets to its parent and ends: nothing else keeps the namespace.
KEPT = """
import ctypes, os, socket, time
ours, theirs = socket.socketpair()
if os.fork() == 0:
    assert not ctypes.CDLL(None).unshare(0x50000000)
    tcp, udp = socket.socket(), socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    for s in (tcp, udp):
        s.bind(('0.0.0.0', 6127))
    tcp.listen()
    socket.send_fds(theirs, [b'.'], [tcp.fileno(), udp.fileno()])
    os._exit(0)
kept = socket.recv_fds(ours, 1, 2)
os.wait()
time.sleep(600)
"""

# Listens in network namespaces of its own, which end with it.
ENDING = """
import ctypes, os, socket, time
libc = ctypes.CDLL(None)
for _ in range(8):
    if os.fork() == 0:
        libc.prctl(1, 9)
        assert not libc.unshare(0x40000000)
        s = socket.socket(); s.bind(('0.0.0.0', 6128)); s.listen()
        break
time.sleep(600)
"""
UNLISTED = "that no table of a known network namespace lists"
BLIND = "Blind in network namespace"


class Timing:
    """Test steps for a machine with a running service and a receiver."""

    def reports_each_listener_between_two_scans(self, net=3, rounds=12):
        self.listener(AS_NOBODY + "python3", BETWEEN_SCANS, str(net), str(rounds))
        until("all rounds are over", 6 * rounds, lambda: self.m.sh(
            "test -e /var/tmp/rounds-%d" % net, check=False).returncode == 0)
        prefix = "127.0.%d." % net
        until("each is reported", 10, lambda: self.openings("phase", prefix) >= rounds)
        return "%d of %d" % (self.openings("phase", prefix), rounds)

    def reports_each_brief_listener_of_a_wrong_owner(self):
        end = self.listener(AS_NOBODY + "python3", WRONG_OWNER)
        until("each is reported", 15, lambda: self.openings("of-root", "127.0.6.") >= 12)
        kinds = {one["kind"] for one in self.alerts_of("of-root")}
        assert kinds == {"wrong-owner"}, kinds
        self.m.sh(end)

    def reports_each_brief_listener_of_the_host_in_another_namespace(self):
        other = self.listener("python3", MOVED_BY_ROOT)
        end = self.listener(AS_NOBODY + "python3", TAKEN_ALONG)
        _, took = until("each is reported", 15, lambda: self.openings("on-host", "127.0.8.") >= 12)
        found = [(one["kind"], one["endpoint"]["address"]) for one in self.alerts_of("on-host")]
        assert {kind for kind, _ in found} <= {"open", "blind"}, found
        assert not [at for _, at in found if at == "0.0.0.0"], "the namespace of root's process is known: %s" % found
        self.m.sh(end + "; " + other)
        return "%.1f s" % took

    def openings(self, rule, prefix):
        """Counts the openings in the alerts of a rule; beyond four alerts of one user an alert counts more."""
        alerts = json.loads(self.get("/api/v1/alerts"))["alerts"]
        return sum(one.get("brief", {}).get("count", 1) for one in alerts
                   if one.get("rule") == rule and one["endpoint"]["address"].startswith(prefix))

    def reported(self, port):
        return {labels.get("address") for _, state, labels in received(self.m)
                if state == "firing" and labels.get("port") == str(port)}

    def keeps_an_alert_of_a_namespace_whose_last_process_ended(self):
        # By number of messages: the kernel gives a namespace the inode of an earlier one.
        fired, resolved = len(self.of_namespaces("firing")), len(self.of_namespaces("resolved"))
        end = self.listener(AS_NOBODY + "python3", OUTLIVED)
        until("the alert is received", 10, lambda: self.of_namespaces("firing")[fired:])
        name = self.of_namespaces("firing")[fired]
        self.scanned(3)
        self.m.sh("touch /run/leave")
        self.scanned(5)
        assert name not in self.of_namespaces("resolved")[resolved:], "the alert was resolved while its socket lives"
        self.m.sh(end + "; rm /run/leave")
        # An alert that an event raised and no scan has confirmed lasts 30 s, and beside the namespaces that the gauntlet
        # leaves behind a scan may not come to this one.
        _, took = until("its end is notified", 45, lambda: name in self.of_namespaces("resolved")[resolved:])
        return "%s, its end: %.1f s" % (name, took)

    def has_a_gap_for_a_namespace_that_only_sockets_keep(self):
        assert not self.gaps(UNLISTED), self.gaps(UNLISTED)
        end = self.listener(AS_NOBODY + "python3", KEPT)
        _, tcp = until("the event of a listener without a namespace is a gap", 10,
                       lambda: self.gaps("tcp 0.0.0.0:6127, opened by "))
        found, udp = until("its sockets are compared with the tables", 90, lambda: self.gaps(UNLISTED))
        assert re.search(r"2 sockets of uid 65534 .*(TCP|UDP) of python3\[", found[0]), found
        self.m.sh(end)
        until("the gap of the event has ended", 10, lambda: not self.gaps("0.0.0.0:6127"))
        until("the gap of the sockets has ended", 45, lambda: not self.gaps(UNLISTED))
        return "TCP: %.1f s, UDP: %.1f s" % (tcp, udp)

    def raises_no_alert_for_namespaces_that_end_together(self):
        before = self.journal().count(BLIND)
        for _ in range(3):
            end = self.listener("python3", ENDING)
            until("all are seen", 20, lambda: len(self.listeners_on(6128)) == 8)
            self.m.sh(end)
            until("all have ended", 20, lambda: not self.listeners_on(6128))
        self.scanned(3)
        assert self.journal().count(BLIND) == before, self.journal()

    def gaps(self, part):
        return [gap["why"] for gap in json.loads(self.get("/api/v1/listeners"))["gaps"] if part in gap["why"]]

    def of_namespaces(self, state):
        return [labels["namespace"] for _, status, labels in received(self.m)
                if status == state and labels.get("port") == "611" and labels.get("namespace") != "host"]

    def goes_on_after_the_clock_was_set_back_and_forth(self):
        """The clock of the service alone: libfaketime shifts its wall clock and leaves the monotonic one."""
        self.m.write(PLAIN, self.good.split("notify:\n")[0])
        slowest = 0
        for offset, jump in (("-1h", -3600), ("+0", 3600)):
            before = self.scans()
            self.m.sh("echo %s > /run/clock" % offset)
            _, took = until("three scans", 12, lambda: self.scans() >= before + 3)
            slowest = max(slowest, took)
            until("the jump is in the history", 15, lambda: jump in self.jumps())
            assert self.get("/-/healthy"), "not healthy"
        self.m.sh("rm " + PLAIN)
        return "3 scans in at most %.1f s" % slowest

    def jumps(self):
        history = json.loads(self.m.out(ASK % "history" + "--output json"))
        return [round(entry["details"]["seconds"], -2) for entry in history["log"] if entry["what"] == "clock-jump"]


STEPS = ["keeps_an_alert_of_a_namespace_whose_last_process_ended", "has_a_gap_for_a_namespace_that_only_sockets_keep",
         "raises_no_alert_for_namespaces_that_end_together", "reports_each_listener_between_two_scans",
         "reports_each_brief_listener_of_a_wrong_owner",
         "reports_each_brief_listener_of_the_host_in_another_namespace"]
