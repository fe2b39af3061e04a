"""Attacks of a local user who pretends to be an allowed owner, on the installed service."""
from machine import until
from service_view import LISTEN, PLAIN

PORT = "6110"
POLICY = "/etc/portcurfew/policy.yaml"
RULE = """
  - {name: trusted, ports: [6110], expect: allowed, by: [{%s}], severity: critical}
"""

# Enters a control group of its own below a delegated one, as a container does.
CONTAINER = (
    "import os; lines = open('/proc/self/cgroup').read().split();"
    " line = [one for one in lines if ':name=systemd:' in one or one.startswith('0::')][0];"
    " root = '/sys/fs/cgroup' + ('/systemd' if 'name=' in line else '');"
    " group = root + line.split(':', 2)[2] + '/lxc.payload.web'; os.mkdir(group);"
    " open(group + '/cgroup.procs', 'w').write(str(os.getpid())); ")

# Hands its socket to a setuid program, like a su that waits for a password.
SETUID = (
    "import os, socket, sys; s = socket.socket(); s.bind((sys.argv[1], int(sys.argv[2]))); s.listen();"
    " s.set_inheritable(True); os.execv('/usr/local/bin/waits', ['waits', '-c', 'import time; time.sleep(600)'])")


class Owners:
    """Test steps for a machine with a running service."""

    def rejects_a_control_group_of_a_user_as_container(self):
        before = self.trust("container: web")
        self.m.write("/var/tmp/container.py", CONTAINER + LISTEN)
        self.m.sh("systemd-run -q --unit=delegated -p User=nobody -p Delegate=yes"
                  " python3 /var/tmp/container.py 0.0.0.0 " + PORT)
        note = self.is_found("wrong-owner")
        self.m.sh("systemctl stop delegated")
        self.distrust(before)
        return note

    def rejects_a_setuid_program_with_a_user_socket(self):
        before = self.trust("user: root")
        self.m.sh("cp $(readlink -f /usr/bin/python3) /usr/local/bin/waits; chmod 4755 /usr/local/bin/waits")
        end = self.listener("setpriv --reuid=65534 --regid=65534 --clear-groups python3", SETUID, "0.0.0.0", PORT)
        note = self.is_found("wrong-owner")
        alert = self.trusted()[0]
        assert "real uid 65534, socket of uid 65534" in alert["message"], alert
        self.m.sh(end + "; rm /usr/local/bin/waits")
        self.distrust(before)
        return note

    def trust(self, by):
        """Allows the port to this owner and returns the previous policy."""
        before = self.m.read(POLICY)
        self.m.write(PLAIN, self.m.read("/etc/portcurfew/portcurfew.yaml").split("notify:\n")[0])
        self.m.write(POLICY, before.replace("\nrules:\n", "\nrules:" + RULE % by, 1))
        self.m.sh("systemctl reload portcurfew")
        return before

    def is_found(self, kind):
        found, took = until("the impostor is found", 30, self.trusted)
        assert [alert["kind"] for alert in found] == [kind], found
        return "%.1f s" % took

    def distrust(self, before):
        self.m.write(POLICY, before)
        self.m.sh("rm %s; systemctl reload portcurfew" % PLAIN)


STEPS = ["rejects_a_control_group_of_a_user_as_container",
         "rejects_a_setuid_program_with_a_user_socket"]
