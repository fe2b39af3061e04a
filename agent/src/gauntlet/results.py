"""Compares a report with a case, and the results with what is expected."""
from dataclasses import dataclass
import datetime
import os
import platform
import re

ORDER = ["raised", "missed", "gap", "seen", "owner", "quiet"]
BEGIN, END = "<!-- table: gauntlet -->\n", "<!-- end: gauntlet -->\n"
NOT_HERE = "-"


@dataclass
class Row:
    """The results of one case: the first two are those of Portcurfew."""
    name: str
    answers: list
    note: str = ""


def held(owners, expected):
    """True if an owner is one of the expected ones."""
    return any(fits(owner, wanted) for owner in owners for wanted in expected)


def fits(owner, wanted):
    """An owner is a pid, the name of a program, a module of the kernel, or a list of a pid and its container."""
    if isinstance(wanted, list):
        pid, container = wanted
        return owner.get("pid") == pid and container in (owner.get("container"), owner.get("container_name"))
    return wanted in (owner.get("pid"), owner.get("name"), owner.get("kernel"))


def leads(via, expected):
    """True if a redirect leads to one of the expected targets or containers."""
    return any(wanted in (via.get("target"), via.get("container_name")) for wanted in expected)


def listener(opened, listeners):
    at_port = [one for one in listeners if one.get("port") == opened.port]
    if not at_port:
        return None
    known = any(held(one.get("owners", []), opened.owners) or leads(one.get("via", {}), opened.owners)
                for one in at_port)
    return "owner" if known else "seen"


def judge(case, opened, report):
    if case.form == "silent":
        return silent(opened, report)
    if case.form in ("steady", "redirect"):
        found = listener(opened, report["listeners"] + report.get("sockets", []))
    else:
        found = other_socket(case, opened, report.get("sockets", []))
    return found or ("gap" if names(report["gaps"], opened) or unlisted(case, opened, report) else "missed")


def unlisted(case, opened, report):
    """True if the report says that it cannot list the family in the namespace of the case, or at all."""
    if case.limit and any(case.limit in limit for limit in report.get("limits", [])):
        return True
    # The name of a namespace may begin with that of its unit.
    return any(one["family"] == case.form and one["namespace"].endswith(("host", opened.namespace, *opened.places))
               for one in report.get("unlisted_families", []))


def other_socket(case, opened, sockets):
    of_family = [one for one in sockets if one["family"] == case.form and is_there(case, opened, one)]
    if any(held(one["owners"], opened.owners) for one in of_family):
        return "owner"
    return "seen" if any(not one["owners"] for one in of_family) else None


def is_there(case, opened, socket):
    """Programs of the kernel have no pid, so they are distinguished by their namespace."""
    return case.form not in ("bpf", "tc") or socket["namespace"].endswith(opened.namespace)


def names(gaps, opened):
    """True if a gap names the port or the namespace."""
    return any(re.search(rf"\b{opened.port}\b", gap["why"]) or any(place in gap["why"] for place in opened.places)
               for gap in gaps)


def silent(opened, report):
    port = rf"\b{opened.port}\b"
    pids = "|".join(map(str, opened.pids())) or "-"
    reported = listener(opened, report["listeners"])
    named = any(re.search(port, gap["why"]) for gap in report["gaps"])
    found = any(re.search(rf"{port}|\bpid ({pids})\b", finding["message"]) for finding in report["findings"])
    return "raised" if reported or named or found else "quiet"


def brief(opened, history):
    case = opened.case
    ports = range(opened.port, opened.port + case.tries)
    # Beyond four endpoints of one program the first alert counts the others.
    counts = {one["port"]: one.get("count", 1) for one in history
              if one.get("port") in ports and held(one["owners"], opened.owners)}
    return f"{min(sum(counts.values()), case.tries)} of {case.tries}"


def table(rows, columns):
    lines = [["case", *columns]] + [[row.name, *row.answers] for row in rows]
    widths = [max(len(line[i]) for line in lines) for i in range(len(lines[0]))]
    text = [" | ".join(cell.ljust(width) for cell, width in zip(line, widths)).rstrip() for line in lines]
    text.insert(1, " | ".join("-" * width for width in widths))
    return "\n".join(text)


def summary(rows):
    """Counts the results of the first column in words."""
    counts = {}
    for row in rows:
        answer = row.answers[0]
        if " of " in answer:
            answer = "brief (each try)" if answer.split()[0] == answer.split()[2] else "brief (not each try)"
        counts[answer] = counts.get(answer, 0) + 1
    run = len(rows) - counts.get(NOT_HERE, 0)
    named = ", ".join(f"{count} {answer}" for answer, count in sorted(counts.items()) if answer != NOT_HERE)
    return f"{len(rows)} cases, of which {run} run on this kernel: {named}."


def rank(answer):
    """The better the higher; None for a text that is no result."""
    if " of " in answer:
        return int(answer.split()[0])
    return ORDER.index(answer) if answer in ORDER else None


def is_worse(answer, wanted):
    """True if the result is worse. With CI=true a case that ran before has to run."""
    if NOT_HERE in (answer, wanted):
        return answer != wanted and answer == NOT_HERE and os.environ.get("CI") == "true"
    return rank(wanted) is None or rank(answer) < rank(wanted)


def failures(rows, file):
    """The answers that are worse than expected, in words."""
    with open(file) as lines:
        expected = dict(line.rstrip("\n").rsplit(": ", 1) for line in lines)
    return [f"FAILED {row.name}: {answer}, expected: {wanted}" for row in rows
            for answer, wanted in zip(row.answers[:2], expected.get(row.name, "no line in the file").split(", "))
            if is_worse(answer, wanted)]


def conclude(rows, file):
    """Compares with the expectations; returns the exit status."""
    for row in rows:
        if row.note:
            print(f"not run: {row.name}: {row.note}")
    failed = failures(rows, file)
    for line in failed:
        print(line)
    return 1 if failed else 0


def write_expectations(rows, file):
    file.write_text("".join(f"{row.name}: {', '.join(row.answers[:2])}\n" for row in rows))


def write(rows, columns, file, page):
    """Writes the expectations, and the table between two marks of the page."""
    write_expectations(rows, file)
    head = f"The gauntlet on {datetime.date.today()}, Linux {platform.release().split('-')[0]}: {summary(rows)}\n\n"
    lines = [["case", *columns], ["---"] * (len(columns) + 1)] + [[row.name, *row.answers] for row in rows]
    body = "".join("| " + " | ".join(line) + " |\n" for line in lines)
    text = page.read_text()
    before, after = text.index(BEGIN) + len(BEGIN), text.index(END)
    page.write_text(text[:before] + "\n" + head + body + "\n" + text[after:])
