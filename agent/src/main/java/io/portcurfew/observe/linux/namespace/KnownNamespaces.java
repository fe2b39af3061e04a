package io.portcurfew.observe.linux.namespace;

import io.portcurfew.observe.Gap;
import io.portcurfew.observe.linux.kernel.KernelException;
import io.portcurfew.observe.linux.kernel.KernelSocket;
import io.portcurfew.observe.linux.kernel.UserGroup;
import io.portcurfew.observe.linux.proc.ProcFs;
import io.portcurfew.observe.linux.proc.ProcessFolder;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The network namespaces that are known, each with its keeper: a name, a process, a mount or a
 * descriptor. How many are known has a limit for each user.
 */
final class KnownNamespaces implements AutoCloseable {

  /** Replaces the inode of the agent's own namespace while it cannot be read. */
  private static final long UNKNOWN = 0;

  private final ProcFs proc;
  private final NamespaceOpener opener;
  private final NamespaceShares shares;
  private final NamespaceCalls calls = new NamespaceCalls();
  private final Map<Long, NetworkNamespace> known = new LinkedHashMap<>();

  /**
   * The number of looks after which the inodes of sockstat are collected again. They change with
   * the namespaces, and when a table was closed and opened again; a process whose namespace is
   * missing here has its link read.
   */
  private static final int LOOKS_PER_SOCKSTAT = 16;

  /** Those whose processes are known by the inode of sockstat, as they were last collected. */
  private final Map<Long, NetworkNamespace> bySockstat = new HashMap<>();

  /** The looks since they were last collected. */
  private int sockstatLooks;

  private boolean changed;

  KnownNamespaces(String source, ProcFs proc, NamespaceOpener opener) {
    this.proc = proc;
    this.opener = opener;
    this.shares = new NamespaceShares(source);
  }

  Collection<NetworkNamespace> all() {
    return known.values();
  }

  boolean has(long inode) {
    return known.containsKey(inode);
  }

  /** Returns a namespace, or {@code null} if it is not known. */
  @Nullable NetworkNamespace get(long inode) {
    return known.get(inode);
  }

  /** Returns true if a namespace or its name has changed since the last {@link #beginLook}. */
  boolean changed() {
    return changed;
  }

  /** Starts a look: finds the agent's own namespace, unless it is known. */
  void beginLook() {
    boolean stale = changed || sockstatLooks >= LOOKS_PER_SOCKSTAT;
    changed = false;
    findOwn();
    sockstatLooks++;
    if (stale || changed) {
      sockstatLooks = 0;
      bySockstat.clear();
      for (NetworkNamespace namespace : known.values()) {
        bySockstat.put(namespace.sockstat(), namespace);
      }
      bySockstat.remove(0L);
    }
  }

  /**
   * Returns the inode of the known namespace with this sockstat, or {@code null} if there is none.
   */
  @Nullable Long inodeOf(long sockstat) {
    NetworkNamespace namespace = bySockstat.get(sockstat);
    // Its table may have been closed in this look.
    return namespace != null && namespace.sockstat() == sockstat
        ? Long.valueOf(namespace.inode())
        : null;
  }

  /** Finds the agent's own namespace, and tries again if it could not be identified. */
  private void findOwn() {
    if (!known.isEmpty() && !known.containsKey(UNKNOWN)) {
      return;
    }
    ProcessFolder agent = proc.self();
    // In a capture there is no agent process; process 1 is in the initial namespace.
    ProcessFolder self = agent != null ? agent : proc.process(1);
    Long inode = self == null ? null : self.networkNamespace();
    if (known.containsKey(UNKNOWN) && inode == null) {
      if (self != null) {
        self.close();
      }
      return;
    }
    // A namespace that was added meanwhile may be the same one with another number.
    close();
    long number = inode == null ? UNKNOWN : inode;
    long sockstat = agent == null || inode == null ? 0 : agent.sockstat();
    known.put(number, NetworkNamespace.host(number, self, sockstat, opener));
    changed = true;
  }

