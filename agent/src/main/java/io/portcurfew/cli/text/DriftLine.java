package io.portcurfew.cli.text;

import io.portcurfew.baseline.Drift;
import io.portcurfew.baseline.DriftReport;
import io.portcurfew.baseline.OwnerText;
import io.portcurfew.baseline.SocketDrift;
import io.portcurfew.observe.Endpoint;
import io.portcurfew.observe.Gap;
import io.portcurfew.observe.Listener;
import io.portcurfew.observe.OtherSocket;
import io.portcurfew.observe.Snapshot;
import io.portcurfew.policy.Rule;
import io.portcurfew.policy.RuleTerms;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The text of a {@link Drift}. Text of the host in it is safe to show. */
public final class DriftLine {

  private DriftLine() {}

  /** One difference as one line. */
  public static String of(Drift difference) {
    String rule = difference.rule() == null ? "" : " [" + difference.rule().name() + "]";
    return difference.change().sign()
        + " "
        + place(difference)
        + rule
        + ": "
        + switch (difference.change()) {
          case OPENED -> opened(difference);
          case MISSING -> was(Objects.requireNonNull(difference.rule()).terms());
          case CHANGED -> changed(difference);
        };
  }

  /** One difference of sockets of another family as one line. */
  public static String of(SocketDrift difference) {
    Rule rule = difference.rule();
    OtherSocket is = difference.is();
    String now = is == null ? "" : OwnerText.owners(is);
    String was = rule == null ? "" : owners(rule.terms());
    return difference.change().sign()
        + " "
        + difference.place()
        + (rule == null ? "" : " [" + rule.name() + "]")
        + ": "
        + switch (difference.change()) {
          case OPENED -> now;
          case MISSING -> "was " + was;
          case CHANGED -> "owner " + was + " -> " + now;
        };
  }

  /** The place of a difference; without an address if the listener is missing. */
  private static String place(Drift difference) {
    Endpoint at = difference.endpoint();
    String namespace = at.namespace().equals(Endpoint.HOST) ? "" : " in " + at.namespace();
    return difference.change() == Drift.DriftKind.MISSING
        ? at.protocol() + " port " + at.port() + namespace
        : at.toString();
  }

  private static String opened(Drift difference) {
    Listener is = difference.is();
    return is == null ? "in use, but no source shows its owner" : OwnerText.owners(is);
  }

  private static String was(RuleTerms terms) {
    return "was " + owners(terms) + " on " + addresses(terms);
  }

  private static String changed(Drift difference) {
    Rule rule = Objects.requireNonNull(difference.rule());
    Listener is = Objects.requireNonNull(difference.is());
    List<String> parts = new ArrayList<>();
    if (difference.changedAddress()) {
      parts.add("address " + addresses(rule.terms()) + " -> " + is.endpoint().address());
    }
    if (difference.changedOwner()) {
      parts.add("owner " + owners(rule.terms()) + " -> " + OwnerText.owners(is));
    }
    return String.join("; ", parts);
  }

  private static String addresses(RuleTerms terms) {
    return terms.addresses().isEmpty() ? "any" : join(terms.addresses());
  }

  private static String owners(RuleTerms terms) {
    return terms.by().isEmpty() ? "any owner" : join(terms.by());
  }

  private static String join(List<?> terms) {
    return terms.stream().map(Object::toString).collect(Collectors.joining(" or "));
  }

  /** Gaps that may hide more differences, one per line. */
  public static List<String> notSeen(DriftReport differences, Snapshot snapshot) {
    Stream<String> gaps =
        snapshot.complete()
            ? Stream.of()
            : snapshot.gaps().stream()
                .filter(Gap::hidesListeners)
                .map(gap -> gap.source() + ": " + gap.why());
    Stream<String> untested = differences.untested().stream().map(finding -> finding.message());
    return Stream.concat(gaps, untested).map(line -> "not seen: " + line).toList();
  }
}
