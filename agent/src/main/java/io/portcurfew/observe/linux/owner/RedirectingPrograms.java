package io.portcurfew.observe.linux.owner;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collection;
import java.util.List;
import java.util.TreeMap;

/** The BPF programs that the walks through descriptors passed and that can redirect traffic. */
final class RedirectingPrograms {

  private static final int MOST_PROCESSES = 256;

  private final TreeMap<Integer, List<String>> byProcess = new TreeMap<>();

  /** Records the programs of a process after a whole walk through its descriptors. */
  void set(int pid, Collection<String> programs) {
    if (programs.isEmpty()) {
      byProcess.remove(pid);
    } else if (byProcess.size() < MOST_PROCESSES) {
      byProcess.put(pid, List.copyOf(programs));
    }
  }

  /** Forgets the processes that have ended, and returns the programs of the others in words. */
  List<String> of(BitSet pids) {
    byProcess.keySet().removeIf(pid -> !pids.get(pid));
    List<String> all = new ArrayList<>();
    byProcess.forEach(
        (pid, programs) -> programs.forEach(program -> all.add(program + " by pid " + pid)));
    return all;
  }
}
