package io.portcurfew.cli;

import io.portcurfew.cli.text.ListenerChanges;
import io.portcurfew.cli.text.TableView;
import io.portcurfew.cli.text.VerdictTable;
import io.portcurfew.host.Host;
import io.portcurfew.judge.Judge;
import io.portcurfew.judge.JudgedSnapshot;
import io.portcurfew.observe.Snapshot;
import io.portcurfew.policy.Policy;
import java.io.PrintWriter;
import java.time.Clock;
import java.util.List;
import java.util.concurrent.TimeUnit;

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
    JudgedSnapshot before = null;
    while (!out.checkError()) {
      Snapshot snapshot = host.look(Clock.systemUTC().instant());
      JudgedSnapshot now = new JudgedSnapshot(snapshot, Judge.judge(policy, snapshot, List.of()));
      print(now, ListenerChanges.between(before, now, view));
      before = now;
      TimeUnit.SECONDS.sleep(PAUSE_SECONDS);
    }
  }

  private void print(JudgedSnapshot now, ListenerChanges changes) {
    TableView marked = view.marking(changes.marks());
    out.print(view.width() > 0 ? CLEAR : "");
    out.print(new VerdictTable(now.snapshot(), now.judgement(), marked).renderWithNextCommand());
    changes.closed().forEach(one -> out.println("- " + one + " closed since the last scan"));
    out.println();
    out.flush();
  }
}
