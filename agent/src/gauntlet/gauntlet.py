#!/usr/bin/env python3
"""Opens ports in every way that Linux has, and compares the report of Portcurfew with what is there.

    mvn -q -DskipTests package
    agent/src/gauntlet/gauntlet.py [--dist agent/target/portcurfew] [--peers] [--only TEXT] [--write]

Needs Linux and root; runs in namespaces of its own. Each case listens in a network namespace of its own, and each tool
beside Portcurfew is asked inside of that namespace. The results:

    owner    reported, with a process that holds it (or the kernel)
    seen     reported, without the right owner
    gap      not reported, but a gap names it
    missed   neither reported nor a gap
    quiet    nothing was reported of a silent case; `raised` otherwise
    N of M   of M brief listeners N were reported with the right owner
    -        this kernel or host does not have it

Exits with 1 if a case is worse than expected.txt says. --write writes that file and the table of agent/docs/limits.md.

With --service the cases run in the namespaces of this host, and the installed service answers over its web server. It needs
a policy with `default: deny` and a scan each second. The expectations are in expected-service.txt. Two silent cases listen
for a moment before they are silent, which the service rightly reports.
"""
import argparse
import concurrent.futures
import contextlib
import json
import os
import pathlib
import shutil
import signal
import subprocess
import sys
import time

import agent as portcurfew
import cases
import containers
import kernel
import peers
import probes
import results

HERE = pathlib.Path(__file__).resolve().parent
FIRST_PORT = 20000
STEP = 16
# The service checks threads and old processes in turns, so some answers take more scans.
TURNS = 5
NOT_HERE = "-"


def arguments():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--dist", default=str(HERE / "../../target/portcurfew"), help="the distribution to run")
    parser.add_argument("--peers", action="store_true", help="ask ss, lsof and unhide-tcp too")
    parser.add_argument("--only", default="", help="run only the cases whose names contain this text")
    parser.add_argument("--write", action="store_true", help="write the expectations and the table of the documents")
    parser.add_argument("--service", action="store_true", help="ask the installed service instead of a distribution")
    parser.add_argument("--inside", action="store_true", help=argparse.SUPPRESS)
    args = parser.parse_args()
    if args.write and (args.only or not (args.peers or args.service)):
        parser.error("--write needs --peers and all cases")
    return args


class Opened:
    """A case that runs: the process of its probe, and the owners that have to be reported."""

    def __init__(self, case, port):
        self.case, self.port = case, port
        self.owners, self.places, self.failure, self.namespace = [], [], None, ""
        self.answer, report = os.pipe()
        self.pid = os.fork()
        if self.pid == 0:
            run_probe(case, port, report)
        os.close(report)

    def wait(self):
        with open(self.answer) as answer:
            said = json.loads(answer.readline() or '{"failure": "the probe ended"}')
        self.owners, self.places = said.get("owners", []), said.get("places", [])
        self.failure = said.get("failure")
        self.namespace = os.readlink(f"/proc/{self.pid}/ns/net")

    def pids(self):
        """The processes among the owners."""
        return [one[0] if isinstance(one, list) else one for one in self.owners if isinstance(one, (int, list))]


def run_probe(case, port, report):
    kernel.LIBC.prctl(1, signal.SIGKILL)  # PR_SET_PDEATHSIG
    try:
        kernel.unshare(kernel.CLONE_NEWNET)
        kernel.loopback_up()
        said = {"owners": case.probe(port, **case.how), "places": probes.places}
    except (OSError, subprocess.CalledProcessError) as failure:
        said = {"failure": str(failure)}
    os.write(report, (json.dumps(said) + "\n").encode())
    while True:
        signal.pause()


def enter_namespaces(args):
    """Runs this program again in network, pid and mount namespaces of its own."""
    command = ["unshare", "--net", "--pid", "--fork", "--mount", "--mount-proc", "--kill-child", sys.executable]
    os.execvp(command[0], [*command, __file__, *sys.argv[1:], "--inside", "--dist", os.path.abspath(args.dist)])


