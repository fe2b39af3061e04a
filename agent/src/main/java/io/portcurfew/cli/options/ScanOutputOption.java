package io.portcurfew.cli.options;

import picocli.CommandLine.Option;

/** The option of {@code scan} for the format of the result. */
public final class ScanOutputOption {

  @Option(
      names = {"-o", "--output"},
      paramLabel = "FORMAT",
      defaultValue = "table",
      description =
          "The format of the result: ${COMPLETION-CANDIDATES}. Default: ${DEFAULT-VALUE}."
              + " prometheus is for the textfile collector of node_exporter.")
  private ScanFormat form;

  /** The form that the user chose. */
  public ScanFormat form() {
    return form;
  }
}
