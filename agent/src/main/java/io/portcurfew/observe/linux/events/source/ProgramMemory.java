package io.portcurfew.observe.linux.events.source;

import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/**
 * The programs and namespaces of processes that started lately, also of those that have ended.
 * Bounded: processes that have ended go first, the oldest of them before the others. Used by one
 * thread.
 */
final class ProgramMemory {

  /** About 1 MiB with the usual lengths of paths. */
  static final int MOST = 4096;

  private final Map<Integer, ProcessFacts> running = new LinkedHashMap<>();
  private final Map<Integer, ProcessFacts> ended = new LinkedHashMap<>();
  private final Map<Program, Program> known = new LinkedHashMap<>();
  private final Set<Integer> executing = new HashSet<>();

  /** The process executes a file, which its next mapping names. */
  void executes(int pid, long time) {
    if (executing.size() >= MOST) {
      executing.clear();
    }
    executing.add(pid);
    put(pid, of(pid).with(null, time));
  }

  boolean awaitsFile(int pid) {
    return executing.contains(pid);
  }

  /** The process runs this program from now on. */
  void maps(int pid, Program program, long time) {
    executing.remove(pid);
    if (known.size() >= MOST) {
      known.clear();
    }
    put(pid, of(pid).with(known.computeIfAbsent(program, same -> same), time));
  }

  /**
   * A child runs the program of its parent, in the same namespaces. The records of two CPUs may
   * come in another order than they happened, so what the child did since stands.
   */
  void forks(int parent, int child, long time) {
    if (of(child).time() <= time) {
      executing.remove(child);
      ProcessFacts inherited = of(parent);
      put(child, inherited.with(inherited.program(), time));
    }
  }

  /** The process is in these namespaces from now on. */
  void entered(int pid, long network, long mounts, long users) {
    put(pid, of(pid).in(network, mounts, users));
  }

  /** The process has ended. */
  void ends(int pid) {
    executing.remove(pid);
    ProcessFacts facts = running.remove(pid);
    if (facts != null) {
      ended.put(pid, facts);
    }
  }

  /** Records were lost, so nothing is certain any more. */
  void forget() {
    running.clear();
    ended.clear();
    executing.clear();
  }

  private void put(int pid, ProcessFacts facts) {
    ended.remove(pid);
    if (!running.containsKey(pid) && size() >= MOST) {
      Map<Integer, ProcessFacts> first = ended.isEmpty() ? running : ended;
      first.remove(first.keySet().iterator().next());
    }
    running.put(pid, facts);
  }

  /** The known facts of a process. */
  ProcessFacts of(int pid) {
    ProcessFacts facts = running.get(pid);
    return facts != null ? facts : ended.getOrDefault(pid, ProcessFacts.NONE);
  }

  int size() {
    return running.size() + ended.size();
  }
}
