package io.portcurfew.observe.linux.proc;

import io.portcurfew.observe.linux.kernel.Refusal;
import org.jspecify.annotations.Nullable;

/**
 * What two cheap calls say of a process; it changes when the process executes another file, when
 * that file is replaced or changed, and when its effective user changes.
 *
 * @param executable the file that it runs; {@code null} where it cannot be seen
 * @param effectiveUid the owner of its folder, which is its effective user whether or not the
 *     process is dumpable (fs/proc/base.c, task_dump_owner)
 * @param ended whether the kernel has no such process, or none that runs a file
 */
public record ProcessIdentity(
    @Nullable FileId executable, @Nullable Long effectiveUid, boolean ended) {

  /** That of a process that changed whenever it was looked at: it equals no other. */
  public static final ProcessIdentity CHANGING = new ProcessIdentity(null, -1L, false);

  /** Asks the kernel now. */
  public static ProcessIdentity of(ProcessFolder process) {
    FileId executable = process.file("exe");
    boolean ended = executable == null && Refusal.PROCESS.is(process.error());
    FileId folder = process.file(".");
    return new ProcessIdentity(executable, folder == null ? null : folder.uid(), ended);
  }

  /** Whether both are known and run different files. */
  public boolean runsAnotherFileThan(ProcessIdentity other) {
    return executable != null && other.executable != null && !executable.isSameAs(other.executable);
  }
}
