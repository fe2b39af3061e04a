package io.portcurfew.observe.linux;

import io.portcurfew.observe.SocketPlace;
import io.portcurfew.observe.linux.kernel.FamilySocket;
import io.portcurfew.observe.linux.kernel.HeldSocket;
import io.portcurfew.observe.linux.kernel.HookedProgram;
import io.portcurfew.observe.linux.kernel.KernelException;
import io.portcurfew.observe.linux.namespace.NetworkNamespace;
import io.portcurfew.observe.linux.netlink.NetworkLinks;
import io.portcurfew.observe.linux.proc.TunId;
import io.portcurfew.process.Ticker;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The TUN devices of the network namespaces, and the programs and actions at their hooks. The links
 * of a namespace are read again when the names in /proc/net/dev have changed, and every {@value
 * #LOOKS}th time; of other namespaces one in {@link #BETWEEN_OTHERS}, since entering it takes a
 * thread.
 */
final class LinkWatch {

  static final int LOOKS = 16;

  private static final int LOOKS_AFTER_REFUSAL = 256;

  private static final int MOST_DEVICES = 64;

  /** The kernel may let each question about interfaces wait for its lock of all of them. */
  private static final Duration MOST_OF_LOOK = Duration.ofMillis(500);

  private static final String LATER = "its interfaces are read in a later scan";

  static final Duration BETWEEN_OTHERS = TurnClock.SOON;

  /** Between two turns two of them are due. */
  private static final Duration MOST_TO_CATCH_UP = TurnClock.WHOLE_TURN;

  private final Map<NetworkNamespace, SeenLinks> known = new HashMap<>();
  private final Ticker ticker;
  private @Nullable Duration otherRead;
  private Duration spent = Duration.ZERO;
  private boolean frequentLooks;

  LinkWatch(Ticker ticker) {
    this.ticker = ticker;
  }

  /**
   * The links of one namespace as they were last read.
   *
   * @param names the names at that time, each with a slash; {@code null} if they are not known
   * @param sockets its devices and programs
   * @param pairs the indices of interfaces that are one end of a pair
   * @param refusal why the links could not be read; empty if they could
   * @param unread why programs may be missing; empty if none can
   * @param looks the looks since then
   */
  private record SeenLinks(
      @Nullable String names,
      List<FamilySocket> sockets,
      Set<Integer> pairs,
      String refusal,
      String unread,
      int looks) {

    static SeenLinks refused(@Nullable String names, String refusal) {
      return new SeenLinks(names, List.of(), Set.of(), refusal, refusal, 0);
    }

    SeenLinks older() {
      return new SeenLinks(names, sockets, pairs, refusal, unread, looks + 1);
    }
  }

  /**
   * Starts a look.
   *
   * @param frequent true if other namespaces are looked at in a turn of several looks, so that one
   *     look reads the links of as many as these looks may read
   */
  void beginLook(boolean frequent) {
    spent = Duration.ZERO;
    frequentLooks = frequent;
  }

  /** Forgets all other namespaces. */
  void retain(Set<NetworkNamespace> all) {
    known.keySet().retainAll(all);
  }

  /**
   * Looks at one namespace.
   *
   * @param table its /proc/net/dev; {@code null} if they cannot be read
   */
  void look(NetworkNamespace namespace, byte @Nullable [] table) {
    String names = table == null ? null : names(table);
    SeenLinks before = known.get(namespace);
    boolean isSame = before != null && (names == null || names.equals(before.names()));
    if (before != null && isSame && !isInTurn(namespace, before)) {
      known.put(namespace, before.older());
    } else if (namespace.isHost() || spent.compareTo(MOST_OF_LOOK) < 0) {
      Duration began = ticker.elapsed();
      known.put(namespace, read(namespace, names));
      spent = spent.plus(ticker.since(began));
    } else {
      known.remove(namespace);
    }
  }

  private boolean isInTurn(NetworkNamespace namespace, SeenLinks before) {
    int most = before.refusal().isEmpty() ? LOOKS : LOOKS_AFTER_REFUSAL;
    if (before.looks() < most || namespace.isHost()) {
      return before.looks() >= most;
    }
    Duration last = otherRead;
    boolean isDue = last == null || ticker.since(last).compareTo(BETWEEN_OTHERS) >= 0;
    if (isDue) {
      Duration now = ticker.elapsed();
      Duration next = last == null ? now : last.plus(BETWEEN_OTHERS);
      Duration earliest = frequentLooks ? now.minus(MOST_TO_CATCH_UP) : now;
      otherRead = next.compareTo(earliest) > 0 ? next : earliest;
    }
    return isDue;
  }

  private static SeenLinks read(NetworkNamespace namespace, @Nullable String names) {
    NetworkLinks links;
    try {
      links = namespace.links();
    } catch (KernelException refused) {
      return SeenLinks.refused(names, String.valueOf(refused.getMessage()));
    }
    List<FamilySocket> sockets = new ArrayList<>(0);
    Set<Integer> pairs = new HashSet<>();
    for (NetworkLinks.Link link : links.all()) {
      if (link.kind().equals("tun") && sockets.size() < MOST_DEVICES) {
        sockets.add(device(namespace, link));
      }
      if (link.isOfPair()) {
        pairs.add(link.index());
      }
    }
    links.programs().forEach(program -> sockets.add(socket(program, pairs)));
    return new SeenLinks(names, sockets, pairs, "", links.unread(), 0);
  }

  /** The ends of pairs have random names, so their programs are one place. */
  private static FamilySocket socket(HookedProgram program, Set<Integer> pairs) {
    int index = pairs.contains(program.interfaceIndex()) ? 0 : program.interfaceIndex();
    return new HookedProgram(program.hook(), index, 0, program.program()).socket();
  }

  /** Returns the program of a process as a socket of the namespace that it is attached in. */
  FamilySocket socket(NetworkNamespace namespace, HookedProgram program) {
    SeenLinks seen = known.get(namespace);
    return socket(program, seen == null ? Set.of() : seen.pairs());
  }

  private static FamilySocket device(NetworkNamespace namespace, NetworkLinks.Link link) {
    return new FamilySocket(
        SocketPlace.Family.TUN,
        0,
        null,
        0,
        0,
        link.index(),
        TunId.of(namespace.inode(), link.name()),
        null,
        HeldSocket.NO_UID,
        null,
        null);
  }

  /**
   * Returns the names, which have neither blanks nor slashes (dev_valid_name in net/core/dev.c).
   */
  static String names(byte[] table) {
    StringBuilder names = new StringBuilder();
    boolean ended = false;
    int start = 0;
    for (int at = 0; at < table.length; at++) {
      if (table[at] == '\n') {
        start = at + 1;
        ended = false;
      } else if (table[at] == ' ' && !ended) {
        start = at + 1;
      } else if (table[at] == ':' && !ended) {
        names.append(new String(table, start, at - start, StandardCharsets.ISO_8859_1)).append('/');
        ended = true;
      }
    }
    return names.toString();
  }

  /** Returns the TUN devices and the programs of a namespace. */
  List<FamilySocket> sockets(NetworkNamespace namespace) {
    SeenLinks seen = known.get(namespace);
    return seen == null ? List.of() : seen.sockets();
  }

  /** Returns why TUN devices of a namespace may be missing; empty if none can. */
  String refusal(NetworkNamespace namespace) {
    SeenLinks seen = known.get(namespace);
    boolean loopbackOnly = seen != null && "lo/".equals(seen.names());
    return seen == null ? LATER : loopbackOnly ? "" : seen.refusal();
  }

  /** Returns why programs of a namespace may be missing; empty if none can. */
  String unread(NetworkNamespace namespace) {
    SeenLinks seen = known.get(namespace);
    return seen == null ? LATER : seen.unread();
  }
}
