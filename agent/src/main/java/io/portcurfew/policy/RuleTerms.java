package io.portcurfew.policy;

import io.portcurfew.observe.Address;
import io.portcurfew.observe.Owner;
import java.util.List;

/**
 * On what terms a rule lets something listen.
 *
 * @param addresses where; empty asks nothing
 * @param by who; empty asks nothing
 */
public record RuleTerms(List<AddressTerm> addresses, List<OwnerTerm> by) {

  /** Anything may listen. */
  public static final RuleTerms NONE = new RuleTerms(List.of(), List.of());

  public RuleTerms {
    addresses = List.copyOf(addresses);
    by = List.copyOf(by);
  }

  /** Whether nothing is asked. */
  public boolean isEmpty() {
    return addresses.isEmpty() && by.isEmpty();
  }

  /**
   * Whether a listener may be bound to this address. A dual-stack wildcard takes IPv4 too, but is
   * one address: {@code any} allows it and nothing narrower does.
   */
  public Trilean allow(Address bound) {
    Trilean answer = addresses.isEmpty() ? Trilean.YES : Trilean.NO;
    for (AddressTerm term : addresses) {
      answer = answer.or(term.allows(bound));
    }
    return answer;
  }

  /**
   * Whether these may hold a listener. Every process that holds the socket can take its traffic, so
   * each has to be one that the terms accept.
   */
  public Trilean accept(List<Owner> owners) {
    if (by.isEmpty()) {
      return Trilean.YES;
    }
    Trilean answer = owners.isEmpty() ? Trilean.UNKNOWN : Trilean.YES;
    for (Owner owner : owners) {
      answer = answer.and(accept(owner));
    }
    return answer;
  }

  private Trilean accept(Owner owner) {
    Trilean answer = Trilean.NO;
    for (OwnerTerm term : by) {
      answer = answer.or(term.accepts(owner));
    }
    return answer;
  }
}
