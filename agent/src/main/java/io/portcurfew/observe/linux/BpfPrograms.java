package io.portcurfew.observe.linux;

import io.portcurfew.observe.Gap;
import io.portcurfew.observe.linux.kernel.BpfLinks;
import io.portcurfew.observe.linux.kernel.HookedProgram;
import io.portcurfew.observe.linux.kernel.KernelException;
import io.portcurfew.observe.linux.kernel.Refusal;
import io.portcurfew.observe.linux.owner.RedirectingPrograms.HeldProgram;
import io.portcurfew.observe.linux.proc.ProcFs;
import io.portcurfew.text.ShortList;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/**
 * The BPF programs that can redirect packets and that no namespace shows: those whose link a
 * process holds in an unknown place, and those whose link is only pinned. Links are listed in every
 * {@value #LOOKS_BETWEEN}th look, and after a refusal no more.
 */
final class BpfPrograms {

  static final int LOOKS_BETWEEN = 16;

  private static final int MOST_NAMED = 16;

  private final String source;
  private final ProcFs proc;
  private List<BpfLinks.LinkedProgram> links = List.of();
  private String refusal = "";
  private boolean permitted = true;
  private int looks;

  BpfPrograms(String source, ProcFs proc) {
    this.source = source;
    this.proc = proc;
  }

  /**
   * Returns a gap for the programs that are not shown.
   *
   * @param held the programs whose link a process holds
   * @param shown the numbers of the holders of the programs that are shown
   */
  List<Gap> look(List<HeldProgram> held, Supplier<Set<Long>> shown) {
    if (permitted && looks++ % LOOKS_BETWEEN == 0 && !proc.isCaptured()) {
      listLinks();
    }
    if (links.isEmpty() && held.isEmpty()) {
      return List.of();
    }
    Set<Long> known = new HashSet<>(shown.get());
    List<String> missing = new ArrayList<>(0);
    for (HeldProgram one : held) {
      if (known.add(HookedProgram.holderNumber(one.program().program()))) {
        missing.add(one.program().hook().label() + " of pid " + one.pid());
      }
    }
    for (BpfLinks.LinkedProgram link : links) {
      if (!known.contains(HookedProgram.holderNumber(link.program()))) {
        missing.add(link.words() + ", held by no process");
      }
    }
    return missing.isEmpty()
        ? List.of()
        : List.of(
            new Gap(
                source,
                Gap.What.PROTOCOL,
                "BPF programs may redirect traffic, and their network namespaces are not known: "
                    + ShortList.of(missing, MOST_NAMED)));
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
}
