package io.portcurfew.observe.linux;

import io.portcurfew.observe.Address;
import io.portcurfew.observe.Endpoint;
import io.portcurfew.observe.Gap;
import io.portcurfew.observe.NamespaceGroup;
import io.portcurfew.observe.Place;
import io.portcurfew.observe.linux.container.ContainerReader;
import io.portcurfew.observe.linux.kernel.KernelException;
import io.portcurfew.observe.linux.kernel.KernelSocket;
import io.portcurfew.observe.linux.kernel.Refusal;
import io.portcurfew.observe.linux.kernel.SocketTable;
import io.portcurfew.observe.linux.kernel.UserGroup;
import io.portcurfew.observe.linux.netlink.TunnelPorts;
import io.portcurfew.observe.linux.owner.ProcessOwnerReader;
import io.portcurfew.observe.linux.proc.ProcText;
import io.portcurfew.observe.linux.proc.ProcessFolder;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.SortedSet;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** One network namespace, and the access to its sockets. */
final class NetworkNamespace implements AutoCloseable {

  /** Opens the socket tables of a namespace; a captured host has its own implementation. */
  interface Opener {

    /**
     * Opens sock_diag in the namespace.
     *
     * @throws KernelException if the kernel refuses; the caller then tries the text tables
     */
    SocketTable sockDiag(NetworkNamespace namespace) throws KernelException;

    /**
     * Opens the text tables.
     *
     * @throws KernelException if they cannot be opened either
     */
    SocketTable tables(NetworkNamespace namespace) throws KernelException;

    /**
     * Reads the tunnels whose sockets the kernel holds; a captured host has none.
     *
     * @throws KernelException if the kernel refuses
     */
    default TunnelPorts tunnels(NetworkNamespace namespace) throws KernelException {
      return TunnelPorts.NONE;
    }

    /**
     * Returns an open file descriptor of the namespace, which the caller closes.
     *
     * @throws KernelException if it cannot be opened
     */
    default int handle(NetworkNamespace namespace) throws KernelException {
      throw new KernelException("it cannot be entered");
    }
  }

  /** After a refusal the next attempt waits for this many scans, because each uses a thread. */
  private static final int SCANS_UNTIL_RETRY = 60;

  /** The names to which CNI and podman bind a container: cni-UUID and netns-UUID. */
  private static final Pattern RANDOM =
      Pattern.compile("(?:cni|netns)-[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}");

  private final long inode;
  private final boolean host;
  private final long owner;
  private final Opener opener;
  private @Nullable ProcessFolder member;
  private @Nullable String boundAs;
  private @Nullable NamespaceKeeper keeper;
  private String name;
  private String memberLabel = "";
  private long memberSince = Long.MAX_VALUE;
  private @Nullable SocketTable table;
  private @Nullable SocketTable fallback;
  private @Nullable Long netlinkInode;
  private int scansUntilRetry;
  private Collection<KernelSocket> sockets = List.of();
  private boolean searched;
  private String refusal = "";
  private Gap.@Nullable Cause cause;

  private NetworkNamespace(long inode, boolean host, long owner, Opener opener) {
    this.inode = inode;
    this.host = host;
    this.owner = owner;
    this.name = host ? Endpoint.HOST : number(inode);
    this.opener = opener;
  }

  /** Returns the agent's own namespace. */
  static NetworkNamespace host(long inode, @Nullable ProcessFolder member, Opener opener) {
    NetworkNamespace namespace = new NetworkNamespace(inode, true, UserGroup.ROOT, opener);
    namespace.setMember(member);
    return namespace;
  }

  /**
   * Returns another namespace.
   *
   * @param boundAs its name under /run/netns, byte for byte as ISO 8859-1
   * @param owner the {@linkplain UserGroup group} of the user who made it
   */
  public static NetworkNamespace other(
      long inode,
      @Nullable ProcessFolder member,
      @Nullable String boundAs,
      long owner,
      Opener opener) {
    NetworkNamespace namespace = new NetworkNamespace(inode, false, owner, opener);
    namespace.setMember(member);
    namespace.boundAs = boundAs;
    return namespace;
  }

  String name() {
    return name;
  }

  long inode() {
    return inode;
  }

  boolean isHost() {
    return host;
  }

  /** Returns the {@linkplain UserGroup group} of the user who made it. */
  long owner() {
    return owner;
  }

