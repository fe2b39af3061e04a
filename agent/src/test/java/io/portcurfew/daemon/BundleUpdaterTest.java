package io.portcurfew.daemon;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.portcurfew.bundle.BundleFixture;
import io.portcurfew.bundle.PolicyBundle;
import io.portcurfew.bundle.SignedBundle;
import io.portcurfew.bundle.signature.SshKeygen;
import io.portcurfew.config.ConfigFiles;
import io.portcurfew.config.LoadedConfig;
import io.portcurfew.config.yaml.ReadResult;
import io.portcurfew.host.Host;
import io.portcurfew.judge.Finding;
import io.portcurfew.metrics.Metrics;
import io.portcurfew.observe.Address;
import io.portcurfew.observe.Endpoint;
import io.portcurfew.observe.HostText;
import io.portcurfew.observe.Listener;
import io.portcurfew.observe.ListenerSource;
import io.portcurfew.observe.PortRange;
import io.portcurfew.observe.Protocol;
import io.portcurfew.observe.View;
import io.portcurfew.policy.AgentCondition;
import io.portcurfew.scan.ActiveConfig;
import io.portcurfew.scan.PipelineFixture;
import io.portcurfew.scan.Scan;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The agent takes new bundles from a file, and keeps the old one where it must. */
class BundleUpdaterTest {

  private static final Instant NOW = Instant.parse("2026-11-26T12:00:00Z");
  private static final String CLOSED =
      "version: 1\nrules: [{name: r%1$d, ports: %1$d, protocol: tcp, expect: closed}]\n";

  @TempDir Path folder;
  private final Metrics metrics = new Metrics("1");
  private SshKeygen keygen;
  private Path bundle;
  private Path signers;
  private Path configFile;
  private PipelineFixture pipeline;
  private Scan scan;
  private BundleUpdater updater;
  private int reloads;
  private Duration elapsed = Duration.ZERO;

  @BeforeEach
  void start() throws Exception {
    keygen = new SshKeygen(folder);
    bundle = folder.resolve("policy-bundle.tar.gz");
    signers = folder.resolve("allowed_signers");
    Files.writeString(signers, SshKeygen.line("ops@example.org", "", keygen.key("key")));
    configFile = folder.resolve("portcurfew.yaml");
    configure("");
    Files.createDirectory(folder.resolve("store"));
    begin();
  }

  private void begin() {
    pipeline = new PipelineFixture(folder.resolve("store"), metrics);
    scan =
        pipeline.scan(
            new Host(
                HostText.of("web-1"),
                PortRange.LINUX_EPHEMERAL,
                List.of(source(22, 80)),
                List.of()),
            ActiveConfig.of(load()),
            () -> elapsed);
    metrics.bundleConfigured(true);
    updater = new BundleUpdater(scan, metrics, () -> reloads++, Duration.ZERO);
  }

  @AfterEach
  void end() throws Exception {
    pipeline.close();
  }

  private void configure(String more) throws Exception {
    Files.writeString(
        configFile,
        """
        policy: {bundle: policy-bundle.tar.gz, allowed_signers: %s%s}
        state: %s
        """
            .formatted(signers, more, folder.resolve("state")));
  }

  private LoadedConfig load() {
    ReadResult<LoadedConfig> read =
        new ConfigFiles(configFile, cron -> Optional.empty()).load(null, null);
    assertThat(read).isInstanceOf(ReadResult.Good.class);
    return ((ReadResult.Good<LoadedConfig>) read).value();
  }

  private static ListenerSource source(int... ports) {
    return new ListenerSource() {
      @Override
      public String name() {
        return "fake";
      }

      @Override
      public View look() {
        return new View("fake", true, listeners(ports), List.of());
      }
    };
  }

  private static List<Listener> listeners(int... ports) {
    return Arrays.stream(ports)
        .mapToObj(
            port ->
                new Listener(
                    new Endpoint(Protocol.TCP, Address.ANY_IPV4, port), null, List.of(), "fake"))
        .toList();
  }

  private void offer(long revision, String policy) throws Exception {
    offer(BundleFixture.of(revision, policy));
  }

  private void offer(PolicyBundle offered) throws Exception {
    sign(offered.archive());
  }

