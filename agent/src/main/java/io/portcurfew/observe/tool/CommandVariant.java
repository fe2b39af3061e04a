package io.portcurfew.observe.tool;

import io.portcurfew.observe.command.Parser;
import io.portcurfew.process.ProcessResult;
import java.util.List;

/**
 * One way to ask a tool; the next one is for versions that do not know all of its options.
 *
 * @param parser reads the answer
 */
record CommandVariant(List<String> arguments, Parser parser) {

  CommandVariant {
    arguments = List.copyOf(arguments);
  }

  /** Whether the tool did not know one of the options: every getopt says so in such words. */
  static boolean wasNotUnderstood(ProcessResult ran) {
    return ran.status() != null && ran.status() != 0 && ran.errors().contains(" option");
  }
}
