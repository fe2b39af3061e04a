package io.portcurfew.observe.oshi;

import io.portcurfew.observe.HostText;
import io.portcurfew.observe.Owner;
import io.portcurfew.observe.OwnerDetails;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import oshi.software.os.OSProcess;

/** Describes the owners that OSHI names. */
final class OshiOwners {

  /** Outside of Linux processes have no own mount namespaces, so a path means the same to all. */
  private static final boolean PATHS_ARE_SHARED =
      !System.getProperty("os.name", "").equals("Linux");

  private OshiOwners() {}

  /**
   * Merges the facts that OSHI and the JDK know about a process. OSHI fails for a process whose
   * name is not UTF-8. The JDK does not read names, so it still returns the executable and the
   * user, and it runs no helper program for the user.
   *
   * @param process {@code null} if OSHI has none
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
        PATHS_ARE_SHARED ? OwnerDetails.NONE.withElsewhere(false) : OwnerDetails.NONE);
  }

  private static @Nullable HostText text(@Nullable String value) {
    return value == null || value.isEmpty() ? null : HostText.of(value);
  }
}
