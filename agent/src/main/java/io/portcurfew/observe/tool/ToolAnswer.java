package io.portcurfew.observe.tool;

import io.portcurfew.observe.Gap;
import io.portcurfew.observe.HostText;
import io.portcurfew.observe.View;
import io.portcurfew.observe.command.NetstatRows;
import io.portcurfew.observe.command.Parser;
import io.portcurfew.process.ByteText;
import io.portcurfew.process.ProcessResult;
import java.util.ArrayList;
import java.util.List;

/**
 * What an answer of a tool is worth: the view of what it printed, less what its exit status and its
 * messages put in doubt.
 *
 * @param showsAll whether the tool, run as we run it, shows the listeners of every user
 * @param messagesAreRows whether what it says on standard error is known to the parser
 * @param root whether it runs as root, and so may see every owner
 */
record ToolAnswer(boolean showsAll, boolean messagesAreRows, boolean root) {

  private static final int MOST_SHOWN = 200;

  /** Reads what a run gave. */
  View view(String source, ProcessResult ran, Parser parser) {
    if (ran.stopped() != null) {
      return View.blind(source, HostText.of(ran.stopped()).toString());
    }
    if (ran.output().isEmpty() && ran.status() != null && ran.status() != 0) {
      String why = status(ran.status()) + " and no rows" + said(ran);
      // What says no more may have found nothing; what was killed or complains has failed.
      boolean quiet = ran.status() == 1 && ran.errors().isBlank();
      return View.blind(source, why, quiet ? Gap.Cause.NO_ROWS : null);
    }
    View printed = parser.parse(source, ByteText.raw(text(ran)));
    List<Gap> gaps = new ArrayList<>(printed.gaps());
    gaps.addAll(doubts(source, ran));
    gaps.addAll(owners(source, printed));
    boolean complete =
        showsAll && printed.complete() && gaps.stream().noneMatch(Gap::hidesListeners);
    return new View(source, complete, printed.listeners(), gaps);
  }

  private String text(ProcessResult ran) {
    // Who does not end well may not have ended its last row.
    boolean ended = ran.status() != null && ran.status() == 0;
    int end = ended ? ran.output().length() : ran.output().lastIndexOf('\n') + 1;
    String rows = ran.output().substring(0, end);
    return messagesAreRows && ended && !ran.errors().isEmpty() ? rows + "\n" + ran.errors() : rows;
  }

  private List<Gap> doubts(String source, ProcessResult ran) {
    if (ran.status() != null && ran.status() != 0) {
      return List.of(new Gap(source, Gap.What.LISTENERS, status(ran.status()) + said(ran)));
    }
    return messagesAreRows || ran.errors().lines().allMatch(ToolAnswer::isHarmless)
        ? List.of()
        : List.of(new Gap(source, Gap.What.LISTENERS, "it ended well" + said(ran)));
  }

  /**
   * ss says so where /sys holds no cgroup2, as in {@code ip netns exec}; it misses no row for it.
   */
  private static boolean isHarmless(String line) {
    return line.isBlank() || line.equals("Failed to find cgroup2 mount");
  }

  private static String status(int status) {
    // The JDK tells a signal as a shell does: 128 and its number.
    return status > 128 && status < 128 + 65
        ? "exit status " + status + " (signal " + (status - 128) + ")"
        : "exit status " + status;
  }

  private static String said(ProcessResult ran) {
    return ran.errors().isBlank()
        ? ""
        : ", and said: " + HostText.of(ByteText.raw(ran.errors().strip()), MOST_SHOWN);
  }

  /** Tools say nothing where they may not look; net-tools alone does. */
  private List<Gap> owners(String source, View view) {
    boolean unknown = view.listeners().stream().anyMatch(one -> one.owners().isEmpty());
    Gap noRight = new Gap(source, Gap.What.OWNERS, NetstatRows.NO_RIGHT);
    return root || !unknown || view.gaps().contains(noRight) ? List.of() : List.of(noRight);
  }
}
