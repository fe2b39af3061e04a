#!/usr/bin/env python3
"""Boots a minimal Debian with a real systemd, installs the package there by apt, and drives it.

Needs root, debootstrap, systemd-nspawn and dpkg-deb, and the packages that `mvn package` left in
agent/target. The Debian is bootstrapped once and kept in /var/cache/portcurfew-boot.
"""
import glob
import os
import re
import shutil
import signal
import sys
import time

from machine import UNIT, Machine, bootstrapped, run, say, until
from receiver import RECEIVER, told
from sight import STEPS as SIGHT, Sight

HERE = os.path.dirname(os.path.abspath(__file__))
TARGET = os.path.normpath(os.path.join(HERE, "../../target"))

passed, failed = [], []


def older(deb, folder):
    """The package as an earlier build would have been: another version, another shipped comment."""
    tree = os.path.join(folder, "older")
    run("dpkg-deb", "-R", deb, tree)
    control = os.path.join(tree, "DEBIAN/control")
    text = open(control).read()
    version = re.search(r"(?m)^Version: (.*)$", text).group(1)
    with open(control, "w") as file:
        file.write(re.sub(r"(?m)^Version: .*$", "Version: 0.0.1", text))
    with open(os.path.join(tree, "etc/portcurfew/policies/legacy.yaml"), "a") as file:
        file.write("# as an earlier build shipped it\n")
    older = os.path.join(folder, "older.deb")
    run("dpkg-deb", "--root-owner-group", "-Znone", "-b", tree, older)
    shutil.rmtree(tree)
    return older, version


GET = ("python3 -c \"import urllib.request as u, sys;"
       "print(u.urlopen('http://127.0.0.1:10611' + sys.argv[1], timeout=5).read().decode())\" ")

FILES = (r"find / -xdev \( -path /proc -o -path /sys -o -path /run -o -path /tmp -o -path /root"
         r" -o -path /var/log -o -path /var/cache -o -path /var/lib/dpkg -o -path /var/lib/apt"
         r" -o -path /var/lib/systemd -o -path /var/tmp \) -prune -o -print | sort")


