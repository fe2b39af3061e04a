package io.portcurfew.notify.receivers;

import io.portcurfew.notify.Notification;
import io.portcurfew.notify.message.AlertFacts;
import io.portcurfew.notify.message.AlertText;
import io.portcurfew.notify.message.TextTemplate;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A notification in Slack's Block Kit. All text is {@code plain_text}, which has no mentions, links
 * or emoji; the {@code text} for small screens must be escaped.
 */
final class SlackMessage {

  // The limits of Slack's reference of blocks, less a margin for its way of counting.
  private static final int LONGEST_HEADER = 140;
  private static final int LONGEST_TEXT = 2_900;
  private static final int LONGEST_FIELD = 1_900;
  private static final int MOST_FIELDS = 10;

  private SlackMessage() {}

  /**
   * As a tree for {@link io.portcurfew.json.Json}.
   *
   * @param own the operator's template in place of the default blocks; {@code null} for these
   */
  static Map<String, Object> of(Notification one, @Nullable TextTemplate own) {
    String words = AlertText.lines(TextTemplate.words(own, one, ""));
    return words.isEmpty()
        ? of(one.host() + ": " + AlertText.line(one), usual(one))
        : of(words, List.of(block("section", "text", text(words, LONGEST_TEXT))));
  }

  private static List<Map<String, Object>> usual(Notification one) {
    String line = AlertText.line(one);
    List<Map<String, Object>> blocks = new ArrayList<>();
    blocks.add(block("header", "text", text(one.host() + ": " + line, LONGEST_HEADER)));
    blocks.add(block("section", "text", text(line, LONGEST_TEXT)));
    List<Map<String, Object>> fields = new ArrayList<>();
    AlertFacts.of(one)
        .forEach((name, value) -> fields.add(text(name + ": " + value, LONGEST_FIELD)));
    for (int at = 0; at < fields.size(); at += MOST_FIELDS) {
      int end = Math.min(fields.size(), at + MOST_FIELDS);
      blocks.add(block("section", "fields", fields.subList(at, end)));
    }
    return blocks;
  }

  private static Map<String, Object> of(String words, List<Map<String, Object>> blocks) {
    Map<String, Object> message = new LinkedHashMap<>();
    message.put("text", escaped(AlertText.cut(words, LONGEST_TEXT)));
    message.put("mrkdwn", false);
    message.put("unfurl_links", false);
    message.put("unfurl_media", false);
    message.put("blocks", blocks);
    return message;
  }

  private static Map<String, Object> block(String type, String key, Object value) {
    Map<String, Object> block = new LinkedHashMap<>();
    block.put("type", type);
    block.put(key, value);
    return block;
  }

  private static Map<String, Object> text(String words, int most) {
    Map<String, Object> text = new LinkedHashMap<>();
    text.put("type", "plain_text");
    text.put("text", AlertText.cut(words, most));
    text.put("emoji", false);
    return text;
  }

  /** Escapes the three characters of mentions and links in Slack. */
  private static String escaped(String text) {
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
  }
}
