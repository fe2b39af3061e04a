package io.portcurfew.observe.linux;

import io.portcurfew.observe.Gap;
import io.portcurfew.observe.linux.kernel.BpfLinks;
import io.portcurfew.observe.linux.kernel.KernelException;
import io.portcurfew.observe.linux.kernel.Refusal;
import io.portcurfew.observe.linux.proc.ProcFs;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * The BPF programs that can redirect traffic which no socket shows: those on interfaces, those
 * whose link a process holds, and those whose link is only pinned. Links are listed in every
 * {@value #LOOKS_BETWEEN}th look, and after a refusal no more.
 */
final class BpfPrograms {

  static final int LOOKS_BETWEEN = 16;

  private static final int MOST_NAMED = 16;

  private final String source;
  private final ProcFs proc;
  private List<String> links = List.of();
  private String refusal = "";
  private boolean permitted = true;
  private int looks;

  BpfPrograms(String source, ProcFs proc) {
    this.source = source;
    this.proc = proc;
  }

  /**
   * Returns the gaps of the programs.
   *
   * @param attached the interfaces with an XDP program, in words; empty if there is none
   * @param held the programs that a process holds, in words, each with the process behind it
   */
  List<Gap> look(String attached, List<String> held) {
    if (permitted && looks++ % LOOKS_BETWEEN == 0 && !proc.isCaptured()) {
      listLinks();
    }
    List<Gap> gaps = new ArrayList<>(0);
    if (!attached.isEmpty()) {
      gaps.add(gap("an XDP program on " + attached + " may redirect traffic; it is not read"));
    }
    List<String> all = new ArrayList<>(held);
    links.stream()
        .filter(link -> held.stream().noneMatch(one -> one.startsWith(link + " by ")))
        .forEach(link -> all.add(link + ", held by no process"));
    if (!all.isEmpty()) {
      int more = all.size() - MOST_NAMED;
      String named = all.stream().limit(MOST_NAMED).collect(Collectors.joining("; "));
      gaps.add(
          gap(
              "BPF programs may redirect traffic; they are not read: "
                  + named
                  + (more > 0 ? " and " + more + " more" : "")));
    }
    return gaps;
  }

  private void listLinks() {
    try {
      links = BpfLinks.redirecting();
      refusal = "";
    } catch (KernelException refused) {
      permitted = !Refusal.ENTRY.is(refused.errno());
      refusal =
          permitted ? String.valueOf(refused.getMessage()) : "listing links takes CAP_SYS_ADMIN";
    }
  }

  /** Returns why links that no process holds are not seen; empty if they are. */
  Optional<String> limit() {
    return refusal.isEmpty()
        ? Optional.empty()
        : Optional.of("BPF programs whose links are pinned are not seen: " + refusal);
  }

  private Gap gap(String why) {
    return new Gap(source, Gap.What.PROTOCOL, why);
  }
}
