package io.portcurfew.observe.linux.proc;

import io.portcurfew.observe.HostText;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Finds mounts that cover parts of /proc in the agent's own mount namespace. Only root can mount
 * there, and a mount over /proc/PID hides a process from every tool.
 *
 * @param processes the covered folders of processes
 * @param tables the covered folders and links with the tables of sockets
 * @param unknown why the mounts are not known, or {@code null}
 */
public record ProcCovers(List<String> processes, List<String> tables, @Nullable String unknown) {

  private static final int MOST_BYTES = 4 << 20;
  private static final Set<String> TABLES = Set.of("net", "self", "thread-self");
  private static final Pattern PROCESS = Pattern.compile("[0-9]+");

  /** Returns true if a part is covered, or that is not known. */
  public boolean isAny() {
    return !processes.isEmpty() || !tables.isEmpty() || unknown != null;
  }

  /** Reads the mounts of the agent. A table of mounts that is itself covered proves nothing. */
  public static ProcCovers read(ProcFs proc) {
    byte[] text = proc.readWhole("proc/self/mountinfo", MOST_BYTES);
    if (text == null) {
      return new ProcCovers(List.of(), List.of(), "/proc/self/mountinfo cannot be read");
    }
    FilePlace whole = proc.placeBelow("proc");
    FilePlace table = proc.placeBelow("proc/self/mountinfo");
    if (whole == null || table == null || !whole.equals(table)) {
      return new ProcCovers(List.of(), List.of(), "/proc/self/mountinfo is on another mount");
    }
    return parse(new String(text, StandardCharsets.ISO_8859_1));
  }

  /** Parses the mounts (proc_pid_mountinfo(5)); the fifth field is the place of the mount. */
  static ProcCovers parse(String mountinfo) {
    List<String> processes = new ArrayList<>();
    List<String> tables = new ArrayList<>();
    for (String line : mountinfo.split("\n", -1)) {
      String[] fields = line.split(" ", 6);
      String place = fields.length == 6 ? fields[4] : "";
      if (!place.startsWith("/proc/")) {
        continue;
      }
      String first = place.substring("/proc/".length()).split("/", 2)[0];
      String shown = HostText.of(place.getBytes(StandardCharsets.ISO_8859_1), 120).toString();
      if (PROCESS.matcher(first).matches()) {
        processes.add(shown);
      } else if (TABLES.contains(first)) {
        tables.add(shown);
      }
    }
    return new ProcCovers(processes, tables, null);
  }
}
