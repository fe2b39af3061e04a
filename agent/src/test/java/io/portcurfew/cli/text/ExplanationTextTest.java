package io.portcurfew.cli.text;

import static org.assertj.core.api.Assertions.assertThat;

import io.portcurfew.cli.json.ExplanationJson;
import io.portcurfew.explain.Catalogue;
import io.portcurfew.explain.Explanation;
import io.portcurfew.explain.Platform;
import io.portcurfew.explain.PortQuery;
import io.portcurfew.explain.ServiceNames;
import io.portcurfew.observe.Address;
import io.portcurfew.observe.Endpoint;
import io.portcurfew.observe.Gap;
import io.portcurfew.observe.HostText;
import io.portcurfew.observe.Listener;
import io.portcurfew.observe.Owner;
import io.portcurfew.observe.PlainSnapshots;
import io.portcurfew.observe.PortRange;
import io.portcurfew.observe.Protocol;
import io.portcurfew.observe.Snapshot;
import io.portcurfew.policy.AddressTerm;
import io.portcurfew.policy.Expectation;
import io.portcurfew.policy.NotifySettings;
import io.portcurfew.policy.OwnerTerm;
import io.portcurfew.policy.Policy;
import io.portcurfew.policy.Rule;
import io.portcurfew.policy.RuleScope;
import io.portcurfew.policy.RuleTerms;
import io.portcurfew.policy.Severity;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The golden texts are {@code src/test/resources/io/portcurfew/cli/text/explain-*.txt}. */
class ExplanationTextTest {

  private static final Set<Protocol> BOTH = EnumSet.allOf(Protocol.class);
  private static final ServiceNames NO_NAMES = new ServiceNames(List.of(), List.of());
  private static final Policy POLICY =
      new Policy(
          true,
          List.of(
              new Rule(
                  "npmp-gui",
                  new RuleScope(List.of(new PortRange(611, 611)), BOTH),
                  Expectation.CLOSED,
                  RuleTerms.NONE,
                  NotifySettings.of(
                      Severity.CRITICAL,
                      "Registered as npmp-gui; nothing still shipped is known to use it.")),
              new Rule(
                  "telnet",
                  new RuleScope(List.of(new PortRange(23, 23)), Set.of(Protocol.TCP)),
                  Expectation.ALLOWED,
                  new RuleTerms(
                      List.of(new AddressTerm.Loopback()),
                      List.of(new OwnerTerm("/usr/sbin/telnetd", "root"))),
                  NotifySettings.of(Severity.WARNING))));

  @TempDir Path root;

  @Test
  void npmpGuiWithoutListener() throws IOException {
    assertGolden("611-closed", text(611, BOTH, look(true, List.of())));
  }

  @Test
  void npmpGuiWithListeners() throws IOException {
    Owner python =
        new Owner(
            4711,
            HostText.of("python3"),
            HostText.of("/usr/bin/python3.11"),
            HostText.of("root"),
            0L);
    Snapshot snapshot =
        look(
            true,
            List.of(new Gap("lsof", Gap.What.OWNERS, "cannot read /proc/4712/fd")),
            new Listener(
                new Endpoint(Protocol.TCP, Address.ANY_IPV6, 611),
                true,
                List.of(python, Owner.of(4712)),
                "sock_diag"),
            new Listener(
                new Endpoint(Protocol.UDP, address("127.0.0.1"), 611), null, List.of(), "ss"));
    assertGolden("611-open", text(611, BOTH, snapshot));
  }

  @Test
  void telnetOverTcpOnly() throws IOException {
    ServiceNames services = services("telnet 23/tcp\ntelnet-udp 23/udp\n");
    assertGolden(
        "23-tcp",
        ExplanationText.render(
            explain(23, Set.of(Protocol.TCP), look(true, List.of()), services, Platform.MACOS), 0));
  }

