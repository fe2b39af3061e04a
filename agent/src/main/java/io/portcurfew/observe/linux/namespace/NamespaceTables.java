package io.portcurfew.observe.linux.namespace;

import io.portcurfew.observe.Address;
import io.portcurfew.observe.Gap;
import io.portcurfew.observe.Place;
import io.portcurfew.observe.Protocol;
import io.portcurfew.observe.linux.kernel.FamilyQueries;
import io.portcurfew.observe.linux.kernel.KernelException;
import io.portcurfew.observe.linux.kernel.KernelSocket;
import io.portcurfew.observe.linux.kernel.Refusal;
import io.portcurfew.observe.linux.kernel.SocketTable;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedSet;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The sockets of one network namespace: by sock_diag, or from the text tables of one of its
 * processes while sock_diag is refused.
 */
public final class NamespaceTables implements AutoCloseable {

  /** After a refusal the next attempt waits for this many scans, because each uses a thread. */
  private static final int SCANS_UNTIL_RETRY = 60;

  private final NetworkNamespace namespace;
  private final NamespaceOpener opener;
  private @Nullable SocketTable table;
  private @Nullable SocketTable fallback;
  private @Nullable Long netlinkInode;
  private int scansUntilRetry;
  private Collection<KernelSocket> sockets = List.of();
  private List<Gap> gaps = List.of();
  private boolean failed;
  private String refusal = "";
  private Gap.@Nullable Cause cause;

  NamespaceTables(NetworkNamespace namespace, NamespaceOpener opener) {
    this.namespace = namespace;
    this.opener = opener;
  }

  /**
   * The time since the last look.
   *
   * @param soon true if looks follow each other within seconds
   * @param quiet the protocols of which events report each opening, and reported none that may be
   *     in this namespace
   */
  public record SinceLook(boolean soon, Set<Protocol> quiet) {

    /** Anything may have happened. */
    public static final SinceLook UNKNOWN = new SinceLook(false, Set.of());
  }

  /**
   * Reads its sockets; if this fails, the result has a gap with its name.
   *
   * @param most the maximum number of sockets to keep for each transport and family
   */
  public SocketTable.Contents look(String source, int most, SinceLook since) {
    SocketTable.Contents contents = read(source, most, since);
    gaps = contents.gaps();
    return contents;
  }

  /** Returns the result of the last look again, because the namespace has no turn in this one. */
  public SocketTable.Contents again() {
    return new SocketTable.Contents(sockets, gaps, false);
  }

  private SocketTable.Contents read(String source, int most, SinceLook since) {
    List<Gap> gaps = new ArrayList<>(0);
    try {
      SocketTable.Contents look = tryLook(source, most, since, gaps);
      failed = false;
      sockets = look.sockets();
      look.gaps().forEach(gap -> gaps.add(gap.within(namespace.name())));
      return new SocketTable.Contents(look.sockets(), gaps, look.changed());
    } catch (KernelException refused) {
      failed = true;
      closeTable();
      String why = "namespace " + namespace.name() + ": " + refusal + refused.getMessage();
      Gap.What what = namespace.isHost() ? Gap.What.LISTENERS : Gap.What.NAMESPACE;
      gaps.add(new Gap(source, what, why, cause, Place.in(namespace.name())));
      return new SocketTable.Contents(List.of(), gaps, true);
    }
  }

  /** Returns the sockets of the last look again, with a gap, because this look has no time left. */
  public SocketTable.Contents leaveOut(String source) {
    String name = namespace.name();
    String why = "namespace " + name + " is read in the next scan: there are too many of them";
    Gap gap = new Gap(source, Gap.What.NAMESPACE, why, null, Place.in(name));
    return new SocketTable.Contents(sockets, List.of(gap), false);
  }

  private SocketTable.Contents tryLook(String source, int most, SinceLook since, List<Gap> gaps)
      throws KernelException {
    if (scansUntilRetry == 0) {
      try {
        SocketTable.Contents look = lookByDiag(most, since);
        closeFallback();
        return look;
      } catch (KernelException refused) {
        closeTable();
        refusal = refused.getMessage() + "; ";
        cause = cause(refused);
        scansUntilRetry = namespace.isHost() ? 0 : SCANS_UNTIL_RETRY;
      }
    } else {
      scansUntilRetry--;
    }
    SocketTable.Contents look = lookByTables(most, since);
    String why = "namespace " + namespace.name() + " is read from /proc/net: " + refusal;
    String missing = "interfaces and IPv6 only are not shown there";
    gaps.add(new Gap(source, Gap.What.PROTOCOL, why + missing, cause, Place.in(namespace.name())));
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
    boolean limit = Refusal.ENTRY.is(refused.errno()) && namespace.isMountAlone();
    return limit ? Gap.Cause.NAMESPACE_WITHOUT_PROCESS : Gap.Cause.NAMESPACE_CLOSED;
  }

