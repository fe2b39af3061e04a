package io.portcurfew.observe.command;

import io.portcurfew.observe.View;
import io.portcurfew.process.ByteText;
import java.util.Arrays;

/**
 * Parses the fields of {@code lsof -F}, one per line, or of {@code lsof -F0}: fields end with NUL,
 * and sets of fields with a line end. The text shows which of the two it is. Values of the second
 * form may contain line ends.
 */
public final class LsofFields implements Parser {

  @Override
  public View parse(String source, byte[] output) {
    ViewBuilder view = new ViewBuilder(source);
    LsofSets sets = new LsofSets(view);
    boolean nul = lastIndexOf(output, (byte) 0) >= 0;
    int end = lastIndexOf(output, (byte) (nul ? 0 : '\n')) + 1;
    byte[] whole = Arrays.copyOf(output, end);
    if (nul) {
      ByteText.each(whole, (byte) 0, field -> sets.field(withoutEndOfSet(field)));
    } else {
      ByteText.eachLine(whole, sets::field);
    }
    sets.endAll();
    String rest = ByteText.text(Arrays.copyOfRange(output, end, output.length));
    if (!rest.equals(nul ? "\n" : "")) {
      view.unreadable("the end is missing", ByteText.raw(rest));
    }
    return view.build(true);
  }

  /** The line end after a set comes before the first field of the next set. */
  private static String withoutEndOfSet(String field) {
    return field.startsWith("\n") ? field.substring(1) : field;
  }

  private static int lastIndexOf(byte[] text, byte sought) {
    int at = text.length - 1;
    while (at >= 0 && text[at] != sought) {
      at--;
    }
    return at;
  }
}