  /** Offers any archive with a good signature. */
  private void sign(byte[] archive) throws Exception {
    Files.write(bundle, archive);
    keygen.sign(folder.resolve("key"), bundle, SignedBundle.NAMESPACE);
  }

  private List<String> scan() throws Exception {
    scan.run(NOW);
    return scan.last().judged().judgement().findings().stream()
        .filter(finding -> finding.kind() == AgentCondition.POLICY_NOT_LOADED)
        .map(Finding::message)
        .toList();
  }

  /** One look, then the reload that it asked for, then a scan. */
  private List<String> update() throws Exception {
    int before = reloads;
    updater.run(NOW);
    if (reloads > before) {
      scan.use(ConfigChange.to(load(), scan.active()).after());
    }
    return scan();
  }

  private long revision() {
    return scan.active().loaded().bundle().manifest().revision();
  }

  private void refused(String message) throws Exception {
    assertThat(update())
        .singleElement()
        .asString()
        .isEqualTo("the policy bundle is not as configured; revision 7 stays active: " + message);
    assertThat(revision()).isEqualTo(7);
  }

  @Test
  void shippedPolicy_watchesUntilTheFirstBundle() throws Exception {
    assertThat(scan.active().policy().rules()).isNotEmpty();
    Files.writeString(bundle, "not yet");
    assertThat(update())
        .singleElement()
        .asString()
        .contains("the policy before it stays active: the bundle has no signature");
    offer(7, CLOSED.formatted(9999));
    assertThat(update()).isEmpty();
    assertThat(revision()).isEqualTo(7);
    assertThat(scan.active().policy().rules()).extracting("name").containsExactly("r9999");
    assertThat(metrics.scrape(false))
        .contains("portcurfew_bundle_fetches_total{outcome=\"activated\"} 1.0")
        .contains("portcurfew_bundle_fetches_total{outcome=\"refused\"} 1.0")
        .contains("portcurfew_bundle_last_success_timestamp_seconds");
    assertThat(update()).isEmpty();
    assertThat(reloads).isEqualTo(1);
  }

  @Test
  void firstBundle_hasHalfAMinute() throws Exception {
    assertThat(scan()).isEmpty();
    elapsed = Duration.ofSeconds(29);
    assertThat(scan()).isEmpty();
    elapsed = Duration.ofSeconds(30);
    assertThat(scan()).singleElement().asString().endsWith("no policy bundle was accepted yet");
    offer(7, CLOSED.formatted(9999));
    assertThat(update()).isEmpty();
  }

  @Test
  void firstBundleThatCannotBeFetched_isReportedAfterItsAttempts() throws Exception {
    assertThat(update())
        .singleElement()
        .asString()
        .endsWith("no policy bundle was accepted yet: " + bundle + ": does not exist");
  }

  @Test
  void everyWayToCheat_isRefusedWithItsMessage() throws Exception {
    offer(7, CLOSED.formatted(9999));
    assertThat(update()).isEmpty();
    offer(6, CLOSED.formatted(1));
    refused("revision 6 is older than revision 7, which was accepted before");
    offer(7, CLOSED.formatted(1));
    refused("revision 7 was accepted before with another content");
    keygen.sign(folder.resolve("key"), bundle, "git");
    refused("the signature is for the namespace git; expected: policy@portcurfew");
    offer(8, CLOSED.formatted(1));
    Files.delete(Path.of(bundle + ".sig"));
    refused("the bundle has no signature: its file .sig is missing");
    offer(8, CLOSED.formatted(1));
    byte[] whole = Files.readAllBytes(bundle);
    Files.write(bundle, Arrays.copyOf(whole, whole.length - 20));
    refused("the signature does not fit the file");
    offer(between(NOW.plusSeconds(60), null));
    refused("revision 8 is not valid before 2026-11-26T12:01:00Z");
    offer(between(null, NOW));
    refused("revision 8 expired at 2026-11-26T12:00:00Z");
    offer(appliesTo("db-*"));
    refused("revision 8 does not apply to this host, web-1, but to db-*");
    offer(8, "version: 1\nrules: [{name: r}]\n");
    assertThat(update()).singleElement().asString().contains("the policy of the bundle is wrong");
    offer(withFailingTest());
    assertThat(update()).singleElement().asString().contains("a policy test of the bundle fails");
    offer(8, CLOSED.formatted(9998));
    assertThat(update()).isEmpty();
    assertThat(revision()).isEqualTo(8);
  }

