package io.portcurfew.notify;

import static org.assertj.core.api.Assertions.assertThat;

import io.portcurfew.judge.Finding;
import io.portcurfew.observe.Address;
import io.portcurfew.observe.Endpoint;
import io.portcurfew.observe.Protocol;
import io.portcurfew.policy.FindingKind;
import io.portcurfew.policy.Severity;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class SummaryTest {

  @Test
  void textCountsEachKindOfEvent() {
    List<Notification> all = new ArrayList<>();
    all.add(kind(FindingKind.OPEN, 1));
    all.add(kind(FindingKind.EXPOSED, 2));
    all.add(kind(FindingKind.WRONG_OWNER, 3));
    all.add(kind(FindingKind.OWNER_UNKNOWN, 4));
    all.add(kind(FindingKind.OWNER_UNKNOWN, 5));
    all.add(kind(FindingKind.MISSING, 6));
    assertThat(Summary.of(all).text())
        .isEqualTo(
            "2 listeners opened, 1 listener has a changed owner, 2 listeners have an unknown owner,"
                + " 1 listener is missing");
    assertThat(Summary.of(all.subList(3, 5)).text()).isEqualTo("2 listeners have an unknown owner");
  }

  @Test
  void eachUserComesBeforeManyProgramsOfOne() {
    List<Notification> all = new ArrayList<>();
    IntStream.range(0, 500)
        .forEach(i -> all.add(NumberedNotifications.critical(i, "/tmp/decoy" + i, 1000)));
    all.add(NumberedNotifications.critical(611, "/usr/bin/nc", 0));
    assertThat(Summary.of(all).shown().subList(0, 2))
        .extracting(Notification::id)
        .containsExactly("n0", "n611");
  }

  @Test
  void oneOfEachGroupComesFirst() {
    List<Notification> all = new ArrayList<>();
    IntStream.range(0, 300)
        .forEach(i -> all.add(NumberedNotifications.critical(i, "/tmp/decoy", 1000)));
    all.add(NumberedNotifications.critical(611, "/usr/bin/nc", 1000));
    all.add(NumberedNotifications.warning(612));
    assertThat(Summary.of(all).shown().subList(0, 3))
        .extracting(Notification::id)
        .containsExactly("n0", "n611", "n612");
  }

  @Test
  void alertsThatFireComeBeforeManyThatEnded() {
    List<Notification> all = new ArrayList<>();
    IntStream.range(0, 300)
        .forEach(i -> all.add(NumberedNotifications.ended(NumberedNotifications.warning(i))));
    all.add(NumberedNotifications.warning(300));
    all.add(NumberedNotifications.ended(NumberedNotifications.critical(611, "/usr/bin/nc", 0)));
    assertThat(Summary.of(all).shown())
        .hasSize(Summary.MOST_SHOWN)
        .extracting(Notification::id)
        .startsWith("n611-end", "n300");
  }

  @Test
  void summariesOfOtherNotifications_haveOtherIds() {
    Notification a = SampleNotifications.first("a");
    Notification z = SampleNotifications.first("z");
    String one = Notification.of(List.of(a, SampleNotifications.first("b"), z)).id();
    String other = Notification.of(List.of(a, SampleNotifications.first("c"), z)).id();

    assertThat(one).isNotEqualTo(other);
    assertThat(Notification.of(List.of(a, SampleNotifications.first("b"), z)).id()).isEqualTo(one);
  }

  private static Notification kind(FindingKind kind, int number) {
    Finding like =
        SampleNotifications.finding(
            Severity.WARNING, new Endpoint(Protocol.TCP, Address.ANY_IPV4, number));
    Finding finding =
        Finding.ofEndpoint(
            kind,
            like.rule(),
            like.notifySettings(),
            like.endpoint(),
            like.message(),
            List.of(),
            List.of());
    return NumberedNotifications.of(number, finding);
  }
}
