#!/usr/bin/env python3
"""Boots a minimal Debian with a real systemd, installs the package with apt and tests it there.

Needs root, debootstrap, systemd-nspawn, dpkg-deb and the packages of `mvn package` in agent/target.
The Debian is bootstrapped once and cached in /var/cache/portcurfew-boot. Words as arguments choose the steps after the
installation by their names.
"""
import glob
import os
import re
import shutil
import signal
import sys
import time

from attacks import EACH_SECOND as FREQUENT_ATTACKS, STEPS as ATTACK_STEPS, Attacks
from bundles import STEPS as BUNDLE_STEPS, Bundles
from containers import STEPS as CONTAINER_STEPS, Containers
from dropins import STEPS as DROP_IN_STEPS, DropIns
from event_sources import STEPS as EVENT_STEPS, EventSources
from exchanged_files import STEPS as FILE_STEPS, ExchangedFiles
from forged_owners import STEPS as FORGED_STEPS, ForgedOwners
from machine import UNIT, Machine, bootstrapped, run, say, until
from owners import STEPS as OWNER_STEPS, Owners
from receiver import RECEIVER, notified
from refusals import STEPS as REFUSAL_STEPS, Refusals
from service_view import STEPS as VIEW_STEPS, ServiceView
from services import STEPS as SERVICE_STEPS, Services
from state_folder import STEPS as STATE_STEPS, StateFolder
from timing import STEPS as TIMING_STEPS, Timing

HERE = os.path.dirname(os.path.abspath(__file__))
TARGET = os.path.normpath(os.path.join(HERE, "../../target"))

passed, failed = [], []


def older(deb, folder):
    """Repackages the package as an earlier version with other comments in two shipped files."""
    tree = os.path.join(folder, "older")
    run("dpkg-deb", "-R", deb, tree)
    control = os.path.join(tree, "DEBIAN/control")
    text = open(control).read()
    version = re.search(r"(?m)^Version: (.*)$", text).group(1)
    with open(control, "w") as file:
        file.write(re.sub(r"(?m)^Version: .*$", "Version: 0.0.1", text))
    for shipped in ("policy.yaml", "policies/legacy.yaml"):
        with open(os.path.join(tree, "usr/share/portcurfew/etc", shipped), "a") as file:
            file.write("# as an earlier build shipped it\n")
    older = os.path.join(folder, "older.deb")
    run("dpkg-deb", "--root-owner-group", "-Znone", "-b", tree, older)
    shutil.rmtree(tree)
    return older, version


GET = ("python3 -c \"import urllib.request as u, sys;"
       "print(u.urlopen('http://127.0.0.1:10611' + sys.argv[1], timeout=5).read().decode())\" ")

FILES = (r"find / -xdev \( -path /proc -o -path /sys -o -path /run -o -path /tmp -o -path /root"
         r" -o -path '/var/log/*' ! -path '/var/log/portcurfew*' -o -path /var/cache -o -path /var/lib/dpkg -o -path /var/lib/apt"
         r" -o -path /var/lib/systemd -o -path /var/tmp \) -prune -o -print | sort")


