package io.portcurfew.observe.linux.owner;

import io.portcurfew.observe.Owner;
import io.portcurfew.observe.linux.proc.CgroupReader;
import io.portcurfew.observe.linux.proc.ProcText;
import io.portcurfew.observe.linux.proc.ProcessFolder;
import io.portcurfew.observe.linux.proc.ProcessIdentity;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/**
 * The facts of a process, and the values that a later look compares to see if they still hold.
 *
 * @param owner the facts
 * @param identity the values that each proof compares
 * @param membership the values that only some proofs compare
 * @param isLate true if a fact could not be read in time, so that the next proof reads all again
 */
record OwnerReading(Owner owner, ProcessIdentity identity, Membership membership, boolean isLate) {

  /**
   * Returns the reading of a process that changed during the reading. The next proof reads it
   * again.
   */
  static OwnerReading changing(Owner owner) {
    return new OwnerReading(owner, ProcessIdentity.CHANGING, new Membership(null, null, ""), false);
  }

  /**
   * Returns this reading with the owner as it is kept. One without its paths is read again by the
   * next proof, because there may be a place for them then.
   */
  OwnerReading keeping(Owner kept) {
    return kept.details().pathsLeftOut()
        ? changing(kept)
        : new OwnerReading(kept, identity, membership, isLate);
  }

  /**
   * Facts that are expensive, because the kernel formats a text for each of them.
   *
   * @param process the id of the process, which is another one than that of a thread; {@code null}
   *     if it cannot be read
   * @param users the users of the process, or {@code null} if they cannot be read
   * @param cgroup the text of its control groups, or the digest of a long one
   */
  record Membership(@Nullable Integer process, ProcText.@Nullable Users users, String cgroup) {

    private static final int LONG_CGROUP = 256;

    /** Returns this with the digest of a long text, because a user may choose long names. */
    Membership compact() {
      return cgroup.length() <= LONG_CGROUP ? this : new Membership(process, users, sha256(cgroup));
    }

    private static String sha256(String text) {
      try {
        byte[] raw = text.getBytes(StandardCharsets.ISO_8859_1);
        return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(raw));
      } catch (NoSuchAlgorithmException everyJavaHasIt) {
        throw new IllegalStateException(everyJavaHasIt);
      }
    }

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
