package io.portcurfew.observe.linux;

import io.portcurfew.observe.HostText;
import io.portcurfew.observe.linux.kernel.KernelException;
import io.portcurfew.observe.linux.kernel.Transport;
import io.portcurfew.observe.linux.netlink.SockDiag;
import io.portcurfew.observe.linux.proc.ProcFs;
import io.portcurfew.observe.linux.sweep.DiagSockets;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Describes the features of the running kernel that a scan can use.
 *
 * @param release the kernel release, for example {@code 6.1.0-18-amd64}
 * @param refusals the sock_diag tables that cannot be listed, for example {@code udplite over
 *     IPv6}, each with the reason
 * @param boundShown true if sock_diag shows TCP sockets that are bound and neither listen nor are
 *     connected; {@code null} if this could not be tested
 * @param settings the values of /proc/sys by their names there, for example {@code
 *     net/ipv4/ip_local_port_range}; a setting that does not exist is absent
 */
public record KernelFeatures(
    HostText release,
    Map<String, String> refusals,
    @Nullable Boolean boundShown,
    Map<String, String> settings) {

  /** The first port that any user may bind to (Documentation/networking/ip-sysctl.rst). */
  public static final String UNPRIVILEGED_FROM = "net/ipv4/ip_unprivileged_port_start";

  /** The range of ports that the kernel assigns to clients. */
  public static final String CLIENT_PORTS = "net/ipv4/ip_local_port_range";

  /** The value is 1 if IPv6 is off on every interface; it is absent if the kernel has no IPv6. */
  public static final String NO_IPV6 = "net/ipv6/conf/all/disable_ipv6";

  private static final String RELEASE = "kernel/osrelease";

  /** Queries the kernel of this host, in the network namespace of this process. */
  public static KernelFeatures ask() {
    Map<String, String> settings = readSettings();
    Map<String, String> refusals = new LinkedHashMap<>();
    List<Transport> transports = List.of(Transport.values());
    try (SockDiag diag = SockDiag.open()) {
      for (Transport transport : transports) {
        refusal(diag, transport, false).ifPresent(why -> refusals.put(name(transport, 4), why));
        refusal(diag, transport, true).ifPresent(why -> refusals.put(name(transport, 6), why));
      }
    } catch (KernelException refused) {
      String why = String.valueOf(refused.getMessage());
      transports.forEach(transport -> refusals.put(name(transport, 4), why));
      transports.forEach(transport -> refusals.put(name(transport, 6), why));
    }
    HostText release = HostText.of(settings.getOrDefault(RELEASE, "unknown"));
    return new KernelFeatures(release, refusals, testBound(), settings);
  }

  private static String name(Transport transport, int version) {
    return transport.label() + " over IPv" + version;
  }

  private static Optional<String> refusal(SockDiag diag, Transport transport, boolean ipv6) {
    try {
      diag.dump(transport, ipv6, 1);
      return Optional.empty();
    } catch (KernelException refused) {
      return Optional.of(
          SockDiag.isUnsupported(refused)
              ? "not in this kernel, or its module is not loaded"
              : String.valueOf(refused.getMessage()));
    }
  }

  /**
   * Tests the feature instead of the version, because distributions backport it to kernels before
   * Linux 6.8.
   */
  private static @Nullable Boolean testBound() {
    try (DiagSockets diag = DiagSockets.open()) {
      return diag.showsBoundInactive();
    } catch (KernelException notTestable) {
      return null;
    }
  }

  private static Map<String, String> readSettings() {
    ProcFs proc = new ProcFs(Path.of("/"));
    Map<String, String> settings = new LinkedHashMap<>();
    for (String name : List.of(RELEASE, CLIENT_PORTS, UNPRIVILEGED_FROM, NO_IPV6)) {
      byte[] value = proc.read("proc/sys/" + name);
      if (value != null) {
        settings.put(name, new String(value, StandardCharsets.ISO_8859_1).strip());
      }
    }
    return settings;
  }
}
