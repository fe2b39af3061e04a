package io.portcurfew.policytest;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Formats mismatches as lines: the expected value on the left, the actual one on the right. */
public final class DiffText {

  private static final int TOPIC = "compliant".length();
  private static final String NOTHING = "-";

  private DiffText() {}

  /** A heading, then one line per mismatch. */
  public static List<String> lines(List<Mismatch> mismatches) {
    int width = "expected".length();
    for (Mismatch mismatch : mismatches) {
      width = Math.max(width, shown(mismatch.expected()).length());
    }
    List<String> lines = new ArrayList<>(List.of(line(width, "", "expected", "actual")));
    for (Mismatch mismatch : mismatches) {
      lines.add(
          line(width, mismatch.topic(), shown(mismatch.expected()), shown(mismatch.actual())));
    }
    return lines;
  }

  private static String line(int width, String topic, String left, String right) {
    return padded(topic, TOPIC) + "  " + padded(left, width) + "  " + right;
  }

  private static String padded(String text, int width) {
    return text + " ".repeat(Math.max(0, width - text.length()));
  }

  private static String shown(@Nullable String text) {
    return text == null ? NOTHING : text;
  }
}
