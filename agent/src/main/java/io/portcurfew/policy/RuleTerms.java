package io.portcurfew.policy;

import io.portcurfew.observe.Container;
import io.portcurfew.observe.Listener;
import io.portcurfew.observe.Owner;
import io.portcurfew.observe.Redirect;
import java.util.List;

/**
 * The terms on which a rule allows a listener.
 *
 * @param addresses the allowed addresses; empty for any
 * @param by the accepted owners; empty for any
 * @param warnsOfReplaced true if an owner whose file a package upgrade replaced is a finding
 */
public record RuleTerms(List<AddressTerm> addresses, List<OwnerTerm> by, boolean warnsOfReplaced) {

  /** No terms: anything may listen. */
  public static final RuleTerms NONE = new RuleTerms(List.of(), List.of());

  /** Terms that accept an owner whose file was replaced. */
  public RuleTerms(List<AddressTerm> addresses, List<OwnerTerm> by) {
    this(addresses, by, false);
  }

  public RuleTerms {
    addresses = List.copyOf(addresses);
    by = List.copyOf(by);
  }

  /** The same terms with the paths behind the links of executables. */
  RuleTerms following(ExecutableLinks links) {
    return new RuleTerms(addresses, following(by, links), warnsOfReplaced);
  }

  static List<OwnerTerm> following(List<OwnerTerm> terms, ExecutableLinks links) {
    return terms.stream().map(term -> term.following(links)).toList();
  }

  /** True if there are no terms. */
  public boolean isEmpty() {
    return addresses.isEmpty() && by.isEmpty() && !warnsOfReplaced;
  }

  /**
   * YES if a listener may have its address. A dual-stack wildcard receives IPv4 too, but is one
   * address: only {@code any} allows it.
   *
   * @param ownInterfaces true if interfaces are those of the listener's network namespace; they are
   *     those of another one otherwise, where it is not
   */
  Trilean allow(Listener listener, boolean ownInterfaces) {
    Trilean answer = addresses.isEmpty() ? Trilean.YES : Trilean.NO;
    for (AddressTerm term : addresses) {
      boolean elsewhere = term instanceof AddressTerm.Interface && !ownInterfaces;
      answer = answer.or(elsewhere ? Trilean.NO : term.allows(listener));
    }
    return answer;
  }

  /**
   * YES if these may hold a listener. Every process that holds the socket can receive its traffic,
   * so the terms must accept each of them.
   */
  public Trilean accept(List<Owner> owners) {
    return accept(by, owners);
  }

  /** YES if the owners of a listener, and what a redirect takes its traffic to, may hold it. */
  public Trilean accept(Listener listener) {
    return accept(by, listener);
  }

  /**
   * YES if each receiver of the traffic fits one of the terms. It is not known if the owner of one
   * of several sockets is not. A container and the programs of its engine that keep the socket are
   * one receiver, which either of them describes.
   */
  static Trilean accept(List<OwnerTerm> terms, Listener listener) {
    Trilean known = acceptKnown(terms, listener);
    return listener.hasAnotherOwner() && !terms.isEmpty() ? known.and(Trilean.UNKNOWN) : known;
  }

  private static Trilean acceptKnown(List<OwnerTerm> terms, Listener listener) {
    Redirect via = listener.via();
    if (via == null || via.local() || terms.isEmpty()) {
      return accept(terms, listener.owners());
    }
    List<Owner> keepers = listener.owners().stream().filter(via::isKeptBy).toList();
    List<Owner> others = listener.owners().stream().filter(one -> !via.isKeptBy(one)).toList();
    Container container = via.container();
    Trilean answer = container == null ? Trilean.UNKNOWN : receiver(terms, container);
    answer = keepers.isEmpty() ? answer : answer.or(accept(terms, keepers));
    return others.isEmpty() ? answer : answer.and(accept(terms, others));
  }

  private static Trilean receiver(List<OwnerTerm> terms, Container container) {
    Trilean answer = Trilean.NO;
    for (OwnerTerm term : terms) {
      answer = answer.or(term.acceptsReceiverIn(container));
    }
    return answer;
  }

  /** YES if each of the owners fits one of the terms, or there are no terms. */
  static Trilean accept(List<OwnerTerm> terms, List<Owner> owners) {
    if (terms.isEmpty()) {
      return Trilean.YES;
    }
    Trilean answer = owners.isEmpty() ? Trilean.UNKNOWN : Trilean.YES;
    for (Owner owner : owners) {
      answer = answer.and(accept(terms, owner));
    }
    return answer;
  }

  private static Trilean accept(List<OwnerTerm> terms, Owner owner) {
    Trilean answer = Trilean.NO;
    for (OwnerTerm term : terms) {
      answer = answer.or(term.accepts(owner));
    }
    return answer;
  }
}
