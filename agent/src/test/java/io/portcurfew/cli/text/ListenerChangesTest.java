package io.portcurfew.cli.text;

import static org.assertj.core.api.Assertions.assertThat;

import io.portcurfew.judge.JudgedSnapshot;
import io.portcurfew.judge.Judgement;
import io.portcurfew.judge.Ruling;
import io.portcurfew.judge.Verdict;
import io.portcurfew.observe.Address;
import io.portcurfew.observe.Endpoint;
import io.portcurfew.observe.HostText;
import io.portcurfew.observe.Listener;
import io.portcurfew.observe.Owner;
import io.portcurfew.observe.PlainSnapshots;
import io.portcurfew.observe.Protocol;
import io.portcurfew.observe.Snapshot;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class ListenerChangesTest {

  private static Endpoint at(int port) {
    return new Endpoint(Protocol.TCP, Address.ANY_IPV4, port);
  }

  private static Listener held(int port, int pid) {
    Owner owner = new Owner(pid, HostText.of("web"), null, HostText.of("root"), 0L);
    return new Listener(at(port), null, List.of(owner), "sock_diag");
  }

  private static Listener ofUnknown(int port) {
    return new Listener(at(port), null, List.of(), "sock_diag");
  }

  private static JudgedSnapshot scan(boolean complete, Verdict verdict, Listener... listeners) {
    Snapshot snapshot = PlainSnapshots.of(Instant.EPOCH, complete, List.of(listeners));
    Map<Endpoint, Ruling> rulings =
        Stream.of(listeners)
            .map(Listener::endpoint)
            .collect(Collectors.toMap(Function.identity(), e -> new Ruling(verdict, "web")));
    return new JudgedSnapshot(snapshot, new Judgement(rulings, List.of(), Map.of(), complete));
  }

  private static ListenerChanges between(JudgedSnapshot before, JudgedSnapshot now) {
    return ListenerChanges.between(before, now, TableView.WHOLE);
  }

  @Test
  void openedAndClosedListener_isADifference() {
    JudgedSnapshot before = scan(true, Verdict.ALLOWED, held(22, 1), held(80, 2));
    JudgedSnapshot now = scan(true, Verdict.ALLOWED, held(22, 1), held(611, 3));
    assertThat(between(before, now))
        .isEqualTo(new ListenerChanges(Map.of(at(611), "+"), List.of(at(80))));
  }

  @Test
  void otherOwnerAndOtherVerdict_areMarked() {
    JudgedSnapshot before = scan(true, Verdict.ALLOWED, held(22, 1));
    assertThat(between(before, scan(true, Verdict.ALLOWED, held(22, 9))).marks())
        .containsExactly(Map.entry(at(22), "~"));
    assertThat(between(before, scan(true, Verdict.FINDING, held(22, 1))).marks())
        .containsExactly(Map.entry(at(22), "~"));
  }

  @Test
  void ownerThatIsNotFoundYet_isNoChange() {
    JudgedSnapshot without = scan(true, Verdict.ALLOWED, ofUnknown(22));
    JudgedSnapshot with = scan(true, Verdict.ALLOWED, held(22, 1));
    assertThat(between(without, with).marks()).isEmpty();
    assertThat(between(with, without).marks()).isEmpty();
  }

  @Test
  void listenerThatCouldNotBeSeen_isNotClosed() {
    JudgedSnapshot before = scan(true, Verdict.ALLOWED, held(22, 1));
    assertThat(between(before, scan(false, Verdict.ALLOWED)).closed()).isEmpty();
  }

  @Test
  void firstScan_hasNoDifferences() {
    ListenerChanges first =
        ListenerChanges.between(null, scan(true, Verdict.ALLOWED, held(22, 1)), TableView.WHOLE);
    assertThat(first).isEqualTo(new ListenerChanges(Map.of(), List.of()));
  }

  @Test
  void closedListenerOutsideOfTheView_isLeftOut() {
    TableView view = new TableView(0, false, true, Set.of(611), "", false, Map.of());
    JudgedSnapshot before = scan(true, Verdict.ALLOWED, held(80, 2), held(611, 3));
    assertThat(ListenerChanges.between(before, scan(true, Verdict.ALLOWED), view).closed())
        .containsExactly(at(611));
  }
}
