#!/usr/bin/env python3
"""Takes fixes back, one at a time, and runs the simulation until it finds the bug again.

    mvn -q -DskipTests package && mvn -q test-compile
    agent/src/bench/bugs.py [--seeds 400] [--bug NAME] [--quick]
    agent/src/bench/bugs.py --check

Each entry of BUGS replaces lines of the agent by what they were before a fix. The changed classes are compiled into a folder
of their own, so the tree stays as it is. Prints for each bug the seed that found it, the steps until then, the statement of
the oracle, and the number of actions that it needs (with --quick: that it had). Ends with status 1 if a bug was not found.
With --check it only checks that the sources still have the lines of each entry.
"""
import argparse
import os
import re
import subprocess
import sys
import tempfile

AGENT = os.path.normpath(os.path.join(os.path.dirname(os.path.abspath(__file__)), "../.."))
MAIN = os.path.join(AGENT, "src/main/java/io/portcurfew")

BUGS = {
    "1 a restart resolves what is hidden": [
        ("alert/AlertCoverage.java", "if (checks.equals(UndecidedChecks.NONE)) {", "if (endpoints.isEmpty()) {")],
    "2 a rule with sha256 changes every owner": [
        ("alert/OwnerIdentity.java", "    if (before.equals(after)) {\n      return true;\n",
         "    if (!before.isEmpty() || !after.isEmpty()) {\n      return before.equals(after);\n")],
    "3 the heartbeat waits for its receiver's queue": [
        ("daemon/ReceiverFactory.java", "  private static final String LOG",
         "  private final Map<String, Notifier> made = new LinkedHashMap<>();\n\n  private static final String LOG"),
        ("daemon/ReceiverFactory.java", "        .map(receiver -> heartbeats.of(name, receiver.settings(), receiver.filter()))\n",
         "        .map(receiver -> made.get(name))\n"),
        ("daemon/ReceiverFactory.java", "      boolean groupsItself", "      made.put(receiver.name(), notifier);\n      boolean groupsItself")],
    "4 a PagerDuty summary starts again": [
        ("notify/receivers/PagerdutyNotifier.java", "if (!notification.id().equals(begun)) {", "if (sent >= 0) {")],
    "5 a database that opens late is not read": [
        ("store/WriteQueue.java", "    readOnce(database());\n", "    unread = null;\n")],
    "6 an Error ends the heartbeat": [
        ("scan/HeartbeatSender.java", "catch (RuntimeException | Error bug)", "catch (RuntimeException bug)")],
    "7 a restart resolves source-down": [
        ("daemon/AgentCore.java", "    health.continueFrom(store.alerts(), host.sourceNames());\n", "")],
    "8 a receiver that comes back has two queues": [
        ("notify/Dispatcher.java", "leaving.remove(name);", "null;")],
    "9 two writers of one file": [
        ("notify/receivers/LineFile.java",
         "        FileChannel writer = FileChannel.open(file, APPEND, NOFOLLOW_LINKS);\n"
         "        FileLock lock = lock(writer)) {\n      if (!lock.isValid() || !before",
         "        FileChannel writer = FileChannel.open(file, APPEND, NOFOLLOW_LINKS)) {\n      if (!before")],
    "9 two receivers have one file": [
        ("config/receivers/ReceiverReader.java", "if (!(receiver.settings() instanceof FileSettings settings)) {",
         "if (!(receiver.settings() instanceof FileSettings settings) || files.isEmpty()) {")],
    "10 a start with the clock ahead deletes history": [
        ("store/RetentionClock.java", "boolean plausible = Duration.between(expected, wall).compareTo(believed) <= 0;",
         "boolean plausible = true;")],
    "11 two summaries have one id": [
        ("notify/Notification.java",
         "            Stream.concat(Stream.of(Reason.SUMMARY.label()), ids(all, summary.shown()))\n"
         "                .toArray(String[]::new));",
         "            Reason.SUMMARY.label(), all.get(0).id(), last.id(), Integer.toString(all.size()));")],
    "12 a receiver named log replaces the log": [
        ("config/receivers/ReceiverReader.java", "boolean free = !name.equals(LOG);", "boolean free = true;")],
    "13 series of a removed source stay": [
        ("scan/CrossChecker.java", "metrics.sourceRemoved(SweepResult.SOURCE);", "metrics.sources(List.of());")],
    "13 series of a removed heartbeat stay": [
        ("daemon/ConfigMetrics.java", "metrics.heartbeatConfigured(config.heartbeat() != null);",
         "metrics.heartbeatConfigured(true);")],
    "14 a database removed while the disk is full is not missed": [
        ("store/WriteQueue.java", "      noticeReplacedFiles();\n      reopen();", "      reopen();\n      stale = true;")],
    "15 a receiver added before the database opens": [
        ("scan/AlertPipeline.java", "    notifications.addAll(dispatcher.route(earlier, addedUnread));\n", "")],
    "16 a round of Alertmanager overlaps a delivery": [
        ("notify/receivers/AlertmanagerNotifier.java", "    oneAtATime.lockInterruptibly();\n", ""),
        ("notify/receivers/AlertmanagerNotifier.java", "      oneAtATime.unlock();\n", "      LOG.trace(\"not locked\");\n")],
    "17 a summary is read behind what came after it": [
        ("store/RowReader.java", "sql.number(LAST_PART, seq, receiver, seq)", "seq")],
    "18 two changes of owner have one id": [
        ("notify/NotificationFactory.java", "reason == Reason.CHANGED && changes > 1", "changes < 0")],
    "19 a receiver that comes back with a restart": [
        ("store/KnownReceivers.java", " || (configured != null && !configured.contains(name))", "")],
    "20 a reload that fails half-way": [
        ("daemon/ConfigReloader.java", "      parts.subList(0, given).forEach(part -> takeBack(change, part));\n", "")],
    "21 Alertmanager gets times of the future": [
        ("notify/receivers/AlertmanagerAlerts.java", "return one.isBefore(other) ? one : other;", "return one;")],
    "22 a delivery on a full disk comes again": [
        ("store/DeliveryLedger.java", "return saved(receiver).map(saved -> unsaved.pending(receiver, saved, times.ofThisRun()));", "return saved(receiver);")],
    "23 a sweep that is switched off ends what it found": [
        ("judge/CrossCheck.java", "return swept(SweepResult.NOTHING, decided);", "return swept(SweepResult.NOTHING, true);")],
    "24 a failed read of what is pending counts as none": [
        ("store/DeliveryLedger.java", "      return Optional.empty();\n", "      return Optional.of(List.of());\n")],
    "25 an end comes before what could not be read": [
        ("notify/Backlog.java", "if (unread && held.hold(waiting)) {", "if (unread && held.size() > 0) {")],
    "26 a statement that failed once fails for ever": [
        ("store/sql/Sql.java", "        prepared.remove(sql);\n        statement.close();\n", "        prepared.get(sql);\n")],
    "27 a sweep ends what only another source shows": [
        ("judge/CrossCheck.java", "with(new UndecidedChecks(undecided.awaited(), shownByOthers(snapshot, first)));", "this;")],
    "28 a sweep ends what it found, off while nothing compares": [
        ("judge/CrossCheck.java", "        compared.completeSources() >= 2\n            && compared.sources().get(0).complete()\n            && !awaits", "        !awaits")],
    "29 ends for which a summary has no place are dropped": [
        ("notify/FoldSelection.java", "if (latest.size() <= Summary.MOST_SHOWN) {", "if (latest.size() > 0) {")],
}


