package io.portcurfew.observe.capture;

import io.portcurfew.process.PlainText;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Decodes what a page, a mail or a program did to a whole capture: HTML entities, quoted-printable
 * (RFC 2045, 6.7), and line ends that are written as {@code \n}. Each applies only if nothing in
 * the text contradicts it, because a process may name itself like such a code.
 */
final class EscapedText {

  private static final Map<String, String> ENTITIES =
      Map.of(
          "lt", "<", "gt", ">", "quot", "\"", "apos", "'", "#39", "'", "#34", "\"", "amp", "&",
          "nbsp", " ", "#160", " ");

  private static final Pattern ENTITY =
      Pattern.compile("&(lt|gt|quot|apos|#39|#34|amp|nbsp|#160);");

  private static final Pattern TAG =
      Pattern.compile(
          "(?i)</?(?:pre|code|samp|div|span|p|br|html|body|head)(?: [^<>\\n]{0,200})?/?>");

  /** A line break of a page that no line end follows. */
  private static final Pattern BREAK = Pattern.compile("(?i)<br ?/?>(?!\\r?\\n|\\z)");

  private static final Pattern EQUALS = Pattern.compile("=(?!\\r?\\n|[0-9A-F]{2}|\\z)");
  private static final Pattern SOFT_END = Pattern.compile("=[ \\t]*\\r?\\n");
  private static final Pattern OCTET = Pattern.compile("=([0-9A-F]{2})");

  /** A number that is not encoded; in quoted-printable {@code pid=1} is {@code pid=3D1}. */
  private static final Pattern NOT_ENCODED = Pattern.compile("(?:pid|fd)=(?!3D|[ \\t]*\\r?\\n)");

  private static final Pattern ESCAPE = Pattern.compile("\\\\(r?\\\\n|[rnt\"'\\\\])");

  private static final Pattern TYPOGRAPHIC = Pattern.compile("\u00e2\u0080[\u009c-\u009f]");

  private EscapedText() {}

  /** Decodes the bytes of a capture. */
  static PlainText of(byte[] raw) {
    PlainText plain = PlainText.of(raw);
    String text = withPlainQuotes(withoutEntities(withoutQuotedPrintable(plain.text())));
    return new PlainText(DelimitedText.plain(withLineEnds(text)), plain.wide());
  }

  /** Restores the quotes of ss that an editor or a messenger made typographic (U+201C, U+201D). */
  private static String withPlainQuotes(String text) {
    boolean all = text.contains("users:((\u00e2\u0080") && !text.contains("users:((\"");
    return all ? TYPOGRAPHIC.matcher(text).replaceAll("\"") : text;
  }

  /** Decodes entities where the text has no angle bracket, as in a page, or only its tags. */
  private static String withoutEntities(String text) {
    boolean escaped = ENTITY.matcher(text).find() || TAG.matcher(text).find();
    if (!escaped || text.stripLeading().startsWith("<?xml")) {
      return text;
    }
    String untagged = TAG.matcher(BREAK.matcher(text).replaceAll("\n")).replaceAll("");
    if (untagged.indexOf('<') >= 0 || untagged.indexOf('>') >= 0) {
      return text;
    }
    return ENTITY
        .matcher(untagged)
        .replaceAll(found -> Matcher.quoteReplacement(ENTITIES.getOrDefault(found.group(1), "")));
  }

  private static String withoutQuotedPrintable(String text) {
    boolean encoded =
        text.contains("=3D") || text.contains("=20\n") || SOFT_END.matcher(text).find();
    if (!encoded || EQUALS.matcher(text).find() || NOT_ENCODED.matcher(text).find()) {
      return text;
    }
    String joined = SOFT_END.matcher(text).replaceAll("");
    return OCTET
        .matcher(joined)
        .replaceAll(
            found ->
                Matcher.quoteReplacement(
                    String.valueOf((char) Integer.parseInt(found.group(1), 16))));
  }

  /**
   * Decodes a text in one line, as in a string of JSON or of a program. A closing quote proves that
   * the string is not truncated.
   */
  private static String withLineEnds(String text) {
    String line = text.strip();
    if (line.indexOf('\n') >= 0 || !line.contains("\\n")) {
      return text;
    }
    String start =
        List.of("b'", "b\"", "$'", "'", "\"").stream()
            .filter(line::startsWith)
            .findFirst()
            .orElse("");
    boolean known = !start.isEmpty() || !(line.startsWith("{") || line.startsWith("["));
    boolean yaml = start.isEmpty() && YamlText.looksLikeIt(line);
    if (!known || yaml || line.contains(" | ")) {
      return text;
    }
    String quote = start.isEmpty() ? "" : start.substring(start.length() - 1);
    boolean closed = !quote.isEmpty() && line.length() > start.length() && line.endsWith(quote);
    String inner = line.substring(start.length(), line.length() - (closed ? 1 : 0));
    String decoded =
        ESCAPE
            .matcher(inner)
            .replaceAll(found -> Matcher.quoteReplacement(decoded(found.group(1))));
    return closed ? AnsibleLine.ended(decoded) : decoded;
  }

  private static String decoded(String code) {
    return switch (code) {
      case "n", "r\\n" -> "\n";
      case "r" -> "\r";
      case "t" -> "\t";
      default -> code;
    };
  }
}
