package io.portcurfew.observe.linux.reach;

import io.portcurfew.observe.Address;
import io.portcurfew.observe.Listener;
import io.portcurfew.observe.linux.kernel.KernelException;
import io.portcurfew.observe.linux.netlink.NftGeneration;
import io.portcurfew.observe.linux.proc.ProcFs;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Reads the rulesets of the namespace that the calling thread is in. */
public final class RulesetProbe {

  /** Of the namespace of the calling thread; the link /proc/net is of the first thread's. */
  private static final String NET = "proc/thread-self/net/";

  /** The files of /proc/net that name the tables of iptables-legacy. */
  public static final List<String> LEGACY_FILES = List.of("ip_tables_names", "ip6_tables_names");

  private RulesetProbe() {}

  /**
   * The redirects in the rulesets of a namespace.
   *
   * @param number the number of the ruleset of nftables; {@code null} if the kernel has none
   * @param listeners named as if they were on the host
   * @param missing the parts that could not be read, in words
   */
  public record ProbedRules(
      @Nullable Integer number, List<Listener> listeners, List<String> missing) {

    /** Nothing was read yet. */
    public static final ProbedRules NOTHING = new ProbedRules(null, List.of(), List.of());
  }

  /**
   * Reads again what has changed. The tools run only if the ruleset has another number than before
   * and not that of a namespace without one, or iptables-legacy has tables, which have no number.
   *
   * @param generation asks for that number
   * @throws KernelException if the kernel refuses
   * @throws InterruptedException if a run was interrupted
   */
  public static ProbedRules read(ProcFs proc, NftGeneration generation, ProbedRules before)
      throws KernelException, InterruptedException {
    Integer number = generation.current();
    boolean legacy = hasLegacy(proc);
    boolean same = Objects.equals(number, before.number()) && !before.equals(ProbedRules.NOTHING);
    if (same && !legacy) {
      return before;
    }
    boolean none = number == null || number == NftGeneration.UNUSED;
    if (none && !legacy) {
      return new ProbedRules(number, ipvs(proc), List.of());
    }
    Set<String> own = ownAddresses();
    // Java lists the IPv6 addresses of the first thread's namespace.
    Predicate<Address> isOwn = address -> address.isIpv6() || own.contains(address.host());
    RulesetTools.ToolRedirects rules = new RulesetTools(isOwn).read(legacy);
    List<Listener> listeners =
        Stream.concat(ipvs(proc).stream(), rules.listeners().stream()).toList();
    return new ProbedRules(number, listeners, rules.missing());
  }

  /** The services of IPVS, which everybody may read. */
  static List<Listener> ipvs(ProcFs proc) {
    byte[] table = proc.read(NET + "ip_vs");
    return table == null ? List.of() : IpvsTable.read(text(table));
  }

  /** True if ip_tables has tables in the kernel; only root may read that. */
  static boolean hasLegacy(ProcFs proc) {
    return LEGACY_FILES.stream()
        .map(name -> proc.read(NET + name))
        .filter(Objects::nonNull)
        .anyMatch(RulesetProbe::hasLegacy);
  }

  /** True if one of these files of {@link #LEGACY_FILES} names a table that can redirect. */
  public static boolean hasLegacy(byte[] names) {
    return text(names).lines().anyMatch(Set.of("nat", "mangle")::contains);
  }

  private static String text(byte[] raw) {
    return new String(raw, StandardCharsets.ISO_8859_1);
  }

  /** Without them a rule that states an address is left out. */
  static Set<String> ownAddresses() {
    Set<String> own = new HashSet<>();
    try {
      for (NetworkInterface device : NetworkInterface.networkInterfaces().toList()) {
        for (InetAddress address : device.inetAddresses().toList()) {
          String plain = address.getHostAddress().split("%", 2)[0];
          Address.parse(plain).ifPresent(known -> own.add(known.host()));
        }
      }
    } catch (SocketException unknown) {
      return Set.of();
    }
    return own;
  }
}