class Story(Sight):
    """One host from installation to purge; each step is a method, in this order."""

    def __init__(self, machine, deb, before, version):
        self.m = machine
        self.deb = machine.copy(deb)
        self.before = machine.copy(before)
        self.version = version

    def active(self, most=30):
        return until("the service is active", most,
                     lambda: self.m.show("ActiveState") == "active" and self.m.show("MainPID"))

    def get(self, path):
        return self.m.out(GET + path)

    def is_installed_by_one_command_and_runs(self):
        self.files = set(self.m.out(FILES).splitlines())
        self.users = self.m.out("getent passwd; getent group")
        self.m.apt("install", self.before)
        pid, _ = self.active(5)
        assert self.m.out("systemctl is-enabled " + UNIT) == "enabled"
        status = self.m.out("systemctl status " + UNIT)
        assert re.search(r'Status: "\d+ listeners?, \d+ findings?; last scan \S+Z"', status), status
        self.pid = pid

    def has_two_capabilities_and_a_user_of_its_own(self):
        text = self.m.out("cat /proc/%s/status" % self.pid)
        for kind in ("CapPrm", "CapEff", "CapBnd", "CapAmb"):
            assert re.search(kind + r":\s+0000000000080004\n", text), text
        assert re.search(r"Uid:\s+(\d+)\s+\1", text) and "Uid:\t0" not in text, text
        assert self.m.out("stat -c %%a /proc/%s/root/etc/shadow" % self.pid) == "0"

    def loads_its_native_code_and_its_classes_from_its_own_folder(self):
        maps = self.m.out("cat /proc/%s/maps" % self.pid)
        assert "/usr/lib/portcurfew/native/" in maps, maps
        assert "/usr/lib/portcurfew/portcurfew.jsa" in maps, maps
        assert "/usr/lib/portcurfew/runtime/lib/server/libjvm.so" in maps, maps
        foreign = [line for line in maps.splitlines() if " r-x" in line or "r-xp" in line]
        assert not [line for line in foreign if re.search(r"/(tmp|var)/", line)], foreign

    def serves_metrics_and_tells_the_log_in_priorities(self):
        assert 'portcurfew_scans_total{outcome="complete"}' in self.get("/metrics")
        self.m.sh(GET + "/-/ready")
        info = self.m.out("journalctl -q -u %s -p info --no-pager -o cat" % UNIT)
        assert "metrics are at" in info and "<6>" not in info, info
        worse = self.m.out("journalctl -q -u %s -p err --no-pager -o cat" % UNIT)
        assert worse == "", worse

    def tells_a_receiver_of_611_within_15_seconds(self):
        config = self.m.read("/etc/portcurfew/portcurfew.yaml")
        self.good = config + ("notify:\n  receivers:\n    - name: here\n      webhook:\n"
                              "        url: http://127.0.0.1:9099/\n"
                              "        secret_file: /run/credentials/portcurfew.service/secrets_here\n")
        self.m.sh("umask 077; echo not told to anybody > /etc/portcurfew/secrets/here")
        assert self.m.out("stat -c %U:%a /etc/portcurfew/secrets") == "root:700"
        self.m.write("/root/receiver.py", RECEIVER)
        self.m.write("/etc/portcurfew/portcurfew.yaml", self.good)
        self.receiver = self.m.start("exec python3 /root/receiver.py")
        self.m.sh("systemctl restart " + UNIT)
        self.active()
        self.m.start("echo $$ > /root/listener; exec python3 -c \"import socket, time;"
                                "s = socket.socket(); s.bind(('0.0.0.0', 611)); s.listen(); time.sleep(600)\"")
        _, took = until("the receiver is told", 15, lambda: told(self.m, "firing", 611))
        self.m.sh("kill $(cat /root/listener)")
        _, over = until("the receiver is told that it is over", 30, lambda: told(self.m, "resolved", 611))
        worse = self.m.out("journalctl -q -u %s -p err --no-pager -o cat" % UNIT)
        assert "ALERT open critical npmp-gui" in worse, worse
        return "opened: %.1f s, closed: %.1f s" % (took, over)

    def comes_back_after_a_kill_and_tells_the_gap(self):
        pid, _ = self.active()
        self.m.sh("kill -KILL " + pid)
        _, took = until("another process runs", 35, lambda: self.m.show("MainPID") not in (pid, "0")
                        and self.m.show("ActiveState") == "active")
        self.tells_the_gap()
        return "%.1f s" % took

    def tells_the_gap(self):
        text = self.m.out("journalctl -q _PID=%s --no-pager -o cat" % self.m.show("MainPID"))
        assert re.search(r"no agent scanned this host for \d+ s before this start, since ", text), text

    def comes_back_after_it_was_stopped_in_its_tracks(self):
        pid, _ = self.active()
        self.m.sh("kill -STOP " + pid)
        _, took = until("another process runs", 35, lambda: self.m.show("MainPID") not in (pid, "0")
                        and self.m.show("ActiveState") == "active")
        self.tells_the_gap()
        stacks = self.m.out("journalctl -q -u %s --no-pager -o cat" % UNIT)
        assert "Full thread dump" in stacks, stacks[-3000:]
        return "%.1f s" % took

    def is_stopped_by_a_wrong_config_with_every_problem_in_its_status(self):
        wrong = self.good.replace("every: 10s", "every: 10 s").replace("format: text", "format: txt")
        wrong = wrong.replace("127.0.0.1:10611", "localhost:10611")
        self.m.write("/etc/portcurfew/portcurfew.yaml", wrong)
        reload = self.m.sh("systemctl reload " + UNIT, check=False)
        assert reload.returncode, "a wrong config was reloaded"
        assert self.m.show("ActiveState") == "active"
        assert self.m.sh("systemctl restart " + UNIT, check=False).returncode
        time.sleep(3)
        assert self.m.show("ExecMainStatus") == "78", self.m.show("ExecMainStatus")
        assert self.m.show("ActiveState") == "failed"
        status = self.m.sh("systemctl status " + UNIT, check=False).stdout
        line = next((line for line in status.splitlines() if "Status:" in line), "")
        for problem in ("scan.every", "log.format", "web.listen"):
            assert problem in line, status
        self.m.write("/etc/portcurfew/portcurfew.yaml", self.good)
        self.m.sh("systemctl restart " + UNIT)
        self.active()

    def reloads_what_was_changed(self):
        policy = self.m.read("/etc/portcurfew/policy.yaml")
        self.m.write("/etc/portcurfew/policy.yaml", policy.replace("severity: critical", "severity: info", 1))
        pid = self.m.show("MainPID")
        self.m.sh("systemctl reload " + UNIT)
        assert 'severity="info"' in self.get("/metrics")
        assert self.m.show("MainPID") == pid

    def keeps_its_config_on_an_upgrade(self):
        said = self.m.apt("install", self.deb)
        self.active()
        assert self.m.out("dpkg-query -W -f '${Version}' portcurfew") == self.version, said
        assert self.m.read("/etc/portcurfew/portcurfew.yaml") == self.good
        assert "as an earlier build" not in self.m.read("/etc/portcurfew/policies/legacy.yaml")
        assert self.m.out("portcurfew --version").startswith("portcurfew ")
        self.tells_the_gap()

    def stays_disabled_where_somebody_disabled_it(self):
        self.m.sh("systemctl disable --now " + UNIT)
        self.m.apt("install --reinstall", self.deb)
        assert self.m.sh("systemctl is-enabled " + UNIT, check=False).stdout.strip() == "disabled"
        assert self.m.show("ActiveState") == "inactive", self.m.show("ActiveState")
        self.m.sh("systemctl enable --now " + UNIT)
        self.active()

    def keeps_its_state_when_removed(self):
        self.m.apt("remove", "portcurfew")
        assert self.m.sh("test -e /usr/lib/portcurfew", check=False).returncode, \
            self.m.out("find /usr/lib/portcurfew")
        self.m.sh("test -e /var/lib/portcurfew/last-look && test -e /etc/portcurfew/portcurfew.yaml")
        assert self.m.sh("pgrep -f io.portcurfew || ls /proc/*/exe -l | grep portcurfew", check=False).returncode

    def leaves_nothing_when_purged(self):
        self.m.apt("install", self.deb)
        self.active()
        self.m.apt("purge", "portcurfew")
        left = sorted(set(self.m.out(FILES).splitlines()) - self.files)
        # The backups that the tools of passwd make of its files.
        left = [file for file in left if not re.fullmatch(r"/etc/(passwd|group|shadow|gshadow)-|/etc/\.pwd\.lock", file)]
        assert not left, left
        assert self.m.out("getent passwd; getent group") == self.users
        assert "portcurfew" not in self.m.out("systemctl list-unit-files; systemctl list-units --all")


