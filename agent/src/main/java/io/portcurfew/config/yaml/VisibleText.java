package io.portcurfew.config.yaml;

import io.portcurfew.observe.HostText;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Makes text from a file safe to show in a problem: the file may be hostile or hold secrets. */
public final class VisibleText {

  private static final int MOST = 60;
  private static final Pattern URL =
      Pattern.compile("([A-Za-z][A-Za-z0-9+.-]*://)(?:[^/?#]*@)?([^/?#@]*)(.*)", Pattern.DOTALL);

  private VisibleText() {}

  /** A file name, not shortened. */
  public static String name(String raw) {
    return HostText.of(raw).toString();
  }

  /** A short text. The path and query of a URL may be a token, so they are left out. */
  public static String text(String raw) {
    int scheme = raw.indexOf("://");
    return HostText.of(scheme < 0 ? raw : withoutToken(raw, scheme), MOST).toString();
  }

  private static String withoutToken(String raw, int scheme) {
    Matcher url = URL.matcher(raw);
    if (!url.matches()) {
      return raw.substring(0, scheme) + "://...";
    }
    return url.group(1) + url.group(2) + (url.group(3).isEmpty() ? "" : "/...");
  }

  /** True if a text is shown unchanged: one line, no control or direction characters. */
  static boolean isPlain(String raw) {
    return HostText.of(raw, Integer.MAX_VALUE - 16).toString().equals(raw.replace("\\", "\\\\"));
  }

  /** The value of a node. */
  static String node(Node node) {
    if (!(node instanceof Node.Scalar scalar)) {
      return shape(node);
    }
    if (scalar.isNull()) {
      return "nothing";
    }
    return scalar.plain() ? text(scalar.text()) : '"' + text(scalar.text()) + '"';
  }

  /** The type of a node, without its value. */
  static String shape(Node node) {
    if (node instanceof Node.Scalar scalar) {
      return scalar.isNull() ? "nothing" : "a single value";
    }
    return node instanceof Node.Sequence ? "a list" : "a mapping";
  }
}
