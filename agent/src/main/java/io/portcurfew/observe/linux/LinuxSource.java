package io.portcurfew.observe.linux;

import io.portcurfew.observe.Gap;
import io.portcurfew.observe.Listener;
import io.portcurfew.observe.ListenerSource;
import io.portcurfew.observe.OwnerFact;
import io.portcurfew.observe.View;
import io.portcurfew.observe.linux.kernel.KernelSocket;
import io.portcurfew.observe.linux.kernel.SocketTable;
import io.portcurfew.observe.linux.owner.SocketOwners;
import io.portcurfew.observe.linux.proc.ProcFs;
import io.portcurfew.observe.linux.proc.ProcessList;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The kernel's own view on Linux, in every network namespace: by sock_diag, no child process, no
 * text; where that is refused by /proc/net, and the view says so. It remembers from look to look: a
 * listener is gone only when an exact look-up says so, and owners are searched for once. For one
 * caller at a time.
 */
public final class LinuxSource implements ListenerSource, AutoCloseable {

  /** The name in views, gaps and metrics. */
  public static final String NAME = "sock_diag";

  /** How many sockets without an owner are looked up again in one look; a look-up is 10 µs. */
  private static final int MOST_LOOKED_UP = 256;

  private static final int SECONDS_TO_CLOSE = 1;

  private final ReentrantLock turn = new ReentrantLock();
  private final SocketOwners owners;
  private final Namespaces namespaces;
  private final ListenerBuilder listing;
  private volatile Set<OwnerFact> asked = Set.of();

  /** A look that was interrupted or failed may have seen a change that no list shows. */
  private boolean unlisted = true;

  private int lookUps;

  LinuxSource(Path root, NetworkNamespace.Opener opener) {
    ProcessList processes = new ProcessList(new ProcFs(root));
    owners = new SocketOwners(root, processes, SocketOwners.Pace.USUAL);
    namespaces = new Namespaces(NAME, root, processes, opener);
    listing = new ListenerBuilder(NAME, root, owners);
  }

  /**
   * The running host.
   *
   * @throws LinkageError where this machine has no C library that we know, or JNA cannot be loaded
   */
  public static LinuxSource ofHost() {
    Path root = Path.of("/");
    return new LinuxSource(root, new NamespaceEntry(NAME, root));
  }

  /** A captured host: a folder with its {@code proc}, {@code etc/passwd} and {@code run/netns}. */
  public static LinuxSource ofCaptured(Path root) {
    return new LinuxSource(root, new CapturedTables(NAME, root));
  }

  @Override
  public String name() {
    return NAME;
  }

  /** From its next look on it finds these out about every owner. */
  public void ask(Set<OwnerFact> facts) {
    asked = Set.copyOf(facts);
  }

  @Override
  public View look() throws InterruptedException {
    turn.lockInterruptibly();
    try {
      return lookInTurn();
    } finally {
      turn.unlock();
    }
  }

  private View lookInTurn() throws InterruptedException {
    List<Gap> gaps = new ArrayList<>();
    boolean changed = unlisted;
    unlisted = true;
    namespaces.refresh(gaps, owners::isHeld);
    changed |= namespaces.changed();
    RowBound bound = namespaces.bound();
    List<ListenerBuilder.Part> parts = new ArrayList<>();
    for (NetworkNamespace namespace : namespaces.all()) {
      SocketTable.Look look = namespace.look(NAME, bound.of(namespace));
      gaps.addAll(look.gaps());
      parts.add(new ListenerBuilder.Part(namespace, look.sockets()));
      changed |= look.changed();
    }
    namespaces.addUnseen(gaps);
    lookUps = 0;
    owners.ask(asked);
    // Asked again after the search, which takes a while.
    owners.refresh(changed ? sockets() : null, this::hasGone).stream()
        .filter(this::hasGone)
        .forEach(owners::forget);
    List<Listener> listeners = listing.of(parts, changed);
    unlisted = false;
    gaps.addAll(listing.gaps());
    boolean complete = gaps.stream().noneMatch(Gap::hidesListeners);
    return new View(NAME, complete, listeners, gaps);
  }

  /** Also those of a namespace that cannot be seen at present: their owners stay known. */
  private List<KernelSocket> sockets() {
    List<KernelSocket> all = new ArrayList<>();
    namespaces.all().forEach(namespace -> all.addAll(namespace.sockets()));
    return all;
  }

  /** Under churn most sockets without an owner have been closed since they were listed. */
  private boolean hasGone(KernelSocket socket) {
    return lookUps++ < MOST_LOOKED_UP
        && namespaces.all().stream().anyMatch(namespace -> namespace.hasGone(socket));
  }

  /** The names of the network namespaces that the last look knew of. */
  public List<String> namespaces() {
    turn.lock();
    try {
      return namespaces.all().stream().map(NetworkNamespace::name).sorted().toList();
    } finally {
      turn.unlock();
    }
  }

  /** The files under /run/netns that are no network namespaces, as the last look found them. */
  public List<String> strays() {
    turn.lock();
    try {
      return namespaces.strays();
    } finally {
      turn.unlock();
    }
  }

  /** Waits for a look that goes on, but not long: a call that hangs must not keep the agent. */
  @Override
  public void close() {
    try {
      if (turn.tryLock(SECONDS_TO_CLOSE, TimeUnit.SECONDS)) {
        namespaces.close();
        owners.close();
        turn.unlock();
      }
    } catch (InterruptedException inHaste) {
      Thread.currentThread().interrupt();
    }
  }
}
