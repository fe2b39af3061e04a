"""Tests the view of the installed service with its user, capabilities and sandbox."""
import json

from machine import until
from receiver import notified, received

# Listens for ten minutes; the address and the port are arguments.
LISTEN = ("import socket, sys, time; s = socket.socket(); s.setsockopt(1, 2, 1);"
          " s.bind((sys.argv[1], int(sys.argv[2]))); s.listen(); time.sleep(600)")

# Opens its socket in a namespace and leaves the namespace, so that no process is in it.
LEAVE = ("import ctypes, os, sys; c = ctypes.CDLL(None); h = os.open('/proc/self/ns/net', 0);"
         " assert not c.setns(os.open('/run/netns/' + sys.argv[3], 0), 0x40000000);")
AND_LEFT = LISTEN.replace("time.sleep", "assert not c.setns(h, 0x40000000); time.sleep")

# The config without receivers: only the service can read their secrets.
PLAIN = "/etc/portcurfew/plain.yaml"
ASK = "portcurfew %s --config " + PLAIN + " "

AS_NOBODY = "setpriv --reuid=65534 --regid=65534 --clear-groups "
ALLOWED = "/usr/local/bin/allowed-server"
RULE = """
  - name: trusted
    ports: [6110]
    expect: allowed
    by: [{executable: %s}]
    severity: critical
""" % ALLOWED


class ServiceView:
    """Test steps for a machine with a running service and a receiver."""

    def alerts(self):
        output = json.loads(self.m.out(ASK % "alerts" + "--output json"))
        return [alert for alert in output["alerts"] if alert["state"] != "resolved"]

    def listener(self, command, code=LISTEN, *words):
        """Starts a listener; returns the command that ends it."""
        self.listeners = getattr(self, "listeners", 0) + 1
        pid = "/root/listener-%d" % self.listeners
        script = "/var/tmp/listen-%d.py" % self.listeners
        self.m.write(script, code)
        self.m.start("echo $$ > %s; exec %s %s %s" % (pid, command, script, " ".join(words)))
        return "kill $(cat %s)" % pid

    def reports_a_namespace_without_a_process(self):
        self.m.write(PLAIN, self.m.read("/etc/portcurfew/portcurfew.yaml").split("notify:\n")[0])
        self.m.sh("ip netns add idle; ip -n idle link set lo up; touch /run/netns/stray")
        self.listener("python3", LEAVE + AND_LEFT, "0.0.0.0", "611", "idle")
        _, took = until("the gap is in the history", 30, lambda: [
            entry for entry in json.loads(self.m.out(ASK % "history" + "--output json"))["log"]
            if entry["what"] == "gap" and entry["details"].get("namespace") == "idle"])
        assert not [alert for alert in self.alerts() if alert["kind"] == "blind"], self.alerts()
        doctor = " ".join(self.m.sh("setpriv --reuid=portcurfew --regid=portcurfew --clear-groups"
                                    " --inh-caps=+sys_ptrace,+dac_read_search"
                                    " --ambient-caps=+sys_ptrace,+dac_read_search"
                                    " " + ASK % "doctor", check=False).stdout.split())
        assert "namespace idle: entering it: not permitted (EPERM)" in doctor, doctor
        assert "needs CAP_SYS_ADMIN" in doctor, doctor
        assert "may be deleted: stray" in doctor and "namespace stray" not in doctor, doctor
        return "%.1f s" % took

    def resolves_611_on_the_host_beside_an_idle_namespace(self):
        fired, resolved = len(notified(self.m, "firing", 611)), len(notified(self.m, "resolved", 611))
        end = self.listener("python3", LISTEN, "0.0.0.0", "611")
        _, opened = until("the alert is received", 30, lambda: len(notified(self.m, "firing", 611)) > fired)
        self.m.sh(end)
        _, closed = until("the resolution is received", 30, lambda: len(notified(self.m, "resolved", 611)) > resolved)
        return "opened: %.1f s, closed: %.1f s" % (opened, closed)

    def sees_611_in_a_namespace_of_another_user(self):
        end = self.listener(AS_NOBODY + "unshare -Urn python3", LISTEN, "0.0.0.0", "611")
        here, took = until("the alert is received", 30, lambda: [
            labels for _, state, labels in received(self.m)
            if state == "firing" and labels.get("port") == "611" and labels.get("namespace") != "host"])
        self.m.sh(end)
        return "%s: %.1f s" % (here[0]["namespace"], took)

    def names_a_namespace_like_scan(self):
        self.m.sh("ip netns add web")
        end = self.listener("ip netns exec web " + AS_NOBODY + "python3", LISTEN, "0.0.0.0", "6112")
        scan = json.loads(self.m.sh("sleep 1; " + ASK % "scan" + "--output json", check=False).stdout)
        found = [one["namespace"] for one in scan["listeners"] if one["port"] == 6112]
        assert found == ["web"], found
        self.m.sh(end)
        end = self.listener("ip netns exec web python3", LISTEN, "0.0.0.0", "611")
        until("the service sees it under that name", 30, lambda: [
            alert for alert in self.alerts() if alert.get("endpoint", {}).get("namespace") == "web"])
        self.m.sh(end)

    def rejects_a_bind_mount_over_an_allowed_executable(self):
        policy = self.m.read("/etc/portcurfew/policy.yaml")
        self.m.write("/etc/portcurfew/policy.yaml", policy.replace("\nrules:\n", "\nrules:" + RULE, 1))
        self.m.sh("cp $(readlink -f /usr/bin/python3) %s; cp %s /tmp/evil; chown nobody /tmp/evil;"
                  " systemctl reload portcurfew" % (ALLOWED, ALLOWED))
        end = self.listener(AS_NOBODY + ALLOWED, LISTEN, "0.0.0.0", "6110")
        self.scanned(2)
        assert not self.trusted(), "the allowed file itself was rejected: %s" % self.trusted()
        self.m.sh(end)
        mount = 'mount --bind /tmp/evil %s && exec %s "$@"' % (ALLOWED, ALLOWED)
        end = self.listener(AS_NOBODY + "unshare -Urm sh -c '%s' sh" % mount, LISTEN, "0.0.0.0", "6110")
        found, took = until("the impostor is found", 30, self.trusted)
        assert [alert["kind"] for alert in found] == ["owner-unknown"], found
        self.m.sh(end + "; ip netns del idle; ip netns del web; rm /run/netns/stray %s %s" % (ALLOWED, PLAIN))
        self.m.write("/etc/portcurfew/policy.yaml", policy)
        self.m.sh("systemctl reload portcurfew")
        return "%.1f s" % took

    def trusted(self):
        return [alert for alert in self.alerts() if alert["rule"] == "trusted"]

    def scanned(self, times):
        before = self.scans()
        until("%d more scans" % times, 60, lambda: self.scans() >= before + times)

    def scans(self):
        lines = self.get("/metrics").splitlines()
        return sum(float(line.split()[-1]) for line in lines if line.startswith("portcurfew_scans_total{"))


STEPS = ["reports_a_namespace_without_a_process",
         "resolves_611_on_the_host_beside_an_idle_namespace",
         "sees_611_in_a_namespace_of_another_user",
         "names_a_namespace_like_scan",
         "rejects_a_bind_mount_over_an_allowed_executable"]
