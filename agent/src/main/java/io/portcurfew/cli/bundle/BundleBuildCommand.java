package io.portcurfew.cli.bundle;

import io.portcurfew.bundle.BundleRefusal;
import io.portcurfew.bundle.PolicyBundle;
import io.portcurfew.bundle.SignedBundle;
import io.portcurfew.cli.options.AtomicFile;
import io.portcurfew.cli.options.Exit;
import io.portcurfew.config.files.FileErrorText;
import io.portcurfew.config.policy.BundledPolicy;
import io.portcurfew.config.policy.PolicyFileSet;
import io.portcurfew.config.yaml.Problem;
import io.portcurfew.text.CountedNoun;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code bundle build}: packs a policy with its includes and tests. */
@Command(
    name = "build",
    mixinStandardHelpOptions = true,
    description = {
      "Packs a policy, the files that it includes and its tests into one archive with a manifest.",
      "The policy must be valid and its tests must pass. Sign the archive with ssh-keygen -Y sign"
          + " -n policy@portcurfew and publish it together with its .sig file."
    },
    footer = {
      "",
      "Exit status: 0 if the archive is written; 2 for wrong usage or a file that cannot be read"
          + " or written; 78 if the policy or a test is wrong; 70 for an internal error."
    })
final class BundleBuildCommand implements Callable<Integer> {

  @Spec private CommandSpec spec;

  @Option(
      names = "--policy",
      paramLabel = "FILE",
      required = true,
      description = "The policy file. The files that it includes are packed too.")
  private Path policy;

  @Option(
      names = "--test",
      paramLabel = "FILE",
      description =
          "A file of policy tests in or below the folder of the policy. Agents run it before they"
              + " activate the policy. May be repeated.")
  private List<Path> tests = new ArrayList<>();

  @Option(
      names = "--revision",
      paramLabel = "N",
      required = true,
      description = "The number of this release. It must grow: agents refuse a lower one.")
  private long revision;

  @Option(
      names = "--not-before",
      paramLabel = "TIME",
      converter = ToInstant.class,
      description = "Agents refuse the bundle before this time, like 2026-12-31T06:00:00Z.")
  private @Nullable Instant notBefore;

  @Option(
      names = "--expires",
      paramLabel = "TIME",
      converter = ToInstant.class,
      description =
          "Agents refuse the bundle from this time on. Where it is active it stays in force, with"
              + " an alert.")
  private @Nullable Instant expires;

  @Option(
      names = "--applies-to",
      paramLabel = "GLOB",
      split = ",",
      description =
          "The hosts that accept the bundle: patterns of host names, or of labels in their configs,"
              + " like web-*,role=db*. Default: all.")
  private @Nullable List<String> appliesTo;

  @Option(
      names = "--out",
      paramLabel = "FILE",
      required = true,
      description = "The archive to write, like policy-bundle.tar.gz.")
  private Path out;

  @Override
  public Integer call() {
    if (revision < 1) {
      throw new ParameterException(spec.commandLine(), "--revision must be 1 or more.");
    }
    if (appliesTo != null
        && (appliesTo.isEmpty() || appliesTo.stream().anyMatch(String::isBlank))) {
      // An empty variable of a script must not mean every host.
      throw new ParameterException(
          spec.commandLine(), "--applies-to has an empty pattern; leave it out for all hosts.");
    }
    PrintWriter err = spec.commandLine().getErr();
    try {
      return build();
    } catch (PolicyFileSet.InvalidPolicy e) {
      e.problems().stream().map(Problem::toString).distinct().forEach(err::println);
      return Exit.CONFIG;
    } catch (BundleRefusal e) {
      err.println("portcurfew: " + e.reason());
      return Exit.CONFIG;
    } catch (IOException e) {
      err.println("portcurfew: cannot write " + out + ": " + FileErrorText.reason(e));
      return Exit.USAGE;
    } finally {
      err.flush();
    }
  }

  private int build() throws PolicyFileSet.InvalidPolicy, BundleRefusal, IOException {
    PolicyFileSet files = PolicyFileSet.of(policy, tests);
    PolicyBundle.Release release =
        new PolicyBundle.Release(
            revision, notBefore, expires, appliesTo == null ? List.of() : appliesTo);
    PolicyBundle bundle = PolicyBundle.of(release, files.policy(), files.tests(), files.contents());
    int rules = BundledPolicy.test(bundle).policy().rules().size();
    AtomicFile.write(out, bundle.archive());
    PrintWriter console = spec.commandLine().getOut();
    console.printf(
        "%s: revision %d, %s, %s%n",
        out,
        revision,
        CountedNoun.of(bundle.files().size(), "file"),
        CountedNoun.of(rules, "rule"));
    console.printf("sign it: ssh-keygen -Y sign -n %s -f KEY %s%n", SignedBundle.NAMESPACE, out);
    console.flush();
    return Exit.OK;
  }
}
