package io.portcurfew.observe.linux.owner;

import io.portcurfew.observe.Owner;
import io.portcurfew.observe.linux.proc.CgroupReader;
import io.portcurfew.observe.linux.proc.ProcText;
import io.portcurfew.observe.linux.proc.ProcessFolder;
import io.portcurfew.observe.linux.proc.ProcessIdentity;
import org.jspecify.annotations.Nullable;

/**
 * The facts of a process, and the evidence by which a later look sees that they still hold.
 *
 * @param identity compared at each proof
 * @param membership compared at some of them
 */
record OwnerReading(Owner owner, ProcessIdentity identity, Membership membership) {

  /** The reading of a process that changed meanwhile; the next proof reads it again. */
  static OwnerReading changing(Owner owner) {
    return new OwnerReading(owner, ProcessIdentity.CHANGING, new Membership(null, ""));
  }

  /**
   * Facts of which each costs a text of the kernel.
   *
   * @param users its users; {@code null} where they cannot be read
   * @param cgroup the text of its control groups
   */
  record Membership(ProcText.@Nullable Users users, String cgroup) {

    static Membership of(ProcessFolder process) {
      byte[] status = process.read("status", 4096);
      return new Membership(
          status == null ? null : ProcText.users(status), CgroupReader.read(process));
    }
  }
}
