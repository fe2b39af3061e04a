package io.portcurfew.observe.linux;

import io.portcurfew.observe.HostText;
import io.portcurfew.observe.SocketPlace;
import io.portcurfew.observe.linux.kernel.FamilySocket;
import io.portcurfew.observe.linux.kernel.HeldSocket;
import io.portcurfew.observe.linux.kernel.KernelException;
import io.portcurfew.observe.linux.namespace.NetworkNamespace;
import io.portcurfew.observe.linux.netlink.NetworkLinks;
import io.portcurfew.observe.linux.proc.TunId;
import io.portcurfew.text.ShortList;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The TUN devices and the attached XDP programs of the network namespaces. The links of a namespace
 * are read again when the names in /proc/net/dev have changed; those of the host also in every
 * {@value #LOOKS_AT_HOST}th look, since entering another namespace takes a thread.
 */
final class LinkWatch {

  static final int LOOKS_AT_HOST = 16;

  private static final int MOST_DEVICES = 64;
  private static final int MOST_NAMED = 3;

  private final Map<NetworkNamespace, SeenLinks> known = new HashMap<>();

  /**
   * The links of one namespace as they were last read.
   *
   * @param names the names at that time; {@code null} if they are not known
   * @param refusal why the links could not be read; empty if they could
   * @param looks the looks since then
   */
  private record SeenLinks(
      @Nullable Set<String> names,
      List<FamilySocket> devices,
      List<String> programs,
      String refusal,
      int looks) {

    SeenLinks older() {
      return new SeenLinks(names, devices, programs, refusal, looks + 1);
    }
  }

  /** Forgets the namespaces that are gone. */
  void retain(Set<NetworkNamespace> all) {
    known.keySet().retainAll(all);
  }

  /**
   * Looks at one namespace.
   *
   * @param table the lines of its /proc/net/dev; {@code null} if they cannot be read
   */
  void look(NetworkNamespace namespace, @Nullable List<String> table) {
    Set<String> names = table == null ? null : names(table);
    SeenLinks before = known.get(namespace);
    boolean turn = before == null || (namespace.isHost() && before.looks() >= LOOKS_AT_HOST);
    if (before != null && !turn && (names == null || names.equals(before.names()))) {
      known.put(namespace, before.older());
      return;
    }
    boolean loopbackOnly = names != null && names.equals(Set.of("lo"));
    known.put(
        namespace,
        loopbackOnly && !namespace.isHost()
            ? new SeenLinks(names, List.of(), List.of(), "", 0)
            : read(namespace, names));
  }

  private static SeenLinks read(NetworkNamespace namespace, @Nullable Set<String> names) {
    List<FamilySocket> devices = new ArrayList<>(0);
    List<String> programs = new ArrayList<>(0);
    try {
      for (NetworkLinks.Link link : namespace.links().all()) {
        if (link.kind().equals("tun") && devices.size() < MOST_DEVICES) {
          devices.add(device(namespace, link));
        }
        if (link.xdp()) {
          programs.add(HostText.of(link.name().getBytes(StandardCharsets.ISO_8859_1)).toString());
        }
      }
    } catch (KernelException refused) {
      return new SeenLinks(names, List.of(), List.of(), String.valueOf(refused.getMessage()), 0);
    }
    return new SeenLinks(names, devices, programs, "", 0);
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

  private static Set<String> names(List<String> table) {
    Set<String> names = new TreeSet<>();
    for (String line : table) {
      int colon = line.indexOf(':');
      if (colon > 0) {
        names.add(line.substring(0, colon).strip());
      }
    }
    return names;
  }

  /** Returns the TUN devices of a namespace. */
  List<FamilySocket> devices(NetworkNamespace namespace) {
    SeenLinks seen = known.get(namespace);
    return seen == null ? List.of() : seen.devices();
  }

  /** Returns why the links of a namespace could not be read; empty if they could. */
  String refusal(NetworkNamespace namespace) {
    SeenLinks seen = known.get(namespace);
    return seen == null ? "" : seen.refusal();
  }

  /** Returns the interfaces with an XDP program, in words; empty if there is none. */
  String programs() {
    List<String> all = new ArrayList<>();
    known.forEach(
        (namespace, seen) ->
            seen.programs()
                .forEach(
                    name -> all.add(namespace.isHost() ? name : name + " in " + namespace.name())));
    all.sort(null);
    return ShortList.of(all, MOST_NAMED);
  }
}
