package io.portcurfew.observe.capture;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads the block style of YAML 1.2 (8.1, 8.2) in which tools print results: mappings, sequences,
 * literal blocks, and scalars in one or several lines. Everything else makes the text unreadable.
 */
final class YamlText {

  private static final int DEEPEST = 32;

  private static final Pattern ITEM = Pattern.compile("( *)-(?: +(.*))?");
  private static final Pattern FIELD =
      Pattern.compile(
          "( *)(\"[^\"]{1,200}\"|'[^']{1,200}'|[^\\s'\"\\[{#>|&*!%@`-][^#:]{0,200}):(?: +(.*))?");
  private static final Pattern LITERAL = Pattern.compile("\\|[-+]?(\\d)?[-+]?\\s*+");
  private static final Pattern MARK = Pattern.compile("---\\s*+|\\.\\.\\.\\s*+| *#.*");
  private static final Pattern NUMBER = Pattern.compile("-?\\d{1,18}");

  /** A value that is output: a literal block, a sequence, or a scalar with line ends in it. */
  private static final Pattern OUTPUT =
      Pattern.compile("(?m)^ *(?:- )?[\\w\"'.-]{1,200}: *(?:\\|[-+\\d]*|\".*|'.*)? *$");

  private final List<String> lines;
  private int at;

  private YamlText(List<String> lines) {
    this.lines = lines;
  }

  /** True if a text may be YAML with the output of a command in it. */
  static boolean looksLikeIt(String text) {
    return OUTPUT.matcher(text).find();
  }

  /** Returns the documents of a text; empty if any of it is not such YAML. */
  static Optional<List<Object>> values(String text) {
    List<Object> values = new ArrayList<>();
    for (String document : text.split("(?m)^---\\s*$", -1)) {
      YamlText reading = new YamlText(Arrays.asList(document.split("\n", -1)));
      try {
        if (reading.more()) {
          values.add(reading.value(reading.indent(), DEEPEST));
        }
      } catch (IllegalArgumentException notYaml) {
        return Optional.empty();
      }
      if (reading.more()) {
        return Optional.empty();
      }
    }
    return Optional.of(values);
  }

  /** Goes to the next line with a value; false at the end. */
  private boolean more() {
    while (at < lines.size()
        && (lines.get(at).isBlank() || MARK.matcher(lines.get(at)).matches())) {
      at++;
    }
    return at < lines.size();
  }

  private int indent() {
    return indent(lines.get(at));
  }

  private static int indent(String line) {
    int blanks = 0;
    while (blanks < line.length() && line.charAt(blanks) == ' ') {
      blanks++;
    }
    return blanks;
  }

  private Object value(int indent, int depth) {
    if (depth == 0) {
      throw new IllegalArgumentException("too deep");
    }
    return ITEM.matcher(lines.get(at)).matches() ? sequence(indent, depth) : mapping(indent, depth);
  }

  private List<Object> sequence(int indent, int depth) {
    List<Object> items = new ArrayList<>();
    while (more() && indent() == indent) {
      String line = lines.get(at);
      Matcher item = ITEM.matcher(line);
      if (!item.matches()) {
        break;
      }
      String rest = item.group(2) == null ? "" : item.group(2);
      String inside = " ".repeat(line.length() - rest.length()) + rest;
      if (FIELD.matcher(inside).matches()) {
        lines.set(at, inside);
        items.add(mapping(indent(inside), depth - 1));
      } else {
        at++;
        items.add(scalar(rest, indent, depth));
      }
    }
    return items;
  }

  private Map<String, Object> mapping(int indent, int depth) {
    Map<String, Object> fields = new LinkedHashMap<>();
    while (more() && indent() == indent) {
      Matcher field = FIELD.matcher(lines.get(at));
      if (!field.matches()) {
        throw new IllegalArgumentException("no key");
      }
      at++;
      String rest = field.group(3) == null ? "" : field.group(3);
      if (fields.put(unquoted(field.group(2)), scalar(rest, indent, depth)) != null) {
        throw new IllegalArgumentException("one key twice");
      }
    }
    return fields;
  }