  boolean isOfRoot() {
    return owner == UserGroup.ROOT;
  }

  private static String number(long inode) {
    return "net:[" + inode + "]";
  }

  /** Returns its number in the form of the links of /proc/PID/ns/net. */
  String number() {
    return number(inode);
  }

  /** Returns the name that it would have if no other namespace had the same name. */
  String label() {
    String bound = boundAs;
    boolean random = bound != null && RANDOM.matcher(bound).matches();
    if (bound != null && (!random || !NamespaceGroup.CONTAINERS.contains(memberLabel))) {
      return NamedNamespaces.shown(bound);
    }
    return memberLabel.isEmpty() ? number() : memberLabel;
  }

  /** Sets the name and returns true if the name has changed. */
  boolean rename(String other) {
    boolean renamed = !name.equals(other);
    name = other;
    return renamed;
  }

  /** Returns the start of its process in ticks after boot; the maximum value if it has none. */
  long memberSince() {
    return memberSince;
  }

  /** Returns a process in it. */
  @Nullable ProcessFolder member() {
    return member;
  }

  /** Returns its name under /run/netns. */
  @Nullable String boundAs() {
    return boundAs;
  }

  /** Sets the name that it is bound to now, and returns true if it has changed. */
  boolean bind(@Nullable String raw) {
    boolean other = !Objects.equals(raw, boundAs);
    boundAs = raw;
    return other;
  }

  /** Stores a process that is in it, and returns true if it had none before. */
  boolean join(ProcessFolder process) {
    if (!wantsMember()) {
      return false;
    }
    closeMember();
    closeFallback();
    setMember(process);
    return true;
  }

  private void setMember(@Nullable ProcessFolder process) {
    member = process;
    searched = false;
    if (process == null) {
      return;
    }
    memberLabel = ContainerReader.namespaceName(process);
    Long since = ProcessOwnerReader.startTicks(process);
    memberSince = since == null ? Long.MAX_VALUE : since;
  }

  /** Returns true if no known process is still in it. */
  boolean wantsMember() {
    ProcessFolder process = member;
    byte[] link = process == null ? null : process.link("ns/net");
    return link == null || !Long.valueOf(inode).equals(ProcText.namespaceInode(link));
  }

  /** Returns true if no name and no known process keeps it alive. */
  boolean isOrphan() {
    return !isHost() && boundAs == null && wantsMember() && !isKept();
  }

  private boolean isKept() {
    NamespaceKeeper known = keeper;
    if (known == null || known.keeps(inode)) {
      return known != null;
    }
    known.close();
    keeper = null;
    return false;
  }

  /** Returns the keeper of the namespace, or {@code null} if none is known. */
  @Nullable NamespaceKeeper keeper() {
    return keeper;
  }

  /** Records what keeps the namespace, if that is not known; returns true if it was recorded. */
  boolean keep(NamespaceKeeper other) {
    boolean taken = keeper == null;
    keeper = taken ? other : keeper;
    return taken;
  }

  /** Returns true once after its last known process has left; the caller then checks them all. */
  boolean startSearch() {
    boolean first = isOrphan() && !searched;
    searched |= first;
    return first;
  }

  /** Returns true if the last scan showed sockets in it, which keep it alive without a process. */
  boolean hasSockets(Predicate<KernelSocket> isHeld) {
    return table != null ? !sockets.isEmpty() : sockets.stream().anyMatch(isHeld);
  }

  /** Returns the sockets of the last successful scan. */
  Collection<KernelSocket> sockets() {
    return sockets;
  }

  /** Returns true if a scan has shown that nothing listens in it. */
  boolean isIdle() {
    return (table != null || fallback != null) && sockets.isEmpty();
  }

  /**
   * Reads its sockets; if this fails, the result has a gap with its name.
   *
   * @param most the maximum number of sockets to keep for each transport and family
   */
  SocketTable.Look look(String source, int most) {
    List<Gap> gaps = new ArrayList<>(0);
    try {
      SocketTable.Look look = tryLook(source, most, gaps);
      sockets = look.sockets();
      look.gaps().forEach(gap -> gaps.add(gap.within(name)));
      return new SocketTable.Look(look.sockets(), gaps, look.changed());
    } catch (KernelException failed) {
      closeTable();
      String why = "namespace " + name + ": " + refusal + failed.getMessage();
      Gap.What what = isHost() ? Gap.What.LISTENERS : Gap.What.NAMESPACE;
      gaps.add(new Gap(source, what, why, cause, Place.in(name)));
      return new SocketTable.Look(List.of(), gaps, true);
    }
  }

