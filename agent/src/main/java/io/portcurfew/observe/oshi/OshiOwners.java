package io.portcurfew.observe.oshi;

import io.portcurfew.observe.HostText;
import io.portcurfew.observe.Owner;
import io.portcurfew.observe.OwnerDetails;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import oshi.software.os.OSProcess;

/** Describes processes. */
final class Processes {

  /** Outside of Linux no process has mounts of its own, so a path means the same to all. */
  private static final boolean PATHS_ARE_SHARED =
      !System.getProperty("os.name", "").equals("Linux");

  private Processes() {}

  /**
   * What OSHI and the JDK know of a process. OSHI knows nothing of a process that gave itself a
   * name that is not UTF-8; the JDK, which does not read names, still tells its executable and
   * user, and asks no helper program for the latter.
   *
   * @param process {@code null} where OSHI has none
   */
  static Owner describe(int pid, @Nullable OSProcess process) {
    Optional<ProcessHandle.Info> info = ProcessHandle.of(pid).map(ProcessHandle::info);
    return new Owner(
        pid,
        process == null ? null : text(process.getName()),
        info.flatMap(ProcessHandle.Info::command)
            .map(HostText::of)
            .orElseGet(() -> process == null ? null : text(process.getPath())),
        info.flatMap(ProcessHandle.Info::user).map(HostText::of).orElse(null),
        null,
        PATHS_ARE_SHARED ? OwnerDetails.NONE.isElsewhere(false) : OwnerDetails.NONE);
  }

  private static @Nullable HostText text(@Nullable String value) {
    return value == null || value.isEmpty() ? null : HostText.of(value);
  }
}
