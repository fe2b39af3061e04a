package io.portcurfew.alert;

import io.portcurfew.observe.Owner;
import io.portcurfew.observe.OwnerDetails;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;

/**
 * The part of an owner that survives a restart of its program: file, user, container and, if
 * configured, the digest of the file; never the pid.
 */
public final class OwnerIdentity {

  private OwnerIdentity() {}

  /** The distinct identities in order; empty if the identity of any owner is unknown. */
  public static List<String> of(Collection<Owner> owners) {
    boolean known = owners.stream().allMatch(owner -> owner.executable() != null);
    return known ? owners.stream().map(OwnerIdentity::of).distinct().sorted().toList() : List.of();
  }

  private static String of(Owner owner) {
    OwnerDetails more = owner.details();
    Object user = owner.uid() != null ? owner.uid() : owner.user();
    return Stream.of(owner.executable(), user, more.container(), more.sha256())
        .map(part -> Objects.toString(part, "-"))
        .reduce((one, other) -> one + " " + other)
        .orElseThrow();
  }
}
