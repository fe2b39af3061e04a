package io.portcurfew.observe.command;

import io.portcurfew.observe.Gap;
import io.portcurfew.observe.HostText;
import io.portcurfew.observe.Owner;
import io.portcurfew.process.ByteText;
import java.io.ByteArrayOutputStream;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Shared text of both forms of lsof: escapes, users and messages. */
final class LsofText {

  /** A message that only leaves out the name of a user; more text may be a row. */
  private static final Pattern NO_USER = Pattern.compile("lsof: no pwd entry for UID \\d{1,10}");

  private LsofText() {}

  /**
   * Returns the name of a command without the escapes of lsof. They are decoded once and from left
   * to right, so a name that contains {@code \x20} itself (printed {@code \\x20}) differs from a
   * space. lsof does not escape a caret: a name that contains {@code ^A} decodes to the control
   * character, which is only displayed.
   *
   * @return {@code null} if lsof did not know the name
   */
  static @Nullable HostText command(String printed) {
    if (printed.equals("(unknown)")) {
      return null;
    }
    ByteArrayOutputStream raw = new ByteArrayOutputStream(printed.length());
    for (int at = 0; at < printed.length(); ) {
      at += unescape(printed, at, raw);
    }
    return HostText.of(raw.toByteArray());
  }

  /** Decodes one byte and returns the number of characters read. */
  private static int unescape(String text, int at, ByteArrayOutputStream out) {
    char first = text.charAt(at);
    char second = at + 1 < text.length() ? text.charAt(at + 1) : ' ';
    if (first == '^' && second >= '@' && second <= '_') {
      out.write(second - '@');
      return 2;
    }
    int simple = first == '\\' ? "bfnrt\\".indexOf(second) : -1;
    if (simple >= 0) {
      out.write("\b\f\n\r\t\\".charAt(simple));
      return 2;
    }
    if (first == '\\' && second == 'x' && at + 4 <= text.length()) {
      int high = Character.digit(text.charAt(at + 2), 16);
      int low = Character.digit(text.charAt(at + 3), 16);
      if (high >= 0 && low >= 0) {
        out.write(high << 4 | low);
        return 4;
      }
    }
    out.write(first);
    return 1;
  }

  /** Returns the process of a row. A numeric user (as {@code -l} prints it) is the uid. */
  static Owner owner(int pid, @Nullable String command, @Nullable String user) {
    HostText name = command == null ? null : command(command);
    if (user == null) {
      return new Owner(pid, name, null, null, null);
    }
    return ByteText.number(user)
        .map(uid -> new Owner(pid, name, null, null, uid))
        .orElseGet(() -> new Owner(pid, name, null, HostText.of(ByteText.raw(user)), null));
  }

  /**
   * Adds a message of lsof itself, if standard error is in the same file.
   *
   * @return true if the line is such a message
   */
  static boolean message(ViewBuilder view, String line) {
    String text = line.trim();
    if (!text.startsWith("lsof: ") && !text.equals("Output information may be incomplete.")) {
      return false;
    }
    boolean aboutUsers = NO_USER.matcher(text).matches();
    view.gap(
        aboutUsers ? Gap.What.OWNERS : Gap.What.LISTENERS,
        "lsof printed: " + HostText.of(ByteText.raw(text), 120));
    return true;
  }
}
