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
 * What the running kernel has that a look may want.
 *
 * @param release as in {@code 6.1.0-18-amd64}
 * @param refusals the tables of sock_diag that cannot be listed, as in {@code udplite over IPv6},
 *     each with the reason
 * @param boundShown whether sock_diag shows TCP sockets that are bound and neither listen nor are
 *     connected; {@code null} where that could not be tried
 * @param settings values of /proc/sys by their names there, as in {@code
 *     net/ipv4/ip_local_port_range}; one that is not there is absent
 */
public record KernelFeatures(
    HostText release,
    Map<String, String> refusals,
    @Nullable Boolean boundShown,
    Map<String, String> settings) {

  /** The first port that any user may take (Documentation/networking/ip-sysctl.rst). */
  public static final String UNPRIVILEGED_FROM = "net/ipv4/ip_unprivileged_port_start";

  /** The ports that the kernel gives to clients. */
  public static final String CLIENT_PORTS = "net/ipv4/ip_local_port_range";

  /** 1 where no interface takes IPv6; absent where the kernel has none. */
  public static final String NO_IPV6 = "net/ipv6/conf/all/disable_ipv6";

  private static final String RELEASE = "kernel/osrelease";

  /** Asks the kernel of this host, in the network namespace of this process. */
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
    return new KernelFeatures(release, refusals, tryBound(), settings);
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
   * Tried, since distributions carry the change back into older kernels than Linux 6.8, in which it
   * came.
   */
  private static @Nullable Boolean tryBound() {
    try (DiagSockets diag = DiagSockets.open()) {
      return diag.showsBoundInactive();
    } catch (KernelException cannotBeTried) {
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
