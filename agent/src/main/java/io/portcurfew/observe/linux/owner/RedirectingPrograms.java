package io.portcurfew.observe.linux.owner;

import io.portcurfew.observe.linux.kernel.HookedProgram;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collection;
import java.util.List;
import java.util.TreeMap;

/** The BPF programs that the walks through descriptors passed and that can redirect traffic. */
public final class RedirectingPrograms {

  private static final int MOST_PROCESSES = 256;

  /** A program whose link a process holds. */
  public record HeldProgram(int pid, HookedProgram program) {}

  private final TreeMap<Integer, List<HookedProgram>> byProcess = new TreeMap<>();

  /** Records the programs of a process after a whole walk through its descriptors. */
  void set(int pid, Collection<HookedProgram> programs) {
    if (programs.isEmpty()) {
      byProcess.remove(pid);
    } else if (byProcess.size() < MOST_PROCESSES) {
      byProcess.put(pid, List.copyOf(programs));
    }
  }

  /** Forgets the processes that have ended, and returns the programs of the others. */
  List<HeldProgram> of(BitSet pids) {
    if (byProcess.isEmpty()) {
      return List.of();
    }
    byProcess.keySet().removeIf(pid -> !pids.get(pid));
    List<HeldProgram> all = new ArrayList<>();
    byProcess.forEach(
        (pid, programs) -> programs.forEach(program -> all.add(new HeldProgram(pid, program))));
    return all;
  }
}
