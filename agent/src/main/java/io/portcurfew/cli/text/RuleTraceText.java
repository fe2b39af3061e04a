package io.portcurfew.cli.text;

import io.portcurfew.explain.RuleTrace;
import io.portcurfew.explain.TermCheck;
import io.portcurfew.explain.TraceStep;
import io.portcurfew.judge.Finding;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** The section of {@link ExplanationText} that lists every rule's decision on one endpoint. */
record RuleTraceText(TextPage page, RuleTrace trace) {

  void write() {
    page.heading("Rule by rule, for " + trace.endpoint());
    List<TraceStep> elsewhere = new ArrayList<>();
    for (TraceStep step : trace.steps()) {
      if (step.why() == TraceStep.Why.OTHER_PORTS) {
        elsewhere.add(step);
      } else {
        elsewhere(elsewhere);
        step(step);
      }
    }
    elsewhere(elsewhere);
    if (trace.decides().isEmpty()) {
      page.prose(2, "No rule decides, so the default applies.");
    }
    outcome();
  }

  /** Prints consecutive rules for other ports as one line: a policy may have thousands. */
  private void elsewhere(List<TraceStep> steps) {
    if (steps.size() > 1) {
      String first = steps.get(0).rule().name();
      String last = steps.get(steps.size() - 1).rule().name();
      page.prose(
          2, first + " to " + last + ": these " + steps.size() + " rules select other ports.");
    } else {
      steps.forEach(this::step);
    }
    steps.clear();
  }

  private void step(TraceStep step) {
    page.prose(2, step.rule().name() + " " + step.text() + ".");
    if (step.why() == TraceStep.Why.DECIDES) {
      page.few(trace.checks(), this::check);
    }
  }

  private void check(TermCheck check) {
    String who = check.pid() == null ? "" : "pid " + check.pid() + ": ";
    String found = check.found() == null ? "not seen" : check.found();
    page.text(6, check.term() + " " + check.wanted());
    page.field(10, check.holds().name().toLowerCase(Locale.ROOT), who + found);
  }

  private void outcome() {
    if (trace.ruling() == null) {
      page.prose(2, "No listener was seen there.");
    } else {
      page.prose(
          2, "The verdict on the current listener: " + trace.ruling().verdict().label() + ".");
    }
    trace.findings().forEach(finding -> page.field(6, "finding", words(finding)));
  }

  private static String words(Finding finding) {
    String kind = finding.kind().label() + " (" + finding.severity().label() + ")";
    return kind + ": " + finding.message();
  }
}
