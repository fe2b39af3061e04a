package io.portcurfew.web;

import io.portcurfew.judge.Judgement;
import io.portcurfew.observe.HostText;
import io.portcurfew.observe.Snapshot;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What the landing page shows.
 *
 * @param version the version of the agent
 * @param look the last scan that ended; {@code null} before the first
 * @param failedAt when a scan failed last, where one did
 */
public record StatusPage(
    String version, HostText host, @Nullable Look look, @Nullable Instant failedAt) {

  /** What was seen, and what the policy says of it. */
  public record Look(Snapshot snapshot, Judgement judgement) {

    boolean isComplete() {
      return snapshot.complete() && judgement.complete();
    }
  }

  /** Whether the last scan failed, so that what is shown is older than it. */
  boolean isStale() {
    return failedAt != null && (look == null || failedAt.isAfter(look.snapshot().takenAt()));
  }
}
