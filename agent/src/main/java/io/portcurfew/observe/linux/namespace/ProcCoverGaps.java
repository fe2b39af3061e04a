package io.portcurfew.observe.linux.namespace;

import io.portcurfew.observe.Gap;
import io.portcurfew.observe.linux.proc.ProcCovers;
import io.portcurfew.text.ShortList;
import java.util.ArrayList;
import java.util.List;

/** Describes the parts of the view that mounts over /proc may hide. */
final class ProcCoverGaps {

  private static final int MOST_NAMED = 5;

  private ProcCoverGaps() {}

  /**
   * Returns a gap for covered processes, and one for covered tables of sockets.
   *
   * @param seesUnder true if the agent reads from a mount of its own, which nothing covers
   */
  static List<Gap> of(String source, ProcCovers covers, boolean seesUnder) {
    String under = seesUnder ? "; it is looked under" : "";
    List<Gap> gaps = new ArrayList<>(0);
    if (!covers.processes().isEmpty()) {
      gaps.add(
          new Gap(
              source,
              Gap.What.NAMESPACE,
              "a mount covers "
                  + ShortList.of(covers.processes(), MOST_NAMED)
                  + ": the sockets and the network namespace of that process may be missing"
                  + under));
    }
    if (!covers.tables().isEmpty()) {
      gaps.add(
          new Gap(
              source,
              Gap.What.LISTENERS,
              "a mount covers "
                  + ShortList.of(covers.tables(), MOST_NAMED)
                  + ": sockets may be missing"
                  + under));
    }
    if (covers.unknown() != null) {
      gaps.add(
          new Gap(
              source,
              Gap.What.NAMESPACE,
              "mounts over /proc cannot be excluded: " + covers.unknown()));
    }
    return gaps;
  }
}