  /** The value that begins with this text; the lines below it are indented further. */
  private Object scalar(String start, int indent, int depth) {
    String text = start.strip();
    Matcher literal = LITERAL.matcher(text);
    if (literal.matches()) {
      return literal(indent, literal.group(1) == null ? 0 : Integer.parseInt(literal.group(1)));
    }
    if (text.isEmpty() || text.startsWith("#")) {
      return below(indent, depth);
    }
    if (text.startsWith("\"") || text.startsWith("'")) {
      return quoted(text);
    }
    if (text.matches("[>&*!|%@`].*|[\\[{](?!\\s*[]}]).*")) {
      throw new IllegalArgumentException("a style that is not read");
    }
    StringBuilder plain = new StringBuilder(text);
    while (at < lines.size() && !lines.get(at).isBlank() && indent() > indent) {
      plain.append(' ').append(lines.get(at).strip());
      at++;
    }
    return plain(plain.toString());
  }

  private static Object plain(String text) {
    if (text.equals("true") || text.equals("false")) {
      return Boolean.valueOf(text);
    }
    return NUMBER.matcher(text).matches() ? (Object) Long.valueOf(text) : text;
  }

  /** The value below a key; a sequence may have the indentation of its key. */
  private Object below(int indent, int depth) {
    boolean deeper = more() && indent() > indent;
    boolean items = more() && indent() == indent && ITEM.matcher(lines.get(at)).matches();
    return deeper || items ? value(indent(), depth - 1) : "";
  }

  private String literal(int indent, int given) {
    StringBuilder text = new StringBuilder();
    int margin = given == 0 ? -1 : indent + given;
    while (at < lines.size() && (lines.get(at).isBlank() || indent() > indent)) {
      String line = lines.get(at);
      margin = margin < 0 && !line.isBlank() ? indent(line) : margin;
      text.append(line.substring(Math.min(line.length(), Math.max(0, margin)))).append('\n');
      at++;
    }
    return text.toString().replaceFirst("\n+\\z", "\n");
  }

  /** A quoted scalar, which may go on in the next lines (7.3.1, 7.3.2). */
  private String quoted(String start) {
    char quote = start.charAt(0);
    StringBuilder text = new StringBuilder(start);
    int scanned = scan(text, 1, quote);
    while (scanned >= 0) {
      if (at >= lines.size()) {
        throw new IllegalArgumentException("no closing quote");
      }
      fold(text, lines.get(at).strip(), quote);
      at++;
      scanned = scan(text, scanned, quote);
    }
    String inner = text.substring(1, text.length() - 1);
    return quote == '\'' ? inner.replace("''", "'") : unescaped(inner);
  }

  /** An empty line is a line end, any other line end a space, unless a backslash removes it. */
  private static void fold(StringBuilder text, String line, char quote) {
    int last = text.length() - 1;
    if (line.isEmpty()) {
      text.append('\n');
    } else if (quote == '"' && text.charAt(last) == '\\') {
      text.setLength(last);
      text.append(line);
    } else {
      text.append(text.charAt(last) == '\n' ? "" : " ").append(line);
    }
  }

  /** Returns -1 if the last character is the closing quote, else the index up to which none is. */
  private static int scan(CharSequence text, int from, char quote) {
    int i = from;
    while (i < text.length()) {
      char c = text.charAt(i);
      boolean last = i + 1 == text.length();
      if (quote == '"' && c == '\\') {
        if (last) {
          return i;
        }
        i += 2;
      } else if (c != quote) {
        i++;
      } else if (last) {
        return -1;
      } else if (quote == '\'' && text.charAt(i + 1) == quote) {
        i += 2;
      } else {
        throw new IllegalArgumentException("text after a closing quote");
      }
    }
    return i;
  }

  private static String unescaped(String text) {
    return Pattern.compile("\\\\(?:x([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|(.))")
        .matcher(text)
        .replaceAll(
            found -> {
              String hex = found.group(1) == null ? found.group(2) : found.group(1);
              return Matcher.quoteReplacement(
                  hex == null
                      ? escape(found.group(3).charAt(0))
                      : String.valueOf((char) Integer.parseInt(hex, 16)));
            });
  }

  private static String escape(char code) {
    return switch (code) {
      case 'n' -> "\n";
      case 't' -> "\t";
      case 'r' -> "\r";
      case 'e' -> "\u001b";
      default -> String.valueOf(code);
    };
  }

  private static String unquoted(String key) {
    boolean quoted = key.startsWith("\"") || key.startsWith("'");
    return quoted ? key.substring(1, key.length() - 1) : key.strip();
  }
}
