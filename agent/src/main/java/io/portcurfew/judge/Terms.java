package io.portcurfew.judge;

import io.portcurfew.observe.Address;
import io.portcurfew.observe.Owner;
import java.util.List;

/**
 * On what terms a rule lets something listen.
 *
 * @param addresses where; empty asks nothing
 * @param by who; empty asks nothing
 */
public record Terms(List<AddressTerm> addresses, List<OwnerTerm> by) {

  /** Anything may listen. */
  public static final Terms NONE = new Terms(List.of(), List.of());

  public Terms {
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
  public Answer allow(Address bound) {
    return addresses.stream().map(term -> term.allows(bound)).reduce(Answer::or).orElse(Answer.YES);
  }

  /**
   * Whether these may hold a listener. Every process that holds the socket can take its traffic, so
   * each has to be one that the terms accept.
   */
  public Answer accept(List<Owner> owners) {
    if (by.isEmpty()) {
      return Answer.YES;
    }
    return owners.stream().map(this::accept).reduce(Answer::and).orElse(Answer.UNKNOWN);
  }

  private Answer accept(Owner owner) {
    return by.stream().map(term -> term.accepts(owner)).reduce(Answer.NO, Answer::or);
  }
}
