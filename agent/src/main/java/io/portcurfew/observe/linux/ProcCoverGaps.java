package io.portcurfew.observe.linux;

import io.portcurfew.observe.Gap;
import io.portcurfew.observe.linux.proc.ProcCovers;
import java.util.ArrayList;
import java.util.List;

/** Describes what mounts over parts of /proc may hide. */
final class ProcCoverGaps {

  private static final int MOST_NAMED = 5;

  private ProcCoverGaps() {}

  /** Returns a gap for covered processes, and one for covered tables of sockets. */
  static List<Gap> of(String source, ProcCovers covers) {
    List<Gap> gaps = new ArrayList<>(0);
    if (!covers.processes().isEmpty()) {
      gaps.add(
          new Gap(
              source,
              Gap.What.NAMESPACE,
              "a mount covers "
                  + some(covers.processes())
                  + ": the sockets and the network namespace of that process may be missing"));
    }
    if (!covers.tables().isEmpty()) {
      gaps.add(
          new Gap(
              source,
              Gap.What.LISTENERS,
              "a mount covers " + some(covers.tables()) + ": sockets may be missing"));
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

  private static String some(List<String> places) {
    int more = places.size() - MOST_NAMED;
    String named = String.join(", ", places.stream().limit(MOST_NAMED).toList());
    return more > 0 ? named + " and " + more + " more" : named;
  }
}
