package io.portcurfew.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.portcurfew.alert.Alert;
import io.portcurfew.alert.AlertState;
import io.portcurfew.alert.NotificationState;
import io.portcurfew.alert.Reason;
import io.portcurfew.json.Json;
import io.portcurfew.json.JsonTree;
import io.portcurfew.policy.Severity;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class StoredAlertJsonTest {

  private static Alert alert(@Nullable Reason held, Collection<Severity> severities) {
    NotificationState state =
        new NotificationState(
            StoreFixture.NOON, List.of(), List.of(), false, null, held, new TreeSet<>(severities));
    return new Alert(
        "a1", AlertState.FIRING, StoreFixture.finding(611), StoreFixture.NOON, null, state);
  }

  private static Alert again(Alert alert) {
    return StoredAlertJson.of(JsonTree.of(Json.compact(StoredAlertJson.tree(alert))));
  }

  @Test
  void severitiesOfNotificationsAreSaved() {
    Alert notified = alert(null, Set.of(Severity.INFO, Severity.WARNING));
    assertThat(again(notified)).isEqualTo(notified);
  }

  @Test
  void rowWithoutSeverities_hasThatOfItsFinding() {
    assertThat(again(alert(null, Set.of())).notificationState().severities())
        .containsExactly(Severity.CRITICAL);
    assertThat(again(alert(Reason.REPEATED, Set.of())).notificationState().severities())
        .containsExactly(Severity.CRITICAL);
  }

  @Test
  void withoutNotification_noSeverities() {
    assertThat(again(alert(Reason.FIRST, Set.of())).notificationState().severities()).isEmpty();
  }
}
