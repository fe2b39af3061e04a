package io.portcurfew.config;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.portcurfew.config.policy.PolicyFiles;
import io.portcurfew.config.policy.ProofPlatform;
import io.portcurfew.config.policy.TestFiles;
import io.portcurfew.config.yaml.ReadResult;
import io.portcurfew.explain.Catalogue;
import io.portcurfew.judge.Finding;
import io.portcurfew.judge.Judge;
import io.portcurfew.judge.Judgement;
import io.portcurfew.judge.Ruling;
import io.portcurfew.observe.Address;
import io.portcurfew.observe.Endpoint;
import io.portcurfew.policy.Policy;
import io.portcurfew.policy.Rule;
import io.portcurfew.policytest.TestFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.EnumSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The shipped policy packs: each alone, and all together with the shipped policy. */
class PacksTest {

  private static final Path FOLDER = Examples.SHIPPED.resolve("policies");

  /** The rules of policy.yaml, which therefore does not include them. */
  private static final String SHIPPED_RULES = "port-611.yaml";

  private static final LocalDate TODAY = LocalDate.of(2026, 11, 23);

  static List<String> packs() throws IOException {
    try (Stream<Path> files = Files.list(FOLDER)) {
      return files
          .map(file -> file.getFileName().toString())
          .filter(name -> name.endsWith(".yaml") && !name.endsWith(".test.yaml"))
          .sorted()
          .toList();
    }
  }

  private static PolicyFiles.ReadPolicy read(String name, Path folder, String text) {
    ReadResult<PolicyFiles.ReadPolicy> read = PolicyFiles.read(name, folder, text.getBytes(UTF_8));
    assertThat(read).isInstanceOf(ReadResult.Good.class);
    return ((ReadResult.Good<PolicyFiles.ReadPolicy>) read).value();
  }

  private static PolicyFiles.ReadPolicy all(List<String> packs) throws IOException {
    String include =
        packs.stream()
            .filter(pack -> !pack.equals(SHIPPED_RULES))
            .map(pack -> "policies/" + pack)
            .collect(Collectors.joining(", "));
    String shipped = Files.readString(Examples.SHIPPED.resolve("policy.yaml"));
    return read("all.yaml", Examples.SHIPPED, shipped + "\ninclude: [" + include + "]\n");
  }

  @Test
  void packsAreTheFiveOfThePage() throws IOException {
    assertThat(packs())
        .containsExactly(
            "exposure.yaml", "legacy.yaml", "linux-server.yaml", "macos.yaml", "port-611.yaml");
  }

  @Test
  void allPacksTogetherGiveNoWarning() throws IOException {
    PolicyFiles.ReadPolicy forwards = all(packs());
    assertThat(forwards.origin().warnings(TODAY, ProofPlatform.ANY)).isEmpty();
    // A rule of the pack for Macs takes all of 5353, of which that for Linux selects by owner.
    forwards = all(packs().stream().filter(pack -> !pack.equals("macos.yaml")).toList());
    List<String> reversed =
        packs().stream()
            .filter(pack -> !pack.equals("macos.yaml"))
            .sorted((a, b) -> b.compareTo(a))
            .toList();
    assertThat(all(reversed).origin().warnings(TODAY, ProofPlatform.ANY)).isEmpty();
    assertThat(Set.copyOf(all(reversed).policy().rules()))
        .isEqualTo(Set.copyOf(forwards.policy().rules()));
  }

  @Test
  void shippedRulesAreAPackToo() throws IOException {
    String pack = Files.readString(FOLDER.resolve(SHIPPED_RULES));
    String shipped = Files.readString(Examples.SHIPPED.resolve("policy.yaml"));
    assertThat(read(SHIPPED_RULES, FOLDER, pack).policy().rules())
        .isEqualTo(read("policy.yaml", Examples.SHIPPED, shipped).policy().rules());
  }

  @Test
  void everyPackCarriesControls() throws IOException {
    for (String pack : packs()) {
      String text = Files.readString(FOLDER.resolve(pack));
      assertThat(read(pack, FOLDER, text).policy().rules())
          .as(pack)
          .noneMatch(rule -> rule.evidence().controls().isEmpty());
    }
  }

  @Test
  void siteFileIsShippedEmpty() throws IOException {
    String site = Files.readString(Examples.SHIPPED.resolve("site.yaml"));
    assertThat(read("site.yaml", Examples.SHIPPED, site).policy().rules()).isEmpty();
  }

  @ParameterizedTest
  @MethodSource("packs")
  void everyRuleHasAReasonAndASource(String pack) throws IOException {
    String text = Files.readString(FOLDER.resolve(pack));
    assertThat(read(pack, FOLDER, text).policy().rules())
        .extracting(Rule::because)
        .allSatisfy(
            because ->
                assertThat(because)
                    .containsPattern("\\. Source: .{3,}\\.$")
                    .doesNotContain("general knowledge"));
  }

  @ParameterizedTest
  @MethodSource("packs")
  void everyRuleDecidesInAPassingTest(String pack) {
    Path file = FOLDER.resolve(pack.replace(".yaml", ".test.yaml"));
    ReadResult<TestFile> read = TestFiles.read(file);
    assertThat(read).isInstanceOf(ReadResult.Good.class);
    TestFile tests = ((ReadResult.Good<TestFile>) read).value();
    assertThat(tests.run().failed()).isEmpty();
    Set<String> decided = new TreeSet<>();
    for (var test : tests.tests()) {
      Judgement judgement = Judge.judge(tests.policy(), test.snapshot(), List.of());
      judgement.findings().stream().map(Finding::rule).forEach(decided::add);
      judgement.rulings().values().stream()
          .map(Ruling::rule)
          .filter(Objects::nonNull)
          .forEach(decided::add);
    }
    assertThat(decided).containsAll(tests.policy().rules().stream().map(Rule::name).toList());
  }

  @Test
  void everyObsoletePortIsInAPack() throws IOException {
    Set<Catalogue.Status> legacy =
        EnumSet.of(
            Catalogue.Status.OBSOLETE,
            Catalogue.Status.LEGACY_INSECURE,
            Catalogue.Status.DEPRECATED);
    Policy policy = all(packs()).policy();
    assertThat(Catalogue.shipped().entries())
        .filteredOn(entry -> entry.checked() && legacy.contains(entry.status()))
        .extracting(entry -> new Endpoint(entry.protocol(), Address.ANY_IPV4, entry.port()))
        .allMatch(at -> policy.rules().stream().anyMatch(rule -> rule.isAbout(at)));
  }
}
