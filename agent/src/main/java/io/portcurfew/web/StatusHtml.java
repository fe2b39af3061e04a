package io.portcurfew.web;

import com.samskivert.mustache.Mustache;
import com.samskivert.mustache.Template;
import io.portcurfew.judge.Finding;
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

/** The landing page as HTML: no script, one style sheet of its own, everything else escaped. */
final class StatusHtml {

  /** How many rows of a table are shown; the rest is counted. */
  static final int MOST = 200;

  /** How many characters of a cell are shown: 16 slow readers of the page must fit the heap. */
  private static final int LONGEST = 400;

  private final String css = resource("status.css");
  private final Template template =
      Mustache.compiler().escapeHTML(true).compile(resource("status.mustache"));

  /** What the page may load (Content Security Policy, level 3): its style sheet and no more. */
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
    StatusPage.Look look = page.look();
    values.put("looked", look != null);
    if (look != null) {
      values.put("findings", table(look.judgement().findings(), StatusHtml::finding));
      values.put("sources", table(look.snapshot().sources(), StatusHtml::source));
      values.put("gaps", table(look.snapshot().gaps(), StatusHtml::gap));
    }
    return template.execute(values);
  }

  private static String scan(StatusPage page) {
    StatusPage.Look look = page.look();
    String before = look == null ? "none has ended yet" : ended(look);
    return page.isStale() && page.failedAt() != null
        ? "failed, " + time(page.failedAt()) + "; before that: " + before
        : before;
  }

  private static String ended(StatusPage.Look look) {
    return (look.isComplete() ? "complete, " : "partial, ") + time(look.snapshot().takenAt());
  }

  private static Map<String, String> verdict(StatusPage page) {
    StatusPage.Look look = page.look();
    if (look == null) {
      return Map.of("class", "unknown", "text", "Not known: no scan has ended yet.");
    }
    if (look.judgement().hasBreach()) {
      return Map.of("class", "bad", "text", "The host is not as the policy expects.");
    }
    if (page.isStale() || !look.isComplete()) {
      return Map.of("class", "unknown", "text", "Not known: not everything could be seen.");
    }
    if (!look.judgement().compliant()) {
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
      throw new UncheckedIOException("cannot read our own " + name, e);
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
