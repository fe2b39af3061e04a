package io.portcurfew.observe.linux.events.source;

import io.portcurfew.observe.linux.proc.ProcFs;
import io.portcurfew.process.Ticker;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The changes of one drain, whose processes are read next. A read may hang: another thread then
 * goes on with the process at which the first one stopped. Used by one thread at a time.
 */
public final class DrainedChanges {

  private final List<OpenSources.SeenChange> changes;
  private final @Nullable ProgramRings rings;
  private final List<OpenSources.SeenChange> seen = new ArrayList<>();
  private final Map<RunProgram, ProcessGlimpse> glimpses = new HashMap<>();
  private @Nullable Moment moment;

  /** A process as long as it runs one program. */
  private record RunProgram(int pid, ProcessFacts facts) {}

  /** The time at which the reading began, with which all processes are compared. */
  private record Moment(Duration now, ProcessGlimpse.HostMarks marks) {}

  DrainedChanges(List<OpenSources.SeenChange> changes, @Nullable ProgramRings rings) {
    this.changes = changes;
    this.rings = rings;
  }

  /** Returns true if processes have to be read. */
  public boolean hasOpenings() {
    return changes.stream().anyMatch(one -> one.change().opened());
  }

  /** Reads the processes that are left and returns all changes, in the order of time. */
  public List<OpenSources.SeenChange> read(ProcFs proc) {
    while (seen.size() < changes.size()) {
      seen.add(withProcess(changes.get(seen.size()), proc));
    }
    if (rings != null) {
      // Once more after /proc was read.
      if (!seen.isEmpty()) {
        rings.lookAgain();
      }
      rings.finish();
      seen.replaceAll(one -> asOfItsEvent(one, rings));
    }
    return seen;
  }

  private OpenSources.SeenChange withProcess(OpenSources.SeenChange one, ProcFs proc) {
    SocketChange change = one.change();
    if (!change.opened()) {
      return one;
    }
    ProcessFacts facts = rings == null ? ProcessFacts.NONE : rings.at(change.pid(), change.at());
    RunProgram program = new RunProgram(change.pid(), facts);
    ProcessGlimpse known = glimpses.get(program);
    if (known == null) {
      known = glimpse(change, facts, proc);
      glimpses.put(program, known);
    }
    return new OpenSources.SeenChange(one.source(), change, known);
  }

  private ProcessGlimpse glimpse(SocketChange change, ProcessFacts facts, ProcFs proc) {
    Moment began = moment;
    if (began == null) {
      // Before the uptime is read: a pause between the two must not make a process seem too young.
      Duration now = Ticker.SYSTEM.elapsed();
      began = new Moment(now, ProcessGlimpse.HostMarks.read(proc));
      moment = began;
    }
    Long uid = change.uid() == SocketChange.NO_USER ? null : change.uid();
    return ProcessGlimpse.of(
        proc, change.pid(), uid, facts, began.now.minus(change.at()), began.marks);
  }

  /** A process may have become another program before /proc showed it. */
  private static OpenSources.SeenChange asOfItsEvent(
      OpenSources.SeenChange one, ProgramRings rings) {
    SocketChange change = one.change();
    if (!change.opened() || !rings.mayHaveChanged(change.pid(), change.at())) {
      return one;
    }
    // Its real user stays, by whom shares are.
    boolean isSameUser = change.uid() != SocketChange.NO_USER;
    return new OpenSources.SeenChange(one.source(), change, one.process().asOfItsEvent(isSameUser));
  }
}
