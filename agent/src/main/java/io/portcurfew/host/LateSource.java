package io.portcurfew.host;

import io.portcurfew.observe.ListenerSource;
import io.portcurfew.observe.View;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A source that is created by its first look, because that takes time and programs of the host, and
 * the agent is to be ready without it.
 */
final class LateSource implements ListenerSource {

  private final String name;
  private final Supplier<ListenerSource> maker;
  private @Nullable ListenerSource source;

  /**
   * Creates nothing yet.
   *
   * @param name the name of the source that the maker creates
   */
  LateSource(String name, Supplier<ListenerSource> maker) {
    this.name = name;
    this.maker = maker;
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public View look() throws InterruptedException {
    return created().look();
  }

  private synchronized ListenerSource created() {
    ListenerSource known = source;
    if (known == null) {
      known = maker.get();
      source = known;
    }
    return known;
  }
}