  private SocketTable.Contents lookByDiag(int most, SinceLook since) throws KernelException {
    SocketTable open = table;
    if (open != null) {
      return look(open, most, since);
    }
    open = opener.sockDiag(namespace);
    table = open;
    netlinkInode = open.mark();
    SocketTable.Contents first = open.look(most);
    return new SocketTable.Contents(first.sockets(), first.gaps(), true);
  }

  private SocketTable.Contents lookByTables(int most, SinceLook since) throws KernelException {
    boolean first = fallback == null;
    SocketTable open = fallback != null ? fallback : opener.tables(namespace);
    fallback = open;
    try {
      SocketTable.Contents look = look(open, most, since);
      return first ? new SocketTable.Contents(look.sockets(), look.gaps(), true) : look;
    } catch (KernelException gone) {
      // The process whose /proc was read may have ended; the next scan uses another one.
      closeFallback();
      throw gone;
    }
  }

  private SocketTable.Contents look(SocketTable open, int most, SinceLook since)
      throws KernelException {
    if (!since.quiet().isEmpty() && !namespace.isHost()) {
      return open.lookQuietly(most, since.quiet());
    }
    return since.soon() ? open.lookAgain(most) : open.look(most);
  }

  /** Returns true if the last {@link #look} could read nothing, and no known process is in it. */
  public boolean hasLostProcess() {
    return failed && namespace.isOrphan();
  }

  /** Returns true if it had no sockets, and the kernel counts other ones than in the last look. */
  public boolean mayHaveWoken() {
    SocketTable open = table;
    return open != null && open.mayHaveWoken();
  }

  /**
   * Returns true if nobody but the agent had a socket of any family in it by the kernel's count in
   * the last look, those of the kernel aside; false if that is not known, and at least each sixth
   * time.
   *
   * @param others the sockets that the agent has there beside that of its table
   */
  public boolean hasOnlyOwnSockets(int others) {
    SocketTable open = table;
    return open != null && open.hasOnly(others + 1);
  }

  /** Returns true if a socket has closed since the last scan, and removes it from the result. */
  public boolean hasGone(KernelSocket socket) {
    SocketTable open = table;
    return open != null && open.hasGone(socket);
  }

  /** Returns the name of one of its interfaces. */
  public String interfaceName(int index) {
    SocketTable open = table;
    return open == null ? SocketTable.unnamed(index) : open.interfaceName(index);
  }

  /** Returns the names of its interfaces by IPv4 address; {@code null} if that cannot be seen. */
  public @Nullable Map<Address, SortedSet<String>> ipv4Interfaces() {
    SocketTable open = table;
    return open == null ? null : open.ipv4Interfaces();
  }

  /** Returns the access to its sockets of other families; {@code null} if there is none now. */
  public @Nullable FamilyQueries families() {
    SocketTable open = table;
    return open == null ? null : open.families();
  }

  /** Returns the inode of sockstat in it while that is known and a table keeps it alive, else 0. */
  long sockstat() {
    SocketTable open = table;
    return open == null ? 0 : open.sockstat();
  }

  /** Returns a text of /proc/net that a table keeps open; {@code null} if none does. */
  byte @Nullable [] text(String name) {
    SocketTable open = table;
    return open == null ? null : open.text(name);
  }

  /** Returns true if a table with these netlink sockets belongs to this namespace. */
  boolean isMarkedIn(Set<Long> netlinkInodes) {
    Long known = netlinkInode;
    return known != null && netlinkInodes.contains(known);
  }

  /** Returns true if the last scan showed sockets in it, which keep it alive without a process. */
  boolean hasSockets(Predicate<KernelSocket> isHeld) {
    return table != null ? !sockets.isEmpty() : sockets.stream().anyMatch(isHeld);
  }

  /** Returns the sockets of the last successful scan. */
  public Collection<KernelSocket> sockets() {
    return sockets;
  }

  /** Returns true if a scan has shown that nothing listens in it. */
  boolean isIdle() {
    return (table != null || fallback != null) && sockets.isEmpty();
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

  /** Closes the tables of its process, after another process has taken its place. */
  void forgetProcess() {
    closeFallback();
  }

  @Override
  public void close() {
    closeTable();
    closeFallback();
  }
}
