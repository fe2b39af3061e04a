package io.portcurfew.scan;

import io.portcurfew.alert.AlertKey;
import io.portcurfew.judge.Finding;
import io.portcurfew.text.CountedNoun;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** Decides whether a revision of a policy bundle is held back on this host. */
public final class CanaryCheck {

  private CanaryCheck() {}

  /**
   * The reason to hold the revision back; empty if it raises few enough new alerts.
   *
   * @param most the most new alerts that it may raise
   * @param now the findings of the active policy
   * @param next those of the revision, about the same snapshot
   */
  public static Optional<String> heldBack(
      long revision, int most, Collection<Finding> now, Collection<Finding> next) {
    Set<AlertKey> known = now.stream().map(AlertKey::of).collect(Collectors.toSet());
    List<Finding> added =
        next.stream().filter(finding -> !known.contains(AlertKey.of(finding))).toList();
    return added.size() <= most
        ? Optional.empty()
        : Optional.of(
            "revision %d is held back: it would raise %s here, more than the %d of canary; the first: %s"
                .formatted(
                    revision,
                    CountedNoun.of(added.size(), "new alert"),
                    most,
                    added.get(0).message()));
  }
}
