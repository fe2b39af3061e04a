package io.portcurfew.observe.linux.proc;

import io.portcurfew.observe.linux.kernel.HookedProgram;
import io.portcurfew.observe.linux.kernel.PacketHook;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The BPF program of a descriptor, as /proc/PID/fdinfo shows the program or its link
 * (bpf_prog_show_fdinfo and bpf_link_show_fdinfo, kernel/bpf/syscall.c).
 *
 * @param program its number
 * @param hook its place, if it can take packets away from sockets there; {@code null} otherwise
 */
record ProgramLink(long program, @Nullable HookedProgram hook) {

  /** The link of a descriptor of an attached program. */
  static final String LINK = "anon_inode:bpf_link";

  /** The link of a descriptor of a program, which may be attached without a link. */
  static final String PROGRAM = "anon_inode:bpf-prog";

  /** Parses the text; returns {@code null} if it has no program. */
  static @Nullable ProgramLink of(byte[] fdinfo) {
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
    Long program = number(fields.get("prog_id"));
    return program == null ? null : new ProgramLink(program, hook(fields, program));
  }

  private static @Nullable HookedProgram hook(Map<String, String> fields, long program) {
    Long attached = number(fields.getOrDefault("attach_type", "0").split(" ", -1)[0]);
    PacketHook hook =
        PacketHook.ofLink(
            fields.getOrDefault("link_type", ""), attached == null ? 0 : attached.intValue());
    if (hook == null) {
      return null;
    }
    Long place = number(fields.get(hook == PacketHook.SK_LOOKUP ? "netns_ino" : "ifindex"));
    // A link whose interface or namespace has gone shows 0, and its program sees no packet.
    if (place == null || place == 0) {
      return null;
    }
    return hook == PacketHook.SK_LOOKUP
        ? new HookedProgram(hook, 0, place, program)
        : new HookedProgram(hook, place.intValue(), 0, program);
  }

  private static @Nullable Long number(@Nullable String text) {
    return text == null ? null : ProcText.number(text);
  }
}
