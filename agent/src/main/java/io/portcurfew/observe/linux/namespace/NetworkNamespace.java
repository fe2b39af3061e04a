package io.portcurfew.observe.linux.namespace;

import io.portcurfew.observe.Endpoint;
import io.portcurfew.observe.NamespaceGroup;
import io.portcurfew.observe.linux.kernel.KernelException;
import io.portcurfew.observe.linux.kernel.UserGroup;
import io.portcurfew.observe.linux.netlink.NetworkLinks;
import io.portcurfew.observe.linux.netlink.TunnelPorts;
import io.portcurfew.observe.linux.proc.ProcessFolder;
import java.util.Objects;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** One network namespace: its name, its owner, and the process or object that keeps it. */
public final class NetworkNamespace implements AutoCloseable {

  /** The names to which CNI and podman bind a container: cni-UUID and netns-UUID. */
  private static final Pattern RANDOM =
      Pattern.compile("(?:cni|netns)-[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}");

  private final long inode;
  private final boolean host;
  private final long owner;
  private final long ownSockstat;
  private final NamespaceOpener opener;
  private final NamespaceTables tables;
  private @Nullable NamespaceMember member;
  private @Nullable String boundAs;
  private @Nullable NamespaceKeeper keeper;
  private String name;
  private boolean searched;

  private NetworkNamespace(
      long inode, boolean host, long owner, long ownSockstat, NamespaceOpener opener) {
    this.inode = inode;
    this.host = host;
    this.owner = owner;
    this.ownSockstat = ownSockstat;
    this.name = host ? Endpoint.HOST : number(inode);
    this.opener = opener;
    this.tables = new NamespaceTables(this, opener);
  }

  /**
   * Returns the agent's own namespace.
   *
   * @param sockstat the inode of {@code sockstat} in it, or 0 if it is not known
   */
  public static NetworkNamespace host(
      long inode, @Nullable ProcessFolder member, long sockstat, NamespaceOpener opener) {
    NetworkNamespace namespace =
        new NetworkNamespace(inode, true, UserGroup.ROOT, sockstat, opener);
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
      NamespaceOpener opener) {
    NetworkNamespace namespace = new NetworkNamespace(inode, false, owner, 0, opener);
    namespace.setMember(member);
    namespace.boundAs = boundAs;
    return namespace;
  }

  public String name() {
    return name;
  }

  public long inode() {
    return inode;
  }

  public boolean isHost() {
    return host;
  }

  /** Returns the {@linkplain UserGroup group} of the user who made it. */
  long owner() {
    return owner;
  }

  public boolean isOfRoot() {
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
    String label = member == null ? "" : member.label();
    boolean random = bound != null && RANDOM.matcher(bound).matches();
    if (bound != null && (!random || !NamespaceGroup.CONTAINERS.contains(label))) {
      return NamedNamespaces.shown(bound);
    }
    return label.isEmpty() ? number() : label;
  }

  /** Sets the name and returns true if the name has changed. */
  boolean rename(String other) {
    boolean renamed = !name.equals(other);
    name = other;
    return renamed;
  }

  /** Returns the start of its process in ticks after boot; the maximum value if it has none. */
  long memberSince() {
    return member == null ? Long.MAX_VALUE : member.since();
  }

  /** Returns a process in it. */
  public @Nullable ProcessFolder member() {
    return member == null ? null : member.process();
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
    tables.forgetProcess();
    setMember(process);
    return true;
  }

  private void setMember(@Nullable ProcessFolder process) {
    member = process == null ? null : NamespaceMember.of(process);
    searched = false;
  }

  /** Returns true if no known process is still in it. */
  public boolean wantsMember() {
    ProcessFolder process = member();
    return process == null || !isIn(process);
  }

  private boolean isIn(ProcessFolder process) {
    long known = sockstat();
    return (known != 0 && known == process.sockstat())
        || Long.valueOf(inode).equals(process.networkNamespace());
  }

  /**
   * Returns the inode of {@code sockstat} of the processes in it, and of no others; 0 while it is
   * not known.
   */
  long sockstat() {
    return host ? ownSockstat : tables.sockstat();
  }

  /** Returns true if no name and no known process keeps it alive. */
  boolean isOrphan() {
    return !isHost() && boundAs == null && !mayHaveMember() && !isKept();
  }

  /** The namespace of a process that executes a program cannot be read; it may still be in it. */
  private boolean mayHaveMember() {
    ProcessFolder process = member();
    return !wantsMember() || (process != null && process.isExecuting());
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

  /** Records the keeper of the namespace, if none is known; returns true if it was recorded. */
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

  /** Returns true if the search for another process has started since the last one left. */
  boolean isSearched() {
    return searched;
  }

  /** Returns the access to its sockets. */
  public NamespaceTables tables() {
    return tables;
  }

  /** Returns true if a mount keeps it, and no process is in it. */
  boolean isMountAlone() {
    return (boundAs != null || keeper instanceof MountKeeper) && wantsMember();
  }

  /**
   * Returns a table of its /proc/net: one that is kept open, or through a process in it, or by
   * entering it; {@code null} if there is no such table.
   *
   * @throws KernelException if no process is in it and it cannot be entered
   */
  public byte @Nullable [] table(String name, int most) throws KernelException {
    byte[] kept = tables.text(name);
    if (kept != null) {
      return kept;
    }
    ProcessFolder process = member();
    return process == null || wantsMember()
        ? opener.table(this, name, most).orElse(null)
        : process.read("net/" + name, most);
  }

  /**
   * Returns a table of its /proc/net that is kept open, which may be empty; {@code null} if it is
   * not, or cannot be read so.
   */
  public byte @Nullable [] keptTable(String name) {
    return tables.text(name);
  }

  /**
   * Returns its links.
   *
   * @throws KernelException if the kernel refuses
   */
  public NetworkLinks links() throws KernelException {
    return opener.links(this);
  }

  /** Returns the tunnels in it; none if the kernel refuses, for an owner that is not known. */
  public TunnelPorts tunnels() {
    try {
      return opener.tunnels(this);
    } catch (KernelException refused) {
      return TunnelPorts.NONE;
    }
  }

  private void closeMember() {
    ProcessFolder process = member();
    if (process != null) {
      process.close();
    }
    member = null;
  }

  @Override
  public void close() {
    tables.close();
    closeMember();
    if (keeper != null) {
      keeper.close();
    }
  }
}
