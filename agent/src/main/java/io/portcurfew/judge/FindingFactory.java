package io.portcurfew.judge;

import io.portcurfew.observe.Container;
import io.portcurfew.observe.Disagreement;
import io.portcurfew.observe.Endpoint;
import io.portcurfew.observe.Listener;
import io.portcurfew.observe.Owner;
import io.portcurfew.observe.OwnerDetails;
import io.portcurfew.observe.Redirect;
import io.portcurfew.observe.UnknownOwner;
import io.portcurfew.policy.FindingKind;
import io.portcurfew.policy.NotifySettings;
import io.portcurfew.policy.Policy;
import io.portcurfew.policy.Rule;
import io.portcurfew.policy.Severity;
import io.portcurfew.text.ShortList;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Makes each kind of finding. */
final class FindingFactory {

  /** The start of the evidence of a comparison. */
  static final String SEEN_BY = "seen by ";

  /** More owners are only counted. */
  private static final int MOST_OWNERS_NAMED = 4;

  private FindingFactory() {}

  static Finding open(Rule rule, Listener listener) {
    return of(FindingKind.OPEN, rule, listener, "is open and should be closed");
  }

  static Finding exposed(Rule rule, Listener listener) {
    String allowed = join(rule.terms().addresses());
    return of(
        FindingKind.EXPOSED,
        rule,
        listener,
        "listens on an address that is not allowed (allowed: " + allowed + place(listener) + ")");
  }

  private static String place(Listener listener) {
    SortedSet<String> interfaces = listener.interfaces();
    if (interfaces == null) {
      return "";
    }
    return interfaces.isEmpty()
        ? "; no interface has the address now"
        : "; the address is on " + String.join(", ", interfaces);
  }

  /** A cut address cannot be compared with a block, and no address with an interface. */
  static Finding addressUnknown(Rule rule, Listener listener) {
    boolean cut = listener.endpoint().address().cut();
    String why = cut ? "has an address that the tool cut off" : "is on an unknown interface";
    String allowed = join(rule.terms().addresses());
    return of(FindingKind.BLIND, rule, listener, why + "; allowed: " + allowed);
  }

  /**
   * A finding about a listener that has closed, of which only the network namespace of its process
   * is known.
   *
   * @param onHost the finding if it was one of the host
   * @param orElse the namespace of its process
   */
  static Finding placeUnknown(Finding onHost, String orElse) {
    return Finding.ofEndpoint(
            FindingKind.BLIND,
            onHost.rule(),
            onHost.notifySettings(),
            Objects.requireNonNull(onHost.endpoint()),
            onHost.message()
                + "; its network namespace is not known, that of its process is "
                + orElse,
            onHost.owners(),
            onHost.evidence())
        .withCause(onHost.cause());
  }

  static Finding wrongOwner(Rule rule, Listener listener) {
    return of(
        FindingKind.WRONG_OWNER, rule, listener, "should be held by " + join(rule.terms().by()));
  }

  static Finding replaced(Rule rule, Listener listener) {
    String what = "runs a file that a package upgrade has replaced, so restart it";
    return of(FindingKind.REPLACED, rule, listener, what);
  }

  static Finding ownerUnknown(Rule rule, Listener listener) {
    OwnerDoubt doubt = OwnerDoubt.about(listener, rule.terms().by());
    String wanted = "should be held by " + join(rule.terms().by()) + ", but " + doubt.words();
    NotifySettings settings = doubt.patient(rule.notifySettings());
    return of(FindingKind.OWNER_UNKNOWN, rule, settings, listener, wanted).withCause(doubt.cause());
  }

  /**
   * A listener that the default denies.
   *
   * @param inDoubt the first rule that would select it if its owner were known
   */
  static Finding unlisted(Listener listener, Optional<Rule> inDoubt) {
    String message = message(listener, "matches no rule and the default denies");
    OwnerDoubt doubt =
        inDoubt
            .map(rule -> OwnerDoubt.about(listener, rule.scope().owners()))
            .orElse(new OwnerDoubt(listener, null));
    UnknownOwner cause = doubt.cause();
    Finding finding =
        Finding.ofEndpoint(
            FindingKind.UNLISTED,
            Policy.DEFAULT,
            doubt.mayBeOver() ? OwnerDoubt.PATIENT : NotifySettings.of(Severity.WARNING),
            listener.endpoint(),
            message,
            listener.owners(),
            seen(listener));
    return finding.withCause(cause).saying(inDoubt.map(rule -> doubt(rule, cause)).orElse(""));
  }

