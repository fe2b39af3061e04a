package io.portcurfew.config.yaml;

import io.portcurfew.observe.HostText;
import org.jspecify.annotations.Nullable;

/** Builds the key paths of problems, such as {@code rules[2].ports}. */
public final class KeyPaths {

  private static final int MOST = 40;

  private KeyPaths() {}

  /** The path of a key below a path. */
  public static String key(@Nullable String path, String key) {
    String visible =
        key.contains("://") ? VisibleText.text(key) : HostText.of(key, MOST).toString();
    return path == null ? visible : path + "." + visible;
  }

  /** The path of a list item; indexes begin at 0 as in jq and yq. */
  static String item(@Nullable String path, int index) {
    return (path == null ? "" : path) + "[" + index + "]";
  }
}
