package io.portcurfew.store.audit;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * An entry of the log and its hash, which stands for all entries up to it. Told elsewhere, it shows
 * there that this log was cut or written anew.
 *
 * @param entry the number of the entry; 0 before the first
 * @param hash of the entry, in hexadecimal
 */
public record LogHead(long entry, String hash) {

  /** Where every log begins. */
  public static final LogHead NONE = new LogHead(0, "0".repeat(64));

  private static final Pattern FORM = Pattern.compile("(0|[1-9][0-9]{0,17}):([0-9a-f]{64})");

  /** Reads what {@link #toString} writes; nothing where the text is none. */
  public static Optional<LogHead> parse(String text) {
    Matcher form = FORM.matcher(text);
    return form.matches()
        ? Optional.of(new LogHead(Long.parseLong(form.group(1)), form.group(2)))
        : Optional.empty();
  }

  /** As in {@code 611:9f86d0...}. */
  @Override
  public String toString() {
    return entry + ":" + hash;
  }
}
