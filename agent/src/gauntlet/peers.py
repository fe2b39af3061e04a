"""The same question for other tools, each in the network namespace of the case's first process."""
import re
import shutil
import subprocess

import probes

SS = ["ss", "-H", "-l", "-n", "-p", "-t", "-u", "-w", "-0", "-S", "-M", "--vsock", "--xdp"]
FAMILY_OF_LSOF = {"packet": "pack", "raw": "raw", "vsock": "vsock", "xdp": "xdp"}


def installed():
    return [tool for tool in ("ss", "lsof", "unhide-tcp") if shutil.which(tool)]


def output(opened, command):
    inside = ["nsenter", f"--net=/proc/{opened.pid}/ns/net", "--", *command]
    return subprocess.run(inside, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, check=False).stdout


def ask(tool, case, opened):
    """Returns what the tool says of a case: owner, seen, missed, quiet or raised.

    unhide-tcp reports only ports that ss does not show, so it has no answer about the rest.
    """
    if case.form in ("bpf", "tc"):
        return "-"
    if tool == "unhide-tcp" and (case.form not in ("steady", "redirect", "silent") or ss(case, opened)):
        return "-"
    rows = {"ss": ss, "lsof": lsof, "unhide-tcp": unhide}[tool](case, opened)
    if case.form == "silent":
        return "raised" if rows else "quiet"
    names_owner = any(re.search(rf"(pid=|^\S+ +){pid}\b", row) for row in rows for pid in opened.pids())
    return "owner" if names_owner else "seen" if rows else "missed"


def ss(case, opened):
    rows = output(opened, SS).splitlines()
    if case.form in FAMILY_OF_LSOF and case.form != "vsock":
        return [row for row in rows if any(f"pid={pid}," in row for pid in opened.pids())]
    return [row for row in rows if re.search(rf":{opened.port}\s", row)]


def lsof(case, opened):
    if case.form in FAMILY_OF_LSOF:
        rows = output(opened, ["lsof", "-nP", "-a", "-p", ",".join(map(str, opened.pids()))]).splitlines()
        return [row for row in rows if f" {FAMILY_OF_LSOF[case.form]} " in row]
    udp = case.how.get("kind") == probes.DATAGRAM
    rows = output(opened, ["lsof", "-nP", *(["-iUDP"] if udp else ["-iTCP", "-sTCP:LISTEN"])]).splitlines()
    return [row for row in rows if re.search(rf":{opened.port}( \(LISTEN\))?\s*$", row)]


def unhide(case, opened):
    rows = output(opened, ["unhide-tcp", "-n"]).splitlines()
    return [row for row in rows if re.search(rf": {opened.port}\b", row)]
