package io.portcurfew.cli.bundle;

import io.portcurfew.bundle.BundleManifest;
import io.portcurfew.bundle.ManifestJson;
import io.portcurfew.bundle.signature.AllowedSigners.Signer;
import io.portcurfew.observe.HostText;
import io.portcurfew.text.CountedNoun;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A bundle as text and as a tree for JSON. */
final class BundleText {

  private BundleText() {}

  /**
   * The lines of a manifest.
   *
   * @param signer {@code null} if the signature was not checked
   */
  static List<String> lines(BundleManifest manifest, @Nullable Signer signer, int rules) {
    List<String> lines = new ArrayList<>();
    lines.add(
        "revision %d, %s"
            .formatted(
                manifest.revision(),
                signer == null ? "signature not checked" : "signed by " + signer));
    Instant notBefore = manifest.notBefore();
    Instant expires = manifest.expires();
    lines.add(
        "valid: "
            + (notBefore == null ? "now" : "from " + notBefore)
            + ", "
            + (expires == null ? "without end" : "until " + expires));
    lines.add(
        "applies to: "
            + (manifest.appliesTo().isEmpty()
                ? "every host"
                : HostText.of(String.join(", ", manifest.appliesTo()))));
    lines.add("policy: " + HostText.of(manifest.policy()) + ", " + CountedNoun.of(rules, "rule"));
    lines.add(
        "policy tests: "
            + (manifest.tests().isEmpty()
                ? "none"
                : HostText.of(String.join(", ", manifest.tests())) + ", all pass"));
    manifest
        .sortedDigests()
        .forEach((name, digest) -> lines.add("sha256 " + digest + "  " + HostText.of(name)));
    return lines;
  }

  /** The manifest with its signer and the number of rules, schema 1. */
  static Map<String, Object> tree(BundleManifest manifest, @Nullable Signer signer, int rules) {
    Map<String, Object> tree = new LinkedHashMap<>(ManifestJson.tree(manifest));
    tree.put("rules", rules);
    if (signer != null) {
      tree.put(
          "signer", Map.of("principal", signer.principal(), "fingerprint", signer.fingerprint()));
    }
    return tree;
  }
}
