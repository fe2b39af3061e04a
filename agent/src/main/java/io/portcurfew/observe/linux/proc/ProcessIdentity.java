package io.portcurfew.observe.linux.proc;

import io.portcurfew.observe.linux.kernel.Refusal;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The identity of a process, which takes only two cheap calls. It changes when the process executes
 * another file, when that file is replaced or changed, and when the effective user changes.
 *
 * @param executable the file that the process runs, or {@code null} if it cannot be seen
 * @param effectiveUid the owner of its folder, which is the effective user for dumpable and other
 *     processes (fs/proc/base.c, task_dump_owner)
 * @param ended true if the kernel has no such process, or the process runs no file
 */
public record ProcessIdentity(
    @Nullable FileId executable, @Nullable Long effectiveUid, boolean ended) {

  /** The identity of a process that changed during every reading. It equals no other identity. */
  public static final ProcessIdentity CHANGING = new ProcessIdentity(null, -1L, false);

  /** Reads the current identity from the kernel. */
  public static ProcessIdentity of(ProcessFolder process) {
    FileId executable = process.file("exe");
    boolean ended = executable == null && Refusal.PROCESS.is(process.error());
    FileId folder = process.file(".");
    return new ProcessIdentity(executable, folder == null ? null : folder.uid(), ended);
  }

  /** Returns true if both files are known and differ. */
  public boolean runsAnotherFileThan(ProcessIdentity other) {
    return executable != null && other.executable != null && !executable.isSameAs(other.executable);
  }

  // By hand: Java's quick compiler runs the generated methods by a chain of method handles.
  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof ProcessIdentity process
        && ended == process.ended
        && Objects.equals(executable, process.executable)
        && Objects.equals(effectiveUid, process.effectiveUid);
  }

  @Override
  public int hashCode() {
    return 31 * Objects.hashCode(executable) + Objects.hashCode(effectiveUid);
  }
}
