package io.portcurfew.bundle;

import io.portcurfew.bundle.signature.Glob;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The content of {@code MANIFEST.json}.
 *
 * @param revision grows with each release of the policy; from 1
 * @param notBefore {@code null} for no limit
 * @param expires {@code null} for no limit
 * @param appliesTo patterns of host names, or of labels as in {@code role=web*}; empty for all
 * @param policy the name of the policy file
 * @param tests the names of the files of policy tests
 * @param digests the SHA-256 of each file but the manifest, in hexadecimal digits
 */
public record BundleManifest(
    long revision,
    @Nullable Instant notBefore,
    @Nullable Instant expires,
    List<String> appliesTo,
    String policy,
    List<String> tests,
    Map<String, String> digests) {

  /** The name of its file. */
  public static final String NAME = "MANIFEST.json";

  /** The largest revision. */
  public static final long MOST_REVISION = 999_999_999_999L;

  public BundleManifest {
    appliesTo = List.copyOf(appliesTo);
    tests = List.copyOf(tests);
    digests = Map.copyOf(digests);
  }

  /**
   * True if one of the patterns matches the host or one of its labels.
   *
   * @param host the host name; its case does not matter
   */
  public boolean appliesTo(String host, Map<String, String> labels) {
    return appliesTo.isEmpty()
        || appliesTo.stream().anyMatch(pattern -> isMatch(pattern, host, labels));
  }

  private static boolean isMatch(String pattern, String host, Map<String, String> labels) {
    int equals = pattern.indexOf('=');
    if (equals < 0) {
      return Glob.matches(pattern.toLowerCase(Locale.ROOT), host.toLowerCase(Locale.ROOT));
    }
    String value = labels.get(pattern.substring(0, equals));
    return value != null && Glob.matches(pattern.substring(equals + 1), value);
  }

  /** True if it has expired at this time. */
  public boolean isExpired(Instant at) {
    return expires != null && !at.isBefore(expires);
  }

  /** Refuses a bundle that is not valid yet or not any more. */
  public void checkTime(Instant now) throws BundleRefusal {
    if (notBefore != null && now.isBefore(notBefore)) {
      throw new BundleRefusal("revision " + revision + " is not valid before " + notBefore);
    }
    if (isExpired(now)) {
      throw new BundleRefusal("revision " + revision + " expired at " + expires);
    }
  }

  /** The digests in the order of the names. */
  public Map<String, String> sortedDigests() {
    return new TreeMap<>(digests);
  }
}
