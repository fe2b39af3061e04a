package io.portcurfew.observe.tool;

import io.portcurfew.observe.command.Parser;
import io.portcurfew.process.ProcessResult;
import java.util.List;

/**
 * One set of options for a tool; the next variant is for versions without some of these options.
 *
 * @param parser parses the output
 */
record CommandVariant(List<String> arguments, Parser parser) {

  CommandVariant {
    arguments = List.copyOf(arguments);
  }

  /** True if the tool does not know an option: every getopt prints such a message. */
  static boolean isUnknownOption(ProcessResult ran) {
    return ran.status() != null && ran.status() != 0 && ran.errors().contains(" option");
  }
}
