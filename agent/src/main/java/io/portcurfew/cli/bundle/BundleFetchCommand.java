package io.portcurfew.cli.bundle;

import io.portcurfew.bundle.BundleAcceptance;
import io.portcurfew.bundle.BundleRefusal;
import io.portcurfew.bundle.SignedBundle;
import io.portcurfew.bundle.copy.BundleCopy;
import io.portcurfew.cli.options.AtomicFile;
import io.portcurfew.cli.options.Exit;
import io.portcurfew.cli.options.FileOptions;
import io.portcurfew.cli.options.LiveScan;
import io.portcurfew.cli.options.ProgressLine;
import io.portcurfew.config.LoadedConfig;
import io.portcurfew.config.PolicySetting.BundleSource;
import io.portcurfew.config.files.FileErrorText;
import io.portcurfew.config.policy.BundledPolicy;
import io.portcurfew.fetch.BundleFetcher;
import io.portcurfew.fetch.FetchFailure;
import io.portcurfew.fetch.FetchedBundle;
import io.portcurfew.host.Host;
import io.portcurfew.host.HostFactory;
import io.portcurfew.judge.Finding;
import io.portcurfew.judge.Judge;
import io.portcurfew.policy.Policy;
import io.portcurfew.scan.CanaryCheck;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
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
      "Exit status: 0 if the host would accept the bundle; 1 if it is refused or held back; 2 for wrong usage;"
          + " 3 if the scan for --canary was incomplete; 75 if the server cannot be reached or this user may not read the agent's data; "
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

  @Option(
      names = "--canary",
      paramLabel = "N",
      description =
          "Scans this host once and holds a bundle back that would raise more than N new alerts"
              + " here. Default: canary of the config, or no limit. Run it as root.")
  private @Nullable Integer canary;

  /** The bundle would raise too many new alerts on this host. */
  private static final class HeldBack extends Exception {
    private static final long serialVersionUID = 1L;

    HeldBack(String reason) {
      super(reason);
    }
  }

  @Override
  public Integer call() throws InterruptedException {
    if (canary != null && canary < 0) {
      throw new ParameterException(
          spec.commandLine(),
          "--canary is not a number of alerts. Found: " + canary + ". Expected: 0 or more");
    }
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
      return fetch(source, loaded.get(), Clock.systemUTC());
    } catch (BundleRefusal e) {
      err.println("refused: " + e.reason());
      return Exit.FINDINGS;
    } catch (HeldBack e) {
      err.println("held: " + e.getMessage());
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

  private int fetch(BundleSource source, LoadedConfig loaded, Clock clock)
      throws BundleRefusal, FetchFailure, IOException, HeldBack, InterruptedException {
    Instant now = clock.instant();
    FetchedBundle fetched = fetched(source);
    SignedBundle signed = fetched.verify(source.signers(), now);
    new BundleAcceptance(
            HostFactory.name().toString(),
            source.labels(),
            new BundleCopy(loaded.config().state()).accepted(source.signers()).orElse(null))
        .check(signed, now);
    Policy policy = BundledPolicy.test(signed.bundle()).policy();
    Integer most = canary == null ? source.canary() : canary;
    boolean complete =
        most == null || hold(signed.manifest().revision(), most, loaded, policy, clock);
    if (out != null) {
      AtomicFile.write(out, fetched.archive());
      AtomicFile.write(Path.of(out + SignedBundle.SUFFIX), fetched.signature());
    }
    PrintWriter console = spec.commandLine().getOut();
    BundleText.lines(signed.manifest(), signed.signer(), policy.rules().size())
        .forEach(console::println);
    console.flush();
    if (!complete) {
      spec.commandLine()
          .getErr()
          .println("portcurfew: the scan was incomplete, so more new alerts are possible");
    }
    return complete ? Exit.OK : Exit.INCOMPLETE;
  }

  private FetchedBundle fetched(BundleSource source) throws BundleRefusal, FetchFailure {
    try (ProgressLine progress = ProgressLine.of(spec)) {
      progress.step("fetching the bundle");
      return BundleFetcher.fetch(source, null).orElseThrow();
    }
  }

  /** Holds a revision back, or returns false if the scan did not see everything. */
  private boolean hold(long revision, int most, LoadedConfig loaded, Policy next, Clock clock)
      throws HeldBack, InterruptedException {
    try (Host host = HostFactory.open(loaded.config().sweep())) {
      LiveScan scan = LiveScan.on(host, both(loaded.policy(), next), clock, spec);
      Optional<String> reason =
          CanaryCheck.heldBack(
              revision, most, findings(loaded.policy(), scan), findings(next, scan));
      if (reason.isPresent()) {
        throw new HeldBack(reason.get());
      }
      return scan.snapshot().complete();
    }
  }

  /** For the facts about owners that either policy asks for. */
  private static Policy both(Policy one, Policy other) {
    return new Policy(true, Stream.concat(one.rules().stream(), other.rules().stream()).toList());
  }

  private static List<Finding> findings(Policy policy, LiveScan scan) {
    return Judge.judge(policy, scan.snapshot(), scan.crossCheck()).findings();
  }
}
