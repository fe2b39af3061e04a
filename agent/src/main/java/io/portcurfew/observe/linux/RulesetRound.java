package io.portcurfew.observe.linux;

import com.sun.jna.Native;
import io.portcurfew.observe.linux.kernel.KernelException;
import io.portcurfew.observe.linux.kernel.Libc;
import io.portcurfew.observe.linux.kernel.Refusal;
import io.portcurfew.observe.linux.namespace.EntryException;
import io.portcurfew.observe.linux.netlink.NftGeneration;
import io.portcurfew.observe.linux.proc.ProcFs;
import io.portcurfew.observe.linux.reach.RulesetProbe;
import io.portcurfew.process.DaemonThreads;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** One thread that enters some network namespaces one by one, reads their rulesets, and ends. */
final class RulesetRound {

  /** linux/sched.h. */
  private static final int CLONE_NEWNET = 0x40000000;

  private final Path root;
  private final List<Visit> visits;

  /** By inode, as they are read. */
  private final Map<Long, VisitedRules> results = new ConcurrentHashMap<>();

  /** Fails if a namespace could not be entered. */
  private final CompletableFuture<Boolean> end = new CompletableFuture<>();

  /** A namespace to visit, with a descriptor of it and the last result. */
  record Visit(long inode, int fd, VisitedRules before) {}

  /** The progress of a round. */
  enum Progress {
    RUNNING,
    ENDED,
    /** A namespace could not be entered. */
    REFUSED
  }

  private RulesetRound(Path root, List<Visit> visits) {
    this.root = root;
    this.visits = visits;
  }

  /**
   * Starts the thread, which closes the descriptors of the visits.
   *
   * @return {@code null} if the thread could not be started
   */
  static @Nullable RulesetRound start(Path root, List<Visit> visits) {
    RulesetRound round = new RulesetRound(root, visits);
    if (DaemonThreads.start("rules " + visits.get(0).inode(), round::run)) {
      return round;
    }
    round.closeAll();
    return null;
  }

  /**
   * Waits for the end.
   *
   * @param millis how long at most; 0 does not wait
   */
  Progress await(long millis) throws InterruptedException {
    if (millis == 0 && !end.isDone()) {
      return Progress.RUNNING;
    }
    try {
      end.get(millis, TimeUnit.MILLISECONDS);
      return Progress.ENDED;
    } catch (TimeoutException later) {
      return Progress.RUNNING;
    } catch (ExecutionException e) {
      return e.getCause() instanceof EntryException ? Progress.REFUSED : Progress.ENDED;
    }
  }

  /** Takes the rulesets that were read since the last time, by the inode of their namespace. */
  Map<Long, VisitedRules> take() {
    Map<Long, VisitedRules> taken = new HashMap<>();
    for (Long inode : List.copyOf(results.keySet())) {
      VisitedRules rules = results.remove(inode);
      if (rules != null) {
        taken.put(inode, rules);
      }
    }
    return taken;
  }

  private void run() {
    try {
      for (Visit visit : visits) {
        results.put(visit.inode(), read(visit));
      }
      end.complete(true);
    } catch (EntryException | InterruptedException | RuntimeException | Error e) {
      end.completeExceptionally(e);
    } finally {
      closeAll();
    }
  }

  private VisitedRules read(Visit visit) throws EntryException, InterruptedException {
    if (Libc.setns(visit.fd(), CLONE_NEWNET) < 0) {
      throw new EntryException(Native.getLastError());
    }
    NftGeneration generation = null;
    boolean read = false;
    try {
      generation = NftGeneration.open();
      RulesetProbe.ProbedRules rules =
          RulesetProbe.read(new ProcFs(root), generation, visit.before().rules());
      read = true;
      return new VisitedRules(rules, generation);
    } catch (KernelException refused) {
      if (Refusal.ENTRY.is(refused.errno())) {
        throw new EntryException(refused.errno());
      }
      String why = String.valueOf(refused.getMessage());
      return new VisitedRules(new RulesetProbe.ProbedRules(null, List.of(), List.of(why)), null);
    } finally {
      if (generation != null && !read) {
        generation.close();
      }
    }
  }

  private void closeAll() {
    visits.forEach(visit -> Libc.close(visit.fd()));
  }
}