  @Test
  void anEndpointWithItsTermsOneByOne() throws IOException {
    Owner netcat = new Owner(4711, null, HostText.of("/usr/bin/nc"), HostText.of("root"), 0L);
    Endpoint at = new Endpoint(Protocol.TCP, address("10.0.0.1"), 23);
    Explanation explanation =
        explain(
            PortQuery.at(at),
            look(true, List.of(), new Listener(at, null, List.of(netcat, Owner.of(4712)), "ss")),
            NO_NAMES,
            Platform.OTHER);
    assertGolden("endpoint", ExplanationText.render(explanation, 0));
    assertGolden("endpoint-json", ExplanationJson.render(explanation));
  }

  @Test
  void conflictingNamesAreBothPrinted() throws IOException {
    String text =
        ExplanationText.render(
            explain(611, BOTH, look(true, List.of()), services("dqs 611/tcp\n"), Platform.LINUX),
            0);
    assertThat(text)
        .contains("611/tcp and 611/udp: npmp-gui (obsolete)")
        .contains("611/tcp       dqs in /etc/services");
  }

  @Test
  void protocolWithoutEntry_comesLast() {
    assertThat(text(8080, BOTH, look(true, List.of())))
        .containsSubsequence("8080/tcp: http-alt", "8080/udp: not in the catalogue.");
  }

  @Test
  void unknownPort() throws IOException {
    assertGolden("4242", text(4242, BOTH, look(true, List.of())));
  }

  @Test
  void anEphemeralUdpSocket() throws IOException {
    Listener client =
        new Listener(
            new Endpoint(Protocol.UDP, Address.ANY_IPV4, 40000),
            null,
            List.of(Owner.of(99)),
            "sock_diag");
    assertGolden("40000-udp", text(40000, Set.of(Protocol.UDP), look(true, List.of(), client)));
  }

  @Test
  void incompleteScan() throws IOException {
    Snapshot blind = look(false, List.of(new Gap("ss", Gap.What.LISTENERS, "timed out after 5 s")));
    assertGolden("611-blind", text(611, Set.of(Protocol.TCP), blind));
  }

  @Test
  void incompleteScan_neverClaimsThatNothingListens() {
    String text = text(611, BOTH, look(false, List.of()));
    assertThat(text).contains("The scan was incomplete").doesNotContain("Nothing listens");
  }

  @Test
  void hostileServiceNamesAreEscaped() throws IOException {
    ServiceNames services =
        services(
            "x\u001b[2J\u0085 611/tcp " + "\u00ff".repeat(40) + "\nbad\nnpmp-gui 611/tcp a b\n");
    String text =
        ExplanationText.render(
            explain(611, BOTH, look(true, List.of()), services, Platform.LINUX), 0);
    assertThat(text)
        .contains("611/tcp       x\\x1b[2J\\x85 in /etc/services, also \\xff\\xff")
        .contains("611/tcp       npmp-gui in /etc/services, also a, b\n")
        .contains("Invalid lines in /etc/services: 1.");
    assertShape(text);
  }

  @Test
  void hostileOwnersAndGapsCannotForgeRows() {
    String forged = " ".repeat(90) + "pid           1";
    Owner owner =
        new Owner(
            4711,
            HostText.of("a\n  pid 1\u001b[31m" + forged),
            HostText.of("/tmp/\u202e" + "\ud83d\ude00".repeat(300) + forged),
            null,
            1000L);
    Listener listener =
        new Listener(
            new Endpoint(Protocol.TCP, address("127.0.0.1"), 611), null, List.of(owner), "ss");
    Gap gap =
        Gap.row(
            "ss",
            "cannot be read",
            "\u001b]0;x\u0007\nListening now".getBytes(StandardCharsets.UTF_8));
    String text = text(611, BOTH, look(false, List.of(gap), listener));
    assertThat(text.lines().filter(line -> line.strip().startsWith("pid ")))
        .filteredOn(line -> line.indexOf("pid") < 20)
        .containsExactly("      pid           4711");
    assertThat(text.lines().filter(line -> line.equals("Listening now"))).hasSize(1);
    assertThat(text).contains("      user          1000\n");
    assertShape(text);
  }

  @Test
  void manySocketsOnOnePortAreCounted() {
    Listener[] many =
        IntStream.rangeClosed(1, 1000)
            .mapToObj(i -> address("127.0." + i / 250 + "." + (1 + i % 250)))
            .map(a -> new Listener(new Endpoint(Protocol.TCP, a, 611), null, List.of(), "ss"))
            .toArray(Listener[]::new);
    assertThat(text(611, BOTH, look(true, List.of(), many)))
        .contains("and 980 more.")
        .hasSizeLessThan(12_000);
  }

