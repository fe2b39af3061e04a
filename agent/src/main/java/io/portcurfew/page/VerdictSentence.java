package io.portcurfew.page;

import io.portcurfew.judge.JudgedSnapshot;
import io.portcurfew.judge.VerdictSummary;
import java.time.temporal.ChronoUnit;

/**
 * The verdict of the page, with its reason and the next command.
 *
 * @param colour the class of the style sheet: good, bad or unknown
 * @param next the command that helps; empty if there is nothing to do
 */
record VerdictSentence(String colour, String text, String next) {

  static VerdictSentence of(PageContent page) {
    JudgedSnapshot last = page.last();
    if (last == null) {
      return new VerdictSentence("unknown", "Not known: no scan has ended yet.", "");
    }
    VerdictSummary summary = VerdictSummary.of(last);
    if (page.isStale() && page.failedAt() != null) {
      String failed = page.failedAt().truncatedTo(ChronoUnit.SECONDS).toString();
      return new VerdictSentence(
          "unknown",
          "Not known: the last scan failed at " + failed + ". Before that: " + words(summary),
          "journalctl -u portcurfew");
    }
    String next =
        switch (summary.word()) {
          case NOT_COMPLIANT -> summary.blind() ? "portcurfew doctor" : "";
          case INCOMPLETE -> "portcurfew doctor";
          case COMPLIANT -> summary.hiddenOwners() > 0 ? "portcurfew doctor" : "";
        };
    return new VerdictSentence(colour(summary), words(summary), next);
  }

  private static String words(VerdictSummary summary) {
    String reason = summary.reason();
    if (summary.blind()) {
      return reason + ".";
    }
    return switch (summary.word()) {
      case COMPLIANT -> "Compliant. " + reason + ".";
      case INCOMPLETE -> "Incomplete. " + reason + ".";
      case NOT_COMPLIANT -> "Not compliant. " + reason + ".";
    };
  }

  /** The verdict alone, for the title: the text before its first full stop or colon. */
  String word() {
    return text.split("[.:]", 2)[0];
  }

  private static String colour(VerdictSummary summary) {
    if (summary.blind()) {
      return "bad";
    }
    return switch (summary.word()) {
      case COMPLIANT -> "good";
      case INCOMPLETE -> "unknown";
      case NOT_COMPLIANT -> "bad";
    };
  }
}
