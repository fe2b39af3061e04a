package io.portcurfew.observe.linux;

import io.portcurfew.observe.Endpoint;
import io.portcurfew.observe.Gap;
import io.portcurfew.observe.Place;
import io.portcurfew.observe.linux.kernel.KernelException;
import io.portcurfew.observe.linux.kernel.KernelSocket;
import io.portcurfew.observe.linux.kernel.Refusal;
import io.portcurfew.observe.linux.kernel.SocketTable;
import io.portcurfew.observe.linux.kernel.UserGroup;
import io.portcurfew.observe.linux.owner.ProcessOwnerReader;
import io.portcurfew.observe.linux.proc.CgroupReader;
import io.portcurfew.observe.linux.proc.ProcText;
import io.portcurfew.observe.linux.proc.ProcessFolder;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** One network namespace, and the way in which it is looked at. */
final class NetworkNamespace implements AutoCloseable {

  /** Opens the way to look at a namespace; handed in, for a captured host has no kernel. */
  interface Opener {

    /**
     * Opens it.
     *
     * @throws KernelException where the kernel refuses; then the text tables are tried
     */
    SocketTable sockDiag(NetworkNamespace namespace) throws KernelException;

    /**
     * The text tables.
     *
     * @throws KernelException where there is no way to them either
     */
    SocketTable tables(NetworkNamespace namespace) throws KernelException;
  }

  /** Entering takes a thread, so what was refused once is not tried at every look. */
  private static final int LOOKS_UNTIL_RETRY = 60;

  private final long inode;
  private final boolean host;
  private final long owner;
  private final Opener opener;
  private @Nullable ProcessFolder member;
  private @Nullable String boundAs;
  private String name;
  private String memberLabel = "";
  private long memberSince = Long.MAX_VALUE;
  private @Nullable SocketTable table;
  private @Nullable SocketTable fallback;
  private @Nullable Long mark;
  private int looksUntilRetry;
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

  /** The agent's own. */
  static NetworkNamespace host(long inode, @Nullable ProcessFolder member, Opener opener) {
    NetworkNamespace namespace = new NetworkNamespace(inode, true, UserGroup.ROOT, opener);
    namespace.take(member);
    return namespace;
  }

  /**
   * Another one.
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
    namespace.take(member);
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

  /** The {@linkplain UserGroup group} of the user who made it. */
  long owner() {
    return owner;
  }

  boolean isOfRoot() {
    return owner == UserGroup.ROOT;
  }

  private static String number(long inode) {
    return "net:[" + inode + "]";
  }

  /** As the links of /proc/PID/ns/net say it. */
  String number() {
    return number(inode);
  }

  /** The name that it would have if it were the only one. */
  String label() {
    String bound = boundAs;
    if (bound != null) {
      return NamedNamespaces.shown(bound);
    }
    return memberLabel.isEmpty() ? number() : memberLabel;
  }

  /** Whether it had another name. */
  boolean rename(String other) {
    boolean renamed = !name.equals(other);
    name = other;
    return renamed;
  }

  /** When its process was started, in ticks after boot; the end of time where it has none. */
  long memberSince() {
    return memberSince;
  }

  /** A process in it. */
  @Nullable ProcessFolder member() {
    return member;
  }

  /** Its name under /run/netns. */
  @Nullable String boundAs() {
    return boundAs;
  }

  /** Takes the name that it is bound to now; whether it is another. */
  boolean bind(@Nullable String raw) {
    boolean other = !Objects.equals(raw, boundAs);
    boundAs = raw;
    return other;
  }

  /** Takes a process that is in it, where it has none. */
  boolean join(ProcessFolder process) {
    if (!wantsMember()) {
      return false;
    }
    leaveMember();
    closeFallback();
    take(process);
    return true;
  }

  private void take(@Nullable ProcessFolder process) {
    member = process;
    searched = false;
    if (process == null) {
      return;
    }
    memberLabel = CgroupReader.label(process);
    Long since = ProcessOwnerReader.startTicks(process);
    memberSince = since == null ? Long.MAX_VALUE : since;
  }

  /** Whether it has no process that is still in it, as far as is known. */
  boolean wantsMember() {
    ProcessFolder process = member;
    byte[] link = process == null ? null : process.link("ns/net");
    return link == null || !Long.valueOf(inode).equals(ProcText.namespaceInode(link));
  }