  private SocketTable.Look tryLook(String source, int most, List<Gap> gaps) throws KernelException {
    if (scansUntilRetry == 0) {
      try {
        SocketTable.Look look = lookByDiag(most);
        closeFallback();
        return look;
      } catch (KernelException refused) {
        closeTable();
        refusal = refused.getMessage() + "; ";
        cause = cause(refused);
        scansUntilRetry = isHost() ? 0 : SCANS_UNTIL_RETRY;
      }
    } else {
      scansUntilRetry--;
    }
    SocketTable.Look look = lookByTables(most);
    String why = "namespace " + name + " is read from /proc/net: " + refusal;
    String missing = "interfaces and IPv6 only are not shown there";
    gaps.add(new Gap(source, Gap.What.PROTOCOL, why + missing, cause, Place.in(name)));
    return look;
  }

  /**
   * Returns the cause of a refusal. Without the right to enter the namespace, setns(2) returns
   * EPERM; any other error is a temporary failure.
   */
  private Gap.Cause cause(KernelException refused) {
    if (!(refused instanceof EntryException)) {
      return Gap.Cause.NO_SOCK_DIAG;
    }
    boolean mounted = boundAs != null || keeper instanceof MountKeeper;
    boolean limit = Refusal.ENTRY.is(refused.errno()) && mounted && wantsMember();
    return limit ? Gap.Cause.NAMESPACE_WITHOUT_PROCESS : Gap.Cause.NAMESPACE_CLOSED;
  }

  private SocketTable.Look lookByDiag(int most) throws KernelException {
    SocketTable open = table;
    if (open != null) {
      return open.look(most);
    }
    open = opener.sockDiag(this);
    table = open;
    netlinkInode = open.mark();
    SocketTable.Look first = open.look(most);
    return new SocketTable.Look(first.sockets(), first.gaps(), true);
  }

  private SocketTable.Look lookByTables(int most) throws KernelException {
    boolean first = fallback == null;
    SocketTable open = fallback != null ? fallback : opener.tables(this);
    fallback = open;
    try {
      SocketTable.Look look = open.look(most);
      return first ? new SocketTable.Look(look.sockets(), look.gaps(), true) : look;
    } catch (KernelException gone) {
      // The process whose /proc was read may have ended; the next scan uses another one.
      closeFallback();
      throw gone;
    }
  }

  /** Returns true if a socket has closed since the last scan, and removes it from the result. */
  boolean hasGone(KernelSocket socket) {
    SocketTable open = table;
    return open != null && open.hasGone(socket);
  }

  /** Returns the tunnels in it; none if the kernel refuses, for an owner that is not known. */
  TunnelPorts tunnels() {
    try {
      return opener.tunnels(this);
    } catch (KernelException refused) {
      return TunnelPorts.NONE;
    }
  }

  /** Returns the name of one of its interfaces. */
  String interfaceName(int index) {
    SocketTable open = table;
    return open == null ? SocketTable.unnamed(index) : open.interfaceName(index);
  }

  /** Returns the names of its interfaces by IPv4 address; {@code null} if that cannot be seen. */
  @Nullable Map<Address, SortedSet<String>> ipv4Interfaces() {
    SocketTable open = table;
    return open == null ? null : open.ipv4Interfaces();
  }

  /** Returns true if a table with these netlink sockets belongs to this namespace. */
  boolean isMarkedIn(Set<Long> netlinkInodes) {
    Long known = netlinkInode;
    return known != null && netlinkInodes.contains(known);
  }

  private void closeTable() {
    SocketTable open = table;
    if (open != null) {
      open.close();
    }
    table = null;
    netlinkInode = null;
  }

  private void closeFallback() {
    SocketTable open = fallback;
    if (open != null) {
      open.close();
    }
    fallback = null;
  }

  private void closeMember() {
    ProcessFolder process = member;
    if (process != null) {
      process.close();
    }
    member = null;
  }

  @Override
  public void close() {
    closeTable();
    closeFallback();
    closeMember();
    if (keeper != null) {
      keeper.close();
    }
  }
}
