package io.portcurfew.judge;

import io.portcurfew.observe.Disagreement;
import io.portcurfew.observe.Endpoint;
import io.portcurfew.observe.Gap;
import io.portcurfew.observe.Listener;
import io.portcurfew.observe.Owner;
import io.portcurfew.observe.Snapshot;
import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Words each kind of finding. */
final class Findings {

  /** More owners than this are counted, not named. */
  private static final int MOST_OWNERS_NAMED = 4;

  private Findings() {}

  static Finding open(Rule rule, Listener listener) {
    return of(Kind.OPEN, rule, listener, "is open and should be closed");
  }

  static Finding exposed(Rule rule, Listener listener) {
    String allowed = join(rule.addresses());
    return of(Kind.EXPOSED, rule, listener, "listens beyond what is allowed (" + allowed + ")");
  }

  /** A cut address cannot be held against a block of addresses. */
  static Finding addressUnknown(Rule rule, Listener listener) {
    String allowed = join(rule.addresses());
    return of(
        Kind.BLIND, rule, listener, "has an address that was cut; allowed is (" + allowed + ")");
  }

  static Finding wrongOwner(Rule rule, Listener listener) {
    return of(Kind.WRONG_OWNER, rule, listener, "should be held by " + join(rule.by()));
  }

  static Finding ownerUnknown(Rule rule, Listener listener) {
    return of(
        Kind.OWNER_UNKNOWN,
        rule,
        listener,
        "should be held by " + join(rule.by()) + ", and too little of its owner can be seen");
  }

  static Finding unlisted(Listener listener) {
    String message = message(listener, "is named by no rule and the default denies");
    return new Finding(
        Kind.UNLISTED,
        Severity.WARNING,
        Policy.DEFAULT,
        listener.endpoint(),
        message,
        null,
        listener.owners(),
        seen(listener),
        Duration.ZERO);
  }

  static Finding hidden(Listener listener, Disagreement disagreement, @Nullable String rule) {
    String missed = String.join(", ", disagreement.missedBy());
    return new Finding(
        Kind.HIDDEN,
        Severity.CRITICAL,
        rule == null ? Policy.DEFAULT : rule,
        listener.endpoint(),
        message(listener, "was twice not shown by " + missed),
        null,
        listener.owners(),
        List.of("seen by " + String.join(", ", disagreement.seenBy()), "not shown by " + missed),
        Duration.ZERO);
  }

  /** A port that cannot be bound to although no source shows a socket there. */
  static Finding unexplained(Endpoint port, @Nullable String rule) {
    return new Finding(
        Kind.HIDDEN,
        Severity.CRITICAL,
        rule == null ? Policy.DEFAULT : rule,
        port,
        port.protocol() + " port " + port.port() + " is taken and no source shows who listens",
        null,
        List.of(),
        List.of(
            "binding to " + port + " was refused again and again: address in use",
            "neither the sources nor sock_diag show a socket of it in any state",
            "what holds it may be bound to one address of this family only"),
        Duration.ZERO);
  }

  static Finding missing(Rule rule, Endpoint endpoint) {
    String message =
        "nothing listens on "
            + endpoint.protocol()
            + " port "
            + endpoint.port()
            + ", which is required";
    return new Finding(
        Kind.MISSING,
        rule.severity(),
        rule.name(),
        endpoint,
        message,
        rule.because(),
        List.of(),
        List.of(),
        rule.holdFor());
  }

  static Finding blind(Snapshot snapshot) {
    List<String> why =
        snapshot.gaps().stream()
            .filter(Gap::hidesListeners)
            .map(gap -> gap.source() + ": " + gap.why())
            .limit(20)
            .toList();
    return new Finding(
        Kind.BLIND,
        Severity.WARNING,
        Policy.DEFAULT,
        null,
        "no source could see every listener, so nothing is known to be closed",
        null,
        List.of(),
        why,
        Duration.ZERO);
  }

  private static Finding of(Kind kind, Rule rule, Listener listener, String what) {
    return new Finding(
        kind,
        rule.severity(),
        rule.name(),
        listener.endpoint(),
        message(listener, what),
        rule.because(),
        listener.owners(),
        seen(listener),
        Duration.ZERO);
  }

  private static String message(Listener listener, String what) {
    return listener.endpoint() + " " + what + "; held by " + owners(listener.owners());
  }

  private static List<String> seen(Listener listener) {
    return List.of("seen by " + String.join(", ", listener.seenBy()));
  }

  private static String owners(List<Owner> owners) {
    if (owners.isEmpty()) {
      return "an unknown owner";
    }
    String named =
        owners.stream()
            .limit(MOST_OWNERS_NAMED)
            .map(Owner::toString)
            .collect(Collectors.joining(", "));
    int more = owners.size() - MOST_OWNERS_NAMED;
    return more > 0 ? named + " and " + more + " more" : named;
  }

  private static String join(List<?> terms) {
    return terms.stream().map(Object::toString).collect(Collectors.joining(" or "));
  }
}
