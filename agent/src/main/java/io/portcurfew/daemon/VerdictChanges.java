package io.portcurfew.daemon;

import io.portcurfew.judge.Judgement;
import io.portcurfew.judge.Ruling;
import io.portcurfew.judge.Verdict;
import io.portcurfew.observe.Endpoint;
import io.portcurfew.text.ShortList;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.TreeSet;

/** Compares the verdicts of two policies on the same snapshot. */
final class VerdictChanges {

  /** More lines are only counted: an attacker decides how many listeners there are. */
  static final int MOST = 100;

  private VerdictChanges() {}

  /**
   * A line for each listener whose verdict changes: {@code tcp 0.0.0.0:611: allowed -> finding
   * (rule old -> new)}.
   */
  static List<String> between(Judgement before, Judgement after) {
    List<String> lines = new ArrayList<>();
    for (Endpoint endpoint : new TreeSet<>(before.rulings().keySet())) {
      Ruling was = Objects.requireNonNull(before.rulings().get(endpoint));
      Ruling is = after.rulings().get(endpoint);
      if (is != null && is.verdict() != was.verdict()) {
        lines.add(
            endpoint + ": " + words(was.verdict(), is.verdict()) + " (" + rules(was, is) + ")");
      }
    }
    return ShortList.lines(lines, MOST, "verdict");
  }

  private static String words(Verdict was, Verdict is) {
    return was.label() + " -> " + is.label();
  }

  private static String rules(Ruling was, Ruling is) {
    String before = Objects.requireNonNullElse(was.rule(), "none");
    String after = Objects.requireNonNullElse(is.rule(), "none");
    return "rule " + (before.equals(after) ? after : before + " -> " + after);
  }
}
