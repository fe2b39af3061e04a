package io.portcurfew.baseline;

import io.portcurfew.baseline.Drift.DriftKind;
import io.portcurfew.judge.Finding;
import io.portcurfew.observe.Endpoint;
import io.portcurfew.observe.OtherSocket;
import io.portcurfew.observe.Snapshot;
import io.portcurfew.observe.SocketPlace;
import io.portcurfew.policy.ActiveRules;
import io.portcurfew.policy.Expectation;
import io.portcurfew.policy.FindingKind;
import io.portcurfew.policy.Rule;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Compares the sockets of other families than TCP and UDP with the baseline. Those of a family
 * about which no rule of the baseline is differ only if they have a finding.
 */
final class SocketComparison {

  private final ActiveRules rules;
  private final List<Rule> learned;
  private final Snapshot snapshot;

  SocketComparison(ActiveRules rules, List<Rule> learned, Snapshot snapshot) {
    this.rules = rules;
    this.learned = learned.stream().filter(rule -> rule.scope().isAboutSockets()).toList();
    this.snapshot = snapshot;
  }

  /** The kind of difference that a finding about such a socket is; {@code null} if it is none. */
  private @Nullable DriftKind change(Finding finding) {
    return switch ((FindingKind) finding.kind()) {
      case OPEN, UNLISTED -> DriftKind.OPENED;
      case WRONG_OWNER, EXPOSED -> DriftKind.CHANGED;
      case OWNER_UNKNOWN ->
          finding.owners().stream().anyMatch(OwnerTerms::hasLostItsFile) ? DriftKind.CHANGED : null;
      case MISSING, HIDDEN, REPLACED, BLIND -> null;
    };
  }

  /** Returns true if such a finding says that a fact could not be observed. */
  boolean isUntested(Finding finding) {
    return change(finding) == null && !finding.kind().isBreach();
  }

  /** The differences in order of their places, one for each. */
  List<SocketDrift> drifts(List<Finding> findings) {
    Map<SocketPlace, DriftKind> changes = new TreeMap<>();
    for (Finding finding : findings) {
      DriftKind change = finding.socket() == null ? null : change(finding);
      if (change != null) {
        changes.putIfAbsent(finding.socket(), change);
      }
    }
    return Stream.concat(
            snapshot.sockets().all().stream().flatMap(one -> drift(one, changes).stream()),
            snapshot.complete() ? learned.stream().flatMap(this::missing) : Stream.of())
        .sorted()
        .toList();
  }

  private Optional<SocketDrift> drift(OtherSocket socket, Map<SocketPlace, DriftKind> changes) {
    SocketPlace at = socket.place();
    Optional<Rule> rule = rules.ruleAbout(socket);
    DriftKind change = changes.get(at);
    if (change == null && rule.isEmpty() && isOfBaseline(at.family())) {
      change = DriftKind.OPENED;
    }
    return Optional.ofNullable(change)
        .map(kind -> new SocketDrift(kind, at, rule.orElse(null), socket));
  }

  private boolean isOfBaseline(SocketPlace.Family family) {
    return learned.stream().anyMatch(rule -> rule.scope().sockets().contains(family));
  }

  /** The families of a learned rule that decides no socket now, where all would be seen. */
  private Stream<SocketDrift> missing(Rule rule) {
    boolean isActive = rules.rules().stream().anyMatch(other -> other.name().equals(rule.name()));
    if (!isActive || rule.expect() != Expectation.ALLOWED || rule.scope().selectsByOwner()) {
      return Stream.of();
    }
    String namespace = rule.scope().namespace();
    return rule.scope().sockets().stream()
        .filter(family -> snapshot.sockets().covers(Set.of(family), namespace))
        .filter(
            family -> snapshot.sockets().all().stream().noneMatch(one -> isOf(one, family, rule)))
        .map(
            family ->
                new SocketDrift(
                    DriftKind.MISSING,
                    new SocketPlace(
                        family,
                        null,
                        null,
                        null,
                        null,
                        namespace == null ? Endpoint.HOST : namespace),
                    rule,
                    null));
  }

  private boolean isOf(OtherSocket socket, SocketPlace.Family family, Rule rule) {
    return socket.place().family() == family
        && rules.ruleAbout(socket).filter(other -> other.name().equals(rule.name())).isPresent();
  }
}
