package io.portcurfew.observe.command;

import io.portcurfew.observe.Owner;
import io.portcurfew.observe.View;
import io.portcurfew.process.ByteText;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Parses the columns of lsof. Columns vary (TID, TASKCMD, PPID, PGID, FILE-FLAG, NLINK; DEVICE may
 * be empty), so a row is parsed from its fixed parts: the command and the pid at its start, TYPE
 * after a user and an FD, then the protocol, then the name. The header limits the number of columns
 * between them; a line with more may contain two rows.
 */
final class LsofColumns implements Parser {

  /** A number, or one of the words of lsof(8) for a file without a number. */
  private static final Pattern FD =
      Pattern.compile("\\*?\\d{1,10}[rwu -]?[a-zA-Z]?|[a-zA-Z]{2,3}\\d{0,4}[a-z-]{0,2}|NOFD");

  /** The text after the address: nothing, a state, queues. */
  private static final Pattern STATE =
      Pattern.compile("\\(((?:[A-Za-z_0-9]{2,16})?)((?:[ ]?[A-Z]{2,3}=\\d{1,20}){0,4})\\)");

  private final List<LsofRow> sockets = new ArrayList<>();
  private Layout layout = Layout.USUAL;

  @Override
  public View parse(String source, byte[] output) {
    return new LsofColumns().read(new ViewBuilder(source), output);
  }

  private View read(ViewBuilder view, byte[] output) {
    ByteText.eachLine(output, line -> line(view, line));
    LsofRow.addAll(view, sockets);
    return view.build(true);
  }

  private void line(ViewBuilder view, String line) {
    List<String> words = line.length() > NetstatRows.LONGEST ? List.of() : ByteText.words(line);
    if (words.isEmpty()) {
      if (!line.isBlank()) {
        view.unreadable("too long for a row", ByteText.raw(line));
      }
      return;
    }
    int pidAt = pidAt(line, words);
    // Rows first: a process may call itself "lsof:" or "COMMAND".
    if (words.size() > pidAt && ByteText.pid(words.get(pidAt)).isPresent()) {
      row(view, line, words, pidAt);
    } else if (Header.is(Format.LSOF, line)) {
      layout = Layout.of(Header.columns(line));
      view.understood();
    } else if (!LsofText.message(view, line)) {
      view.unreadable("not a row of lsof", ByteText.raw(line));
    }
  }

  /** Returns the index of the pid: 1, or 0 in a row that begins with an empty command. */
  private static int pidAt(String line, List<String> words) {
    boolean indented = Character.isWhitespace(line.charAt(0));
    return indented && ByteText.isNumber(words.get(0)) ? 0 : 1;
  }

  private void row(ViewBuilder view, String line, List<String> words, int pidAt) {
    boolean inDoubt = pidAt == 0 && words.size() > 1 && ByteText.isNumber(words.get(1));
    int typeAt = inDoubt ? typeAt(words, 1) : -1;
    typeAt = typeAt < 0 ? typeAt(words, pidAt) : typeAt;
    if (typeAt < 0) {
      view.unreadable("unknown type of file", ByteText.raw(line));
      return;
    }
    List<Owner> owners = owner(words, pidAt, typeAt).stream().toList();
    String type = words.get(typeAt);
    int nodeAt = LsofWords.isInet(type) ? first(words, typeAt + 1, LsofWords::isProtocol) : -1;
    if (nodeAt >= 0) {
      socket(view, line, words, owners, typeAt, nodeAt);
      return;
    }
    String rest = String.join(" ", words.subList(typeAt + 1, words.size()));
    int noPcb = rest.indexOf("no PCB");
    if (LsofRow.mayHoldAnother(rest)) {
      view.unreadable("more than one row in a line", ByteText.raw(line));
    } else {
      new LsofFile(type, null, noPcb < 0 ? rest : rest.substring(noPcb), null)
          .addTo(view, owners, ByteText.raw(line));
    }
  }

  /**
   * Returns the index of TYPE: after an FD and within the distance from the pid that the header
   * allows.
   */
  private int typeAt(List<String> words, int pidAt) {
    int last = Math.min(words.size() - 1, pidAt + layout.mostBeforeType());
    for (int at = pidAt + layout.leastBeforeType(); at <= last; at++) {
      if (LsofWords.isType(words.get(at)) && FD.matcher(words.get(at - 1)).matches()) {
        return at;
      }
    }
    // If lsof may not list the files of a process, the row has this FD and no TYPE.
    int noFd = first(words, pidAt + 2, "NOFD"::equals);
    return noFd <= last ? noFd : -1;
  }

  private void socket(
      ViewBuilder view,
      String line,
      List<String> words,
      List<Owner> owners,
      int typeAt,
      int nodeAt) {
    String type = words.get(typeAt);
    String node = words.get(nodeAt);
    String name = nodeAt + 1 < words.size() ? words.get(nodeAt + 1) : "";
    String more =
        nodeAt + 2 < words.size() ? String.join(" ", words.subList(nodeAt + 2, words.size())) : "";
    Matcher state = STATE.matcher(more);
    if (nodeAt - typeAt - 1 > layout.mostBeforeNode()) {
      view.unreadable("more columns than its header has", ByteText.raw(line));
    } else if (name.equals("no") && more.startsWith("PCB") && !LsofRow.mayHoldAnother(more)) {
      view.understood();
    } else if (!more.isEmpty() && !state.matches()) {
      view.unreadable("more in it than a row has", ByteText.raw(line));
    } else {
      String stateName = more.isEmpty() || state.group(1).isEmpty() ? null : state.group(1);
      LsofFile file = new LsofFile(type, node, name, stateName);
      if (!node.equals("TCP") && !node.equals("UDP")) {
        file.addTo(view, owners, ByteText.raw(line));
        return;
      }
      // UDP has a space in place of the state.
      boolean ended = !more.isEmpty() || line.endsWith(" ");
      sockets.add(new LsofRow(file, owners, ended, line));
    }
  }

  /**
   * Returns the owner. An indented row that begins with two numbers has none: the first number may
   * be a command.
   */
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

  /**
   * The number of columns that lsof prints between the fixed ones.
   *
   * @param leastBeforeType words from the pid to TYPE, where TID and TASKCMD are empty
   * @param mostBeforeType the same number if they are filled
   * @param mostBeforeNode columns between TYPE and NODE
   */
  private record Layout(int leastBeforeType, int mostBeforeType, int mostBeforeNode) {

    /** PID USER FD TYPE DEVICE SIZE/OFF NODE. */
    static final Layout USUAL = new Layout(3, 3, 2);

    /** The layout of a header. */
    static Layout of(List<String> header) {
      int type = header.indexOf("TYPE");
      int node = header.indexOf("NODE");
      int optional = (header.contains("TID") ? 1 : 0) + (header.contains("TASKCMD") ? 1 : 0);
      if (type < 2 || node < type) {
        return USUAL;
      }
      int before = type - 1;
      return new Layout(before - optional, before, node - type - 1);
    }
  }
}
