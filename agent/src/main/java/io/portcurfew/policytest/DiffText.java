package io.portcurfew.policytest;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Differences as lines: what was expected on the left, what came on the right. */
public final class DiffText {

  private static final int TOPIC = "compliant".length();
  private static final String NOTHING = "-";

  private DiffText() {}

  /** A heading, then a line a difference. */
  public static List<String> lines(List<Mismatch> differences) {
    int width = "expected".length();
    for (Mismatch difference : differences) {
      width = Math.max(width, shown(difference.expected()).length());
    }
    List<String> lines = new ArrayList<>(List.of(line(width, "", "expected", "got")));
    for (Mismatch difference : differences) {
      lines.add(
          line(width, difference.topic(), shown(difference.expected()), shown(difference.got())));
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
