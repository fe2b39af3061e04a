package io.portcurfew.store;

import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Checks a store after its agent has ended. */
public final class StoreCheck {

  private StoreCheck() {}

  /** The fault of its audit log; {@code null} if it is intact. */
  static String broken(Path folder) throws Exception {
    try (History history = History.in(folder)) {
      return history.verify(null).broken();
    }
  }

  /** The faults of the store; empty if it is intact and all deliveries are accounted for. */
  public static List<String> unbalanced(Path folder) throws Exception {
    try (Store store = Store.open(folder, Clock.systemUTC(), () -> Duration.ZERO)) {
      List<String> wrong = new ArrayList<>(store.unbalanced());
      wrong.addAll(store.state().damaged());
      String broken = broken(folder);
      if (broken != null) {
        wrong.add(broken);
      }
      return wrong;
    }
  }
}