class InstallationTest(Attacks, Bundles, Containers, DropIns, EventSources, ExchangedFiles, ForgedOwners, Owners, Refusals, Services,
                       ServiceView, StateFolder, Timing):
    """Tests one host from installation to purge; each step is a method, in this order."""

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

    def page(self, path):
        """Returns the command that prints a page of the agent."""
        return GET + path

    def runs_after_one_install_command(self):
        self.files = set(self.m.out(FILES).splitlines())
        self.users = self.m.out("getent passwd; getent group")
        self.m.apt("install", self.before)
        pid, _ = self.active(5)
        assert self.m.out("systemctl is-enabled " + UNIT) == "enabled"
        status = self.m.out("systemctl status " + UNIT)
        assert re.search(r'Status: "\d+ listeners?, \d+ findings?; last scan \S+Z"', status), status
        self.pid = pid

    def has_three_capabilities_and_its_own_user(self):
        text = self.m.out("cat /proc/%s/status" % self.pid)
        for kind in ("CapPrm", "CapEff", "CapBnd", "CapAmb"):
            assert re.search(kind + r":\s+0000004000080004\n", text), text
        assert re.search(r"Uid:\s+(\d+)\s+\1", text) and "Uid:\t0" not in text, text
        assert self.m.out("stat -c %%a /proc/%s/root/etc/shadow" % self.pid) == "0"

    def loads_its_native_code_and_its_classes_from_its_own_folder(self):
        maps = self.m.out("cat /proc/%s/maps" % self.pid)
        assert "/usr/lib/portcurfew/native/" in maps, maps
        assert "/usr/lib/portcurfew/portcurfew.jsa" in maps, maps
        assert "/usr/lib/portcurfew/runtime/lib/server/libjvm.so" in maps, maps
        foreign = [line for line in maps.splitlines() if " r-x" in line or "r-xp" in line]
        assert not [line for line in foreign if re.search(r"/(tmp|var)/", line)], foreign

    def serves_metrics_and_logs_with_priorities(self):
        assert 'portcurfew_scans_total{outcome="complete"}' in self.get("/metrics")
        self.m.sh(GET + "/-/ready")
        info = self.m.out("journalctl -q -u %s -p info --no-pager -o cat" % UNIT)
        assert "metrics are at" in info and "<6>" not in info, info
        worse = self.m.out("journalctl -q -u %s -p err --no-pager -o cat" % UNIT)
        assert worse == "", worse

    def notifies_a_receiver_of_611_within_two_intervals(self):
        config = self.m.read("/etc/portcurfew/portcurfew.yaml")
        self.good = config + ("notify:\n  receivers:\n    - name: here\n      webhook:\n"
                              "        url: http://127.0.0.1:9099/\n"
                              "        secret_file: /run/credentials/portcurfew.service/secrets_here\n")
        self.m.sh("umask 077; echo secret > /etc/portcurfew/secrets/here")
        assert self.m.out("stat -c %U:%a /etc/portcurfew/secrets") == "root:700"
        self.m.write("/root/receiver.py", RECEIVER)
        self.m.write("/etc/portcurfew/portcurfew.yaml", self.good)
        self.receiver = self.m.start("exec python3 /root/receiver.py")
        self.m.sh("systemctl restart " + UNIT)
        self.active()
        self.m.start("echo $$ > /root/listener; exec python3 -c \"import socket, time;"
                                "s = socket.socket(); s.bind(('0.0.0.0', 611)); s.listen(); time.sleep(600)\"")
        _, took = until("the alert is received", 30, lambda: notified(self.m, "firing", 611))
        self.m.sh("kill $(cat /root/listener)")
        _, closed = until("the resolution is received", 30, lambda: notified(self.m, "resolved", 611))
        worse = self.m.out("journalctl -q -u %s -p err --no-pager -o cat" % UNIT)
        assert re.search(r"^CRITICAL npmp-gui tcp 0.0.0.0:611 opened by python3\S*\[\d+\] /usr/bin/python3",
                         worse, re.M), worse
        return "opened: %.1f s, closed: %.1f s" % (took, closed)

    def reports_a_listener_that_lives_20_ms(self):
        assert 'portcurfew_event_source_up{source="perf"} 1.0' in self.get("/metrics"), self.get("/metrics")
        before = len(notified(self.m, "firing", 611))
        self.m.sh("python3 -c \"import socket, time; s = socket.socket();"
                  "s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1);"
                  "s.bind(('127.0.0.1', 611)); s.listen(); time.sleep(0.02); s.close()\"")
        _, took = until("the alert is received", 3, lambda: len(notified(self.m, "firing", 611)) > before)
        worse = self.m.out("journalctl -q -u %s -p err --no-pager -o cat" % UNIT)
        assert re.search(r"tcp 127.0.0.1:611 opened by .* /usr/bin/python3\S* user=root", worse), worse
        return "after %.1f s, with its owner" % took

    def restarts_after_a_kill_and_logs_the_gap(self):
        pid, _ = self.active()
        self.m.sh("kill -KILL " + pid)
        _, took = until("another process runs", 70, lambda: self.m.show("MainPID") not in (pid, "0")
                        and self.m.show("ActiveState") == "active")
        self.logs_the_gap()
        return "%.1f s" % took

    def logs_the_gap(self):
        text = self.m.out("journalctl -q _PID=%s --no-pager -o cat" % self.m.show("MainPID"))
        assert re.search(r"no agent scanned this host for \d+ s before this start, since ", text), text

    def restarts_after_sigstop(self):
        pid, _ = self.active()
        self.m.sh("kill -STOP " + pid)
        _, took = until("another process runs", 70, lambda: self.m.show("MainPID") not in (pid, "0")
                        and self.m.show("ActiveState") == "active")
        self.logs_the_gap()
        stacks = self.m.out("journalctl -q -u %s --no-pager -o cat" % UNIT)
        assert "Full thread dump" in stacks, stacks[-3000:]
        return "%.1f s" % took

    def stops_on_a_wrong_config_with_all_problems_in_its_status(self):
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

    def reloads_a_changed_policy(self):
        policy = self.m.read("/etc/portcurfew/policy.yaml")
        self.m.write("/etc/portcurfew/policy.yaml", policy.replace("severity: critical", "severity: info", 1))
        pid = self.m.show("MainPID")
        self.m.sh("systemctl reload " + UNIT)
        assert 'severity="info"' in self.get("/metrics")
        assert self.m.show("MainPID") == pid

    def upgrades_without_a_question_and_unwatched_for_less_than_5_s(self):
        edited = self.m.read("/etc/portcurfew/policy.yaml")
        assert "severity: info" in edited and "an earlier build" in edited
        # No option about config files, and nobody to answer.
        said = self.m.out("dpkg --force-unsafe-io -i %s </dev/null" % self.deb)
        self.active()
        unwatched = self.unwatched()
        assert self.m.out("dpkg-query -W -f '${Version}' portcurfew") == self.version, said
        assert self.m.read("/etc/portcurfew/portcurfew.yaml") == self.good
        assert self.m.read("/etc/portcurfew/policy.yaml") == edited
        assert "as an earlier build" not in self.m.read("/etc/portcurfew/policies/legacy.yaml")
        assert self.m.out("portcurfew --version").startswith("portcurfew ")
        assert unwatched < 5, unwatched
        return "unwatched for %.1f s" % unwatched

    def unwatched(self):
        """The seconds between the end of the earlier agent and the first complete scan of this one."""
        lines = self.m.out("journalctl -q -u %s -o short-unix --no-pager" % UNIT).splitlines()
        stopped = max(float(line.split()[0]) for line in lines if "Portcurfew has stopped" in line)
        started = max(float(line.split()[0]) for line in lines if "]: Started %s" % UNIT in line)
        return started - stopped

    def stays_disabled_on_a_reinstall(self):
        self.m.sh("systemctl disable --now " + UNIT)
        self.beside_planted_links(lambda: self.m.apt("install --reinstall", self.deb))
        assert self.m.sh("systemctl is-enabled " + UNIT, check=False).stdout.strip() == "disabled"
        assert self.m.show("ActiveState") == "inactive", self.m.show("ActiveState")
        self.m.sh("systemctl enable --now " + UNIT)
        self.active()

    def keeps_its_state_on_remove(self):
        self.m.apt("remove", "portcurfew")
        assert self.m.sh("test -e /usr/lib/portcurfew", check=False).returncode, \
            self.m.out("find /usr/lib/portcurfew")
        self.m.sh("test -e /var/lib/portcurfew/last-look && test -e /etc/portcurfew/portcurfew.yaml")
        assert self.m.sh("pgrep -f io.portcurfew || ls /proc/*/exe -l | grep portcurfew", check=False).returncode

    def leaves_nothing_on_purge(self):
        self.m.apt("install", self.deb)
        self.active()
        self.m.apt("purge", "portcurfew")
        left = sorted(set(self.m.out(FILES).splitlines()) - self.files)
        # Backups that the passwd tools write.
        left = [file for file in left if not re.fullmatch(r"/etc/(passwd|group|shadow|gshadow)-|/etc/\.pwd\.lock", file)]
        assert not left, left
        users = self.m.out("getent passwd; getent group")
        assert users == self.users, users
        units = self.m.out("systemctl list-unit-files; systemctl list-units --all")
        assert "portcurfew" not in units, units


