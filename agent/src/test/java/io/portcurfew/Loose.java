package io.portcurfew;

import io.portcurfew.alert.Alerts;
import io.portcurfew.alert.Changes;
import io.portcurfew.config.ScanTimes;
import io.portcurfew.judge.Finding;
import io.portcurfew.notify.Notification;
import io.portcurfew.notify.Notifications;
import io.portcurfew.observe.Snapshot;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** A book in memory, and what it was to tell. */
final class Loose implements Book {

  final List<Notification> told = new ArrayList<>();
  List<Finding> own = List.of();

  @Override
  public Alerts alerts() {
    return Alerts.NONE;
  }

  @Override
  public List<Finding> findings(Instant now, ScanTimes times) {
    return own;
  }

  @Override
  public void keep(Snapshot snapshot, Changes changes, String policy) {
    told.addAll(Notifications.of(changes, snapshot.host().toString(), policy));
  }
}
