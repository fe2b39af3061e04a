package io.portcurfew.observe.linux.file;

import io.portcurfew.observe.linux.proc.ProcText;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A mount, by a line of proc_pid_mountinfo(5). Paths are byte for byte as ISO 8859-1.
 *
 * @param id the number of the mount
 * @param device the device of the file system, as {@code major:minor}
 * @param root the folder of the file system that is mounted
 * @param point where it is mounted
 * @param kind the type of the file system
 */
record MountLine(int id, String device, String root, String point, String kind) {

  private static final Pattern ESCAPE = Pattern.compile("\\\\([0-3][0-7][0-7])");

  /** Returns the mounts of a table; a line that cannot be read, or was cut off, is left out. */
  static List<MountLine> parse(byte[] mountinfo) {
    String text = new String(mountinfo, StandardCharsets.ISO_8859_1);
    List<MountLine> lines = new ArrayList<>();
    for (String line : text.substring(0, text.lastIndexOf('\n') + 1).split("\n", -1)) {
      int separator = line.indexOf(" - ");
      String[] words = line.split(" ", 6);
      Long id = ProcText.number(words[0]);
      if (separator >= 0 && words.length == 6 && id != null) {
        String kind = line.substring(separator + 3).split(" ", 2)[0];
        lines.add(
            new MountLine(id.intValue(), words[2], unescaped(words[3]), unescaped(words[4]), kind));
      }
    }
    return lines;
  }

  /**
   * Replaces {@code \\NNN}, by which the kernel writes a space, a tab, a line end or a backslash.
   */
  private static String unescaped(String path) {
    return ESCAPE
        .matcher(path)
        .replaceAll(
            found ->
                Matcher.quoteReplacement(
                    Character.toString((char) Integer.parseInt(found.group(1), 8))));
  }

  /**
   * Returns the device and the path within its file system of a file on this mount, which are the
   * same in every mount namespace; {@code null} if the path is not below the mount.
   */
  @Nullable String position(String path) {
    String above = point.equals("/") ? "" : point;
    if (!path.startsWith(above + "/")) {
      return null;
    }
    return device + " " + (root.equals("/") ? "" : root) + path.substring(above.length());
  }
}
