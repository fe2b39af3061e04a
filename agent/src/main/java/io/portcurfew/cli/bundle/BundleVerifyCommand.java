package io.portcurfew.cli.bundle;

import io.portcurfew.bundle.BundleManifest;
import io.portcurfew.bundle.BundleRefusal;
import io.portcurfew.bundle.SignedBundle;
import io.portcurfew.bundle.signature.AllowedSigners;
import io.portcurfew.bundle.signature.SignatureRefusal;
import io.portcurfew.cli.options.Exit;
import io.portcurfew.cli.options.OutputFormat;
import io.portcurfew.cli.options.OutputOption;
import io.portcurfew.config.policy.BundledPolicy;
import io.portcurfew.json.Json;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code bundle verify}: checks a bundle as an agent would. */
@Command(
    name = "verify",
    mixinStandardHelpOptions = true,
    description = {
      "Checks a bundle as an agent would: the signature in BUNDLE.sig, the digests, the time, the"
          + " policy and its tests. The revision and the hosts are printed and not compared."
    },
    footer = {
      "",
      "Exit status: 0 if an agent would accept the bundle; 1 if it is refused; 2 for wrong usage;"
          + " 78 if the list of signers is wrong; 70 for an internal error."
    })
final class BundleVerifyCommand implements Callable<Integer> {

  @Spec private CommandSpec spec;
  @Mixin private OutputOption output;

  @Option(
      names = "--allowed-signers",
      paramLabel = "FILE",
      required = true,
      description = "The keys that may sign, in the format of ssh-keygen(1), ALLOWED SIGNERS.")
  private Path allowedSigners;

  @Option(
      names = "--revoked-keys",
      paramLabel = "FILE",
      description =
          "Public keys that may not sign, one per line, whatever the list of signers has.")
  private @Nullable Path revokedKeys;

  @Parameters(paramLabel = "BUNDLE", description = "The archive.")
  private Path bundle;

  @Override
  public Integer call() {
    PrintWriter err = spec.commandLine().getErr();
    try {
      AllowedSigners signers = signers(allowedSigners, revokedKeys);
      verify(signers, Clock.systemUTC().instant());
      return Exit.OK;
    } catch (SignatureRefusal e) {
      err.println("portcurfew: " + e.reason());
      return Exit.CONFIG;
    } catch (BundleRefusal e) {
      err.println("refused: " + e.reason());
      return Exit.FINDINGS;
    } finally {
      err.flush();
    }
  }

  /** Reads a list of signers; a refusal names the file. */
  static AllowedSigners signers(Path file, @Nullable Path revoked)
      throws SignatureRefusal, BundleRefusal {
    AllowedSigners signers =
        AllowedSigners.parse(file.toString(), BundleFiles.read(file, AllowedSigners.MOST));
    return revoked == null
        ? signers
        : signers.without(revoked.toString(), BundleFiles.read(revoked, AllowedSigners.MOST));
  }

  private void verify(AllowedSigners signers, Instant now) throws BundleRefusal {
    byte[] archive = BundleFiles.archive(bundle);
    byte[] signature = BundleFiles.signature(bundle);
    SignedBundle signed = SignedBundle.verify(archive, signature, signers, now);
    BundleManifest manifest = signed.manifest();
    manifest.checkTime(now);
    int rules = BundledPolicy.test(signed.bundle()).policy().rules().size();
    PrintWriter out = spec.commandLine().getOut();
    if (output.form() == OutputFormat.json) {
      out.print(Json.pretty(BundleText.tree(manifest, signed.signer(), rules)));
    } else {
      BundleText.lines(manifest, signed.signer(), rules).forEach(out::println);
    }
    out.flush();
  }
}
