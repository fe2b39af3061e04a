package io.portcurfew.cli.text;

import static org.assertj.core.api.Assertions.assertThat;

import io.portcurfew.judge.Judgement;
import io.portcurfew.judge.Ruling;
import io.portcurfew.judge.Verdict;
import io.portcurfew.observe.Address;
import io.portcurfew.observe.Endpoint;
import io.portcurfew.observe.HostText;
import io.portcurfew.observe.Listener;
import io.portcurfew.observe.Owner;
import io.portcurfew.observe.OwnerDetails;
import io.portcurfew.observe.PlainSnapshots;
import io.portcurfew.observe.Protocol;
import io.portcurfew.observe.Snapshot;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class ListenerTableTest {

  private static final String LONG =
      "/opt/vendor/appliance/releases/2026-11/lib/exec/bin/telemetry-collector-daemon";

  private static Listener listener(int port, String name, String path, String unit) {
    OwnerDetails details = OwnerDetails.builder().unit(HostText.of(unit)).build();
    Owner owner =
        new Owner(
            4000 + port % 1000,
            HostText.of(name),
            HostText.of(path),
            HostText.of("root"),
            0L,
            details);
    Endpoint endpoint = new Endpoint(Protocol.TCP, Address.ANY_IPV4, port);
    return new Listener(endpoint, null, List.of(owner), "sock_diag");
  }

  private static String table(List<Listener> listeners, TableView view) {
    Map<Endpoint, Ruling> rulings = new HashMap<>();
    listeners.forEach(l -> rulings.put(l.endpoint(), new Ruling(Verdict.ALLOWED, "a-rule")));
    rulings.computeIfPresent(
        new Endpoint(Protocol.TCP, Address.ANY_IPV4, 611),
        (endpoint, ruling) -> new Ruling(Verdict.FINDING, "npmp-gui"));
    Snapshot snapshot = PlainSnapshots.of(Instant.EPOCH, true, listeners);
    Judgement judgement = new Judgement(rulings, List.of(), Map.of(), true);
    return new ListenerTable(snapshot, judgement, view)
        .lines().stream().map(line -> line + "\n").collect(Collectors.joining());
  }

  private static TableView width(int width) {
    return new TableView(width, false, false, Set.of(), "", false, Map.of());
  }

  private static List<Listener> host() {
    List<Listener> all = new ArrayList<>();
    all.add(listener(22, "sshd", "/usr/sbin/sshd", "ssh.service"));
    all.add(listener(611, "python3", "/usr/bin/python3.11", "session-1.scope"));
    all.add(listener(9000, "collector", LONG, "telemetry.service"));
    all.add(listener(9001, "evil\u001b[2J\nname", "/tmp/a b\u202e/x", "x.service"));
    for (int i = 0; i < 200; i++) {
      all.add(listener(20_000 + i, "media", "/usr/bin/media", "media.service"));
    }
    return all;
  }

  @Test
  void table_fitsEightyColumns() {
    assertThat(table(host(), width(80)))
        .isEqualTo(
            """
            PROTO  ADDRESS  PORT               VERDICT  OWNER
            tcp    0.0.0.0  22                 allowed  sshd[4022] as root, ssh.service
            tcp    0.0.0.0  611                finding  python3[4611], session-1.scope
            tcp    0.0.0.0  9000               allowed  collector[4000], telemetry.service
            tcp    0.0.0.0  9001               allowed  evil\\x1b[2J\\x0aname[4001], x.service
            tcp    0.0.0.0  20000-20199 (200)  allowed  media[4000] as root, media.service
            Listeners that differ only in port and pid are folded; --all shows each.
            """);
  }

  @Test
  void table_fits120Columns() {
    assertThat(table(host(), width(120)))
        .isEqualTo(
            """
            PROTO  ADDRESS  PORT               VERDICT  RULE      OWNER
            tcp    0.0.0.0  22                 allowed  a-rule    sshd[4022] /usr/sbin/sshd as root, ssh.service
            tcp    0.0.0.0  611                finding  npmp-gui  python3[4611] /usr/bin/python3.11 as root, session-1.scope
            tcp    0.0.0.0  9000               allowed  a-rule    collector[4000] /opt/vendo...tor-daemon as root, telemetry.service
            tcp    0.0.0.0  9001               allowed  a-rule    evil\\x1b[2J\\x0aname[4001] /tmp/a b\\...x80\\xae/x as root, x.service
            tcp    0.0.0.0  20000-20199 (200)  allowed  a-rule    media[4000] /usr/bin/media as root, media.service
            Listeners that differ only in port and pid are folded; --all shows each.
            """);
  }

  @Test
  void everyWidth_cutsNoNumberAndIsAscii() {
    for (int width = 60; width <= 200; width++) {
      String text = table(host(), width(width));
      int most = width;
      assertThat(text.lines().limit(6)).allMatch(line -> line.length() <= most, "fits " + width);
      assertThat(text).contains("611", "20000-20199 (200)", "finding", "sshd[4022]", "media[4000]");
      assertThat(text.chars().allMatch(c -> c == '\n' || (c >= ' ' && c < 0x7f))).isTrue();
    }
  }

  @Test
  void pipe_hasWholePathsAndEveryListener() {
    String text = table(host(), TableView.WHOLE);
    assertThat(text).contains(LONG).doesNotContain("...");
    assertThat(text.lines()).hasSize(205);
  }

  @Test
  void addressThatIsOnNoInterface_isMarked() {
    Address address = Address.parse("10.0.0.5").orElseThrow();
    Listener bound =
        new Listener(new Endpoint(Protocol.TCP, address, 80), null, List.of(), "sock_diag");
    String gone = table(List.of(bound.on(new TreeSet<>())), TableView.WHOLE);
    assertThat(gone).contains("10.0.0.5 on no interface now");
    String there = table(List.of(bound.on(new TreeSet<>(Set.of("eth0")))), TableView.WHOLE);
    assertThat(there).doesNotContain("no interface");
  }

  @Test
  void ipv6Wildcard_showsIfItTakesIpv4() {
    Endpoint any = new Endpoint(Protocol.TCP, Address.ANY_IPV6, 80);
    String both = table(List.of(new Listener(any, true, List.of(), "ss")), TableView.WHOLE);
    assertThat(both).contains(":: and IPv4");
    String alone = table(List.of(new Listener(any, false, List.of(), "ss")), TableView.WHOLE);
    assertThat(alone).contains(":: IPv6 only");
  }

  @Test
  void filters_selectByPortOwnerAndFinding() {
    TableView port = new TableView(0, false, true, Set.of(611), "", false, Map.of());
    assertThat(table(host(), port).lines()).hasSize(2);
    TableView owner = new TableView(0, false, true, Set.of(), "TELEMETRY", false, Map.of());
    assertThat(table(host(), owner).lines()).hasSize(2);
    TableView finding = new TableView(0, false, true, Set.of(), "", true, Map.of());
    assertThat(table(host(), finding)).contains("npmp-gui").doesNotContain("sshd");
  }

  @Test
  void newListener_isMarkedAndNotFolded() {
    Endpoint opened = new Endpoint(Protocol.TCP, Address.ANY_IPV4, 20_005);
    assertThat(table(host(), width(120).marking(Map.of(opened, "+"))))
        .contains("+       tcp    0.0.0.0  20005", "20000-20199 (199)");
  }

  @Test
  void listenersOfUnknownOwners_areNotFolded() {
    List<Listener> unknown = new ArrayList<>();
    for (int port = 1; port <= 20; port++) {
      Endpoint endpoint = new Endpoint(Protocol.TCP, Address.ANY_IPV4, port);
      unknown.add(new Listener(endpoint, null, List.of(), "ss"));
    }
    assertThat(table(unknown, width(120)).lines()).hasSize(21);
  }

  @Test
  void middleOfALongText_isCut() {
    assertThat(TextColumns.cut("/usr/lib/a/b/c/d/program", 15)).isEqualTo("/usr/l...rogram");
    assertThat(TextColumns.cut("short", 15)).isEqualTo("short");
  }
}
