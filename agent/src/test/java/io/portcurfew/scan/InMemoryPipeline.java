package io.portcurfew.scan;

import io.portcurfew.alert.AlertChanges;
import io.portcurfew.alert.Alerts;
import io.portcurfew.alert.Silence;
import io.portcurfew.alert.Silences;
import io.portcurfew.config.ScanTimes;
import io.portcurfew.judge.Finding;
import io.portcurfew.notify.Notification;
import io.portcurfew.notify.NotificationFactory;
import io.portcurfew.observe.Snapshot;
import io.portcurfew.observe.SourceReport;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/** A book in memory, and what it was to tell. */
public final class InMemoryPipeline implements AlertPipeline {

  final List<Notification> told = new ArrayList<>();
  final List<SourceReport> compared = new ArrayList<>();
  List<Finding> own = List.of();
  List<Silence> silences = List.of();

  @Override
  public Alerts alerts() {
    return Alerts.NONE;
  }

  @Override
  public Silences silences(Instant now) {
    return Silences.at(now, silences);
  }

  @Override
  public List<Finding> findings(ScanTimes times) {
    return own;
  }

  @Override
  public void keep(Snapshot snapshot, AlertChanges changes, ActiveConfig by) {
    String policy = by.loaded().policyDigest();
    told.addAll(NotificationFactory.of(changes, snapshot.host().toString(), policy));
  }

  @Override
  public void compared(Collection<SourceReport> sources) {
    compared.addAll(sources);
  }
}
