package io.portcurfew.observe.linux.proc;

import io.portcurfew.observe.HostText;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What the control group of a process tells of what started it.
 *
 * @param unit the systemd unit: the one that the system's manager made, and after a slash the one
 *     that a manager below it (a user's own) calls it, which that user chose
 * @param container the id of the container
 */
public record Cgroup(@Nullable HostText unit, @Nullable HostText container) {

  public static final Cgroup NONE = new Cgroup(null, null);

  /**
   * As a folder of its own ({@code /docker/ID}, kubepods with cgroupfs) or as a scope ({@code
   * docker-ID.scope}, {@code cri-containerd-ID.scope}, {@code crio-ID.scope}, {@code
   * libpod-ID.scope}).
   */
  private static final Pattern CONTAINER =
      Pattern.compile("(?:(?<by>[a-z-]+)-)?(?<id>[0-9a-f]{64})(?:\\.scope)?");

  private static final Pattern LXC = Pattern.compile("lxc\\.payload\\.(?<id>.+)");

  /** Reads /proc/PID/cgroup: {@code 0::PATH} (v2), {@code N:CONTROLLERS:PATH} (v1). */
  public static Cgroup parse(byte[] raw) {
    Cgroup best = NONE;
    for (String line : new String(raw, StandardCharsets.ISO_8859_1).split("\n", -1)) {
      String[] fields = line.split(":", 3);
      if (fields.length == 3) {
        best = best.or(ofPath(fields[2]));
      }
    }
    return best;
  }

  private Cgroup or(Cgroup other) {
    return new Cgroup(
        unit != null ? unit : other.unit, container != null ? container : other.container);
  }

  private static Cgroup ofPath(String path) {
    List<String> segments = List.of(path.split("/", -1));
    int container = -1;
    String id = null;
    for (int i = 0; i < segments.size(); i++) {
      String found = containerId(segments.get(i));
      if (found != null) {
        container = i;
        id = found;
      }
    }
    // Inside a container its own systemd names the units; around it they are the runtime's.
    List<String> units = segments.stream().skip(container + 1L).filter(Cgroup::isUnit).toList();
    if (container >= 0 && units.isEmpty()) {
      units = segments.stream().limit(container).filter(Cgroup::isUnit).toList();
    }
    return new Cgroup(units.isEmpty() ? null : visible(firstAndLast(units)), visibleOrNull(id));
  }

  private static @Nullable String containerId(String segment) {
    Matcher matcher = CONTAINER.matcher(segment);
    if (matcher.matches()) {
      // The monitor of podman is a process of the host.
      String by = matcher.group("by");
      return by != null && by.endsWith("conmon") ? null : matcher.group("id");
    }
    Matcher lxc = LXC.matcher(segment);
    return lxc.matches() ? lxc.group("id") : null;
  }

  private static boolean isUnit(String segment) {
    return segment.endsWith(".service") || segment.endsWith(".scope");
  }

  private static String firstAndLast(List<String> units) {
    String first = units.get(0);
    return units.size() == 1 ? first : first + "/" + units.get(units.size() - 1);
  }

  private static @Nullable HostText visibleOrNull(@Nullable String text) {
    return text == null ? null : visible(text);
  }

  private static HostText visible(String text) {
    return HostText.of(text.getBytes(StandardCharsets.ISO_8859_1), 256);
  }
}