def prepare():
    kernel.loopback_up()
    for folder in ("/run/netns", "/mnt", *containers.FOLDERS):
        os.makedirs(folder, exist_ok=True)
        kernel.mount("tmpfs", folder, "tmpfs")
        os.chmod(folder, 0o755)  # Files in a folder that others can write prove nothing.


def mount_control_groups():
    """Container engines refuse a hybrid hierarchy of control groups."""
    if os.path.exists("/sys/fs/cgroup/unified"):
        subprocess.run(["umount", "--recursive", "--lazy", "/sys/fs/cgroup"], check=True)
        kernel.mount("none", "/sys/fs/cgroup", "cgroup2")


def main():
    args = arguments()
    if os.geteuid() != 0:
        sys.exit("the gauntlet needs root")
    if args.service:
        return ask_service(args)
    if not args.inside:
        enter_namespaces(args)
    prepare()
    mount_control_groups()
    agent = portcurfew.Agent(args.dist)
    agent.start()
    running = run_cases(args)
    tables = {"portcurfew": agent.scan(), "as service": agent.scan(as_service=True)}
    alerts = portcurfew.Service.alerts()
    agent.stop()
    # The alerts come last: they have the present counts of brief listeners.
    history = agent.history() + alerts
    tools = peers.installed() if args.peers else []
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        rows = list(pool.map(lambda opened: row(opened, tables, history, tools), running))
    end(running)
    columns = list(tables) + tools
    print(results.table(rows, columns))
    print(results.summary(rows))
    if args.write:
        results.write(rows, columns, HERE / "expected.txt", HERE.parents[1] / "docs/limits.md")
        return 0
    return results.conclude(rows, HERE / "expected.txt")


def run_cases(args):
    running = [Opened(case, FIRST_PORT + STEP * number) for number, case in enumerate(cases.CASES)
               if args.only in case.name]
    for opened in running:
        opened.wait()
    time.sleep(8)  # a late case opens after 4 s; 4 looks of the daemon later it has to be reported
    return running


def end(running):
    """Ends the processes of the cases, and removes the containers and control groups that they leave behind."""
    for opened in running:
        for pid in [opened.pid, *opened.pids()]:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
    containers.remove_started()
    containers.remove_groups()


def answers_of_service(running):
    tables = {"installed": portcurfew.Service.scan()}
    history = portcurfew.ended_alerts() + portcurfew.Service.alerts()
    return [row(opened, tables, history, []) for opened in running]


def ask_service(args):
    expected = HERE / "expected-service.txt"
    os.makedirs("/run/netns", exist_ok=True)
    kernel.mount("tmpfs", "/mnt", "tmpfs")
    made = [folder for folder in containers.FOLDERS if not os.path.exists(folder)]
    try:
        running = run_cases(args)
        portcurfew.Service.wait_for_scans(4)
        rows = answers_of_service(running)
        for _ in range(TURNS):
            if args.write or not results.failures(rows, expected):
                break
            portcurfew.Service.wait_for_scans(4)
            rows = answers_of_service(running)
    finally:
        subprocess.run(["umount", "--lazy", "/mnt"], check=True)
        end(running)
        for folder in made:
            shutil.rmtree(folder, ignore_errors=True)
    print(results.table(rows, ["installed"]))
    if args.write:
        results.write_expectations(rows, expected)
        return 0
    return results.conclude(rows, expected)


def row(opened, tables, history, tools):
    case = opened.case
    if opened.failure:
        return results.Row(case.name, [NOT_HERE] * (len(tables) + len(tools)), opened.failure)
    if case.form == "brief":
        found = results.brief(opened, history)
        return results.Row(case.name, [found] + [NOT_HERE] * (len(tables) - 1 + len(tools)))
    if case.form == "late":
        found = results.listener(opened, history) or "missed"
        return results.Row(case.name, [found] + [NOT_HERE] * (len(tables) - 1 + len(tools)))
    answers = [results.judge(case, opened, table) for table in tables.values()]
    return results.Row(case.name, answers + [peers.ask(tool, case, opened) for tool in tools])


if __name__ == "__main__":
    sys.exit(main())
