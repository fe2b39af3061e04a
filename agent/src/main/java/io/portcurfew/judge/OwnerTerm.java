package io.portcurfew.judge;

import io.portcurfew.observe.HostText;
import io.portcurfew.observe.Owner;
import io.portcurfew.observe.OwnerDetails;
import org.jspecify.annotations.Nullable;

/**
 * An owner that a rule accepts; what it leaves out it does not ask about. Never a process name:
 * names are free to forge.
 *
 * @param executable the whole path of the file that it runs, as {@link HostText} shows it
 * @param user the name of its user
 */
public record OwnerTerm(@Nullable String executable, @Nullable String user) {

  /**
   * Whether this process is the owner that the term names. A path counts only where it is known to
   * be that file: in a mount namespace of its own a process can be seen to run whatever it likes,
   * and so can one whose file was removed.
   */
  public Answer accepts(Owner owner) {
    Answer path = same(executable, owner.executable());
    boolean inDoubt = executable != null && path == Answer.YES && !isThatFile(owner.details());
    return (inDoubt ? Answer.UNKNOWN : path).and(same(user, owner.user()));
  }

  private static boolean isThatFile(OwnerDetails details) {
    return !Boolean.TRUE.equals(details.elsewhere()) && !Boolean.TRUE.equals(details.deleted());
  }

  private static Answer same(@Nullable String wanted, @Nullable HostText found) {
    if (wanted == null) {
      return Answer.YES;
    }
    return found == null ? Answer.UNKNOWN : Answer.of(found.toString().equals(wanted));
  }

  /** In words: {@code /usr/sbin/sshd as root}. */
  @Override
  public String toString() {
    if (executable == null) {
      return "any executable as " + user;
    }
    return user == null ? executable : executable + " as " + user;
  }
}