  /** A good signature does not make a forged archive harmless: the builder may be the attacker. */
  @Test
  void signedForgery_isRefusedWithItsMessage() throws Exception {
    offer(7, CLOSED.formatted(9999));
    assertThat(update()).isEmpty();
    Path signature = Path.of(bundle + ".sig");
    offer(8, CLOSED.formatted(1));
    Files.write(signature, new byte[0]);
    refused("the signature is empty");
    Files.write(signature, "<html>404</html>".getBytes(UTF_8));
    refused("the signature file does not begin with -----BEGIN SSH SIGNATURE-----");
    sign(BundleFixture.archive().file("../../etc/cron.d/x", "* * * * * root id").end());
    refused("the archive has a path that leads elsewhere: ../../etc/cron.d/x");
    sign(BundleFixture.archive().entry("policy.yaml", '2', "").end());
    refused(
        "the archive has a symbolic link, policy.yaml; expected: regular files, as bundle build"
            + " writes them");
    sign(BundleFixture.archive().file("big", "x".repeat(17 << 20)).end());
    refused("the archive unpacks to more than 16 MiB");
    sign(new byte[(4 << 20) + 1]);
    refused(bundle + " is larger than 4096 KiB");
    Files.write(folder.resolve("revoked"), Files.readAllBytes(folder.resolve("key.pub")));
    offer(8, CLOSED.formatted(1));
    configure(", revoked_keys: " + folder.resolve("revoked"));
    scan.use(ConfigChange.to(load(), scan.active()).after());
    assertThat(update()).singleElement().asString().endsWith(" is revoked");
    assertThat(scan.active().policy().rules()).extracting("name").containsExactly("r9999");
  }

  private static PolicyBundle between(Instant notBefore, Instant expires) throws Exception {
    return bundle(new PolicyBundle.Release(8, notBefore, expires, List.of()));
  }

  private static PolicyBundle appliesTo(String pattern) throws Exception {
    return bundle(new PolicyBundle.Release(8, null, null, List.of(pattern)));
  }

  private static PolicyBundle bundle(PolicyBundle.Release release) throws Exception {
    Map<String, byte[]> files = Map.of("policy.yaml", BundleFixture.POLICY.getBytes(UTF_8));
    return PolicyBundle.of(release, "policy.yaml", List.of(), files);
  }

  private static PolicyBundle withFailingTest() throws Exception {
    String test =
        """
        policy: policy.yaml
        tests: [{name: wrong, listeners: [tcp 0.0.0.0:611], expect: {compliant: false}}]
        """;
    return PolicyBundle.of(
        new PolicyBundle.Release(8, null, null, List.of()),
        "policy.yaml",
        List.of("test.yaml"),
        Map.of(
            "policy.yaml",
            BundleFixture.POLICY.getBytes(UTF_8),
            "test.yaml",
            test.getBytes(UTF_8)));
  }

  @Test
  void revisionWithTooManyNewAlerts_isHeld() throws Exception {
    configure(", canary: 1");
    scan.use(ActiveConfig.of(load()));
    offer(7, CLOSED.formatted(22));
    assertThat(update()).isEmpty();
    offer(
        8,
        """
        version: 1
        rules:
          - {name: r22, ports: 22, protocol: tcp, expect: closed}
          - {name: r80, ports: 80, protocol: tcp, expect: closed}
          - {name: r81, ports: 81, protocol: tcp, expect: required}
        """);
    assertThat(update())
        .singleElement()
        .asString()
        .contains("revision 8 is held back: it would raise 2 new alerts here, more than the 1 of");
    assertThat(revision()).isEqualTo(7);
    assertThat(metrics.scrape(false))
        .contains("portcurfew_bundle_fetches_total{outcome=\"held\"} 1.0");
    configure(", canary: 2");
    scan.use(ConfigChange.to(load(), scan.active()).after());
    assertThat(update()).isEmpty();
    assertThat(revision()).isEqualTo(8);
  }

