package io.portcurfew.config.yaml;

import io.portcurfew.observe.HostText;
import org.jspecify.annotations.Nullable;

/** Places in a document as problems name them: {@code rules[2].ports}. */
public final class KeyPaths {

  private static final int MOST = 40;

  private KeyPaths() {}

  public static String key(@Nullable String path, String key) {
    String visible =
        key.contains("://") ? VisibleText.text(key) : HostText.of(key, MOST).toString();
    return path == null ? visible : path + "." + visible;
  }

  /** Items are counted from 0, as jq and yq do. */
  static String item(@Nullable String path, int index) {
    return (path == null ? "" : path) + "[" + index + "]";
  }
}
