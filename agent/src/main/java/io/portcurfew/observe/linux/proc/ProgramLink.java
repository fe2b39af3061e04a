package io.portcurfew.observe.linux.proc;

import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A BPF program that can take traffic away from sockets, as /proc/PID/fdinfo shows its link
 * (bpf_link_show_fdinfo, kernel/bpf/syscall.c).
 */
final class ProgramLink {

  /** The link of a descriptor of an attached program. */
  static final String LINK = "anon_inode:bpf_link";

  /** linux/bpf.h, BPF_SK_LOOKUP. */
  private static final String SK_LOOKUP = "36";

  private ProgramLink() {}

  /** Returns the program and its place in words; {@code null} if it redirects nothing. */
  static @Nullable String describe(byte[] fdinfo) {
    Map<String, String> fields = new TreeMap<>();
    new String(fdinfo, StandardCharsets.ISO_8859_1)
        .lines()
        .forEach(
            line -> {
              int colon = line.indexOf(':');
              if (colon > 0) {
                fields.put(line.substring(0, colon), line.substring(colon + 1).strip());
              }
            });
    String device = fields.get("ifindex");
    Long namespace = ProcText.number(fields.getOrDefault("netns_ino", ""));
    String attached = fields.getOrDefault("attach_type", "").split(" ", -1)[0];
    return switch (fields.getOrDefault("link_type", "")) {
      case "netns" ->
          attached.equals(SK_LOOKUP) && namespace != null
              ? "sk_lookup in net:[" + namespace + "]"
              : null;
      case "tcx", "xdp", "netkit" -> {
        Long index = ProcText.number(device == null ? "" : device);
        yield index == null ? null : fields.get("link_type") + " on interface " + index;
      }
      default -> null;
    };
  }
}
