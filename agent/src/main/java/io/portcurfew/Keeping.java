package io.portcurfew;

import io.portcurfew.alert.Alerts;
import io.portcurfew.alert.Changes;
import io.portcurfew.config.ScanTimes;
import io.portcurfew.judge.Finding;
import io.portcurfew.notify.Dispatcher;
import io.portcurfew.notify.Notification;
import io.portcurfew.notify.Notifications;
import io.portcurfew.observe.Snapshot;
import io.portcurfew.store.Store;
import java.time.Instant;
import java.util.List;
import java.util.Set;

/** The book of the daemon: what is told is saved before it is told. */
final class Keeping implements Book {

  private final Store store;
  private final Dispatcher dispatcher;
  private final Teller teller;
  private final Sight sight = new Sight();

  Keeping(Store store, Dispatcher dispatcher, Teller teller) {
    this.store = store;
    this.dispatcher = dispatcher;
    this.teller = teller;
  }

  @Override
  public Alerts alerts() {
    return store.alerts();
  }

  @Override
  public List<Finding> findings(Instant now, ScanTimes times) {
    return sight.and(now, times, OwnFindings.of(store.state()));
  }

  @Override
  public void keep(Snapshot snapshot, Changes changes, String policy) {
    Set<String> receivers = dispatcher.receivers();
    List<Notification> told = Notifications.of(changes, snapshot.host().toString(), policy);
    store.save(changes, told, receivers);
    store.saw(snapshot);
    store.upkeep();
    teller.tell(told, receivers);
    sight.saw(snapshot);
  }
}
