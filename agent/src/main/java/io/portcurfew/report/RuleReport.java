package io.portcurfew.report;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One rule, its result and its findings.
 *
 * @param required the requirement of the rule, in words
 * @param controls the controls that it serves
 * @param because the reason of its author
 * @param until its last day, like 2026-12-31
 * @param found the findings, one sentence each
 */
public record RuleReport(
    String rule,
    String required,
    List<String> controls,
    @Nullable String because,
    @Nullable String approvedBy,
    @Nullable String until,
    ReportStatus status,
    List<String> found) {

  public RuleReport {
    controls = List.copyOf(controls);
    found = List.copyOf(found);
  }
}
