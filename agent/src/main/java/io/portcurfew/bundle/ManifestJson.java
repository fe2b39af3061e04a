package io.portcurfew.bundle;

import io.portcurfew.json.Json;
import io.portcurfew.json.JsonText;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads and writes {@code MANIFEST.json}. */
public final class ManifestJson {

  private static final int MOST = 256 * 1024;
  private static final int MOST_ITEMS = 256;
  private static final long SCHEMA = 1;
  private static final Set<String> KEYS =
      Set.of(
          "schema", "revision", "not_before", "expires", "applies_to", "policy", "tests", "files");

  private final Map<?, ?> map;

  private ManifestJson(Map<?, ?> map) {
    this.map = map;
  }

  /** Writes a manifest. */
  static byte[] write(BundleManifest manifest) {
    return Json.pretty(tree(manifest)).getBytes(StandardCharsets.UTF_8);
  }

  /** The manifest as a tree for {@link Json}. */
  public static Map<String, Object> tree(BundleManifest manifest) {
    Map<String, Object> tree = new LinkedHashMap<>();
    tree.put("schema", SCHEMA);
    tree.put("revision", manifest.revision());
    Json.putKnown(tree, "not_before", text(manifest.notBefore()));
    Json.putKnown(tree, "expires", text(manifest.expires()));
    tree.put("applies_to", manifest.appliesTo());
    tree.put("policy", manifest.policy());
    tree.put("tests", manifest.tests());
    tree.put("files", manifest.sortedDigests());
    return tree;
  }

  private static @Nullable String text(@Nullable Instant time) {
    return time == null ? null : time.toString();
  }

  /** Reads a manifest. */
  static BundleManifest read(byte[] json) throws BundleRefusal {
    if (json.length > MOST) {
      throw wrong("it is larger than " + MOST / 1024 + " KiB");
    }
    List<Object> values;
    try {
      String text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(json)).toString();
      values = JsonText.values(text);
    } catch (CharacterCodingException | IllegalArgumentException e) {
      throw new BundleRefusal("MANIFEST.json is not JSON", e);
    }
    if (values.size() != 1 || !(values.get(0) instanceof Map<?, ?> map)) {
      throw wrong("it is not one object");
    }
    return new ManifestJson(map).manifest();
  }

  private BundleManifest manifest() throws BundleRefusal {
    if (!Long.valueOf(SCHEMA).equals(map.get("schema"))) {
      throw wrong("schema is not 1; a newer agent may read it");
    }
    for (Object key : map.keySet()) {
      if (!KEYS.contains(String.valueOf(key))) {
        throw wrong("unknown key " + BundleRefusal.shown(String.valueOf(key)));
      }
    }
    if (!(map.get("revision") instanceof Long revision)
        || revision < 1
        || revision > BundleManifest.MOST_REVISION) {
      throw wrong("revision is not a number from 1 to " + BundleManifest.MOST_REVISION);
    }
    if (!(map.get("policy") instanceof String policy)) {
      throw wrong("policy is not the name of a file");
    }
    BundleManifest manifest =
        new BundleManifest(
            revision,
            time("not_before"),
            time("expires"),
            texts("applies_to"),
            policy,
            texts("tests"),
            digests());
    if (manifest.notBefore() != null && manifest.isExpired(manifest.notBefore())) {
      throw wrong("it expires before it begins");
    }
    return manifest;
  }

  private @Nullable Instant time(String key) throws BundleRefusal {
    Object value = map.get(key);
    if (value == null) {
      return null;
    }
    try {
      return Instant.parse(String.valueOf(value));
    } catch (DateTimeException e) {
      throw new BundleRefusal(
          "MANIFEST.json is wrong: " + key + " is not a time like 2026-12-31T00:00:00Z", e);
    }
  }

  private List<String> texts(String key) throws BundleRefusal {
    Object value = map.get(key);
    if (value == null) {
      return List.of();
    }
    if (value instanceof List<?> list
        && list.size() <= MOST_ITEMS
        && list.stream().allMatch(String.class::isInstance)) {
      return list.stream().map(String::valueOf).toList();
    }
    throw wrong(key + " is not a list of at most " + MOST_ITEMS + " texts");
  }

  private Map<String, String> digests() throws BundleRefusal {
    if (!(map.get("files") instanceof Map<?, ?> files) || files.size() >= BundleLimits.FILES) {
      throw wrong("files is not an object of at most 255 digests");
    }
    Map<String, String> digests = new LinkedHashMap<>();
    for (Map.Entry<?, ?> file : files.entrySet()) {
      String digest = String.valueOf(file.getValue());
      if (!digest.matches("[0-9a-f]{64}")) {
        throw wrong(
            "the digest of "
                + BundleRefusal.shown(String.valueOf(file.getKey()))
                + " is not 64 hexadecimal digits");
      }
      digests.put(String.valueOf(file.getKey()), digest);
    }
    return digests;
  }

  private static BundleRefusal wrong(String what) {
    return new BundleRefusal("MANIFEST.json is wrong: " + what);
  }
}
