package io.portcurfew.explain;

import io.portcurfew.observe.Address;
import io.portcurfew.observe.Container;
import io.portcurfew.observe.Endpoint;
import io.portcurfew.observe.HostText;
import io.portcurfew.observe.Listener;
import io.portcurfew.observe.Owner;
import io.portcurfew.observe.Redirect;
import io.portcurfew.policy.AddressTerm;
import io.portcurfew.policy.ContainerTerm;
import io.portcurfew.policy.OwnerTerm;
import io.portcurfew.policy.Rule;
import io.portcurfew.policy.Trilean;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One term of a rule and the value that was observed. One of several addresses is enough, and one
 * of several owners in {@code owner} and {@code by} for each process; all keys of one owner must
 * match.
 *
 * @param term its place in the rule: {@code owner[0].user}, {@code address}, {@code by[0].user}
 * @param wanted the value in the policy
 * @param pid the checked process; {@code null} for an address or an unknown process
 * @param found the observed value; {@code null} if it could not be seen
 */
public record TermCheck(
    String term, String wanted, @Nullable Integer pid, @Nullable String found, Trilean holds) {

  /** Every term of a rule. */
  static List<TermCheck> of(Rule rule, Listener listener) {
    Address address = listener.endpoint().address();
    List<TermCheck> checks = new ArrayList<>(of("owner", rule.scope().owners(), listener));
    checks.addAll(ofReceiver("owner", rule.scope().owners(), listener));
    boolean own =
        rule.scope().namespace() != null || listener.endpoint().namespace().equals(Endpoint.HOST);
    for (AddressTerm term : rule.terms().addresses()) {
      boolean elsewhere = term instanceof AddressTerm.Interface && !own;
      Trilean holds = elsewhere ? Trilean.NO : term.allows(listener);
      String found = address + on(listener.interfaces());
      checks.add(new TermCheck("address", term.toString(), null, found, holds));
    }
    checks.addAll(of("by", rule.terms().by(), listener));
    checks.addAll(ofReceiver("by", rule.terms().by(), listener));
    return checks;
  }

  /** The container that a redirect takes the traffic to. */
  private static List<TermCheck> ofReceiver(String key, List<OwnerTerm> terms, Listener listener) {
    Redirect via = listener.via();
    Container receiver = via == null ? null : via.container();
    List<TermCheck> checks = new ArrayList<>();
    for (int i = 0; receiver != null && i < terms.size(); i++) {
      ContainerTerm wanted = terms.get(i).container();
      if (wanted != null) {
        String term = key + "[" + i + "].container of the redirect";
        Trilean holds = terms.get(i).acceptsReceiverIn(receiver);
        checks.add(new TermCheck(term, wanted.toString(), null, receiver.toString(), holds));
      }
    }
    return checks;
  }

  private static String on(@Nullable Set<String> interfaces) {
    if (interfaces == null) {
      return "";
    }
    return interfaces.isEmpty()
        ? " on no interface of the host"
        : " on " + String.join(", ", interfaces);
  }

  private static List<TermCheck> of(String key, List<OwnerTerm> terms, Listener listener) {
    List<TermCheck> checks = new ArrayList<>();
    for (int i = 0; i < terms.size(); i++) {
      for (OwnerTerm.TermPart part : terms.get(i).parts()) {
        String term = key + "[" + i + "]." + part.key();
        if (listener.owners().isEmpty() || listener.hasAnotherOwner()) {
          checks.add(new TermCheck(term, part.wanted(), null, null, Trilean.UNKNOWN));
        }
        listener.owners().forEach(owner -> checks.add(of(term, part, owner)));
      }
    }
    return checks;
  }

  private static TermCheck of(String term, OwnerTerm.TermPart part, Owner owner) {
    HostText found = part.found().apply(owner);
    String shown = found == null ? null : found.toString();
    return new TermCheck(term, part.wanted(), owner.pid(), shown, part.holds().apply(owner));
  }
}
