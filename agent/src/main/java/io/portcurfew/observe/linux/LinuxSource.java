package io.portcurfew.observe.linux;

import io.portcurfew.observe.ListenerSource;
import io.portcurfew.observe.OwnerFact;
import io.portcurfew.observe.View;
import io.portcurfew.observe.linux.events.source.NamespaceEnds;
import io.portcurfew.observe.linux.kernel.HangingUsers;
import io.portcurfew.observe.linux.kernel.ProcessReads;
import io.portcurfew.observe.linux.namespace.CapturedTables;
import io.portcurfew.observe.linux.namespace.NamespaceEntry;
import io.portcurfew.observe.linux.namespace.NamespaceOpener;
import io.portcurfew.observe.linux.owner.SocketOwners;
import io.portcurfew.observe.linux.proc.ProcFs;
import io.portcurfew.observe.linux.unlisted.UnlistedOpenings;
import io.portcurfew.process.Ticker;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The listening sockets of every network namespace on Linux. A user can make the read of one of his
 * processes hang, and with it a look; a new {@link LinuxObserver} then leaves out his processes.
 */
public final class LinuxSource implements ListenerSource.Abandonable, AutoCloseable {

  /** The name of this source in views, gaps and metrics. */
  public static final String NAME = "sock_diag";

  private static final Logger LOG = LoggerFactory.getLogger(LinuxSource.class);

  private final Path root;
  private final NamespaceOpener opener;
  private final SocketOwners.Limits limits;
  private final EndSocketOpener ends;
  private final UnlistedOpenings openings = new UnlistedOpenings();
  private final HangingUsers users = new HangingUsers(Ticker.SYSTEM);
  private ProcessReads reads;
  private volatile LinuxObserver observer;
  private volatile Set<OwnerFact> requestedFacts = Set.of();

  LinuxSource(Path root, NamespaceOpener opener) {
    this(root, opener, SocketOwners.Limits.USUAL);
  }

  private LinuxSource(Path root, NamespaceOpener opener, SocketOwners.Limits limits) {
    this.root = root;
    this.opener = opener;
    this.limits = limits;
    ends = new EndSocketOpener(opener);
    reads = new ProcessReads(Ticker.SYSTEM, users);
    observer = new LinuxObserver(root, opener, limits, ends, openings, reads);
  }

  /**
   * Returns a source for the running host.
   *
   * @throws LinkageError if this machine has no supported C library, or JNA cannot be loaded
   */
  public static LinuxSource ofHost() {
    return ofHost(SocketOwners.Limits.USUAL);
  }

  /** Returns a source for the running host whose search for owners has these limits. */
  static LinuxSource ofHost(SocketOwners.Limits limits) {
    Path root = Path.of("/");
    return new LinuxSource(root, new NamespaceEntry(NAME, root), limits);
  }

  /**
   * Returns a source for a captured host.
   *
   * @param root a folder with {@code proc}, {@code etc/passwd} and {@code run/netns}
   */
  public static LinuxSource ofCaptured(Path root) {
    return new LinuxSource(root, new CapturedTables(NAME, root));
  }

  @Override
  public String name() {
    return NAME;
  }

  /** Sets the facts that the next scans collect about every owner. */
  public void ask(Set<OwnerFact> facts) {
    requestedFacts = Set.copyOf(facts);
    observer.ask(requestedFacts);
  }

  @Override
  public View look() throws InterruptedException {
    return observer.look();
  }

  @Override
  public synchronized boolean abandon() {
    ProcessReads hanging = reads;
    int pid = hanging.check();
    if (pid == 0
        || !users.add(pid, new ProcFs(root).userOf(pid), hanging::isLooking)
        || !hanging.abandon()) {
      return false;
    }
    LOG.warn("reading process {} hangs; another scan starts without {}", pid, users.words());
    reads = new ProcessReads(Ticker.SYSTEM, users);
    LinuxObserver next = new LinuxObserver(root, opener, limits, ends, openings, reads);
    next.ask(requestedFacts);
    observer = next;
    return true;
  }

  /** Returns the sockets for the ends of sockets in other network namespaces. */
  public NamespaceEnds ends() {
    return ends.sockets();
  }

  /** Returns the listeners that events report and scans do not show. */
  public UnlistedOpenings unlistedOpenings() {
    return openings;
  }

  /** Returns the users whose processes are not read. */
  public HangingUsers hangingUsers() {
    return users;
  }

  /** Returns the names of the network namespaces that were known in the last scan. */
  public List<String> namespaces() {
    return observer.namespaces();
  }

  /** Returns the names of the network namespaces by inode, as of the last scan. */
  public Map<Long, String> namespaceNames() {
    return observer.namespaceNames();
  }

  /** Returns the files under /run/netns that were no network namespaces in the last scan. */
  public List<String> strays() {
    return observer.strays();
  }

  /** Returns the reason why the rulesets of firewalls cannot be read; empty if they can. */
  public String rulesetLimit() {
    return observer.rulesetLimit();
  }

  /** Waits for a running scan, but only briefly, so that a blocked call does not stop the exit. */
  @Override
  public void close() {
    observer.close();
  }
}
