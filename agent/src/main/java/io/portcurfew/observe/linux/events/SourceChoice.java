package io.portcurfew.observe.linux.events;

import io.portcurfew.observe.event.EventSettings;
import io.portcurfew.observe.linux.kernel.KernelException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Opens the event sources that the settings ask for and the rights allow, the best of each
 * protocol. What a kernel lacks is found by trying, not by its version.
 */
final class SourceChoice {

  private final List<EventSource> opened = new ArrayList<>();
  private final Map<String, String> refused = new LinkedHashMap<>();

  /** Opens a source. */
  interface Opener {
    /**
     * Opens it.
     *
     * @throws KernelException where the kernel or the rights of this process do not allow it
     */
    EventSource open() throws KernelException;
  }

  /** Opens the sources. */
  static SourceChoice of(EventSettings settings) {
    SourceChoice choice = new SourceChoice();
    boolean tcp = settings.tcp() && !choice.open(PerfSource.NAME, PerfSource::open);
    if (tcp || settings.udp()) {
      choice.open(DestroySource.NAME, () -> DestroySource.open(tcp, settings.udp()));
    }
    return choice;
  }

  /** Opens every source, also those that are used only where a better one is not. */
  static SourceChoice each() {
    SourceChoice choice = new SourceChoice();
    choice.open(PerfSource.NAME, PerfSource::open);
    choice.open(DestroySource.NAME, () -> DestroySource.open(false, true));
    return choice;
  }

  private boolean open(String name, Opener opener) {
    try {
      opened.add(opener.open());
      return true;
    } catch (KernelException no) {
      refused.put(name, String.valueOf(no.getMessage()));
      return false;
    }
  }

  List<EventSource> opened() {
    return opened;
  }

  /** Why the other sources are not used, by name. */
  Map<String, String> refused() {
    return refused;
  }
}
