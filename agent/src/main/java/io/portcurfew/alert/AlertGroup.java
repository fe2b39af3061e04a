package io.portcurfew.alert;

import io.portcurfew.judge.Finding;
import io.portcurfew.observe.Endpoint;
import io.portcurfew.observe.Owner;
import io.portcurfew.observe.SocketPlace;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The alerts that share one place, rule and kind of owner. A bound is shared out by groups, so that
 * many alerts of one program do not push out one of another.
 *
 * @param namespace {@code null} if it is about the whole host or the agent
 * @param owner executable and user of its first owner; empty if the owner is unknown
 */
public record AlertGroup(@Nullable String namespace, String rule, String owner) {

  /** The group of this finding. */
  public static AlertGroup of(Finding finding) {
    Endpoint endpoint = finding.endpoint();
    SocketPlace socket = finding.socket();
    String ofSocket = socket == null ? finding.namespace() : socket.namespace();
    String namespace = endpoint == null ? ofSocket : endpoint.namespace();
    String owner =
        finding.owners().stream().map(AlertGroup::owner).min(String::compareTo).orElse("");
    return new AlertGroup(namespace, finding.rule(), owner);
  }

  private static String owner(Owner owner) {
    Object user = owner.uid() != null ? owner.uid() : owner.user();
    return owner.executable() + " " + Objects.toString(user, "");
  }

  /** True for the namespace of the host and for the host as a whole, which come first. */
  public boolean isOfHost() {
    return namespace == null || namespace.equals(Endpoint.HOST);
  }
}
