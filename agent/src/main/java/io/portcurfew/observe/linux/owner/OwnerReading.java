package io.portcurfew.observe.linux.owner;

import io.portcurfew.observe.Owner;
import io.portcurfew.observe.linux.proc.CgroupReader;
import io.portcurfew.observe.linux.proc.ProcText;
import io.portcurfew.observe.linux.proc.ProcessFolder;
import io.portcurfew.observe.linux.proc.ProcessIdentity;
import org.jspecify.annotations.Nullable;

/**
 * The facts of a process, and the values that a later look compares to see if they still hold.
 *
 * @param owner the facts
 * @param identity the values that each proof compares
 * @param membership the values that only some proofs compare
 */
record OwnerReading(Owner owner, ProcessIdentity identity, Membership membership) {

  /**
   * Returns the reading of a process that changed during the reading. The next proof reads it
   * again.
   */
  static OwnerReading changing(Owner owner) {
    return new OwnerReading(owner, ProcessIdentity.CHANGING, new Membership(null, null, ""));
  }

  /**
   * Facts that are expensive, because the kernel formats a text for each of them.
   *
   * @param process the id of the process, which is another one than that of a thread; {@code null}
   *     if it cannot be read
   * @param users the users of the process, or {@code null} if they cannot be read
   * @param cgroup the text of its control groups
   */
  record Membership(@Nullable Integer process, ProcText.@Nullable Users users, String cgroup) {

    /** Reads the users and the control groups of a process. */
    static Membership of(ProcessFolder process) {
      byte[] status = process.read("status", 4096);
      return new Membership(
          status == null ? null : ProcText.threadGroup(status),
          status == null ? null : ProcText.users(status),
          CgroupReader.read(process));
    }
  }
}
