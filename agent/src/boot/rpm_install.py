#!/usr/bin/env python3
"""Installs the .rpm by Debian's rpm in a booted Debian: files, scriptlets, verification, upgrade, removal.

Needs root, rpm with rpmbuild, the .rpm of `mvn package` in agent/target and what boot.py needs; shares its cached Debian.
The program rpm of this machine and its libraries are copied into the booted one, so that the scriptlets meet its systemd.
The dependencies are packages of Debian there, which rpm does not know (--nodeps).
"""
import glob
import os
import shutil

from boot import TARGET
from machine import UNIT, Machine, bootstrapped, run, say, until

# An earlier version with the same files to edit, and nothing else.
EARLIER = """
Name: portcurfew
Version: 0.0.1
Release: 1
Summary: Earlier version
License: Apache-2.0
BuildArch: x86_64
%%description
%%install
mkdir -p %%{buildroot}/etc/portcurfew/policies
for name in policy.yaml portcurfew.yaml policies/legacy.yaml; do
  cp %s/$name %%{buildroot}/etc/portcurfew/$name
  echo '# as an earlier build shipped it' >> %%{buildroot}/etc/portcurfew/$name
done
%%files
%%config(noreplace) /etc/portcurfew/*.yaml
%%config(noreplace) /etc/portcurfew/policies/legacy.yaml
"""
EDITED = "version: 1\nrules:\n  - {name: edited, ports: 6110, expect: closed}\n"


class Rpm:
    def __init__(self, machine):
        self.m = machine
        machine.copy_program("/usr/bin/rpm")
        shutil.copytree("/usr/lib/rpm", machine.root + "/usr/lib/rpm", dirs_exist_ok=True)

    def __call__(self, arguments, check=True):
        return self.m.sh("rpm --dbpath /var/lib/rpm " + arguments, check=check).stdout

    def put(self, how, package):
        # Debian's rpm refuses to install without this word.
        return self("%s --force-debian --nodeps %s" % (how, self.m.copy(package)))


def earlier(work):
    os.mkdir(work)
    spec = os.path.join(work, "earlier.spec")
    with open(spec, "w") as file:
        file.write(EARLIER % os.path.join(TARGET, "portcurfew-deb/usr/share/portcurfew/etc"))
    run("rpmbuild", "-bb", "--quiet", "--define", "_topdir " + work, spec)
    return os.path.join(work, "RPMS/x86_64/portcurfew-0.0.1-1.x86_64.rpm")


def active(machine):
    until("the service is active", 30, lambda: machine.show("ActiveState") == "active")
    return machine.show("MainPID")


def scans(machine):
    return 'portcurfew_scans_total{outcome="complete"}' in machine.sh(
        "python3 -c \"import urllib.request as u; print(u.urlopen('http://127.0.0.1:10611/metrics', timeout=5).read())\"", check=False).stdout


def test(machine, package, before):
    rpm = Rpm(machine)
    rpm.put("-i", before)
    machine.write("/etc/portcurfew/policy.yaml", EDITED)
    printed = rpm.put("-U", package)
    assert "/etc/portcurfew/policy.yaml created as /etc/portcurfew/policy.yaml.rpmnew" in printed, printed
    assert machine.read("/etc/portcurfew/policy.yaml") == EDITED
    assert "as an earlier build" not in machine.read("/etc/portcurfew/portcurfew.yaml")
    say("ok      an upgrade keeps an edited policy and replaces the files that nobody edited")

    assert machine.out("getent passwd portcurfew"), "no user"
    assert machine.out("stat -c %U:%a /etc/portcurfew/secrets") == "root:700"
    assert os.path.getsize(machine.root + "/usr/lib/portcurfew/portcurfew.jsa") > 1_000_000
    verified = rpm("-V --nodeps portcurfew", check=False).splitlines()
    assert [line.split()[-1] for line in verified] == ["/etc/portcurfew/policy.yaml"], verified
    machine.sh("systemctl enable --now " + UNIT)
    pid = active(machine)
    until("it scans", 60, lambda: scans(machine))
    assert "portcurfew" in machine.out("ps -o user= -p %s || stat -c %%U /proc/%s" % (pid, pid))
    assert machine.sh("portcurfew check").stdout.count("no problem") == 2
    say("ok      rpm -V finds the edited policy alone; the service runs as its user and scans")

    rpm.put("-U --replacepkgs", package)
    assert active(machine) != pid, "not restarted"
    assert machine.read("/etc/portcurfew/policy.yaml") == EDITED
    say("ok      another upgrade restarts the running service")

    rpm("-e portcurfew")
    assert machine.show("LoadState") == "not-found", machine.show("LoadState")
    left = machine.out("find /usr/lib/portcurfew /usr/share/portcurfew /usr/share/doc/portcurfew /usr/bin/portcurfew 2>/dev/null || true")
    assert not left, left
    assert machine.read("/etc/portcurfew/policy.yaml.rpmsave") == EDITED
    assert machine.out("ls /var/lib/portcurfew")
    say("ok      removal stops the service, leaves no file of the package, and keeps the edited policy and the state")


def main():
    package, = glob.glob(TARGET + "/portcurfew-*.x86_64.rpm")
    machine = Machine(bootstrapped())
    try:
        before = earlier(os.path.join(machine.work, "rpm"))
        machine.boot()
        say("ok      the machine is booted")
        test(machine, package, before)
    except AssertionError:
        say(machine.sh("systemctl status %s; journalctl -q -u %s --no-pager | tail -30" % (UNIT, UNIT), check=False).stdout)
        raise
    finally:
        machine.close()


if __name__ == "__main__":
    main()
