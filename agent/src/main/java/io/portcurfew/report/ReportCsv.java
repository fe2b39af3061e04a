package io.portcurfew.report;

import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Reports as CSV (RFC 4180): one row for each rule of each host. */
public final class ReportCsv {

  private static final List<String> COLUMNS =
      List.of(
          "host",
          "from",
          "to",
          "policy",
          "digest",
          "rule",
          "status",
          "required",
          "controls",
          "approved_by",
          "until",
          "because",
          "found");

  private ReportCsv() {}

  /** Writes reports. */
  public static String write(List<HostReport> reports) {
    Stream<String> rows =
        reports.stream().flatMap(host -> host.rules().stream().map(rule -> row(host, rule)));
    return Stream.concat(Stream.of(String.join(",", COLUMNS)), rows)
        .collect(Collectors.joining("\r\n", "", "\r\n"));
  }

  private static String row(HostReport host, RuleReport rule) {
    return Stream.of(
            host.host(),
            host.from().toString(),
            host.to().toString(),
            host.policy(),
            host.digest(),
            rule.rule(),
            rule.status().label(),
            rule.required(),
            String.join(" ", rule.controls()),
            text(rule.approvedBy()),
            text(rule.until()),
            text(rule.because()),
            String.join("; ", rule.found()))
        .map(ReportCsv::cell)
        .collect(Collectors.joining(","));
  }

  private static String text(@Nullable String text) {
    return text == null ? "" : text;
  }

  /** A cell that begins like a formula gets an apostrophe, so that no spreadsheet runs it. */
  private static String cell(String text) {
    String safe = !text.isEmpty() && "=+-@\t\r".indexOf(text.charAt(0)) >= 0 ? "'" + text : text;
    boolean plain = safe.chars().noneMatch(c -> c == ',' || c == '"' || c == '\n' || c == '\r');
    return plain ? safe : '"' + safe.replace("\"", "\"\"") + '"';
  }
}
