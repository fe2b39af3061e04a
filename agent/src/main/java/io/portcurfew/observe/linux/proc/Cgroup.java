package io.portcurfew.observe.linux.proc;

import io.portcurfew.observe.HostText;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The systemd unit and the container in the control group of a process.
 *
 * @param unit the unit; for nested units the outer and the inner one with a slash between them
 * @param container the id of the container
 */
public record Cgroup(@Nullable HostText unit, @Nullable HostText container) {

  static final Cgroup NONE = new Cgroup(null, null);

  /**
   * Matches a container as a folder ({@code /docker/ID}, kubepods with cgroupfs) or as a scope
   * ({@code docker-ID.scope}, {@code cri-containerd-ID.scope}, {@code crio-ID.scope}, {@code
   * libpod-ID.scope}).
   */
  private static final Pattern CONTAINER =
      Pattern.compile("(?:(?<runtime>[a-z-]+)-)?(?<id>[0-9a-f]{64})(?:\\.scope)?");

  private static final Pattern LXC = Pattern.compile("lxc\\.payload\\.(?<id>.+)");

  /** Matches a machine of systemd-nspawn(1), started as a service or by hand. */
  private static final Pattern MACHINE =
      Pattern.compile("(?:systemd-nspawn@(?<service>.+)\\.service|machine-(?<scope>.+)\\.scope)");

  private static final Pattern ESCAPED = Pattern.compile("\\\\x([0-9a-f]{2})");

  /** Reads the unit and the container from the trusted names of a path, from the root down. */
  static Cgroup of(List<String> names) {
    // The root user of a container may name groups in it, so the outermost container counts.
    int container = -1;
    String id = null;
    for (int i = 0; i < names.size() && id == null; i++) {
      id = containerId(names.get(i), i + 1 < names.size() ? names.get(i + 1) : "");
      container = id == null ? -1 : i;
    }
    // In a container its own systemd names the units. The outer units belong to the runtime.
    List<String> units = names.stream().skip(container + 1L).filter(Cgroup::isUnit).toList();
    if (container >= 0 && units.isEmpty()) {
      units = names.stream().limit(container).filter(Cgroup::isUnit).toList();
    }
    return new Cgroup(
        units.isEmpty() ? null : visible(firstAndLast(units)), id == null ? null : visible(id));
  }

  private static @Nullable String containerId(String name, String below) {
    Matcher matcher = CONTAINER.matcher(name);
    if (matcher.matches()) {
      // The monitor of podman runs on the host.
      String runtime = matcher.group("runtime");
      return runtime != null && runtime.endsWith("conmon") ? null : matcher.group("id");
    }
    Matcher lxc = LXC.matcher(name);
    if (lxc.matches()) {
      return lxc.group("id");
    }
    // systemd-nspawn itself runs beside the payload, in a group "supervisor".
    Matcher machine = MACHINE.matcher(name);
    if (!machine.matches() || !below.equals("payload")) {
      return null;
    }
    String service = machine.group("service");
    return unescaped(service == null ? machine.group("scope") : service);
  }

  /** Undoes the escaping of systemd-escape(1) for the signs that a name of a machine may have. */
  private static String unescaped(String name) {
    return ESCAPED
        .matcher(name)
        .replaceAll(
            sign ->
                Matcher.quoteReplacement(Character.toString(Integer.parseInt(sign.group(1), 16))));
  }

  private static boolean isUnit(String name) {
    return name.endsWith(".service") || name.endsWith(".scope");
  }

  private static String firstAndLast(List<String> units) {
    String first = units.get(0);
    return units.size() == 1 ? first : first + "/" + units.get(units.size() - 1);
  }

  private static HostText visible(String text) {
    return HostText.of(text.getBytes(StandardCharsets.ISO_8859_1), 256);
  }
}
