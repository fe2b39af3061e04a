package io.portcurfew.config.files;

import com.sun.security.auth.module.UnixSystem;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Whose files the agent obeys: those of root, of its own user and, as git does, of the user who
 * called it by sudo. A group may write a file where it is the owner's private one, which has the
 * owner's name (pam_umask(8), usergroups); that group of root is what sudo allows too.
 *
 * @param users by number; none where it does not matter whose a file is
 */
public record FileTrust(Set<Long> users) {

  /** Whom this process trusts. */
  public static final FileTrust OF_THIS_PROCESS =
      of(new UnixSystem().getUid(), System.getenv().get("SUDO_UID"));

  /** For files that are looked at, and never obeyed. */
  public static final FileTrust ANYBODY = new FileTrust(Set.of());

  public FileTrust {
    users = Set.copyOf(users);
  }

  /**
   * Whom a process of this user trusts.
   *
   * @param sudo the user who called sudo, as sudo tells it; counts for root alone
   */
  static FileTrust of(long user, @Nullable String sudo) {
    Set<Long> users = new HashSet<>(Set.of(0L));
    users.add(user);
    if (user == 0 && sudo != null && sudo.matches("[0-9]{1,10}")) {
      users.add(Long.parseLong(sudo));
    }
    return new FileTrust(users);
  }

  boolean isAsked() {
    return !users.isEmpty();
  }

  boolean inOwnerOf(FileStatus standing) {
    return users.contains(Integer.toUnsignedLong(standing.uid()));
  }

  /** Whether its group may write it and is more than its owner. */
  static boolean isOpenToGroup(FileStatus standing) {
    return standing.groupMayWrite() && !standing.group().equals(standing.owner());
  }
}