  /** Whether nothing that we know of keeps it but our own way in. */
  boolean isOrphan() {
    return !isHost() && boundAs == null && wantsMember();
  }

  /** True once after its last known process has left: then every process is asked for it. */
  boolean startSearch() {
    boolean first = isOrphan() && !searched;
    searched |= first;
    return first;
  }

  /** Whether the last look showed sockets in it; a socket keeps it without any process in it. */
  boolean hasSockets(Predicate<KernelSocket> isHeld) {
    return table != null ? !sockets.isEmpty() : sockets.stream().anyMatch(isHeld);
  }

  /** The sockets that were seen in it last. */
  Collection<KernelSocket> sockets() {
    return sockets;
  }

  /** Whether a look has shown that nothing listens in it. */
  boolean isIdle() {
    return (table != null || fallback != null) && sockets.isEmpty();
  }

  /**
   * Looks; what cannot be seen is a gap that names it.
   *
   * @param most how many sockets of each transport and family to keep
   */
  SocketTable.Look look(String source, int most) {
    List<Gap> gaps = new ArrayList<>(0);
    try {
      SocketTable.Look look = tryLook(source, most, gaps);
      sockets = look.sockets();
      look.gaps().forEach(gap -> gaps.add(gap.within(name)));
      return new SocketTable.Look(look.sockets(), gaps, look.changed());
    } catch (KernelException blind) {
      closeTable();
      String why = "namespace " + name + ": " + refusal + blind.getMessage();
      Gap.What what = isHost() ? Gap.What.LISTENERS : Gap.What.NAMESPACE;
      gaps.add(new Gap(source, what, why, cause, Place.in(name)));
      return new SocketTable.Look(List.of(), gaps, true);
    }
  }

  private SocketTable.Look tryLook(String source, int most, List<Gap> gaps) throws KernelException {
    if (looksUntilRetry == 0) {
      try {
        SocketTable.Look look = lookByDiag(most);
        closeFallback();
        return look;
      } catch (KernelException refused) {
        closeTable();
        refusal = refused.getMessage() + "; ";
        cause = cause(refused);
        looksUntilRetry = isHost() ? 0 : LOOKS_UNTIL_RETRY;
      }
    } else {
      looksUntilRetry--;
    }
    SocketTable.Look look = lookByTables(most);
    String why = "namespace " + name + " is read from /proc/net: " + refusal;
    String missing = "interfaces and IPv6 only are not shown there";
    gaps.add(new Gap(source, Gap.What.PROTOCOL, why + missing, cause, Place.in(name)));
    return look;
  }

  /** Without the right to enter it setns(2) answers EPERM; any other error is a disturbance. */
  private Gap.Cause cause(KernelException refused) {
    if (!(refused instanceof EntryException)) {
      return Gap.Cause.NO_SOCK_DIAG;
    }
    boolean limit = Refusal.ENTRY.is(refused.errno()) && boundAs != null && wantsMember();
    return limit ? Gap.Cause.NAMESPACE_WITHOUT_PROCESS : Gap.Cause.NAMESPACE_CLOSED;
  }

  private SocketTable.Look lookByDiag(int most) throws KernelException {
    SocketTable open = table;
    if (open != null) {
      return open.look(most);
    }
    open = opener.sockDiag(this);
    table = open;
    mark = open.mark();
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
      // The process through which it was read may have ended: the next look takes another.
      closeFallback();
      throw gone;
    }
  }

  /** Whether a socket of the last look has gone since; it is taken from that look then. */
  boolean hasGone(KernelSocket socket) {
    SocketTable open = table;
    return open != null && open.hasGone(socket);
  }

  /** The name of one of its interfaces. */
  String interfaceName(int index) {
    SocketTable open = table;
    return open == null ? Integer.toString(index) : open.interfaceName(index);
  }

  /** Whether this table of netlink sockets is the one of this namespace. */
  boolean isMarkedIn(Set<Long> netlinkInodes) {
    Long known = mark;
    return known != null && netlinkInodes.contains(known);
  }

  private void closeTable() {
    SocketTable open = table;
    if (open != null) {
      open.close();
    }
    table = null;
    mark = null;
  }

  private void closeFallback() {
    SocketTable open = fallback;
    if (open != null) {
      open.close();
    }
    fallback = null;
  }

  private void leaveMember() {
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
    leaveMember();
  }
}
