package io.portcurfew.web;

import io.portcurfew.judge.JudgedSnapshot;
import io.portcurfew.observe.HostText;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * The content of the landing page.
 *
 * @param version the version of the agent
 * @param last the last completed scan; {@code null} before the first
 * @param failedAt the time of the last failed scan; {@code null} if none failed
 */
public record StatusPage(
    String version, HostText host, @Nullable JudgedSnapshot last, @Nullable Instant failedAt) {

  /** True if the last scan failed, so the content is older. */
  boolean isStale() {
    return failedAt != null && (last == null || failedAt.isAfter(last.snapshot().takenAt()));
  }
}
