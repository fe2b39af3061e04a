package io.portcurfew.notify;

import static org.assertj.core.api.Assertions.assertThat;

import io.portcurfew.policy.Severity;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** Who is told what. */
class AddressingTest {

  private static final Notifier TAKES = notification -> new Delivery.Delivered();

  @Test
  void eachReceiverIsAddressedWithWhatItWants() {
    Map<String, Recipient> all = new LinkedHashMap<>();
    all.put("all", Recipient.ofAll(TAKES));
    all.put("firing", wanting(new Wants(false, Severity.INFO, none())));
    all.put("worst", wanting(new Wants(true, Severity.CRITICAL, none())));
    Dispatcher dispatcher =
        new Dispatcher(
            all, (receiver, outcome) -> {}, new Noted(), Rate.UNLIMITED, new Random(611));
    try (dispatcher) {
      Notification lesser = Told.first("n0", Told.finding(Severity.WARNING, Told.NPMP));
      assertThat(dispatcher.address(List.of(lesser, Told.first(), Told.resolved())))
          .containsExactly(
              new Addressed(lesser, Set.of("all", "firing")),
              new Addressed(Told.first(), Set.of("all", "firing", "worst")),
              new Addressed(Told.resolved(), Set.of("all", "worst")));
      dispatcher.change(Map.of("worst", all.get("worst")));
      assertThat(dispatcher.address(List.of(lesser)))
          .containsExactly(new Addressed(lesser, Set.of()));
    }
  }

  private static Recipient wanting(Wants wants) {
    return new Recipient(TAKES, wants, Grouping.NONE);
  }

  private static SortedMap<String, String> none() {
    return new TreeMap<>();
  }
}
