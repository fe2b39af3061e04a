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
 * Turns the result of a tool into a view. Its exit status and messages can make the view
 * incomplete.
 *
 * @param showsAll true if the tool, with these options, shows the listeners of every user
 * @param messagesAreRows true if the parser knows the messages on standard error
 * @param root true if the tool runs as root and may see every owner
 */
record ToolAnswer(boolean showsAll, boolean messagesAreRows, boolean root) {

  private static final int MOST_SHOWN = 200;

  /** Returns the view of a result. */
  View view(String source, ProcessResult ran, Parser parser) {
    if (ran.stopped() != null) {
      return View.blind(source, HostText.of(ran.stopped()).toString());
    }
    if (ran.output().isEmpty() && ran.status() != null && ran.status() != 0) {
      String why = status(ran.status()) + " and no rows" + errorText(ran);
      // Exit status 1 without a message may mean no matches; a signal or a message means failure.
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
    // The last row may be incomplete if the tool failed.
    boolean ended = ran.status() != null && ran.status() == 0;
    int end = ended ? ran.output().length() : ran.output().lastIndexOf('\n') + 1;
    String rows = ran.output().substring(0, end);
    return messagesAreRows && ended && !ran.errors().isEmpty() ? rows + "\n" + ran.errors() : rows;
  }

  private List<Gap> doubts(String source, ProcessResult ran) {
    if (ran.status() != null && ran.status() != 0) {
      return List.of(new Gap(source, Gap.What.LISTENERS, status(ran.status()) + errorText(ran)));
    }
    return messagesAreRows || ran.errors().lines().allMatch(ToolAnswer::isHarmless)
        ? List.of()
        : List.of(
            new Gap(source, Gap.What.LISTENERS, "exit status 0 with errors" + errorText(ran)));
  }

  /**
   * True for a message of ss if /sys has no cgroup2, as in {@code ip netns exec}; no row is
   * missing.
   */
  private static boolean isHarmless(String line) {
    return line.isBlank() || line.equals("Failed to find cgroup2 mount");
  }

  private static String status(int status) {
    // The JDK reports a signal like a shell: 128 plus its number.
    return status > 128 && status < 128 + 65
        ? "exit status " + status + " (signal " + (status - 128) + ")"
        : "exit status " + status;
  }

  private static String errorText(ProcessResult ran) {
    return ran.errors().isBlank()
        ? ""
        : ": " + HostText.of(ByteText.raw(ran.errors().strip()), MOST_SHOWN);
  }

  /**
   * Returns a gap if owners are hidden. Of all tools only net-tools prints a message about that.
   */
  private List<Gap> owners(String source, View view) {
    boolean unknown = view.listeners().stream().anyMatch(one -> one.owners().isEmpty());
    Gap noRight = new Gap(source, Gap.What.OWNERS, NetstatRows.NO_RIGHT);
    return root || !unknown || view.gaps().contains(noRight) ? List.of() : List.of(noRight);
  }
}