def arguments():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seeds", type=int, default=400, help="the most seeds for each bug")
    parser.add_argument("--first", type=int, default=1, help="the first seed")
    parser.add_argument("--bug", help="the start of the name of one bug")
    parser.add_argument("--quick", action="store_true", help="leaves no action out of the seed that found a bug")
    parser.add_argument("--check", action="store_true", help="runs nothing")
    parser.add_argument("--classes", default=os.path.join(AGENT, "target"), help="the folder of classes and test-classes")
    parser.add_argument("--path", default=os.path.join(AGENT, "target/portcurfew/lib/*"), help="the libraries")
    return parser.parse_args()


def sources(edits, folder):
    """Writes the changed sources; returns their paths."""
    texts = {}
    for name, before, after in edits:
        text = texts.get(name) or open(os.path.join(MAIN, name)).read()
        if before not in text:
            sys.exit("%s no longer has the line: %s" % (name, before))
        texts[name] = text.replace(before, after)
    for name, text in texts.items():
        path = os.path.join(folder, "src", name)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "w") as file:
            file.write(text)
    return [os.path.join(folder, "src", name) for name in texts]


def find(args, edits):
    """Returns the output of the simulation without the fix."""
    with tempfile.TemporaryDirectory(prefix="portcurfew-bugs-") as folder:
        changed = os.path.join(folder, "classes")
        path = ":".join([args.classes + "/test-classes", args.classes + "/classes", args.path])
        files = sources(edits, folder)
        subprocess.run(["javac", "-nowarn", "-proc:none", "-parameters", "-d", changed, "-cp", path, *files],
                       check=True, stderr=subprocess.DEVNULL)
        command = ["java", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Djava.io.tmpdir=" + folder, "-cp", changed + ":" + path,
                   "io.portcurfew.simulation.SimulationRun", str(args.first), str(args.seeds), "3",
                   "quick" if args.quick else "end"]
        return subprocess.run(command, capture_output=True, text=True).stdout


def row(name, output):
    found = re.search(r"seed (\d+) fails after ([\d,]+) steps", output)
    if not found:
        print("%-58s NOT FOUND: %s" % (name, output.strip()[-200:]), flush=True)
        return False
    lines = output[found.end():].strip().split("\n")
    story = output.split("\nafter:\n")[-1].strip().split("\n")
    print("%-58s seed %3s, step %9s, %2d actions: %s" % (name, found.group(1), found.group(2), len(story), lines[1][:110]), flush=True)
    return True


def main():
    args = arguments()
    if args.check:
        with tempfile.TemporaryDirectory() as folder:
            for edits in BUGS.values():
                sources(edits, folder)
        return
    chosen = {name: edits for name, edits in BUGS.items() if not args.bug or name.startswith(args.bug)}
    results = [row(name, find(args, edits)) for name, edits in chosen.items()]
    sys.exit(0 if all(results) else 1)


if __name__ == "__main__":
    main()
