#!/usr/bin/env python3
"""Runs the Ansible role against a booted Debian: install, configure, idempotent, upgrade, remove.

Needs root, ansible-core and what boot.py needs; shares its cached Debian. Ansible's own SSH connection is used, with a
program in place of ssh that enters the booted machine. python3-apt, which Ansible's apt module needs, comes from the
archive of this machine.
"""
import glob
import json
import os
import re
import shutil
import stat
import sys

from boot import older
from machine import CACHE, UNIT, Machine, bootstrapped, run, say, until

HERE = os.path.dirname(os.path.abspath(__file__))
TARGET = os.path.normpath(os.path.join(HERE, "../../target"))
ROLES = os.path.normpath(os.path.join(HERE, "../../../config/ansible"))

# In place of ssh: the last argument is the command, the one before it the host.
ENTER = """#!/bin/sh
while [ $# -gt 1 ]; do shift; done
exec %s "$1"
"""

SIGNERS = "ops@example.org ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIPJkQ3gYwUCnTdC4hhBGLGMaWWvN9yJ6Rrt0S4vF9BbM\n"
POLICY = "version: 1\nrules:\n  - {name: role, ports: 6110, expect: closed}\n"


def python_apt():
    """The packages of python3-apt, downloaded once."""
    folder = os.path.join(CACHE, "python3-apt")
    if not glob.glob(folder + "/*.deb"):
        os.makedirs(folder, exist_ok=True)
        run("chmod", "0777", folder)
        run("apt-get", "download", "-q", "python3-apt", "python-apt-common", "distro-info-data", cwd=folder)
    return glob.glob(folder + "/*.deb")


class Role:
    def __init__(self, machine, work):
        self.m = machine
        self.work = work
        ssh = self.write("ssh", ENTER % " ".join("'%s'" % word for word in machine.command("")[:-1]))
        os.chmod(ssh, stat.S_IRWXU)
        self.write("inventory", "booted ansible_host=booted ansible_ssh_executable=%s ansible_pipelining=true ansible_become=false"
                   " ansible_ssh_transfer_method=piped ansible_python_interpreter=/usr/bin/python3\n" % ssh)

    def write(self, name, text):
        path = os.path.join(self.work, name)
        with open(path, "w") as file:
            file.write(text)
        return path

    def play(self, **variables):
        """Runs the playbook of the role; returns the number of changes."""
        settings = self.write("vars.json", json.dumps(variables))
        environment = dict(os.environ, ANSIBLE_CONFIG=self.write("ansible.cfg", "[defaults]\nhost_key_checking = False\n"),
                           ANSIBLE_ROLES_PATH=ROLES, ANSIBLE_NOCOLOR="1", ANSIBLE_LOCAL_TEMP=os.path.join(self.work, "local"))
        done = run("ansible-playbook", "-i", os.path.join(self.work, "inventory"), "-e", "@" + settings,
                   os.path.join(ROLES, "site.yml"), env=environment)
        recap = re.search(r"booted\s+: ok=\d+\s+changed=(\d+)\s+unreachable=0\s+failed=0", done.stdout)
        assert recap, done.stdout
        return int(recap.group(1))

    def active(self):
        until("the service is active", 30, lambda: self.m.show("ActiveState") == "active")
        return self.m.show("MainPID")

    def version(self):
        return self.m.out("dpkg-query -W -f '${Version}' portcurfew")


def test(machine, deb, before, version, work):
    role = Role(machine, work)
    assert role.play(portcurfew_deb=before) > 0
    assert role.version() == "0.0.1", role.version()
    role.active()
    say("ok      the role installs the package and starts the service")
    settings = dict(portcurfew_deb=before, portcurfew_policy=POLICY, portcurfew_web_listen_address="127.0.0.1:9611",
                    portcurfew_config={"scan": {"every": "2s"}})
    assert role.play(**settings) > 0
    pid = role.active()
    until("it serves the metrics of the policy at the configured port", 60, lambda: 'rule="role"' in machine.sh(
        "python3 -c \"import urllib.request as u; print(u.urlopen('http://127.0.0.1:9611/metrics', timeout=5).read())\"", check=False).stdout)
    say("ok      the role configures policy, web server and scans")
    assert role.play(**settings) == 0
    assert role.active() == pid
    say("ok      a second run changes nothing and restarts nothing")
    assert role.play(**dict(settings, portcurfew_deb=deb)) > 0
    assert role.version() == version and role.active() != pid, role.version()
    assert machine.read("/etc/portcurfew/policy.yaml") == POLICY
    assert role.play(**dict(settings, portcurfew_deb=deb)) == 0
    say("ok      the role upgrades, keeps the policy and is idempotent again")
    url = "https://policies.example.org/policy-bundle.tar.gz"
    fetching = dict(settings, portcurfew_deb=deb, portcurfew_bundle=url, portcurfew_bundle_fetch=True, portcurfew_allowed_signers=SIGNERS)
    assert role.play(**fetching) > 0
    assert role.play(**fetching) == 0
    assert machine.read("/etc/portcurfew/bundle.env") == "BUNDLE_URL=%s\n" % url
    assert "bundle: /var/lib/portcurfew-bundle/" in machine.read("/etc/portcurfew/portcurfew.yaml")
    assert machine.out("systemctl is-active portcurfew-bundle.timer") == "active"
    assert role.play(**dict(settings, portcurfew_deb=deb)) > 0
    assert machine.sh("systemctl is-enabled portcurfew-bundle.timer", check=False).stdout.strip() == "disabled"
    say("ok      the role starts and stops the timer that fetches bundles")
    assert role.play(portcurfew_state="absent", portcurfew_purge=True) > 0
    assert machine.show("LoadState") == "not-found", machine.show("LoadState")
    assert not machine.sh("ls -d /etc/portcurfew /var/lib/portcurfew 2>/dev/null", check=False).stdout
    assert role.play(portcurfew_state="absent", portcurfew_purge=True) == 0
    say("ok      the role removes everything and is idempotent")


def main():
    deb, = [one for one in glob.glob(TARGET + "/portcurfew_*_amd64.deb")]
    machine = Machine(bootstrapped())
    work = os.path.join(machine.work, "ansible")
    os.mkdir(work)
    try:
        machine.boot()
        packages = [machine.copy(one) for one in python_apt()]
        machine.sh("dpkg -i --force-unsafe-io " + " ".join(packages))
        say("ok      the machine is booted")
        before, version = older(deb, work)
        test(machine, deb, before, version, work)
    except AssertionError:
        say(machine.sh("systemctl status %s; journalctl -q -u %s --no-pager | tail -30; portcurfew doctor" % (UNIT, UNIT), check=False).stdout)
        raise
    finally:
        machine.close()


if __name__ == "__main__":
    main()
