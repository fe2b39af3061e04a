package io.portcurfew.observe.linux;

import io.portcurfew.observe.SocketPlace.Family;
import io.portcurfew.observe.linux.kernel.FamilyQueries;
import io.portcurfew.observe.linux.kernel.FamilyRows;
import io.portcurfew.observe.linux.kernel.FamilySocket;
import io.portcurfew.observe.linux.kernel.KernelException;
import io.portcurfew.observe.linux.kernel.Refusal;
import io.portcurfew.observe.linux.namespace.NamespaceTables;
import io.portcurfew.observe.linux.namespace.NetworkNamespace;
import io.portcurfew.observe.linux.procnet.FamilyTables;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Lists the packet, raw, vsock and XDP sockets of one network namespace. The kernel counts them in
 * /proc/net/protocols, so a family without sockets costs nothing more.
 */
final class FamilyReader {

  private static final int MOST_ON_HOST = 1_024;
  private static final int MOST_ELSEWHERE = 64;

  /** The kernel looks for a module each time that it is asked for a family without one. */
  private static final int LOOKS_UNTIL_ASKED_AGAIN = 360;

  private static final List<Family> ASKED =
      List.of(Family.PACKET, Family.RAW, Family.VSOCK, Family.XDP);

  /** Families with ports, which {@link NamespaceTables} lists where sock_diag answers. */
  private static final List<Family> PORTED = List.of(Family.UDPLITE, Family.SCTP);

  /** The names in /proc/net/protocols: that of IPv4 or the only one, then that of IPv6. */
  private static final Map<Family, List<String>> COUNTERS =
      Map.of(
          Family.PACKET, List.of("PACKET"),
          Family.RAW, List.of("RAW", "RAWv6"),
          Family.XDP, List.of("XDP"),
          Family.UDPLITE, List.of("UDP-Lite", "UDPLITEv6"),
          Family.SCTP, List.of("SCTP", "SCTPv6"));

  /** Adds the rows of a table. */
  private interface TableParser {
    void add(List<String> lines, boolean ipv6, FamilyRows into) throws KernelException;
  }

  private final FamilyTexts texts;

  /** The same objects in each look, which are compared at once. */
  private final Map<Family, UnlistedReason> limits = new EnumMap<>(Family.class);

  private final Map<Family, Integer> unsupported = new EnumMap<>(Family.class);

  FamilyReader(FamilyTexts texts) {
    this.texts = texts;
  }

  /**
   * The sockets of one namespace.
   *
   * @param unlisted the families that could not be listed, by the reason
   */
  record FamilyPart(List<FamilySocket> sockets, Map<Family, UnlistedReason> unlisted) {

    FamilyPart with(List<FamilySocket> others) {
      List<FamilySocket> all = new ArrayList<>(sockets);
      all.addAll(others);
      return new FamilyPart(all, unlisted);
    }
  }

  /**
   * Why a family could not be listed.
   *
   * @param limit true if this kernel never lists it, and is not known to have such a socket
   * @param count the number of its sockets; 0 if it is not known
   */
  record UnlistedReason(String why, boolean limit, long count) {

    UnlistedReason(String why, boolean limit) {
      this(why, limit, 0);
    }

    /** Returns true if these sockets, which processes hold, are all that the kernel counts. */
    boolean isFilledBy(List<FamilySocket> held, Family family) {
      long known =
          held.stream()
              .filter(socket -> socket.family() == family)
              .map(FamilySocket::inode)
              .distinct()
              .count();
      return count > 0 && known >= count;
    }
  }

  /** Starts a look: a family that this kernel lacked for long is asked for again. */
  void beginLook() {
    unsupported.replaceAll((family, looks) -> looks - 1);
    unsupported.values().removeIf(looks -> looks <= 0);
  }

  /** Lists the sockets of a namespace. */
  FamilyPart read(NetworkNamespace namespace) {
    List<FamilySocket> sockets = new ArrayList<>(0);
    Map<Family, UnlistedReason> unlisted = new EnumMap<>(Family.class);
    Map<String, Long> counts = texts.counts(namespace);
    List<Family> families = new ArrayList<>(ASKED);
    if (namespace.tables().families() == null) {
      families.addAll(PORTED);
    }
    for (Family family : families) {
      // The kernel has one table of vsock sockets for all namespaces.
      if ((family == Family.VSOCK && !namespace.isHost()) || isNone(family, counts)) {
        continue;
      }
      try {
        FamilyRows rows = list(family, namespace, counts);
        if (rows == null) {
          unlisted.put(family, notListed(family, counts, namespace));
          continue;
        }
        sockets.addAll(rows.kept());
        if (rows.isCut()) {
          unlisted.put(family, new UnlistedReason("there are more than " + most(namespace), false));
        }
      } catch (KernelException refused) {
        // A namespace that may not be entered is a gap of its own.
        boolean closed = !namespace.isHost() && namespace.wantsMember();
        unlisted.put(family, new UnlistedReason(String.valueOf(refused.getMessage()), closed));
      }
    }
    return new FamilyPart(sockets, unlisted);
  }

