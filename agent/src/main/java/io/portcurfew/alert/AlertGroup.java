package io.portcurfew.alert;

import io.portcurfew.judge.Finding;
import io.portcurfew.observe.Endpoint;
import io.portcurfew.observe.Owner;
import io.portcurfew.observe.SocketPlace;
import java.util.Comparator;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The alerts that share one place, rule and kind of owner. A bound is shared out by groups, so that
 * many alerts of one program do not push out one of another.
 *
 * @param namespace {@code null} if it is about the whole host or the agent
 * @param owner executable and user of its first owner; empty if the owner is unknown
 * @param user the user who is accountable for that owner, with all of his subordinate ids; empty if
 *     unknown
 */
public record AlertGroup(@Nullable String namespace, String rule, String owner, String user) {

  /**
   * The groups of one user on the host or elsewhere, under all rules; of unknown users, those of
   * one rule. A bound is shared out by these first, because a user may give a program any number of
   * names, and may break every rule of a long policy.
   *
   * @param rule empty if the user is known
   */
  public record GroupShare(boolean ofHost, String rule, String user) {}

  /** The group of this finding. */
  public static AlertGroup of(Finding finding) {
    Endpoint endpoint = finding.endpoint();
    SocketPlace socket = finding.socket();
    String ofSocket = socket == null ? finding.namespace() : socket.namespace();
    String namespace = endpoint == null ? ofSocket : endpoint.namespace();
    Optional<Owner> owner = finding.owners().stream().min(Comparator.comparing(AlertGroup::owner));
    return new AlertGroup(
        namespace,
        finding.rule(),
        owner.map(AlertGroup::owner).orElse(""),
        owner.map(AlertGroup::user).orElse(""));
  }

  private static String owner(Owner owner) {
    Object user = owner.uid() != null ? owner.uid() : owner.user();
    return owner.executable() + " " + Objects.toString(user, "");
  }

  private static String user(Owner owner) {
    Long uid = owner.accountable();
    return Objects.toString(uid != null ? uid : owner.user(), "");
  }

  /** The share of this group. */
  public GroupShare share() {
    return new GroupShare(isOfHost(), user.isEmpty() ? rule : "", user);
  }

  /** True for the namespace of the host and for the host as a whole, which come first. */
  public boolean isOfHost() {
    return namespace == null || namespace.equals(Endpoint.HOST);
  }
}