OWN = [name for name in vars(Story) if "_" in name and not name.startswith("__") and name != "tells_the_gap"]
AFTER = OWN.index("tells_a_receiver_of_611_within_15_seconds") + 1
STEPS = OWN[:AFTER] + SIGHT + OWN[AFTER:]


def main():
    debs = [deb for deb in glob.glob(os.path.join(TARGET, "portcurfew_*.deb"))]
    if len(debs) != 1:
        sys.exit("one package is needed, and there are %s: run mvn package" % (debs or "none"))
    machine = Machine(bootstrapped())
    try:
        before, version = older(debs[0], machine.work)
        say("boot")
        machine.boot()
        say("booted")
        story = Story(machine, debs[0], before, version)
        for step in STEPS:
            try:
                note = getattr(story, step)()
                passed.append(step)
                say("ok      %s%s" % (step.replace("_", " "), ": " + note if note else ""))
            except (AssertionError, OSError) as wrong:
                failed.append(step)
                say("FAILED  %s: %s" % (step.replace("_", " "), wrong))
                say(machine.sh("systemctl status %s; journalctl -q -u %s --no-pager | tail -30"
                               % (UNIT, UNIT), check=False).stdout)
                break
    finally:
        machine.close()
    print("%d passed, %d failed" % (len(passed), len(failed)))
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    # Told to end it cleans up as well.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    main()
