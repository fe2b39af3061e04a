package io.portcurfew.observe.linux.events;

import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The programs of processes that started lately, also of those that have ended. Bounded: processes
 * that have ended go first, the oldest of them before the others. Used by one thread.
 */
final class ProgramMemory {

  /** About 1 MiB with the usual lengths of paths. */
  static final int MOST = 4096;

  private final Map<Integer, Program> running = new LinkedHashMap<>();
  private final Map<Integer, Program> ended = new LinkedHashMap<>();
  private final Map<Program, Program> known = new LinkedHashMap<>();
  private final Set<Integer> executing = new HashSet<>();

  /** The process executes a file, which its next mapping names. */
  void executes(int pid) {
    if (executing.size() >= MOST) {
      executing.clear();
    }
    executing.add(pid);
    running.remove(pid);
    ended.remove(pid);
  }

  boolean awaitsFile(int pid) {
    return executing.contains(pid);
  }

  /** The process runs this program from now on. */
  void maps(int pid, Program program) {
    executing.remove(pid);
    if (known.size() >= MOST) {
      known.clear();
    }
    put(pid, known.computeIfAbsent(program, same -> same));
  }

  /** A child runs the program of its parent. */
  void forks(int parent, int child) {
    Program program = of(parent);
    if (program == null) {
      ended.remove(child);
      running.remove(child);
    } else {
      put(child, program);
    }
  }

  /** The process has ended. */
  void ends(int pid) {
    executing.remove(pid);
    Program program = running.remove(pid);
    if (program != null) {
      ended.put(pid, program);
    }
  }

  private void put(int pid, Program program) {
    if (running.size() + ended.size() >= MOST) {
      Map<Integer, Program> first = ended.isEmpty() ? running : ended;
      first.remove(first.keySet().iterator().next());
    }
    ended.remove(pid);
    running.put(pid, program);
  }

  /** The program of a process; {@code null} if it is not known. */
  @Nullable Program of(int pid) {
    Program program = running.get(pid);
    return program != null ? program : ended.get(pid);
  }

  int size() {
    return running.size() + ended.size();
  }
}
