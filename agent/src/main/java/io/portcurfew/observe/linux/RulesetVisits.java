package io.portcurfew.observe.linux;

import com.sun.jna.Native;
import io.portcurfew.observe.Gap;
import io.portcurfew.observe.Listener;
import io.portcurfew.observe.Place;
import io.portcurfew.observe.linux.kernel.KernelException;
import io.portcurfew.observe.linux.kernel.Libc;
import io.portcurfew.observe.linux.proc.ProcFs;
import io.portcurfew.observe.linux.reach.RulesetProbe;
import io.portcurfew.process.DaemonThreads;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Reads the rulesets of the other network namespaces, one at a time and in turns: a thread enters
 * one, reads, and ends. No look waits for it but the first. It takes CAP_SYS_ADMIN and
 * CAP_NET_ADMIN; without them there is nothing but the limit that the host's own ruleset has too.
 * For one caller at a time.
 */
final class RulesetVisits {

  /** linux/sched.h. */
  private static final int CLONE_NEWNET = 0x40000000;

  private static final int LOOKS_AFTER_REFUSAL = 60;
  private static final int MOST_IN_FIRST_LOOK = 128;
  private static final long FIRST_WAIT_MILLIS = 2_000;

  private final String source;
  private final Path root;
  private final NetworkNamespace.Opener opener;
  private final Map<Long, RulesetProbe.Seen> seen = new HashMap<>();
  private final Deque<Long> turns = new ArrayDeque<>();
  private @Nullable Visit running;
  private List<Listener> listeners = List.of();
  private int pause;
  private boolean first = true;

  /** A visit that goes on. */
  private record Visit(long inode, CompletableFuture<RulesetProbe.Seen> result) {}

  RulesetVisits(String source, Path root, NetworkNamespace.Opener opener) {
    this.source = source;
    this.root = root;
    this.opener = opener;
  }

  /** The redirects in other namespaces; the same list again while nothing changes. */
  List<Listener> look(Collection<NetworkNamespace> all) throws InterruptedException {
    Map<Long, NetworkNamespace> others =
        all.stream()
            .filter(one -> !one.isHost())
            .collect(Collectors.toMap(NetworkNamespace::inode, one -> one));
    seen.keySet().retainAll(others.keySet());
    int visits = first ? Math.min(others.size(), MOST_IN_FIRST_LOOK) : 1;
    for (int i = 0; i < visits && pause == 0; i++) {
      take(first ? FIRST_WAIT_MILLIS : 0);
      start(others);
    }
    take(first ? FIRST_WAIT_MILLIS : 0);
    pause = Math.max(0, pause - 1);
    first &= others.isEmpty();
    List<Listener> latest = new ArrayList<>();
    seen.forEach(
        (inode, rules) -> {
          NetworkNamespace namespace = others.get(inode);
          if (namespace != null) {
            rules.listeners().forEach(one -> latest.add(one.within(namespace.name())));
          }
        });
    latest.sort(null);
    listeners = latest.equals(listeners) ? listeners : List.copyOf(latest);
    return listeners;
  }

  /** The gaps of the rulesets of these namespaces. */
  List<Gap> gaps(Collection<NetworkNamespace> all) {
    List<Gap> gaps = new ArrayList<>();
    for (NetworkNamespace namespace : all) {
      RulesetProbe.Seen rules = seen.get(namespace.inode());
      if (rules != null && !rules.missing().isEmpty()) {
        String why =
            "redirects in namespace "
                + namespace.name()
                + " are not all seen: "
                + String.join("; ", rules.missing());
        gaps.add(new Gap(source, Gap.What.PROTOCOL, why, null, Place.in(namespace.name())));
      }
    }
    return gaps;
  }

  private void start(Map<Long, NetworkNamespace> others) {
    if (running != null || others.isEmpty()) {
      return;
    }
    if (turns.isEmpty()) {
      turns.addAll(others.keySet());
    }
    long inode = turns.remove();
    NetworkNamespace namespace = others.get(inode);
    if (namespace == null) {
      return;
    }
    try {
      int fd = opener.handle(namespace);
      RulesetProbe.Seen before = seen.getOrDefault(inode, RulesetProbe.Seen.NOTHING);
      CompletableFuture<RulesetProbe.Seen> result = new CompletableFuture<>();
      if (DaemonThreads.start("rules " + inode, () -> visit(fd, before, result))) {
        running = new Visit(inode, result);
      } else {
        Libc.close(fd);
      }
    } catch (KernelException gone) {
      // The look at its sockets reports a namespace that cannot be opened.
    }
  }

  private void visit(int fd, RulesetProbe.Seen before, CompletableFuture<RulesetProbe.Seen> into) {
    try {
      if (Libc.setns(fd, CLONE_NEWNET) < 0) {
        throw new EntryException(Native.getLastError());
      }
      into.complete(RulesetProbe.read(new ProcFs(root), before));
    } catch (KernelException | InterruptedException | RuntimeException | Error e) {
      into.completeExceptionally(e);
    } finally {
      Libc.close(fd);
    }
  }

  private void take(long millis) throws InterruptedException {
    Visit visit = running;
    if (visit == null || !(millis > 0 || visit.result().isDone())) {
      return;
    }
    try {
      seen.put(visit.inode(), visit.result().get(millis, TimeUnit.MILLISECONDS));
      running = null;
    } catch (TimeoutException later) {
      // A later look takes it.
    } catch (ExecutionException refused) {
      running = null;
      pause = refused.getCause() instanceof EntryException ? LOOKS_AFTER_REFUSAL : 0;
    }
  }
}
