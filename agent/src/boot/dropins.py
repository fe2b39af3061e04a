"""The drop-ins of the package, as its documents install them, with a scan each second."""
import re
import time

from machine import UNIT, until
from receiver import received

EXAMPLES = "/usr/share/doc/portcurfew/examples/systemd/"
FOLDER = "/etc/systemd/system/portcurfew.service.d"

# A clock that root can set for the service alone.
CLOCK = """[Service]
Environment=LD_PRELOAD=/usr/lib/x86_64-linux-gnu/faketime/libfaketime.so.1
Environment=FAKETIME_TIMESTAMP_FILE=/run/clock FAKETIME_CACHE_DURATION=1 FAKETIME_DONT_FAKE_MONOTONIC=1 FAKETIME_FORCE_MONOTONIC_FIX=0
"""

# Not of 611: so many openings of it that end soon make its alert flap, which has no end for ten minutes. The alert of 609
# is a warning, which waits for the rate limit of its receiver.
REDIRECT = """
nft add table ip reach
nft add chain ip reach pre '{ type nat hook prerouting priority dstnat; }'
nft add rule ip reach pre tcp dport 609 dnat to 10.9.9.9:80
"""


class DropIns:
    """Test steps for a machine with a running service and a receiver."""

    def exposure(self):
        text = self.m.sh("systemd-analyze security " + UNIT, check=False).stdout
        return re.search(r"Overall exposure level for \S+: (\S+)", text).group(1)

    def with_drop_ins(self, **texts):
        self.m.sh("rm -rf %s; mkdir %s" % (FOLDER, FOLDER))
        for name, text in texts.items():
            self.m.write("%s/%s.conf" % (FOLDER, name), text)
        self.m.sh("systemctl daemon-reload; systemctl restart " + UNIT)
        self.active()

    def without_drop_ins(self):
        self.with_drop_ins()
        self.m.sh("rmdir " + FOLDER)

    def works_as_before_with_the_minimal_drop_in(self):
        before = self.exposure()
        self.m.sh("echo +0 > /run/clock")
        self.with_drop_ins(minimal=self.m.read(EXAMPLES + "portcurfew-minimal.conf"), clock=CLOCK)
        pid = self.m.show("MainPID")
        assert re.search(r"CapEff:\s+0000000000080004\n", self.m.out("cat /proc/%s/status" % pid))
        metrics = self.get("/metrics")
        for line in ('{source="perf"} 0.0', '{source="destroy"} 1.0'):
            assert "portcurfew_event_source_up" + line in metrics, metrics
        self.scanned(3)
        said = [line for line in self.m.out("journalctl -q _PID=%s -o cat --no-pager" % pid).splitlines()
                if "perf" in line]
        assert len(said) == 1, said
        brief = ("python3 -c \"import socket, time; s = socket.socket(); s.bind(('127.0.5.1', 611)); s.listen();"
                 " time.sleep(0.02)\"")
        self.m.sh(brief)
        until("a brief one is reported", 5, lambda: "127.0.5.1" in self.reported(611))
        return "exposure %s instead of %s, said: %s" % (self.exposure(), before, said[0])

    def reports_each_listener_between_two_scans_without_perf(self):
        return self.reports_each_listener_between_two_scans(net=4)

    def sees_a_redirect_with_the_reach_drop_in(self):
        self.with_drop_ins(reach=self.m.read(EXAMPLES + "portcurfew-reach.conf"))
        start = time.time()
        self.m.sh(REDIRECT)
        _, opened = until("the redirect is notified", 25, lambda: self.redirects("firing", start))
        found = [one for one in self.listeners_on(609) if "via" in one]
        assert found and found[0]["via"] == {"by": "nft", "target": "10.9.9.9:80"}, found
        self.m.sh("nft delete table ip reach")
        _, closed = until("its end is notified", 25, lambda: self.redirects("resolved", start))
        self.without_drop_ins()
        return "opened: %.1f s, closed: %.1f s" % (opened, closed)

    def redirects(self, state, since):
        return [labels for at, status, labels in received(self.m)
                if status == state and at >= since and labels.get("port") == "609"
                and labels.get("namespace") == "host" and labels.get("address") == "0.0.0.0"]


STEPS = ["works_as_before_with_the_minimal_drop_in", "reports_each_listener_between_two_scans_without_perf",
         "goes_on_after_the_clock_was_set_back_and_forth", "sees_a_redirect_with_the_reach_drop_in"]
