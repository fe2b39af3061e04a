package io.portcurfew.observe.command;

import io.portcurfew.observe.View;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Reads the fields of {@code lsof -F}, one a line, or of {@code lsof -F0}: ended by NUL, a set of
 * them by a line end. Which of the two it is shows in the text. Values of the second form may hold
 * line ends.
 */
final class LsofFields implements Parser {

  @Override
  public View parse(String source, byte[] output) {
    String text = Bytes.text(output);
    ViewBuilder view = new ViewBuilder(source);
    boolean nul = text.indexOf('\0') >= 0;
    List<String> fields = new ArrayList<>(nul ? nulFields(text) : Bytes.lines(output));
    String cut = fields.remove(fields.size() - 1);
    LsofSets sets = new LsofSets(view);
    fields.stream().filter(field -> !field.isEmpty()).forEach(sets::field);
    sets.end();
    if (!text.isEmpty() && !text.endsWith(nul ? "\0\n" : "\n")) {
      view.unreadable("the end is missing", Bytes.raw(cut));
    }
    return view.build(true);
  }

  /** The line end that ends a set stands before the first field of the next one. */
  private static List<String> nulFields(String text) {
    return Arrays.stream(text.split("\0", -1))
        .map(field -> field.startsWith("\n") ? field.substring(1) : field)
        .toList();
  }
}
