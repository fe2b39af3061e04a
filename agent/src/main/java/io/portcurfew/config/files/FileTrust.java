package io.portcurfew.config.files;

import io.portcurfew.process.OwnUser;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The owners whose files the agent trusts: root, its own user and, as git does, the user who called
 * it by sudo. A file may be writable by its owner's private group, which has the owner's name
 * (pam_umask(8), usergroups); sudo allows such a group of root too.
 *
 * @param users user ids; empty if any owner is trusted
 */
public record FileTrust(Set<Long> users) {

  /** The owners that this process trusts. */
  public static final FileTrust OF_THIS_PROCESS = of(OwnUser.id(), System.getenv().get("SUDO_UID"));

  /** Any owner, for files that do not configure the agent. */
  public static final FileTrust ANYBODY = new FileTrust(Set.of());

  public FileTrust {
    users = Set.copyOf(users);
  }

  /**
   * The owners that a process of this user trusts.
   *
   * @param sudo the value of SUDO_UID; used only if the process runs as root
   */
  static FileTrust of(long user, @Nullable String sudo) {
    Set<Long> users = new HashSet<>(Set.of(0L));
    users.add(user);
    if (user == 0 && sudo != null && sudo.matches("[0-9]{1,10}")) {
      users.add(Long.parseLong(sudo));
    }
    return new FileTrust(users);
  }

  boolean isChecked() {
    return !users.isEmpty();
  }

  boolean inOwnerOf(FileStatus status) {
    return users.contains(Integer.toUnsignedLong(status.uid()));
  }

  /** True if a group that is not its owner's private one can write the file. */
  static boolean isOpenToGroup(FileStatus status) {
    return status.groupMayWrite() && !status.group().equals(status.owner());
  }
}
