package io.portcurfew.doctor;

import static io.portcurfew.doctor.Check.Topic.KERNEL;

import io.portcurfew.observe.HostText;
import io.portcurfew.observe.linux.KernelFeatures;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Checks the features of the kernel. Pure. */
final class KernelChecks {

  private KernelChecks() {}

  static List<Check> of(KernelFeatures kernel) {
    return List.of(
        Check.ok(KERNEL, "release", "Linux " + kernel.release()),
        sockDiag(kernel),
        bound(kernel.boundShown()),
        ipv6(kernel.settings().get(KernelFeatures.NO_IPV6)),
        setting(kernel, "client ports", KernelFeatures.CLIENT_PORTS, "assigned to clients: ", ""),
        setting(
            kernel,
            "unprivileged ports",
            KernelFeatures.UNPRIVILEGED_FROM,
            "any user may listen on ports from ",
            " up"));
  }

  /** UDP-Lite and SCTP have no ports in a policy, so they may be missing. */
  private static Check sockDiag(KernelFeatures kernel) {
    Map<String, String> refusals = kernel.refusals();
    if (refusals.isEmpty()) {
      return Check.ok(KERNEL, "sock_diag", "lists tcp, udp, udplite and sctp over IPv4 and IPv6");
    }
    String found =
        refusals.entrySet().stream()
            .collect(
                Collectors.groupingBy(
                    Map.Entry::getValue,
                    LinkedHashMap::new,
                    Collectors.mapping(Map.Entry::getKey, Collectors.joining(", "))))
            .entrySet()
            .stream()
            .map(entry -> entry.getValue() + " (" + entry.getKey() + ")")
            .collect(Collectors.joining("; "));
    boolean judged = refusals.keySet().stream().anyMatch(KernelChecks::isJudged);
    return judged
        ? Check.limited(
            KERNEL,
            "sock_diag",
            "does not list " + found + "; the agent reads /proc/net instead",
            "load tcp_diag and udp_diag (modprobe), or allow netlink sockets (systemd:"
                + " RestrictAddressFamilies=AF_NETLINK)")
        : Check.ok(KERNEL, "sock_diag", "lists tcp and udp over IPv4 and IPv6; not " + found);
  }

  private static boolean isJudged(String table) {
    return table.startsWith("tcp ") || table.startsWith("udp ");
  }

  private static Check bound(@Nullable Boolean shown) {
    String name = "bound sockets";
    if (shown == null) {
      return Check.limited(KERNEL, name, "could not test if the kernel shows them", null);
    }
    return shown
        ? Check.ok(KERNEL, name, "shown although they do not listen")
        : Check.limited(
            KERNEL,
            name,
            "the kernel does not show bound sockets that do not listen (Linux 6.8 does): a bind"
                + " sweep cannot distinguish them from hidden listeners",
            null);
  }

  private static Check ipv6(@Nullable String disabled) {
    String state = disabled == null ? "not in this kernel" : disabled.equals("1") ? "off" : "on";
    return Check.ok(KERNEL, "IPv6", state);
  }

  private static Check setting(
      KernelFeatures kernel, String name, String key, String before, String after) {
    String value = kernel.settings().get(key);
    return value == null
        ? Check.limited(KERNEL, name, "/proc/sys/" + key + " cannot be read", null)
        : Check.ok(KERNEL, name, before + HostText.of(value.replaceAll("\\s+", "-"), 40) + after);
  }
}
