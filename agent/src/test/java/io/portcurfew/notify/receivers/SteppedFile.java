package io.portcurfew.notify.receivers;

import io.portcurfew.notify.Delivery;
import io.portcurfew.notify.Notifier;
import io.portcurfew.notify.Timing;
import java.time.InstantSource;

/** The real notifier of a file, whose waits a simulation steps. */
public final class SteppedFile {

  private SteppedFile() {}

  /**
   * Writes each notification into the file of the settings, then delivers it to this receiver,
   * whose answer counts.
   */
  public static Notifier to(
      FileSettings settings, InstantSource clock, Timing timing, Notifier receiver) {
    FileNotifier file = new FileNotifier(settings, new LineFile(settings, timing), "1", clock);
    return notification -> {
      Delivery written = file.deliver(notification);
      return written instanceof Delivery.Delivered ? receiver.deliver(notification) : written;
    };
  }
}
