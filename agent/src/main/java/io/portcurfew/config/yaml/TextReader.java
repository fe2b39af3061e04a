package io.portcurfew.config.yaml;

import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Reads text. Values that YAML parses as another type must be quoted. */
public final class TextReader {

  /** Numbers, booleans and dates of YAML 1.1 and 1.2: text only if quoted. */
  private static final Pattern NOT_TEXT =
      Pattern.compile(
          "[-+]?[0-9][0-9_]*|[-+]?0[xob][0-9a-fA-F_]+"
              + "|[-+]?[0-9][0-9_]*:[0-9_:.]*"
              + "|[-+]?(?:\\.[0-9]+|[0-9][0-9_]*(?:\\.[0-9_]*)?)(?:[eE][-+]?[0-9]+)?"
              + "|[-+]?\\.(?:inf|Inf|INF)|\\.(?:nan|NaN|NAN)"
              + "|(?i:y|n|yes|no|on|off|true|false)"
              + "|[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}.*");

  /** Names of rules and receivers: they are used as labels and as command arguments. */
  private static final Pattern NAME = Pattern.compile("[a-z0-9][a-z0-9-]{0,62}");

  /** Text that every YAML reader parses as text, at any place. */
  private static final Pattern PLAIN =
      Pattern.compile(
          "(?!null$|Null$|NULL$)[A-Za-z0-9/][A-Za-z0-9/._@+*-]*(?: [A-Za-z0-9/._@+;-]+)*");

  private TextReader() {}

  /** True if a text can be written without quotes. */
  public static boolean isPlainYaml(String text) {
    return PLAIN.matcher(text).matches() && !NOT_TEXT.matcher(text).matches();
  }

  /** One line of 1 to {@code most} characters. */
  public static Optional<String> line(Field field, int most, String expected) {
    return text(field, expected).filter(text -> isLine(field, text, most, expected));
  }

  /** One line or several, of 1 to {@code most} characters in all. */
  public static Optional<String> lines(Field field, int most, String expected) {
    return text(field, expected)
        .filter(text -> isShort(field, text, most, expected))
        .filter(text -> isPlain(field, text.lines(), "lines of text"));
  }

  /** A name of lower-case letters, digits and dashes. */
  public static Optional<String> name(Field field) {
    String expected = "1 to 63 of a-z, 0-9 and -, not beginning with a dash";
    return text(field, expected)
        .filter(
            text -> {
              boolean fits = NAME.matcher(text).matches();
              if (!fits) {
                field.wrong("not a valid name", expected);
              }
              return fits;
            });
  }

  /** Text of any length. */
  static Optional<String> text(Field field, String expected) {
    return field
        .scalar(expected)
        .filter(scalar -> isText(field, scalar, expected))
        .map(Node.Scalar::text);
  }

  private static boolean isText(Field field, Node.Scalar scalar, String expected) {
    boolean isText = !scalar.plain() || !NOT_TEXT.matcher(scalar.text()).matches();
    if (!isText) {
      field.wrong("YAML parses this as a number, a date or a boolean", expected + ", in quotes");
    }
    return isText;
  }

  private static boolean isLine(Field field, String text, int most, String expected) {
    return isShort(field, text, most, expected)
        && isPlain(field, Stream.of(text), "one line; >- folds several lines into one");
  }

  private static boolean isShort(Field field, String text, int most, String expected) {
    if (text.isBlank()) {
      field.wrong("the text is empty", expected);
    } else if (text.codePointCount(0, text.length()) > most) {
      field.wrong("the text is too long", "at most " + most + " characters");
    } else {
      return true;
    }
    return false;
  }

  private static boolean isPlain(Field field, Stream<String> lines, String expected) {
    boolean plain = lines.allMatch(VisibleText::isPlain);
    if (!plain) {
      field.wrong("the text holds a character that is not printable", expected);
    }
    return plain;
  }
}
