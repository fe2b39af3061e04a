package io.portcurfew.process;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The processes of this machine. On Linux it reads {@code status} (proc_pid_status(5)), which never
 * waits for a process. Java lists processes by {@code stat}, and so waits for one that hangs in
 * execve(2) for as long as its user likes (tried: Linux 6.18).
 */
final class ProcessTable {

  private static final String FOLDER = "/proc";

  private ProcessTable() {}

  /**
   * One process.
   *
   * @param parent the process id of its parent, or 0 if unknown
   * @param users its real, effective, saved and file system user id, or empty if unknown
   * @param zombie true if it has ended and its parent does not know yet
   */
  record ProcessRow(long pid, long parent, String users, boolean zombie) {

    /** Returns the row of a process with this text in {@code status}. */
    static ProcessRow of(long pid, String status) {
      String parent = "0";
      String users = "";
      boolean zombie = false;
      // The kernel escapes a line feed in the name of the process.
      for (String line : status.split("\n", -1)) {
        String value = line.substring(line.indexOf(':') + 1).trim();
        if (line.startsWith("State:")) {
          zombie = value.startsWith("Z");
        } else if (line.startsWith("PPid:")) {
          parent = value;
        } else if (line.startsWith("Uid:")) {
          users = value;
        }
      }
      return new ProcessRow(pid, ByteText.number(parent).orElse(0L), users, zombie);
    }
  }

  /** Returns all processes that can be seen. */
  static List<ProcessRow> rows() {
    String[] names =
        isLinux() ? new File(FOLDER).list((all, name) -> ByteText.isNumber(name)) : null;
    return names == null
        ? ProcessHandle.allProcesses().map(ProcessTable::row).toList()
        : Stream.of(names).map(ProcessTable::row).filter(Objects::nonNull).toList();
  }

  /** Returns one process, or {@code null} if it has ended. */
  static @Nullable ProcessRow row(long pid) {
    return isLinux()
        ? row(Long.toString(pid))
        : ProcessHandle.of(pid).map(ProcessTable::row).orElse(null);
  }

  /** Returns our own process, or {@code null} if it cannot be read. */
  static @Nullable ProcessRow own() {
    return row(ProcessHandle.current().pid());
  }

  private static boolean isLinux() {
    return Files.exists(Path.of(FOLDER, "self", "status"));
  }

  private static ProcessRow row(ProcessHandle handle) {
    return new ProcessRow(
        handle.pid(), handle.parent().map(ProcessHandle::pid).orElse(0L), "", false);
  }

  private static @Nullable ProcessRow row(String pid) {
    try {
      String status = ByteText.text(Files.readAllBytes(Path.of(FOLDER, pid, "status")));
      return ProcessRow.of(Long.parseLong(pid), status);
    } catch (IOException ended) {
      return null;
    }
  }
}
