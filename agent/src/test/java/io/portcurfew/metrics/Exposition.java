package io.portcurfew.metrics;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The lines of a scrape, read without the library that wrote them. */
record Exposition(String text) {

  private static final Pattern SAMPLE =
      Pattern.compile(
          "([a-z_]+)((?:\\{[a-z_]+=\"(?:[^\"\\\\]|\\\\.)*\"(?:,[a-z_]+=\"(?:[^\"\\\\]|\\\\.)*\")*\\})?)"
              + " (\\S+)");

  List<String> lines() {
    return text.lines().toList();
  }

  /** The value of every series; fails on a line of another form and on a series reported twice. */
  Map<String, String> samples() {
    Map<String, String> samples = new TreeMap<>();
    for (String line : lines()) {
      if (line.startsWith("#")) {
        continue;
      }
      Matcher sample = SAMPLE.matcher(line);
      if (!sample.matches()) {
        throw new AssertionError("not a sample: " + line);
      }
      if (samples.put(sample.group(1) + sample.group(2), sample.group(3)) != null) {
        throw new AssertionError("reported twice: " + line);
      }
    }
    return samples;
  }

  /** The series whose name starts so. */
  Map<String, String> samples(String prefix) {
    Map<String, String> found = new TreeMap<>(samples());
    found.keySet().removeIf(series -> !series.startsWith(prefix));
    return found;
  }
}
