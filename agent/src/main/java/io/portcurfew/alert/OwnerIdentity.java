package io.portcurfew.alert;

import io.portcurfew.observe.Owner;
import io.portcurfew.observe.OwnerDetails;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;

/**
 * What stays the same of an owner when its program is restarted: file, user, container and, where
 * it is asked for, the digest of the file; never the pid.
 */
public final class OwnerIdentity {

  private OwnerIdentity() {}

  /** One of each, in order; empty where that of any of them is not known. */
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
