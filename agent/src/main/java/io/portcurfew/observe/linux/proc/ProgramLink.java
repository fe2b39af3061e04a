package io.portcurfew.observe.linux.proc;

import io.portcurfew.observe.linux.kernel.RedirectingLink;
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
    Long attached = number(fields.getOrDefault("attach_type", "0").split(" ", -1)[0]);
    RedirectingLink kind =
        RedirectingLink.of(
            fields.getOrDefault("link_type", ""), attached == null ? 0 : attached.intValue());
    Long place = number(fields.get(kind == RedirectingLink.SK_LOOKUP ? "netns_ino" : "ifindex"));
    Long id = number(fields.get("link_id"));
    return kind == null || place == null || id == null ? null : kind.at(place, id);
  }

  private static @Nullable Long number(@Nullable String text) {
    return text == null ? null : ProcText.number(text);
  }
}