OWN = [name for name in vars(InstallationTest) if "_" in name and not name.startswith("__") and name != "logs_the_gap"]
AFTER = OWN.index("notifies_a_receiver_of_611_within_two_intervals") + 1
# The watchdog, too, waits for a time that follows from the interval; and a restart forgets the user who was left out.
EACH_SECOND = (VIEW_STEPS[-1:] + OWNER_STEPS + SERVICE_STEPS + FORGED_STEPS + FILE_STEPS + TIMING_STEPS + STATE_STEPS
               + CONTAINER_STEPS + BUNDLE_STEPS + FREQUENT_ATTACKS + ["restarts_after_a_kill_and_logs_the_gap", "restarts_after_sigstop"]
               + DROP_IN_STEPS + REFUSAL_STEPS + EVENT_STEPS)
STEPS = (OWN[:AFTER] + VIEW_STEPS[:-1] + ["scans_each_second_after_a_reload"] + EACH_SECOND
         + ["has_the_shipped_settings_again"] + ATTACK_STEPS
         + [step for step in OWN[AFTER:] if step not in EACH_SECOND])


def chosen(words):
    """Returns all steps, or the installation and the steps whose names contain one of the words."""
    return [step for step in STEPS if not words or step in OWN[:AFTER] or any(word in step for word in words)]


def main():
    debs = [deb for deb in glob.glob(os.path.join(TARGET, "portcurfew_*.deb"))]
    if len(debs) != 1:
        sys.exit("expected one package, found %s: run mvn package" % (debs or "none"))
    machine = Machine(bootstrapped())
    try:
        before, version = older(debs[0], machine.work)
        say("boot")
        machine.boot()
        say("booted")
        story = InstallationTest(machine, debs[0], before, version)
        for step in chosen(sys.argv[1:]):
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
    # Cleans up after SIGTERM too.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    main()
