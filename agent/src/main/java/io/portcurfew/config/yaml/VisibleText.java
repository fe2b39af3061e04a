package io.portcurfew.config.yaml;

import io.portcurfew.observe.HostText;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** How text out of a file is shown in a problem: a file may be hostile, and hold secrets. */
public final class VisibleText {

  private static final int MOST = 60;
  private static final Pattern URL =
      Pattern.compile("([A-Za-z][A-Za-z0-9+.-]*://)(?:[^/?#]*@)?([^/?#@]*)(.*)", Pattern.DOTALL);

  private VisibleText() {}

  /** A file name, whole. */
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

  /** Whether a text shows as it is written: one line, no control or direction characters. */
  static boolean isPlain(String raw) {
    return HostText.of(raw, Integer.MAX_VALUE - 16).toString().equals(raw.replace("\\", "\\\\"));
  }

  /** What stands at a node. */
  static String node(Node node) {
    if (!(node instanceof Node.Scalar scalar)) {
      return shape(node);
    }
    if (scalar.isNull()) {
      return "nothing";
    }
    return scalar.plain() ? text(scalar.text()) : '"' + text(scalar.text()) + '"';
  }

  /** What kind of thing stands at a node, without what it says. */
  static String shape(Node node) {
    if (node instanceof Node.Scalar scalar) {
      return scalar.isNull() ? "nothing" : "a single value";
    }
    return node instanceof Node.Sequence ? "a list" : "a mapping";
  }
}