  private static String doubt(Rule rule, @Nullable UnknownOwner cause) {
    String why = cause == null ? "its owner is not known well enough" : cause.words();
    return "; the rule " + rule.name() + " cannot select it, because " + why;
  }

  static Finding hidden(Listener listener, Disagreement disagreement, Optional<Rule> rule) {
    String missed = String.join(", ", disagreement.missedBy());
    return Finding.ofEndpoint(
        FindingKind.HIDDEN,
        name(rule),
        hidden(rule),
        listener.endpoint(),
        message(listener, "was missing from " + missed + " three times in a row"),
        listener.owners(),
        List.of(SEEN_BY + String.join(", ", disagreement.seenBy()), "not shown by " + missed));
  }

  private static String name(Optional<Rule> rule) {
    return rule.map(Rule::name).orElse(Policy.DEFAULT);
  }

  private static NotifySettings hidden(Optional<Rule> rule) {
    return rule.map(Rule::notifySettings)
        .map(NotifySettings::hidden)
        .orElse(NotifySettings.of(Severity.CRITICAL));
  }

  /** A port that cannot be bound although no source shows a socket on it. */
  static Finding unexplained(Endpoint port, Optional<Rule> rule) {
    return Finding.ofEndpoint(
        FindingKind.HIDDEN,
        name(rule),
        hidden(rule),
        port,
        port.protocol() + " port " + port.port() + " is taken, but no source shows a listener",
        List.of(),
        List.of(
            "binding to " + port + " failed repeatedly: address in use",
            "neither the sources nor sock_diag show a socket on it in any state",
            "its socket may be bound to a single address of this family"));
  }

  static Finding missing(Rule rule, Endpoint endpoint) {
    String message =
        "nothing listens on "
            + endpoint.protocol()
            + " port "
            + endpoint.port()
            + ", which is required";
    return Finding.ofEndpoint(
        FindingKind.MISSING,
        rule.name(),
        rule.notifySettings(),
        endpoint,
        message,
        List.of(),
        List.of());
  }

  private static Finding of(FindingKind kind, Rule rule, Listener listener, String what) {
    return of(kind, rule, rule.notifySettings(), listener, what);
  }

  private static Finding of(
      FindingKind kind, Rule rule, NotifySettings settings, Listener listener, String what) {
    return Finding.ofEndpoint(
        kind,
        rule.name(),
        settings,
        listener.endpoint(),
        message(listener, what),
        listener.owners(),
        seen(listener));
  }

  private static String message(Listener listener, String what) {
    return listener.place() + " " + what + "; held by " + holders(listener);
  }

  private static String holders(Listener listener) {
    Redirect via = listener.via();
    Container receiver = via == null ? null : via.container();
    if (receiver == null) {
      return owners(listener.owners())
          + (listener.hasAnotherOwner() ? " and an unknown owner" : "");
    }
    String container = "container " + receiver;
    return listener.owners().isEmpty()
        ? container
        : owners(listener.owners()) + " for " + container;
  }

  private static List<String> seen(Listener listener) {
    Stream<String> owners =
        listener.owners().stream().limit(MOST_OWNERS_NAMED).flatMap(FindingFactory::facts);
    return Stream.concat(Stream.of(SEEN_BY + String.join(", ", listener.seenBy())), owners)
        .toList();
  }

  /** The facts about an owner that its short form does not have. */
  private static Stream<String> facts(Owner owner) {
    OwnerDetails details = owner.details();
    List<String> facts = new ArrayList<>();
    if (!details.ancestors().isEmpty()) {
      facts.add("started by " + OwnerDetails.chain(details.ancestors()));
    }
    if (details.packageName() != null) {
      facts.add("of package " + details.packageName());
    }
    if (details.sha256() != null) {
      facts.add("with SHA-256 " + details.sha256());
    }
    return facts.isEmpty()
        ? Stream.empty()
        : Stream.of("pid " + owner.pid() + " " + String.join(", ", facts));
  }

  /** The owners in words; only the first of many. */
  static String owners(List<Owner> owners) {
    if (owners.size() <= 1) {
      return owners.isEmpty() ? "an unknown owner" : owners.get(0).toString();
    }
    return ShortList.of(owners, MOST_OWNERS_NAMED);
  }

  private static String join(List<?> terms) {
    return terms.stream().map(Object::toString).collect(Collectors.joining(" or "));
  }
}
