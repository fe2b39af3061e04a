package io.portcurfew.observe.command;

import io.portcurfew.observe.View;
import io.portcurfew.process.ByteText;
import java.util.function.Consumer;
import java.util.function.Function;

/** Parses one format. It has no side effects. */
public interface Parser {

  /** Parses the output of a tool. Never throws: text that cannot be parsed becomes a gap. */
  View parse(String source, byte[] output);

  /**
   * Parses output whose rows are complete lines.
   *
   * @param rows takes each line, and adds its listener to this view
   */
  static View byLine(String source, byte[] output, Function<ViewBuilder, Consumer<String>> rows) {
    ViewBuilder view = new ViewBuilder(source);
    ByteText.eachLine(output, rows.apply(view));
    return view.build(true);
  }
}
