package io.portcurfew.store.audit;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * An entry of the log and its hash, which covers all entries up to it. A copy kept elsewhere
 * reveals that the log was cut or rewritten.
 *
 * @param entry the number of the entry; 0 before the first
 * @param hash the hash of the entry, in hexadecimal
 */
public record LogHead(long entry, String hash) {

  /** The head of an empty log. */
  public static final LogHead NONE = new LogHead(0, "0".repeat(64));

  private static final Pattern FORM = Pattern.compile("(0|[1-9][0-9]{0,17}):([0-9a-f]{64})");

  /** Parses the form of {@link #toString}; empty if the text has another form. */
  public static Optional<LogHead> parse(String text) {
    Matcher form = FORM.matcher(text);
    return form.matches()
        ? Optional.of(new LogHead(Long.parseLong(form.group(1)), form.group(2)))
        : Optional.empty();
  }

  // By hand, since the start compares heads: see FileStatus.
  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof LogHead head && entry == head.entry && hash.equals(head.hash);
  }

  @Override
  public int hashCode() {
    return 31 * Long.hashCode(entry) + hash.hashCode();
  }

  /** As in {@code 611:9f86d0...}. */
  @Override
  public String toString() {
    return entry + ":" + hash;
  }
}
