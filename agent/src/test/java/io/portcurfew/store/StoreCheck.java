package io.portcurfew.store;

import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Looks into a store that no agent holds any more. */
public final class StoreCheck {

  private StoreCheck() {}

  /** What is wrong with its log; {@code null} where it is whole. */
  static String broken(Path folder) throws Exception {
    try (History history = History.in(folder)) {
      return history.verify(null).broken();
    }
  }

  /** What is wrong with it; nothing where all deliveries are accounted for and it is whole. */
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
