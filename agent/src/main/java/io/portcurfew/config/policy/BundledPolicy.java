package io.portcurfew.config.policy;

import io.portcurfew.bundle.BundleRefusal;
import io.portcurfew.bundle.PolicyBundle;
import io.portcurfew.config.files.ConfigSource;
import io.portcurfew.config.files.FileTrust;
import io.portcurfew.config.files.ReadFiles;
import io.portcurfew.config.policy.PolicyFiles.ReadPolicy;
import io.portcurfew.config.yaml.Problem;
import io.portcurfew.config.yaml.ReadResult;
import io.portcurfew.policytest.TestFile;
import io.portcurfew.policytest.TestResult;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Reads the policy of a bundle and runs the policy tests in it. */
public final class BundledPolicy {

  private final PolicyBundle bundle;
  private final String name;

  private BundledPolicy(PolicyBundle bundle) {
    this.bundle = bundle;
    this.name = "policy-bundle-" + bundle.manifest().revision();
  }

  /**
   * Reads the policy; its tests are not run.
   *
   * @throws BundleRefusal with the first problem if the policy is not valid
   */
  public static ReadPolicy read(PolicyBundle bundle) throws BundleRefusal {
    return new BundledPolicy(bundle).policy();
  }

  /**
   * Reads the policy and runs its tests.
   *
   * @throws BundleRefusal with the first problem, or with the first test that fails
   */
  public static ReadPolicy test(PolicyBundle bundle) throws BundleRefusal {
    BundledPolicy read = new BundledPolicy(bundle);
    ReadPolicy policy = read.policy();
    for (String test : bundle.manifest().tests()) {
      read.runTests(test);
    }
    return policy;
  }

  private ReadPolicy policy() throws BundleRefusal {
    List<Problem> problems = new ArrayList<>();
    ConfigSource source = source(bundle.manifest().policy());
    Optional<ReadPolicy> policy =
        PolicyFiles.read(source, new ReadFiles(FileTrust.ANYBODY), problems);
    if (policy.isEmpty() || !problems.isEmpty()) {
      throw wrong("policy", problems);
    }
    return policy.get();
  }

  private void runTests(String file) throws BundleRefusal {
    ReadResult<TestFile> read = TestFiles.read(source(file), new ReadFiles(FileTrust.ANYBODY));
    if (read instanceof ReadResult.Bad<TestFile> bad) {
      throw wrong("policy test", bad.problems());
    }
    List<TestResult> failed = ((ReadResult.Good<TestFile>) read).value().run().failed();
    if (!failed.isEmpty()) {
      throw new BundleRefusal(
          "a policy test of the bundle fails: %s:%d: %s (%d of its tests fail)"
              .formatted(
                  source(file).name(),
                  failed.get(0).test().line(),
                  failed.get(0).test().name(),
                  failed.size()));
    }
  }

  private ConfigSource source(String file) {
    return new ConfigSource.Bundled(name, bundle.files(), file);
  }

  private static BundleRefusal wrong(String noun, List<Problem> problems) {
    return new BundleRefusal(
        "the "
            + noun
            + " of the bundle is wrong: "
            + (problems.isEmpty() ? "it cannot be read" : problems.get(0).toString()));
  }
}
