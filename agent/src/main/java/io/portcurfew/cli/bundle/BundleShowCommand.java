package io.portcurfew.cli.bundle;

import io.portcurfew.bundle.BundleManifest;
import io.portcurfew.bundle.BundleRefusal;
import io.portcurfew.bundle.PolicyBundle;
import io.portcurfew.bundle.signature.AllowedSigners.Signer;
import io.portcurfew.cli.options.Exit;
import io.portcurfew.cli.options.FileOptions;
import io.portcurfew.cli.options.OutputFormat;
import io.portcurfew.cli.options.OutputOption;
import io.portcurfew.config.ActiveBundle;
import io.portcurfew.config.LoadedConfig;
import io.portcurfew.config.policy.BundledPolicy;
import io.portcurfew.json.Json;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code bundle show}: prints the manifest of a bundle. */
@Command(
    name = "show",
    mixinStandardHelpOptions = true,
    description = {
      "Prints the manifest of the active bundle of this host, or of an archive.",
      "The signature of the active bundle is verified anew; that of an archive is not checked."
    },
    footer = {
      "",
      "Exit status: 0 if the bundle is printed; 1 if it is damaged, refused or absent; 2 for wrong"
          + " usage; "
          + Exit.COMMON
    })
final class BundleShowCommand implements Callable<Integer> {

  @Spec private CommandSpec spec;
  @Mixin private OutputOption output;

  @Mixin private FileOptions files;

  @Parameters(
      paramLabel = "BUNDLE",
      arity = "0..1",
      description = "An archive. Default: the active bundle of this host.")
  private @Nullable Path bundle;

  @Override
  public Integer call() {
    try {
      return bundle == null ? active() : archive(bundle);
    } catch (BundleRefusal e) {
      PrintWriter err = spec.commandLine().getErr();
      err.println("refused: " + e.reason());
      err.flush();
      return Exit.FINDINGS;
    }
  }

  private int archive(Path file) throws BundleRefusal {
    PolicyBundle read = PolicyBundle.open(BundleFiles.archive(file));
    print(read.manifest(), null, BundledPolicy.test(read).policy().rules().size());
    return Exit.OK;
  }

  private int active() throws BundleRefusal {
    Optional<LoadedConfig> loaded = files.loadAnyPolicy(spec.commandLine().getErr());
    if (loaded.isEmpty()) {
      return Exit.CONFIG;
    }
    ActiveBundle active = loaded.get().bundle();
    if (active == null || active.manifest() == null) {
      String problem = loaded.get().bundleProblem();
      throw new BundleRefusal(
          problem == null ? "the config does not name a policy bundle" : problem);
    }
    print(active.manifest(), active.signer(), loaded.get().policy().rules().size());
    return Exit.OK;
  }

  private void print(BundleManifest manifest, @Nullable Signer signer, int rules) {
    PrintWriter out = spec.commandLine().getOut();
    if (output.form() == OutputFormat.json) {
      out.print(Json.pretty(BundleText.tree(manifest, signer, rules)));
    } else {
      BundleText.lines(manifest, signer, rules).forEach(out::println);
    }
    out.flush();
  }
}
