package io.portcurfew.baseline;

import io.portcurfew.observe.Address;
import io.portcurfew.observe.Listener;
import io.portcurfew.policy.AddressTerm;
import java.util.List;
import java.util.regex.Pattern;

/** Makes address terms that are no wider than the observed addresses. */
final class AddressTerms {

  /** Zones that a policy can express after an address. */
  private static final Pattern EXPRESSIBLE =
      Pattern.compile("[A-Za-z0-9_@-]+(?:\\.(?:0|[1-9][0-9]*))?");

  private AddressTerms() {}

  /** {@code any} for wildcards of both families, {@code loopback} for loopback addresses. */
  static List<AddressTerm> of(List<Listener> listeners) {
    return isEverywhere(listeners)
        ? List.of(new AddressTerm.Any())
        : listeners.stream()
            .map(listener -> listener.endpoint().address())
            .sorted()
            .map(AddressTerms::of)
            .distinct()
            .toList();
  }

  private static boolean isEverywhere(List<Listener> listeners) {
    boolean dualStack =
        listeners.stream()
            .filter(listener -> listener.endpoint().address().equals(Address.ANY_IPV6))
            .anyMatch(listener -> Boolean.TRUE.equals(listener.dualStack()));
    List<Address> bound = listeners.stream().map(l -> l.endpoint().address()).toList();
    return dualStack || (bound.contains(Address.ANY_IPV4) && bound.contains(Address.ANY_IPV6));
  }

  private static AddressTerm of(Address address) {
    if (address.isLoopback()) {
      return new AddressTerm.Loopback();
    }
    String zone = address.zone();
    boolean exact = zone == null || EXPRESSIBLE.matcher(zone).matches();
    return new AddressTerm.Exact(exact ? address : new Address(address.host(), null, false));
  }
}
