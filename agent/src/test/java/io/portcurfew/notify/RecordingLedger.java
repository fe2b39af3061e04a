package io.portcurfew.notify;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/** A ledger that records its calls; a test sets its pending notifications. */
final class RecordingLedger implements Ledger {

  final List<Pending> pending = new ArrayList<>();
  volatile boolean unreadable;
  final List<String> lines = Collections.synchronizedList(new ArrayList<>());

  @Override
  public Optional<List<Pending>> pending(String receiver) {
    return unreadable ? Optional.empty() : Optional.of(List.copyOf(pending));
  }

  @Override
  public void delivered(String receiver, Notification notification, int attempts) {
    lines.add("delivered " + notification.id() + " at " + attempts);
  }

  @Override
  public void dead(String receiver, Notification notification, int attempts, String why) {
    lines.add("dead " + notification.id() + " at " + attempts + ": " + why);
  }

  @Override
  public void folded(String receiver, List<Notification> all, Notification summary) {
    lines.add("folded " + all.size() + " into " + summary.id());
  }
}