  private static int most(NetworkNamespace namespace) {
    return namespace.isHost() ? MOST_ON_HOST : MOST_ELSEWHERE;
  }

  /** Returns true if the kernel lacks the family, or counts no socket of it. */
  private static boolean isNone(Family family, @Nullable Map<String, Long> counts) {
    if (counts == null) {
      return false;
    }
    List<String> counters = COUNTERS.get(family);
    if (counters == null) {
      return !counts.containsKey("AF_VSOCK");
    }
    for (String name : counters) {
      if (counts.getOrDefault(name, 0L) != 0) {
        return false;
      }
    }
    return true;
  }

  /** Returns the sockets; {@code null} if this kernel has no list of them. */
  private @Nullable FamilyRows list(
      Family family, NetworkNamespace namespace, @Nullable Map<String, Long> counts)
      throws KernelException {
    // Before the text, because only sock_diag shows filters, and interfaces by their tables.
    FamilyRows rows =
        family == Family.RAW || PORTED.contains(family) ? null : ask(family, namespace);
    if (rows != null) {
      return rows;
    }
    return switch (family) {
      case PACKET -> packets(namespace);
      case RAW -> raw(namespace, counts);
      case UDPLITE -> both(namespace, family, counts, FamilyTables::udplite);
      case SCTP -> sctp(namespace);
      default -> null;
    };
  }

  private UnlistedReason notListed(
      Family family, @Nullable Map<String, Long> counts, NetworkNamespace namespace) {
    Long count = counts == null || family != Family.XDP ? null : counts.get("XDP");
    if (count != null) {
      return new UnlistedReason("there are " + count + ", but " + notListed(family), false, count);
    }
    return family == Family.VSOCK || namespace.wantsMember()
        ? limits.computeIfAbsent(family, one -> new UnlistedReason(notListed(one), true))
        : new UnlistedReason(notListed(family), false);
  }

  private static String notListed(Family family) {
    return "this kernel does not list them (it has no " + family.label() + "_diag)";
  }

  /** Asks sock_diag; returns {@code null} if it is not there or lacks the family. */
  private @Nullable FamilyRows ask(Family family, NetworkNamespace namespace)
      throws KernelException {
    FamilyQueries queries = namespace.tables().families();
    if (queries == null || unsupported.containsKey(family)) {
      return null;
    }
    try {
      return queries.list(family, most(namespace));
    } catch (KernelException refused) {
      if (!Refusal.PROTOCOL.is(refused.errno())) {
        throw refused;
      }
      unsupported.put(family, LOOKS_UNTIL_ASKED_AGAIN);
      return null;
    }
  }

  private FamilyRows packets(NetworkNamespace namespace) throws KernelException {
    return FamilyTables.packets(texts.lines(namespace, "packet"), most(namespace));
  }

  private FamilyRows raw(NetworkNamespace namespace, @Nullable Map<String, Long> counts)
      throws KernelException {
    try {
      return both(namespace, Family.RAW, counts, FamilyTables::raw);
    } catch (KernelException notRead) {
      FamilyRows rows = ask(Family.RAW, namespace);
      if (rows == null) {
        throw notRead;
      }
      return rows;
    }
  }

  private FamilyRows sctp(NetworkNamespace namespace) throws KernelException {
    FamilyRows rows = new FamilyRows(most(namespace));
    FamilyTables.sctp(texts.lines(namespace, "sctp/eps"), rows);
    return rows;
  }

  /** Reads the table of IPv4, and that of IPv6 unless the kernel lacks it. */
  private FamilyRows both(
      NetworkNamespace namespace,
      Family family,
      @Nullable Map<String, Long> counts,
      TableParser parser)
      throws KernelException {
    FamilyRows rows = new FamilyRows(most(namespace));
    parser.add(texts.lines(namespace, family.label()), false, rows);
    String counter = COUNTERS.getOrDefault(family, List.of("", "")).get(1);
    if (counts == null || counts.containsKey(counter)) {
      parser.add(texts.lines(namespace, family.label() + "6"), true, rows);
    }
    return rows;
  }
}
