package io.portcurfew.web;

import com.samskivert.mustache.Mustache;
import com.samskivert.mustache.Template;
import io.portcurfew.judge.Finding;
import io.portcurfew.judge.JudgedSnapshot;
import io.portcurfew.observe.Gap;
import io.portcurfew.observe.SourceReport;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;

/** Renders the landing page as HTML: no script, one inline style sheet, everything else escaped. */
final class StatusHtml {

  /** Rows of a table; the rest is only counted. */
  static final int MOST = 200;

  /** Characters of a cell: the pages of 16 slow readers must fit the heap. */
  private static final int LONGEST = 400;

  private final String css = resource("status.css");
  private final Template template =
      Mustache.compiler().escapeHTML(true).compile(resource("status.mustache"));

  /** The Content Security Policy (level 3): the page may load its style sheet and nothing else. */
  String contentSecurityPolicy() {
    return "default-src 'none'; style-src 'sha256-"
        + sha256(css)
        + "'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
  }

  String render(StatusPage page) {
    Map<String, Object> values = new HashMap<>();
    values.put("css", css);
    values.put("version", page.version());
    values.put("host", page.host());
    values.put("scan", scan(page));
    values.put("verdict", verdict(page));
    JudgedSnapshot last = page.last();
    values.put("looked", last != null);
    if (last != null) {
      values.put("findings", table(last.judgement().findings(), StatusHtml::finding));
      values.put("sources", table(last.snapshot().sources(), StatusHtml::source));
      values.put("gaps", table(last.snapshot().gaps(), StatusHtml::gap));
    }
    return template.execute(values);
  }

  private static String scan(StatusPage page) {
    JudgedSnapshot last = page.last();
    String before = last == null ? "none has ended yet" : ended(last);
    return page.isStale() && page.failedAt() != null
        ? "failed, " + time(page.failedAt()) + "; before that: " + before
        : before;
  }

  private static String ended(JudgedSnapshot last) {
    return (last.isComplete() ? "complete, " : "partial, ") + time(last.snapshot().takenAt());
  }

  private static Map<String, String> verdict(StatusPage page) {
    JudgedSnapshot last = page.last();
    if (last == null) {
      return Map.of("class", "unknown", "text", "Not known: no scan has ended yet.");
    }
    if (last.judgement().hasBreach()) {
      return Map.of("class", "bad", "text", "The host is not as the policy expects.");
    }
    if (page.isStale() || !last.isComplete()) {
      return Map.of("class", "unknown", "text", "Not known: not everything could be seen.");
    }
    if (!last.judgement().compliant()) {
      return Map.of("class", "unknown", "text", "As the policy before expected: see below.");
    }
    return Map.of("class", "good", "text", "All is as the policy expects.");
  }

  private static Map<String, Object> finding(Finding finding) {
    return Map.of(
        "severity", finding.severity().label(),
        "kind", finding.kind().label(),
        "rule", cut(finding.rule()),
        "endpoint", place(finding),
        "message", cut(finding.message()));
  }

  private static Object place(Finding finding) {
    if (finding.endpoint() != null) {
      return finding.endpoint();
    }
    return finding.namespace() == null ? "the whole host" : cut("namespace " + finding.namespace());
  }

  private static Map<String, Object> source(SourceReport source) {
    return Map.of(
        "name",
        source.name(),
        "up",
        source.up() ? "up" : "down",
        "listeners",
        source.up() ? Integer.toString(source.listeners()) : "not known",
        "gaps",
        source.gaps());
  }

  private static Map<String, Object> gap(Gap gap) {
    return Map.of("source", gap.source(), "what", gap.what().label(), "why", cut(gap.why()));
  }

  private static <T> Map<String, Object> table(List<T> all, Function<T, Map<String, Object>> row) {
    List<Map<String, Object>> rows = all.stream().limit(MOST).map(row).toList();
    return Map.of(
        "rows", rows, "any", !rows.isEmpty(), "cut", all.size() > MOST, "size", all.size());
  }

  private static String cut(String text) {
    return text.length() <= LONGEST ? text : text.substring(0, LONGEST) + "...(cut)";
  }

  private static String time(Instant at) {
    return at.truncatedTo(ChronoUnit.SECONDS).toString();
  }

  private static String resource(String name) {
    try (InputStream in = StatusHtml.class.getResourceAsStream(name)) {
      return new String(Objects.requireNonNull(in, name).readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read the resource " + name, e);
    }
  }

  private static String sha256(String text) {
    try {
      byte[] hash =
          MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
      return Base64.getEncoder().encodeToString(hash);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }
}