  /** Updates the names; a namespace keeps its name if a file could not be identified now. */
  void bind(NamedNamespaces.FoundNames found) {
    found.byInode().forEach((inode, name) -> add(inode, null, name));
    if (!found.mayLack()) {
      for (NetworkNamespace namespace : known.values()) {
        if (namespace.boundAs() != null && !found.byInode().containsKey(namespace.inode())) {
          changed |= namespace.bind(null);
        }
      }
    }
  }

  /** Removes namespaces without listeners for others of the same user that have to wait. */
  void makeRoom() {
    shares.rest(known.values()).forEach(this::remove);
  }

  /** Starts a new round through all processes. */
  void beginRound() {
    shares.beginRound();
  }

  /** Returns one gap for each user who has more namespaces than the limit. */
  List<Gap> gaps() {
    return shares.gaps();
  }

  /** Adds the namespace of a process; returns true if it now owns the process folder. */
  boolean join(long inode, ProcessFolder member) {
    return add(inode, member, null);
  }

  private boolean add(long inode, @Nullable ProcessFolder member, @Nullable String boundAs) {
    NetworkNamespace namespace = known.get(inode);
    if (namespace != null) {
      changed |= boundAs != null && namespace.bind(boundAs);
      boolean taken = member != null && namespace.join(member);
      changed |= taken;
      return taken;
    }
    // Only root can bind a namespace to a name there.
    long owner = boundAs != null ? UserGroup.ROOT : owner(member);
    if (!shares.admits(inode, owner, known.values())) {
      return false;
    }
    known.put(inode, NetworkNamespace.other(inode, member, boundAs, owner, opener));
    changed = true;
    return member != null;
  }

  /** Returns true if nothing is known that keeps this namespace. */
  boolean needsKeeper(long inode) {
    NetworkNamespace namespace = known.get(inode);
    return namespace == null || (namespace.keeper() == null && namespace.isOrphan());
  }

  /** Records the keeper of a namespace; returns true if the namespace was not known. */
  boolean keep(long inode, NamespaceKeeper keeper) {
    if (!needsKeeper(inode) || !keeper.keeps(inode)) {
      keeper.close();
      return false;
    }
    NetworkNamespace namespace = known.get(inode);
    boolean isNew = namespace == null;
    if (namespace == null) {
      long owner = owner(keeper);
      if (!shares.admits(inode, owner, known.values())) {
        keeper.close();
        return false;
      }
      namespace = NetworkNamespace.other(inode, null, null, owner, opener);
      known.put(inode, namespace);
      changed = true;
    }
    namespace.keep(keeper);
    return isNew;
  }

  private long owner(NamespaceKeeper keeper) {
    try {
      return ownerOf(keeper.open());
    } catch (KernelException cannotBeOpened) {
      return UserGroup.UNKNOWN;
    }
  }

  private long owner(@Nullable ProcessFolder member) {
    return ownerOf(member == null ? -1 : member.open("ns/net"));
  }

  private long ownerOf(int fd) {
    Long uid = fd < 0 ? null : calls.owner(fd);
    proc.close(fd);
    return uid == null ? UserGroup.UNKNOWN : UserGroup.of(uid);
  }

  /**
   * Returns the namespaces that nothing keeps, as far as is known.
   *
   * @param isAsked returns true if the processes of a namespace are asked now
   */
  List<NetworkNamespace> orphans(Predicate<NetworkNamespace> isAsked) {
    List<NetworkNamespace> orphans = new ArrayList<>(0);
    for (NetworkNamespace namespace : known.values()) {
      if (isAsked.test(namespace) && namespace.isOrphan()) {
        orphans.add(namespace);
      }
    }
    return orphans;
  }

  /**
   * Removes those that are still orphans. A socket keeps its namespace alive, even if a process of
   * another namespace holds it.
   */
  void removeGone(List<NetworkNamespace> orphans, Predicate<KernelSocket> isHeld) {
    for (NetworkNamespace namespace : orphans) {
      if (namespace.isOrphan() && !namespace.tables().hasSockets(isHeld)) {
        remove(namespace);
      }
    }
  }

  private void remove(NetworkNamespace namespace) {
    known.remove(namespace.inode());
    namespace.close();
    changed = true;
  }

  @Override
  public void close() {
    known.values().forEach(NetworkNamespace::close);
    known.clear();
  }
}
