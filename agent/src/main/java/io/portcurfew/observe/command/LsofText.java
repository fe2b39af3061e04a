package io.portcurfew.observe.command;

import io.portcurfew.observe.Gap;
import io.portcurfew.observe.HostText;
import io.portcurfew.observe.Owner;
import io.portcurfew.observe.ViewBuilder;
import io.portcurfew.process.ByteText;
import java.io.ByteArrayOutputStream;
import org.jspecify.annotations.Nullable;

/** What the two forms of lsof share in their text: escapes, users and messages. */
final class LsofText {

  private LsofText() {}

  /**
   * The name of a command with lsof's escapes undone, once and from left to right, so that a name
   * that holds {@code \x20} itself (printed {@code \\x20}) stays apart from a blank. A caret is not
   * escaped by lsof: a name with {@code ^A} in it reads as the control character, which is only
   * ever shown.
   *
   * @return nothing where lsof could not tell it
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

  /** Writes the byte that stands at a place, and tells how many characters it took. */
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

  /** The process of a row; a user that is a number (as {@code -l} prints it) is the uid. */
  static Owner owner(int pid, @Nullable String command, @Nullable String user) {
    HostText name = command == null ? null : command(command);
    if (user == null) {
      return new Owner(pid, name, null, null, null);
    }
    return ByteText.number(user)
        .map(uid -> new Owner(pid, name, null, null, uid))
        .orElseGet(() -> new Owner(pid, name, null, CaptureText.visible(user), null));
  }

  /**
   * Tells a message of lsof itself that came with the rows (standard error in the same file).
   *
   * @return whether the line is one
   */
  static boolean message(ViewBuilder view, String line) {
    String text = line.trim();
    if (!text.startsWith("lsof: ") && !text.equals("Output information may be incomplete.")) {
      return false;
    }
    boolean aboutUsers = text.contains("no pwd entry for UID");
    view.gap(
        aboutUsers ? Gap.What.OWNERS : Gap.What.LISTENERS,
        "it said: " + HostText.of(ByteText.raw(text), 120));
    return true;
  }
}
