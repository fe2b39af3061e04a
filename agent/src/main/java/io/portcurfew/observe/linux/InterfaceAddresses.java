package io.portcurfew.observe.linux;

import io.portcurfew.observe.Address;
import io.portcurfew.observe.HostText;
import io.portcurfew.observe.linux.namespace.NetworkNamespace;
import io.portcurfew.observe.linux.proc.ProcFs;
import io.portcurfew.observe.linux.proc.ProcessFolder;
import io.portcurfew.process.ByteText;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Finds the interfaces that have an address in a network namespace now. */
final class InterfaceAddresses {

  private static final int MAX_BYTES = 1 << 20;

  private final ProcFs proc;
  private @Nullable Map<Address, SortedSet<String>> ipv4;
  private @Nullable Map<Address, SortedSet<String>> ipv6;
  private boolean hasIpv4;
  private boolean hasIpv6;
  private final NetworkNamespace namespace;

  /** Reads nothing yet; each family is read when it is first asked for. */
  InterfaceAddresses(ProcFs proc, NetworkNamespace namespace) {
    this.proc = proc;
    this.namespace = namespace;
  }

  /** Returns true if only the interfaces of the namespace show where a socket is bound. */
  static boolean decide(Address bound) {
    return bound.zone() == null && !bound.isWildcard() && !bound.isLoopback();
  }

  /** Returns the interfaces with this address, none if it is gone; {@code null} if unknown. */
  @Nullable SortedSet<String> of(Address bound) {
    Map<Address, SortedSet<String>> known = bound.isIpv6() ? ipv6() : ipv4();
    return known == null ? null : known.getOrDefault(bound, new TreeSet<>());
  }

  private @Nullable Map<Address, SortedSet<String>> ipv4() {
    if (!hasIpv4) {
      hasIpv4 = true;
      ipv4 = namespace.tables().ipv4Interfaces();
    }
    return ipv4;
  }

  private @Nullable Map<Address, SortedSet<String>> ipv6() {
    if (!hasIpv6) {
      hasIpv6 = true;
      ProcessFolder member = namespace.member();
      byte[] table =
          member != null
              ? member.read("net/if_inet6", MAX_BYTES)
              : namespace.isHost() ? proc.readWhole("proc/self/net/if_inet6", MAX_BYTES) : null;
      ipv6 = table == null ? null : parse(table);
    }
    return ipv6;
  }

  /**
   * Parses /proc/net/if_inet6: address, index, prefix, scope, flags and name (net/ipv6/addrconf.c).
   */
  static Map<Address, SortedSet<String>> parse(byte[] table) {
    Map<Address, SortedSet<String>> names = new HashMap<>();
    for (String line : ByteText.lines(table)) {
      List<String> words = ByteText.words(line);
      if (words.size() == 6 && words.get(0).matches("[0-9a-f]{32}")) {
        Address address = Address.of(HexFormat.of().parseHex(words.get(0)));
        String name = HostText.of(ByteText.raw(words.get(5))).toString();
        names.computeIfAbsent(address, key -> new TreeSet<>()).add(name);
      }
    }
    return names;
  }
}
