package io.portcurfew.observe.command;

import io.portcurfew.observe.Owner;
import io.portcurfew.observe.View;
import io.portcurfew.process.ByteText;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * Reads the columns of lsof. Columns come and go (TID, TASKCMD, PPID, PGID, FILE-FLAG, NLINK; an
 * empty DEVICE), so a row is read from what always stands: the command and the pid at its start,
 * TYPE after at least a user and an FD, then the protocol, then the name.
 */
final class LsofColumns implements Parser {

  @Override
  public View parse(String source, byte[] output) {
    ViewBuilder view = new ViewBuilder(source);
    ByteText.eachLine(output, line -> line(view, line));
    return view.build(true);
  }

  private static void line(ViewBuilder view, String line) {
    List<String> words = ByteText.words(line);
    if (words.isEmpty()) {
      return;
    }
    int pidAt = pidAt(line, words);
    // Rows first: a process may call itself "lsof:" or "COMMAND".
    if (words.size() > pidAt && ByteText.pid(words.get(pidAt)).isPresent()) {
      row(view, line, words, pidAt);
    } else if (words.size() > 2 && words.get(0).equals("COMMAND") && words.get(1).equals("PID")) {
      view.understood();
    } else if (!LsofText.message(view, line)) {
      view.unreadable("not a row of lsof", ByteText.raw(line));
    }
  }

  /** Where the pid stands: second, or first in a row that begins with an empty command. */
  private static int pidAt(String line, List<String> words) {
    boolean indented = Character.isWhitespace(line.charAt(0));
    return indented && ByteText.isNumber(words.get(0)) ? 0 : 1;
  }

  private static void row(ViewBuilder view, String line, List<String> words, int pidAt) {
    int typed = first(words, pidAt + 3, LsofWords::isType);
    // A process whose files may not be listed has this FD and no TYPE.
    int typeAt = typed >= 0 ? typed : first(words, pidAt + 2, "NOFD"::equals);
    if (typeAt < 0) {
      view.unreadable("no type of file that is known", ByteText.raw(line));
      return;
    }
    LsofFile file = file(words, typeAt);
    file.tell(view, owner(words, pidAt, typeAt).stream().toList(), ByteText.raw(line));
  }

  private static LsofFile file(List<String> words, int typeAt) {
    String type = words.get(typeAt);
    int nodeAt = LsofWords.isInet(type) ? first(words, typeAt + 1, LsofWords::isProtocol) : -1;
    if (nodeAt < 0) {
      String rest = String.join(" ", words.subList(typeAt + 1, words.size()));
      int noPcb = rest.indexOf("no PCB");
      return new LsofFile(type, null, noPcb < 0 ? rest : rest.substring(noPcb), null);
    }
    String name = String.join(" ", words.subList(nodeAt + 1, words.size()));
    int blank = name.indexOf(' ');
    return blank < 0 || name.startsWith("no PCB")
        ? new LsofFile(type, words.get(nodeAt), name, null)
        : new LsofFile(
            type, words.get(nodeAt), name.substring(0, blank), state(name.substring(blank + 1)));
  }

  /** The first word in parentheses: {@code (LISTEN)}, {@code (LISTEN QR=1 QS=0)}. */
  private static String state(String text) {
    boolean whole = text.startsWith("(") && text.endsWith(")");
    return whole ? text.substring(1, text.length() - 1).split(" ", 2)[0] : text;
  }

  /** In an indented row that begins with two numbers the first may be a command: no owner then. */
  private static Optional<Owner> owner(List<String> words, int pidAt, int typeAt) {
    if (pidAt == 0 && ByteText.isNumber(words.get(1))) {
      return Optional.empty();
    }
    String command = pidAt == 0 ? null : words.get(0);
    String user = typeAt - 2 > pidAt ? words.get(typeAt - 2) : null;
    return ByteText.pid(words.get(pidAt)).map(pid -> LsofText.owner(pid, command, user));
  }

  private static int first(List<String> words, int from, Predicate<String> fits) {
    for (int at = from; at < words.size(); at++) {
      if (fits.test(words.get(at))) {
        return at;
      }
    }
    return -1;
  }
}
