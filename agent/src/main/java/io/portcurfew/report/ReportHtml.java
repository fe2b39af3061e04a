package io.portcurfew.report;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reports as one HTML page without other files, which prints well. */
public final class ReportHtml {

  private static final String HEAD =
      """
      <!DOCTYPE html>
      <html lang="en">
      <head>
      <meta charset="utf-8">
      <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
      <meta name="viewport" content="width=device-width, initial-scale=1">
      <title>Portcurfew report</title>
      <style>
      body { font: 14px/1.4 system-ui, sans-serif; margin: 2em auto; max-width: 70em; padding: 0 1em; color: #1a1a1a; background: #fff }
      table { border-collapse: collapse; width: 100%; margin: .5em 0 1.5em }
      th, td { border: 1px solid #999; padding: .3em .5em; text-align: left; vertical-align: top; overflow-wrap: anywhere }
      th { background: #eee }
      .pass { color: #0a5c1e } .fail { color: #a40000; font-weight: bold } .unseen { color: #6b4300; font-style: italic }
      @media print { body { margin: 0; max-width: none } section { break-before: page } section:first-of-type { break-before: auto } tr { break-inside: avoid } thead { display: table-header-group } }
      </style>
      </head>
      <body>
      <main>
      <h1>Listening ports and their policy</h1>
      """;

  private final StringBuilder out = new StringBuilder(HEAD);

  private ReportHtml() {}

  /** Writes reports. */
  public static String write(List<HostReport> reports) {
    ReportHtml html = new ReportHtml();
    html.summary(reports);
    reports.forEach(html::host);
    return html.out.append("</main>\n</body>\n</html>\n").toString();
  }

  private void summary(List<HostReport> reports) {
    out.append("<table><caption>Hosts</caption>\n<thead>");
    row(
        "th",
        "Host",
        "Pass",
        "Fail",
        "Not reviewed",
        "Listeners",
        "Authorized",
        "Unauthorized",
        "Allowed without a rule");
    out.append("</thead>\n<tbody>");
    for (HostReport host : reports) {
      ListenerCounts counts = host.counts();
      row(
          "td",
          host.host(),
          "" + host.count(ReportStatus.PASS),
          "" + host.count(ReportStatus.FAIL),
          "" + host.count(ReportStatus.NOT_REVIEWED),
          "" + counts.found(),
          "" + counts.foundAuthorized(),
          "" + counts.unauthorized(),
          "" + counts.withoutRule());
    }
    ListenerCounts all =
        reports.stream()
            .map(HostReport::counts)
            .reduce(new ListenerCounts(0, 0, 0, 0, 0), ListenerCounts::plus);
    out.append("</tbody></table>\n<p>CIS Controls v8, 4.8: ")
        .append(all.found())
        .append(" services found, ")
        .append(all.foundAuthorized())
        .append(" of them authorized, ")
        .append(all.unauthorized())
        .append(" unauthorized, ")
        .append(all.withoutRule())
        .append(" allowed without a rule.</p>\n");
  }

  private void host(HostReport host) {
    out.append("<section>\n<h2>").append(escaped(host.host())).append("</h2>\n<p>");
    out.append(
        escaped(
            "From %s to %s. Policy %s, digest %s. %s"
                .formatted(
                    host.from(),
                    host.to(),
                    host.policy(),
                    host.digest(),
                    host.head() == null
                        ? "No history was available, so this is about one moment."
                        : "Head of the history: " + host.head() + ".")));
    out.append("</p>\n<table>\n<thead>");
    row("th", "Rule", "Status", "Required", "Found", "Controls", "Reason", "Approved by", "Until");
    out.append("</thead>\n<tbody>");
    host.rules().forEach(this::rule);
    out.append("</tbody></table>\n");
    list("Not seen", host.gaps());
    list("Listeners without a rule", host.withoutRule());
    list("Silences", host.silences());
    list("Changes", host.changes());
    out.append("</section>\n");
  }

  private void rule(RuleReport rule) {
    String style =
        switch (rule.status()) {
          case PASS -> "pass";
          case FAIL -> "fail";
          case NOT_REVIEWED -> "unseen";
        };
    out.append("<tr><td>").append(escaped(rule.rule())).append("</td><td class=\"").append(style);
    out.append("\">").append(rule.status().label()).append("</td>");
    cells(
        "td",
        rule.required(),
        String.join("; ", rule.found()),
        String.join(", ", rule.controls()),
        rule.because(),
        rule.approvedBy(),
        rule.until());
    out.append("</tr>\n");
  }

  private void list(String title, List<String> items) {
    if (items.isEmpty()) {
      return;
    }
    out.append("<h3>").append(title).append("</h3>\n<ul>\n");
    items.forEach(item -> out.append("<li>").append(escaped(item)).append("</li>\n"));
    out.append("</ul>\n");
  }

  private void row(String tag, String... cells) {
    out.append("<tr>");
    cells(tag, cells);
    out.append("</tr>\n");
  }

  private void cells(String tag, @Nullable String... cells) {
    for (String cell : cells) {
      out.append('<').append(tag).append('>').append(escaped(cell == null ? "" : cell));
      out.append("</").append(tag).append('>');
    }
  }

  private static String escaped(String text) {
    return text.replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        .replace("\"", "&quot;");
  }
}
