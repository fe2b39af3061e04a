package io.portcurfew.notify.receivers;

import com.samskivert.mustache.Mustache;
import com.samskivert.mustache.Template;
import io.portcurfew.notify.Notification;
import io.portcurfew.notify.Summary;
import io.portcurfew.notify.message.AlertFacts;
import io.portcurfew.notify.message.AlertText;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** The text of a mail, as plain text and as HTML. */
final class MailText {

  private static final String FOOTER = "List all alerts of the host with: portcurfew alerts";

  private static final Template HTML = Mustache.compiler().escapeHTML(true).compile(template());

  private final String title;
  private final Map<String, String> facts;
  private final String heading;
  private final List<String> lines;

  private MailText(Notification one) {
    Summary summary = one.summary();
    this.title = AlertText.line(one);
    this.facts = AlertFacts.of(one);
    this.heading =
        summary == null ? "Evidence" : "The worst of " + summary.count() + " notifications";
    this.lines =
        summary == null
            ? one.alert().finding().evidence().stream()
                .limit(AlertText.MOST)
                .map(AlertText::oneLine)
                .toList()
            : summary.shown().stream().map(AlertText::line).toList();
  }

  static MailText of(Notification one) {
    return new MailText(one);
  }

  private static String template() {
    try (InputStream in = MailText.class.getResourceAsStream("mail.mustache")) {
      return new String(Objects.requireNonNull(in).readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The plain text, with lines of any length. */
  String plain() {
    StringBuilder text = new StringBuilder(title).append("\n\n");
    facts.forEach((name, value) -> text.append("%-12s%s%n".formatted(name, value)));
    if (!lines.isEmpty()) {
      text.append('\n').append(heading).append(":\n");
      lines.forEach(line -> text.append("  ").append(line).append('\n'));
    }
    return text.append('\n').append(FOOTER).append('\n').toString();
  }

  /** A whole HTML page without external resources. */
  String html() {
    List<Map<String, String>> rows =
        facts.entrySet().stream()
            .map(fact -> Map.of("name", fact.getKey(), "value", fact.getValue()))
            .toList();
    return HTML.execute(
        Map.of(
            "title", title,
            "facts", rows,
            "listed", !lines.isEmpty(),
            "heading", heading,
            "lines", lines,
            "footer", FOOTER));
  }
}
