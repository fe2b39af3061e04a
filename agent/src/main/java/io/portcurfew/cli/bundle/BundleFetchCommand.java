package io.portcurfew.cli.bundle;

import io.portcurfew.bundle.BundleAcceptance;
import io.portcurfew.bundle.BundleRefusal;
import io.portcurfew.bundle.SignedBundle;
import io.portcurfew.bundle.copy.BundleCopy;
import io.portcurfew.cli.options.AtomicFile;
import io.portcurfew.cli.options.Exit;
import io.portcurfew.cli.options.FileOptions;
import io.portcurfew.config.LoadedConfig;
import io.portcurfew.config.PolicySetting.BundleSource;
import io.portcurfew.config.files.FileErrorText;
import io.portcurfew.config.policy.BundledPolicy;
import io.portcurfew.fetch.BundleFetcher;
import io.portcurfew.fetch.FetchFailure;
import io.portcurfew.fetch.FetchedBundle;
import io.portcurfew.host.HostFactory;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code bundle fetch}: fetches the bundle of the config and checks it, without activating it. */
@Command(
    name = "fetch",
    mixinStandardHelpOptions = true,
    description = {
      "Fetches the bundle that the config names and checks whether this host would accept it.",
      "It activates nothing: a running agent looks for a new bundle by itself, and at once after"
          + " portcurfew reload."
    },
    footer = {
      "",
      "Exit status: 0 if the host would accept the bundle; 1 if it is refused; 2 for wrong usage;"
          + " 75 if the server cannot be reached or this user may not read the agent's data; "
          + Exit.COMMON
    })
final class BundleFetchCommand implements Callable<Integer> {

  @Spec private CommandSpec spec;
  @Mixin private FileOptions files;

  @Option(
      names = "--out",
      paramLabel = "FILE",
      description = "Also writes the archive to this file, and the signature to FILE.sig.")
  private @Nullable Path out;

  @Override
  public Integer call() {
    PrintWriter err = spec.commandLine().getErr();
    Optional<LoadedConfig> loaded = files.loadAnyPolicy(err);
    if (loaded.isEmpty()) {
      return Exit.CONFIG;
    }
    if (!(loaded.get().config().policy() instanceof BundleSource source)) {
      err.println("portcurfew: the config does not name a policy bundle");
      err.flush();
      return Exit.CONFIG;
    }
    try {
      fetch(source, loaded.get().config().state(), Clock.systemUTC().instant());
      return Exit.OK;
    } catch (BundleRefusal e) {
      err.println("refused: " + e.reason());
      return Exit.FINDINGS;
    } catch (FetchFailure e) {
      err.println("portcurfew: " + e.reason());
      return Exit.NOT_NOW;
    } catch (IOException e) {
      err.println("portcurfew: " + FileErrorText.reason(e));
      return Exit.NOT_NOW;
    } finally {
      err.flush();
    }
  }

  private void fetch(BundleSource source, Path state, Instant now)
      throws BundleRefusal, FetchFailure, IOException {
    FetchedBundle fetched = BundleFetcher.fetch(source, null).orElseThrow();
    SignedBundle signed = fetched.verify(source.signers(), now);
    new BundleAcceptance(
            HostFactory.name().toString(),
            source.labels(),
            new BundleCopy(state).accepted().orElse(null))
        .check(signed, now);
    int rules = BundledPolicy.test(signed.bundle()).policy().rules().size();
    if (out != null) {
      AtomicFile.write(out, fetched.archive());
      AtomicFile.write(Path.of(out + SignedBundle.SUFFIX), fetched.signature());
    }
    PrintWriter console = spec.commandLine().getOut();
    BundleText.lines(signed.manifest(), signed.signer(), rules).forEach(console::println);
    console.flush();
  }
}
