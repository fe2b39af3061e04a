package io.portcurfew.config.receivers;

import io.portcurfew.config.yaml.Section;
import java.util.Map;
import java.util.TreeMap;

/** What people will try to write into the section of a kind, and where it belongs. */
final class ReceiverKeyHints {

  /** For {@link Section}: keys that every receiver has, whatever its kind. */
  static final Map<String, String> ADVICE = advice();

  private ReceiverKeyHints() {}

  private static Map<String, String> advice() {
    Map<String, String> advice = new TreeMap<>();
    ReceiverFilterReader.KEYS.forEach(key -> advice.put(key, beside(key)));
    advice.put("timeout", beside("timeout"));
    return advice;
  }

  private static String beside(String key) {
    return key + " stands beside the name of the receiver";
  }
}