  @Test
  void unsupportedClaimsAreOnlyInTheirSection() {
    String text = text(611, BOTH, look(true, List.of()));
    Pattern section = Pattern.compile("(?m)^Unsupported claims\n(?:  .*\n)+");
    assertThat(section.matcher(text).results()).hasSize(1);
    String rest = section.matcher(text).replaceAll("");
    assertThat(rest)
        .doesNotContainIgnoringCase("apple")
        .doesNotContainIgnoringCase("netinfo")
        .doesNotContainIgnoringCase("peripheral");
    assertThat(rest).contains("John Barnes", "RFC 1700 of October 1994", "bindresvport");
  }

  @ParameterizedTest
  @EnumSource
  void everyExplanationFitsTheWidth(Platform platform) {
    Catalogue.shipped().entries().stream()
        .map(Catalogue.PortEntry::port)
        .distinct()
        .map(port -> explain(port, BOTH, look(true, List.of()), NO_NAMES, platform))
        .map(explanation -> ExplanationText.render(explanation, 0))
        .forEach(ExplanationTextTest::assertShape);
  }

  @Test
  void narrowTerminal_hasNoLongerLines() {
    Explanation explanation = explain(611, BOTH, look(true, List.of()), NO_NAMES, Platform.LINUX);
    List<String> commands =
        explanation.commands().stream().map(command -> "  " + command.command()).toList();
    assertThat(ExplanationText.render(explanation, 80).lines())
        .filteredOn(line -> !commands.contains(line))
        .allMatch(line -> line.length() <= 80)
        .anyMatch(line -> line.length() > 70);
  }

  private static void assertShape(String text) {
    assertThat(text).endsWith("\n").doesNotContain("\n\n\n");
    List<String> wrong = new ArrayList<>();
    text.lines().filter(line -> line.codePointCount(0, line.length()) > 100).forEach(wrong::add);
    assertThat(wrong).isEmpty();
    assertThat(text.replace("\n", "").codePoints()).noneMatch(Character::isISOControl);
  }

  private static void assertGolden(String name, String actual) throws IOException {
    Path written = Path.of("target", "explain", name + ".txt");
    Files.createDirectories(written.getParent());
    Files.writeString(written, actual);
    String resource = "explain-" + name + ".txt";
    try (InputStream in = ExplanationTextTest.class.getResourceAsStream(resource)) {
      assertThat(in).as("no %s; the actual text is in %s", resource, written).isNotNull();
      assertThat(actual).isEqualTo(new String(in.readAllBytes(), StandardCharsets.UTF_8));
    }
    if (!name.endsWith("json")) {
      assertShape(actual);
    }
  }

  private static String text(int port, Set<Protocol> protocols, Snapshot snapshot) {
    return ExplanationText.render(explain(port, protocols, snapshot, NO_NAMES, Platform.LINUX), 0);
  }

  private static Explanation explain(
      int port,
      Set<Protocol> protocols,
      Snapshot snapshot,
      ServiceNames services,
      Platform platform) {
    return explain(PortQuery.port(port, protocols), snapshot, services, platform);
  }

  private static Explanation explain(
      PortQuery query, Snapshot snapshot, ServiceNames services, Platform platform) {
    return Explanation.of(query, POLICY, snapshot, Catalogue.shipped(), services, platform);
  }

  private ServiceNames services(String file) throws IOException {
    Files.createDirectories(root.resolve("etc"));
    Files.writeString(root.resolve("etc/services"), file, StandardCharsets.ISO_8859_1);
    return ServiceNames.read(root);
  }

  private static Snapshot look(boolean complete, List<Gap> gaps, Listener... listeners) {
    return PlainSnapshots.of(
        Instant.parse("2026-11-23T01:02:03Z"), complete, List.of(listeners), gaps);
  }

  private static Address address(String text) {
    return Address.parse(text).orElseThrow();
  }
}
