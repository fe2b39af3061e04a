package io.portcurfew.cli.bundle;

import io.portcurfew.bundle.BundleRefusal;
import io.portcurfew.bundle.PolicyBundle;
import io.portcurfew.cli.options.Exit;
import io.portcurfew.cli.options.OutputFormat;
import io.portcurfew.cli.options.OutputOption;
import io.portcurfew.config.policy.BundledPolicy;
import io.portcurfew.json.Json;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code bundle show}: prints the manifest of a bundle. */
@Command(
    name = "show",
    mixinStandardHelpOptions = true,
    description = "Prints the manifest of a bundle. The signature is not checked.",
    footer = {
      "",
      "Exit status: 0 if the bundle is printed; 1 if it is damaged or its policy is wrong; 2 for"
          + " wrong usage; 70 for an internal error."
    })
final class BundleShowCommand implements Callable<Integer> {

  @Spec private CommandSpec spec;
  @Mixin private OutputOption output;

  @Parameters(paramLabel = "BUNDLE", description = "The archive.")
  private Path bundle;

  @Override
  public Integer call() {
    try {
      PolicyBundle read = PolicyBundle.open(BundleFiles.archive(bundle));
      int rules = BundledPolicy.test(read).policy().rules().size();
      PrintWriter out = spec.commandLine().getOut();
      if (output.form() == OutputFormat.json) {
        out.print(Json.pretty(BundleText.tree(read.manifest(), null, rules)));
      } else {
        BundleText.lines(read.manifest(), null, rules).forEach(out::println);
      }
      out.flush();
      return Exit.OK;
    } catch (BundleRefusal e) {
      PrintWriter err = spec.commandLine().getErr();
      err.println("refused: " + e.reason());
      err.flush();
      return Exit.FINDINGS;
    }
  }
}
