package io.portcurfew.bundle;

import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Decides whether a host may accept a bundle whose signature is good.
 *
 * @param host the name of the host
 * @param labels the labels of the host
 * @param before the bundle that it has accepted last; {@code null} for none
 */
public record BundleAcceptance(
    String host, Map<String, String> labels, @Nullable AcceptedRevision before) {

  public BundleAcceptance {
    labels = Map.copyOf(labels);
  }

  /** Refuses a bundle of another time, for other hosts, or older than the last one. */
  public void check(SignedBundle signed, Instant now) throws BundleRefusal {
    BundleManifest manifest = signed.manifest();
    String name = "revision " + manifest.revision();
    manifest.checkTime(now);
    if (!manifest.appliesTo(host, labels)) {
      throw new BundleRefusal(
          name
              + " does not apply to this host, "
              + BundleRefusal.shown(host)
              + ", but to "
              + BundleRefusal.shown(String.join(", ", manifest.appliesTo())));
    }
    if (before == null) {
      return;
    }
    if (manifest.revision() < before.revision()) {
      throw new BundleRefusal(
          name + " is older than revision " + before.revision() + ", which was accepted before");
    }
    if (manifest.revision() == before.revision()
        && before.digest() != null
        && !before.digest().equals(signed.digest())) {
      throw new BundleRefusal(name + " was accepted before with another content");
    }
  }
}
