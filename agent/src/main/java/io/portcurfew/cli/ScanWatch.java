package io.portcurfew.cli;

import io.portcurfew.cli.text.TableView;
import io.portcurfew.cli.text.VerdictTable;
import io.portcurfew.host.Host;
import io.portcurfew.judge.Judge;
import io.portcurfew.judge.Judgement;
import io.portcurfew.observe.Endpoint;
import io.portcurfew.observe.Listener;
import io.portcurfew.observe.Snapshot;
import io.portcurfew.policy.Policy;
import java.io.PrintWriter;
import java.time.Clock;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/** Prints the verdict again and again, with the changes since the time before. */
final class ScanWatch {

  private static final int PAUSE_SECONDS = 2;

  /** ECMA-48: cursor to the upper left, then erase the rest. */
  private static final String CLEAR = "\u001b[H\u001b[J";

  private final Host host;
  private final Policy policy;
  private final TableView view;
  private final PrintWriter out;

  ScanWatch(Host host, Policy policy, TableView view, PrintWriter out) {
    this.host = host;
    this.policy = policy;
    this.view = view;
    this.out = out;
  }

  /** Runs until the process is ended, or nobody reads any more. */
  void run() throws InterruptedException {
    host.ask(policy.asksFor());
    Set<Endpoint> before = null;
    while (!out.checkError()) {
      Snapshot snapshot = host.look(Clock.systemUTC().instant());
      Set<Endpoint> now =
          snapshot.listeners().stream()
              .map(Listener::endpoint)
              .collect(Collectors.toCollection(TreeSet::new));
      print(snapshot, before == null ? now : before, now);
      before = now;
      TimeUnit.SECONDS.sleep(PAUSE_SECONDS);
    }
  }

  private void print(Snapshot snapshot, Set<Endpoint> before, Set<Endpoint> now) {
    Set<Endpoint> opened = new TreeSet<>(now);
    opened.removeAll(before);
    Set<Endpoint> closed = new TreeSet<>(before);
    closed.removeAll(now);
    Judgement judgement = Judge.judge(policy, snapshot, List.of());
    out.print(view.width() > 0 ? CLEAR : "");
    out.print(new VerdictTable(snapshot, judgement, view.marking(opened)).render());
    // Not seen is not closed.
    closed.stream()
        .filter(snapshot::covers)
        .forEach(endpoint -> out.println("- " + endpoint + " closed since the last scan"));
    out.println();
    out.flush();
  }
}
