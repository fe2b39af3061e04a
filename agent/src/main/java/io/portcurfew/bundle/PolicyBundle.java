package io.portcurfew.bundle;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A policy with its tests, as one archive.
 *
 * @param files the content of each file but the manifest, by its name
 */
public record PolicyBundle(BundleManifest manifest, Map<String, byte[]> files) {

  public PolicyBundle {
    files = Map.copyOf(files);
  }

  /** The choices for a new bundle; {@code null} and empty mean the same as in the manifest. */
  public record Release(
      long revision,
      @Nullable Instant notBefore,
      @Nullable Instant expires,
      List<String> appliesTo) {

    public Release {
      appliesTo = List.copyOf(appliesTo);
    }
  }

  /**
   * Puts a bundle together.
   *
   * @param policy the name of the policy among the files
   * @param tests the names of the test files among them
   * @throws BundleRefusal if no agent would accept the result
   */
  public static PolicyBundle of(
      Release release, String policy, List<String> tests, Map<String, byte[]> files)
      throws BundleRefusal {
    Map<String, String> digests = new TreeMap<>();
    files.forEach((name, content) -> digests.put(name, sha256(content)));
    BundleManifest manifest =
        new BundleManifest(
            release.revision(),
            release.notBefore(),
            release.expires(),
            release.appliesTo(),
            policy,
            tests,
            digests);
    return open(new PolicyBundle(manifest, files).archive());
  }

  /** The archive of this bundle; the same bundle gives the same bytes. */
  public byte[] archive() throws BundleRefusal {
    Map<String, byte[]> all = new LinkedHashMap<>();
    all.put(BundleManifest.NAME, ManifestJson.write(manifest));
    all.putAll(new TreeMap<>(files));
    return ArchiveWriter.write(all);
  }

  /**
   * Reads an archive, whoever made it: its signature is not checked here.
   *
   * @throws BundleRefusal if it is damaged, too large, or its files are not those of its manifest
   */
  public static PolicyBundle open(byte[] archive) throws BundleRefusal {
    Map<String, byte[]> files = new LinkedHashMap<>(ArchiveReader.read(archive));
    byte[] json = files.remove(BundleManifest.NAME);
    if (json == null) {
      throw new BundleRefusal("the archive has no MANIFEST.json");
    }
    BundleManifest manifest = ManifestJson.read(json);
    checkDigests(manifest, files);
    List<String> named = new ArrayList<>(manifest.tests());
    named.add(manifest.policy());
    for (String name : named) {
      if (!files.containsKey(name)) {
        throw new BundleRefusal(
            "MANIFEST.json names a file that is missing: " + BundleRefusal.shown(name));
      }
    }
    return new PolicyBundle(manifest, files);
  }

  private static void checkDigests(BundleManifest manifest, Map<String, byte[]> files)
      throws BundleRefusal {
    for (Map.Entry<String, byte[]> file : files.entrySet()) {
      String expected = manifest.digests().get(file.getKey());
      if (expected == null) {
        throw new BundleRefusal("the file " + file.getKey() + " is not listed in MANIFEST.json");
      }
      if (!expected.equals(sha256(file.getValue()))) {
        throw new BundleRefusal(
            "the file " + file.getKey() + " does not have the digest that MANIFEST.json lists");
      }
    }
    for (String name : manifest.sortedDigests().keySet()) {
      if (!files.containsKey(name)) {
        throw new BundleRefusal(
            "MANIFEST.json lists a file that is missing: " + BundleRefusal.shown(name));
      }
    }
  }

  /** The SHA-256 of bytes in hexadecimal digits. */
  public static String sha256(byte[] bytes) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }
}
