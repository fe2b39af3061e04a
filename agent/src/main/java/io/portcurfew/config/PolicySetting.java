package io.portcurfew.config;

import io.portcurfew.bundle.signature.AllowedSigners;
import io.portcurfew.notify.http.TrustedAuthorities;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The value of the key {@code policy}. */
public sealed interface PolicySetting {

  /** A policy file. */
  record PolicyPath(Path file) implements PolicySetting {}

  /**
   * Signed bundles, which the agent fetches.
   *
   * @param location https, http or file
   * @param signers the keys that may sign
   * @param every the interval between two looks at the server: 10 s to 24 h
   * @param canary a revision that would raise more new alerts here is held; {@code null} for none
   * @param labels the labels of this host, which a bundle may select
   * @param authorities certify the server
   */
  record BundleSource(
      URI location,
      AllowedSigners signers,
      Duration every,
      @Nullable Integer canary,
      Map<String, String> labels,
      TrustedAuthorities authorities)
      implements PolicySetting {

    public BundleSource {
      labels = Map.copyOf(labels);
    }
  }
}