  @Test
  void expiredRevision_staysActiveWithAlert() throws Exception {
    offer(bundle(new PolicyBundle.Release(7, null, NOW.plusSeconds(60), List.of())));
    assertThat(update()).isEmpty();
    scan.run(NOW.plusSeconds(60));
    assertThat(scan.last().judged().judgement().findings())
        .filteredOn(finding -> finding.kind() == AgentCondition.POLICY_NOT_LOADED)
        .singleElement()
        .extracting(Finding::message)
        .asString()
        .endsWith(
            "revision 7 stays active: revision 7 expired at 2026-11-26T12:01:00Z and no newer one"
                + " was accepted");
    assertThat(revision()).isEqualTo(7);
  }

  @Test
  void changedCopy_isNotUsedAtTheStart() throws Exception {
    offer(7, CLOSED.formatted(9999));
    update();
    Path copy = folder.resolve("state/bundle/revision-7.tar.gz");
    Files.write(copy, BundleFixture.of(7, BundleFixture.POLICY).archive());
    assertThat(load().bundleProblem())
        .isEqualTo("the copy of the policy bundle is refused: the signature does not fit the file");
    Files.delete(Path.of(copy + ".sig"));
    assertThat(load().bundleProblem())
        .isEqualTo(
            "the copy of the policy bundle is refused: the bundle has no signature: its file .sig"
                + " is missing");
    assertThat(load().policySource()).isEqualTo("shipped policy.yaml");
    offer(6, CLOSED.formatted(1));
    assertThat(update())
        .singleElement()
        .asString()
        .endsWith("revision 6 is older than revision 7, which was accepted before");
    offer(7, CLOSED.formatted(9999));
    assertThat(update()).isEmpty();
    assertThat(load().bundleProblem()).isNull();
  }

  @Test
  void revokedKey_keepsThePolicyUntilTheNextGoodBundle() throws Exception {
    offer(7, CLOSED.formatted(9999));
    update();
    Files.writeString(signers, SshKeygen.line("new@example.org", "", keygen.key("new")));
    assertThat(load().bundleProblem()).contains("is not in the list of allowed signers");
    scan.use(ConfigChange.to(load(), scan.active()).after());
    assertThat(update())
        .singleElement()
        .asString()
        .contains("revision 7 stays active: the key SHA256:");
    assertThat(scan.active().policy().rules()).extracting("name").containsExactly("r9999");
    keygen.sign(folder.resolve("new"), bundle, SignedBundle.NAMESPACE);
    assertThat(update()).isEmpty();
    assertThat(scan.active().loaded().bundle().signer().principal()).isEqualTo("new@example.org");
  }

  @Test
  void absentServer_isReportedAfterThreeLooks() throws Exception {
    offer(7, CLOSED.formatted(9999));
    update();
    Files.delete(bundle);
    assertThat(update()).isEmpty();
    assertThat(update()).isEmpty();
    assertThat(update())
        .singleElement()
        .asString()
        .contains("revision 7 stays active: it could not be fetched 3 times in a row: " + bundle);
  }

  @Test
  void restart_keepsTheProblemUntilABundleIsFetched() throws Exception {
    offer(7, CLOSED.formatted(9999));
    update();
    Path away = Files.move(bundle, folder.resolve("away"));
    for (int i = 0; i < 3; i++) {
      update();
    }
    pipeline.close();
    begin();
    scan.run(NOW);
    assertThat(scan.last().judged().judgement().findings())
        .extracting(Finding::kind)
        .contains(AgentCondition.POLICY_NOT_LOADED);
    assertThat(update()).as("the first failure of this agent").hasSize(1);
    Files.move(away, bundle);
    assertThat(update()).isEmpty();
  }

  @Test
  void copyHoldsOneRevision_readableByItsOwnerOnly() throws Exception {
    offer(7, CLOSED.formatted(9999));
    update();
    offer(12, CLOSED.formatted(9999));
    update();
    try (Stream<Path> files = Files.list(folder.resolve("state/bundle"))) {
      assertThat(files)
          .extracting(file -> file.getFileName() + " " + Files.getPosixFilePermissions(file).size())
          .containsExactlyInAnyOrder("revision-12.tar.gz 2", "revision-12.tar.gz.sig 2");
    }
  }
}
