"""The sources of events under the installed service: each one where it is allowed, and the next one where it is not."""
import json
import re

from dropins import EXAMPLES
from machine import UNIT, until
from service_view import ASK, PLAIN

PARANOID = "/proc/sys/kernel/perf_event_paranoid"
INSTANCE = "/sys/kernel/tracing/instances/portcurfew"
GROUPS = "/run/groups-of-the-host"
STATE_CHANGE = INSTANCE + "/events/sock/inet_sock_set_state/enable"

# Listens for a moment; the type, the address, the port and the seconds are arguments.
BRIEF = ("import socket, sys, time; s = socket.socket(socket.AF_INET, getattr(socket, sys.argv[1]));"
         " s.bind((sys.argv[2], int(sys.argv[3]))); sys.argv[1] == 'SOCK_STREAM' and s.listen();"
         " time.sleep(float(sys.argv[4])); s.close()")

AS_SERVICE_WITH_BPF = ("setpriv --reuid=portcurfew --regid=portcurfew --clear-groups"
                       " --inh-caps=+sys_ptrace,+dac_read_search,+bpf,+net_admin"
                       " --ambient-caps=+sys_ptrace,+dac_read_search,+bpf,+net_admin ")


class EventSources:
    """Test steps for a machine with a running service and a scan each second."""

    def source_up(self, name):
        return 'portcurfew_event_source_up{source="%s"} 1.0' % name in self.get("/metrics")

    def said_of(self, source):
        """Returns the lines of the running agent about a source."""
        lines = self.m.out("journalctl -q _PID=%s -o cat --no-pager" % self.m.show("MainPID")).splitlines()
        return [line for line in lines if re.search(r"\b(source|from) %s\b" % source, line)]

    def brief(self, kind, address, port, seconds):
        """Listens for a moment; returns the alert about it and the seconds until it was there."""
        self.m.sh("python3 -c \"%s\" %s %s %d %s" % (BRIEF, kind, address, port, seconds))
        return until("%s is reported" % address, 5, lambda: self.alert_at(address, port))

    def alert_at(self, address, port):
        """Returns the alert about an endpoint, also if a busy machine let it be open at the look."""
        alerts = json.loads(self.get("/api/v1/alerts"))["alerts"]
        return next((one for one in alerts if one.get("endpoint", {}).get("address") == address
                     and one["endpoint"]["port"] == port), None)

    def shipped_drop_ins(self, *names):
        self.with_drop_ins(**{name: self.m.read("%sportcurfew-%s.conf" % (EXAMPLES, name)) for name in names})

    def reads_perf_where_paranoid_is_3(self):
        """Debian's kernel and that of kernel.org ask for CAP_PERFMON above 2."""
        with open(PARANOID) as file:
            before = file.read()
        try:
            with open(PARANOID, "w") as file:
                file.write("3")
            self.m.sh("systemctl restart " + UNIT)
            self.active()
            assert self.source_up("perf"), self.said_of("perf")
        finally:
            with open(PARANOID, "w") as file:
                file.write(before)
        alert, took = self.brief("SOCK_STREAM", "127.0.7.1", 611, 0.001)
        assert alert["owners"][0]["executable"].startswith("/usr/bin/python3"), alert
        return "1 ms of TCP: reported after %.1f s with its owner" % took

    def has_the_ends_of_sockets_where_all_else_is_refused(self):
        """The machine is a pid namespace of its own, so the instance of tracefs is of no use here."""
        self.shipped_drop_ins("minimal", "tracefs")
        assert self.m.out("cat " + STATE_CHANGE) == "1", "root did not make the instance"
        self.m.sh("systemctl reload {0}; systemctl reload {0}".format(UNIT))
        self.scanned(2)
        up = [name for name in ("perf", "tracefs", "bpf", "destroy") if self.source_up(name)]
        assert up == ["destroy"], up
        said = {name: self.said_of(name) for name in ("perf", "tracefs", "bpf", "destroy")}
        assert all(len(lines) == 1 for lines in said.values()), said
        assert "pid namespace" in said["tracefs"][0], said
        alert, took = self.brief("SOCK_STREAM", "127.0.7.2", 611, 0.02)
        assert not alert.get("owners"), alert
        self.m.sh("systemctl stop " + UNIT)
        assert self.m.sh("test -e " + INSTANCE, check=False).returncode, "the instance outlives the service"
        self.without_drop_ins()
        return "20 ms of TCP: reported after %.1f s without an owner" % took

    def reports_udp_with_the_events_drop_in(self):
        """A container has a part of the control groups alone; with their root BPF programs can be attached."""
        self.shipped_drop_ins("events")
        said = self.said_of("bpf")
        assert not self.source_up("bpf") and "not the root of the control groups" in said[0], said
        self.m.write(PLAIN, self.good.split("notify:\n")[0])
        doctor = " ".join(self.m.sh(AS_SERVICE_WITH_BPF + ASK % "doctor", check=False).stdout.split())
        assert "is not the root of the control groups: the agent is in a container" in doctor, doctor
        # Commands of this test are in the host's namespace of control groups.
        self.m.sh("mkdir {0}; mount -t cgroup2 cgroup2 {0}; systemctl restart {1}".format(GROUPS, UNIT))
        self.active()
        assert self.source_up("bpf"), self.said_of("bpf")
        alert, took = self.brief("SOCK_DGRAM", "127.0.7.3", 611, 0.001)
        self.m.sh("umount %s; rm %s" % (GROUPS, PLAIN))
        self.without_drop_ins()
        return "%s; with their root: 1 ms of UDP reported after %.1f s" % (said[0], took)


STEPS = ["reads_perf_where_paranoid_is_3", "has_the_ends_of_sockets_where_all_else_is_refused",
         "reports_udp_with_the_events_drop_in"]
