package io.portcurfew.config.receivers;

import io.portcurfew.config.yaml.Section;
import java.util.Map;
import java.util.TreeMap;

/** Hints for keys that belong beside the name of a receiver, not into the section of its kind. */
final class ReceiverKeyHints {

  /** The hints by key, for {@link Section}. */
  static final Map<String, String> ADVICE = advice();

  private ReceiverKeyHints() {}

  private static Map<String, String> advice() {
    Map<String, String> advice = new TreeMap<>();
    ReceiverFilterReader.KEYS.forEach(key -> advice.put(key, beside(key)));
    advice.put("timeout", beside("timeout"));
    return advice;
  }

  private static String beside(String key) {
    return key + " belongs beside the name of the receiver";
  }
}
